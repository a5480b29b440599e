//! C#: what files import and define.
//!
//! A namespace does not tell the file of a type, and `using` does not tell its types. So a type that a file names but does not define is
//! looked for in the file that is called as the type is: `Routes.Orders.Get` is `Routes#Routes.Orders.Get`. Constants of nested types
//! have the whole path of types before their name, and methods that extend another type (`this IEndpointRouteBuilder app`) are known by
//! their bare name, because that is how they are called.

mod addresses;
mod aspire;
mod azure_functions;
mod controllers;
mod dapr;
mod declarative_clients;
mod documents;
mod entity_framework;
mod expressions;
mod fast_endpoints;
mod graphql;
mod grpc;
mod grpc_clients;
mod http_clients;
mod known_calls;
mod lambda;
mod message_types;
mod minimal;
mod producers;
mod published_types;
mod queues;
mod registrations;
mod requests;
mod rest_clients;
mod schedules;
mod service_stack;
mod stores;
mod syntax;
mod values;

use std::sync::Arc;

use super::structure::ItemKind;
use super::tokens::TokenKind;
use super::{Code, Dialect, Imports, paths};
use crate::facts::{CodeModule, Constant, Entry, Value};

pub const DIALECT: Dialect = Dialect {
    languages: &["C#"],
    imports,
    define,
    marks: &[
        "const string",
        "static readonly string",
        "static string",
        "Controller",
        "CreateBuilder",
        "CreateDefaultBuilder",
        "CreateSlimBuilder",
        "WebApplication.Create",
        "CreateEmptyApplicationBuilder",
        "CreateApplicationBuilder",
        "HostBuilder",
        " Main(",
        "Console.",
        registrations::MARKS[0],
        registrations::MARKS[1],
        registrations::MARKS[2],
        registrations::MARKS[3],
        registrations::MARKS[4],
        registrations::MARKS[5],
        registrations::MARKS[6],
        registrations::MARKS[7],
        registrations::MARKS[8],
        registrations::MARKS[9],
    ],
    frameworks: &[
        controllers::FRAMEWORK,
        minimal::FRAMEWORK,
        fast_endpoints::FRAMEWORK,
        service_stack::FRAMEWORK,
        azure_functions::FRAMEWORK,
        lambda::FRAMEWORK,
        grpc::FRAMEWORK,
        http_clients::FRAMEWORK,
        grpc_clients::FRAMEWORK,
        declarative_clients::FRAMEWORK,
        rest_clients::FRAMEWORK,
        dapr::FRAMEWORK,
        producers::FRAMEWORK,
        published_types::FRAMEWORK,
        stores::FRAMEWORK,
        graphql::FRAMEWORK,
        message_types::FRAMEWORK,
        queues::FRAMEWORK,
        schedules::FRAMEWORK,
        entity_framework::FRAMEWORK,
        documents::FRAMEWORK,
        super::statements::FRAMEWORK,
        aspire::FRAMEWORK,
        addresses::FRAMEWORK,
    ],
};

/// Controllers and minimal APIs are one application, with the same prefix.
const ASPNET: &str = "aspnet";
const MOST_CONSTANTS: usize = 200;
const LONGEST_CONSTANT: usize = 200;

/// Types that other files define, by the names that stand before a dot; `using X = Some.Type;`.
fn imports(code: &Code) -> Imports {
    let mut imports = Imports::default();
    let own: Vec<&str> =
        code.items().iter().filter(|item| item.kind == ItemKind::Type).map(|item| code.text_of(item.name)).collect();
    let own: rustc_hash::FxHashSet<&str> = own.into_iter().collect();
    for at in 0..code.len() {
        let Some(word) = code.word(at) else { continue };
        let is_type = word.starts_with(|first: char| first.is_uppercase()) && code.is(at + 1, ".");
        let begins = !at.checked_sub(1).is_some_and(|before| code.is_any(before, &[".", "?."]));
        if is_type && begins && !own.contains(word) && !imports.contains_key(word) {
            imports.insert(word.to_owned(), format!("{word}#{word}").into());
        }
        if word == "using" && code.word(at + 1).is_some() && code.is(at + 2, "=") {
            let end = (at + 3..code.len().min(at + 40)).find(|&end| code.is(end, ";")).unwrap_or(at + 3);
            let target = syntax::type_name(code, at + 3..end);
            if !target.is_empty() {
                imports.insert(code.text_of(at + 1).to_owned(), format!("{target}#{target}").into());
            }
        }
    }
    imports
}

