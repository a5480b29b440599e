//! Routes of Sinatra: `get '/x' do … end` in a class, at the top of a file, or in what a module registers on an application.
//!
//! A class is a scope, so that a file that mounts it finds it; what stands at the top of a file has none.

use std::ops::Range;

use super::syntax::{self, Bodies, Statement};
use super::types::{self, Class};
use super::{grape, verbs};
use crate::extract::Output;
use crate::extract::code::paths::{Style, join, text_template};
use crate::extract::code::structure::ItemKind;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing, ScopePrefix, Value};
use crate::source::Spanned;

pub const FRAMEWORK: Framework = Framework {
    name: "sinatra",
    marks: &[
        "inatra",
        "get '/",
        "get \"/",
        "get('/",
        "get(\"/",
        "get %r",
        "post '/",
        "post \"/",
        "post('/",
        "post(\"/",
        "put '/",
        "put \"/",
        "patch '/",
        "patch \"/",
        "delete '/",
        "delete \"/",
        "delete %r",
        "post %r",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let mut reader = Reader { code, routing: Routing { framework: FRAMEWORK.name.into(), ..Routing::default() }, receiver: "" };
    for class in types::classes(code) {
        if is_application(code, &class) {
            reader.walk(class.body.clone(), Some(format!("#{}", class.name).into()));
        }
    }
    // `def self.registered(app)` of a module: what it does to each application that registers it.
    for item in code.items().iter().filter(|item| item.kind == ItemKind::Function && code.is(item.name, "registered")) {
        let parameter = item.parameters.map(|open| code.inside(open)).filter(|inside| inside.len() == 1);
        let (Some(parameter), Some(module)) = (parameter, code.type_around(item.name)) else { continue };
        reader.receiver = code.text_of(parameter.start);
        reader.walk(item.body.clone(), Some(format!("#{module}").into()));
        reader.receiver = "";
    }
    reader.walk(0..code.len(), None);
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

/// Whether a class is an application: by its base, or because it registers a path with a block in its own body.
fn is_application(code: &Code, class: &Class) -> bool {
    let base = class.base_name(code);
    if base.starts_with("Sinatra.") || base.starts_with("Padrino.") {
        return true;
    }
    // A test asks for paths in the same words.
    if grape::is_api(code, class) || base.contains("Test") || base.starts_with("Hanami") || base.starts_with("Roda") {
        return false;
    }
    let registers = |of: &Statement| {
        !of.has_receiver()
            && verbs(code.text_of(of.name)).is_some()
            && of.block.is_some()
            && of.arguments.first().is_some_and(|path| is_path(code, path.clone()))
    };
    syntax::statements(code, class.body.clone()).iter().any(registers)
}

/// A text that begins with a slash, or a pattern.
fn is_path(code: &Code, range: Range<usize>) -> bool {
    code.literal(range.start).is_some_and(|text| text.starts_with('/')) || pattern(code, range).is_some()
}

/// What a regular expression matches, as a path: `%r{/(\d+)/download}`, `/\/a/`.
pub fn pattern(code: &Code, range: Range<usize>) -> Option<String> {
    let text = code.text_of(range.start);
    // `%r{…}.freeze`
    if code.kind(range.start)? != TokenKind::Literal || !(range.len() == 1 || code.is(range.start + 1, ".")) {
        return None;
    }
    let inner = match text.strip_prefix("%r") {
        Some(rest) => rest.get(1..)?.trim_end_matches(|c: char| c.is_ascii_alphabetic()),
        None => text.strip_prefix('/')?.trim_end_matches(|c: char| c.is_ascii_alphabetic()),
    };
    let inner = inner.get(..inner.len().checked_sub(1)?)?;
    let inner = inner.replace("\\/", "/").replace("\\A", "").replace("\\z", "").replace("\\Z", "");
    Some(text_template(&inner, Style::Pattern))
}

#[derive(Clone)]
struct Around {
    prefix: Value,
    scope: Option<std::sync::Arc<str>>,
    /// Names that stand for texts of a list.
    names: Vec<(String, Vec<String>)>,
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    routing: Routing,
    /// The name of the application that routes are registered on; empty where they have no receiver.
    receiver: &'t str,
}

impl Reader<'_, '_> {
    fn walk(&mut self, body: Range<usize>, scope: Option<std::sync::Arc<str>>) {
        let code = self.code;
        let around = Around { prefix: literal(""), scope, names: Vec::new() };
        syntax::walk(code, body, around, &mut |of, around| self.statement(of, around));
    }

    fn statement(&mut self, of: &Statement, around: &Around) -> Bodies<Around> {
        let code = self.code;
        let name = code.text_of(of.name);
        let body = |around: Around| of.block.iter().map(|block| (block.body.clone(), around.clone())).collect();
        // `API = Sinatra.new do`, `Class.new(Sinatra::Base) do`
        if name == "new" && of.block.is_some() {
            let made = code.text_in(of.receiver(code));
            let argument = of.arguments.first().map_or("", |argument| code.text_in(argument.clone()));
            if made == "Sinatra" || made == "Class" && argument.starts_with("Sinatra::") {
                let scope = of.assigned.map(|name| format!("#{}", code.text_of(name)).into());
                return body(Around { scope, ..around.clone() });
            }
        }
        if name == "each" {
            let (Some(list), Some(block)) = (syntax::names(code, of.receiver(code)), &of.block) else { return Vec::new() };
            let mut around = around.clone();
            if let Some(parameter) = block.parameters.first() {
                around.names.push((code.text_of(*parameter).to_owned(), list));
            }
            return vec![(block.body.clone(), around)];
        }
        let receiver = code.text_in(of.receiver(code));
        // `base.class_eval do … end`
        if !self.receiver.is_empty() && receiver == self.receiver && matches!(name, "class_eval" | "instance_eval") {
            self.receiver = "";
            return body(around.clone());
        }
        if receiver != self.receiver && !(receiver == "Sinatra::Application" && self.receiver.is_empty()) {
            return Vec::new();
        }
        match name {
            "namespace" => {
                let prefix = of.arguments.first().map_or(literal(""), |path| syntax::text_value(code, path.clone()));
                return body(Around { prefix: join(&around.prefix, syntax::template_value(prefix)), ..around.clone() });
            }
            // A way of projects to say where a class is mounted.
            "map" if of.block.is_none() && of.arguments.len() == 1 => {
                if let (Some(scope), Some(prefix)) = (&around.scope, code.literal(of.arguments[0].start)) {
                    let prefix = literal(syntax::template(&prefix).as_str());
                    self.routing.defaults.push(ScopePrefix { at: of.place(code), scope: scope.clone(), prefix });
                }
            }
            "use" | "register" | "run" => {
                for argument in of.arguments.iter().take(if name == "register" { 16 } else { 1 }) {
                    // What the library itself brings offers no paths.
                    if code.is_any(argument.start, &["Sinatra", "Rack"]) {
                        continue;
                    }
                    if let (Some(parent), Some(child)) = (&around.scope, syntax::constant(code, argument.clone())) {
                        let prefix = around.prefix.clone();
                        self.routing.mounts.push(Mount {
                            at: of.place(code),
                            parent: parent.clone(),
                            child: child.into(),
                            prefix,
                        });
                    }
                }
            }
            "route" if of.block.is_some() => {
                let (methods, paths): (Vec<_>, Vec<_>) =
                    of.positional(code).into_iter().partition(|part| code.is(part.start, ":"));
                let methods: Vec<String> = methods.into_iter().filter_map(|method| syntax::name(code, method)).collect();
                for path in paths {
                    self.paths(of, around, &methods, path);
                }
            }
            _ => {
                let Some(method) = verbs(name) else { return Vec::new() };
                // `get '/x', &handler`
                let is_handled = of.block.is_some() || of.arguments.iter().any(|argument| code.is(argument.start, "&"));
                if is_handled {
                    for path in of.positional(code) {
                        self.paths(of, around, &[method.to_owned()], path);
                    }
                }
            }
        }
        Vec::new()
    }

    fn paths(&mut self, of: &Statement, around: &Around, methods: &[String], path: Range<usize>) {
        let code = self.code;
        let paths = if code.is(path.start, "[") { code.arguments(path.start) } else { vec![path] };
        for path in paths {
            for value in self.texts(path.clone(), around) {
                let Some(value) = value else { continue };
                if matches!(value, Value::Unknown(_)) {
                    let why = Spanned::new("a path that is known at run time only".into(), code.location(path.clone()));
                    self.routing.uncounted.push(why);
                    continue;
                }
                for method in methods {
                    self.routing.routes.push(Route {
                        at: of.place(code),
                        method: method.to_uppercase().into(),
                        path: join(&around.prefix, value.clone()),
                        scope: around.scope.clone(),
                        owner: None,
                    });
                }
            }
        }
    }

    /// What a path reads as; None for what is none, and an unknown value for what is told at run time.
    fn texts(&self, path: Range<usize>, around: &Around) -> Vec<Option<Value>> {
        let code = self.code;
        let text = code.text_in(path.clone());
        for (name, list) in &around.names {
            let hole = format!("#{{{name}}}");
            if text == name || text.contains(&hole) && path.len() == 1 {
                let whole = if text == name { hole.as_str() } else { text.trim_matches(['"', '\'']) };
                let path = |of: &String| Some(literal(syntax::template(&whole.replace(&hole, of)).as_str()));
                return list.iter().map(path).collect();
            }
        }
        if let Some(text) = pattern(code, path.clone()) {
            return vec![Some(literal(text.as_str()))];
        }
        if code.kind(path.start) == Some(TokenKind::Literal) {
            let value = syntax::text_value(code, path.clone());
            let is_path = match &value {
                Value::Literal(text) => text.is_empty() || text.starts_with(['/', '*']),
                Value::Concat(_) => code.text_of(path.start).trim_start_matches(['"', '\'']).starts_with(['/', '#']),
                _ => false,
            };
            return vec![is_path.then(|| syntax::template_value(value))];
        }
        let is_constant = code.word(path.start).is_some_and(|word| word.starts_with(|first: char| first.is_uppercase()));
        if is_constant
            && path.len() == 1
            && let Some(assigned) = code.assigned(text, path.start)
            && let Some(text) = pattern(code, assigned)
        {
            return vec![Some(literal(text.as_str()))];
        }
        match is_constant {
            true => vec![Some(syntax::template_value(syntax::text_value(code, path)))],
            // A name of what is known at run time, where an application surely is.
            false if code.word(path.start).is_some() && around.scope.is_some() => {
                vec![Some(Value::Unknown("a path that is known at run time only".into()))]
            }
            false => vec![None],
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn classic_applications_register_at_the_top() {
        check(
            "app.rb",
            r#"require 'sinatra'
            set :port, 80
            get '/' do
              get '/trap' do
              end
            end
            post("/orders/:id.?:format?") { |id| HTTParty.get('/trap') }
            get %r{/hello/([\w]+)} do |c| end
            get '/say/*/to/*' do end
            %w[a b].each { |name| delete "/#{name}" do end }
            put '/handled', &handler
            params.delete('x')
            client.get '/trap' do |request| end
            get '/no-block'
            describe 'x' do
              get '/trap' do end
            end
            def call
              get '/trap' do end
            end
            if settings.extra?
              patch '/extra' do end
            end"#,
            "7 call http GET ?the client's base+/trap limited (httparty)
             3 GET /
             7 POST /orders/{id}
             8 GET /hello/{value}
             9 GET /say/{rest}/to/{rest}
             10 DELETE /a
             10 DELETE /b
             11 PUT /handled
             22 PATCH /extra
             1 entry sinatra",
        );
    }

    #[test]
    fn classes_are_scopes() {
        check(
            "app.rb",
            r#"require 'sinatra/base'
            require 'sinatra/namespace'
            class App < Sinatra::Base
              register Sinatra::Namespace
              use Admin::Users
              PATTERN = %r{/([0-9a-f]+)}.freeze
              before '/x' do end
              get '/' do end
              patch PATTERN, authorize: [] do |id| end
              namespace '/api' do
                namespace '/v1' do
                  get '/books/:id' do end
                end
                options '*' do end
              end
              route :get, :post, '/both' do end
              get '/a', '/b' do end
              get path do end
              def helper; delete '/trap' do end; end
            end
            class Shop < Base
              map '/shop'
              post '/orders', needs: :login do end
            end
            class Client < Base
              get '/trap'
              post :orders do end
            end"#,
            "8 GET / in #App
             9 PATCH /{value} in #App
             12 GET /api/v1/books/{id} in #App
             14 OPTIONS /api/{rest} in #App
             16 GET /both in #App
             16 POST /both in #App
             17 GET /a in #App
             17 GET /b in #App
             23 POST /orders in #Shop
             5 mount admin/users#Users in #App at 
             22 default /shop of #Shop
             18 uncounted a path that is known at run time only",
        );
    }

    #[test]
    fn modules_register_on_applications() {
        check(
            "routes/users.rb",
            r#"module Users
              def self.registered(app)
                app.get '/users' do
                  x.get '/trap' do end
                end
              end
            end
            API = Sinatra.new do
              get '/api' do end
            end"#,
            "3 GET /users in #Users\n9 GET /api in #API",
        );
    }
}
