//! Catalog files in, facts and problems out. Every broken one has a twin in [`GOOD`] that differs in exactly that.

use crate::discover::{Kind, Role};
use crate::extract::manifest::snapshot::{check, read};

const GOOD: &str = "\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: tax
  tags: [java]
spec:
  type: service
  lifecycle: production
  owner: team-tax
  dependsOn: [resource:tax-db]
";

/// [`GOOD`] with one change says one more thing.
#[track_caller]
fn told(from: &str, to: &str, expected: &str) {
    assert!(GOOD.contains(from), "{from}");
    let found = read("catalog-info.yaml", &GOOD.replacen(from, to, 1));
    let problems: Vec<&str> = found.lines().filter(|line| !line.starts_with("entity")).map(str::trim).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).collect();
    assert_eq!(problems, expected, "{found}");
}

#[track_caller]
fn accepted(from: &str, to: &str) {
    assert!(GOOD.contains(from), "{from}");
    let found = read("catalog-info.yaml", &GOOD.replacen(from, to, 1));
    assert!(found.starts_with("entity") && found.lines().count() == 1, "{found}");
}

#[test]
fn a_component_is_read_with_all_its_places() {
    check(
        "services/tax/catalog-info.yaml",
        "\
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: tax
  namespace: money
  annotations:
    example.com/tier: 'core'
  labels: {stage: live}
  tags:
    - java
spec:
  type: service
  lifecycle: production
  owner: group:team-tax
  system: billing
  subcomponentOf: shop
  dependsOn: [resource:tax-db]
  dependencyOf:
    - component:default/web
  providesApis: [tax-api]
  consumesApis: [rates]
",
        "entity at=2:1 kind=Component@3:7 name=tax@5:9 namespace=money@6:14 type=service@13:9 owner=group:team-tax@15:10 \
         system=billing@16:11 lifecycle=production@14:14 subcomponent_of=shop@17:19 depends_on=[resource:tax-db@18:15] \
         dependency_of=[component:default/web@20:7] consumes_apis=[rates@22:18] provides_apis=[tax-api@21:18] \
         annotations=[[example.com/tier, core@8:23]] labels=[[stage, live@9:19]] tags=[java@11:7]",
    );
}

#[test]
fn every_document_of_a_file_is_an_entity() {
    check(
        "org/all.yaml",
        "\
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: money}
spec: {owner: team-a}
---
# nothing
---
apiVersion: backstage.io/v1beta1
kind: System
metadata: {name: billing}
spec: {owner: team-a, domain: money}
---
apiVersion: v1
kind: Service
metadata: {name: other}
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: more}
spec:
  target: ./a.yaml
  targets: [./b.yaml, https://example.com/c.yaml]
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: new-service}
spec:
  type: service
  owner: team-a
  steps: [{id: a, action: fetch, input: {name: '${{ parameters.name }}'}}]
---
apiVersion: backstage.io/v1alpha1
kind: Robot
metadata: {name: r2}
spec: {anything: [1]}
",
        "entity at=1:1 kind=Domain@2:7 name=money@3:18 owner=team-a@4:15
         entity at=8:1 kind=System@9:7 name=billing@10:18 owner=team-a@11:15 domain=money@11:31
         entity at=17:1 kind=Location@18:7 name=more@19:18 targets=[./a.yaml@21:11, ./b.yaml@22:13, https://example.com/c.yaml@22:23]
         entity at=24:1 kind=Template@25:7 name=new-service@26:18 type=service@28:9 owner=team-a@29:10
         entity at=32:1 kind=Robot@33:7 name=r2@34:18",
    );
}

#[test]
fn definitions_are_references_or_texts() {
    let api = |definition: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {{name: a}}\n\
             spec:\n  type: openapi\n  lifecycle: x\n  owner: o\n  definition:{definition}\n"
        )
    };
    let entity = "entity at=1:1 kind=API@2:7 name=a@3:18 type=openapi@5:9 owner=o@7:10 lifecycle=x@6:14";
    for (definition, expected) in [
        ("\n    $text: ./openapi.yaml", "definition=reference=./openapi.yaml@9:12"),
        (" {$openapi: https://example.com/a.json}", "definition=reference=https://example.com/a.json@8:26"),
        (" |\n    see the wiki", "definition=inline=8:15"),
    ] {
        check("catalog-info.yaml", &api(definition), &format!("{entity} {expected}"));
    }
    for definition in ["", " ''"] {
        check(
            "catalog-info.yaml",
            &api(definition),
            &format!(
                "{entity}\nmanifest-invalid 4:1 api `a` lacks `spec.definition` <spec>\nhelp: the catalog refuses an entity without it"
            ),
        );
    }
    check(
        "catalog-info.yaml",
        &api("\n    openapi: 3.0.0"),
        &format!(
            "{entity}\nmanifest-invalid 9:5 `spec.definition` must be a text, found a mapping <openapi: 3.0.0>\n\
             help: write `definition: |` before an inline description, or refer to its file by `$text`"
        ),
    );
}