fn define(code: &Code, module: &mut CodeModule) {
    let namespace = (0..code.len()).find(|&at| code.is(at, "namespace"));
    module.package = namespace.and_then(|at| {
        let end = (at + 1..code.len()).find(|&end| code.is_any(end, &[";", "{"]))?;
        code.dotted(at + 1..end).map(Arc::from)
    });
    constants(code, module);
    builders(code, module);
    module.constants.extend(registrations::constants(code));
    module.entry = entry(code);
}

/// `const string A = "…", B = "…";`, `static readonly string A = "…";`, `static string A => "…";`, `static string A { get; } = "…";`.
fn constants(code: &Code, module: &mut CodeModule) {
    let types = syntax::types(code);
    for at in (0..code.len()).filter(|&at| code.is_any(at, &["string", "String"]) && code.word(at + 1).is_some()) {
        let is_constant = code.is(at.wrapping_sub(1), "const")
            || (1..=4)
                .any(|back| at >= back && code.is(at - back, "static") && (1..back).all(|back| code.word(at - back).is_some()));
        if !is_constant {
            continue;
        }
        let mut name = at + 1;
        while module.constants.len() < MOST_CONSTANTS && code.word(name).is_some() {
            let mut equals = name + 1;
            if code.is(equals, "{") {
                equals = code.after(equals);
            }
            if !code.is_any(equals, &["=", "=>"]) {
                break;
            }
            let mut end = equals + 1;
            while end < code.len() && !code.is_any(end, &[";", ","]) && code.kind(end) != Some(TokenKind::Close) {
                end = code.after(end);
            }
            let value = paths::template(values::text(code, equals + 1..end), paths::Style::Braces);
            if may_be_used(&value) {
                let around = types.iter().rev().find(|of| of.item.body.contains(&name));
                let short = code.text_of(name);
                let name_of = around.map_or_else(|| short.to_owned(), |of| format!("{}.{short}", of.path));
                module.constants.push(Constant { name: name_of.into(), value, at: code.at(name) });
            }
            if !code.is(end, ",") {
                break;
            }
            name = end + 1;
        }
    }
}

/// `static string Order(string baseUri, int id) => $"{baseUri}/orders/{id}";` is what it puts below the base that it is given; what else it
/// is given is not known. Callers put the base before it.
fn builders(code: &Code, module: &mut CodeModule) {
    let types = syntax::types(code);
    let functions = code.items().iter().filter(|item| item.kind == ItemKind::Function);
    for item in functions {
        let modifiers = syntax::modifiers(code, item.name);
        let builds = modifiers.contains(&"static") && modifiers.iter().any(|word| matches!(*word, "string" | "String" | "Uri"));
        if !builds || module.constants.len() >= MOST_CONSTANTS {
            continue;
        }
        let Some(range) = expressions::returned_by(code, item) else { continue };
        let mut parts = match expressions::given(code, range) {
            Value::Concat(parts) => parts,
            value => vec![value],
        };
        let parameters = code.parameters(item);
        if let Some(Value::Parameter { index, .. }) = parts.first() {
            let name = parameters.get(*index as usize).and_then(|range| syntax::parameter_name(code, range.clone()));
            if name.is_none_or(|name| !expressions::is_base(name)) {
                continue;
            }
            parts.remove(0);
        }
        let given = |part: Value| match part {
            Value::Parameter { .. } => super::value::unknown("given"),
            other => other,
        };
        let value = super::value::concat(parts.into_iter().map(given));
        if matches!(values::first_part(&value), Value::Literal(text) if text.contains('/') && !text.contains(char::is_whitespace))
        {
            let around = types.iter().rev().find(|of| of.item.body.contains(&item.name));
            let short = code.text_of(item.name);
            let name = around.map_or_else(|| short.to_owned(), |of| format!("{}.{short}", of.path));
            module.constants.push(Constant { name: name.into(), value, at: code.at(item.name) });
        }
    }
}

