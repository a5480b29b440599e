//! GraphQL: controllers of Spring, DGS, SmallRye, and resolvers by interfaces. Fields of other types than the root ones are no operations.

use super::handlers;
use super::types::{Annotation, Member, types};
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework = Framework {
    name: "graphql",
    marks: &[
        "org.springframework.graphql",
        "com.netflix.graphql.dgs",
        "org.eclipse.microprofile.graphql",
        "com.expediagroup.graphql",
        "graphql.kickstart",
        "GraphQLQueryResolver",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let smallrye = code.text.contains("org.eclipse.microprofile.graphql");
    for of in types(code) {
        let by_base = of.bases.iter().find_map(|base| match base.as_str() {
            "GraphQLQueryResolver" | "GraphQLMutationResolver" => Some(HandlerKind::Graphql),
            "GraphQLSubscriptionResolver" => Some(HandlerKind::Subscription),
            "Query" | "Mutation" if code.text.contains("com.expediagroup.graphql") => Some(HandlerKind::Graphql),
            "Subscription" if code.text.contains("com.expediagroup.graphql") => Some(HandlerKind::Subscription),
            _ => None,
        });
        for member in &of.members {
            let found = member.annotations.iter().find_map(|annotation| operation(code, member, annotation, smallrye));
            let inherited = || {
                by_base.filter(|_| is_public(code, member) && member.name != of.name).map(|kind| (kind, member.name.to_owned()))
            };
            if let Some((kind, name)) = found.or_else(inherited) {
                handlers::add(output, FRAMEWORK.name, kind, code.at(member.item.name), literal(name));
            }
        }
    }
}

fn operation(code: &Code, member: &Member, annotation: &Annotation, smallrye: bool) -> Option<(HandlerKind, String)> {
    let text = |attribute: &str| {
        let range = annotation.attribute(code, attribute)?;
        code.literal(range.end.checked_sub(1)?).map(|text| text.into_owned())
    };
    let kind = match annotation.name {
        "QueryMapping" | "MutationMapping" | "DgsQuery" | "DgsMutation" => HandlerKind::Graphql,
        "SubscriptionMapping" | "DgsSubscription" => HandlerKind::Subscription,
        "Query" | "Mutation" if smallrye => HandlerKind::Graphql,
        "Subscription" if smallrye => HandlerKind::Subscription,
        "SchemaMapping" | "DgsData" => match (text("typeName").or_else(|| text("parentType")).as_deref(), member.name) {
            (Some("Query" | "Mutation"), _) => HandlerKind::Graphql,
            (Some("Subscription"), _) => HandlerKind::Subscription,
            _ => return None,
        },
        _ => return None,
    };
    let named = text("field").or_else(|| text("name")).or_else(|| text("value"));
    Some((kind, named.unwrap_or_else(|| member.name.to_owned())))
}

fn is_public(code: &Code, member: &Member) -> bool {
    let from = member.item.start;
    !(from.saturating_sub(6)..from).rev().map_while(|at| code.word(at)).any(|word| matches!(word, "private" | "protected"))
}
