//! Routes in lists: `[Route("/x", endpoint)]` of Starlette, `[web.get("/x", handler)]` of aiohttp, `[(r"/x", Handler)]` of Tornado.
//!
//! A list that has a name is a scope by it; one that is written where it is used belongs to what uses it.

use std::ops::Range;
use std::sync::Arc;

use super::names::{Names, is_type};
use super::routers::{class_of, methods_in};
use super::syntax::{self, Assignment, call, imports_any, library};
use crate::extract::Output;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind, Mount, Route, Routing, Value};

pub const FRAMEWORK: Framework = Framework { name: "route-lists", marks: &["starlette", "aiohttp", "tornado", "fastapi"], read };

const PACKAGES: &[&str] = &["starlette", "aiohttp", "tornado", "fastapi"];

fn read(code: &Code, output: &mut Output) {
    if !imports_any(code, PACKAGES) {
        return;
    }
    let names = Names::new(code);
    let routing = Routing { framework: "route-lists".into(), ..Routing::default() };
    let classes = super::classes_made_of(code, &["tornado"], &["Application"]);
    let mut reader = Reader { code, names, classes, routing, sockets: Vec::new() };
    reader.named_lists();
    reader.users();
    output.facts.extend(reader.sockets.into_iter().map(Fact::Handler));
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    names: Names<'c, 't>,
    /// Classes of the file that are applications.
    classes: Vec<String>,
    routing: Routing,
    sockets: Vec<Handler>,
}

/// What an element of a list says.
struct Element {
    path: Range<usize>,
    handler: Range<usize>,
    methods: Option<Vec<Arc<str>>>,
    regex: bool,
    socket: bool,
}

impl Reader<'_, '_> {
    fn named_lists(&mut self) {
        for index in 0..self.names.assignments.len() {
            let value = self.names.assignments[index].value.clone();
            if self.is_list(value.clone()) {
                let scope = self.names.scope_of(index);
                self.entries(value, &scope, &literal(""));
            }
        }
    }

    /// True for a list that holds routes.
    fn is_list(&self, range: Range<usize>) -> bool {
        let code = self.code;
        code.is_any(range.start, &["[", "("]) && {
            let parts = code.split(code.inside(range.start), ",");
            parts.into_iter().take(4).any(|part| self.element(part.clone()).is_some() || self.is_mount(part))
        }
    }

    fn callee(&self, range: Range<usize>) -> Option<(String, String, usize)> {
        let (callee, open) = call(self.code, range)?;
        let (package, last) = library(self.code, &self.code.dotted(callee)?);
        PACKAGES.contains(&&*package).then_some((package, last, open))
    }

    fn is_mount(&self, range: Range<usize>) -> bool {
        self.callee(range).is_some_and(|(_, last, _)| last == "Mount")
    }

    fn element(&self, range: Range<usize>) -> Option<Element> {
        let code = self.code;
        // `(r"/x", Handler)`.
        if code.is(range.start, "(") && code.partner(range.start) + 1 == range.end && imports_any(code, &["tornado"]) {
            let parts = code.arguments(range.start);
            let is_path = code.literal(parts.first()?.start).is_some_and(|text| text.trim_start_matches('^').starts_with('/'));
            let (path, handler) = (parts.first()?.clone(), parts.get(1)?.clone());
            return is_path.then_some(Element { path, handler, methods: None, regex: true, socket: false });
        }
        let (package, last, open) = self.callee(range)?;
        let arguments = code.arguments(open);
        let unnamed: Vec<Range<usize>> = code.positional(&arguments).cloned().collect();
        let at = |place: usize, name: &str| unnamed.get(place).cloned().or_else(|| code.named(&arguments, name));
        let verb = ["get", "post", "put", "delete", "patch"].into_iter().find(|verb| *verb == last);
        match (&*package, &*last) {
            ("starlette" | "fastapi", "Route" | "APIRoute" | "WebSocketRoute") => {
                let methods = code.named(&arguments, "methods").or_else(|| unnamed.get(2).cloned());
                let methods = methods.map(|range| methods_in(&self.names, range));
                let handler = at(1, "endpoint")?;
                let is_class = class_of(&self.names, handler.clone()).is_some();
                let methods = methods.or_else(|| (!is_class).then(|| vec!["GET".into()]));
                Some(Element { path: at(0, "path")?, handler, methods, regex: false, socket: last == "WebSocketRoute" })
            }
            ("aiohttp", "view") => {
                Some(Element { path: at(0, "path")?, handler: at(1, "handler")?, methods: None, regex: false, socket: false })
            }
            ("aiohttp", "route") => {
                let methods = Some(methods_in(&self.names, at(0, "method")?));
                Some(Element { path: at(1, "path")?, handler: at(2, "handler")?, methods, regex: false, socket: false })
            }
            ("aiohttp", _) => {
                let methods = Some(vec![verb?.to_ascii_uppercase().into()]);
                Some(Element { path: at(0, "path")?, handler: at(1, "handler")?, methods, regex: false, socket: false })
            }
            ("tornado", "url" | "URLSpec" | "Rule") => {
                Some(Element { path: at(0, "pattern")?, handler: at(1, "handler")?, methods: None, regex: true, socket: false })
            }
            _ => None,
        }
    }

