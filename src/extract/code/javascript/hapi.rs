//! Hapi: routes as objects, and plugins that are registered with a prefix.
//!
//! An object with a method, a path and a handler is a route wherever it stands in a file of Hapi, or as an argument of `route`; elsewhere in a
//! list that the file exports. What a file that makes no server defines lies in the scope of what it exports, which a prefix may be told for
//! where it is registered.

use std::ops::Range;
use std::sync::Arc;

use super::{known, modules, values};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing};

pub const FRAMEWORK: Framework = Framework { name: "hapi", marks: &["hapi", ".route(", "method:", "routes:"], read };

/// Objects of a list before the one that is looked at.
const MOST_BEFORE: usize = 64;
/// What a plugin or list of routes goes by in other files.
const EXPORTED: &str = "#default";
const SERVER: &str = "#hapi";

fn read(code: &Code, output: &mut Output) {
    let speaks = ["@hapi/", "'hapi'", "\"hapi\""].iter().any(|mark| code.text.contains(mark));
    let of_hapi = |call: &Call| code.receiver_name(*call).is_some_and(|of| of.eq_ignore_ascii_case("hapi"));
    let serves = speaks && code.calls().any(|call| code.is_any(call.name, &["server", "Server"]) && of_hapi(&call));
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    let scope: Option<Arc<str>> = (!serves).then(|| EXPORTED.into());
    let parent = if serves { SERVER } else { EXPORTED };
    let mut given: Vec<Range<usize>> = Vec::new();
    for call in code.calls().filter(|call| call.start < call.name) {
        match code.text_of(call.name) {
            "route" => given.push(code.inside(call.open)),
            "register" => registered(code, call.open, parent, &mut routing),
            _ => {}
        }
    }
    let mut inside = given.iter().peekable();
    for at in (0..code.len()).filter(|&at| code.is(at, "{")) {
        while inside.peek().is_some_and(|range| range.end <= at) {
            inside.next();
        }
        let is_given = inside.peek().is_some_and(|range| range.contains(&at));
        if speaks || is_given || is_listed(code, at) {
            route(code, at, scope.clone(), &mut routing);
        }
    }
    if serves && !routing.mounts.is_empty() {
        routing.applications.push(SERVER.into());
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

/// `module.exports = [{ … }]`, `export default [{ … }]`, `export const routes = [{ … }]`, with a type or without.
fn is_listed(code: &Code, object: usize) -> bool {
    let mut before = object;
    // Objects before it in the list.
    for _ in 0..MOST_BEFORE {
        match before.checked_sub(1) {
            Some(comma) if code.is(comma, ",") && comma > 0 && code.is(comma - 1, "}") => before = code.partner(comma - 1),
            _ => break,
        }
    }
    let Some(open) = before.checked_sub(1).filter(|&open| code.is(open, "[")) else { return false };
    let Some(last) = open.checked_sub(1) else { return false };
    let from = last.saturating_sub(8);
    code.is_any(last, &["=", "default"]) && (from..last + 1).any(|at| code.is_any(at, &["exports", "export"]))
}

fn route(code: &Code, open: usize, scope: Option<Arc<str>>, routing: &mut Routing) {
    let entries = values::entries(code, open..code.after(open));
    let find = |name: &str| entries.iter().find(|(at, _)| values::key(code, *at) == name).map(|(_, value)| value.clone());
    let (Some(method), Some(path)) = (find("method"), find("path")) else { return };
    if find("handler").or(find("options")).or(find("config")).is_none() {
        return;
    }
    let path = values::value(code, path);
    let path = paths::template(path, Style::Braces);
    for method in values::list(code, method) {
        let name = match code.kind(method.start) {
            Some(TokenKind::Literal) => code.literal(method.start).map(|text| text.to_ascii_uppercase()),
            _ => None,
        };
        let method = name.filter(|name| name != "*").unwrap_or_else(|| "ANY".to_owned());
        if matches!(&*method, "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "HEAD" | "ANY") {
            let at = code.at(open);
            routing.routes.push(Route { at, method: method.into(), path: path.clone(), scope: scope.clone(), owner: None });
        }
    }
}

/// `server.register(users, { routes: { prefix: '/v1' } })`, `server.register({ plugin: users, routes: { prefix: '/v1' } })`.
/// Without a prefix a plugin is where it would be anyway.
fn registered(code: &Code, open: usize, parent: &str, routing: &mut Routing) {
    let arguments = code.arguments(open);
    let Some(first) = arguments.first() else { return };
    for plugin in values::list(code, first.clone()) {
        let named = values::property(code, plugin.clone(), "plugin");
        let options = if named.is_some() { Some(plugin.clone()) } else { arguments.get(1).cloned() };
        let routes = options.and_then(|options| values::property(code, options, "routes"));
        let Some(prefix) = routes.and_then(|routes| values::property(code, routes, "prefix")) else { continue };
        let child = named.unwrap_or(plugin);
        let module = match modules::required(code, child.start) {
            Some((specifier, _)) => Some(modules::module(code.path, &specifier).0),
            None => code.dotted(child.clone()).and_then(|name| {
                let first = name.split('.').next().unwrap_or(&name).to_owned();
                known(code).imported.iter().find(|import| import.local == first && import.own).map(|import| import.module.clone())
            }),
        };
        let Some(module) = module else { continue };
        let child = format!("{module}{EXPORTED}").into();
        let prefix = values::value(code, prefix);
        routing.mounts.push(Mount { at: code.location(first.clone()), parent: parent.into(), child, prefix });
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn objects_are_routes_of_servers_and_plugins() {
        check(
            "src/server.js",
            r#"const Hapi = require('@hapi/hapi');
const users = require('./users');
const server = Hapi.server({ port: 3000 });
server.route({ method: 'GET', path: '/orders/{id}', handler: show });
server.route([{ method: ['PUT', 'POST'], path: '/orders', options: { handler: save } }, { method: '*', path: '/{any*}', handler: lost }]);
await server.register(users, { routes: { prefix: '/v1' } });
await server.register([{ plugin: require('./carts'), routes: { prefix: '/v2' } }, Inert]);
request({ method: 'GET', path: '/no' });
"#,
            "4 GET /orders/{id}
            5 PUT /orders
            5 POST /orders
            5 ANY /{rest}
            6 mount src/users#default in #hapi at /v1
            7 mount src/carts#default in #hapi at /v2
            application #hapi",
        );
        check(
            "src/users.js",
            "exports.plugin = { name: 'users', register: (server) => {\n server.route({ method: 'GET', path: '/users', handler: (request, h) => h })\n} };",
            "2 GET /users in #default",
        );
        check(
            "src/shop.js",
            "exports.register = async (server) => { await server.register({ plugin: require('./carts'), routes: { prefix: '/carts' } }); };",
            "1 mount src/carts#default in #default at /carts",
        );
        check(
            "src/routes.js",
            "module.exports = [\n { method: 'GET', path: '/a', handler: a },\n { method: 'POST', path: '/b', handler: b },\n];",
            "2 GET /a in #default
            3 POST /b in #default",
        );
    }

    #[test]
    fn other_objects_are_no_routes() {
        check(
            "src/client.js",
            "fetch({ method: 'GET', path: '/a', handler: b });\nconst c = [{ method: 'GET', path: '/d', handler: e }];",
            "",
        );
        // Fastify registers alike and says its prefix otherwise.
        check(
            "src/app.js",
            "const app = require('fastify')();\nconst users = require('./users');\napp.register(users, { prefix: '/v1' });",
            "3 mount src/users#default(0) in #app at /v1
            application #app",
        );
        check("src/menu.ts", "export const menu = [{ path: '/a', component: B }];", "");
    }
}
