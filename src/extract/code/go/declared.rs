//! Routes of Go that are told as values or texts, and on no router: go-zero, huma, Beego and go-restful.
//!
//! A file comes in, its routes with their whole paths come out. Prefixes are those that the same expression tells.

use std::ops::Range;
use std::sync::Arc;

use super::super::paths::{self, Style};
use super::super::value::literal;
use super::super::{Code, Framework};
use super::values::{Values, join, method_named};
use crate::extract::Output;
use crate::facts::{Fact, Route, Routing, Value};
use crate::source::{Location, Spanned};

pub const FRAMEWORK: Framework =
    Framework { name: "declared", marks: &["go-zero/rest", "danielgtaylor/huma", "/beego", "emicklei/go-restful"], read };

/// Namespaces of one file, and routes in one table.
const MOST_NAMESPACES: usize = 200;
const MOST_ROWS: usize = 2000;

fn read(code: &Code, output: &mut Output) {
    let imported = |path: &str| code.imports().values().any(|symbol| symbol.contains(path));
    let values = Values::new(code);
    if imported("go-zero/rest#") {
        push(output, "go-zero", |routing| tables(code, &values, &["AddRoutes", "AddRoute"], routing));
    }
    if imported("danielgtaylor/huma") {
        push(output, "huma", |routing| {
            tables(code, &values, &["Register"], routing);
            shortcuts(code, &values, routing);
        });
    }
    if imported("/beego") {
        push(output, "beego", |routing| namespaces(code, &values, routing));
    }
    if imported("emicklei/go-restful") {
        push(output, "go-restful", |routing| web_services(code, &values, routing));
    }
}

fn push(output: &mut Output, framework: &str, read: impl FnOnce(&mut Routing)) {
    let mut routing = Routing { framework: framework.into(), ..Routing::default() };
    read(&mut routing);
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

fn add(routing: &mut Routing, at: Location, method: &str, path: Value, style: Style) {
    routing.routes.push(Route { at, method: method.into(), path: paths::template(path, style), scope: None, owner: None });
}

/// `server.AddRoutes([]rest.Route{{Method: http.MethodGet, Path: "/x", Handler: h}}, rest.WithPrefix("/v1"))`.
fn tables(code: &Code, values: &Values, called: &[&str], routing: &mut Routing) {
    let mut end = 0;
    for call in code.calls() {
        // What stands in another table was read with it.
        if call.start < end || !called.contains(&code.text_of(call.name)) {
            continue;
        }
        end = code.after(call.open);
        let inside = code.inside(call.open);
        let prefix = inside.clone().find(|&at| code.is(at, "WithPrefix") && code.is(at + 1, "("));
        let prefix = prefix.map_or(literal(""), |at| values.of(code.inside(at + 1)));
        let style = if called.len() > 1 { Style::Colon } else { Style::Braces };
        for brace in inside.filter(|&at| code.is(at, "{")).take(MOST_ROWS) {
            let parts = code.split(code.inside(brace), ",");
            let field = |name: &str| {
                let part = parts.iter().find(|part| code.is(part.start, name) && code.is(part.start + 1, ":"))?;
                Some(values.of(part.start + 2..part.end))
            };
            if let (Some(Value::Literal(method)), Some(path)) = (field("Method"), field("Path"))
                && let Some(method) = method_named(&method)
            {
                add(routing, code.location(brace..code.after(brace)), method, join(&prefix, path), style);
            }
        }
    }
}

/// `huma.Get(api, "/x", handler)`.
fn shortcuts(code: &Code, values: &Values, routing: &mut Routing) {
    for call in code.calls() {
        let arguments = code.arguments(call.open);
        if code.receiver_name(call).as_deref() == Some("huma")
            && arguments.len() >= 3
            && let Some(method) = method_named(code.text_of(call.name))
        {
            let at = code.location(call.start..code.after(call.open));
            add(routing, at, method, values.of(arguments[1].clone()), Style::Braces);
        }
    }
}

/// `beego.Router("/x", &Controller{}, "get:List;post:Create")`, alone or in `beego.NewNamespace("/v1", …)`.
fn namespaces(code: &Code, values: &Values, routing: &mut Routing) {
    let of_package = |call: &super::super::calls::Call| {
        let name = code.receiver_name(*call)?;
        code.imports().get(&name).filter(|symbol| symbol.contains("/beego"))
    };
    let mut around: Vec<(Range<usize>, Value)> = Vec::new();
    for call in code.calls().filter(|call| of_package(call).is_some()) {
        let arguments = code.arguments(call.open);
        let Some(first) = arguments.first() else { continue };
        let at = code.location(call.start..code.after(call.open));
        let name = code.text_of(call.name);
        let name = name.strip_prefix("NS").unwrap_or(name);
        match name {
            "NewNamespace" | "Namespace" if around.len() < MOST_NAMESPACES => {
                around.push((code.inside(call.open), values.of(first.clone())));
            }
            "Include" | "AutoRouter" => {
                routing.uncounted.push(Spanned::new("operations are told by comments or names of methods".into(), at));
            }
            _ => {
                let is_router = name == "Router" && arguments.len() >= 2;
                let method = method_named(name).filter(|_| arguments.len() == 2 && code.literal(first.start).is_some());
                if !is_router && method.is_none() {
                    continue;
                }
                let before = around.iter().filter(|(range, _)| range.contains(&call.name));
                let prefix = before.fold(literal(""), |all, (_, prefix)| join(&all, prefix.clone()));
                let path = join(&prefix, values.of(first.clone()));
                let told = arguments.get(2).and_then(|told| code.literal_text(told.clone()));
                for method in method.map_or_else(|| methods_of(told.as_ref().map_or("", |text| &text.value)), |one| vec![one]) {
                    add(routing, at, method, path.clone(), Style::Colon);
                }
            }
        }
    }
}

/// `get,post:List;delete:Remove`: methods of a controller by those of HTTP.
fn methods_of(told: &str) -> Vec<&'static str> {
    let heads = told.split(';').filter_map(|part| part.split_once(':'));
    let mut found: Vec<&str> =
        heads.flat_map(|(methods, _)| methods.split(',')).map(|one| method_named(one.trim()).unwrap_or("ANY")).collect();
    found.dedup();
    if found.is_empty() { vec!["ANY"] } else { found }
}

