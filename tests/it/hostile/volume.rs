//! Large files, and very many findings.

use std::fs::File;

use super::Folder;

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = Folder::new();
    for (path, size) in [("bad/openapi.json", 200 << 20), ("bad/CODEOWNERS", 5 << 30)] {
        File::create(folder.root().join(path)).and_then(|file| file.set_len(size)).expect("a sparse file");
    }
    folder.finds(&["limit-reached bad/CODEOWNERS:1", "limit-reached bad/openapi.json:1"]);
    let folder = Folder::new();
    File::create(folder.root().join("brickwork.yaml")).and_then(|file| file.set_len(200 << 20)).expect("a sparse file");
    folder.is_refused(&[], &["brickwork.yaml"]);
}

#[test]
fn zeros_are_no_text() {
    let folder = Folder::new();
    File::create(folder.root().join("bad/openapi.json")).and_then(|file| file.set_len(20 << 20)).expect("a sparse file");
    folder.finds(&["unreadable-file bad/openapi.json:1"]);
}

#[test]
fn a_minified_description_with_many_problems_is_read_in_linear_time() {
    let operation = r#"{"get":{"parameters":[{"name":"é","in":"nowhere"}]},"post":{"operationId":"same"}}"#;
    let paths: Vec<String> = (0..50_000).map(|number| format!(r#""p{number}":{operation}"#)).collect();
    let text = format!(r#"{{"openapi":"3.0.3","info":{{"title":"t","version":"1"}},"paths":{{{}}}}}"#, paths.join(","));
    assert!(text.len() > 4 << 20);
    let folder = Folder::new();
    folder.write("bad/openapi.json", text);
    let found = folder.found();
    assert!((20..200).contains(&found.len()), "a handful of each kind: {}", found.len());
    assert!(found.iter().all(|finding| finding == "api-invalid bad/openapi.json:1"), "{found:#?}");
    for format in ["terminal", "sarif", "github"] {
        assert_eq!(folder.run(&["check", "--format", format]).code, 1);
    }
}

#[test]
fn a_hundred_thousand_nested_messages_are_passed_over() {
    let messages = super::nested("message A {\n", "", "}\n", 100_000);
    let service = "service Orders { rpc Get (A) returns (A); }\n";
    let folder = Folder::new();
    folder
        .write("bad/a.proto", format!("{messages}{service}"))
        .write("bad/b.proto", format!("{service}{}", "message A {\n".repeat(100_000)));
    let found = folder.found();
    assert_eq!(found, ["api-invalid bad/b.proto:100001"]);
}

#[test]
fn a_huge_codeowners_file_is_read() {
    for text in [
        "* ".repeat(500_000),
        "/a/b/c/**/d*e*f @acme/team\n".repeat(100_000),
        format!("{} @a\n", "*".repeat(1_000_000)),
        "x".repeat(1_000_000),
    ] {
        let folder = Folder::new();
        folder
            .write("bad/CODEOWNERS", &text)
            .write("bad/service.yaml", "name: a\nprovides: []\n")
            .write("bad/a/b/c/d/def/x.go", "package x\n");
        let found = folder.found();
        assert!(found.len() < 100, "{}", found.len());
    }
}

/// Every operation is a finding.
const EACH_OPERATION: &str = "rules: { policy-missing: off }
own_rules:
  - id: each-operation
    category: contracts
    summary: an operation
    subject: operation
    cases: [{ level: error, when: 'true' }]
    message: \"`{operation.path}` is an operation\"
";

#[test]
fn a_hundred_thousand_findings_are_written_in_every_format() {
    let paths: String = (0..100_000)
        .map(|number| format!("  /p{number}: {{ get: {{ responses: {{ '200': {{ description: ok }} }} }} }}\n"))
        .collect();
    let folder = Folder::new();
    folder.write("bad/openapi.yaml", format!("openapi: 3.0.3\ninfo: {{ title: t, version: '1' }}\npaths:\n{paths}"));
    folder.write("bad/service.yaml", "name: a\nkind: service\n").write("brickwork.yaml", EACH_OPERATION);
    let outputs = ["--output", "json=report.json", "--output", "sarif=report.sarif", "--output", "github=report.github"];
    let run = folder.run(&[&["check", "--max-findings", "0"], &outputs[..]].concat());
    assert_eq!((run.code, run.errors.as_str()), (1, ""));
    let file = |name: &str| std::fs::read_to_string(folder.root().join(name)).expect("a report");
    for text in [run.text, file("report.json"), file("report.sarif")] {
        assert!(text.contains("`/p99999`") && text.contains("nowhere.yaml"));
    }
    // GitHub shows ten of a kind and is told of the rest.
    assert!(file("report.github").contains("and 99,990 more findings"));
}
