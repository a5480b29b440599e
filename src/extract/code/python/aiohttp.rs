//! aiohttp: `routes = web.RouteTableDef()`, `@routes.get("/x")`, `app.add_routes([web.get("/x", handler)])`, `app.router.add_get("/x", …)`.

use super::routers::{self, Add, Include, Shape, VERBS};
use crate::extract::code::Framework;
use crate::extract::code::paths::Style;

pub const FRAMEWORK: Framework =
    Framework { name: "aiohttp", marks: &["aiohttp"], read: |code, output| routers::read(code, output, &SHAPE) };

const fn add(member: &'static str, method: &'static str) -> Add {
    Add { member, method: Some(method), path: 0, handler: 1, handler_name: "handler", methods: None }
}

pub const SHAPE: Shape = Shape {
    framework: "aiohttp",
    packages: &["aiohttp"],
    applications: &["Application"],
    routers: &["RouteTableDef"],
    prefix: "",
    prefix_at: None,
    replaces: false,
    verbs: VERBS,
    any: &["view"],
    methods: &["method"],
    default_methods: &["ANY"],
    sockets: &[],
    adds: &[
        add("add_get", "GET"),
        add("add_post", "POST"),
        add("add_put", "PUT"),
        add("add_patch", "PATCH"),
        add("add_delete", "DELETE"),
        Add { member: "add_view", method: None, path: 0, handler: 1, handler_name: "handler", methods: None },
        Add { member: "add_route", method: None, path: 1, handler: 2, handler_name: "handler", methods: Some(0) },
    ],
    mounts: &[
        Include { member: "add_routes", child: 0, child_name: "routes", prefix: None, prefix_name: "" },
        Include { member: "add_subapp", child: 1, child_name: "subapp", prefix: Some(0), prefix_name: "prefix" },
    ],
    plain: false,
    style: Style::Braces,
};

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn tables_lists_and_calls_are_routes() {
        check(
            "app/main.py",
            r#"
from aiohttp import web, ClientSession
from .admin import admin_app, routes as admin_routes
routes = web.RouteTableDef()
@routes.get("/a/{id:\d+}")
async def a(request): ...
@routes.view("/view")
class View(web.View):
    async def get(self): ...
table = [web.get("/t", t)]
async def make():
    app = web.Application()
    app.add_routes(routes)
    app.add_routes([web.get("/b", b), web.post("/c", c), web.view("/d", D), web.static("/s", "s")])
    app.add_routes(table)
    app.router.add_get("/e", e)
    app.router.add_route("PUT", "/f", f)
    app.router.add_route("*", "/g", g)
    app.add_subapp("/admin", admin_app)
    async with session.get("/not") as response: ...
    return app
            "#,
            "5 GET /a/{id} in #routes
            16 GET /e in #make()
            17 PUT /f in #make()
            18 ANY /g in #make()
            7 mount #View in #routes at /view
            13 mount #routes in #make() at
            15 mount #table in #make() at
            19 mount app/admin#admin_app in #make() at /admin
            application #make()
            leaf #View
            10 GET /t in #table
            14 GET /b in #make()
            14 POST /c in #make()
            14 mount #D in #make() at /d
            leaf #D
            9 GET  in #View of #View
            leaf #View",
        );
    }
}
