//! Routes of C++ servers: Crow, Drogon, Pistache, cpp-httplib, oatpp.

use std::ops::Range;
use std::sync::Arc;

use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Mount, Route, Routing, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "cpp-http",
    marks: &[
        "CROW_ROUTE",
        "CROW_BP_ROUTE",
        "CROW_WEBSOCKET_ROUTE",
        "METHOD_ADD",
        "ADD_METHOD_TO",
        "PATH_ADD",
        "registerHandler",
        "Routes::",
        "httplib",
        "ENDPOINT(",
        "ENDPOINT_ASYNC(",
    ],
    read,
};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

fn read(code: &Code, output: &mut Output) {
    let mut reader =
        Reader { code, routing: Routing { framework: "cpp-http".into(), ..Routing::default() }, sockets: Vec::new() };
    let calls: Vec<Call> = code.calls().collect();
    for call in calls {
        reader.call(call);
    }
    output.facts.extend(reader.sockets.into_iter().map(Fact::Handler));
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    routing: Routing,
    sockets: Vec<Handler>,
}

impl Reader<'_, '_> {
    fn call(&mut self, call: Call) {
        let code = self.code;
        let name = code.text_of(call.name);
        // Definitions of the macros look the same.
        if code.is(call.name.wrapping_sub(1), "define") {
            return;
        }
        let arguments = code.arguments(call.open);
        let at = call.start..code.after(call.open);
        match name {
            "CROW_ROUTE" | "CROW_BP_ROUTE" | "CROW_WEBSOCKET_ROUTE" => self.crow(at, name, &arguments),
            "register_blueprint" => self.blueprint(call, &arguments),
            "ADD_METHOD_TO" | "METHOD_ADD" | "ADD_METHOD_VIA_REGEX" => self.drogon(at, call.name, name, &arguments),
            "PATH_ADD" | "WS_PATH_ADD" => {
                let Some(path) = arguments.first() else { return };
                let path = template(code.value(path.clone()), Style::Braces);
                match name {
                    "PATH_ADD" => self.routes(at, &self.methods(&arguments[1..], "ANY"), path, None),
                    _ => self.socket(at, path),
                }
            }
            "registerHandler" => {
                let (Some(path), true) = (arguments.first(), self.is_path(&arguments)) else { return };
                let methods = arguments.last().filter(|last| code.is(last.start, "{"));
                let methods = methods.map_or_else(Vec::new, |list| code.split(code.inside(list.start), ","));
                self.routes(at, &self.methods(&methods, "ANY"), template(code.value(path.clone()), Style::Braces), None);
            }
            "ENDPOINT" | "ENDPOINT_ASYNC" => {
                let (Some(method), Some(path)) = (arguments.first(), arguments.get(1)) else { return };
                let methods = self.methods(std::slice::from_ref(method), "ANY");
                self.routes(at, &methods, template(code.value(path.clone()), Style::Braces), None);
            }
            "Get" | "Post" | "Put" | "Delete" | "Patch" => self.method(call, &name.to_ascii_uppercase(), at, &arguments),
            _ => {}
        }
    }

    /// `CROW_ROUTE(app, "/a/<int>").methods("POST"_method)`.
    fn crow(&mut self, at: Range<usize>, name: &str, arguments: &[Range<usize>]) {
        let code = self.code;
        let (Some(owner), Some(path)) = (arguments.first(), arguments.get(1)) else { return };
        let path = template(code.value(path.clone()), Style::Angle);
        if name == "CROW_WEBSOCKET_ROUTE" {
            return self.socket(at, path);
        }
        let is_told = code.is(at.end, ".") && code.is_any(at.end + 1, &["methods", "Methods"]) && code.is(at.end + 2, "(");
        let told = if is_told { code.arguments(at.end + 2) } else { Vec::new() };
        let methods = self.methods(&told, "GET");
        let scope = (name == "CROW_BP_ROUTE").then(|| format!("#{}", code.text_in(owner.clone())).into());
        self.routes(at, &methods, path, scope);
    }

