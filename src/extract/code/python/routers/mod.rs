//! Frameworks whose applications and routers are objects: `router = APIRouter(prefix="/a")`, `@router.get("/b")`,
//! `app.include_router(router)`.
//!
//! A framework says with a [`Shape`] what its classes and members are called; routes, mounts and applications come out. A receiver counts
//! when the file makes it from one of the classes, is given it as a parameter, or imports it from a module of one's own.

mod handlers;
mod receivers;
mod shape;

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::names::{Found, Names, is_type};
use super::syntax::{self, Assignment, Decorator, call, decorators, imports_any, library, note};
use super::{SHAPES, classes_made_of};
use crate::extract::Output;
use crate::extract::code::paths::template;
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework, calls::Call};
use crate::facts::{Fact, Handler, HandlerKind, Mount, Route, Routing, Value};
use receivers::Receiver;
use shape::{KNOWN, SHAPE};

pub use handlers::{class_of, methods_in};
pub use shape::{Add, Include, Shape, VERBS};

/// Routes of files that import no framework: they register on an object that another file makes.
pub const FRAMEWORK: Framework = Framework { name: "python", marks: MARKS, read: |code, output| read(code, output, &SHAPE) };

/// Members that mark a file in which routes may stand, whatever it imports.
const MARKS: &[&str] = &[
    ".get(",
    ".post(",
    ".put(",
    ".delete(",
    ".patch(",
    ".route(",
    ".websocket(",
    "include_router(",
    "register_blueprint(",
    "add_api_route(",
    "add_url_rule(",
    "api_route(",
];

const RESOURCES: &[&str] = &["flask_restful", "flask_restx", "flask_restplus"];

