//! JAX-RS (Jakarta REST): Jersey, RESTEasy, Quarkus, Dropwizard, Helidon.
//!
//! `@Path` on a type is the prefix of its members. A member with a path and no method is a locator: the type that it returns is mounted
//! there. An interface counts where a resource implements it, and never as a client (`@RegisterRestClient`).

use super::controllers::{self, Operation, Standing};
use super::types::{Form, Member, Type, types};
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Mount, Prefix, Routing, Value};

pub const FRAMEWORK: Framework =
    Framework { name: "jax-rs", marks: &["javax.ws.rs", "jakarta.ws.rs", "Resource {", "Api {", "Endpoint {"], read };

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
/// Annotations that give a type a life of its own in the container.
const SCOPES: [&str; 4] = ["ApplicationScoped", "RequestScoped", "Singleton", "Stateless"];

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    let imported = ["javax.ws.rs", "jakarta.ws.rs"].iter().any(|package| code.text.contains(package));
    let own_methods = own_methods(code);
    for of in types(code) {
        if of.annotation(&["RegisterRestClient", "FeignClient", "RestClient"]).is_some() {
            continue;
        }
        if let Some(path) = of.annotation(&["ApplicationPath"]).and_then(|annotation| annotation.value(code, &["value"])) {
            let at = code.at(of.item.name);
            routing.prefixes.push(Prefix { at, path });
            continue;
        }
        resource(code, &of, imported, &own_methods, &mut routing);
    }
    controllers::finish(routing, output);
}

/// Annotations of the file that stand for a method: `@HttpMethod("PATCH") @interface PATCH`.
fn own_methods(code: &Code) -> Vec<(String, &'static str)> {
    if !code.text.contains("@HttpMethod(") {
        return Vec::new();
    }
    let named = |of: Type| {
        let method = of.annotation(&["HttpMethod"])?.attribute(code, "value")?;
        let method = code.word(method.end.wrapping_sub(1)).map(str::to_owned).or(code.literal(method.start).map(Into::into))?;
        Some((of.name.to_owned(), controllers::method(&method)?))
    };
    types(code).into_iter().filter_map(named).collect()
}

fn resource(code: &Code, of: &Type, imported: bool, own_methods: &[(String, &'static str)], routing: &mut Routing) {
    let path = of.annotation(&["Path"]).filter(|_| imported).and_then(|annotation| annotation.value(code, &["value"]));
    let mut operations = Vec::new();
    for member in of.members.iter().filter(|_| imported) {
        let path = member.annotation(&["Path"]).and_then(|annotation| annotation.value(code, &["value"]));
        let mut found = false;
        for annotation in &member.annotations {
            let method = METHODS.into_iter().find(|method| *method == annotation.name);
            let own = || own_methods.iter().find(|(name, _)| name == annotation.name).map(|(_, method)| *method);
            if let Some(method) = method.or_else(own) {
                let at = code.location(annotation.at..annotation.end);
                operations.push(Operation { at, method, path: path.clone().unwrap_or(literal("")) });
                found = true;
            }
        }
        if let Some(path) = path.filter(|_| !found)
            && let Some(child) = located(code, member)
        {
            locator(code, of, member, child, path, routing);
        }
    }
    let prefixes: Vec<Value> = path.into_iter().collect();
    if !prefixes.is_empty() && !controllers::is_base(of) {
        return controllers::add(routing, code, of, Standing::Controller, &prefixes, operations);
    }
    // A bean without a path may have that of the interface that it implements.
    let is_bean = of.form == Form::Class && (of.annotation(&SCOPES).is_some() || of.name.ends_with("Resource"));
    let implements = |base: &String| ["Resource", "Api", "Endpoint"].iter().any(|ending| base.ends_with(ending));
    if is_bean && operations.is_empty() && of.bases.iter().any(implements) {
        return controllers::add(routing, code, of, Standing::Controller, &[], operations);
    }
    controllers::add(routing, code, of, Standing::Base, &prefixes, operations);
}

/// The type that a locator returns, or that a `Class<T>` which it returns stands for; None for one that tells nothing.
fn located(code: &Code, member: &Member) -> Option<String> {
    let item = member.item;
    let (from, to) = match code.language.name() {
        "Kotlin" => {
            let colon = code.after(item.parameters?);
            let from = colon + 1 + 2 * usize::from(code.is_any(colon + 1, &["Class", "KClass"]) && code.is(colon + 2, "<"));
            let mut to = from + 1;
            while code.is(to, ".") && code.word(to + 1).is_some() {
                to += 2;
            }
            (if code.is(colon, ":") { from } else { return None }, to)
        }
        _ => {
            let last = item.name.checked_sub(1)?;
            let last = if code.is(last, ">") { last.checked_sub(1)? } else { last };
            (code.chain_start(last), last + 1)
        }
    };
    let name = code.dotted(from..to)?;
    (!matches!(name.as_str(), "void" | "Object" | "Any" | "String" | "Response" | "Unit")).then_some(name)
}

fn locator(code: &Code, of: &Type, member: &Member, child: String, path: Value, routing: &mut Routing) {
    let parent = of.scope();
    let own = of.annotation(&["Path"]).and_then(|annotation| annotation.value(code, &["value"]));
    let prefix = match own {
        Some(own) if !controllers::is_base(of) => {
            routing.applications.push(parent.clone());
            controllers::join(own, path)
        }
        _ => path,
    };
    let prefix = paths::template(prefix, Style::Braces);
    routing.mounts.push(Mount { at: code.at(member.item.name), parent, child: code.symbol(&child), prefix });
}
