//! Fastify: routes of instances and of the plugins that are registered on them.

use std::ops::Range;

use super::routers::{self, Family, Reader, Scope, Step, method_of};
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::Value;

pub const FRAMEWORK: Framework = Framework { name: "fastify", marks: &["astify"], read };

const FAMILY: Family = Family {
    name: "fastify",
    packages: &["fastify", "fastify-plugin", "fastify-type-provider-zod", "@fastify"],
    constructors: &["*", "fastify", "Fastify"],
    applications: &["*", "fastify", "Fastify"],
    types: &["FastifyInstance", "FastifyTypedInstance", "FastifyServer", "FastifyPluginInstance", "FastifyZodInstance"],
    names: &["fastify", "app", "server", "instance", "api", "router"],
    names_alone: &["fastify", "fastifyInstance"],
    prefix_option: "",
    prefixing: &[],
    named_routes: false,
    style,
    step,
};

fn read(code: &Code, output: &mut Output) {
    routers::read(code, output, &FAMILY);
}

fn style(value: Value) -> Value {
    paths::template(value, Style::Colon)
}

fn step(reader: &mut Reader, step: &Step) -> Option<Scope> {
    if let Some(method) = method_of(step.name) {
        // `all` is every method that the server knows.
        let socket = step.arguments.get(1).is_some_and(|options| {
            let option = values::property(reader.code, options.clone(), "websocket");
            option.is_some_and(|option| reader.code.is(option.start, "true"))
        });
        if socket {
            reader.subscription(step);
            return Some(step.scope.clone());
        }
        return reader.verb(step, method);
    }
    match step.name {
        "route" => {
            route(reader, step);
            Some(step.scope.clone())
        }
        "register" => {
            register(reader, step);
            Some(step.scope.clone())
        }
        "withTypeProvider" | "after" | "addHook" | "decorate" | "setValidatorCompiler" | "setSerializerCompiler" => {
            Some(step.scope.clone())
        }
        _ => None,
    }
}

/// `fastify.route({ method: 'GET', url: '/path', handler })`.
fn route(reader: &mut Reader, step: &Step) {
    let code = reader.code;
    let Some(options) = step.arguments.first() else { return };
    if !code.is(options.start, "{") {
        if reader.is_looped(options) {
            reader.uncounted(step.call.name..options.end);
        }
        return;
    }
    let options = options.clone();
    let url = values::property(code, options.clone(), "url").or_else(|| values::property(code, options.clone(), "path"));
    let (Some(url), Some(method)) = (url, values::property(code, options, "method")) else { return };
    if reader.is_looped(&url) || reader.is_looped(&method) {
        reader.uncounted(step.call.name..step.call.open);
        return;
    }
    for path in reader.paths(&url).unwrap_or_default() {
        for method in methods(code, method.clone()) {
            reader.push(step.call.name..step.call.open, &step.scope, &method, path.clone());
        }
    }
}

/// Methods that a text or a list of texts names.
pub fn methods(code: &Code, range: Range<usize>) -> Vec<String> {
    let methods = values::list(code, range).into_iter();
    let methods = methods.filter_map(|part| match values::value(code, part) {
        Value::Literal(text) if &*text == "*" || text.eq_ignore_ascii_case("all") => Some("ANY".to_owned()),
        Value::Literal(text) => Some(text.to_ascii_uppercase()),
        // `HTTPMethods.GET`.
        Value::Symbol(symbol) => symbol.rsplit(['.', '#']).next().map(str::to_ascii_uppercase),
        _ => None,
    });
    let known = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"];
    methods.filter(|method| known.contains(&method.as_str())).collect()
}

/// `fastify.register(plugin, { prefix: '/path' })`.
fn register(reader: &mut Reader, step: &Step) {
    let code = reader.code;
    let Some(plugin) = step.arguments.first() else { return };
    let prefix = step.arguments.get(1).and_then(|options| values::property(code, options.clone(), "prefix"));
    let prefix = prefix.map_or(literal(""), |prefix| style(values::value(code, prefix)));
    let place = step.call.name..step.arguments.last().map_or(step.call.open, |last| last.end);
    if reader.give(plugin, 0, step.scope.with_prefix(prefix.clone())) {
        return;
    }
    let name = code.text_in(plugin.clone());
    if name.to_ascii_lowercase().contains("autoload") {
        // Which files of the folder have routes, and below which paths, is told by the folder.
        if !name.to_ascii_lowercase().contains("plugin")
            && step.arguments.get(1).is_none_or(|of| !code.text_in(of.clone()).contains("plugins"))
        {
            reader.uncounted(place);
        }
        return;
    }
    let child = if code.is(plugin.start, "import") || code.is(plugin.start, "require") {
        super::modules::required(code, plugin.start)
            .map(|(specifier, _)| format!("{}#default", super::modules::module(code.path, &specifier).0).into())
    } else {
        reader.child(plugin.clone()).or_else(|| reader.function(plugin.clone()))
    };
    if let Some(child) = child {
        reader.mount(place, &step.scope, format!("{child}(0)").into(), prefix);
    }
}
