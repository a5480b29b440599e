//! `service.yaml`: our own small manifest, for teams without a catalog.
//!
//! A file comes in, what it states of its service comes out, with what breaks its form. Many tools have a `service.yaml` of their own
//! (Kubernetes, Helm, serverless functions): only a file that looks like ours is read, and only one that surely is ours is judged.

pub mod form;

use std::sync::Arc;

use memchr::memmem;

use crate::date::Date;
use crate::diagnostic::{Diagnostic, Fault, nearest};
use crate::discover::Kind;
use crate::document::{DefectKind, Node, Shape, template_of};
use crate::extract::{Extractor, Input, Output, defects};
use crate::facts::{Fact, ServiceManifest, SplitRecord, Text};
use crate::source::{Spanned, last_part};

pub const EXTRACTOR: Extractor = Extractor { name: "service-yaml", wants: |_: Kind, path| has_name(path), applies, extract };

/// Keys that no other format's `service.yaml` has at its root.
const DISTINCT: [&str; 5] = ["visibility", "provides", "consumes", "stores", "split"];

fn has_name(path: &str) -> bool {
    matches!(last_part(path), "service.yaml" | "service.yml")
}

fn applies(input: &Input) -> bool {
    // Nearly all files of this name are Kubernetes'.
    has_name(input.path) && memmem::find(input.text.as_bytes(), b"apiVersion").is_none()
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root() else { return };
    let Some(certainty) = certainty(input, root) else { return };
    if let Some((engine, mark)) = template_of(input.path, input.tree()) {
        output.problems.extend(defects::template(input, Some(engine), mark));
        return;
    }
    let mut problems = Output::default();
    defects::report(input, Fault::ManifestInvalid, &mut problems);
    // What a file that breaks off seems to lack may be what can't be read.
    if !input.tree().defects().iter().any(|defect| defect.kind == DefectKind::Syntax) {
        check(root, &mut problems);
    }
    // A file that has no key of ours alone, and does not fit, is somebody else's.
    if certainty == Certainty::Likely && !problems.problems.is_empty() {
        return;
    }
    output.problems.append(&mut problems.problems);
    output.facts.push(Fact::Manifest(manifest(input, root)));
}

#[derive(PartialEq)]
enum Certainty {
    Likely,
    Sure,
}

/// How sure it is that the file is ours; none when it is not.
fn certainty(input: &Input, root: Node) -> Option<Certainty> {
    if root.shape() != Shape::Mapping || input.tree().documents().len() > 1 {
        return None;
    }
    let (mut known, mut distinct, mut foreign) = (0, 0, 0);
    for (key, _) in root.entries() {
        let key = key.scalar().unwrap_or("");
        if form::KEYS.contains(&key) || nearest(key, form::KEYS).is_some_and(|near| near.len() > 4) {
            known += 1;
        } else {
            foreign += 1;
        }
        distinct += u32::from(DISTINCT.contains(&key));
    }
    if input.path.starts_with(".brickwork/") || input.path.contains("/.brickwork/") {
        return Some(Certainty::Sure);
    }
    let named = root.get("name").is_some_and(|name| name.scalar().is_some());
    match (named, distinct, foreign) {
        (true, 1.., _) if known > foreign => Some(Certainty::Sure),
        (false, 2.., 0) => Some(Certainty::Sure),
        (true, 0, 0) if known > 3 => Some(Certainty::Sure),
        (true, 0, 0) if known > 1 => Some(Certainty::Likely),
        _ => None,
    }
}

fn check(root: Node, output: &mut Output) {
    for violation in form::violations(root) {
        let diagnostic = Diagnostic::new(Fault::ManifestInvalid, violation.at, violation.message);
        output.problems.push(match violation.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        });
    }
    if let Some(review) = root.at(&["split", "review"])
        && let Some(Err(error)) = review.text().map(str::parse::<Date>)
    {
        output.problems.push(Diagnostic::new(Fault::ManifestInvalid, review.location(), error.message).help(error.help));
    }
}

fn manifest(input: &Input, root: Node) -> ServiceManifest {
    let of = |key: &str| root.get(key).and_then(text);
    let texts = |key: &str| root.get(key).into_iter().flat_map(Node::items).filter_map(text).collect();
    let annotations = root.get("annotations").into_iter().flat_map(Node::entries);
    let first_line = input.text[root.span().range()].lines().next().unwrap_or("");
    ServiceManifest {
        at: input.place_of(first_line.trim_end()),
        name: of("name"),
        kind: of("kind"),
        domain: of("domain"),
        owner: of("owner"),
        lifecycle: of("lifecycle"),
        visibility: of("visibility"),
        tier: of("tier"),
        provides: texts("provides"),
        consumes: texts("consumes"),
        stores: texts("stores"),
        split: root.entry("split").and_then(|(key, split)| {
            Some(SplitRecord {
                at: key.location(),
                reason: split.get("reason").and_then(text)?,
                review: split.get("review").and_then(text),
                note: split.get("note").and_then(text),
            })
        }),
        annotations: annotations.filter_map(|(key, value)| Some((Arc::from(key.scalar()?), text(value)?))).collect(),
    }
}