/// `ws.Path("/users")`, then `ws.Route(ws.GET("/{id}").To(get))`.
fn web_services(code: &Code, values: &Values, routing: &mut Routing) {
    let mut prefixes: Vec<(Arc<str>, Value)> = Vec::new();
    for call in code.calls() {
        let Some(first) = code.arguments(call.open).into_iter().next() else { continue };
        let receiver: Arc<str> = code.text_of(code.receiver(call).start).into();
        match code.text_of(call.name) {
            "Path" if prefixes.len() < MOST_NAMESPACES => prefixes.push((receiver, values.of(first))),
            method if method.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                let Some(method) = method_named(method).filter(|_| code.reads(code.after(call.open), &["."])) else { continue };
                let prefix = prefixes.iter().rev().find(|(of, _)| *of == receiver);
                let path = prefix.map_or_else(|| values.of(first.clone()), |(_, prefix)| join(prefix, values.of(first.clone())));
                add(routing, code.location(call.start..code.after(call.open)), method, path, Style::Braces);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::check as compare;

    #[track_caller]
    fn check(import: &str, body: &str, expected: &str) {
        compare("routes.go", &format!("package web; import (\"net/http\"; \"{import}\"); func run() {{\n{body}\n}}"), expected);
    }

    #[test]
    fn routes_are_told_as_values() {
        check(
            "github.com/zeromicro/go-zero/rest",
            "server.AddRoutes(\n[]rest.Route{\n{Method: http.MethodPost, Path: \"/login\", Handler: login(ctx)},\n\
             {Method: http.MethodGet, Path: \"/:id\", Handler: get(ctx)},\n},\nrest.WithPrefix(\"/user/v1\"),\n)\n\
             client.Add([]Request{{Method: http.MethodGet, Path: \"/no\"}})",
            "4 POST /user/v1/login\n5 GET /user/v1/{id}",
        );
        check(
            "github.com/danielgtaylor/huma/v2",
            "huma.Get(api, \"/a/{id}\", get)\nhuma.Register(api, huma.Operation{OperationID: \"b\", Method: http.MethodPut, Path: \"/b\"}, b)",
            "3 PUT /b\n2 GET /a/{id}",
        );
    }

    #[test]
    fn routes_are_told_as_texts() {
        check(
            "github.com/beego/beego/v2/server/web",
            "web.Router(\"/a/:id\", &A{}, \"get:Get;post,put:Save\")\nweb.Router(\"/b\", &B{})\nns := web.NewNamespace(\"/v1\",\n\
             web.NSNamespace(\"/c\", web.NSRouter(\"/d\", &D{}, \"*:All\")),\nweb.NSInclude(&E{}))\nother.Router(\"/x\", &X{})",
            "2 GET /a/{id}\n2 POST /a/{id}\n2 PUT /a/{id}\n3 ANY /b\n5 ANY /v1/c/d\n\
             6 uncounted operations are told by comments or names of methods",
        );
        check(
            "github.com/emicklei/go-restful/v3",
            "ws := new(restful.WebService)\nws.Path(\"/users\").Consumes(restful.MIME_JSON)\n\
             ws.Route(ws.GET(\"/{id}\").To(get))\nws.Route(ws.POST(\"\").To(create))",
            "4 GET /users/{id}\n5 POST /users",
        );
    }
}
