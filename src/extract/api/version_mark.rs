//! Where an API shows its version: a path, a host, a header, a query parameter, a media type or a package.
//!
//! Each function takes the text of one such place and tells whether a version stands there. What a description says about itself
//! (`info.version`) is no such place: callers can't choose by it.

/// `v1`, `V2.1`, `v1beta1`, `v2024-05`: the word that stands for a version wherever it occurs.
pub fn is_version(word: &str) -> bool {
    const STAGES: [&str; 6] = ["alpha", "beta", "rc", "preview", "eap", "p"];
    let Some(mut rest) = word.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) else {
        return false;
    };
    // Numbers and stages in turn: `1`, `1.2`, `1beta1`, `1p1beta1`.
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '_'));
        if rest.is_empty() {
            return true;
        }
        match STAGES.iter().find_map(|stage| rest.strip_prefix(stage)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
}

/// `2.0` or `2015-03-31`, which stand for a version only where nothing else is expected.
fn is_number_or_date(word: &str) -> bool {
    let mut parts = word.split(['.', '-']);
    let numbers = parts.clone().count();
    (2..=3).contains(&numbers)
        && parts.all(|part| !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit()))
}

/// A template expression that callers fill in with a version: `{version}`, `{apiVersion}`.
fn is_version_expression(segment: &str) -> bool {
    let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else { return false };
    is_api_version(name) || name.eq_ignore_ascii_case("version")
}

/// `api-version` and its spellings.
fn is_api_version(name: &str) -> bool {
    let mut letters = name.bytes().filter(|byte| !matches!(byte, b'-' | b'_' | b'$')).map(|byte| byte.to_ascii_lowercase());
    b"apiversion".iter().all(|expected| letters.next() == Some(*expected)) && letters.next().is_none()
}

/// A path template or the path of a server URL.
pub fn in_path(path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let mut before = "";
    path.split('/').filter(|segment| !segment.is_empty()).any(|segment| {
        // `/v1/orders:cancel` and `/v1:batch` write a custom method after a colon.
        let word = segment.split(':').next().unwrap_or(segment);
        // Elsewhere a number, a date or `{version}` may belong to the thing that the path names.
        let at_the_front = matches!(before, "" | "api" | "apis" | "rest" | "services");
        before = word;
        is_version(word)
            || word.strip_prefix(['v', 'V']).is_some_and(|rest| rest.starts_with('{') && rest.ends_with('}'))
            || (at_the_front && (is_number_or_date(word) || is_version_expression(word)))
    })
}

/// A server URL: its path, or the first labels of its host (`v2.api.example.com`).
pub fn in_url(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("//") else { return in_path(url) };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    in_host(host) || in_path(path)
}

pub fn in_host(host: &str) -> bool {
    let mut labels = host.split('.').rev();
    // The last two labels are the organisation's.
    labels.by_ref().take(2).for_each(drop);
    labels.flat_map(|label| label.split('-')).any(is_version)
}

/// A header by which callers choose a version.
pub fn is_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let bare = name.strip_prefix("x-").unwrap_or(&name);
    matches!(bare, "version" | "accept-version" | "ms-version") || ends_with_api_version(&name)
}

/// `Acme-Api-Version`, `X-API-Version`, `apiVersion`.
fn ends_with_api_version(name: &str) -> bool {
    is_api_version(name) || ["-api-version", "_api_version", "-apiversion"].iter().any(|ending| name.ends_with(ending))
}

/// A query parameter by which callers choose a version.
pub fn is_query_parameter(name: &str) -> bool {
    is_api_version(name)
}

/// A media type: `application/vnd.acme.v2+json`, `application/json;version=2`.
pub fn in_media_type(media_type: &str) -> bool {
    let (name, parameters) = media_type.split_once(';').unwrap_or((media_type, ""));
    let parameter = |part: &str| {
        let key = part.split('=').next().unwrap_or(part).trim();
        part.contains('=') && (matches!(key, "v" | "version") || is_api_version(key))
    };
    let subtype = name.split_once('/').map_or("", |(_, subtype)| subtype);
    let vendor = subtype.starts_with("vnd.") || subtype.starts_with("x-") || subtype.starts_with("prs.");
    parameters.split(';').any(parameter)
        || (vendor && subtype.split('+').next().is_some_and(|stem| stem.split(['.', '-']).skip(1).any(is_version)))
}

/// A package: `acme.orders.v1`.
pub fn in_package(package: &str) -> bool {
    package.split('.').any(is_version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_from_other_words() {
        for word in ["v1", "V2", "v10", "v1.2", "v1beta1", "v1alpha", "v2024-05", "v2020_01_15", "v1p1beta1"] {
            assert!(is_version(word), "{word}");
        }
        for word in ["v", "1", "vans", "v8engine", "video", "version", ""] {
            assert!(!is_version(word), "{word}");
        }
    }

    #[test]
    fn paths() {
        for path in [
            "/v1/orders",
            "/api/v2/orders/{id}",
            "/orders/v3",
            "/v1:batch",
            "/v{version}/orders",
            "/{version}/orders",
            "/api/{api-version}/orders",
            "/2.0/orders",
            "/2015-03-31/functions",
        ] {
            assert!(in_path(path), "{path}");
        }
        for path in ["/orders", "/packages/{name}/versions/{version}", "/a/b/2.0", "/vat/1", "/versions/{version}", "/o?x=/v1"] {
            assert!(!in_path(path), "{path}");
        }
    }

    #[test]
    fn urls() {
        for url in
            ["https://api.example.com/v1", "https://v2.api.example.com", "https://api-v2.example.com/", "/v1", "//host/v1/"]
        {
            assert!(in_url(url), "{url}");
        }
        for url in ["https://api.example.com", "https://v2.io/", "/", "", "http://localhost:8080/api"] {
            assert!(!in_url(url), "{url}");
        }
    }

    #[test]
    fn headers_and_parameters() {
        for name in
            ["Api-Version", "X-API-Version", "api-version", "Accept-Version", "X-Acme-Api-Version", "version", "X-Version"]
        {
            assert!(is_header(name), "{name}");
        }
        for name in ["X-Client-Version", "If-Version", "Content-Type", "api-versions"] {
            assert!(!is_header(name), "{name}");
        }
        assert!(is_query_parameter("api-version") && is_query_parameter("apiVersion"));
        assert!(!is_query_parameter("version") && !is_query_parameter("v"), "may be the version of a thing");
    }

    #[test]
    fn media_types() {
        for name in [
            "application/vnd.acme.v2+json",
            "application/json;version=2",
            "application/json; v=1",
            "application/vnd.acme-v1+json",
        ] {
            assert!(in_media_type(name), "{name}");
        }
        for name in ["application/json", "application/json; charset=utf-8", "application/vnd.api+json", "*/*"] {
            assert!(!in_media_type(name), "{name}");
        }
    }

    #[test]
    fn packages() {
        assert!(in_package("acme.orders.v1") && in_package("acme.v1beta1.orders"));
        assert!(!in_package("acme.orders") && !in_package(""));
    }
}
