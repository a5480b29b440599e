//! Settings in files that return an array: `config/services.php` of Laravel, `settings.php` of Slim, `config/autoload/global.php`.
//!
//! The file's name stands before the keys, as `config('services.orders.url')` says them; of a file that is the whole of the settings it is
//! the name that programs ask for.

use std::ops::Range;

use super::values;
use crate::extract::Output;
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::{Code, Framework, targets};
use crate::extract::deployment::secret;
use crate::facts::{Fact, Setting, Value};
use crate::source::{Spanned, last_part};

pub const FRAMEWORK: Framework =
    Framework { name: "php-config", marks: &["return [", "return array", "return static function", "return function"], read };

const MOST_SETTINGS: usize = 300;
const DEEPEST: usize = 8;
const LONGEST: usize = 200;
/// Last parts of keys that matter whatever their value is.
const KEYS: [&str; 12] = [
    "queue",
    "topic",
    "database",
    "dbname",
    "connection",
    "exchange",
    "default",
    "routing_key",
    "channel",
    "bucket",
    "vhost",
    "broker",
];

fn read(code: &Code, output: &mut Output) {
    let Some(prefix) = prefix(code.path) else { return };
    let Some(array) = array(code) else { return };
    let has_root = code.arguments(array).iter().any(|entry| code.literal(entry.start).is_some_and(|key| key == "settings"));
    let prefix = if has_root && prefix == "settings" { "" } else { prefix };
    let mut settings = Vec::new();
    let mut waiting: Vec<(Range<usize>, String, usize)> = vec![(array..code.after(array), prefix.to_owned(), 0)];
    while let Some((range, key, depth)) = waiting.pop() {
        if settings.len() >= MOST_SETTINGS {
            break;
        }
        let open = range.start + usize::from(code.is(range.start, "array"));
        if code.is_any(open, &["[", "("]) && code.after(open) == range.end && depth < DEEPEST {
            let mut inner = Vec::new();
            for entry in code.arguments(open) {
                if !code.is(entry.start + 1, "=>") || code.kind(entry.start) != Some(TokenKind::Literal) {
                    continue;
                }
                let Some(name) = code.literal(entry.start) else { continue };
                let key = if key.is_empty() { name.into_owned() } else { format!("{key}.{name}") };
                inner.push((entry.start + 2..entry.end, key, depth + 1));
            }
            inner.reverse();
            waiting.extend(inner);
        } else if let Some(setting) = setting(code, range, &key) {
            settings.push(setting);
        }
    }
    if !settings.is_empty() {
        output.facts.push(Fact::Settings { settings });
    }
}

fn setting(code: &Code, range: Range<usize>, key: &str) -> Option<Setting> {
    let last = key.rsplit('.').next().unwrap_or(key);
    if secret::is_secret(last) || key.len() > LONGEST {
        return None;
    }
    let value = values::value(code, range.clone());
    let text = targets::setting_text(&value)?;
    let may_tell = match targets::first(&value) {
        Value::Literal(text) => targets::is_address(text) || targets::may_name_address(last) || KEYS.contains(&last),
        Value::Env { name, .. } => targets::may_name_address(name) || targets::may_name_address(last) || KEYS.contains(&last),
        _ => false,
    };
    let text = secret::without_secrets(&text);
    let is_short = !text.is_empty() && text.len() <= LONGEST && !text.contains('\n');
    (may_tell && is_short).then(|| Setting {
        key: key.into(),
        value: Spanned::new((*text).into(), code.location(range)),
        profile: None,
    })
}

/// What stands before the keys of a file of settings.
fn prefix(path: &str) -> Option<&str> {
    let name = last_part(path).strip_suffix(".php")?;
    let folder = path.rsplit('/').nth(1).unwrap_or_default();
    match (folder, name) {
        (_, "settings") => Some("settings"),
        ("autoload" | "config", _) if name.ends_with("global") || name.ends_with("local") => Some("config"),
        ("config", _) => Some(name),
        (_, "config") => Some("config"),
        _ => None,
    }
}

/// The array that the file returns, or that the function which it returns does.
fn array(code: &Code) -> Option<usize> {
    let mut found = None;
    for &at in code.occurrences("return").iter().take(16) {
        let open = at as usize + 1 + usize::from(code.is(at as usize + 1, "array"));
        if code.is(open, "[") || code.is(open, "(") && open > at as usize + 1 {
            found = Some(open);
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn arrays_of_settings_are_told() {
        check(
            "config/services.php",
            "<?php\nreturn [\n 'orders' => ['url' => env('ORDERS_URL', 'http://orders'), 'key' => env('ORDERS_KEY'), 'timeout' => 3],\n 'mail' => ['base' => ['uri' => 'http://mail/' . env('V')]],\n];",
            "3 setting services.orders.url = ${ORDERS_URL:http://orders}\n4 setting services.mail.base.uri = http://mail/${V}\n3 address env(ORDERS_URL or http://orders) as url\n4 address http://mail/+env(V) as uri",
        );
        check(
            "app/settings.php",
            "<?php\nreturn function ($b) { $b->addDefinitions(['settings' => 1]); };\n$x = 1; return ['settings' => ['api' => ['url' => getenv('API_URL')]]];",
            "3 setting settings.api.url = ${API_URL}\n3 address env(API_URL) as url",
        );
        check("src/Orders.php", "<?php\nreturn ['url' => 'http://stock'];", "2 address http://stock as url");
    }
}
