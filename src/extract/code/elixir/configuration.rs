//! `config/*.exs`: settings of applications, and the stores of their repositories; what functions without parameters give to other files.
//!
//! A setting whose value comes from the environment is a text that says so, as other kinds of settings write it: `${ORDERS_URL:default}`.

use std::ops::Range;

use super::stores::{self, engine_of};
use super::{syntax, values};
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::{CodeModule, Connection, Constant, Fact, Setting, Value};
use crate::source::Spanned;

pub const FRAMEWORK: Framework = Framework { name: "elixir-configuration", marks: &["import Config", "use Mix.Config"], read };

/// Settings of one file.
const MOST_SETTINGS: usize = 400;
/// Lists in lists.
const DEEPEST: usize = 4;
const MOST_CONSTANTS: usize = 100;

fn read(code: &Code, output: &mut Output) {
    if code.path.ends_with("/test.exs") {
        return;
    }
    let profile = profile(code.path);
    let mut settings = Vec::new();
    for at in code.occurrences("config").iter().map(|&at| at as usize) {
        let Some(found) = syntax::statement(code, at) else { continue };
        let Some(application) = found.arguments.first().and_then(|name| syntax::atom(code, name.clone())) else { continue };
        let mut told = &found.arguments[1..];
        let mut prefix = application.to_string();
        if let Some(first) = told.first()
            && let Some(key) = values::key_name(code, first.clone(), at)
        {
            prefix = format!("{prefix}.{key}");
            told = &told[1..];
        }
        if let [value] = told
            && !is_pair(code, value)
            && !code.is(value.start, "[")
        {
            settings.extend(setting(code, prefix, value.clone(), profile));
            continue;
        }
        let options = match told {
            [list] if code.is(list.start, "[") => code.split(code.inside(list.start), ","),
            options => options.to_vec(),
        };
        repository(code, at..found.end, &prefix, &options, output);
        let mut waiting = vec![(prefix, options)];
        while let Some((prefix, options)) = waiting.pop() {
            for option in options.into_iter().filter(|option| is_pair(code, option)) {
                if settings.len() >= MOST_SETTINGS {
                    break;
                }
                let key = format!("{prefix}.{}", code.text_of(option.start));
                let value = option.start + 2..option.end;
                if code.is(value.start, "[") && key.matches('.').count() < DEEPEST * 2 {
                    waiting.push((key, code.split(code.inside(value.start), ",")));
                } else {
                    settings.extend(setting(code, key, value, profile));
                }
            }
        }
    }
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
}

/// `key: value`
fn is_pair(code: &Code, range: &Range<usize>) -> bool {
    code.word(range.start).is_some() && code.is(range.start + 1, ":") && range.len() > 2
}

/// The environment for which a file of settings is; None for all.
fn profile(path: &str) -> Option<&str> {
    match path.rsplit('/').next()? {
        "dev.exs" => Some("dev"),
        "prod.exs" => Some("prod"),
        "staging.exs" => Some("staging"),
        _ => None,
    }
}

fn setting(code: &Code, key: String, range: Range<usize>, profile: Option<&str>) -> Option<Setting> {
    let at = code.location(range.clone());
    let text = text(&values::value(code, range))?;
    Some(Setting { key: key.into(), value: Spanned::new(text.into(), at), profile: profile.map(Into::into) })
}

/// A value as the text of a setting; None where parts of it are not known.
fn text(value: &Value) -> Option<String> {
    let one = |value: &Value| match value {
        Value::Literal(text) => Some(text.to_string()),
        Value::Env { name, default: None } => Some(format!("${{{name}}}")),
        Value::Env { name, default: Some(default) } => match &**default {
            Value::Literal(text) => Some(format!("${{{name}:{text}}}")),
            _ => Some(format!("${{{name}}}")),
        },
        _ => None,
    };
    match value {
        Value::Concat(parts) => parts.iter().map(one).collect(),
        value => one(value),
    }
}

