//! One file in, its facts out.
//!
//! [`file()`] is pure: kind, path and bytes decide everything, nothing else is read, and the bytes are not kept. So facts can be
//! cached by content, a base revision is read like a work tree, and a fuzzer has one entry point.
//!
//! A format or framework is one file that offers an [`Extractor`]; [`EXTRACTORS`] lists them. [`manifest`] reads what a repository states of
//! itself, [`api`] descriptions of APIs, [`code`] program code, [`deployment`] what is built and run with which settings, [`store`] what is
//! stored.

pub mod api;
pub mod build;
pub mod code;
mod credentials;
pub mod defects;
pub mod deployment;
pub mod manifest;
pub mod page;
pub mod read;
pub mod store;
#[cfg(all(test, target_os = "linux"))]
mod time_tests;
#[cfg(all(test, target_os = "linux"))]
mod timing;

use std::cell::OnceCell;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Fault};
use crate::discover::{Kind, Role, landmark, tooling};
use crate::document::{self, Syntax, Tree};
use crate::facts::{Fact, FileFacts, Lines};
use crate::source::{self, Decoded, Encoding, LineIndex, Location, Span, last_part};

/// Reads one format.
pub struct Extractor {
    /// The file's name here, for messages and `brickwork facts`.
    pub name: &'static str,
    /// By kind and path (below the repository's root) alone: whether a file is opened for this format. Most files of a repository are
    /// never opened; a format that rides along in files which are read anyway wants none.
    pub wants: fn(Kind, &str) -> bool,
    /// Cheap: decides by path, kind, and a look at the text for a mark of the format.
    pub applies: fn(&Input) -> bool,
    pub extract: fn(&Input, &mut Output),
}

/// Every format that is read, in the order in which they are asked.
pub const EXTRACTORS: &[Extractor] = &[
    manifest::backstage::EXTRACTOR,
    manifest::codeowners::EXTRACTOR,
    manifest::service_yaml::EXTRACTOR,
    manifest::waiver::EXTRACTOR,
    api::openapi::EXTRACTOR,
    api::protobuf::EXTRACTOR,
    build::bundler::EXTRACTOR,
    build::cargo::EXTRACTOR,
    build::composer::EXTRACTOR,
    build::dotnet::EXTRACTOR,
    build::go::EXTRACTOR,
    build::gradle::EXTRACTOR,
    build::maven::EXTRACTOR,
    build::mix::EXTRACTOR,
    build::npm::EXTRACTOR,
    build::python::EXTRACTOR,
    code::EXTRACTOR,
    code::php::symfony_config::EXTRACTOR,
    code::php::symfony_settings::EXTRACTOR,
    code::ruby::settings_files::EXTRACTOR,
    code::ruby::tables::EXTRACTOR,
    deployment::cloudformation::EXTRACTOR,
    deployment::compose::EXTRACTOR,
    deployment::dapr::EXTRACTOR,
    deployment::dockerfile::EXTRACTOR,
    deployment::gateways::apache::EXTRACTOR,
    deployment::gateways::apisix::EXTRACTOR,
    deployment::gateways::caddy::EXTRACTOR,
    deployment::gateways::envoy::EXTRACTOR,
    deployment::gateways::haproxy::EXTRACTOR,
    deployment::gateways::kong::EXTRACTOR,
    deployment::gateways::krakend::EXTRACTOR,
    deployment::gateways::nginx::EXTRACTOR,
    deployment::gateways::ocelot::EXTRACTOR,
    deployment::gateways::spring::EXTRACTOR,
    deployment::gateways::traefik::EXTRACTOR,
    deployment::gateways::tyk::EXTRACTOR,
    deployment::gateways::yarp::EXTRACTOR,
    deployment::helm::EXTRACTOR,
    deployment::kubernetes::EXTRACTOR,
    deployment::kustomize::EXTRACTOR,
    deployment::nomad::EXTRACTOR,
    deployment::pipeline::github::EXTRACTOR,
    deployment::pipeline::jenkins::EXTRACTOR,
    deployment::pipeline::others::EXTRACTOR,
    deployment::platform::EXTRACTOR,
    deployment::procfile::EXTRACTOR,
    deployment::serverless::EXTRACTOR,
    deployment::settings::appsettings::EXTRACTOR,
    deployment::settings::environment::EXTRACTOR,
    deployment::settings::files::EXTRACTOR,
    deployment::settings::hocon::EXTRACTOR,
    deployment::settings::spring::EXTRACTOR,
    deployment::skaffold::EXTRACTOR,
    deployment::systemd::EXTRACTOR,
    deployment::terraform::EXTRACTOR,
    store::liquibase::EXTRACTOR,
    store::prisma::EXTRACTOR,
    store::sql::EXTRACTOR,
    page::EXTRACTOR,
];