    /// `app.register_blueprint(users)`, where `crow::Blueprint users("users")` says the prefix.
    fn blueprint(&mut self, call: Call, arguments: &[Range<usize>]) {
        let code = self.code;
        let (Some(child), Some(owner)) = (arguments.first(), code.receiver_name(call)) else { return };
        let name = code.text_in(child.clone());
        let made =
            (1..code.len()).find(|&at| code.is(at - 1, "Blueprint") && code.is(at, name) && code.is_any(at + 1, &["(", "{"]));
        let first = made.and_then(|at| code.split(code.inside(at + 1), ",").into_iter().next());
        let prefix = first.map_or_else(|| literal(""), |range| concat([literal("/"), code.value(range)]));
        let parent: Arc<str> = match (0..code.len()).any(|at| code.is(at, "Blueprint") && code.is(at + 1, &owner)) {
            true => format!("#{owner}").into(),
            false => "#app".into(),
        };
        if &*parent == "#app" && !self.routing.applications.contains(&parent) {
            self.routing.applications.push(Arc::clone(&parent));
        }
        let at = code.location(call.start..code.after(call.open));
        self.routing.mounts.push(Mount { at, parent, child: format!("#{name}").into(), prefix });
    }

    /// `ADD_METHOD_TO(Users::get, "/users/{1}", Get)`; `METHOD_ADD` stands below the name of its class.
    fn drogon(&mut self, at: Range<usize>, name_at: usize, name: &str, arguments: &[Range<usize>]) {
        let code = self.code;
        let Some(path) = arguments.get(1) else { return };
        let style = if name == "ADD_METHOD_VIA_REGEX" { Style::Pattern } else { Style::Braces };
        let mut path = template(code.value(path.clone()), style);
        if name == "METHOD_ADD" {
            let Some(class) = code.type_around(name_at) else { return };
            path = concat([literal(format!("{}/{class}", self.namespaces(name_at))), path]);
        }
        self.routes(at, &self.methods(&arguments[2..], "ANY"), without_query(path), None);
    }

    /// The namespaces around a token, each after a slash.
    fn namespaces(&self, at: usize) -> String {
        let code = self.code;
        let mut path = String::new();
        for start in (0..at).filter(|&start| code.is(start, "namespace") && !code.is(start.wrapping_sub(1), "using")).take(64) {
            let mut open = start + 1;
            while code.word(open).is_some() || code.is(open, "::") {
                open += 1;
            }
            if code.is(open, "{") && code.inside(open).contains(&at) {
                (start + 1..open).filter_map(|part| code.word(part)).for_each(|part| path.extend(["/", part]));
            }
        }
        path
    }

    /// `server.Get("/a", […](…) {…})` of httplib, `Routes::Get(router, "/a/:id", …)` of Pistache.
    fn method(&mut self, call: Call, method: &str, at: Range<usize>, arguments: &[Range<usize>]) {
        let code = self.code;
        let receiver = code.receiver_name(call).unwrap_or_default();
        if receiver == "Routes" || receiver.ends_with(".Routes") {
            let Some(path) = arguments.get(1) else { return };
            self.routes(at, &[method.into()], template(code.value(path.clone()), Style::Colon), None);
        } else if arguments.len() == 2 && self.is_path(arguments) && self.is_server(&receiver, arguments[1].start) {
            let path = arguments[0].clone();
            let is_raw = code.text_of(path.start).starts_with('R');
            let style = if is_raw { Style::Pattern } else { Style::Colon };
            self.routes(at, &[method.into()], template(code.value(path), style), None);
        }
    }

    fn is_path(&self, arguments: &[Range<usize>]) -> bool {
        let first = arguments.first().and_then(|range| self.code.literal(range.start));
        first.is_some_and(|text| text.starts_with('/'))
    }

    /// True where a server is called, not a client: the handler is written here, or the receiver is said to be a server.
    fn is_server(&self, receiver: &str, handler: usize) -> bool {
        let code = self.code;
        let says = |at: usize| {
            let mut name = at + 1;
            while code.is_any(name, &["&", "*", ">"]) {
                name += 1;
            }
            code.is_any(at, &["Server", "SSLServer"]) && code.is(name, receiver)
        };
        code.is(handler, "[") || !receiver.is_empty() && (0..code.len()).any(says)
    }

