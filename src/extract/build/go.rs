//! Go: `go.mod` and `go.work`.
//!
//! The module's path is its name; packages with `main` are told by code. What is required `// indirect` is used by other
//! libraries, not by the module's own code, and counts as managed. A `replace` by a folder is a module of the repository.

use super::{add, below, folder, is_named, library, module, push, text};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{BuildTool, LibraryScope, Product};

pub const EXTRACTOR: Extractor = Extractor {
    name: "go",
    wants: |kind, path| is_named(kind, path, "go.mod") || is_named(kind, path, "go.work"),
    applies: |input| is_named(input.kind, input.path, "go.mod") || is_named(input.kind, input.path, "go.work"),
    extract,
};

fn extract(input: &Input, output: &mut Output) {
    let here = folder(input.path);
    let mut found = module(BuildTool::Go);
    // The directive whose lines stand in brackets.
    let mut block = "";
    for line in input.text.lines() {
        let (line, comment) = line.split_once("//").map_or((line, ""), |(line, comment)| (line, comment.trim()));
        let mut words = line.split_ascii_whitespace().map(|word| word.trim_matches(['"', '`']));
        let Some(first) = words.next() else { continue };
        if first == ")" {
            block = "";
            continue;
        }
        let directive = if block.is_empty() { first } else { block };
        let argument = if block.is_empty() { words.next() } else { Some(first) };
        let Some(argument) = argument else { continue };
        if argument == "(" {
            block = directive;
            continue;
        }
        match directive {
            // A tool that pins other tools writes modules without a name.
            "module" if argument == "_" => return,
            "module" => found.name = Some(text(input, argument)),
            "require" => {
                let scope = if comment.starts_with("indirect") { LibraryScope::Managed } else { LibraryScope::Runtime };
                found.libraries.push(library(argument, input.place_of(argument), scope));
            }
            "tool" => found.libraries.push(library(argument, input.place_of(argument), LibraryScope::Development)),
            "replace" => {
                if let Some(target) = words.skip_while(|word| *word != "=>").nth(1).filter(|target| target.starts_with('.'))
                    && let Some(used) = below(here, target)
                {
                    add(&mut found.uses, used);
                }
            }
            "use" => {
                found.product = Product::Aggregate;
                if let Some(member) = below(here, argument) {
                    add(&mut found.members, member);
                }
            }
            _ => {}
        }
    }
    let is_work = input.name() == "go.work";
    if is_work && !found.members.is_empty() || !is_work && found.name.is_some() {
        push(found, output);
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::build::snapshot::check;

    #[test]
    fn a_module_requires_and_replaces() {
        check(
            "src/orders/go.mod",
            "module github.com/acme/shop/orders // the service

go 1.22

require github.com/gin-gonic/gin v1.9.1
require (
\tgithub.com/lib/pq v1.10.9
\tgolang.org/x/net v0.17.0 // indirect
)
replace github.com/acme/shop/common => ../common
replace (
\tgithub.com/a/b v1.0.0 => github.com/c/d v1.0.0
)
tool golang.org/x/tools/cmd/stringer
",
            "go github.com/acme/shop/orders unknown
             uses src/common
             5 github.com/gin-gonic/gin
             7 github.com/lib/pq
             8 golang.org/x/net managed
             14 golang.org/x/tools/cmd/stringer development",
        );
    }

    #[test]
    fn a_workspace_has_members() {
        check(
            "go.work",
            "go 1.22\nuse (\n\t./orders\n\t./billing\n)\nuse .\n",
            "go - aggregate\nmember orders\nmember billing\nmember ",
        );
        check("go.mod", "// nothing\n", "");
    }
}