/// One file as an extractor sees it.
pub struct Input<'b> {
    /// Below the repository's root, with `/`.
    pub path: &'b str,
    pub kind: Kind,
    pub text: &'b str,
    tree: OnceCell<Tree<'b>>,
    code: OnceCell<code::Code<'b>>,
    lines: OnceCell<LineIndex>,
}

impl<'b> Input<'b> {
    pub fn new(kind: Kind, path: &'b str, text: &'b str) -> Self {
        Input { path, kind, text, tree: OnceCell::new(), code: OnceCell::new(), lines: OnceCell::new() }
    }

    /// The last part of the path.
    pub fn name(&self) -> &'b str {
        last_part(self.path)
    }

    /// The syntax of a structured document, by the file's ending.
    pub fn syntax(&self) -> Option<Syntax> {
        match self.name().rsplit_once('.')?.1 {
            "yaml" | "yml" => Some(Syntax::Yaml),
            "json" => Some(Syntax::Json),
            "toml" => Some(Syntax::Toml),
            _ => None,
        }
    }

    /// The parsed document; parsed once, whoever asks first. YAML for a file whose ending does not tell.
    pub fn tree(&self) -> &Tree<'b> {
        self.tree.get_or_init(|| document::parse(self.syntax().unwrap_or(Syntax::Yaml), self.text))
    }

    /// Where a slice of the text stands in it.
    pub fn span_of(&self, part: &str) -> Span {
        let start = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        debug_assert!(start <= self.text.len(), "a slice of the file's text");
        Span::new(start, start + part.len())
    }

    /// The place of a slice of the text.
    pub fn place_of(&self, part: &str) -> Location {
        self.location(self.span_of(part))
    }

    /// The place of a byte range of the text.
    pub fn location(&self, span: Span) -> Location {
        self.lines.get_or_init(|| LineIndex::new(self.text)).location(self.text, span)
    }
}

/// What extractors find.
#[derive(Default)]
pub struct Output {
    pub facts: Vec<Fact>,
    pub problems: Vec<Diagnostic>,
}

pub use read::all;

/// The facts of one file. Never fails and never panics: what can't be read is a problem among the facts.
pub fn file(kind: Kind, path: impl Into<Arc<str>>, bytes: &[u8]) -> FileFacts {
    let path: Arc<str> = path.into();
    let Decoded { text, encoding, broken_at } = source::decode(bytes);
    let input = Input::new(kind, &path, &text);
    let mut output = Output::default();
    let landmark = is_landmark(kind.role, &path);
    // Zero bytes in text of one byte a character: an image or an archive by another name.
    let is_text = encoding != Encoding::Utf8 || memchr::memchr(0, bytes).is_none();
    if is_text {
        for extractor in EXTRACTORS {
            if (extractor.applies)(&input) {
                (extractor.extract)(&input, &mut output);
            }
        }
    } else if landmark || ["openapi", "swagger", "asyncapi", "CODEOWNERS"].iter().any(|word| input.name().contains(word)) {
        let problem = Diagnostic::new(Fault::UnreadableFile, Location::TOP, "the file is no text: it holds zero bytes")
            .help("save it as UTF-8, or exclude it in the policy: `exclude: [PATH]`");
        output.problems.push(problem);
    }
    if let Some(at) = broken_at.filter(|_| !output.facts.is_empty() && output.problems.is_empty()) {
        let at = input.location(Span::new(at, at));
        let problem = Diagnostic::new(Fault::UnreadableFile, at, "the text is broken here: these bytes are no UTF-8 or UTF-16")
            .help("save the file as UTF-8");
        output.problems.push(problem);
    }
    let mut shapes = Vec::new();
    let lines = kind.language.filter(|_| is_text && kind.is_code()).map(|language| {
        let (count, windows) = match input.code.get() {
            Some(code) => (code.count, code.take_shapes()),
            None if kind.role == Role::Production && language.info().code => code::measure(language, &text),
            None => (code::lines::count(language, &text), Vec::new()),
        };
        let written = !count.generated && !count.minified && !tooling::is_tooling(&path, language);
        let production = kind.role == Role::Production && written;
        if production {
            shapes = windows;
        }
        Lines { language, code: count.code, comment: count.comment, blank: count.blank, production }
    });
    output.facts.iter_mut().for_each(credentials::take_out);
    let Output { facts, problems } = output;
    FileFacts { path, landmark, lines, shapes, facts, problems }
}

/// Whether a file stands for its repository or a part of it. Those of tests, examples and others' code stand for nothing.
fn is_landmark(role: Role, path: &str) -> bool {
    matches!(role, Role::Production | Role::Documentation) && landmark::landmark(last_part(path)).is_some()
}
