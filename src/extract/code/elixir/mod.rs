//! Elixir: what files import and define.
//!
//! Modules have names of their own, whatever file they stand in, so that symbols have no path: `#Acme.Web.Router` for the module, and for
//! the scope of its routes.

mod absinthe;
mod addresses;
mod ash;
mod channels;
mod configuration;
mod ecto;
mod grpc;
mod grpc_clients;
mod http_clients;
mod jobs;
mod messages;
mod migrations;
mod phoenix;
mod plug;
mod producers;
mod schedules;
mod stores;
mod syntax;
mod values;

use super::{Code, Dialect, Imports};
use crate::facts::{CodeModule, Entry};

pub const DIALECT: Dialect = Dialect {
    languages: &["Elixir"],
    imports,
    define,
    marks: &["use Application", "System.get_env", "System.fetch_env", "Application.get_env", "Application.fetch_env"],
    frameworks: &[
        absinthe::FRAMEWORK,
        ash::FRAMEWORK,
        channels::FRAMEWORK,
        ecto::FRAMEWORK,
        grpc::FRAMEWORK,
        jobs::FRAMEWORK,
        messages::FRAMEWORK,
        migrations::FRAMEWORK,
        phoenix::FRAMEWORK,
        plug::FRAMEWORK,
        schedules::FRAMEWORK,
        configuration::FRAMEWORK,
        http_clients::FRAMEWORK,
        grpc_clients::FRAMEWORK,
        producers::FRAMEWORK,
        stores::FRAMEWORK,
        // Addresses are what the others left.
        addresses::FRAMEWORK,
    ],
};

/// Names are no longer: aliases of aliases might make them so.
const LONGEST_NAME: usize = 400;

/// `alias A.B`, `alias A.B, as: C`, `alias A.{B, C.D}`, `alias __MODULE__.B`, `require A.B, as: C`.
fn imports(code: &Code) -> Imports {
    let mut found = Imports::default();
    let modules = syntax::modules(code);
    let words = [code.occurrences("alias"), code.occurrences("require")].concat();
    for at in words.into_iter().map(|at| at as usize) {
        let Some(statement) = syntax::statement(code, at) else { continue };
        let Some(what) = statement.arguments.first().cloned() else { continue };
        let open = what.clone().find(|&at| code.is(at, "{"));
        let path = what.start..open.map_or(what.end, |open| open.saturating_sub(1));
        let Some(base) = code.dotted(path) else { continue };
        // What is written with the name of an alias before, or of the module around.
        let (first, rest) = base.split_once('.').map_or((base.as_str(), ""), |(first, rest)| (first, rest));
        let before = match first {
            "__MODULE__" => syntax::module_at(&modules, at).map(|module| module.name.clone()),
            _ => found.get(first).map(|symbol| symbol.trim_start_matches('#').to_owned()),
        };
        let base = match before {
            Some(before) if rest.is_empty() => before,
            Some(before) => format!("{before}.{rest}"),
            None => base.clone(),
        };
        let mut add = |name: &str, local: Option<&str>| {
            let last = name.rsplit('.').next().unwrap_or(name);
            if name.len() > LONGEST_NAME {
                return;
            }
            found.insert(local.unwrap_or(last).to_owned(), format!("#{name}").into());
        };
        match open {
            Some(open) => {
                for part in code.split(code.inside(open), ",") {
                    if let Some(name) = code.dotted(part) {
                        add(&format!("{base}.{name}"), None);
                    }
                }
            }
            None => {
                let local = code.named(&statement.arguments, "as").and_then(|range| code.word(range.start));
                if local.is_some() || code.is(at, "alias") {
                    add(&base, local);
                }
            }
        }
    }
    found
}

/// A program begins where a module of it is an application.
fn define(code: &Code, module: &mut CodeModule) {
    configuration::constants(code, module);
    let modules = syntax::modules(code);
    let used = code
        .occurrences("Application")
        .iter()
        .map(|&at| at as usize)
        .find(|&at| at > 0 && code.is(at - 1, "use") && syntax::module_at(&modules, at).is_some());
    let Some(at) = used else { return };
    let has = |word: &str| !code.occurrences(word).is_empty();
    let starts = match () {
        () if has("Endpoint") => "phoenix",
        () if has("Cowboy") || has("Bandit") => "plug",
        () => "main",
    };
    module.entry = Some(Entry { at: code.location(at - 1..at + 1), starts: starts.into() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::extract::code::snapshot::check;

    #[test]
    fn names_are_aliases() {
        let text = "defmodule Shop.Web do
  alias Shop.Orders
  alias Orders.Line
  alias Shop.{Users, Mail.Sender}
  alias __MODULE__.Router, as: Routes
  require Logger
  require Shop.Macros, as: M
  defmodule Inner do
    alias __MODULE__.Deep
  end
end";
        let code = Code::new(Language::from_name("Elixir").expect("in the table"), "lib/a.ex", text);
        for (name, symbol) in [
            ("Orders", "#Shop.Orders"),
            ("Line", "#Shop.Orders.Line"),
            ("Users.User", "#Shop.Users.User"),
            ("Sender", "#Shop.Mail.Sender"),
            ("Routes", "#Shop.Web.Router"),
            ("Logger", "#Logger"),
            ("M", "#Shop.Macros"),
            ("Deep", "#Shop.Web.Inner.Deep"),
        ] {
            assert_eq!(&*code.symbol(name), symbol);
        }
    }

    #[test]
    fn applications_begin_programs() {
        check(
            "lib/shop/application.ex",
            "defmodule Shop.Application do\n  use Application\n  def start(_type, _args) do\n    Supervisor.start_link([Shop.Web.Endpoint], strategy: :one_for_one)\n  end\nend",
            "2 entry phoenix",
        );
        check("lib/a.ex", "defmodule A do\n  @moduledoc \"use Application\"\nend", "");
    }
}