/// `config :shop, Shop.Repo, url: System.get_env("DATABASE_URL")`
fn repository(code: &Code, at: Range<usize>, prefix: &str, options: &[Range<usize>], output: &mut Output) {
    let is_repository = prefix.rsplit('.').next().is_some_and(|last| last.ends_with("Repo"));
    if !is_repository || stores::is_for_developers(code.path) {
        return;
    }
    let (address, database) = stores::address(code, options);
    let adapter = code.named(options, "adapter").and_then(|range| code.dotted(range));
    let engine = adapter.and_then(|adapter| engine_of(&adapter));
    let is_local = |value: &Value| matches!(value, Value::Literal(text) if &**text == "localhost");
    if let Some(address) = address.filter(|address| !is_local(address)) {
        let engine = engine.map(Into::into);
        output.facts.push(Fact::Connection(Connection { at: code.location(at), engine, address, database }));
    }
}

/// Functions without parameters that give settings or texts with a host: `def orders_url, do: System.get_env("ORDERS_URL")`.
pub fn constants(code: &Code, module: &mut CodeModule) {
    for at in code.occurrences("def").iter().map(|&at| at as usize + 1) {
        let Some(name) = code.word(at).filter(|_| module.constants.len() < MOST_CONSTANTS) else { continue };
        let Some(range) = values::function_value(code, at).filter(|range| range.len() < 60) else { continue };
        let value = values::value(code, range);
        let is_url = matches!(&value, Value::Literal(text) if text.contains("://"));
        if values::is_setting(&value) || is_url {
            let name = match values::module_around(code, at) {
                Some(module) => format!("{module}.{name}").into(),
                None => name.into(),
            };
            module.constants.push(Constant { name, value, at: code.at(at) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;
    use crate::discover::{Kind, Role};
    use crate::extract::code::snapshot;

    /// Settings of a file, each as `key = value`.
    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let kind = Kind { language: Language::from_name("Elixir"), role: Role::Production };
        let file = crate::extract::file(kind, path, text.as_bytes());
        let settings = file.facts.iter().filter_map(|fact| match fact {
            Fact::Settings { settings } => Some(settings),
            _ => None,
        });
        let shown: Vec<String> = settings.flatten().map(|setting| format!("{} = {}", setting.key, setting.value.value)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn settings_of_applications() {
        check(
            "config/runtime.exs",
            r##"
import Config
if config_env() == :prod do
  host = System.get_env("STOCK_HOST") || "stock"
  config :shop, Shop.Orders, url: System.fetch_env!("ORDERS_URL"), retry: [count: 3]
  config :shop, stock_url: "http://#{host}:4000"
  config :shop, :mail, url: "http://mail"
  config :shop, :plain, "x"
end
            "##,
            &[
                "shop.Shop.Orders.url = ${ORDERS_URL}",
                "shop.Shop.Orders.retry.count = 3",
                "shop.stock_url = http://${STOCK_HOST:stock}:4000",
                "shop.mail.url = http://mail",
                "shop.plain = x",
            ],
        );
        check("config/test.exs", "import Config\nconfig :shop, url: \"http://a\"", &[]);
    }

    #[test]
    fn repositories_and_functions() {
        snapshot::check(
            "config/runtime.exs",
            "import Config\nconfig :shop, Shop.Repo, url: System.get_env(\"DATABASE_URL\"), pool_size: 10\nconfig :shop, Shop.LogRepo, hostname: \"db\", database: \"logs\", adapter: Ecto.Adapters.Postgres",
            "2 connects env(DATABASE_URL)\n3 connects postgresql db database logs\n2 setting shop.Shop.Repo.url = ${DATABASE_URL}\n2 setting shop.Shop.Repo.pool_size = 10\n3 setting shop.Shop.LogRepo.hostname = db\n3 setting shop.Shop.LogRepo.database = logs",
        );
        snapshot::check(
            "config/dev.exs",
            "import Config\nconfig :shop, Shop.Repo, hostname: \"localhost\"",
            "2 setting shop.Shop.Repo.hostname = localhost for dev",
        );
        snapshot::check(
            "lib/shop/config.ex",
            "defmodule Shop.Config do\n  def orders_url, do: System.get_env(\"ORDERS_URL\")\n  def mail do\n    \"http://mail\"\n  end\n  def other(a), do: a\nend",
            "2 address env(ORDERS_URL)\n4 address http://mail\n2 constant Shop.Config.orders_url = env(ORDERS_URL)\n3 constant Shop.Config.mail = http://mail",
        );
    }
}
