//! Routes of Grape: classes that extend `Grape::API`, with namespaces, versions, and other classes that they mount.

use std::ops::Range;
use std::sync::Arc;

use super::syntax::{self, Bodies, Statement};
use super::types::{self, Class};
use super::verbs;
use crate::extract::Output;
use crate::extract::code::paths::join;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing, Value};
use crate::source::Spanned;

pub const FRAMEWORK: Framework =
    Framework { name: "grape", marks: &["Grape::API", "route_param", "params do", "desc '", "desc \""], read };

/// Words that only a class of Grape says in its body.
const SIGNS: [&str; 6] = ["desc", "params", "route_param", "resource", "resources", "add_swagger_documentation"];
const NAMESPACES: [&str; 5] = ["namespace", "resource", "resources", "group", "segment"];

/// Whether a class offers an API of Grape: by its base, or by what its body says where the base is one of the project.
pub fn is_api(code: &Code, class: &Class) -> bool {
    let base = class.base_name(code);
    if base.starts_with("Grape.API") {
        return true;
    }
    if base.is_empty() || base.starts_with("Sinatra") || base.starts_with("Rails") || base.contains("Test") {
        return false;
    }
    let statements = syntax::statements(code, class.body.clone());
    let says = |of: &Statement, words: &[&str]| !of.has_receiver() && code.is_any(of.name, words);
    let nested = |of: &Statement| of.block.is_some() && says(of, &NAMESPACES) && !of.arguments.is_empty();
    let verb = |of: &Statement| of.block.is_some() && !of.has_receiver() && verbs(code.text_of(of.name)).is_some();
    statements.iter().any(|of| says(of, &SIGNS)) && statements.iter().any(|of| nested(of) || verb(of))
}