#[test]
fn an_inline_description_is_read_at_its_own_places() {
    let text = |definition: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata: {{name: a}}\n\
             spec:\n  type: openapi\n  lifecycle: x\n  owner: o\n  definition: {definition}"
        )
    };
    let block = "|\n\n    openapi: 3.0.3\n    info:\n      title: Tax\n      version: '2'\n    paths:\n      /rates:\n        get:\n          responses:\n            '200': {description: fine}\n";
    let found = read("catalog-info.yaml", &text(block));
    assert!(found.contains("definition=inline=8:15"), "{found}");
    let api: Vec<&str> = found.lines().skip(1).collect();
    assert_eq!(api.len(), 1, "{found}");
    assert!(api[0].starts_with("api format=openapi30 at=8:15 title=Tax@12:14 version=2@13:16"), "{found}");
    assert!(api[0].contains("at=16:9 method=GET path=/rates"), "{found}");
    // What is wrong with it is told where it stands.
    let found = read("catalog-info.yaml", &text(&block.replace("      title: Tax\n", "")));
    assert!(found.contains("\napi-invalid 11:5"), "{found}");
    // A quoted or folded text is one place.
    let json = r#"'{"openapi": "3.0.3", "info": {"title": "Tax", "version": "2"}, "paths": {"/a": {"get": {"responses": {"200": {"description": "x"}}}}}}'"#;
    let found = read("catalog-info.yaml", &text(json));
    assert!(found.contains("title=Tax@8:15") && found.contains("at=8:15 method=GET path=/a"), "{found}");
}

#[test]
fn json_is_read_too() {
    check(
        "catalog/tax.json",
        r#"{"apiVersion": "backstage.io/v1alpha1", "kind": "Group", "metadata": {"name": "a"}, "spec": {"type": "team", "children": []}}"#,
        "entity at=1:1 kind=Group@1:49 name=a@1:79 type=team@1:102",
    );
}

#[test]
fn files_are_opened_where_catalogs_are_kept() {
    let kind = Kind { language: None, role: Role::Production };
    for path in ["a/catalog-info.yaml", "catalog-info.json", "catalog/a.yaml", ".backstage/tax.yml", "org/teams.yaml", "all.yaml"]
    {
        assert!((super::EXTRACTOR.wants)(kind, path), "{path}");
    }
    for path in ["catalog/a.json", "deploy/k8s.yaml", "catalog-info.md", ".github/workflows/ci.yml"] {
        assert!(!(super::EXTRACTOR.wants)(kind, path), "{path}");
    }
}

#[test]
fn other_files_are_left_alone() {
    for (path, text) in [
        ("deploy/k8s.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  annotations: {backstage.io/kubernetes-id: tax}\n"),
        ("values.yaml", "apiVersion: see backstage.io/v1alpha1\n"),
        ("app.yaml", "catalog: |\n  apiVersion: backstage.io/v1alpha1\n  kind: Component\n"),
        ("README.md", GOOD),
        ("catalog-info.yaml", ""),
        ("catalog-info.yaml", "# to come\n"),
        ("catalog-info.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: 1}\n"),
    ] {
        assert_eq!(read(path, text), "", "{path}");
    }
}