/// A path, topic or host is one word.
fn may_be_used(value: &Value) -> bool {
    match value {
        Value::Literal(text) => text.len() <= LONGEST_CONSTANT && !text.is_empty() && !text.contains(char::is_whitespace),
        Value::Concat(parts) => parts.iter().all(|part| !matches!(part, Value::Unknown(_))) && parts.len() <= 8,
        Value::Symbol(_) | Value::Env { .. } | Value::Property { .. } => true,
        _ => false,
    }
}

/// What a builder of a host starts.
const BUILDERS: [(&str, &[&str], &str); 7] = [
    ("DistributedApplication", &["CreateBuilder"], "aspire"),
    ("FunctionsApplication", &["CreateBuilder"], "azure-functions"),
    ("WebAssemblyHostBuilder", &["CreateDefault"], "blazor"),
    ("MauiApp", &["CreateBuilder"], "maui"),
    ("LambdaBootstrapBuilder", &["Create"], "lambda"),
    ("WebApplication", &["CreateBuilder", "CreateSlimBuilder", "CreateEmptyBuilder", "Create"], "aspnet"),
    ("WebHost", &["CreateDefaultBuilder", "Start", "StartWith"], "aspnet"),
];
/// What makes a host of any kind one for the web, or for functions.
const HOSTED: [(&str, &str); 6] = [
    ("ConfigureWebHostDefaults", "aspnet"),
    ("ConfigureWebHost", "aspnet"),
    ("UseStartup", "aspnet"),
    ("WebHostBuilder", "aspnet"),
    ("ConfigureFunctionsWorkerDefaults", "azure-functions"),
    ("ConfigureFunctionsWebApplication", "azure-functions"),
];

/// `static … Main(…)`, or statements outside of all types.
fn entry(code: &Code) -> Option<Entry> {
    let main = code.items().iter().find(|item| {
        item.kind == ItemKind::Function && code.is(item.name, "Main") && syntax::modifiers(code, item.name).contains(&"static")
    });
    let statement = || top_level_statement(code);
    let at = main.map(|item| item.name).or_else(statement)?;
    let built = (0..code.len()).find_map(|at| {
        let (_, methods, starts) = BUILDERS.iter().find(|(of, ..)| code.is(at, of))?;
        (code.is(at + 1, ".") && code.is_any(at + 2, methods)).then_some((at, *starts))
    });
    let host = || {
        (0..code.len()).find(|&at| {
            code.is(at, "Host")
                && code.is(at + 1, ".")
                && code.is_any(at + 2, &["CreateDefaultBuilder", "CreateApplicationBuilder", "CreateEmptyApplicationBuilder"])
                || code.is(at, "new") && code.is(at + 1, "HostBuilder")
                || code.is(at, "new") && code.is(at + 1, "WebHostBuilder")
        })
    };
    let hosted = || (0..code.len()).find_map(|at| HOSTED.iter().find(|(word, _)| code.is(at, word)).map(|(_, starts)| *starts));
    // The heads of programs for phones and tablets.
    let is_mobile = || (0..code.len()).any(|at| code.is_any(at, &["UIApplication", "MauiApplication", "NSApplication"]));
    let (at, starts) = built
        .or_else(|| host().map(|at| (at, hosted().unwrap_or("worker"))))
        .unwrap_or_else(|| (at, if is_mobile() { "maui" } else { "main" }));
    Some(Entry { at: code.at(at), starts: starts.into() })
}

