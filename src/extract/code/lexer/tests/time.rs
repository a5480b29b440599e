//! Time that is linear in the text, whatever it holds: for each language the forms that invite a lexer to look for an end again and again.

use super::read;
use crate::discover::language::Language;
use crate::extract::code::tokens::Collector;
use crate::extract::timing::is_linear;

/// Forms of every language.
const COMMON: &[&str] = &["\"", "'", "`", "/*", "*/", "\\", "\"\\\n", "([{", ")]}", "(", " /", "\"a\nb", "a'", "x.y "];

/// A language, and what only it has.
const SHAPES: &[(&str, &[&str])] = &[
    ("Java", &["\"\"\"", "'\\", "/**/"]),
    ("Kotlin", &["\"${", "\"\"\"", "/* /* ", "\"${\"", "`a\n"]),
    ("JavaScript", &["`${", "`${`", "/[", "= /", "= /[", "=/a\n", "</a", "{`${", "}'"]),
    ("TSX", &["<a>'", "<a>`${", "= /"]),
    ("Python", &["f\"{", "f'{\"", "\"\"\"", "'''", "\"\"\"\\", "f\"{{"]),
    ("Go", &["`\n", "'\\"]),
    ("C#", &["$\"{", "@\"", "$@\"{", "\"\"\"", "\"\"\"\"", "$\"{\"", "$\"{\n", "@\"\"\"", "$"]),
    ("PHP", &["\"{$", "<<<A\n", "?>", "?><?php ", "<?", "<<<A ", "\"{$\"", "`{$"]),
    (
        "Ruby",
        &[
            "\"#{", "%w[", "%(", "= /", " /a\n", "<<A ", "<<A\n", "<<~A\n", "=begin\n", "?", "%q(%", "\"#{\"", "a /b", "#{",
            "`#{", "def a ", "if ", "end ",
        ],
    ),
    ("Elixir", &["\"#{", "~s(", "~S\"\"\"", "~r/", "\"\"\"", "\"#{\"", "do ", "fn ", "end ", "?"]),
    ("Rust", &["r#\"", "/* /* ", "r##\"#", "'a ", "b'", "#"]),
    ("C++", &["R\"a(", "R\"(", "R\"", "1'0"]),
    ("Swift", &["\"\\(", "#\"", "\"\"\"", "#"]),
    ("Shell", &["<<A ", "<<A\n", "<<-'A'\n", "\\\n"]),
    ("SQL", &["$a$", "$", "$a"]),
    ("Lua", &["[[", "--[==[", "[=["]),
];

const LENGTH: usize = 1 << 14;
/// How many times longer the second text is.
const LONGER: usize = 16;

fn run(language: Language, text: &str) {
    let mut collector = Collector::new(language, text);
    read(language, text.as_bytes(), &mut collector);
    std::hint::black_box(collector.finish());
}

#[test]
fn time_grows_with_the_text_and_not_with_its_square() {
    for (name, own) in SHAPES {
        let language = Language::from_name(name).expect("in the table");
        for shape in COMMON.iter().chain(*own) {
            let (text, long) = (shape.repeat(LENGTH / shape.len()), shape.repeat(LONGER * LENGTH / shape.len()));
            assert!(is_linear(|text| run(language, text), &text, &long, LONGER), "{name}: {shape:?}");
        }
    }
}
