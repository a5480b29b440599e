//! `kustomization.yaml`: the objects of settings that it generates, of literals and of files.

use super::kubernetes::objects;
use super::{is_production, secret, written};
use crate::discover::Kind;
use crate::document::Node;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Fact, SettingsObject};
use crate::source::{Span, Spanned, last_part};

pub const EXTRACTOR: Extractor = Extractor { name: "kustomize", wants, applies: |input| wants(input.kind, input.path), extract };

/// How many texts of one kind are kept.
const MOST: usize = 200;

fn wants(kind: Kind, path: &str) -> bool {
    is_production(kind) && matches!(last_part(path), "kustomization.yaml" | "kustomization.yml" | "Kustomization")
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root() else { return };
    let namespace = root.get("namespace").and_then(Node::scalar);
    for kind in ["configMapGenerator", "secretGenerator"] {
        for generator in root.get(kind).into_iter().flat_map(Node::items).take(MOST) {
            let Some(name) = generator.get("name").and_then(written::text) else { continue };
            let namespace = generator.get("namespace").and_then(Node::scalar).or(namespace).map(Into::into);
            let mut object = SettingsObject { at: name.at, name, namespace, entries: Vec::new(), files: Vec::new() };
            for literal in generator.get("literals").into_iter().flat_map(Node::items).take(MOST) {
                let Some((key, value)) = literal.scalar().and_then(|text| text.split_once('=')) else { continue };
                let at = literal.location_within(Span::new(key.len() + 1, key.len() + 1 + value.len()));
                let text = objects::harmless(value.trim_matches(['"', '\'']), at).filter(|_| !secret::is_secret(key));
                object.entries.extend(text.map(|text| (key.into(), text)));
            }
            let lists = ["envs", "files"].iter().filter_map(|list| generator.get(list)).flat_map(Node::items);
            for file in lists.chain(generator.get("env")).take(MOST) {
                // `key=path` gives a file another name.
                let path = file.scalar().map(|text| text.split_once('=').map_or(text, |(_, path)| path));
                let below = path.and_then(|path| written::beside(input.path, path));
                object.files.extend(below.map(|below| Spanned::new(below, file.location())));
            }
            if !object.entries.is_empty() || !object.files.is_empty() {
                output.facts.push(Fact::SettingsObject(object));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn generated_objects_are_read() {
        check(
            "deploy/base/kustomization.yaml",
            "namespace: shop
resources: [orders.yaml]
configMapGenerator:
  - name: orders
    literals: [BILLING_URL=http://billing:80, API_TOKEN=x]
    envs: [orders.env]
    files: [../nginx.conf, application.yml=conf/orders.yml]
  - {name: empty}
secretGenerator:
  - {name: db, env: .env.db}
",
            "settings-object at=4:11 name=orders@4:11 namespace=shop entries=[[BILLING_URL, http://billing:80@5:28]] \
             files=[deploy/base/orders.env@6:12, deploy/nginx.conf@7:13, deploy/base/conf/orders.yml@7:28]
             settings-object at=10:12 name=db@10:12 namespace=shop files=[deploy/base/.env.db@10:21]",
        );
        assert_eq!(read("kustomization.yaml", "resources: [a.yaml]\n"), "");
    }
}
