//! Flask and what is built on it: `@app.route("/x", methods=[…])`, blueprints, `add_url_rule`, resources of REST extensions.

use super::routers::{self, Add, Include, Shape, VERBS};
use crate::extract::code::Framework;
use crate::extract::code::paths::Style;

pub const FRAMEWORK: Framework =
    Framework { name: "flask", marks: &["flask", "quart", "apiflask"], read: |code, output| routers::read(code, output, &SHAPE) };

pub const SHAPE: Shape = Shape {
    framework: "flask",
    packages: &["flask", "quart", "apiflask", "flask_openapi3", "flask_smorest", "flask_classful"],
    applications: &["Flask", "Quart", "APIFlask", "OpenAPI"],
    routers: &["Blueprint", "APIBlueprint"],
    prefix: "url_prefix",
    prefix_at: None,
    replaces: true,
    verbs: VERBS,
    any: &["route"],
    methods: &["methods"],
    default_methods: &["GET"],
    sockets: &["websocket"],
    adds: &[Add { member: "add_url_rule", method: None, path: 0, handler: 2, handler_name: "view_func", methods: None }],
    mounts: &[
        Include { member: "register_blueprint", child: 0, child_name: "blueprint", prefix: None, prefix_name: "url_prefix" },
        Include { member: "register_api", child: 0, child_name: "api", prefix: None, prefix_name: "url_prefix" },
    ],
    plain: false,
    style: Style::Angle,
};

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn routes_of_an_application_and_of_blueprints() {
        check(
            "app.py",
            r#"
from flask import Flask, Blueprint, request
from users.views import users, Admin
from . import orders
app = Flask(__name__)
bp = Blueprint("api", __name__, url_prefix="/api")
METHODS = ["GET", "POST"]

@app.route("/")
def index(): ...

@app.route("/pay/<int:id>", methods=["POST", "OPTIONS"], strict_slashes=False)
@login_required
def pay(id): ...

@bp.get("/items")
def items(): ...

@bp.route("/both", methods=METHODS)
def both(): ...

app.register_blueprint(bp)
app.register_blueprint(users, url_prefix="/users")
bp.register_blueprint(orders.bp, url_prefix=f"/orders")
app.add_url_rule("/health", "health", health)
app.add_url_rule("/write", view_func=write, methods=["PUT"])
app.add_url_rule("/admin", view_func=Admin.as_view("admin"))
requests.get("/nothing")
            "#,
            "9 GET / in #app
            12 POST /pay/{id} in #app
            16 GET /items in #bp
            19 GET /both in #bp
            19 POST /both in #bp
            25 GET /health in #app
            26 PUT /write in #app
            22 mount #bp in #app at
            23 mount users/views#users in #app at /users
            24 mount #orders.bp in #bp at /orders
            27 mount users/views#Admin in #app at /admin
            application #app
            leaf users/views#Admin
            6 default /api of #bp",
        );
    }

    #[test]
    fn a_factory_returns_its_application() {
        check(
            "bank/app.py",
            "
from flask import Flask
def create_app():
    app = Flask(__name__)
    @app.route('/version', methods=['GET'])
    def version(): ...
    return app
if __name__ == '__main__':
    app = create_app()
    app.run()
            ",
            "5 GET /version in #create_app()
            application #create_app()
            8 entry flask",
        );
    }
}