fn read(code: &Code, output: &mut Output) {
    let mut reader = Reader { code, routing: Routing { framework: FRAMEWORK.name.into(), ..Routing::default() } };
    for class in types::classes(code).iter().filter(|class| is_api(code, class)) {
        reader.class(class);
    }
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

/// `prefix :api` and `version 'v1', using: :path`: what stands before the paths of a body, once for each version.
fn prefixes(code: &Code, body: Range<usize>) -> Vec<Value> {
    let mut prefix = literal("");
    let mut versions: Vec<String> = Vec::new();
    for of in syntax::statements(code, body) {
        let Some(first) = of.arguments.first().filter(|_| !of.has_receiver() && of.block.is_none()) else { continue };
        match code.text_of(of.name) {
            "prefix" => prefix = syntax::text_value(code, first.clone()),
            "version" if is_in_path(code, &of) => {
                versions = of.positional(code).into_iter().filter_map(|part| syntax::names(code, part)).flatten().collect();
            }
            _ => {}
        }
    }
    match versions.is_empty() {
        true => vec![prefix],
        false => versions.iter().map(|version| join(&slashed(prefix.clone()), literal(format!("/{version}")))).collect(),
    }
}

fn is_in_path(code: &Code, of: &Statement) -> bool {
    of.named(code, "using").is_none_or(|using| code.text_in(using) == ":path")
}

fn slashed(value: Value) -> Value {
    match value {
        Value::Literal(text) if !text.is_empty() && !text.starts_with('/') => literal(format!("/{text}")),
        other => other,
    }
}

#[derive(Clone)]
struct Around {
    prefixes: Vec<Value>,
    scope: Arc<str>,
}

impl Around {
    fn below(&self, path: Value) -> Around {
        let path = syntax::template_value(path);
        Around { prefixes: self.prefixes.iter().map(|prefix| below(prefix, path.clone())).collect(), scope: self.scope.clone() }
    }
}

fn below(prefix: &Value, path: Value) -> Value {
    if path == literal("/") || path == literal("") { prefix.clone() } else { join(prefix, slashed(path)) }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    routing: Routing,
}

impl Reader<'_, '_> {
    fn class(&mut self, class: &Class) {
        let code = self.code;
        let scope = format!("#{}", class.name).into();
        let prefixes = prefixes(code, class.body.clone()).into_iter().map(slashed).collect();
        syntax::walk(code, class.body.clone(), Around { prefixes, scope }, &mut |of, around| self.statement(of, around));
    }

    fn statement(&mut self, of: &Statement, around: &Around) -> Bodies<Around> {
        let code = self.code;
        let name = code.text_of(of.name);
        let first = of.positional(code).into_iter().next();
        let body = |around: Around| of.block.iter().map(|block| (block.body.clone(), around.clone())).collect();
        if of.has_receiver() {
            // Routes that are registered for each of a list.
            if let Some(block) = of.block.as_ref().filter(|_| name == "each") {
                return vec![(block.body.clone(), around.clone())];
            }
            return Vec::new();
        }
        match name {
            _ if NAMESPACES.contains(&name) => {
                let path = first.map_or(literal(""), |path| syntax::text_value(code, path));
                return body(around.below(path));
            }
            "route_param" => {
                let parameter = first.and_then(|first| syntax::name(code, first)).unwrap_or_else(|| "id".to_owned());
                return body(around.below(literal(format!("/{{{parameter}}}"))));
            }
            "version" if of.block.is_some() => {
                let versions: Vec<String> =
                    of.positional(code).into_iter().filter_map(|part| syntax::names(code, part)).flatten().collect();
                if !is_in_path(code, of) || versions.is_empty() {
                    return body(around.clone());
                }
                let scope = around.scope.clone();
                let prefixes = around
                    .prefixes
                    .iter()
                    .flat_map(|prefix| versions.iter().map(move |version| below(prefix, literal(format!("/{version}")))));
                return body(Around { prefixes: prefixes.collect(), scope });
            }
            "scope" | "with" | "given" => return body(around.clone()),
            "mount" => self.mounted(of, around),
            "route" if of.block.is_some() => {
                let methods = first.and_then(|methods| syntax::names(code, methods)).unwrap_or_default();
                let method = |name: &String| if matches!(&**name, "any" | "*") { "ANY".to_owned() } else { name.to_uppercase() };
                let methods: Vec<String> = methods.iter().map(method).collect();
                self.paths(of, around, &methods, of.positional(code).into_iter().nth(1));
            }
            _ => {
                if let Some(method) = verbs(name).filter(|_| of.block.is_some()) {
                    self.paths(of, around, &[method.to_owned()], first);
                }
            }
        }
        Vec::new()
    }

    fn paths(&mut self, of: &Statement, around: &Around, methods: &[String], path: Option<Range<usize>>) {
        let code = self.code;
        let values = match path {
            None => vec![literal("")],
            Some(path) => match syntax::names(code, path.clone()) {
                Some(names) => names.iter().map(|name| literal(syntax::template(name).as_str())).collect(),
                None => vec![syntax::template_value(syntax::text_value(code, path))],
            },
        };
        for value in values {
            if matches!(value, Value::Unknown(_)) {
                let why = "a path that is known at run time only";
                self.routing.uncounted.push(Spanned::new(why.into(), of.place(code)));
                continue;
            }
            for prefix in &around.prefixes {
                for method in methods {
                    self.routing.routes.push(Route {
                        at: of.place(code),
                        method: method.as_str().into(),
                        path: below(prefix, value.clone()),
                        scope: Some(around.scope.clone()),
                        owner: None,
                    });
                }
            }
        }
    }

    /// `mount A`, `mount A => '/a'`, `mount({ A => '/a' })`.
    fn mounted(&mut self, of: &Statement, around: &Around) {
        let code = self.code;
        for argument in &of.arguments {
            let parts = if code.is(argument.start, "{") { code.arguments(argument.start) } else { vec![argument.clone()] };
            for part in parts {
                let arrow = syntax::arrow(code, &part);
                let Some(child) = syntax::constant(code, part.start..arrow.unwrap_or(part.end)) else { continue };
                let path = arrow.map_or(literal(""), |arrow| syntax::text_value(code, arrow + 1..part.end));
                for prefix in &around.prefixes {
                    self.routing.mounts.push(Mount {
                        at: of.place(code),
                        parent: around.scope.clone(),
                        child: child.as_str().into(),
                        prefix: below(prefix, syntax::template_value(path.clone())),
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn classes_of_grape_offer_paths() {
        check(
            "app/api/twitter/api.rb",
            r#"module Twitter
              class API < Grape::API
                version 'v1', using: :path
                format :json
                prefix :api
                helpers do
                  def get(x); get '/trap' do end; end
                end
                resource :statuses do
                  desc 'Return a public timeline.' do
                    detail 'x'
                  end
                  get :public_timeline do
                    Client.get('/trap') { }
                  end
                  params do
                    requires :id, type: Integer
                  end
                  route_param :id do
                    get do end
                    get 'likes/:like' do end
                  end
                  put ':id' do end
                  route :any, '*path' do end
                  route ['GET', 'POST'], '/both' do end
                end
                namespace :account, requirements: { id: /[0-9]*/ } do
                  mount Settings
                end
                mount V2::Users => '/users'
                get '/' do end
                delete
              end
              class Sub < BaseAPI
                desc 'x'
                get ['/a', '/b'] do end
              end
              class Job < Base
                get 'trap' do end
              end
            end"#,
            "13 GET /api/v1/statuses/public_timeline in #API
             20 GET /api/v1/statuses/{id} in #API
             21 GET /api/v1/statuses/{id}/likes/{like} in #API
             23 PUT /api/v1/statuses/{id} in #API
             24 ANY /api/v1/statuses/{rest} in #API
             25 GET /api/v1/statuses/both in #API
             25 POST /api/v1/statuses/both in #API
             31 GET /api/v1 in #API
             36 GET /a in #Sub
             36 GET /b in #Sub
             28 mount #Settings in #API at /api/v1/account
             30 mount v2/users#Users in #API at /api/v1/users",
        );
    }

    #[test]
    fn versions_in_headers_are_no_paths() {
        check(
            "api.rb",
            "class A < Grape::API\n version 'v1', using: :header, vendor: 'x'\n get(:a) { }\n version 'v2', using: :path do\n  get :b do end\n end\nend",
            "3 GET /a in #A\n5 GET /v2/b in #A",
        );
    }
}
