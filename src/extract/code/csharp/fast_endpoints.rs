//! FastEndpoints: a class is an endpoint, and its `Configure` says methods and paths. A group of another file is a scope, called as it is.

use std::sync::Arc;

use super::syntax::{self, Type};
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Prefix, Route, Routing, ScopePrefix, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "fast-endpoints",
    marks: &["Endpoint<", "EndpointWithoutRequest", "Ep.", ": Group", "SubGroup<", "UseFastEndpoints", "MapFastEndpoints"],
    read,
};

const METHODS: [&str; 6] = ["Get", "Post", "Put", "Delete", "Patch", "Head"];

fn read(code: &Code, output: &mut Output) {
    let types = syntax::types(code);
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    for of in types.iter().filter(|of| code.is(of.item.start, "class")) {
        if of.extends("Group") || of.extends("SubGroup") {
            group(code, of, &types, &mut routing);
        } else if is_endpoint(of) && !syntax::modifiers(code, of.item.start).contains(&"abstract") {
            endpoint(code, of, &types, &mut routing);
        }
    }
    // `config.Endpoints.RoutePrefix = "api"`.
    for at in (0..code.len()).filter(|&at| code.is(at, "RoutePrefix") && code.is(at + 1, "=")) {
        if let Some(text) = code.literal(at + 2).filter(|text| !text.is_empty()) {
            routing.prefixes.push(Prefix { at: code.at(at), path: literal(text.as_ref()) });
        }
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

fn is_endpoint(of: &Type) -> bool {
    of.bases.first().is_some_and(|base| {
        let first = base.path.split('.').next().unwrap_or("");
        matches!(first, "Endpoint" | "EndpointWithoutRequest" | "EndpointWithMapper" | "EndpointWithMapping" | "Ep")
    })
}

/// Every call without a receiver in the method `Configure` of a class.
fn configured<'c>(code: &'c Code, of: &Type<'c, '_>, method: &str) -> Vec<(usize, usize)> {
    let methods = syntax::methods(code, of);
    let Some(item) = methods.into_iter().find(|item| code.is(item.name, method)) else { return Vec::new() };
    let calls = item.body.clone().filter(|&open| code.is(open, "(")).filter_map(|open| code.call_before(open));
    calls.filter(|call| call.start == call.name).map(|call| (call.name, call.open)).collect()
}

fn endpoint(code: &Code, of: &Type, types: &[Type], routing: &mut Routing) {
    let mut methods: Vec<Arc<str>> = Vec::new();
    let mut found: Vec<Value> = Vec::new();
    let mut scope = None;
    let texts = |open: usize| code.arguments(open).into_iter().map(|range| values::text(code, range)).collect::<Vec<_>>();
    for (name, open) in configured(code, of, "Configure") {
        match code.text_of(name) {
            method if METHODS.contains(&method) => {
                methods.push(method.to_ascii_uppercase().into());
                found.extend(texts(open));
            }
            "Verbs" => {
                let words = code.inside(open).filter(|&at| code.word(at).is_some() && !code.is(at + 1, "."));
                methods.extend(words.map(|at| code.text_of(at).to_ascii_uppercase().into()));
                let texts = code.inside(open).filter_map(|at| code.literal(at));
                methods.extend(texts.map(|text| text.to_ascii_uppercase().into()));
            }
            "Routes" => found.extend(texts(open)),
            "Group" => {
                let group = syntax::call_types(code, name).into_iter().next();
                scope = group.map(|range| syntax::type_symbol(code, syntax::type_name(code, range), types));
            }
            _ => {}
        }
    }
    for attribute in syntax::attributes(code, of.item) {
        if let Some(method) = attribute.name.strip_prefix("Http").filter(|method| METHODS.contains(method)) {
            methods.push(method.to_ascii_uppercase().into());
            found.extend(attribute.arguments.iter().map(|range| values::text(code, range.clone())));
        }
    }
    let at = code.at(of.item.name);
    for path in found {
        let path = paths::template(path, Style::Braces);
        for method in &methods {
            routing.routes.push(Route { at, method: Arc::clone(method), path: path.clone(), scope: scope.clone(), owner: None });
        }
    }
}

/// `public Admin() { Configure("admin", …); }`.
fn group(code: &Code, of: &Type, types: &[Type], routing: &mut Routing) {
    let configure = of.item.body.clone().find(|&at| code.is(at, "Configure") && code.is(at + 1, "("));
    let Some(range) = configure.and_then(|at| code.arguments(at + 1).first().cloned()) else { return };
    let at = code.at(of.item.name);
    let scope: Arc<str> = format!("#{}", of.name).into();
    let prefix = paths::template(values::text(code, range), Style::Braces);
    let above = of.bases.iter().find(|base| base.name == "SubGroup").and_then(|base| base.arguments.first().cloned());
    routing.applications.push(Arc::clone(&scope));
    match above {
        Some(above) => {
            let parent = syntax::type_symbol(code, syntax::type_name(code, above), types);
            routing.mounts.push(Mount { at, parent, child: scope, prefix });
        }
        None => routing.defaults.push(ScopePrefix { at, scope, prefix }),
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn a_class_configures_its_routes() {
        check(
            "E.cs",
            r#"
public class Create : Endpoint<Request, Response> {
    public override void Configure() { Post("/users"); AllowAnonymous(); Group<Admin>(); Options(x => x.Get("/no")); }
    public override async Task HandleAsync(Request r, CancellationToken c) { await client.Get("/other"); Get("/never"); }
}
public class Many : EndpointWithoutRequest {
    public override void Configure() { Verbs(Http.GET, Http.POST); Routes("/a/{id:int}", "/b"); }
}
[HttpGet("/c")] public class Marked : Ep.NoReq.Res<int> { }
public class Admin : Group { public Admin() { Configure("admin", ep => ep.Description(x => x)); } }
public class Inner : SubGroup<Outer> { public Inner() { Configure("inner", ep => { }); } }
public abstract class Base<T> : Endpoint<T> { public override void Configure() { Get("/x"); } }
public class Other : Tool { public void Configure() { Get("/x"); } }"#,
            "2 POST /users in #Admin
             6 GET /a/{id}
             6 POST /a/{id}
             6 GET /b
             6 POST /b
             9 GET /c
             11 mount #Inner in Outer#Outer at inner
             application #Admin
             application #Inner
             10 default admin of #Admin",
        );
        check("P.cs", "app.UseFastEndpoints(c => { c.Endpoints.RoutePrefix = \"api\"; });", "1 prefix api");
    }
}
