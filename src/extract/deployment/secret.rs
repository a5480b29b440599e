//! Keeps secrets out of facts: what is called a secret is never kept, and what holds one is kept without it.

use std::borrow::Cow;

/// Words of a key that say that its value must not be shown.
const WORDS: [&str; 17] = [
    "password",
    "passwd",
    "passphrase",
    "pass",
    "pwd",
    "secret",
    "secrets",
    "token",
    "tokens",
    "key",
    "keys",
    "apikey",
    "credential",
    "credentials",
    "signature",
    "salt",
    "pat",
];

/// Last words of keys that say where something is.
const ADDRESSES: [&str; 8] = ["url", "uri", "host", "hostname", "addr", "address", "endpoint", "port"];

/// Endings of words that were not taken apart: `dbpassword`, `accesskey`.
const ENDINGS: [&str; 6] = ["password", "passwd", "secret", "token", "key", "credentials"];

/// Whether a key may name a secret.
pub fn is_secret(key: &str) -> bool {
    // `TOKEN_SERVICE_URL` is where something is, whatever it is called.
    if words(key).last().is_some_and(|last| ADDRESSES.contains(&last.as_str())) {
        return false;
    }
    // Keys by which brokers hand messages on are no secrets.
    let mut is_routing = false;
    words(key).any(|word| {
        let routes = std::mem::replace(&mut is_routing, matches!(word.as_str(), "routing" | "binding" | "partition"));
        let is_key = matches!(word.as_str(), "key" | "keys");
        let is_word = WORDS.contains(&word.as_str()) || ENDINGS.iter().any(|ending| word.ends_with(ending));
        is_word && !(routes && is_key) && !matches!(word.as_str(), "routingkey" | "bindingkey")
    })
}

/// What nobody writes by hand: a long run of letters and digits, a cipher text, a key.
pub fn is_blob(value: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '=');
    let run = value.split(|c: char| !is_plain(c)).map(str::len).max().unwrap_or(0);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    value.starts_with("{cipher}") || value.starts_with("ENC(") || value.contains("-----BEGIN") || (run >= 32 && digits > 3)
}

/// The words of a key in lower case: those of `ConnectionStrings:OrdersDb` are `connection`, `strings`, `orders` and `db`.
pub fn words(key: &str) -> impl Iterator<Item = String> {
    let mut words: Vec<String> = Vec::new();
    let mut begins = true;
    let mut was_lower = false;
    for c in key.chars() {
        if !c.is_alphanumeric() {
            begins = true;
            continue;
        }
        if begins || (was_lower && c.is_uppercase()) {
            words.push(String::new());
        }
        begins = false;
        was_lower = c.is_lowercase() || c.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.into_iter()
}

/// A value without the secrets that it names: credentials of URLs, and the secret parts of connection strings and queries.
pub fn without_secrets(value: &str) -> Cow<'_, str> {
    let mut value = Cow::Borrowed(value);
    // `scheme://user:password@host`.
    let mut from = 0;
    while let Some(at) = value[from..].find("://") {
        let start = from + at + 3;
        let rest = &value[start..];
        let authority = &rest[..rest.find(['/', '?', '#', ' ', '"', '\'']).unwrap_or(rest.len())];
        // A password may hold any of these: what stands before the last `@` of the word goes.
        let word = &rest[..rest.find([' ', '"', '\'', ',', ';']).unwrap_or(rest.len())];
        let until = authority.rfind('@').or_else(|| word.rfind('@').filter(|at| word[..*at].contains(':')));
        if let Some(end) = until {
            value = Cow::Owned(format!("{}{}", &value[..start], &value[start + end + 1..]));
        }
        from = start;
    }
    if !value.contains('=') {
        return value;
    }
    let is_end = |c: char| matches!(c, ';' | '&' | '?' | ',' | ' ');
    let mut kept = String::with_capacity(value.len());
    let mut changed = false;
    for part in value.split_inclusive(is_end) {
        match part.split_once('=') {
            Some((key, _)) if is_secret(key) => changed = true,
            _ => kept.push_str(part),
        }
    }
    if changed { Cow::Owned(kept.trim_end_matches(is_end).to_owned()) } else { value }
}

/// A command without the secrets that it gives to what it starts.
pub fn without_secrets_of_command(command: &str) -> String {
    let mut kept: Vec<Cow<str>> = Vec::new();
    let mut follows = false;
    for word in command.split(' ') {
        if std::mem::take(&mut follows) && !word.starts_with('-') {
            continue;
        }
        match word.split_once('=') {
            Some((name, _)) if is_secret(name) => {}
            None if word.starts_with('-') && is_secret(word) => follows = true,
            _ => kept.push(without_secrets(word)),
        }
    }
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known() {
        for key in ["spring.datasource.password", "Jwt:SigningKey", "API_TOKEN", "clientSecret", "dbpassword", "accesskey"] {
            assert!(is_secret(key), "{key}");
        }
        for key in [
            "rabbit.routing-key",
            "ORDERS_ROUTING_KEY",
            "routingKey",
            "server.port",
            "keycloak.url",
            "ConnectionStrings:Orders",
            "tokenizer.path",
            "compass.url",
        ] {
            assert!(!is_secret(key), "{key}");
        }
    }

    #[test]
    fn values_are_kept_without_what_is_secret_in_them() {
        for (value, expected) in [
            ("mongodb://shop:s3cret@db:27017/orders", "mongodb://db:27017/orders"),
            ("amqp://shop:p/w@mq:5672", "amqp://mq:5672"),
            ("https://example.com/@scope", "https://example.com/@scope"),
            (
                "Server=sql;Database=Orders;User Id=sa;Password=Pass@word1;Encrypt=true",
                "Server=sql;Database=Orders;User Id=sa;Encrypt=true",
            ),
            ("jdbc:postgresql://db/orders?user=a&password=b", "jdbc:postgresql://db/orders?user=a"),
            ("http://orders:8080/api", "http://orders:8080/api"),
        ] {
            assert_eq!(without_secrets(value), expected, "{value}");
        }
        assert_eq!(without_secrets_of_command("redis-server --requirepass-token abc --port 1"), "redis-server --port 1");
        assert_eq!(without_secrets_of_command("java -Dtoken=x -jar a.jar"), "java -jar a.jar");
        assert_eq!(without_secrets_of_command("start --password --port 1"), "start --port 1");
    }
}
