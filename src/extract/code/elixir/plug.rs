//! Routers of Plug: `get "/a" do`, `match "/b", via: [:get, :post]`, `forward "/c", to: D`. What matches everything else is no route.

use std::ops::Range;
use std::sync::Arc;

use super::syntax::{self, Module, Statement};
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing, Value};
use crate::source::Spanned;

pub const FRAMEWORK: Framework = Framework { name: "plug", marks: &["Plug.Router"], read };

const VERBS: [&str; 7] = ["get", "post", "put", "patch", "delete", "options", "head"];

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    for module in syntax::modules(code) {
        if syntax::uses(code, &module, |name, _| name == "Plug.Router").is_none() {
            continue;
        }
        let scope: Arc<str> = format!("#{}", module.name).into();
        for found in statements(code, module.body.clone()) {
            statement(code, &module, &scope, &found, &mut routing);
        }
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

/// The statements of a module, those of conditions and loops among them.
fn statements<'c>(code: &'c Code, body: Range<usize>) -> impl Iterator<Item = Statement> + 'c {
    let mut at = body.start;
    std::iter::from_fn(move || {
        while at < body.end {
            match syntax::statement(code, at) {
                Some(found) => {
                    let goes_in = code.is_any(found.name, &["if", "unless", "for", "else"]);
                    at = if goes_in { found.end } else { found.after(code) }.max(at + 1);
                    return Some(found);
                }
                None => at += 1,
            }
        }
        None
    })
}

fn statement(code: &Code, module: &Module, scope: &Arc<str>, found: &Statement, routing: &mut Routing) {
    let name = code.text_of(found.name);
    let Some(first) = found.arguments.first().cloned() else { return };
    let at = code.location(found.name..found.end);
    let mut mount = |plug: Range<usize>, prefix: Value, is_leaf: bool| {
        let Some(child) = syntax::full_name(code, module, plug) else { return };
        let of_library = child.starts_with("Plug.") && !is_leaf || child == "Plug.Static";
        if !of_library && child != module.name {
            let child: Arc<str> = format!("#{child}").into();
            if is_leaf {
                routing.leaves.push(Arc::clone(&child));
            }
            routing.mounts.push(Mount { at, parent: Arc::clone(scope), child, prefix });
        }
    };
    match name {
        "plug" => return mount(first, literal(""), false),
        "forward" => {
            if let Some(plug) = found.named(code, "to") {
                mount(plug, path(code, first), true);
            }
            return;
        }
        "match" => {}
        _ if VERBS.contains(&name) => {}
        _ => return,
    }
    let answers = found.block(code).is_some() || found.named(code, "do").is_some() || found.named(code, "to").is_some();
    // `match _` and `match "/*_"` answer to what nothing else does.
    let first = first.start..first.clone().find(|&at| code.is(at, "when")).unwrap_or(first.end);
    let is_rest =
        code.text_in(first.clone()).starts_with('_') || code.literal(first.start).is_some_and(|text| text.starts_with("/*_"));
    if !answers || is_rest {
        return;
    }
    let path = path(code, first);
    let via = found.named(code, "via").map(|range| syntax::atoms(code, range));
    let methods = match (name, via) {
        ("match", None) => vec!["ANY".to_owned()],
        ("match", Some(Some(methods))) => methods.iter().take(16).map(|method| method.to_ascii_uppercase()).collect(),
        ("match", Some(None)) => Vec::new(),
        (verb, _) => vec![verb.to_ascii_uppercase()],
    };
    if methods.is_empty() || matches!(path, Value::Unknown(_)) {
        routing.uncounted.push(Spanned::new("known at run time".into(), at));
        return;
    }
    routing.routes.extend(methods.into_iter().map(|method| Route {
        at,
        method: method.into(),
        path: path.clone(),
        scope: Some(Arc::clone(scope)),
        owner: None,
    }));
}

fn path(code: &Code, range: Range<usize>) -> Value {
    paths::template(syntax::value(code, range), Style::Colon)
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn routers_of_plug_have_routes() {
        check(
            "lib/shop/router.ex",
            r#"defmodule Shop.Router do
  use Plug.Router
  use Plug.ErrorHandler
  alias Shop.Users
  plug Plug.Logger
  plug :match
  plug Plug.Parsers, parsers: [:json], json_decoder: Jason
  plug Shop.Other
  plug :dispatch
  @base "/v1"

  get "/" do
    send_resp(conn, 200, "ok")
    get "/inner" do
    end
  end
  get "/hello/:name", do: send_resp(conn, 200, name)
  post("/orders", to: Shop.Orders, init_opts: [])
  put @base <> "/orders/:id" do
    Req.get("/x")
  end
  match "/both", via: [:get, :post] do
    send_resp(conn, 200, "")
  end
  match "/one", via: :patch, do: conn
  match "/every" do
    conn
  end
  get "/a/*rest" when rest != [] do
    conn
  end
  forward "/users", to: Users.Router
  forward "/graphql", to: Absinthe.Plug, init_opts: [schema: Shop.Schema]
  if Mix.env() != :test do
    delete "/late" do
      conn
    end
  end
  match _ do
    send_resp(conn, 404, "not found")
  end
  defp help(conn), do: get("/none", conn)
end
defmodule Shop.Client do
  use Tesla
  plug Tesla.Middleware.BaseUrl, "/x"
  def f, do: get("/y", do: 1)
end"#,
            "12 GET / in #Shop.Router
             17 GET /hello/{name} in #Shop.Router
             18 POST /orders in #Shop.Router
             19 PUT /v1/orders/{id} in #Shop.Router
             22 GET /both in #Shop.Router
             22 POST /both in #Shop.Router
             25 PATCH /one in #Shop.Router
             26 ANY /every in #Shop.Router
             29 GET /a/{rest} in #Shop.Router
             35 DELETE /late in #Shop.Router
             8 mount #Shop.Other in #Shop.Router at
             32 mount #Shop.Users.Router in #Shop.Router at /users
             33 mount #Absinthe.Plug in #Shop.Router at /graphql
             leaf #Shop.Users.Router
             leaf #Absinthe.Plug
             47 call http GET /x/y (tesla)",
        );
    }
}
