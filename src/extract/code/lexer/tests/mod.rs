//! Pieces of texts in many languages, and of texts that no one should write.

mod grammars;
#[cfg(target_os = "linux")]
mod time;

use super::*;
use crate::discover::language::Language;

/// Writes the pieces one to a line, each with a letter for its class.
#[derive(Default)]
struct Pieces<'t> {
    text: &'t str,
    shown: String,
    end: usize,
}

impl Pieces<'_> {
    fn piece(&mut self, class: char, start: usize, end: usize) {
        assert!(start >= self.end && end >= start, "pieces come in order");
        assert!(self.text[self.end..start].trim().is_empty(), "pieces cover the text");
        self.end = end;
        self.shown.push_str(&format!("{class} {}\n", self.text[start..end].trim_end().replace('\n', "⏎")));
    }
}

impl Sink for Pieces<'_> {
    fn code(&mut self, start: usize, end: usize) {
        self.piece('c', start, end);
    }
    fn literal(&mut self, start: usize, end: usize, spans_lines: bool) {
        assert!(spans_lines || !self.text[start..end].contains('\n'));
        self.piece('"', start, end);
    }
    fn comment(&mut self, start: usize, end: usize, spans_lines: bool) {
        assert!(spans_lines || !self.text[start..end].contains('\n'));
        self.piece('#', start, end);
    }
    fn line_end(&mut self, at: usize) {
        assert!(self.text[self.end..at].trim().is_empty());
        self.end = at + 1;
    }
}

fn pieces(language: &str, text: &str) -> String {
    let mut pieces = Pieces { text, ..Pieces::default() };
    read(Language::from_name(language).expect("in the table"), text.as_bytes(), &mut pieces);
    assert!(text[pieces.end..].trim().is_empty(), "the last piece ends the text");
    pieces.shown
}

fn check(language: &str, text: &str, expected: &[&str]) {
    let shown = pieces(language, text);
    assert_eq!(shown.lines().collect::<Vec<_>>(), expected, "{language}: {text}");
}

#[test]
fn comments_and_literals_hide_each_others_marks() {
    check("Java", "a = \"// no /*\"; // \"yes\"", &["c a =", "\" \"// no /*\"", "c ;", "# // \"yes\""]);
    check("Java", "f(/* \" */ 'x', '\\'');", &["c f(", "# /* \" */", "\" 'x'", "c ,", "\" '\\''", "c );"]);
    check("C", "/*/ still */ x", &["# /*/ still */", "c x"]);
    check("Python", "x = '#' # no", &["c x =", "\" '#'", "# # no"]);
    check("Python", "\"\"\"a\n# b\n\"\"\"\ny", &["\" \"\"\"a⏎# b⏎\"\"\"", "c y"]);
    check("Lua", "--[[ a\nb ]] x -- c", &["# --[[ a⏎b ]]", "c x", "# -- c"]);
    check("Lua", "x = [==[ ]] ]=] ]==] y", &["c x =", "\" [==[ ]] ]=] ]==]", "c y"]);
    check("F#", "let (*) = 1 (* a (* b *) *)", &["c let", "c (", "c *) = 1", "# (* a (* b *) *)"]);
}

#[test]
fn nested_comments_end_where_the_language_says() {
    check("Rust", "/* a /* b */ c */ d", &["# /* a /* b */ c */", "c d"]);
    check("Java", "/* a /* b */ c", &["# /* a /* b */", "c c"]);
    check("Ruby", "=begin\nx\n=end y\nz", &["# =begin⏎x⏎=end y", "c z"]);
    check("Ruby", "a =begin", &["c a =begin"]);
    check("Ruby", "a\n__END__\nit's\n__END__\n\"", &["c a", "# __END__⏎it's⏎__END__⏎\""]);
    check("Ruby", "a__END__ = b_c", &["c a__END__ = b_c"]);
}

#[test]
fn what_does_not_close_ends_with_its_line_or_the_text() {
    check("Go", "x := \"abc\ny", &["c x :=", "\" \"abc", "c y"]);
    check("Go", "x := `abc\n// no", &["c x :=", "\" `abc⏎// no"]);
    check("Java", "x /* abc\ny", &["c x", "# /* abc⏎y"]);
    check("Java", "'", &["c '"]);
    check("Java", "'\\\n'", &["c '", "c \\", "c '"]);
    check("JavaScript", "`a${", &["\" `a${"]);
    check("JavaScript", "'a\\", &["\" 'a\\"]);
}

#[test]
fn raw_literals_end_with_their_own_mark() {
    check("Rust", "r#\"a\"b\"# // c", &["c r#", "\" \"a\"b\"#", "# // c"]);
    check(
        "Rust",
        "let a: &'a str = br\"\\\"; '\\u{1F600}'",
        &["c let a: &", "c '", "c a str = br", "\" \"\\\"", "c ;", "\" '\\u{1F600}'"],
    );
    check("Swift", "#\"a\"b\"# + \"c\"", &["c #", "\" \"a\"b\"#", "c +", "\" \"c\""]);
    check("C#", "@\"a\"\"b\\\" + \"\"\"\"x\"\"\"y\"\"\"\"", &["\" @\"a\"\"b\\\"", "c +", "\" \"\"\"\"x\"\"\"y\"\"\"\""]);
    check("C++", "R\"x(a)\" b)x\" c", &["c R", "\" \"x(a)\" b)x\"", "c c"]);
    check("SQL", "$a$ -- $$ $a$ -- x", &["\" $a$ -- $$ $a$", "# -- x"]);
}

