//! What the catalog would refuse of an entity, by the descriptor format: fields that are missing, of the wrong shape, misspelt or
//! badly formed.
//!
//! Fields that the format does not know are legal, so only near misses of its own are told. A component without an owner is not told
//! here: that is what the rule `no-owner` is for. A field without a value counts as absent.

use std::fmt;

use super::format::{self, Format};
use super::placeholder;
use crate::diagnostic::{Diagnostic, Fault};
use crate::document::{Node, Shape};
use crate::extract::Output;
use crate::source::Location;

/// What the format says of a field's value.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Text(Format),
    Texts(Format),
    /// Keys and texts.
    Pairs {
        keys: Format,
        values: Format,
    },
    Mapping,
    List,
}

const TEXT: Form = Form::Text(Format::Any);
const TEXTS: Form = Form::Texts(Format::Any);

/// How many problems of one file are told.
const MOST_TOLD: usize = 100;

type Fields = &'static [(&'static str, Form)];

const ENVELOPE: Fields = &[
    ("apiVersion", Form::Text(Format::Version)),
    ("kind", TEXT),
    ("metadata", Form::Mapping),
    ("spec", Form::Mapping),
    ("relations", Form::List),
    ("status", Form::Mapping),
];

const METADATA: Fields = &[
    ("name", Form::Text(Format::Name)),
    ("namespace", Form::Text(Format::Namespace)),
    ("title", TEXT),
    ("description", TEXT),
    ("labels", Form::Pairs { keys: Format::Key, values: Format::Label }),
    ("annotations", Form::Pairs { keys: Format::Key, values: Format::Any }),
    ("tags", Form::Texts(Format::Tag)),
    ("links", Form::List),
];

/// The fields of a kind's `spec`.
struct Kind {
    name: &'static str,
    required: &'static [&'static str],
    fields: Fields,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "Component",
        required: &["type", "lifecycle"],
        fields: &[
            ("type", TEXT),
            ("lifecycle", TEXT),
            ("owner", TEXT),
            ("system", TEXT),
            ("subcomponentOf", TEXT),
            ("providesApis", TEXTS),
            ("consumesApis", TEXTS),
            ("dependsOn", TEXTS),
            ("dependencyOf", TEXTS),
        ],
    },
    Kind {
        name: "API",
        required: &["type", "lifecycle", "owner"],
        fields: &[("type", TEXT), ("lifecycle", TEXT), ("owner", TEXT), ("system", TEXT), ("definition", TEXT)],
    },
    Kind {
        name: "Resource",
        required: &["type", "owner"],
        fields: &[("type", TEXT), ("owner", TEXT), ("system", TEXT), ("dependsOn", TEXTS), ("dependencyOf", TEXTS)],
    },
    Kind { name: "System", required: &["owner"], fields: &[("owner", TEXT), ("domain", TEXT), ("type", TEXT)] },
    Kind { name: "Domain", required: &["owner"], fields: &[("owner", TEXT), ("subdomainOf", TEXT), ("type", TEXT)] },
    Kind {
        name: "Group",
        required: &["type", "children"],
        fields: &[("type", TEXT), ("children", TEXTS), ("parent", TEXT), ("members", TEXTS), ("profile", Form::Mapping)],
    },
    Kind { name: "User", required: &[], fields: &[("memberOf", TEXTS), ("profile", Form::Mapping)] },
    Kind { name: "Location", required: &[], fields: &[("type", TEXT), ("target", TEXT), ("targets", TEXTS), ("presence", TEXT)] },
    Kind { name: "Template", required: &["type"], fields: &[("type", TEXT), ("owner", TEXT), ("steps", Form::List)] },
];

/// Types of APIs whose description is a text; others may keep theirs elsewhere.
const DESCRIBED_APIS: [&str; 4] = ["openapi", "asyncapi", "graphql", "grpc"];

/// Tells what is wrong with one entity of a catalog file.
pub(super) fn entity(document: Node, output: &mut Output) {
    if document.shape() != Shape::Mapping {
        let message = format!("a catalog file holds entities, found {}", document.shape().name());
        output.problems.push(refused(document.location(), message).help("begin with `apiVersion: backstage.io/v1alpha1`"));
        return;
    }
    let mut check = Check { output, document };
    let kind = check.kind(document);
    let needs_no_spec = kind.is_none_or(|kind| kind.required.is_empty());
    let required: &[&str] =
        if needs_no_spec { &["apiVersion", "kind", "metadata"] } else { &["apiVersion", "kind", "metadata", "spec"] };
    check.fields(document, "", ENVELOPE, required, "kind");
    if let Some(metadata) = document.get("metadata").filter(is_readable) {
        check.fields(metadata, "metadata.", METADATA, &["name"], "metadata");
        check.links(metadata);
    }
    let Some(kind) = kind else { return };
    if let Some(spec) = document.get("spec").filter(is_readable) {
        check.fields(spec, "spec.", kind.fields, kind.required, "spec");
        check.definition(kind, spec);
    }
}

/// The kind as the format writes it, where a word means one of its own.
pub(super) fn canonical_kind(name: &str) -> Option<&'static str> {
    meant_kind(name).map(|kind| kind.name)
}

