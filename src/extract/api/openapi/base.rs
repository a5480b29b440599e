//! What stands between the host and the paths of a description: the base path of version 2.0, the servers of version 3.

use std::borrow::Cow;

use super::description::Description;
use crate::document::{Node, Shape};

/// Base paths as they come before templates: empty, or `/…` without a slash at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// Of all servers, when they agree.
    pub path: String,
    /// Those of the servers when they do not: then `path` is empty.
    pub alternatives: Vec<String>,
}

/// A longer base path is no real one, and would be repeated for every operation.
const MAX_BASE: usize = 1024;
const MAX_SERVERS: usize = 64;

/// The base path of the whole description.
pub fn base(description: &Description) -> Base {
    if description.version.second {
        let path = description.root.get("basePath").and_then(Node::text).map(base_path).unwrap_or_default();
        return Base { path, alternatives: Vec::new() };
    }
    servers(description, description.root).unwrap_or_default()
}

/// The base path that an object's own `servers` give, when it has any.
pub fn servers<'d>(description: &Description<'d>, object: Node<'d>) -> Option<Base> {
    let list = object.get("servers").filter(|list| list.shape() == Shape::Sequence && !list.is_empty())?;
    let mut paths: Vec<String> = Vec::new();
    for server in list.items().take(MAX_SERVERS) {
        let Some(url) = server.get("url").and_then(Node::text) else { continue };
        let Some(path) = url_path(&expanded(description, server, url)) else { continue };
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    match <[String; 1]>::try_from(paths) {
        Ok([path]) => Some(Base { path, alternatives: Vec::new() }),
        Err(alternatives) => Some(Base { path: String::new(), alternatives }),
    }
}

/// A server's URL with the defaults of its variables.
pub fn expanded<'u, 'd>(description: &Description<'d>, server: Node<'d>, url: &'u str) -> Cow<'u, str> {
    let mut url = Cow::Borrowed(url);
    let Some(variables) = server.get("variables").filter(|_| url.contains('{')) else { return url };
    for variable in description.fields(variables).into_iter().take(MAX_SERVERS) {
        let expression = format!("{{{}}}", variable.name);
        let default = variable.value.get("default").and_then(Node::scalar);
        if let Some(default) =
            default.filter(|default| default.len() <= MAX_BASE && url.len() <= MAX_BASE && url.contains(&expression))
        {
            url = Cow::Owned(url.replace(&expression, default));
        }
    }
    url
}

/// The path of a server URL; none when it depends on where the description itself is served.
fn url_path(url: &str) -> Option<String> {
    let path = match url.split_once("//") {
        // `https://host/path`, `//host/path`, `{scheme}://host/path`.
        Some((before, rest)) if before.is_empty() || before.ends_with(':') => rest.find('/').map_or("", |slash| &rest[slash..]),
        // `{server}/path`: the variable has no default, and holds at least a host.
        _ if url.starts_with('{') => url.find('/').map_or("", |slash| &url[slash..]),
        _ if url.is_empty() || url.starts_with('/') => url,
        _ => return None,
    };
    let path = path.split(['?', '#']).next().unwrap_or(path);
    Some(base_path(path))
}

fn base_path(path: &str) -> String {
    let path = path.trim().trim_end_matches('/');
    match path {
        _ if path.is_empty() || path.len() > MAX_BASE => String::new(),
        _ if path.starts_with('/') => path.to_owned(),
        _ => format!("/{path}"),
    }
}

/// A template below a base path.
pub fn joined(base: &str, template: &str) -> String {
    match (base, template.starts_with('/')) {
        ("", _) => template.to_owned(),
        (_, true) => format!("{base}{template}"),
        (_, false) => format!("{base}/{template}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Syntax, parse};
    use crate::extract::api::openapi::version;

    fn check(key: &str, number: &str, text: &str, expected: &str) {
        let tree = parse(Syntax::Yaml, text);
        let version = version::named(key, number).expect("a known version");
        let base = base(&Description::new(tree.root().expect("it parses"), version, "openapi.yaml"));
        let shown = if base.alternatives.is_empty() { base.path } else { base.alternatives.join(" | ") };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn base_paths_of_version_two() {
        for (text, expected) in
            [("basePath: /v1/", "/v1"), ("basePath: /", ""), ("basePath: v1", "/v1"), ("host: x", ""), ("basePath: []", "")]
        {
            check("swagger", "2.0", text, expected);
        }
    }

    #[test]
    fn servers_of_version_three() {
        for (text, expected) in [
            ("servers: [{url: 'https://api.example.com/v1/'}]", "/v1"),
            ("servers: [{url: 'https://a.example.com/v1'}, {url: 'https://b.example.com/v1'}]", "/v1"),
            ("servers: [{url: 'https://a.example.com/v1'}, {url: 'http://localhost:8080'}]", "/v1 | "),
            ("servers: [{url: /api}]", "/api"),
            ("servers: [{url: api}]", ""),
            ("servers: [{url: '//host/v2?x=/y'}]", "/v2"),
            ("servers: []", ""),
            ("servers: {url: /v1}", ""),
            ("info: {}", ""),
            ("servers: [{url: '{scheme}://{host}/{base}', variables: {scheme: {default: https}, base: {default: v2}}}]", "/v2"),
            ("servers: [{url: '{server}/v1'}]", "/v1"),
            ("servers: [{url: '{root}', variables: {root: {default: 'https://x/y/'}}}]", "/y"),
            ("servers: [{url: 'https://x/{region}/y'}]", "/{region}/y"),
        ] {
            check("openapi", "3.0.3", text, expected);
        }
    }

    #[test]
    fn templates_join_with_one_slash() {
        assert_eq!(joined("", "/a"), "/a");
        assert_eq!(joined("/v1", "/a"), "/v1/a");
        assert_eq!(joined("/v1", "a"), "/v1/a");
    }
}
