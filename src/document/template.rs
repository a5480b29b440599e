//! Tells a template from a document: what only its engine can expand is not read as if it meant what it says.
//!
//! Path and text come in; out comes the engine and the first mark, or none. Precision first: `{{ x }}` in a quoted text, a block
//! text or a comment of a valid document is data that somebody else expands, and a workflow's `${{ x }}` is no template.

use memchr::memmem;

use super::{DefectKind, Node, Shape, Syntax, Tree, parse};
use crate::source::{Span, floor_char_boundary};

/// What expands a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Go's `text/template`, as Helm uses it.
    Go,
    /// Jinja and its relatives, Cookiecutter and the scaffolder of Backstage among them.
    Jinja,
    Erb,
    /// Mustache and Handlebars.
    Mustache,
}

impl Engine {
    /// The name for messages.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Go => "Go template",
            Engine::Jinja => "Jinja",
            Engine::Erb => "ERB",
            Engine::Mustache => "Mustache",
        }
    }
}

/// The engine for which a YAML, JSON or TOML file is written, and the first mark that says so. None for a plain document.
pub fn template(path: &str, text: &str) -> Option<(Engine, Span)> {
    if !has_marks(text) {
        return None;
    }
    let syntax = match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("json") => Syntax::Json,
        Some("toml") => Syntax::Toml,
        _ => Syntax::Yaml,
    };
    template_of(path, &parse(syntax, text))
}

/// Like [`template`], for a text that is parsed already.
pub fn template_of(path: &str, tree: &Tree) -> Option<(Engine, Span)> {
    let text = tree.text();
    if !has_marks(text) {
        return None;
    }
    let marks = || marks(text);
    let mut parts = path.rsplit('/');
    let ending = parts.next().unwrap_or_default().rsplit_once('.').map(|(_, ending)| ending);
    match ending {
        Some("j2" | "jinja" | "jinja2") => return marks().next().map(|at| (Engine::Jinja, at)),
        Some("erb") => return marks().next().map(|at| (Engine::Erb, at)),
        Some("tpl" | "gotmpl" | "tmpl") => return marks().next().map(|at| (Engine::Go, at)),
        _ => {}
    }
    // Below a chart's `templates` even a quoted mark is Helm's.
    if parts.any(|part| part == "templates")
        && let Some(at) = marks().find(|at| is_go(inside(text, *at)))
    {
        return Some((Engine::Go, at));
    }
    let texts = texts(tree);
    let broken_at = tree.defects().iter().find(|defect| defect.kind == DefectKind::Syntax).map(|defect| defect.at.start);
    let mut line = Line::default();
    let first = marks().find(|at| {
        if is_scaffold(inside(text, *at)) {
            return true;
        }
        if let Some(whole) = containing(&texts, at.start) {
            // `key: <%= x %>` is a valid plain text that nobody writes as one.
            return text[at.range()].starts_with("<%") && whole.start == at.start;
        }
        line.move_to(text, &texts, *at);
        !line.is_comment(*at) && (broken_at.is_none_or(|broken| at.start < broken) || line.stands_alone(text, *at))
    })?;
    Some((engine(text, first), first))
}

/// A look that costs nothing beside reading the file.
fn has_marks(text: &str) -> bool {
    let bytes = text.as_bytes();
    memmem::find(bytes, b"{{").is_some() || memmem::find(bytes, b"{%").is_some() || memmem::find(bytes, b"<%").is_some()
}

/// Every opening mark in order. `${{` opens an expression of a workflow; only a scaffolder's counts.
fn marks(text: &str) -> impl Iterator<Item = Span> {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'{', b'<', bytes).filter_map(move |at| {
        let is_mark = match bytes.get(at..at + 2)? {
            b"{{" => {
                let after = at.checked_sub(1).map(|before| bytes[before]);
                after != Some(b'{') && (after != Some(b'$') || is_scaffold(inside(text, Span::new(at, at + 2))))
            }
            b"{%" | b"<%" => true,
            _ => false,
        };
        is_mark.then(|| Span::new(at, at + 2))
    })
}

