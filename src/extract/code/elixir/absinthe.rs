//! Queries, mutations and subscriptions of Absinthe: fields of `query do`, `mutation do` and `subscription do`, and of the objects that they
//! import, by their names where those stand in other files.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::syntax;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework = Framework { name: "absinthe", marks: &["Absinthe.Schema"], read };

fn read(code: &Code, output: &mut Output) {
    for module in syntax::modules(code) {
        let is_schema = |name: &str| matches!(name, "Absinthe.Schema" | "Absinthe.Schema.Notation");
        if syntax::uses(code, &module, |name, further| is_schema(name) || names_schema(code, further)).is_none() {
            continue;
        }
        let mut roots: Vec<(HandlerKind, Range<usize>)> = Vec::new();
        let mut objects: Vec<(String, Range<usize>)> = Vec::new();
        for found in syntax::statements(code, module.body.clone()) {
            let Some(block) = found.block(code) else { continue };
            match code.text_of(found.name) {
                "query" | "mutation" => roots.push((HandlerKind::Graphql, block)),
                "subscription" => roots.push((HandlerKind::Subscription, block)),
                "object" | "extend" => {
                    let name = found.arguments.first().and_then(|name| syntax::atom(code, name.clone()));
                    objects.extend(name.map(|name| (name.to_string(), block)));
                }
                _ => {}
            }
        }
        let mut imported: FxHashMap<String, HandlerKind> = FxHashMap::default();
        for (kind, block) in roots {
            for found in syntax::statements(code, block) {
                let Some(name) = found.arguments.first().and_then(|name| syntax::atom(code, name.clone())) else { continue };
                match code.text_of(found.name) {
                    "field" => add(code, kind, &name, found.name..found.end, output),
                    "import_fields" => drop(imported.insert(name.to_string(), kind)),
                    _ => {}
                }
            }
        }
        for (name, block) in objects {
            let Some(kind) = imported.get(&name).copied().or_else(|| kind_of(&name)) else { continue };
            for found in syntax::statements(code, block).filter(|found| code.is(found.name, "field")) {
                if let Some(name) = found.arguments.first().and_then(|name| syntax::atom(code, name.clone())) {
                    add(code, kind, &name, found.name..found.end, output);
                }
            }
        }
    }
}

/// `use ShopWeb, :schema` and the like.
fn names_schema(code: &Code, further: &[Range<usize>]) -> bool {
    let kind = further.first().and_then(|kind| syntax::atom(code, kind.clone()));
    kind.is_some_and(|kind| matches!(&*kind, "schema" | "notation" | "type"))
}

/// What the fields of an object are, as far as its name tells.
fn kind_of(object: &str) -> Option<HandlerKind> {
    match object.rsplit('_').next()? {
        "query" | "queries" | "mutation" | "mutations" => Some(HandlerKind::Graphql),
        "subscription" | "subscriptions" if object.contains('_') => Some(HandlerKind::Subscription),
        _ => None,
    }
}

fn add(code: &Code, kind: HandlerKind, name: &str, at: Range<usize>, output: &mut Output) {
    syntax::add_handler(output, FRAMEWORK.name, kind, code.location(at), literal(camel(name)));
}

/// Clients call `all_users` by the name `allUsers`.
fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut raise = false;
    for letter in name.chars() {
        match letter {
            '_' => raise = !out.is_empty(),
            letter if raise => {
                out.extend(letter.to_uppercase());
                raise = false;
            }
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn fields_of_the_roots_are_operations() {
        check(
            "lib/shop_web/schema.ex",
            r#"defmodule ShopWeb.Schema do
  use Absinthe.Schema
  import_types ShopWeb.Schema.Types
  object :order do
    field :id, :id
  end
  object :extra do
    field :me, :user
  end
  query do
    @desc "All of them"
    field :all_orders, list_of(:order) do
      arg :first, :integer
      resolve &Orders.all/3
    end
    import_fields :extra
    import_fields :order_queries
  end
  mutation do
    field :create_order, :order, resolve: &Orders.create/3
  end
  subscription do
    field :order_placed, :order do
      config fn _, _ -> {:ok, topic: "*"} end
    end
  end
end"#,
            "12 graphql allOrders
             20 graphql createOrder
             23 subscription orderPlaced
             8 graphql me",
        );
        check(
            "lib/shop_web/schema/orders.ex",
            "defmodule ShopWeb.Schema.Orders do\n  use Absinthe.Schema.Notation\n  object :order_queries do\n    field :order, :order\n  end\n  object :line do\n    field :id, :id\n  end\nend",
            "4 graphql order",
        );
    }
}
