//! Facts of code as compact text, for tests: one line for each, in the order of kinds.

use crate::discover::language::Language;
use crate::discover::{Kind, Role};
use crate::extract;
use crate::facts::{Fact, Value};
use crate::source::{Location, last_part};

/// A value: literals as they are, symbols in `<>`, unknown parts after `?`, parts joined by `+`.
pub fn show(value: &Value) -> String {
    match value {
        Value::Literal(text) => text.to_string(),
        Value::Symbol(symbol) => format!("<{symbol}>"),
        Value::Env { name, default } => format!("env({name}{})", default_of(default)),
        Value::Property { key, default } => format!("property({key}{})", default_of(default)),
        Value::Concat(parts) => parts.iter().map(show).collect::<Vec<_>>().join("+"),
        Value::Parameter { function, index } => format!("parameter({function} {index})"),
        Value::Unknown(why) => format!("?{why}"),
    }
}

fn default_of(default: &Option<Box<Value>>) -> String {
    default.as_ref().map_or(String::new(), |value| format!(" or {}", show(value)))
}

/// Reads a file and shows what it says of code.
pub fn read(path: &str, text: &str) -> String {
    let language = Language::of_file(last_part(path));
    let file = extract::file(Kind { language, role: Role::Production }, path, text.as_bytes());
    let mut lines = Vec::new();
    let at = |at: Location| {
        assert!(text.is_char_boundary(at.start as usize) && at.end as usize <= text.len(), "a place in the file");
        at.line.to_string()
    };
    for fact in &file.facts {
        let json = serde_json::to_value(fact).expect("facts serialise");
        assert_eq!(&serde_json::from_value::<Fact>(json).expect("facts read back"), fact);
        match fact {
            Fact::Code(module) => {
                lines.extend(module.package.iter().map(|package| format!("package {package}")));
                let constants = module.constants.iter();
                lines.extend(constants.map(|c| format!("{} constant {} = {}", at(c.at), c.name, show(&c.value))));
                lines.extend(module.aliases.iter().map(|alias| format!("alias {} = {}", alias.name, alias.target)));
                let types = module.types.iter();
                lines.extend(types.map(|of| format!("{} type {} : {}", at(of.at), of.name, of.bases.join(", "))));
                lines.extend(module.entry.iter().map(|entry| format!("{} entry {}", at(entry.at), entry.starts)));
            }
            Fact::Routing(routing) => {
                for route in &routing.routes {
                    let scope = route.scope.as_ref().map_or(String::new(), |scope| format!(" in {scope}"));
                    let below = if routing.subtrees.contains(&route.at) { " and below" } else { "" };
                    let owner = route.owner.as_ref().map_or(String::new(), |owner| format!(" of {owner}"));
                    lines.push(format!("{} {} {}{below}{scope}{owner}", at(route.at), route.method, show(&route.path)));
                }
                for mount in &routing.mounts {
                    lines.push(format!("{} mount {} in {} at {}", at(mount.at), mount.child, mount.parent, show(&mount.prefix)));
                }
                lines.extend(routing.applications.iter().map(|scope| format!("application {scope}")));
                lines.extend(routing.leaves.iter().map(|scope| format!("leaf {scope}")));
                let defaults = routing.defaults.iter();
                lines.extend(defaults.map(|own| format!("{} default {} of {}", at(own.at), show(&own.prefix), own.scope)));
                lines.extend(routing.prefixes.iter().map(|prefix| format!("{} prefix {}", at(prefix.at), show(&prefix.path))));
                lines.extend(routing.uncounted.iter().map(|why| format!("{} uncounted {}", at(why.at), why.value)));
            }
            Fact::Handler(handler) => {
                let kind = serde_json::to_value(handler.kind).expect("a word");
                lines.push(format!("{} {} {}", at(handler.at), kind.as_str().expect("a word"), show(&handler.name)));
            }
            Fact::Persistent(entity) => {
                let table = entity.table.as_ref().map_or(String::new(), |table| format!(" table {}", show(table)));
                lines.push(format!("{} entity {}{table} ({})", at(entity.at), entity.name, entity.fields.join(", ")));
            }
            Fact::Call(site) => {
                let kind = serde_json::to_value(site.kind).expect("a word");
                let word = |word: &Option<std::sync::Arc<str>>| word.as_ref().map_or(String::new(), |word| format!(" {word}"));
                let value = |name, value: &Option<Value>| {
                    value.as_ref().map_or(String::new(), |value| format!(" {name} {}", show(value)))
                };
                let limited = site.limited.map_or("", |limited| if limited { " limited" } else { " unlimited" });
                lines.push(format!(
                    "{} call {}{} {}{}{}{limited} ({})",
                    at(site.at),
                    kind.as_str().expect("a word"),
                    word(&site.method),
                    show(&site.target),
                    value("name", &site.name),
                    value("exchange", &site.exchange),
                    site.client
                ));
            }
            Fact::Invocations { invocations } => lines.extend(invocations.iter().map(|found| {
                let arguments = found.arguments.iter().map(show).collect::<Vec<_>>().join(", ");
                format!("{} invokes {}({arguments})", at(found.at), found.function)
            })),
            Fact::Addresses { addresses } => lines.extend(addresses.iter().map(|found| {
                let name = found.name.as_ref().map_or(String::new(), |name| format!(" as {name}"));
                format!("{} address {}{name}", at(found.at), show(&found.value))
            })),
            Fact::Settings { settings } => lines.extend(settings.iter().map(|found| {
                let profile = found.profile.as_ref().map_or(String::new(), |profile| format!(" for {profile}"));
                format!("{} setting {} = {}{profile}", at(found.value.at), found.key, found.value.value)
            })),
            Fact::Binding(binding) => {
                let key = binding.key.as_ref().map_or(String::new(), |key| format!(" by {}", show(key)));
                lines.push(format!("{} binds {} to {}{key}", at(binding.at), show(&binding.queue), show(&binding.exchange)));
            }
            Fact::Connection(store) => {
                let engine = store.engine.as_ref().map_or(String::new(), |engine| format!(" {engine}"));
                let database = store.database.as_ref().map_or(String::new(), |value| format!(" database {}", show(value)));
                lines.push(format!("{} connects{engine} {}{database}", at(store.at), show(&store.address)));
            }
            Fact::Gateway(gateway) => lines.extend(gateway.forwards.iter().map(|forward| {
                let path = forward.path.as_ref().map_or(String::new(), |path| format!(" {path}"));
                format!("{} forwards{path} to {} ({})", at(forward.at), show(&forward.target), gateway.tool)
            })),
            Fact::Deployment(unit) => {
                let text = |name, text: Option<&str>| text.map_or(String::new(), |text| format!(" {name} {text}"));
                let (image, command) =
                    (unit.image.as_ref().map(|text| &*text.value), unit.command.as_ref().map(|text| &*text.value));
                let (context, file) = (text("context", unit.context.as_deref()), text("dockerfile", unit.dockerfile.as_deref()));
                let (image, command) = (text("image", image), text("command", command));
                lines.push(format!("{} deployment {}{image}{context}{file}{command}", at(unit.at), unit.name.value));
            }
            _ => {}
        }
    }
    lines.join("\n")
}

/// Compares what a file of code says with the lines expected; both may be indented.
#[track_caller]
pub fn check(path: &str, text: &str, expected: &str) {
    let trim = |text: &str| text.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n");
    let found = read(path, text);
    assert_eq!(trim(&found), trim(expected), "\n--- found:\n{found}\n");
}
