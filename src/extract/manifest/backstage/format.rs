//! How names, keys and tags of the catalog are formed.

/// A form of texts.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Format {
    Any,
    Version,
    Name,
    Namespace,
    /// Of a label or annotation.
    Key,
    /// A label's value.
    Label,
    Tag,
}

/// The longest name, namespace or tag.
const LONGEST: usize = 63;
/// The longest domain name before the slash of a key.
const LONGEST_DOMAIN: usize = 253;

impl Format {
    /// With its article.
    pub fn name(self) -> &'static str {
        match self {
            Format::Any => "a text",
            Format::Version => "a version of the format",
            Format::Name => "a name of an entity",
            Format::Namespace => "a namespace",
            Format::Key => "a key",
            Format::Label => "a value of a label",
            Format::Tag => "a tag",
        }
    }

    /// The rule that a text breaks, if it does.
    pub fn wrong(self, text: &str) -> Option<&'static str> {
        let (fits, rule) = match self {
            Format::Any => return None,
            Format::Version => (is_version(text), "write `backstage.io/v1alpha1`"),
            Format::Name => (is_name(text), "letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, at most 63"),
            Format::Namespace => (is_namespace(text), "letters and digits with `-` between them, at most 63"),
            Format::Key => {
                (is_key(text), "a name of letters, digits, `-`, `_` and `.`, after a lower-case domain and `/`, if any")
            }
            Format::Label => (
                text.is_empty() || is_name(text),
                "letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, at most 63",
            ),
            Format::Tag => {
                (is_tag(text), "lower-case letters, digits, `:`, `+` and `#` with single `-` between them, at most 63")
            }
        };
        (!fits).then_some(rule)
    }
}

/// `GROUP/v1`, `GROUP/v1alpha1`; the group is known when this is asked.
fn is_version(text: &str) -> bool {
    let version = text.rsplit_once('/').and_then(|(_, version)| version.strip_prefix('v'));
    version.is_some_and(|version| {
        let rest = version.trim_start_matches(|c: char| c.is_ascii_digit());
        let stage = rest.strip_prefix("alpha").or_else(|| rest.strip_prefix("beta"));
        rest.len() < version.len() && (rest.is_empty() || stage.is_some_and(is_number))
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= LONGEST
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}

fn is_namespace(text: &str) -> bool {
    text.len() <= LONGEST && text.split('-').all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric())) && is_name(text)
}

fn is_tag(text: &str) -> bool {
    text.len() <= LONGEST && are_parts(text, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b":+#".contains(&byte))
}

/// `name`, or `domain.example/name`.
fn is_key(text: &str) -> bool {
    let is_label =
        |label: &str| label.len() <= LONGEST && are_parts(label, |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    match text.split_once('/') {
        Some((domain, name)) => domain.len() <= LONGEST_DOMAIN && domain.split('.').all(is_label) && is_name(name),
        None => is_name(text),
    }
}

/// Not empty, of such characters, with single dashes between them.
fn are_parts(text: &str, fits: impl Fn(u8) -> bool) -> bool {
    text.split('-').all(|part| !part.is_empty() && part.bytes().all(&fits))
}

/// Is one text the other but for a single slip of the fingers, or for the case and the joints of its words?
pub(super) fn one_slip(written: &str, meant: &str) -> bool {
    if written == meant || written.len().abs_diff(meant.len()) > 3 {
        return false;
    }
    let folded =
        |text: &str| -> String { text.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).flat_map(char::to_lowercase).collect() };
    let (written, meant) = (folded(written), folded(meant));
    written == meant || strsim::damerau_levenshtein(&written, &meant) == 1
}
