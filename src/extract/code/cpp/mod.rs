//! C++: where programs begin, and which frameworks are read.

mod addresses;
mod http;
mod http_clients;
mod producers;
mod rpc;
mod rpc_clients;
mod stores;
mod values;

use super::structure::ItemKind;
use super::{Code, Dialect, Imports};
use crate::facts::{CodeModule, Constant, Entry};

pub const DIALECT: Dialect = Dialect {
    languages: &["C++", "C++ Header", "C Header"],
    imports,
    define,
    marks: &["int main(", "auto main(", "getenv("],
    frameworks: &[
        http::FRAMEWORK,
        rpc::FRAMEWORK,
        http_clients::FRAMEWORK,
        rpc_clients::FRAMEWORK,
        producers::FRAMEWORK,
        stores::FRAMEWORK,
        // Addresses are what the others left.
        addresses::FRAMEWORK,
    ],
};

/// Files are put into one another as text: names need no import.
fn imports(_: &Code) -> Imports {
    Imports::default()
}

/// Words that tell what a program starts.
const STARTS: [(&str, &str); 8] = [
    ("BuildAndStart", "grpc"),
    ("TThreadedServer", "thrift"),
    ("TSimpleServer", "thrift"),
    ("TNonblockingServer", "thrift"),
    ("drogon", "drogon"),
    ("crow", "crow"),
    ("httplib", "httplib"),
    ("Pistache", "pistache"),
];

const MOST_CONSTANTS: usize = 100;

fn define(code: &Code, module: &mut CodeModule) {
    settings(code, module);
    let main =
        code.items().iter().find(|item| item.kind == ItemKind::Function && code.is(item.name, "main")).map(|item| item.name);
    let main = main.or_else(|| {
        (1..code.len()).find(|&at| code.is(at, "main") && code.is_any(at - 1, &["int", "auto"]) && code.is(at + 1, "("))
    });
    let Some(at) = main else { return };
    let starts = STARTS.iter().find(|(word, _)| (0..code.len()).any(|at| code.is(at, word)));
    module.entry = Some(Entry { at: code.at(at), starts: starts.map_or("main", |(_, starts)| starts).into() });
}

/// Constants that hold variables of the environment: `const std::string kOrders = std::getenv("ORDERS_ADDR");`.
fn settings(code: &Code, module: &mut CodeModule) {
    for at in code.occurrences("getenv").iter().map(|&at| at as usize).take(MOST_CONSTANTS) {
        let first = (at.saturating_sub(12)..at).rev().find(|&at| code.is_any(at, &["=", "return", ";", "{", "}"]));
        let Some(first) = first.filter(|&first| code.is(first, "=") && code.enclosing(at, ItemKind::Function).is_none()) else {
            continue;
        };
        let Some(name) = first.checked_sub(1).and_then(|name| code.word(name)) else { continue };
        let end = (at..code.len()).find(|&at| code.is(at, ";")).unwrap_or(code.len());
        let value = values::value(code, first + 1..end);
        if values::is_setting(&value) {
            module.constants.push(Constant { name: name.into(), value, at: code.at(first - 1) });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn a_program_begins_in_main() {
        check("a.cpp", "int main(int argc, char** argv) {\n  server = builder.BuildAndStart();\n}", "1 entry grpc");
        check("a.cpp", "int x = domain(1); // int main()", "");
    }
}