/// The first statement that stands in no type, where the file is a program of statements. Attributes of an assembly, `using` and namespaces
/// are no statements.
fn top_level_statement(code: &Code) -> Option<usize> {
    let mut at = 0;
    while at < code.len() {
        let start = at;
        if code.is(at, "#") {
            at += 1;
            while at < code.len() && !code.begins_line(at) {
                at += 1;
            }
            continue;
        }
        if code.is(at, "[") {
            at = code.after(at);
            continue;
        }
        if code.is(at, "namespace") {
            return None;
        }
        let mut is_declaration = false;
        while at < code.len() && !code.is_any(at, &[";", "{"]) {
            is_declaration |= code.is_any(at, &["class", "interface", "struct", "enum", "record", "delegate", "extern"]);
            at = code.after(at);
        }
        // `using var x = …`, `using X x = …` and `using (…)` are statements.
        let is_variable = code.is_any(start + 1, &["var", "("])
            || code.word(start + 1).is_some_and(|word| word != "static") && code.word(start + 2).is_some();
        let imports = code.is(start, "global") || code.is(start, "using") && !is_variable;
        if !is_declaration && !imports && at < code.len() {
            return Some(start);
        }
        at = code.after(at);
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn constants_have_the_path_of_their_types() {
        check(
            "src/Routes.cs",
            r#"
            namespace Acme.Contracts;
            public static class Routes {
                public const string Base = "/api/v1";
                public static class Orders {
                    public const string All = Base + "/orders", One = $"{Base}/orders/{{id:int}}";
                    public static readonly string Topic = "order-events";
                    public static string Health => "/hc";
                    internal static string Name { get; } = "orders";
                }
                private const string Message = "no such order";
                public string Local = "/x";
                public const string Shared = Other.Prefix + "/a";
                public static string Compute(int a) { return "/b"; }
                public static string One(string baseUri, int id) => $"{baseUri}/orders/{id}";
                public static string Text(int id) => $"{id} of many";
            }"#,
            "package Acme.Contracts
            4 constant Routes.Base = /api/v1
            6 constant Routes.Orders.All = /api/v1/orders
            6 constant Routes.Orders.One = /api/v1/orders/{id}
            7 constant Routes.Orders.Topic = order-events
            8 constant Routes.Orders.Health = /hc
            9 constant Routes.Orders.Name = orders
            13 constant Routes.Shared = <Other#Other.Prefix>+/a
            14 constant Routes.Compute = /b
            15 constant Routes.One = /orders/+?given",
        );
    }

    #[test]
    fn a_program_begins_with_main_or_statements() {
        check(
            "Program.cs",
            "using X;\nvar builder = WebApplication.CreateBuilder(args);\nbuilder.Build().Run();",
            "2 entry aspnet",
        );
        check(
            "Program.cs",
            "var builder = Host.CreateApplicationBuilder(args);\nbuilder.Services.AddHostedService<W>();",
            "1 entry worker",
        );
        check(
            "Program.cs",
            "namespace A;\npublic class Program {\n public static void Main(string[] args) => CreateHostBuilder(args).Build().Run();\n
             static IHostBuilder CreateHostBuilder(string[] a) => Host.CreateDefaultBuilder(a).ConfigureWebHostDefaults(b => b.UseStartup<Startup>());\n}",
            "package A\n5 entry aspnet",
        );
        check(
            "Program.cs",
            "class P { static async Task<int> Main(string[] args) { Console.WriteLine(1); return 0; } }",
            "1 entry main",
        );
        check("Program.cs", "using System;\nusing var x = new X();\nConsole.WriteLine(x);", "2 entry main");
        check("AppHost.cs", "var builder = DistributedApplication.CreateBuilder(args);", "1 entry aspire");
        // A library may build a host for whoever calls it.
        check(
            "Hosts.cs",
            "namespace A { static class Hosts { public static object Make() => WebApplication.CreateBuilder(); } }",
            "",
        );
        check("A.cs", "using System;\n[assembly: B]\nnamespace A { class C { void Main() { Console.WriteLine(1); } } }", "");
    }
}