#[test]
fn a_slash_divides_or_begins_an_expression() {
    check("JavaScript", "a = /['\"/]/.test(b) // c", &["c a =", "\" /['\"/]/", "c .test(b)", "# // c"]);
    check("JavaScript", "a / b / 'c'", &["c a", "c /", "c b", "c /", "\" 'c'"]);
    check("TypeScript", "return /\"/g", &["c return", "\" /\"/", "c g"]);
    check("TSX", "<a>x</a> // y", &["c <a>x<", "c /", "c a>", "# // y"]);
}

#[test]
fn code_in_a_template_is_code() {
    check(
        "JavaScript",
        "`a ${b({c: `d`})} // e` // f",
        &["\" `a ${", "c b(", "c {", "c c:", "\" `d`", "c }", "c )", "\" } // e`", "# // f"],
    );
}

#[test]
fn a_here_document_is_a_literal() {
    check("Shell", "cat <<-'EOF' > x\n# no\n  EOF\n# yes", &["c cat", "\" <<-'EOF'", "c > x", "\" # no⏎  EOF", "# # yes"]);
    check("Ruby", "a <<~SQL\nSQL: '\nSQL\nb", &["c a", "\" <<~SQL", "\" SQL: '⏎SQL", "c b"]);
    check("Shell", "x=$((a << b))\n# yes", &["c x=$((a", "\" << b", "c ))", "# # yes"]);
    check("Shell", "echo $# ${#a} a#b", &["c echo $", "c #", "c ${", "c #", "c a} a", "c #", "c b"]);
    check("Ruby", "a <<~SQL\n-- '\nSQL\nb", &["c a", "\" <<~SQL", "\" -- '⏎SQL", "c b"]);
}

#[test]
fn php_has_attributes_markup_and_texts_of_many_lines() {
    check("PHP", "<?php #[A('/b')] # c", &["c <", "c ?", "c php", "c #", "c [A(", "\" '/b'", "c )]", "# # c"]);
    check(
        "PHP",
        "<p>it's</p>\n<?php a(); // b ?> don't <?= c ?>\n",
        &["\" <p>it's</p>⏎<?php", "c a();", "# // b", "\" ?> don't <?=", "c c", "\" ?>"],
    );
    check("PHP", "it's <?= $a ?>", &["\" it's <?=", "c $a", "\" ?>"]);
    check("PHP", "$a = 'b\n// c';", &["c $a =", "\" 'b⏎// c'", "c ;"]);
    check("PHP", "$a = <<<'B'\n'c\n  B; // d", &["c $a =", "\" <<<'B'", "\" 'c⏎  B", "c ;", "# // d"]);
}

#[test]
fn ruby_has_literals_with_many_marks() {
    check("Ruby", "%w[a 'b] + %q(c (d) e) # f", &["\" %w[a 'b]", "c +", "\" %q(c (d) e)", "# # f"]);
    check("Ruby", "a %r{/b#{c}}, d % 2", &["c a", "\" %r{/b#{c}}", "c , d", "c %", "c 2"]);
    check("Ruby", "\"a #{b[\"c\"]} d\" # e", &["\" \"a #{b[\"c\"]} d\"", "# # e"]);
    check("Ruby", "\"a\n#b\" 'c", &["\" \"a⏎#b\"", "\" 'c"]);
    check("Ruby", "a?('b') ? c : ?' # d", &["c a", "c ?", "c (", "\" 'b'", "c )", "c ?", "c c :", "\" ?'", "# # d"]);
    check("Ruby", "get /a'b/ do", &["c get", "\" /a'b/", "c do"]);
    check("Ruby", "a / b # '/", &["c a", "c /", "c b", "# # '/"]);
}

#[test]
fn elixir_has_sigils() {
    check("Elixir", "~r/a\"#{b}/u <> ~s(c) # d", &["\" ~r/a\"#{b}/u", "c <>", "\" ~s(c)", "# # d"]);
    check("Elixir", "~H\"\"\"\n<a b='c\n\"\"\"\nd", &["\" ~H\"\"\"⏎<a b='c⏎\"\"\"", "c d"]);
    check(
        "Elixir",
        "~w(a b)a; a?(b, ?\"); a ~> b",
        &["\" ~w(a b)a", "c ; a", "c ?", "c (b,", "\" ?\"", "c ); a", "c ~", "c > b"],
    );
}

/// Bytes that make the most of a careless lexer, many times over.
#[test]
fn hostile_text_is_read_in_every_language() {
    let seeds = [
        "/[", "/*", "*/", "(*", "{-", "\"", "'", "`${", "`", "<<A ", "<<<A\n", "$a$", "$$", "R\"x(", "r#\"", "#\"", "\"\"\"",
        "[[", "%w[", "%q(", "\"#{", "~r/", "~S\"\"\"", "?>", "<?", "[[", "--[==[", "--[[", "=begin\n", "\\", "{", "}", "/", " /",
        "\n#", "#|", "@\"", "'\\", "<!--", "é", "?\\é", "\n\"@",
    ];
    for language in Language::all() {
        for seed in seeds {
            pieces(language.name(), &seed.repeat(1_000 / seed.len()));
        }
    }
}

#[test]
fn a_mark_of_a_here_document_is_looked_for_where_it_stands() {
    // A time that grows with the square of the text would not end here.
    for language in ["Shell", "Ruby", "PHP"] {
        pieces(language, &"<".repeat(200_000));
    }
}