    /// The entries of a list, and of lists that are written in it.
    fn entries(&mut self, range: Range<usize>, scope: &Arc<str>, prefix: &Value) {
        let code = self.code;
        let mut waiting = vec![(range, prefix.clone())];
        while let Some((range, prefix)) = waiting.pop() {
            let lists = code.split(range, "+");
            let parts = lists.into_iter().flat_map(|list| match code.is_any(list.start, &["[", "("]) {
                true => code.split(code.inside(list.start), ","),
                false => vec![list],
            });
            for part in parts {
                let part = part.start + usize::from(code.is(part.start, "*"))..part.end;
                if let Some(element) = self.element(part.clone()) {
                    self.enter(part, element, scope, &prefix);
                } else if self.is_mount(part.clone()) {
                    waiting.extend(self.mounted(part, scope, &prefix));
                } else if code.dotted(part.clone()).is_some()
                    && let Some(child) = self.names.scope(part.clone(), &|_| true)
                {
                    let (at, parent) = (code.location(part), Arc::clone(scope));
                    self.routing.mounts.push(Mount { at, parent, child, prefix: prefix.clone() });
                }
            }
        }
    }

    /// `Mount("/x", routes=[…])`, `Mount("/x", app=other)`.
    fn mounted(&mut self, part: Range<usize>, scope: &Arc<str>, prefix: &Value) -> Option<(Range<usize>, Value)> {
        let code = self.code;
        let (_, _, open) = self.callee(part.clone())?;
        let arguments = code.arguments(open);
        let mut unnamed = code.positional(&arguments);
        let path = unnamed.next().cloned().or_else(|| code.named(&arguments, "path"))?;
        let prefix = concat([prefix.clone(), template(syntax::value(code, path), Style::Braces)]);
        let inner =
            code.named(&arguments, "routes").or_else(|| unnamed.next().cloned()).or_else(|| code.named(&arguments, "app"))?;
        if code.is(inner.start, "[") {
            return Some((inner, prefix));
        }
        // A router that is made right here.
        if let Some((_, last, open)) = self.callee(inner.clone()) {
            let routes = code.named(&code.arguments(open), "routes").filter(|_| last == "Router" || last == "Starlette")?;
            return Some((routes, prefix));
        }
        // Files are no operations of the program.
        if (inner.clone()).any(|at| code.is(at, "StaticFiles")) {
            return None;
        }
        let child = self.names.scope(inner, &|_| true)?;
        let (at, parent) = (code.location(part), Arc::clone(scope));
        self.routing.mounts.push(Mount { at, parent, child, prefix });
        None
    }

    fn enter(&mut self, part: Range<usize>, element: Element, scope: &Arc<str>, prefix: &Value) {
        let code = self.code;
        let written = syntax::value(code, element.path);
        let path = template(written, if element.regex { Style::Pattern } else { Style::Braces });
        let path = concat([prefix.clone(), path]);
        let at = code.location(part);
        if element.socket {
            self.sockets.push(Handler { at, kind: HandlerKind::Subscription, framework: "route-lists".into(), name: path });
            return;
        }
        if let Some(methods) = element.methods {
            let routes = methods.into_iter().map(|method| Route {
                at,
                method,
                path: path.clone(),
                scope: Some(Arc::clone(scope)),
                owner: None,
            });
            self.routing.routes.extend(routes);
            return;
        }
        let Some(class) = class_of(&self.names, element.handler) else { return };
        // Files and redirects that the library serves.
        if ["StaticFileHandler", "RedirectHandler", "ErrorHandler"].iter().any(|name| class.ends_with(name)) {
            return;
        }
        if !self.routing.leaves.contains(&class) {
            self.routing.leaves.push(Arc::clone(&class));
        }
        self.routing.mounts.push(Mount { at, parent: Arc::clone(scope), child: class, prefix: path });
    }

