//! GraphQL with Hot Chocolate: the methods of a type of queries, mutations or subscriptions are its fields.

use super::syntax::{self, Type};
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework = Framework {
    name: "hot-chocolate",
    marks: &["HotChocolate", "QueryType", "MutationType", "SubscriptionType", "ExtendObjectType"],
    read,
};

fn read(code: &Code, output: &mut Output) {
    for of in syntax::types(code).iter().filter(|of| code.is_any(of.item.start, &["class", "record"])) {
        let Some(root) = root(code, of) else { continue };
        for item in syntax::methods(code, of) {
            let modifiers = syntax::modifiers(code, item.name);
            let ignored = || {
                syntax::attributes(code, item).iter().any(|attribute| matches!(attribute.name, "GraphQLIgnore" | "BindMember"))
            };
            if code.is(item.name, of.name) || !modifiers.contains(&"public") || modifiers.contains(&"override") || ignored() {
                continue;
            }
            let kind = if root == "Subscription" { HandlerKind::Subscription } else { HandlerKind::Graphql };
            syntax::handle(output, FRAMEWORK.name, kind, code.at(item.name), literal(field(code.text_of(item.name))));
        }
    }
}

/// Which of the three root types a class is, or extends.
fn root(code: &Code, of: &Type) -> Option<&'static str> {
    const ROOTS: [&str; 3] = ["Query", "Mutation", "Subscription"];
    for attribute in syntax::attributes(code, of.item) {
        let marked = ROOTS.into_iter().find(|root| attribute.name.strip_suffix("Type") == Some(*root));
        if marked.is_some() {
            return marked;
        }
        if matches!(attribute.name, "ExtendObjectType" | "ObjectType") {
            let named = attribute.arguments.iter().chain(&attribute.types).flat_map(|range| range.clone());
            let named =
                named.filter_map(|at| code.literal(at).map(|text| text.into_owned()).or(code.word(at).map(str::to_owned)));
            let found = named.filter_map(|name| ROOTS.into_iter().find(|root| *root == name)).next();
            if found.is_some() {
                return found;
            }
        }
    }
    let uses_library = || (0..code.len()).any(|at| code.is(at, "using") && code.is(at + 1, "HotChocolate"));
    ROOTS.into_iter().find(|root| *root == of.name).filter(|_| uses_library())
}

/// `GetBookAsync` is the field `book`.
fn field(method: &str) -> String {
    let name = method.strip_suffix("Async").filter(|name| !name.is_empty()).unwrap_or(method);
    let name = name.strip_prefix("Get").filter(|name| name.starts_with(|first: char| first.is_uppercase())).unwrap_or(name);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn methods_of_root_types_are_fields() {
        check(
            "Q.cs",
            "[QueryType] public static class Books { public static Task<Book> GetBookAsync(int id) => null; private static int No() => 1; }
             [ExtendObjectType(OperationTypeNames.Mutation)] public class M { public int AddBook(int a) => 1; [GraphQLIgnore] public int X() => 1; }
             [SubscriptionType] class S { [Subscribe] public Book OnBook([EventMessage] Book b) => b; }
             public class Query { public int Never() => 1; }",
            "1 graphql book\n2 graphql addBook\n3 subscription onBook",
        );
        check("R.cs", "using HotChocolate;\npublic class Query { public int GetAll() => 1; }", "2 graphql all");
    }
}