    /// The methods that are named: `Get`, `"POST"_method`, `HTTPMethod::Put`.
    fn methods(&self, arguments: &[Range<usize>], otherwise: &'static str) -> Vec<Arc<str>> {
        let code = self.code;
        let mut found: Vec<Arc<str>> = Vec::new();
        for argument in arguments {
            let named = argument.clone().rev().find_map(|at| {
                let text = match code.kind(at)? {
                    TokenKind::Literal => code.literal(at)?.to_ascii_uppercase(),
                    _ => code.text_of(at).to_ascii_uppercase(),
                };
                METHODS.into_iter().find(|method| *method == text)
            });
            // Literals that are no method name filters.
            found.extend(named.map(Arc::from).filter(|method| !found.contains(method)));
        }
        if found.is_empty() { vec![otherwise.into()] } else { found }
    }

    fn routes(&mut self, at: Range<usize>, methods: &[Arc<str>], path: Value, scope: Option<Arc<str>>) {
        let at = self.code.location(at);
        for method in methods {
            let (method, path, scope) = (Arc::clone(method), path.clone(), scope.clone());
            self.routing.routes.push(Route { at, method, path, scope, owner: None });
        }
    }

    fn socket(&mut self, at: Range<usize>, name: Value) {
        let at = self.code.location(at);
        self.sockets.push(Handler { at, kind: HandlerKind::Subscription, framework: "cpp-http".into(), name });
    }
}

/// The path before its query, which Drogon lets name parameters.
fn without_query(path: Value) -> Value {
    match path {
        Value::Literal(text) => literal(text.split('?').next().unwrap_or(&text)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn routes_of_crow() {
        check(
            "main.cpp",
            r#"
CROW_ROUTE(app, "/")([]() { return "x"; });
CROW_ROUTE(app, "/a/<int>").methods("POST"_method, crow::HTTPMethod::Put)([](int a) { return a; });
crow::Blueprint users("users");
CROW_BP_ROUTE(users, "/all")([]() {});
app.register_blueprint(users);
CROW_WEBSOCKET_ROUTE(app, "/ws").onopen([](c) {});
// CROW_ROUTE(app, "/gone")
            "#,
            "7 subscription /ws
            2 GET /
            3 POST /a/{int}
            3 PUT /a/{int}
            5 GET /all in #users
            6 mount #users in #app at /users
            application #app",
        );
    }

    #[test]
    fn routes_of_drogon() {
        check(
            "Users.h",
            r#"
namespace api { namespace v1 {
class Users : public drogon::HttpController<Users> {
 public:
  METHOD_LIST_BEGIN
  METHOD_ADD(Users::get, "/{1}", Get);
  ADD_METHOD_TO(Users::all, "/users?x={1}", Get, Post, "Login");
  METHOD_LIST_END
};
}}
class Simple : public drogon::HttpSimpleController<Simple> { PATH_LIST_BEGIN PATH_ADD("/simple", Put); PATH_LIST_END };
void f() { app().registerHandler("/h", [](r, c) {}, {drogon::Post}); }
            "#,
            "6 GET /api/v1/Users/{1}
            7 GET /users
            7 POST /users
            11 PUT /simple
            12 POST /h",
        );
    }

    #[test]
    fn routes_of_the_others() {
        check(
            "main.cpp",
            r#"
#include "httplib.h"
void serve(httplib::Server& svr) {
  svr.Get("/hi", [](const Request& a, Response& b) {});
  svr.Post(R"(/a/(\d+))", handle);
  client.Get("/not");
  client.Post("/not", body);
  Routes::Put(router, "/b/:id", Routes::bind(&X::put, this));
}
ENDPOINT("GET", "/users/{userId}", getUser, PATH(Int32, userId)) { }
            "#,
            "4 GET /hi
            5 POST /a/{value}
            8 PUT /b/{id}
            10 GET /users/{userId}",
        );
    }
}
