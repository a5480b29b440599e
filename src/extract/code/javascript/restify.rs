//! Restify: routes of servers, and of routers of restify-router.

use super::routers::{self, Family, Reader, Scope, Step, method_of};
use crate::extract::code::Framework;
use crate::extract::code::paths::{self, Style};

pub const FRAMEWORK: Framework =
    Framework { name: "restify", marks: &["restify"], read: |code, output| routers::read(code, output, &FAMILY) };

const FAMILY: Family = Family {
    name: "restify",
    packages: &["restify", "restify-router"],
    constructors: &["createServer", "Router"],
    applications: &["createServer"],
    types: &["Server", "Router"],
    names: &["server", "app", "router", "api"],
    names_alone: &[],
    prefix_option: "",
    prefixing: &[],
    named_routes: false,
    style: |value| paths::template(value, Style::Colon),
    step,
};

fn step(reader: &mut Reader, step: &Step) -> Option<Scope> {
    if let Some(method) = method_of(step.name) {
        return reader.verb_unless_missing(step, method);
    }
    match step.name {
        // `router.applyRoutes(server, '/prefix')` and `router.add('/prefix', other)` mount; the first is called on the child.
        "add" => {
            reader.mount_all(step);
            Some(step.scope.clone())
        }
        "use" | "pre" | "on" | "listen" => Some(step.scope.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn servers_have_routes() {
        check(
            "src/server.js",
            r#"const restify = require('restify');
const server = restify.createServer({ name: 'orders' });
server.use(restify.plugins.bodyParser());
server.get('/orders/:id', show);
server.post('/orders', (req, res, next) => next());
server.del('/orders/:id', remove);
client.get('/no', show);
server.listen(8080);
"#,
            "4 GET /orders/{id} in #server
            5 POST /orders in #server
            6 DELETE /orders/{id} in #server
            application #server
            8 entry restify",
        );
    }
}