fn text(node: Node) -> Option<Text> {
    let value = node.scalar()?.trim();
    (!value.is_empty()).then(|| Spanned::new(value.into(), node.location()))
}

#[cfg(test)]
mod tests {
    use super::form::tests::GOOD;
    use crate::extract::manifest::snapshot::{check, read};

    const FACTS: &str = "manifest at=1:1 name=tax-rate@1:7 kind=service@2:7 domain=money@3:9 owner=team-tax@4:8 \
        lifecycle=production@5:12 visibility=internal@6:13 tier=2@7:7 provides=[api/openapi.yaml@8:12] consumes=[rates/v1@10:5] \
        stores=[postgres/tax@11:10] split=at=12:1 reason=compliance@13:11 review=2027-03-01@14:11 note=audited apart@15:9 \
        annotations=[[example.com/cost, low@17:21]]";

    /// [`GOOD`] with one change says one thing more.
    #[track_caller]
    fn told(from: &str, to: &str, expected: &str) {
        assert!(GOOD.contains(from), "{from}");
        let found = read("service.yaml", &GOOD.replacen(from, to, 1));
        let problems: Vec<&str> = found.lines().filter(|line| !line.starts_with("manifest at=")).map(str::trim).collect();
        assert_eq!(problems, expected.lines().map(str::trim).collect::<Vec<_>>(), "{found}");
    }

    #[test]
    fn a_manifest_is_read_with_all_its_places() {
        check("service.yaml", GOOD, FACTS);
        check("services/tax/service.yml", GOOD, FACTS);
        check("service.yaml", "name: a\nowner: b\n", "manifest at=1:1 name=a@1:7 owner=b@2:8");
        check("service.yaml", "# ours\nname: a\nconsumes:\n", "manifest at=2:1 name=a@2:7");
    }

    #[test]
    fn what_breaks_the_form_is_told() {
        told(
            "kind: service",
            "kind: servce",
            "manifest-invalid 2:7 `servce` is not known here <servce>\nhelp: did you mean `service`?",
        );
        told("owner:", "ownr:", "manifest-invalid 4:1 unknown key `ownr` <ownr>\nhelp: did you mean `owner`?");
        told(
            "tier: 2\n",
            "language: go\n",
            "manifest-invalid 7:1 unknown key `language` <language>\n\
             help: one of: `$schema`, `name`, `kind`, `domain`, `owner`, `lifecycle`, `visibility`, `tier`, `provides`, `consumes`, \
             `stores`, `split`, `annotations`",
        );
        told(
            "consumes:\n  - rates/v1",
            "consumes: rates/v1",
            "manifest-invalid 9:11 expected null or a list, found a text <rates/v1>",
        );
        told(
            "reason: compliance",
            "reason: we like it",
            "manifest-invalid 13:11 `we like it` is not known here <we like it>\n\
             help: one of: `independent-scaling`, `different-change-rate`, `isolation`, `compliance`, `other-runtime`, `other-team`",
        );
        told("  review: 2027-03-01\n", "", "manifest-invalid 12:1 `split` lacks the key `review` <split>");
        told(
            "review: 2027-03-01",
            "review: 2027-02-30",
            "manifest-invalid 14:11 `2027-02-30` is not a date <2027-02-30>\nhelp: February 2027 has 28 days",
        );
        told("name: tax-rate\n", "", "manifest-invalid 1:1 the key `name` is missing <kind>");
        told("name: tax-rate", "name: 7", "manifest-invalid 1:7 expected a text, found an integer <7>");
    }

    #[test]
    fn files_of_other_tools_are_left_alone() {
        for text in [
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: tax\n",
            "name: tax\nimage: tax:1\nreplicaCount: 2\n",
            "service: tax\nprovider:\n  name: aws\nfunctions: {}\n",
            "services:\n  tax:\n    port: 80\n",
            "name: tax\n",
            "name: tax\nowner: team\nlanguage: go\nslack: '#tax'\n",
            "name: tax\nkind: rust-lib\n",
            "name: tax\ntype: ClusterIP\nports: [80]\n",
            "- name: tax\n  owner: b\n",
            "name: {{ .Values.name }}\nowner: b\n---\nname: c\nowner: d\n",
            "",
            "# nothing\n",
        ] {
            assert_eq!(read("service.yaml", text), "", "{text}");
        }
        assert_eq!(read("other.yaml", GOOD), "");
        // In our own folder there is no doubt.
        check(
            ".brickwork/service.yaml",
            "nam: tax\n",
            "manifest at=1:1
             manifest-invalid 1:1 unknown key `nam` <nam>
             help: did you mean `name`?",
        );
    }

    #[test]
    fn templates_are_told_as_such() {
        check(
            "service.yaml",
            "name: tax\nowner: a\n{%- if tier %}\ntier: gold\n{%- endif %}\n",
            "template-unread 3:1 this file is a Jinja template: what it says is known when it is rendered <{%>
             help: check the rendered file, or exclude this one",
        );
    }
}
