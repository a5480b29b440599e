//! Micronaut: `@Controller` with `@Get`, `@Post` and others; paths may stand on an interface that the controller implements.

use super::controllers::{self, Operation, Standing};
use super::types::{Annotation, types};
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Routing, Value};

pub const FRAMEWORK: Framework = Framework { name: "micronaut", marks: &["io.micronaut.http.annotation"], read };

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    for of in types(code) {
        // A declarative client uses the same annotations.
        if of.annotation(&["Client"]).is_some() {
            continue;
        }
        let controller = of.annotation(&["Controller"]);
        let prefixes: Vec<Value> = controller.map_or(Vec::new(), |annotation| annotation.values(code, &["value", "uri"]));
        let all = of.members.iter().flat_map(|member| &member.annotations);
        let operations = all.flat_map(|annotation| operations_of(code, annotation)).collect();
        let standing = if controller.is_some() && !controllers::is_base(&of) { Standing::Controller } else { Standing::Base };
        controllers::add(&mut routing, code, &of, standing, &prefixes, operations);
    }
    controllers::finish(routing, output);
}

pub fn operations_of(code: &Code, annotation: &Annotation) -> Vec<Operation> {
    let method = match annotation.name {
        "Get" => "GET",
        "Post" => "POST",
        "Put" => "PUT",
        "Delete" => "DELETE",
        "Patch" => "PATCH",
        "Head" => "HEAD",
        "Options" => "OPTIONS",
        "Trace" => "TRACE",
        "CustomHttpMethod" => "ANY",
        _ => return Vec::new(),
    };
    let mut paths = annotation.values(code, &["value", "uri", "uris"]);
    if paths.is_empty() {
        paths.push(literal(""));
    }
    let at = code.location(annotation.at..annotation.end);
    paths.into_iter().map(|path| Operation { at, method, path: without_query(path) }).collect()
}

/// `{?page,size}` and `{#part}` of a template say what follows the path.
fn without_query(path: Value) -> Value {
    match path {
        Value::Literal(text) => {
            literal(["{?", "{&", "{#"].iter().filter_map(|mark| text.find(mark)).min().map_or(&*text, |at| &text[..at]))
        }
        Value::Concat(parts) => Value::Concat(parts.into_iter().map(without_query).collect()),
        other => other,
    }
}