#[test]
fn templates_are_told_once_and_are_no_entities() {
    let note = |at: &str, what: &str, written: &str| {
        format!(
            "template-unread {at} this file is a {what}: what it says is known when it is rendered <{written}>\n\
             help: check the rendered file, or exclude this one"
        )
    };
    let conditional = GOOD.replace("  owner", "{%- if owner %}\n  owner");
    check("catalog-info.yaml", &conditional, &note("9:1", "Jinja template", "{%"));
    let quoted = GOOD.replace("name: tax", "name: 'x-{{ name }}'");
    check("catalog-info.yaml", &quoted, &note("4:9", "template", "'x-{{ name }}'"));
    // What a scaffolder copies is no manifest of this repository, and nobody has anything to mend.
    let values = GOOD.replace("name: tax", "name: ${{ values.name | dump }}").replace("team-tax", "${{ values.owner }}");
    check("content/catalog-info.yaml", &values, "");
    check("catalog-info.yaml", &GOOD.replace("name: tax", "name: {{ cookiecutter.name }}"), "");
    check("skeleton/catalog-info.yaml", &quoted, "");
    check("{{cookiecutter.name}}/catalog-info.yaml", GOOD, "");
    check("skeleton/catalog/catalog-info.yaml", GOOD, "");
    // A mark in a description is the description's.
    accepted("name: tax", "name: tax\n  description: replaces '{{ x }}' in texts");
}

#[test]
fn what_is_missing_is_told() {
    told(
        "  lifecycle: production\n",
        "",
        "manifest-invalid 6:1 component `tax` lacks `spec.lifecycle` <spec>\nhelp: the catalog refuses an entity without it",
    );
    told(
        "  type: service\n  lifecycle: production\n",
        "  lifecycle:\n",
        "manifest-invalid 6:1 component `tax` lacks `spec.type` and `spec.lifecycle` <spec>\nhelp: the catalog refuses an entity without it",
    );
    told(
        "kind: Component",
        "kind: ''",
        "manifest-invalid 2:1 entity `tax` lacks `kind` <kind>\nhelp: the catalog refuses an entity without it",
    );
    told(
        "apiVersion: backstage.io/v1alpha1\n",
        "",
        "manifest-invalid 1:1 component `tax` lacks `apiVersion` <kind>\nhelp: the catalog refuses an entity without it",
    );
    check(
        "catalog-info.yaml",
        "apiVersion: backstage.io/v1alpha1\nkind: Component\n",
        "manifest-invalid 2:1 this component lacks `metadata` and `spec` <kind>\nhelp: the catalog refuses an entity without it",
    );
    check(
        "catalog-info.yaml",
        "- apiVersion: backstage.io/v1alpha1\n",
        "manifest-invalid 1:1 a catalog file holds entities, found a list <- apiVersion: backstage.io/v1alpha1>\n\
         help: begin with `apiVersion: backstage.io/v1alpha1`",
    );
    // Who owns a component is what a rule asks; optional fields may be there without a value.
    accepted("  owner: team-tax\n", "");
    accepted("[resource:tax-db]", "");
    accepted("  owner: team-tax\n", "  owner:\n");
}

#[test]
fn wrong_shapes_are_told_with_the_right_one() {
    told(
        "dependsOn: [resource:tax-db]",
        "dependsOn: resource:tax-db",
        "manifest-invalid 10:14 `spec.dependsOn` must be a list, found a text <resource:tax-db>\nhelp: write it as a list: `[resource:tax-db]`",
    );
    told(
        "[resource:tax-db]",
        "\n    - resource: tax-db",
        "manifest-invalid 11:7 `spec.dependsOn` must hold texts, found a mapping <resource: tax-db>\n\
         help: write the reference without a space: `resource:tax-db`",
    );
    told(
        "owner: team-tax",
        "owner: 7",
        "manifest-invalid 9:10 `spec.owner` must be a text, found an integer <7>\nhelp: put it in quotes: `\"7\"`",
    );
    told(
        "  tags: [java]",
        "  annotations: {example.com/port: 8080}",
        "manifest-invalid 5:35 `metadata.annotations.example.com/port` must be a text, found an integer <8080>\nhelp: put it in quotes: `\"8080\"`",
    );
    told(
        "  tags: [java]",
        "  links: [{title: Board}]",
        "manifest-invalid 5:11 a link lacks its `url` <{title: Board}>\nhelp: the catalog refuses an entity without it",
    );
    accepted("  tags: [java]", "  annotations: {$yaml: ./annotations.yaml}");
    accepted("owner: team-tax", "owner: {$text: ./OWNER}");
    accepted("owner: team-tax", "owner: '7'");
}

