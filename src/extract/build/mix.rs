//! Elixir: `mix.exs`. An application with a callback module (`mod:`) starts; an umbrella is an aggregate of its `apps`.

use super::{add, below, folder, is_named, library, module, push, text};
use crate::extract::code::Code;
use crate::extract::code::tokens::TokenKind;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{BuildModule, BuildTool, LibraryScope, Product};

/// A file of Elixir code, which is opened for its lines.
pub const EXTRACTOR: Extractor =
    Extractor { name: "mix", wants: |_, _| false, applies: |input| is_named(input.kind, input.path, "mix.exs"), extract };

fn extract(input: &Input, output: &mut Output) {
    let Some(language) = input.kind.language else { return };
    let code = input.code(language);
    let mut found = module(BuildTool::Mix);
    let mut is_package = false;
    for at in 0..code.len() {
        // A key of a list: `app: :orders`.
        let key = code.word(at).filter(|_| code.is(at + 1, ":"));
        match key {
            Some("app") if code.is(at + 2, ":") && found.name.is_none() => {
                found.name = code.word(at + 3).map(|name| text(input, name));
            }
            Some("mod") if code.is(at + 2, "{") => start(input, code, at + 3, &mut found),
            Some("main_module") => start(input, code, at + 2, &mut found),
            Some("apps_path") => {
                found.members.extend(quoted(code, at + 2).and_then(|path| below(folder(input.path), &format!("{path}/*"))));
            }
            Some("package") => is_package = true,
            _ if code.is(at, "{") && code.is(at + 1, ":") => dependency(input, code, at, &mut found),
            _ => {}
        }
    }
    found.product = if !found.members.is_empty() {
        Product::Aggregate
    } else if !found.starts.is_empty() {
        Product::Application
    } else if is_package {
        Product::Library
    } else {
        Product::Unknown
    };
    push(found, output);
}

fn quoted<'t>(code: &Code<'t>, index: usize) -> Option<&'t str> {
    (code.kind(index)? == TokenKind::Literal).then(|| code.text_of(index).trim_matches('"'))
}

/// The module named at a token.
fn start(input: &Input, code: &Code, from: usize, found: &mut BuildModule) {
    let mut end = from;
    while code.word(end).is_some() && end < from + 24 {
        end += if code.is(end + 1, ".") { 2 } else { 1 };
        if !code.is(end - 1, ".") {
            break;
        }
    }
    let name = code.text_in(from..end);
    if !name.is_empty() {
        found.starts.push(text(input, name));
    }
}

/// `{:name, "~> 1.0", only: :test}`; other tuples that begin so name no version.
fn dependency(input: &Input, code: &Code, open: usize, found: &mut BuildModule) {
    let Some(name) = code.word(open + 2) else { return };
    let arguments = code.arguments(open);
    if arguments.len() < 2 || arguments.len() > 16 {
        return;
    }
    let has_version = quoted(code, arguments[1].start).is_some_and(|text| text.contains(|c: char| c.is_ascii_digit()));
    let has_source =
        ["git", "github", "path", "in_umbrella", "hex", "organization"].iter().any(|key| value(code, &arguments, key).is_some());
    if !has_version && !has_source {
        return;
    }
    let only: Vec<&str> =
        value(code, &arguments, "only").map_or(Vec::new(), |range| range.take(24).filter_map(|at| code.word(at)).collect());
    let scope = match &only[..] {
        [] => LibraryScope::Runtime,
        only if only.iter().any(|name| name.starts_with("prod")) => LibraryScope::Runtime,
        ["test"] => LibraryScope::Test,
        _ => LibraryScope::Development,
    };
    if let Some(used) = value(code, &arguments, "path").and_then(|range| below(folder(input.path), quoted(code, range.start)?)) {
        add(&mut found.uses, used);
    } else if value(code, &arguments, "in_umbrella").is_some() {
        add(&mut found.uses, name.into());
    }
    found.libraries.push(library(name, input.place_of(name), scope));
}

/// The value of a key among arguments.
fn value(code: &Code, arguments: &[std::ops::Range<usize>], key: &str) -> Option<std::ops::Range<usize>> {
    code.named(arguments, key)
}

#[cfg(test)]
mod tests {
    use crate::extract::build::snapshot::check;

    #[test]
    fn an_application_starts_its_module() {
        check(
            "mix.exs",
            "defmodule Shop.MixProject do
  use Mix.Project
  def project do
    [app: :shop, version: \"0.1.0\", deps: deps()]
  end
  def application do
    [mod: {Shop.Application, []}, extra_applications: [:logger]]
  end
  defp deps do
    [
      {:phoenix, \"~> 1.7\"},
      {:credo, \"~> 1.7\", only: [:dev, :test], runtime: false},
      {:floki, \">= 0.30.0\", only: :test},
      {:common, path: \"../common\"},
      {:core, in_umbrella: true},
      {:heroicons, github: \"x/y\"}
    ]
  end
  defp other, do: {:ok, \"text\"}
end",
            "mix shop application
             uses core
             7 start Shop.Application
             11 phoenix
             12 credo development
             13 floki test
             14 common
             15 core
             16 heroicons",
        );
    }

    #[test]
    fn an_umbrella_has_members() {
        check(
            "mix.exs",
            "defmodule Shop.MixProject do\n def project do\n [apps_path: \"apps\", deps: []]\n end\nend",
            "mix - aggregate\nmember apps/*",
        );
    }
}
