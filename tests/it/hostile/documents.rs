//! Structured documents that nest without end, multiply, break off or are no text.

use super::{Folder, nested};

const DEEP: usize = 100_000;
const INFO: &str = "openapi: 3.0.3\ninfo: { title: t, version: '1' }\n";
const CATALOG: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: orders }\n";
const SPEC: &str = "spec: { type: service, lifecycle: production, owner: sales }\n";

/// Each file by itself in the repository `bad`, and what must be found.
#[track_caller]
fn check(cases: &[(&str, &str, String, &[&str])]) {
    let mut wrong = Vec::new();
    for (name, path, content, expected) in cases {
        let found = Folder::new().write(&format!("bad/{path}"), content).found();
        if found != *expected {
            wrong.push(format!("{name}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn blocks(depth: usize) -> String {
    (0..depth).map(|level| format!("{}a:\n", " ".repeat(level))).collect()
}

#[test]
fn deep_nesting_is_a_limit() {
    check(&[
        (
            "yaml catalog",
            "catalog-info.yaml",
            format!("{CATALOG}{SPEC}x: {}", nested("[", "", "]", DEEP)),
            &["limit-reached bad/catalog-info.yaml:5"],
        ),
        (
            "json catalog",
            "catalog-info.json",
            nested("{\"a\":", "1", "}", DEEP),
            &["manifest-invalid bad/catalog-info.json:1", "limit-reached bad/catalog-info.json:1"],
        ),
        (
            "manifest",
            "service.yaml",
            format!("name: a\nprovides: []\nannotations: {}", nested("[", "", "]", DEEP)),
            &["manifest-invalid bad/service.yaml:3", "limit-reached bad/service.yaml:3"],
        ),
        (
            "json description",
            "openapi.json",
            format!(
                "{{\"openapi\":\"3.0.3\",\"info\":{{\"title\":\"t\",\"version\":\"1\"}},\"paths\":{}}}",
                nested("{\"a\":", "1", "}", DEEP)
            ),
            &["api-invalid bad/openapi.json:1", "limit-reached bad/openapi.json:1"],
        ),
        (
            "yaml description",
            "openapi.yaml",
            format!("{INFO}paths: {}", nested("{a: ", "1", "}", DEEP)),
            &["api-invalid bad/openapi.yaml:3", "limit-reached bad/openapi.yaml:3"],
        ),
        (
            "yaml blocks",
            "openapi.yaml",
            format!("{INFO}paths:\n{}", blocks(2_000)),
            &["api-invalid bad/openapi.yaml:3", "limit-reached bad/openapi.yaml:254"],
        ),
        (
            "a description that is nothing else",
            "openapi.json",
            nested("[", "", "]", DEEP),
            &["api-invalid bad/openapi.json:1", "limit-reached bad/openapi.json:1"],
        ),
        (
            "policy of a repository",
            "brickwork.yaml",
            format!("rules: {}", nested("[", "", "]", DEEP)),
            &["manifest-invalid bad/brickwork.yaml:1"; 2],
        ),
    ]);
}

/// Nine levels of nine aliases each.
fn bomb(key: &str) -> String {
    let mut text = format!("{key}0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text += &format!("{key}{level}: &a{level} [{aliases}]\n");
    }
    text
}

#[test]
fn alias_bombs_do_not_go_off() {
    check(&[
        (
            "catalog",
            "catalog-info.yaml",
            format!("{CATALOG}{}spec: {{ type: *a9, lifecycle: *a9, owner: *a9 }}\n", bomb("x")),
            &["manifest-invalid bad/catalog-info.yaml:14"; 3],
        ),
        (
            "description",
            "openapi.yaml",
            format!("{INFO}{}paths: {{ /a: {{ get: {{ parameters: *a9, responses: *a9 }} }} }}\n", bomb("x-")),
            &["api-invalid bad/openapi.yaml:13"],
        ),
    ]);
    let found = Folder::new().write("bad/brickwork.yaml", format!("{}services: *a9\n", bomb("x"))).found();
    assert!(
        found.iter().all(|finding| finding.starts_with("manifest-invalid bad/brickwork.yaml:")) && found.len() > 10,
        "{found:#?}"
    );
}

#[test]
fn one_long_line_of_marks_is_a_syntax_error() {
    let marks = ["- ", "(", "[", "\"", "&a ", "? ", "!"];
    let files =
        ["catalog-info.yaml", "openapi.yaml", "openapi.json", "brickwork.yaml", "service.yaml", "orders.proto", "CODEOWNERS"];
    for mark in marks {
        let folder = Folder::new();
        for path in files {
            folder.write(&format!("bad/{path}"), mark.repeat(100_000));
        }
        let found = folder.found();
        let told = |path: &str| found.iter().any(|finding| finding.ends_with(&format!(" bad/{path}:1")));
        // Other tools have files by the other names, or the text means nothing in them.
        assert!(files[..4].iter().all(|path| told(path)), "{mark}: {found:#?}");
    }
}

#[test]
fn duplicate_keys_are_told_at_the_second() {
    check(&[
        ("catalog", "catalog-info.yaml", format!("{CATALOG}kind: API\n{SPEC}"), &["manifest-invalid bad/catalog-info.yaml:4"]),
        (
            "description",
            "openapi.yaml",
            format!("{INFO}paths: {{}}\npaths: {{ /a: {{}} }}\n"),
            &["api-invalid bad/openapi.yaml:4"],
        ),
        ("policy of a repository", "brickwork.yaml", "rules: {}\nrules: {}\n".into(), &["manifest-invalid bad/brickwork.yaml:2"]),
    ]);
}

#[test]
fn what_is_no_text_is_told() {
    let catalog = format!("{CATALOG}{SPEC}");
    let cases: [(&str, Vec<u8>, &[&str]); 6] = [
        ("catalog-info.yaml", catalog.replace("orders", "or\0ders").into(), &["unreadable-file bad/catalog-info.yaml:1"]),
        ("openapi.json", vec![0; 1000], &["unreadable-file bad/openapi.json:1"]),
        ("catalog-info.yaml", catalog.replace("orders", "or\u{1}ders").into(), &["manifest-invalid bad/catalog-info.yaml:3"]),
        ("catalog-info.yaml", [catalog.as_bytes(), b"# \xFF\xFE\xC3\n"].concat(), &["unreadable-file bad/catalog-info.yaml:5"]),
        ("openapi.yaml", [INFO.as_bytes(), b"paths: { /\xFF: {} }\n"].concat(), &["unreadable-file bad/openapi.yaml:3"]),
        ("CODEOWNERS", b"* @\xFF\xFF\n\xC3 @a\n".to_vec(), &["manifest-invalid bad/CODEOWNERS:1"]),
    ];
    let mut wrong = Vec::new();
    for (path, content, expected) in cases {
        let found = Folder::new().write(&format!("bad/{path}"), content).found();
        if found != expected {
            wrong.push(found);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn utf_16_is_read_as_usual() {
    let text = super::TWIN;
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for content in
        [[b"\xFF\xFE", &little[..]].concat(), [b"\xFE\xFF", &big[..]].concat(), [b"\xEF\xBB\xBF", text.as_bytes()].concat()]
    {
        Folder::new().write("bad/catalog-info.yaml", content).finds(&["dangling-reference bad/catalog-info.yaml:4"]);
    }
}

#[test]
fn half_a_file_is_broken_and_not_judged_further() {
    let description =
        "{\"openapi\": \"3.0.3\",\n\"info\": {\"title\": \"t\", \"version\": \"1\"},\n\"paths\": {\"/a\": {\"get\": {\"respon";
    check(&[
        ("description", "openapi.json", description.into(), &["api-invalid bad/openapi.json:3"]),
        ("a few bytes of one", "openapi.json", "{\"openapi\": \"3.".into(), &["api-invalid bad/openapi.json:1"]),
        ("none of one", "openapi.json", String::new(), &["api-invalid bad/openapi.json:1"]),
        (
            "catalog",
            "catalog-info.yaml",
            format!("{CATALOG}spec: {{ type: service, lifecy"),
            &["manifest-invalid bad/catalog-info.yaml:4"],
        ),
        (
            "catalog in JSON",
            "catalog-info.json",
            "{\"apiVersion\": \"backstage.io/v1alpha1\", \"ki".into(),
            &["manifest-invalid bad/catalog-info.json:1"],
        ),
        ("protobuf", "orders.proto", "service Orders {\n  rpc Get (A) ret".into(), &["api-invalid bad/orders.proto:2"]),
    ]);
}

#[test]
fn references_in_circles_and_out_of_the_repository_are_followed_nowhere() {
    let ok = "responses: { '200': { description: ok } }";
    let schemas = "components: { schemas: { A: { allOf: [{ $ref: '#/components/schemas/B' }] }, B: { $ref: '#/components/schemas/A' } } }\n";
    let of_schema = format!(
        "{INFO}paths:\n  /a: {{ post: {{ {ok}, requestBody: {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/A' }} }} }} }} }} }}\n{schemas}"
    );
    let item = |reference: &str| format!("{INFO}paths:\n  /a: {{ $ref: '{reference}' }}\n");
    check(&[
        ("schemas", "openapi.yaml", of_schema, &[]),
        ("a path item that is itself", "openapi.yaml", item("#/paths/~1a"), &["api-invalid bad/openapi.yaml:4"]),
        (
            "two path items",
            "openapi.yaml",
            format!("{}  /b: {{ $ref: '#/paths/~1a' }}\n", item("#/paths/~1b")),
            &["api-invalid bad/openapi.yaml:4", "api-invalid bad/openapi.yaml:5"],
        ),
        ("above the root", "openapi.yaml", item("../../etc/passwd"), &["api-invalid bad/openapi.yaml:4"]),
        ("absolute", "openapi.yaml", item("/etc/passwd"), &[]),
        ("a URL of a file", "openapi.yaml", item("file:///etc/passwd"), &[]),
    ]);
    let folder = Folder::new();
    folder.write("bad/openapi.yaml", item("a.yaml#/x")).write("bad/a.yaml", "x: { $ref: 'b.yaml#/x' }\n");
    folder.write("bad/b.yaml", "x: { $ref: 'a.yaml#/x' }\n").finds(&[]);
}