/// What stands behind an opening mark in its line; the beginning of it, as a minified file is one line.
fn inside(text: &str, mark: Span) -> &str {
    let start = mark.end as usize;
    let rest = &text[start..floor_char_boundary(text, start + 120)];
    let line = rest.lines().next().unwrap_or_default();
    line.trim_start_matches(['-', '~', ' ', '\t'])
}

/// The first word of what stands inside a mark.
fn first_word(inside: &str) -> &str {
    let end = inside.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inside.len());
    &inside[..end]
}

fn is_go(inside: &str) -> bool {
    const WORDS: [&str; 17] = [
        "include", "template", "define", "if", "range", "with", "end", "else", "block", "toYaml", "default", "quote", "printf",
        "tpl", "required", "fail", "lookup",
    ];
    matches!(inside.as_bytes().first(), Some(b'.' | b'$' | b'"' | b'('))
        || inside.starts_with("/*")
        || WORDS.contains(&first_word(inside))
}

/// The variables of a Cookiecutter, or of a Backstage scaffolder's skeleton.
fn is_scaffold(inside: &str) -> bool {
    let word = first_word(inside);
    matches!(word, "cookiecutter" | "values") && inside[word.len()..].starts_with('.')
}

fn engine(text: &str, mark: Span) -> Engine {
    let inside = inside(text, mark);
    match &text[mark.range()] {
        "{%" => Engine::Jinja,
        "<%" => Engine::Erb,
        _ if is_scaffold(inside) => Engine::Jinja,
        _ if is_go(inside) => Engine::Go,
        _ => {
            let expression = inside.split("}}").next().unwrap_or_default();
            let simple = expression
                .trim()
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '#' | '/' | '^' | '>' | '&' | '{'));
            if simple { Engine::Mustache } else { Engine::Jinja }
        }
    }
}

/// The spans of all texts that were read, in order.
fn texts(tree: &Tree) -> Vec<Span> {
    let mut found = Vec::new();
    let mut waiting: Vec<Node> = tree.documents().collect();
    while let Some(node) = waiting.pop() {
        match node.shape() {
            // An alias stands for what is visited where it is written.
            Shape::Text | Shape::Sequence | Shape::Mapping if node.is_alias() => {}
            Shape::Text => found.push(node.span()),
            _ => {
                waiting.extend(node.items());
                waiting.extend(node.entries().flat_map(|(key, value)| [key, value]));
            }
        }
    }
    found.sort_unstable();
    found
}

fn containing(texts: &[Span], at: u32) -> Option<Span> {
    let before = texts.partition_point(|span| span.start <= at);
    texts[..before].last().copied().filter(|span| at < span.end)
}

/// What is known of the line of the last mark. Marks come in order, so each byte is looked at once.
#[derive(Default)]
struct Line {
    start: usize,
    end: usize,
    /// Where a comment begins.
    comment: Option<usize>,
    /// Double quotes up to `counted`.
    quotes: usize,
    counted: usize,
}

impl Line {
    fn move_to(&mut self, text: &str, texts: &[Span], mark: Span) {
        let bytes = text.as_bytes();
        let mark = mark.start as usize;
        if mark >= self.end {
            let start = memchr::memrchr(b'\n', &bytes[self.end..mark]).map_or(self.end, |at| self.end + at + 1);
            let end = memchr::memchr(b'\n', &bytes[mark..]).map_or(bytes.len(), |at| mark + at + 1);
            let comment = memchr::memchr_iter(b'#', &bytes[start..end]).map(|at| start + at).find(|&at| {
                let apart = at == start || bytes[at - 1].is_ascii_whitespace();
                apart && containing(texts, at as u32).is_none()
            });
            *self = Line { start, end, comment, quotes: 0, counted: start };
        }
        self.quotes += memchr::memchr_iter(b'"', &bytes[self.counted..mark]).count();
        self.counted = mark;
    }

    fn is_comment(&self, mark: Span) -> bool {
        self.comment.is_some_and(|comment| comment < mark.start as usize)
    }

