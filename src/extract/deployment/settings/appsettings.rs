//! `appsettings.json` and `appsettings.ENVIRONMENT.json` of .NET; keys are joined by `:` as .NET does.

use std::sync::Arc;

use super::flatten;
use crate::discover::Kind;
use crate::extract::deployment::is_production;
use crate::extract::{Extractor, Input, Output};
use crate::facts::Fact;
use crate::source::last_part;

pub const EXTRACTOR: Extractor =
    Extractor { name: "appsettings", wants, applies: |input| wants(input.kind, input.path), extract };

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && middle(path).is_some()
}

/// What stands between `appsettings` and `json`.
fn middle(path: &str) -> Option<&str> {
    let name = last_part(path);
    let is_named = name.get(..11).is_some_and(|word| word.eq_ignore_ascii_case("appsettings"));
    is_named.then(|| name[11..].strip_suffix("json"))?.filter(|middle| middle.starts_with('.'))
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root() else { return };
    let environment = middle(input.path).map(|middle| middle.trim_matches('.')).filter(|middle| !middle.is_empty());
    let mut settings = Vec::new();
    flatten(root, ":", environment.map(Arc::from).as_ref(), &mut settings);
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn keys_are_joined_as_dotnet_does() {
        check(
            "src/Orders/appsettings.Development.json",
            r#"{
  // For developers.
  "ConnectionStrings": {"Orders": "Server=sql;Database=Orders;User Id=sa;Password=x;"},
  "Logging": {"LogLevel": {"Default": "Debug"}},
  "Urls": {"Billing": "http://billing:80", "Others": ["http://a"]},
  "Jwt": {"Key": "abc", "Issuer": "x"},
  "AllowedHosts": "*",
}"#,
            "settings settings=[key=ConnectionStrings:Orders value=Server=sql;Database=Orders;User Id=sa@3:35 profile=Development, \
             key=Urls:Billing value=http://billing:80@5:23 profile=Development, key=Urls:Others:0 value=http://a@5:55 profile=Development]",
        );
        assert_eq!(read("appsettings.schema", "{}"), "");
        assert_eq!(read("appsettingsx.json", r#"{"Url": "http://a"}"#), "");
    }
}
