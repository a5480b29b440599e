//! How fast documents are read: MB/s of YAML, JSON and TOML over texts that look like API descriptions and manifests.
//!
//! `cargo bench --bench documents`. The texts are made here, so that the figures depend on nothing else.

use std::fmt::Write;

use brickwork::document::{self, Syntax};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// An OpenAPI description with `paths` paths, about 1.6 KB each when it is pretty.
fn description(paths: usize) -> serde_json::Value {
    let operation = |path: usize, method: &str| {
        serde_json::json!({
            "operationId": format!("{method}Resource{path}"),
            "summary": "Reads one resource by its number",
            "description": "Longer prose that says what the operation does, whom it serves and when it fails.\nIt has two lines.",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1}}],
            "responses": {
                "200": {"description": "found", "content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/Resource{path}")}}}},
                "404": {"description": "there is none \"of that name\""}
            }
        })
    };
    let mut all = serde_json::Map::new();
    for path in 0..paths {
        all.insert(
            format!("/resources/{path}/items/{{id}}"),
            serde_json::json!({"get": operation(path, "get"), "put": operation(path, "put")}),
        );
    }
    serde_json::json!({"openapi": "3.0.3", "info": {"title": "Resources", "version": "1.0.0"}, "paths": all})
}

/// Documents of a Kubernetes manifest, as people write them.
fn manifests(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        write!(
            text,
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: service-{number}\n  labels: {{app: service-{number}, tier: \"backend\"}}\n\
             spec:\n  replicas: 2  # two for safety\n  template:\n    spec:\n      containers:\n        - name: service\n          \
             image: registry.example.com/service-{number}:1.2.3\n          ports:\n            - containerPort: 8080\n          env:\n            \
             - name: OTHER_URL\n              value: \"http://other-{number}:8080/api\"\n          command:\n            - |\n              \
             echo starting\n              exec serve --port 8080\n"
        )
        .expect("writing to a text does not fail");
    }
    text
}

fn cargo_lock(packages: usize) -> String {
    (0..packages)
        .map(|number| format!("[[package]]\nname = \"package-{number}\"\nversion = \"1.0.{number}\"\ndependencies = [\n \"one\",\n \"two\",\n]\n\n"))
        .collect()
}

fn read(bencher: Bencher, syntax: Syntax, text: &str) {
    bencher.counter(BytesCount::of_str(text)).bench(|| document::parse(syntax, divan::black_box(text)));
}

#[divan::bench(args = [10, 8_000])]
fn json_pretty(bencher: Bencher, paths: usize) {
    read(bencher, Syntax::Json, &serde_json::to_string_pretty(&description(paths)).expect("a value of ours"));
}

#[divan::bench(args = [10, 8_000])]
fn json_minified(bencher: Bencher, paths: usize) {
    read(bencher, Syntax::Json, &description(paths).to_string());
}

#[divan::bench(args = [10, 4_000])]
fn yaml_description(bencher: Bencher, paths: usize) {
    read(bencher, Syntax::Yaml, &serde_yaml::to_string(&description(paths)).expect("a value of ours"));
}

#[divan::bench(args = [10, 10_000])]
fn yaml_manifests(bencher: Bencher, count: usize) {
    read(bencher, Syntax::Yaml, &manifests(count));
}

#[divan::bench(args = [10, 10_000])]
fn toml_lock(bencher: Bencher, packages: usize) {
    read(bencher, Syntax::Toml, &cargo_lock(packages));
}
