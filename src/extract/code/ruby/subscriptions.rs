//! What clients subscribe to: channels of Action Cable, and the fields of GraphQL's root types.

use super::syntax;
use super::types;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind};

pub const FRAMEWORK: Framework = Framework {
    name: "ruby-subscriptions",
    marks: &["ApplicationCable::Channel", "ActionCable::Channel", "GraphQL::Schema::Object", "BaseObject", "GraphQL::ObjectType"],
    read,
};

/// The root types of GraphQL by the ends of their names.
const ROOTS: [(&str, HandlerKind); 6] = [
    ("QueryType", HandlerKind::Graphql),
    ("MutationType", HandlerKind::Graphql),
    ("SubscriptionType", HandlerKind::Subscription),
    ("Query", HandlerKind::Graphql),
    ("Mutation", HandlerKind::Graphql),
    ("Subscription", HandlerKind::Subscription),
];

/// A class says a thing of itself in no more places than this.
const MOST_LOOKS: usize = 64;

fn read(code: &Code, output: &mut Output) {
    let mut add = |at, kind, framework: &str, name: &str| {
        let (framework, name) = (framework.into(), literal(name));
        output.facts.push(Fact::Handler(Handler { at, kind, framework, name }));
    };
    for class in types::classes(code) {
        let base = class.base_name(code);
        if matches!(&*base, "ApplicationCable.Channel" | "ActionCable.Channel.Base") {
            let named = code.occurrences_in(class.body.clone(), "subscribed").iter().take(MOST_LOOKS);
            let subscribes = named.map(|&at| at as usize).any(|at| code.is(at - 1, "def"));
            if subscribes {
                add(code.at(class.at), HandlerKind::Subscription, "action-cable", class.name);
            }
            continue;
        }
        let is_type = base.ends_with("BaseObject") || base == "GraphQL.Schema.Object";
        let root = ROOTS.iter().find(|(name, _)| *name == class.name).filter(|_| is_type);
        let Some((_, kind)) = root else { continue };
        for of in syntax::statements(code, class.body.clone()) {
            if of.has_receiver() || !code.is(of.name, "field") {
                continue;
            }
            if let Some(name) = of.arguments.first().and_then(|first| syntax::name(code, first.clone())) {
                let camelized = of.named(code, "camelize").is_none_or(|value| code.text_in(value) != "false");
                let name = if camelized { lower_camelized(&name) } else { name };
                add(of.place(code), *kind, "graphql-ruby", &name);
            }
        }
    }
}

/// `create_user` as clients call it: `createUser`.
fn lower_camelized(name: &str) -> String {
    match name.split_once('_') {
        Some((first, rest)) if !first.is_empty() => format!("{first}{}", types::camelized(rest)),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn channels_and_root_fields_are_told() {
        check(
            "app/channels/chat_channel.rb",
            "class ChatChannel < ApplicationCable::Channel\n def subscribed\n  stream_from \"chat_#{params[:room]}\"\n end\nend\nclass Helper < ApplicationCable::Channel\nend",
            "1 subscription ChatChannel",
        );
        check(
            "app/graphql/types.rb",
            "module Types\n class MutationType < Types::BaseObject\n  field :create_user, mutation: Mutations::CreateUser\n end\n class QueryType < Types::BaseObject\n  field :users, [UserType], null: false do\n   argument :id, ID\n  end\n end\n class UserType < Types::BaseObject\n  field :name, String\n end\n class SubscriptionType < GraphQL::Schema::Object\n  field :post_added, X, camelize: false\n end\nend",
            "3 graphql createUser\n6 graphql users\n14 subscription post_added",
        );
    }
}