#[test]
fn badly_formed_names_are_told() {
    const NAME: &str = "letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, at most 63";
    told(
        "name: tax",
        "name: Tax rates",
        &format!(
            "manifest-invalid 4:9 `metadata.name` is `Tax rates`, which is not a name of an entity <Tax rates>\nhelp: {NAME}"
        ),
    );
    told(
        "[java]",
        "[Java]",
        "manifest-invalid 5:10 an item of `metadata.tags` is `Java`, which is not a tag <Java>\n\
         help: lower-case letters, digits, `:`, `+` and `#` with single `-` between them, at most 63",
    );
    told(
        "  tags: [java]",
        "  labels: {Example.com/a: b}",
        "manifest-invalid 5:12 a key of `metadata.labels` is `Example.com/a`, which is not a key <Example.com/a>\n\
         help: a name of letters, digits, `-`, `_` and `.`, after a lower-case domain and `/`, if any",
    );
    told(
        "v1alpha1",
        "v1aplha1",
        "manifest-invalid 1:13 `apiVersion` is `backstage.io/v1aplha1`, which is not a version of the format <backstage.io/v1aplha1>\n\
         help: write `backstage.io/v1alpha1`",
    );
    accepted("name: tax", "name: Tax_rates.v2");
    accepted("[java]", "['c++', java-21, 'a:b', 'c#']");
    accepted("v1alpha1", "v2");
}

#[test]
fn misspelt_words_are_told_and_unknown_ones_are_not() {
    told(
        "  dependsOn:",
        "  dependOn:",
        "manifest-invalid 10:3 `spec.dependOn` is no field of component `tax` <dependOn>\nhelp: did you mean `dependsOn`?",
    );
    told(
        "  lifecycle:",
        "  life_cycle:",
        "manifest-invalid 8:3 `spec.life_cycle` is no field of component `tax` <life_cycle>\nhelp: did you mean `lifecycle`?",
    );
    told(
        "metadata:",
        "metdata:",
        "manifest-invalid 3:1 `metdata` is no field of this component <metdata>\nhelp: did you mean `metadata`?",
    );
    told(
        "kind: Component",
        "kind: component",
        "manifest-invalid 2:7 `component` is no kind of entity <component>\nhelp: did you mean `Component`?",
    );
    told(
        "kind: Component",
        "kind: Componnent",
        "manifest-invalid 2:7 `Componnent` is no kind of entity <Componnent>\nhelp: did you mean `Component`?",
    );
    for extension in
        ["tier: core", "owners: [a, b]", "ownr: [a]", "domain: money", "targets: [a]", "dependencies: [a]", "implementsApis: [a]"]
    {
        accepted("spec:\n", &format!("spec:\n  {extension}\n"));
    }
    // Both are there: the other one is somebody's own.
    accepted("  dependsOn:", "  dependOn: [a]\n  dependsOn:");
}

#[test]
fn broken_text_is_told_and_what_stands_before_it_counts() {
    let found = read("catalog-info.yaml", &GOOD.replace("lifecycle: production", "lifecycle: production: now"));
    assert!(found.starts_with("entity") && found.lines().count() == 2, "{found}");
    let found = read("catalog-info.yaml", &format!("{GOOD}---\nkind: [\n"));
    assert!(found.starts_with("entity at=1:1 kind=Component@2:7 name=tax@4:9"), "{found}");
    assert!(found.contains("\nmanifest-invalid 1"), "{found}");
    let found = read("catalog-info.yaml", &GOOD.replace("  owner: team-tax\n", "  owner: team-tax\n  owner: other\n"));
    assert!(found.contains("owner=team-tax@9:10") && found.contains("manifest-invalid 10:3"), "{found}");
    assert_eq!(found.matches("manifest-invalid").count(), 1, "{found}");
}

#[test]
fn hostile_files_end_soon_and_tell_a_bounded_number() {
    let many = format!("{GOOD}{}", "  ownr: x\n".repeat(50_000));
    assert!(read("catalog-info.yaml", &many).lines().count() < 3_000);
    let tags = format!("apiVersion: backstage.io/v1alpha1\nkind: A\nmetadata:\n  name: a\n  tags: [{}]\n", "A B,".repeat(50_000));
    assert!(read("catalog-info.yaml", &tags).lines().count() < 300);
    let documents = "apiVersion: backstage.io/v1alpha1\n---\n".repeat(20_000);
    assert!(read("catalog-info.yaml", &documents).lines().count() < 300);
    read("catalog-info.yaml", &format!("{GOOD}  x: {}", "[".repeat(100_000)));
    read("catalog-info.yaml", &"apiVersion".repeat(100_000));
    read("a.yaml", &"backstage.io/".repeat(100_000));
}