/// The catalog tells kinds apart by letter case; a word that is one slip off is a mistake, not an extension.
fn meant_kind(name: &str) -> Option<&'static Kind> {
    let exact = KINDS.iter().find(|kind| kind.name == name);
    exact.or_else(|| {
        KINDS.iter().find(|kind| kind.name.eq_ignore_ascii_case(name) || (name.len() > 4 && format::one_slip(name, kind.name)))
    })
}

struct Check<'o, 'd> {
    output: &'o mut Output,
    document: Node<'d>,
}

/// A field as messages name it: `metadata.labels.stage`. Written out only when there is something to tell.
#[derive(Clone, Copy)]
struct Path<'p> {
    prefix: &'static str,
    field: &'p str,
    key: Option<&'p str>,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}{}", self.prefix, self.field)?;
        self.key.map_or(Ok(()), |key| write!(f, ".{}", key.escape_debug()))
    }
}

impl Check<'_, '_> {
    /// The kind's form; none for an extension.
    fn kind(&mut self, document: Node) -> Option<&'static Kind> {
        let written = document.get("kind")?;
        let name = written.text()?;
        let meant = meant_kind(name)?;
        if meant.name != name {
            let message = format!("`{}` is no kind of entity", name.escape_debug());
            self.tell(written.location(), message, format!("did you mean `{}`?", meant.name));
        }
        Some(meant)
    }

    /// Checks one level of an entity: what is misspelt, missing, or wrong. What is missing is told at the key `missing_at`.
    fn fields(&mut self, node: Node, prefix: &'static str, fields: Fields, required: &[&'static str], missing_at: &str) {
        let mut missing: Vec<&'static str> = required.to_vec();
        let mut seen: Vec<&str> = Vec::new();
        let mut unknown = 0;
        for (key, value) in node.entries() {
            let Some(name) = key.scalar() else { continue };
            if let Some((_, form)) = fields.iter().find(|(known, _)| *known == name) {
                // A key that stands twice is told with the text's defects; the first one counts.
                if !seen.contains(&name) {
                    seen.push(name);
                    if !is_absent(value) {
                        missing.retain(|field| *field != name);
                        self.value(value, Path { prefix, field: name, key: None }, *form);
                    }
                }
                continue;
            }
            unknown += 1;
            if unknown <= MOST_TOLD
                && let Some(meant) = misspelt(node, fields, name, value)
            {
                missing.retain(|field| *field != meant);
                let message = format!("`{prefix}{name}` is no field of {}", self.entity_name());
                self.tell(key.location(), message, format!("did you mean `{meant}`?"));
            }
        }
        // What a merge brings is not among the entries as written.
        missing.retain(|field| node.get(field).is_none_or(is_absent));
        self.missing(prefix, &missing, missing_at);
    }

    fn missing(&mut self, prefix: &str, fields: &[&str], at: &str) {
        if fields.is_empty() {
            return;
        }
        let names: Vec<String> = fields.iter().map(|field| format!("`{prefix}{field}`")).collect();
        let names = names.join(" and ");
        let message = format!("{} lacks {names}", self.entity_name());
        self.tell(key_location(self.document, at), message, "the catalog refuses an entity without it".to_owned());
    }

    fn value(&mut self, value: Node, path: Path, form: Form) {
        if !is_readable_as(value, form) {
            return;
        }
        match form {
            Form::Text(format) => self.text(value, path, format),
            Form::Texts(format) => {
                if self.shape(value, path, Shape::Sequence) {
                    for item in value.items() {
                        self.item(item, path, format);
                    }
                }
            }
            Form::Pairs { keys, values } => {
                if self.shape(value, path, Shape::Mapping) {
                    for (key, value) in value.entries() {
                        let Some(name) = key.scalar().filter(|name| *name != "<<") else { continue };
                        self.form(key, name, format_args!("a key of `{path}`"), keys);
                        if !value.is_null() && is_readable_as(value, TEXT) {
                            self.text(value, Path { key: Some(name), ..path }, values);
                        }
                    }
                }
            }
            Form::Mapping => {
                self.shape(value, path, Shape::Mapping);
            }
            Form::List => {
                self.shape(value, path, Shape::Sequence);
            }
        }
    }

    fn text(&mut self, value: Node, path: Path, format: Format) {
        if self.shape(value, path, Shape::Text)
            && let Some(text) = value.text()
        {
            self.form(value, text, format_args!("`{path}`"), format);
        }
    }

    fn item(&mut self, item: Node, path: Path, format: Format) {
        if item.shape() == Shape::Text {
            return self.form(item, item.text().unwrap_or(""), format_args!("an item of `{path}`"), format);
        }
        if item.is_null() || placeholder(item).is_some() {
            return;
        }
        let message = format!("`{path}` must hold texts, found {}", item.shape().name());
        // `- component: tax` reads as a mapping where the reference `component:tax` was meant.
        let reference = match (item.len(), item.entries().next()) {
            (1, Some((kind, name))) => kind.scalar().zip(name.scalar()),
            _ => None,
        };
        let help = match reference {
            Some((kind, name)) => format!("write the reference without a space: `{kind}:{name}`"),
            None => "put each value in quotes".to_owned(),
        };
        self.tell(item.location(), message, help);
    }

    fn shape(&mut self, value: Node, path: Path, wanted: Shape) -> bool {
        let found = value.shape();
        if found == wanted {
            return true;
        }
        let message = format!("`{path}` must be {}, found {}", wanted.name(), found.name());
        let help = match (wanted, found) {
            (Shape::Text, Shape::Bool | Shape::Int | Shape::Float) => {
                format!("put it in quotes: `\"{}\"`", value.scalar().unwrap_or(""))
            }
            (Shape::Sequence, Shape::Text) => format!("write it as a list: `[{}]`", value.scalar().unwrap_or("")),
            (Shape::Text, Shape::Mapping) if path.field == "definition" => {
                "write `definition: |` before an inline description, or refer to its file by `$text`".to_owned()
            }
            _ => "the catalog refuses the entity otherwise".to_owned(),
        };
        self.tell(value.location(), message, help);
        false
    }

    fn form(&mut self, node: Node, text: &str, what: fmt::Arguments, format: Format) {
        if let Some(rule) = format.wrong(text) {
            self.tell(
                node.location(),
                format!("{what} is `{}`, which is not {}", text.escape_debug(), format.name()),
                rule.to_owned(),
            );
        }
    }

    fn links(&mut self, metadata: Node) {
        for link in metadata.get("links").into_iter().flat_map(Node::items) {
            if link.shape() == Shape::Mapping && placeholder(link).is_none() && link.get("url").is_none_or(is_absent) {
                self.tell(
                    link.location(),
                    "a link lacks its `url`".to_owned(),
                    "the catalog refuses an entity without it".to_owned(),
                );
            }
        }
    }

    fn definition(&mut self, kind: &Kind, spec: Node) {
        let described = spec.get("type").and_then(Node::text).is_some_and(|name| DESCRIBED_APIS.contains(&name));
        if kind.name == "API"
            && described
            && spec.get("definition").is_none_or(is_absent)
            && !misspells(spec, kind.fields, "definition")
        {
            self.missing("spec.", &["definition"], "spec");
        }
    }

    /// "component `tax`", or what there is of it.
    fn entity_name(&self) -> String {
        let kind = self.document.get("kind").and_then(Node::text).filter(|kind| !kind.trim().is_empty());
        let kind = kind.unwrap_or("entity").to_lowercase();
        match self.document.at(&["metadata", "name"]).and_then(Node::scalar) {
            Some(name) => format!("{kind} `{}`", name.escape_debug()),
            None => format!("this {kind}"),
        }
    }

    fn tell(&mut self, at: Location, message: String, help: String) {
        if self.output.problems.len() < MOST_TOLD {
            self.output.problems.push(refused(at, message).help(help));
        } else if self.output.problems.len() == MOST_TOLD {
            self.output.problems.push(refused(at, "more is wrong with this file than is told".to_owned()).help(help));
        }
    }
}