    /// What takes a list: `Starlette(routes=…)`, `Application([…])`, `app.add_routes([…])`, `super().__init__(handlers)`.
    fn users(&mut self) {
        let code = self.code;
        let calls: Vec<_> = code.calls().collect();
        for call in calls {
            let member = code.text_of(call.name);
            let arguments = code.arguments(call.open);
            let first = || code.positional(&arguments).next().cloned();
            let tokens = call.start..code.after(call.open);
            let (list, scope) = match member {
                "add_routes" => {
                    let of = self.names.scope(code.receiver(call), &|of| self.makes(of));
                    (first().filter(|range| code.is(range.start, "[")), of)
                }
                "add_handlers" => (code.positional(&arguments).nth(1).cloned(), Some("#Application".into())),
                "__init__" if self.names.class(call.start).is_some_and(|class| self.is_application_class(class.name)) => {
                    (first().or_else(|| code.named(&arguments, "handlers")), Some("#Application".into()))
                }
                "Starlette" | "Router" | "FastAPI" | "APIRouter" => {
                    (code.named(&arguments, "routes"), self.assigned_to(tokens.clone()))
                }
                "Application" if imports_any(code, &["tornado"]) => {
                    (first().or_else(|| code.named(&arguments, "handlers")), Some("#Application".into()))
                }
                _ => continue,
            };
            let (Some(list), Some(scope)) = (list, scope) else { continue };
            if matches!(&*scope, "#Application" | "#Starlette") && !self.routing.applications.contains(&scope) {
                self.routing.applications.push(Arc::clone(&scope));
            }
            self.entries(list, &scope, &literal(""));
        }
    }

    fn makes(&self, assignment: &Assignment) -> bool {
        self.callee(assignment.value.clone()).is_some_and(|(_, last, _)| is_type(&last))
    }

    fn is_application_class(&self, name: usize) -> bool {
        self.classes.iter().any(|class| self.code.is(name, class))
    }

    /// The scope of the object that a call makes; of an application without a name, one by its class.
    fn assigned_to(&self, tokens: Range<usize>) -> Option<Arc<str>> {
        let assignments = &self.names.assignments;
        let index = assignments.iter().position(|assignment| assignment.value == tokens);
        let unnamed = || self.code.is(tokens.start, "Starlette").then(|| "#Starlette".into());
        index.map(|index| self.names.scope_of(index)).or_else(unnamed)
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn routes_of_starlette_are_elements_of_lists() {
        check(
            "app/main.py",
            r#"
from starlette.applications import Starlette
from starlette.routing import Route, Mount, WebSocketRoute
from .users import routes as user_routes, sub
from .views import Orders
routes = [
    Route("/", home),
    Route("/form", form, methods=["POST", "PUT"]),
    Route("/orders/{id:int}", Orders),
    WebSocketRoute("/ws", ws),
    Mount("/users", routes=user_routes),
    Mount("/v1", routes=[Route("/x", endpoint=x)]),
    Mount("/sub", app=sub),
    Mount("/static", app=StaticFiles(directory="s")),
]
app = Starlette(debug=True, routes=routes)
            "#,
            "application #app
            10 subscription /ws
            7 GET / in #routes
            8 POST /form in #routes
            8 PUT /form in #routes
            12 GET /v1/x in #routes
            9 mount app/views#Orders in #routes at /orders/{id}
            11 mount app/users#routes in #routes at /users
            13 mount app/users#sub in #routes at /sub
            16 mount #routes in #app at
            leaf app/views#Orders",
        );
    }

    #[test]
    fn handlers_of_tornado_are_pairs() {
        check(
            "app/main.py",
            r#"
import tornado.web
from .handlers import Orders, routes
class Main(tornado.web.RequestHandler):
    def get(self): ...
def make():
    return tornado.web.Application([
        (r"/", Main),
        (r"/orders/([0-9]+)/?", Orders, dict(db=db)),
        tornado.web.url(r"/named", Orders, name="x"),
        (r"/static/(.*)", tornado.web.StaticFileHandler, {"path": "x"}),
    ] + routes)
            "#,
            "8 mount #Main in #Application at /
            9 mount app/handlers#Orders in #Application at /orders/{value}/
            10 mount app/handlers#Orders in #Application at /named
            12 mount app/handlers#routes in #Application at
            application #Application
            leaf #Main
            leaf app/handlers#Orders
            5 GET  in #Main of #Main
            leaf #Main",
        );
    }
}
