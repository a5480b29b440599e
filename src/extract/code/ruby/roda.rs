//! Routes of Roda: a tree of blocks, `r.on 'orders' do r.get Integer do |id| … end end`.

use std::ops::Range;
use std::sync::Arc;

use super::sinatra::pattern;
use super::syntax::{self, Block, Bodies, Statement};
use super::types;
use super::verbs;
use crate::extract::Output;
use crate::extract::code::paths::join;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing, Value};
use crate::source::Spanned;

pub const FRAMEWORK: Framework = Framework { name: "roda", marks: &["Roda", "hash_branch", "hash_routes"], read };

#[derive(Clone)]
struct Around {
    prefix: Value,
    scope: Arc<str>,
    /// The name of the request.
    request: String,
}

fn read(code: &Code, output: &mut Output) {
    let mut reader = Reader { code, routing: Routing { framework: FRAMEWORK.name.into(), ..Routing::default() } };
    for class in types::classes(code) {
        let scope: Arc<str> = format!("#{}", class.name).into();
        for of in syntax::statements(code, class.body.clone()) {
            let Some(block) = of.block.as_ref().filter(|_| !of.has_receiver()) else { continue };
            let prefix = match code.text_of(of.name) {
                "route" => literal(""),
                // `hash_branch('users')`, `hash_branch(:api, 'users')`
                "hash_branch" | "hash_path" => {
                    let names: Vec<String> =
                        of.arguments.iter().filter_map(|argument| syntax::name(code, argument.clone())).collect();
                    literal(format!("/{}", names.join("/").trim_start_matches('/')))
                }
                _ => continue,
            };
            if let Some(request) = block.parameters.first() {
                let request = code.text_of(*request).to_owned();
                reader.walk(block, Around { prefix, scope: scope.clone(), request });
            }
        }
    }
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    routing: Routing,
}

impl Reader<'_, '_> {
    fn walk(&mut self, block: &Block, around: Around) {
        let code = self.code;
        syntax::walk(code, block.body.clone(), around, &mut |of, around| self.statement(of, around));
    }

    fn statement(&mut self, of: &Statement, around: &Around) -> Bodies<Around> {
        let code = self.code;
        if code.text_in(of.receiver(code)) != around.request {
            return Vec::new();
        }
        let name = code.text_of(of.name);
        let path = self.path(of, around);
        let inner = || Around { prefix: path.clone(), ..around.clone() };
        let body = || of.block.iter().map(|block| (block.body.clone(), inner())).collect();
        match name {
            "on" => return body(),
            // What ends here and asks for no method answers to all.
            "is" => {
                let asks = of.block.as_ref().is_some_and(|block| asks_for_method(code, block, &around.request));
                if asks {
                    return body();
                }
                self.add(of, "ANY", path);
            }
            "root" => self.add(of, "GET", join(&around.prefix, literal("/"))),
            "run" => {
                let child = of.arguments.first().and_then(|first| syntax::constant(code, first.clone()));
                if let Some(child) = child {
                    let parent = around.scope.clone();
                    let prefix = around.prefix.clone();
                    self.routing.mounts.push(Mount { at: of.place(code), parent, child: child.into(), prefix });
                }
            }
            "rodauth" | "autoforme" => {
                self.routing.uncounted.push(Spanned::new("routes of a package".into(), of.place(code)));
            }
            _ => {
                if let Some(method) = verbs(name).filter(|_| of.block.is_some()) {
                    // A block that branches on is no end.
                    self.add(of, method, path);
                }
            }
        }
        Vec::new()
    }

    /// The path with what a statement matches.
    fn path(&self, of: &Statement, around: &Around) -> Value {
        let code = self.code;
        let parameters = of.block.as_ref().map_or(&[][..], |block| &block.parameters);
        let mut captured = 0;
        let mut next = || {
            captured += 1;
            parameters.get(captured - 1).map_or("value", |name| code.text_of(*name))
        };
        let mut path = around.prefix.clone();
        for argument in &of.arguments {
            let part = self.part(argument.clone(), &mut next);
            path = join(&path, part);
        }
        path
    }

    fn part<'n>(&self, argument: Range<usize>, next: &mut dyn FnMut() -> &'n str) -> Value {
        let code = self.code;
        if argument.len() == 1 && code.is_any(argument.start, &["Integer", "String", "Float"]) {
            return literal(format!("/{{{}}}", next()));
        }
        if code.is(argument.start, ":") {
            next();
            return syntax::name(code, argument).map_or(literal(""), |name| literal(format!("/{{{name}}}")));
        }
        if let Some(text) = pattern(code, argument.clone()) {
            return literal(format!("/{text}"));
        }
        match syntax::text_value(code, argument.clone()) {
            Value::Literal(text) if !code.is(argument.start, "{") => literal(format!("/{}", text.trim_start_matches('/'))),
            // Conditions, headers and the like say nothing of the path.
            _ => literal(""),
        }
    }

    fn add(&mut self, of: &Statement, method: &str, path: Value) {
        let scope = Some(Arc::from(self.scope_of(of)));
        self.routing.routes.push(Route { at: of.place(self.code), method: method.into(), path, scope, owner: None });
    }

    fn scope_of(&self, of: &Statement) -> String {
        format!("#{}", self.code.type_around(of.name).unwrap_or_default())
    }
}

fn asks_for_method(code: &Code, block: &Block, request: &str) -> bool {
    let asks = |of: &Statement| verbs(code.text_of(of.name)).is_some() && code.text_in(of.receiver(code)) == request;
    syntax::statements(code, block.body.clone()).iter().any(asks)
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn trees_are_paths() {
        check(
            "app.rb",
            r#"require 'roda'
            class App < Roda
              plugin :json
              route do |r|
                r.root do
                  r.redirect '/hello'
                end
                r.on 'orders' do
                  @orders = Order.all
                  r.is do
                    r.get do end
                    r.post do end
                  end
                  r.is Integer do |id|
                    order = params.delete('x')
                    r.get { order }
                    client.get '/trap' do end
                  end
                  r.get 'search', String do |text| end
                end
                r.on 'api' do r.run API end
                r.is 'any' do 'x' end
              end
              hash_branch('admin') do |r|
                r.get 'x' do end
              end
            end"#,
            "5 GET / in #App
             11 GET /orders in #App
             12 POST /orders in #App
             16 GET /orders/{id} in #App
             19 GET /orders/search/{text} in #App
             22 ANY /any in #App
             25 GET /admin/x in #App
             21 mount #API in #App at /api",
        );
    }
}