fn refused(at: Location, message: String) -> Diagnostic {
    Diagnostic::new(Fault::ManifestInvalid, at, message)
}

fn key_location(document: Node, key: &str) -> Location {
    document.entry(key).map_or(document.location(), |(key, _)| key.location())
}

/// Without a value, or with an empty one.
fn is_absent(value: Node) -> bool {
    value.is_null() || value.text().is_some_and(|text| text.trim().is_empty())
}

fn is_readable(node: &Node) -> bool {
    node.shape() == Shape::Mapping && placeholder(*node).is_none()
}

/// False for a placeholder, whose value is in another file. Where a mapping of any keys may stand, only the known ones are placeholders.
fn is_readable_as(value: Node, form: Form) -> bool {
    match form {
        Form::Pairs { .. } | Form::Mapping if value.len() != 1 => true,
        _ => placeholder(value).is_none(),
    }
}

/// Does a key of the mapping misspell this field?
fn misspells(node: Node, fields: Fields, field: &str) -> bool {
    node.entries()
        .take(MOST_TOLD)
        .any(|(key, value)| key.scalar().is_some_and(|name| misspelt(node, fields, name, value) == Some(field)))
}

/// The field that a key stands for by mistake: nearly its name, the shape of its value, and the field itself is not there.
/// Any other key is an extension, which is legal.
fn misspelt(node: Node, fields: Fields, name: &str, value: Node) -> Option<&'static str> {
    let known_elsewhere = KINDS.iter().flat_map(|kind| kind.fields).any(|(known, _)| *known == name);
    if name.len() < 3 || known_elsewhere {
        return None;
    }
    let fits = |form: Form| match form {
        Form::Text(_) => value.shape() == Shape::Text || placeholder(value).is_some(),
        Form::Texts(_) | Form::List => value.shape() == Shape::Sequence,
        Form::Pairs { .. } | Form::Mapping => value.shape() == Shape::Mapping,
    };
    let meant = fields.iter().find(|(known, form)| format::one_slip(name, known) && fits(*form));
    meant.map(|(known, _)| *known).filter(|known| node.get(known).is_none())
}
