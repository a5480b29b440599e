//! Functions that answer HTTP by themselves: Chalice, and the resolvers of Powertools for AWS Lambda.

use super::routers::{self, Include, Shape, VERBS};
use crate::extract::code::Framework;
use crate::extract::code::paths::Style;

pub const FRAMEWORK: Framework = Framework {
    name: "serverless",
    marks: &["chalice", "aws_lambda_powertools"],
    read: |code, output| routers::read(code, output, &SHAPE),
};

pub const SHAPE: Shape = Shape {
    framework: "serverless",
    packages: &["chalice", "aws_lambda_powertools"],
    applications: &[
        "Chalice",
        "APIGatewayRestResolver",
        "APIGatewayHttpResolver",
        "ApiGatewayResolver",
        "ALBResolver",
        "LambdaFunctionUrlResolver",
        "VPCLatticeResolver",
        "VPCLatticeV2Resolver",
    ],
    routers: &["Blueprint", "Router", "APIGatewayRouter"],
    prefix: "url_prefix",
    prefix_at: None,
    replaces: true,
    verbs: VERBS,
    any: &["route"],
    methods: &["methods", "method"],
    default_methods: &["GET"],
    sockets: &[],
    adds: &[],
    mounts: &[
        Include { member: "include_router", child: 0, child_name: "router", prefix: None, prefix_name: "prefix" },
        Include { member: "register_blueprint", child: 0, child_name: "blueprint", prefix: None, prefix_name: "url_prefix" },
    ],
    plain: false,
    style: Style::Angle,
};

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn resolvers_and_chalice_have_routes() {
        check(
            "handler.py",
            r#"
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from routes import orders
app = APIGatewayRestResolver()
@app.get("/todos/<id>")
def one(id): ...
@app.route("/many", method=["PUT", "POST"])
def many(): ...
app.include_router(orders.router, prefix="/orders")
def handler(event, context):
    return app.resolve(event, context)
            "#,
            "5 GET /todos/{id} in #app
            7 PUT /many in #app
            7 POST /many in #app
            9 mount #orders.router in #app at /orders
            application #app"
                .replace("#orders.router", "routes#orders.router")
                .as_str(),
        );
        check(
            "app.py",
            "
from chalice import Chalice
app = Chalice(app_name='x')
@app.route('/a/{id}', methods=['DELETE'])
def a(id): ...
            ",
            "4 DELETE /a/{id} in #app
            application #app",
        );
    }
}
