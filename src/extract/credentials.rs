//! Credentials in addresses: no fact keeps a password, whatever language or format wrote it.

use std::borrow::Cow;

use crate::facts::{Fact, Value};

/// Takes passwords out of the addresses of a fact.
pub fn take_out(fact: &mut Fact) {
    match fact {
        Fact::Call(call) => {
            let values = [Some(&mut call.target), call.name.as_mut(), call.exchange.as_mut()];
            values.into_iter().flatten().for_each(of_value);
        }
        Fact::Connection(store) => {
            of_value(&mut store.address);
            store.database.iter_mut().for_each(of_value);
        }
        Fact::Addresses { addresses } => addresses.iter_mut().for_each(|address| of_value(&mut address.value)),
        Fact::Invocations { invocations } => {
            invocations.iter_mut().flat_map(|invocation| &mut invocation.arguments).for_each(of_value);
        }
        Fact::Code(module) => module.constants.iter_mut().for_each(|constant| of_value(&mut constant.value)),
        Fact::Gateway(gateway) => gateway.forwards.iter_mut().for_each(|forward| of_value(&mut forward.target)),
        Fact::Settings { settings } => {
            for setting in settings {
                if let Cow::Owned(text) = without(&setting.value.value) {
                    setting.value.value = text.into();
                }
            }
        }
        _ => {}
    }
}

fn of_value(value: &mut Value) {
    /// Values within values that are looked at; extractors make none that lie deeper.
    const MOST: usize = 512;
    let mut waiting = vec![value];
    let mut left = MOST;
    while let Some(value) = waiting.pop() {
        left -= 1;
        if left == 0 {
            return;
        }
        match value {
            Value::Literal(text) => {
                if let Cow::Owned(clean) = without(text) {
                    *text = clean.into();
                }
            }
            Value::Env { default: Some(default), .. } | Value::Property { default: Some(default), .. } => waiting.push(default),
            Value::Concat(parts) => waiting.extend(parts),
            _ => {}
        }
    }
}

/// `scheme://user:password@host` without the password; a list of `key=value` without that of its password.
fn without(text: &str) -> Cow<'_, str> {
    if let Some((scheme, rest)) = text.split_once("://") {
        let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
        if let Some((credentials, host)) = authority.rsplit_once('@')
            && let Some((user, password)) = credentials.split_once(':')
            && !password.is_empty()
        {
            let behind = &rest[authority.len()..];
            return Cow::Owned(format!("{scheme}://{user}@{host}{behind}"));
        }
        return Cow::Borrowed(text);
    }
    let is_secret = |part: &&str| {
        let key = part.split('=').next().unwrap_or("").trim();
        key.eq_ignore_ascii_case("password") || key.eq_ignore_ascii_case("pwd")
    };
    if text.contains(';') && text.contains('=') && text.split(';').any(|part| is_secret(&part)) {
        return Cow::Owned(text.split(';').filter(|part| !is_secret(part)).collect::<Vec<_>>().join(";"));
    }
    Cow::Borrowed(text)
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn passwords_are_taken_out_and_the_rest_stays() {
        for (text, expected) in [
            ("mongodb://user:secret@db:27017/shop?ssl=true", "mongodb://user@db:27017/shop?ssl=true"),
            ("postgres://user@db/shop", "postgres://user@db/shop"),
            ("http://orders:8080/a@b", "http://orders:8080/a@b"),
            ("server=db;user id=sa;Password=secret;database=Shop", "server=db;user id=sa;database=Shop"),
            ("plain", "plain"),
        ] {
            assert_eq!(without(text), expected);
        }
    }
}
