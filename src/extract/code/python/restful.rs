//! Resources of Flask's REST extensions: `api.add_resource(Orders, "/orders")` of Flask-RESTful, `@ns.route("/orders")` on a class and
//! `api.add_namespace(ns, path="/x")` of Flask-RESTX.

use std::ops::Range;
use std::sync::Arc;

use super::names::Names;
use super::syntax::{self, Assignment, call, decorators, imports_any, library};
use crate::extract::Output;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Routing, ScopePrefix, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "flask-restful",
    marks: &["add_resource", "add_namespace", "flask_restx", "flask_restplus", "flask_restful"],
    read,
};

const PACKAGES: &[&str] = &["flask_restful", "flask_restx", "flask_restplus"];

fn read(code: &Code, output: &mut Output) {
    if !imports_any(code, PACKAGES) && !imports_any(code, &["flask"]) && !code.text.contains("add_") {
        return;
    }
    let names = Names::new(code);
    let mut reader = Reader { code, names, routing: Routing { framework: "flask-restful".into(), ..Routing::default() } };
    reader.made();
    reader.decorated();
    reader.called();
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    names: Names<'c, 't>,
    routing: Routing,
}

impl Reader<'_, '_> {
    /// The bracket after an `Api` or `Namespace` that is made, and its name.
    fn construction(&self, value: Range<usize>) -> Option<(usize, &'static str)> {
        let (callee, open) = call(self.code, value)?;
        let (package, last) = library(self.code, &self.code.dotted(callee)?);
        let known = ["Api", "Namespace"].into_iter().find(|name| *name == last)?;
        PACKAGES.contains(&&*package).then_some((open, known))
    }

    /// An `Api` lies in the application or blueprint that it is given, a namespace of an `Api` in it.
    fn made(&mut self) {
        let code = self.code;
        for index in 0..self.names.assignments.len() {
            let value = self.names.assignments[index].value.clone();
            let scope = self.names.scope_of(index);
            // `ns = api.namespace("orders", path="/x")`.
            if let Some((callee, open)) = call(code, value.clone())
                && code.is(callee.end - 1, "namespace")
                && callee.len() >= 3
                && let Some(parent) = self.names.scope(callee.start..callee.end - 2, &|of| self.is_made(of))
            {
                let prefix = self.namespace_prefix(open);
                let at = code.location(value);
                self.routing.mounts.push(Mount { at, parent, child: scope, prefix });
                continue;
            }
            let Some((open, kind)) = self.construction(value.clone()) else { continue };
            let arguments = code.arguments(open);
            let at = code.location(value);
            if kind == "Namespace" {
                let prefix = self.namespace_prefix(open);
                self.routing.defaults.push(ScopePrefix { at, scope, prefix });
                continue;
            }
            let prefix = code.named(&arguments, "prefix").map_or_else(|| literal(""), |range| self.path(range));
            match code.positional(&arguments).next().or(arguments.iter().find(|part| code.is(part.start, "app"))) {
                Some(first) => {
                    let first = if code.is(first.start + 1, "=") { first.start + 2..first.end } else { first.clone() };
                    if let Some(parent) = self.names.scope(first, &|_| false) {
                        self.routing.mounts.push(Mount { at, parent, child: scope, prefix });
                    }
                }
                // It meets its application elsewhere (`api.init_app(app)`): nothing but its own prefix stands before it.
                None => {
                    let parent: Arc<str> = format!("{scope}.application").into();
                    self.routing.applications.push(Arc::clone(&parent));
                    self.routing.mounts.push(Mount { at, parent, child: scope, prefix });
                }
            }
        }
    }

    fn is_made(&self, assignment: &Assignment) -> bool {
        let is_namespace =
            || call(self.code, assignment.value.clone()).is_some_and(|(callee, _)| self.code.is(callee.end - 1, "namespace"));
        self.construction(assignment.value.clone()).is_some() || is_namespace()
    }

    fn path(&self, range: Range<usize>) -> Value {
        template(syntax::value(self.code, range), Style::Angle)
    }

    /// The path of a namespace is told, or is its name.
    fn namespace_prefix(&self, open: usize) -> Value {
        let arguments = self.code.arguments(open);
        let path = self.code.named(&arguments, "path").map(|range| self.path(range));
        let name = || self.code.positional(&arguments).next().cloned().or_else(|| self.code.named(&arguments, "name"));
        path.or_else(|| Some(concat([literal("/"), syntax::value(self.code, name()?)]))).unwrap_or_else(|| literal(""))
    }