    /// True when the mark stands where a key or a value begins, in a text of which nothing better is known.
    fn stands_alone(&self, text: &str, mark: Span) -> bool {
        let before = text[self.start..mark.start as usize].trim_end().chars().next_back();
        self.quotes.is_multiple_of(2) && matches!(before, None | Some(':' | '-' | ',' | '[' | '{' | '}'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, expected: Option<(Engine, &str)>) {
        let found = template(path, text).map(|(engine, at)| (engine, &text[at.start as usize..]));
        let found = found.map(|(engine, rest)| (engine, rest.split(['}', '>']).next().unwrap_or_default()));
        assert_eq!(found, expected, "in {text:?}");
    }

    #[test]
    fn charts_are_templates() {
        check("chart/templates/a.yaml", "name: {{ .Values.name }}\n", Some((Engine::Go, "{{ .Values.name ")));
        check("chart/templates/a.yaml", "name: \"{{ .Values.name }}\"\n", Some((Engine::Go, "{{ .Values.name ")));
        check("chart/templates/a.yaml", "{{- if .Values.on }}\na: b\n{{- end }}\n", Some((Engine::Go, "{{- if .Values.on ")));
        check(
            "deploy/a.yaml",
            "a:\n  {{- include \"x\" . | nindent 4 }}\n",
            Some((Engine::Go, "{{- include \"x\" . | nindent 4 ")),
        );
        check("deploy/a.yaml", "# {{ .x }}\nreplicas: {{ .Values.replicas }}\n", Some((Engine::Go, "{{ .Values.replicas ")));
        check("chart/templates/a.yaml", "name: x\n", None);
        check("chart/values.yaml", "host: \"{{ .Values.global.domain }}\"\n", None);
    }

    #[test]
    fn other_engines_are_known_by_their_marks() {
        check("a.yaml", "a:\n{% for x in y %}\n  - {{ x }}\n{% endfor %}\n", Some((Engine::Jinja, "{% for x in y %")));
        check("a.json", "{\"port\": {{ port | default(80) }}}", Some((Engine::Jinja, "{{ port | default(80) ")));
        check("a.json", "{\"port\": {{port}}}", Some((Engine::Mustache, "{{port")));
        check("database.yml", "user: <%= ENV['DB_USER'] %>\n", Some((Engine::Erb, "<%= ENV['DB_USER'] %")));
        check("catalog-info.yaml", "name: ${{ values.name }}\n", Some((Engine::Jinja, "{{ values.name ")));
        check("a.yaml", "name: '{{ cookiecutter.name }}'\n", Some((Engine::Jinja, "{{ cookiecutter.name ")));
        check("a.yaml.j2", "name: '{{ name }}'\n", Some((Engine::Jinja, "{{ name ")));
    }

    #[test]
    fn what_others_expand_is_data() {
        check(".github/workflows/ci.yml", "env:\n  A: ${{ secrets.A }}\n  B: ${{ matrix.b }}\n", None);
        check("template.yaml", "values:\n  name: ${{ parameters.name }}\n", None);
        check("alerts.yaml", "a: \"{{ $labels.x }} is down\"\nb: load on {{ $value }}\nc: |\n  {{ $x }}\n", None);
        check("playbook.yml", "- hosts: all\n  vars: {x: '{{ y }}'}  # {{ z }}\n", None);
        check("a.json", r#"{"a": "{{ b }}", "c": "<% d %>"}"#, None);
        check("a.yaml", "a: '<%= b %>'\n", None);
        check("a.yaml", "a: {b: {c: d}}\n", None);
    }

    #[test]
    fn many_marks_on_one_line_are_read_in_linear_time() {
        const MANY: usize = 200_000;
        check("a.yaml", &format!("# {}\n", "{{ x }} ".repeat(MANY)), None);
        check("a.json", &format!("[1 2, {}]", "\"{{ x }}\", ".repeat(MANY)), None);
        check("a.json", &format!("[1 2, {}]", "x {{ x }} ".repeat(MANY)), None);
    }

    #[test]
    fn a_syntax_error_alone_makes_no_template() {
        check("a.yaml", "a: [1\nb: \"{{ x }}\"\nc: |\n  see {{ y }}\n", None);
        check("a.json", r#"{"a": 1 "b": "{{ x }}"}"#, None);
        check("a.yaml", "a: [1\nb: {{ x }}\n", Some((Engine::Mustache, "{{ x ")));
    }
}
