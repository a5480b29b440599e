//! Remote procedures: servers of gRPC and its kin; queries of GraphQL that are written as an object of resolvers.

use super::values;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind};

pub const FRAMEWORK: Framework = Framework {
    name: "grpc-js",
    marks: &["addService(", ".service(", "addProtoService(", "Definition,", "Query:", "Mutation:"],
    read,
};

fn read(code: &Code, output: &mut Output) {
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        let [service, implementation, ..] = &arguments[..] else { continue };
        let name = match code.text_of(call.name) {
            "addService" | "addProtoService" => service_name(code, service.clone()),
            // nice-grpc and Connect.
            "add" => service_name(code, service.clone()).filter(|_| code.text_of(service.end - 1).ends_with("Definition")),
            "service" if code.is(implementation.start, "{") => {
                service_name(code, service.clone()).filter(|name| name.starts_with(char::is_uppercase))
            }
            _ => None,
        };
        if let Some(name) = name {
            let name = literal(name);
            output.facts.push(Fact::Handler(Handler {
                at: code.at(call.name),
                kind: HandlerKind::Rpc,
                framework: FRAMEWORK.name.into(),
                name,
            }));
        }
    }
    resolvers(code, output);
}

/// `proto.shop.Carts.service`, `CartsService` (as the generator writes it) and `CartsDefinition` are `Carts`.
fn service_name(code: &Code, range: std::ops::Range<usize>) -> Option<String> {
    let name = code.dotted(range)?;
    let whole = name.strip_suffix(".service").unwrap_or(&name);
    let last = whole.rsplit('.').next().unwrap_or(whole);
    let last = last.strip_suffix("Definition").unwrap_or(last);
    // Generated code puts `Service` behind the service's own name.
    let last = match last.strip_suffix("ServiceService") {
        Some(stem) => format!("{stem}Service"),
        None => last.to_owned(),
    };
    (!last.is_empty() && last != "service").then_some(last)
}

/// `{ Query: { users: … }, Mutation: { addUser: … } }` in a file that speaks of GraphQL.
fn resolvers(code: &Code, output: &mut Output) {
    if !["graphql", "apollo", "resolvers", "Resolvers"].iter().any(|word| code.text.contains(word)) {
        return;
    }
    for at in 0..code.len() {
        let kind = match code.text_of(at) {
            "Query" | "Mutation" => HandlerKind::Graphql,
            "Subscription" => HandlerKind::Subscription,
            _ => continue,
        };
        if !code.reads(at + 1, &[":", "{"]) {
            continue;
        }
        for (key, _) in values::entries(code, at + 2..code.after(at + 2)) {
            let name = code.literal(key).map_or_else(|| code.text_of(key).to_owned(), |text| text.into_owned());
            output.facts.push(Fact::Handler(Handler {
                at: code.at(key),
                kind,
                framework: "graphql".into(),
                name: literal(name),
            }));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn services_that_a_server_is_given_are_procedures() {
        check(
            "server.js",
            "server.addService(shopProto.CurrencyService.service, { getSupportedCurrencies, convert });
            server.addService(PaymentServiceService, new Impl());
            server.add(GreeterDefinition, impl);
            router.service(ElizaService, { say() {} });
            client.service('users', x);",
            "1 rpc CurrencyService\n2 rpc PaymentService\n3 rpc Greeter\n4 rpc ElizaService",
        );
    }

    #[test]
    fn resolvers_are_operations() {
        check(
            "resolvers.ts",
            "export const resolvers = { Query: { users: () => [], user(_, a) {} }, Mutation: { addUser: add } };",
            "1 graphql users\n1 graphql user\n1 graphql addUser",
        );
    }
}
