//! Bottle and Robyn: `@app.get("/x")`, `@route("/x", method="POST")` on the default application, `app.mount("/a", other)`.

use super::routers::{self, Include, Shape, VERBS};
use crate::extract::code::Framework;
use crate::extract::code::paths::Style;

pub const FRAMEWORK: Framework =
    Framework { name: "bottle", marks: &["bottle", "robyn"], read: |code, output| routers::read(code, output, &SHAPE) };

pub const SHAPE: Shape = Shape {
    framework: "bottle",
    packages: &["bottle", "robyn"],
    applications: &["Bottle", "default_app", "Robyn"],
    routers: &["SubRouter"],
    prefix: "prefix",
    prefix_at: None,
    replaces: false,
    verbs: VERBS,
    any: &["route"],
    methods: &["method", "methods"],
    default_methods: &["GET"],
    sockets: &["websocket"],
    adds: &[],
    mounts: &[
        Include { member: "mount", child: 1, child_name: "app", prefix: Some(0), prefix_name: "prefix" },
        Include { member: "include_router", child: 0, child_name: "router", prefix: None, prefix_name: "prefix" },
    ],
    plain: true,
    style: Style::Angle,
};

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn the_default_application_needs_no_name() {
        check(
            "app.py",
            r#"
from bottle import Bottle, get, route, run
import bottle
app = Bottle()
@app.get("/a/<id:int>")
def a(id): ...
@get("/b")
def b(): ...
@route("/c", method=["POST", "PUT"])
def c(): ...
@bottle.route("/d", method="DELETE")
def d(): ...
app.mount("/sub", other)
            "#,
            "5 GET /a/{id} in #app
            7 GET /b
            9 POST /c
            9 PUT /c
            11 DELETE /d
            13 mount #other in #app at /sub
            application #app",
        );
    }
}