    /// `@ns.route("/a", "/b")` on a class.
    fn decorated(&mut self) {
        let code = self.code;
        for decorator in decorators(code).into_iter().filter(|decorator| decorator.is_class) {
            let (owner, member) = decorator.parts();
            let Some(open) = decorator.open.filter(|_| matches!(member, "route" | "resource") && !owner.is_empty()) else {
                continue;
            };
            if !imports_any(code, &["flask_restx", "flask_restplus", "flask_restful"]) {
                continue;
            }
            let tokens = decorator.start..open - 2;
            let Some(parent) = self.names.scope(tokens, &|of| self.is_made(of)) else { continue };
            let class = code.symbol(code.text_of(decorator.target + 1));
            let arguments = code.arguments(open);
            let paths: Vec<Range<usize>> = code.positional(&arguments).cloned().collect();
            self.mount(decorator.start..code.after(open), &parent, &class, &paths);
        }
    }

    fn mount(&mut self, at: Range<usize>, parent: &Arc<str>, class: &Arc<str>, paths: &[Range<usize>]) {
        if !self.routing.leaves.contains(class) {
            self.routing.leaves.push(Arc::clone(class));
        }
        for path in paths {
            let prefix = self.path(path.clone());
            let (at, parent) = (self.code.location(at.clone()), Arc::clone(parent));
            self.routing.mounts.push(Mount { at, parent, child: Arc::clone(class), prefix });
        }
    }

    fn called(&mut self) {
        let code = self.code;
        let calls: Vec<_> = code.calls().collect();
        for call in calls {
            let member = code.text_of(call.name);
            if !matches!(member, "add_resource" | "add_namespace") {
                continue;
            }
            let arguments = code.arguments(call.open);
            let unnamed: Vec<Range<usize>> = code.positional(&arguments).cloned().collect();
            let (Some(first), Some(parent)) = (unnamed.first(), self.names.scope(code.receiver(call), &|of| self.is_made(of)))
            else {
                continue;
            };
            let at = call.start..code.after(call.open);
            if member == "add_resource" {
                let Some(class) = code.dotted(first.clone()).map(|name| code.symbol(&name)) else { continue };
                self.mount(at, &parent, &class, &unnamed[1..]);
            } else if let Some(child) = self.names.scope(first.clone(), &|of| self.is_made(of)) {
                let path = code.named(&arguments, "path").or_else(|| unnamed.get(1).cloned());
                let prefix = path.map_or_else(|| literal(""), |range| self.path(range));
                self.routing.mounts.push(Mount { at: code.location(at), parent, child, prefix });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn resources_are_added_to_an_api() {
        check(
            "app.py",
            r#"
from flask import Flask
from flask_restful import Api, Resource
from resources.orders import Orders
app = Flask(__name__)
api = Api(app, prefix="/v1")
class Health(Resource):
    def get(self): ...
api.add_resource(Health, "/health")
api.add_resource(Orders, "/orders", "/orders/<int:id>", endpoint="orders")
            "#,
            "application #app
            6 mount #api in #app at /v1
            9 mount #Health in #api at /health
            10 mount resources/orders#Orders in #api at /orders
            10 mount resources/orders#Orders in #api at /orders/{id}
            leaf #Health
            leaf resources/orders#Orders
            8 GET  in #Health of #Health
            leaf #Health",
        );
    }

    #[test]
    fn namespaces_hold_classes() {
        check(
            "app.py",
            r#"
from flask_restx import Api, Namespace, Resource
from .other import api as other
api = Api()
ns = Namespace("cats", description="x")
dogs = api.namespace("dogs", path="/d")
@ns.route("/")
@ns.param("x", "y")
class Cats(Resource):
    @ns.doc("list")
    def get(self): ...
@dogs.route("/<id>")
class Dog(Resource):
    def put(self, id): ...
api.add_namespace(ns)
api.add_namespace(other, path="/other")
            "#,
            "4 mount #api in #api.application at
            6 mount #dogs in #api at /d
            7 mount #Cats in #ns at /
            12 mount #Dog in #dogs at /{id}
            15 mount #ns in #api at
            16 mount #other.api in #api at /other
            application #api.application
            leaf #Cats
            leaf #Dog
            5 default /cats of #ns
            11 GET  in #Cats of #Cats
            14 PUT  in #Dog of #Dog
            leaf #Cats
            leaf #Dog"
                .replace("#other.api", "other#api")
                .as_str(),
        );
    }
}
