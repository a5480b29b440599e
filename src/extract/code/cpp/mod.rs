//! C++: where programs begin, and which frameworks are read.

mod http;
mod rpc;

use super::structure::ItemKind;
use super::{Code, Dialect, Imports};
use crate::facts::{CodeModule, Entry};

pub const DIALECT: Dialect = Dialect {
    languages: &["C++", "C++ Header", "C Header"],
    imports,
    define,
    marks: &["int main(", "auto main("],
    frameworks: &[http::FRAMEWORK, rpc::FRAMEWORK],
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

fn define(code: &Code, module: &mut CodeModule) {
    let main =
        code.items().iter().find(|item| item.kind == ItemKind::Function && code.is(item.name, "main")).map(|item| item.name);
    let main = main.or_else(|| {
        (1..code.len()).find(|&at| code.is(at, "main") && code.is_any(at - 1, &["int", "auto"]) && code.is(at + 1, "("))
    });
    let Some(at) = main else { return };
    let starts = STARTS.iter().find(|(word, _)| (0..code.len()).any(|at| code.is(at, word)));
    module.entry = Some(Entry { at: code.at(at), starts: starts.map_or("main", |(_, starts)| starts).into() });
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
