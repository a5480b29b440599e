//! Sanic: `@app.get("/x")`, `Blueprint("a", url_prefix="/a")`, `app.blueprint(bp)`, `Blueprint.group(…)`.

use super::routers::{self, Add, Include, Shape, VERBS};
use crate::extract::code::Framework;
use crate::extract::code::paths::Style;

pub const FRAMEWORK: Framework =
    Framework { name: "sanic", marks: &["sanic"], read: |code, output| routers::read(code, output, &SHAPE) };

pub const SHAPE: Shape = Shape {
    framework: "sanic",
    packages: &["sanic", "sanic_ext"],
    applications: &["Sanic"],
    routers: &["Blueprint"],
    prefix: "url_prefix",
    prefix_at: Some(1),
    replaces: true,
    verbs: VERBS,
    any: &["route"],
    methods: &["methods"],
    default_methods: &["GET"],
    sockets: &["websocket"],
    adds: &[Add { member: "add_route", method: None, path: 1, handler: 0, handler_name: "handler", methods: Some(2) }],
    mounts: &[Include { member: "blueprint", child: 0, child_name: "blueprint", prefix: None, prefix_name: "url_prefix" }],
    plain: false,
    style: Style::Angle,
};

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn blueprints_and_views() {
        check(
            "app/server.py",
            r#"
from sanic import Sanic, Blueprint
from .orders import Orders, bp as orders
app = Sanic("x")
bp = Blueprint("a", url_prefix="/a")
@bp.get("/b/<id:int>")
async def b(request, id): ...
@app.route("/c", methods=["POST"])
async def c(request): ...
app.blueprint(bp)
app.blueprint(orders, url_prefix="/o")
app.add_route(Orders.as_view(), "/orders")
app.add_route(d, "/d", methods=["PUT"])
            "#,
            "6 GET /b/{id} in #bp
            8 POST /c in #app
            13 PUT /d in #app
            10 mount #bp in #app at
            11 mount app/orders#bp in #app at /o
            12 mount app/orders#Orders in #app at /orders
            application #app
            leaf app/orders#Orders
            5 default /a of #bp",
        );
    }
}