pub fn read(code: &Code, output: &mut Output, shape: &'static Shape) {
    let Some(found) = routing(code, shape) else { return };
    let (routing, sockets) = found;
    output.facts.extend(sockets.into_iter().map(Fact::Handler));
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

/// The routing of a file, and what clients subscribe to; None for a file that does not use the framework.
pub fn routing(code: &Code, shape: &'static Shape) -> Option<(Routing, Vec<Handler>)> {
    if !imports_any(code, shape.packages) {
        // A file that imports no framework can still use an object of another file.
        let by_other = shape.packages.is_empty() && !SHAPES.iter().any(|other| imports_any(code, other.packages));
        if !by_other {
            return None;
        }
    }
    let mut reader = Reader::new(code, shape);
    reader.made();
    reader.decorated();
    reader.called();
    Some((reader.routing, reader.sockets))
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    shape: &'static Shape,
    names: Names<'c, 't>,
    /// Classes of the file that are made of the framework's, and which of them are applications.
    classes: FxHashMap<String, bool>,
    /// By scope: its own prefix.
    prefixes: FxHashMap<Arc<str>, Value>,
    routing: Routing,
    sockets: Vec<Handler>,
}
impl<'c, 't> Reader<'c, 't> {
    fn new(code: &'c Code<'t>, shape: &'static Shape) -> Self {
        let routing = Routing { framework: shape.framework.into(), ..Routing::default() };
        let mut classes = FxHashMap::default();
        for (kinds, application) in [(shape.applications, true), (shape.routers, false)] {
            for name in classes_made_of(code, shape.packages, kinds) {
                classes.insert(name, application);
            }
        }
        let (prefixes, sockets) = (FxHashMap::default(), Vec::new());
        Reader { code, shape, names: Names::new(code), classes, prefixes, routing, sockets }
    }
    fn decorated(&mut self) {
        for decorator in decorators(self.code) {
            let (owner, member) = decorator.parts();
            let Some(open) = decorator.open else { continue };
            let verb = self.shape.verbs.iter().find(|(name, _)| *name == member).map(|(_, method)| *method);
            let any = self.shape.any.contains(&member);
            let socket = self.shape.sockets.contains(&member);
            if verb.is_none() && !any && !socket {
                continue;
            }
            let arguments = self.code.arguments(open);
            let Some(path) = self.path(&arguments, 0) else { continue };
            if self.shape.plain && self.is_plain(&decorator.name) {
                let methods = verb.map_or_else(|| self.methods(&arguments, None), |method| vec![method.into()]);
                let before = self.routing.routes.len();
                self.routes(decorator.start..self.code.after(open), &"#".into(), path, &methods);
                self.routing.routes[before..].iter_mut().for_each(|route| route.scope = None);
                continue;
            }
            // Extensions for REST that put classes below paths are read by themselves.
            if decorator.is_class && imports_any(self.code, RESOURCES) {
                continue;
            }
            let Some(receiver) = self.receiver(owner, decorator.start) else { continue };
            if !receiver.certain && !self.reads_as_path(path.clone()) {
                continue;
            }
            self.enter_decorated(&decorator, receiver, verb, socket, path, &arguments);
        }
    }

    /// True for a member of the library's module, which registers on its default application.
    fn is_plain(&self, name: &str) -> bool {
        let imported = self.code.imports().contains_key(name.split('.').next().unwrap_or(name));
        imported && self.shape.packages.contains(&&*library(self.code, name).0)
    }

    fn enter_decorated(
        &mut self,
        decorator: &Decorator,
        receiver: Receiver,
        verb: Option<&'static str>,
        socket: bool,
        path: Range<usize>,
        arguments: &[Range<usize>],
    ) {
        let at = decorator.start..self.code.after(decorator.open.unwrap_or(decorator.start));
        if decorator.is_class {
            let class = self.code.symbol(self.code.text_of(decorator.target + 1));
            self.leaf(at, &receiver.scope, class, path);
        } else if socket {
            self.socket(at, &receiver.scope, path);
        } else {
            let methods = verb.map_or_else(|| self.methods(arguments, None), |method| vec![method.into()]);
            self.routes(at, &receiver.scope, path, &methods);
        }
    }

    /// The path among arguments: the one at a place, or by name.
    fn path(&self, arguments: &[Range<usize>], place: usize) -> Option<Range<usize>> {
        let named =
            ["path", "rule", "uri", "url", "route", "endpoint_path"].iter().find_map(|name| self.code.named(arguments, name));
        self.code.positional(arguments).nth(place).cloned().or(named)
    }

    /// True for a text that begins as a path, and for what may be one.
    fn reads_as_path(&self, range: Range<usize>) -> bool {
        match syntax::value(self.code, range) {
            Value::Literal(text) => text.is_empty() || text.starts_with(['/', '<', '{']),
            Value::Concat(parts) => match parts.first() {
                Some(Value::Literal(text)) => text.starts_with('/'),
                first => matches!(first, Some(Value::Symbol(_))),
            },
            Value::Symbol(_) => true,
            _ => false,
        }
    }

    /// The methods among arguments; `ANY` where they are told by something that can't be read.
    fn methods(&self, arguments: &[Range<usize>], place: Option<usize>) -> Vec<Arc<str>> {
        let named = self.shape.methods.iter().find_map(|name| self.code.named(arguments, name));
        let at_place = || place.and_then(|place| self.code.positional(arguments).nth(place).cloned());
        match named.or_else(at_place) {
            Some(range) => methods_in(&self.names, range),
            None => self.shape.default_methods.iter().map(|method| (*method).into()).collect(),
        }
    }

    fn whole(&self, scope: &Arc<str>, path: Value) -> Value {
        match self.prefixes.get(scope) {
            Some(prefix) => concat([prefix.clone(), path]),
            None => path,
        }
    }

    fn routes(&mut self, at: Range<usize>, scope: &Arc<str>, path: Range<usize>, methods: &[Arc<str>]) {
        let path = self.whole(scope, template(syntax::value(self.code, path), self.shape.style));
        for method in methods {
            let scope = Some(Arc::clone(scope));
            let at = self.code.location(at.clone());
            self.routing.routes.push(Route { at, method: Arc::clone(method), path: path.clone(), scope, owner: None });
        }
    }

    fn socket(&mut self, at: Range<usize>, scope: &Arc<str>, path: Range<usize>) {
        let name = self.whole(scope, template(syntax::value(self.code, path), self.shape.style));
        let framework = self.shape.framework.into();
        self.sockets.push(Handler { at: self.code.location(at), kind: HandlerKind::Subscription, framework, name });
    }

    /// A class or something else that handles requests, at a path.
    fn leaf(&mut self, at: Range<usize>, parent: &Arc<str>, child: Arc<str>, path: Range<usize>) {
        let prefix = self.whole(parent, template(syntax::value(self.code, path), self.shape.style));
        if !self.routing.leaves.contains(&child) {
            self.routing.leaves.push(Arc::clone(&child));
        }
        self.routing.mounts.push(Mount { at: self.code.location(at), parent: Arc::clone(parent), child, prefix });
    }

    fn called(&mut self) {
        let calls: Vec<Call> = self.code.calls().collect();
        for call in calls {
            let member = self.code.text_of(call.name);
            let is_decorator = call.start.checked_sub(1).is_some_and(|at| self.code.is(at, "@"));
            let is_head = call.name.checked_sub(1).is_some_and(|at| self.code.is_any(at, &["def", "class"]));
            if is_decorator || is_head {
                continue;
            }
            if let Some(include) = self.shape.mounts.iter().find(|include| include.member == member) {
                self.include(call, include);
            } else if let Some(add) = self.shape.adds.iter().find(|add| add.member == member) {
                self.add(call, add);
            } else if self.code.is(self.code.after(call.open), "(") {
                self.applied(call);
            } else {
                self.hand_over(call);
            }
        }
    }

    /// `app.post("/x")(handler)`: a decorator that is applied like a function.
    fn applied(&mut self, call: Call) {
        let member = self.code.text_of(call.name);
        let verb = self.shape.verbs.iter().find(|(name, _)| *name == member).map(|(_, method)| *method);
        if verb.is_none() && !self.shape.any.contains(&member) {
            return;
        }
        let Some(owner) = self.code.receiver_name(call) else { return };
        let Some(receiver) = self.receiver(&owner, call.start).filter(|receiver| receiver.certain) else { return };
        let arguments = self.code.arguments(call.open);
        let Some(path) = self.path(&arguments, 0) else { return };
        let methods = verb.map_or_else(|| self.methods(&arguments, None), |method| vec![method.into()]);
        self.routes(call.start..self.code.after(call.open), &receiver.scope, path, &methods);
    }

    fn include(&mut self, call: Call, include: &Include) {
        let Some(owner) = self.code.receiver_name(call) else { return };
        let Some(receiver) = self.receiver(&owner, call.start) else { return };
        let arguments = self.code.arguments(call.open);
        let mut unnamed = self.code.positional(&arguments);
        let child = unnamed.nth(include.child).cloned().or_else(|| self.code.named(&arguments, include.child_name));
        let Some(child) = child else { return };
        let at = call.start..self.code.after(call.open);
        let at_place = || include.prefix.and_then(|place| self.code.positional(&arguments).nth(place).cloned());
        let prefix = self.code.named(&arguments, include.prefix_name).or_else(at_place);
        let prefix = prefix.filter(|range| !self.code.is(range.start, "None"));
        let written = prefix.map_or_else(|| literal(""), |range| template(syntax::value(self.code, range), self.shape.style));
        let prefix = self.whole(&receiver.scope, written);
        for child in self.children(child) {
            match child {
                Some(child) => {
                    self.routing.applications.retain(|application| *application != child);
                    let parent = Arc::clone(&receiver.scope);
                    self.routing.mounts.push(Mount { at: self.code.location(at.clone()), parent, child, prefix: prefix.clone() });
                }
                None => self.routing.uncounted.push(note(self.code, at.clone(), "what is mounted is known at run time only")),
            }
        }
    }

    /// The scopes that an argument may be: one, or each of a list that a loop goes over. None for what can't be told.
    fn children(&self, range: Range<usize>) -> Vec<Option<Arc<str>>> {
        let best = |assignment: &Assignment| self.construction(assignment.value.clone()).is_some();
        // Files and what a library makes are no operations of the program.
        if let Some((callee, _)) = call(self.code, range.clone())
            && let Some(name) = self.code.dotted(callee)
        {
            let (package, last) = library(self.code, &name);
            if matches!(&*last, "StaticFiles" | "StaticFile" | "make_asgi_app" | "make_wsgi_app") {
                return Vec::new();
            }
            if self.class(&name).is_some() || KNOWN.contains(&&*package) {
                return vec![None];
            }
        }
        // Routes that are written here are read as a list of routes.
        if self.code.is(range.start, "[") {
            return Vec::new();
        }
        let name = self.code.dotted(range.clone());
        let found = name.as_ref().map(|name| self.names.find(name, range.start, &best));
        let is_loop =
            name.as_ref().and_then(|name| name.split('.').next()).map(|first| self.names.find(first, range.start, &best));
        let list = match (found, is_loop) {
            (Some(Found::Loop(list)), _) | (_, Some(Found::Loop(list))) => list,
            _ => return vec![self.names.scope(range, &best)],
        };
        let list = match self.code.dotted(list.clone()).map(|name| self.names.find(&name, list.start, &|_| true)) {
            Some(Found::Assigned(index)) => self.names.assignments[index].value.clone(),
            _ => list,
        };
        if !self.code.is_any(list.start, &["[", "("]) || self.code.partner(list.start) + 1 < list.end {
            return vec![None];
        }
        let parts = self.code.split(self.code.inside(list.start), ",");
        parts.into_iter().map(|part| self.names.scope(part, &best)).collect()
    }

    fn add(&mut self, call: Call, add: &Add) {
        let Some(owner) = self.code.receiver_name(call) else { return };
        let Some(receiver) = self.receiver(&owner, call.start) else { return };
        let arguments = self.code.arguments(call.open);
        let Some(path) = self.path(&arguments, add.path) else { return };
        let at_place = || self.code.positional(&arguments).nth(add.handler).cloned();
        let Some(handler) = self.code.named(&arguments, add.handler_name).or_else(at_place) else { return };
        if !self.reads_as_path(path.clone()) && !receiver.certain {
            return;
        }
        let at = call.start..self.code.after(call.open);
        let told = self.shape.methods.iter().any(|name| self.code.named(&arguments, name).is_some());
        match class_of(&self.names, handler) {
            Some(class) if add.method.is_none() && !told => self.leaf(at, &receiver.scope, class, path),
            _ => {
                let methods = add.method.map_or_else(|| self.methods(&arguments, add.methods), |method| vec![method.into()]);
                self.routes(at, &receiver.scope, path, &methods);
            }
        }
    }

    /// An application that is handed to a function of one's own: what is registered there is registered on it.
    fn hand_over(&mut self, call: Call) {
        let Some(name) = self.code.dotted(call.start..call.name + 1) else { return };
        if is_type(&name) || name.starts_with("self.") {
            return;
        }
        for (index, argument) in self.code.arguments(call.open).into_iter().enumerate().take(8) {
            let Some(object) = self.code.dotted(argument.clone()) else { continue };
            let best = |assignment: &Assignment| self.construction(assignment.value.clone()).is_some();
            let Found::Assigned(assigned) = self.names.find(&object, argument.start, &best) else { continue };
            let is_made = best(&self.names.assignments[assigned]);
            if !is_made || self.is_foreign(&name) {
                continue;
            }
            let first = name.split('.').next().unwrap_or(&name);
            if name.contains('.') && !self.code.imports().contains_key(first) {
                continue;
            }
            let child = format!("{}({index})", self.code.symbol(&name)).into();
            let parent = self.names.scope_of(assigned);
            let prefix = self.whole(&parent, literal(""));
            let at = self.code.location(call.start..self.code.after(call.open));
            self.routing.mounts.push(Mount { at, parent, child, prefix });
        }
    }
}
