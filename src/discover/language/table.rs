//! The table of languages: names, endings, and how comments and literals are written.
//!
//! The order of a row's literals does not matter: the longest opening mark wins.

use super::Literal::{
    Apostrophe, Character, CommandRegex, DollarQuoted, ExtendedHashes, HereDocument, Holed, LongBrackets, Marked, Markup, Name,
    Percent, Quoted, RawDelimited, RawHashes, RawQuotes, RawTriple, Regex, Sigil, Template,
};
use super::{BlockComment, Escape, HereMark, Hole, LanguageInfo, LineComment, Literal, Place};

const BACKSLASH: Escape = Escape::With(b'\\');

/// On one line, with backslashes.
const DOUBLE: Literal = line("\"", BACKSLASH);
const SINGLE: Literal = line("'", BACKSLASH);
/// Over many lines, with backslashes.
const LONG_DOUBLE: Literal = text("\"", "\"", BACKSLASH);
const LONG_SINGLE: Literal = text("'", "'", BACKSLASH);
/// Over many lines, or to the end of the line if nothing closes it.
const SPANNING_SINGLE: Literal = long_holed("'", Hole::None);
/// With code in it.
const HASH_DOUBLE: Literal = long_holed("\"", Hole::Hash);
const HASH_BACKTICK: Literal = long_holed("`", Hole::Hash);
const DOLLAR_DOUBLE: Literal = holed("\"", Hole::Dollar);
const FORMATTED_DOUBLE: Literal = holed("\"", Hole::Brace(b'f'));
const FORMATTED_SINGLE: Literal = holed("'", Hole::Brace(b'f'));
const TRIPLE_DOUBLE: Literal = text("\"\"\"", "\"\"\"", BACKSLASH);
const TRIPLE_SINGLE: Literal = text("'''", "'''", BACKSLASH);
/// Where a quote is escaped by writing it twice.
const TWICE_SINGLE: Literal = text("'", "'", Escape::Doubled);
const RAW_BACKTICK: Literal = text("`", "`", Escape::None);
const RAW_TRIPLE_DOUBLE: Literal = text("\"\"\"", "\"\"\"", Escape::None);
const RAW_TRIPLE_SINGLE: Literal = text("'''", "'''", Escape::None);

const fn line(quote: &'static str, escape: Escape) -> Literal {
    Quoted { open: quote, close: quote, escape, multi_line: false }
}

const fn holed(quote: &'static str, hole: Hole) -> Literal {
    Holed { open: quote, close: quote.as_bytes()[0], escape: BACKSLASH, multi_line: false, hole }
}

const fn long_holed(quote: &'static str, hole: Hole) -> Literal {
    Holed { open: quote, close: quote.as_bytes()[0], escape: BACKSLASH, multi_line: true, hole }
}

/// `@"…"` of C#, with code in it if a `$` is beside the `@`.
const fn verbatim(open: &'static str) -> Literal {
    Holed { open, close: b'"', escape: Escape::Doubled, multi_line: true, hole: Hole::Brace(b'$') }
}

const fn text(open: &'static str, close: &'static str, escape: Escape) -> Literal {
    Quoted { open, close, escape, multi_line: true }
}

const fn block(open: &'static str, close: &'static str) -> BlockComment {
    BlockComment { open, close, nested: false, at_line_start: false }
}

const fn nested(open: &'static str, close: &'static str) -> BlockComment {
    BlockComment { open, close, nested: true, at_line_start: false }
}

const fn lines(open: &'static str, close: &'static str) -> BlockComment {
    BlockComment { open, close, nested: false, at_line_start: true }
}

const fn anywhere(mark: &'static str) -> LineComment {
    LineComment { mark, at: Place::Anywhere }
}

const fn word_start(mark: &'static str) -> LineComment {
    LineComment { mark, at: Place::WordStart }
}

const fn line_start(mark: &'static str) -> LineComment {
    LineComment { mark, at: Place::LineStart }
}

const NO: &[&str] = &[];

const NONE: &[LineComment] = &[];
const SLASHES: &[LineComment] = &[anywhere("//")];
const SLASHES_OR_HASH: &[LineComment] = &[anywhere("//"), anywhere("#")];
const PHP_COMMENTS: &[LineComment] = &[anywhere("//"), LineComment { mark: "#", at: Place::NotBeforeBracket }];
const HASH: &[LineComment] = &[anywhere("#")];
const HASH_WORD: &[LineComment] = &[word_start("#")];
const HASH_LINE: &[LineComment] = &[line_start("#")];
const DASHES: &[LineComment] = &[anywhere("--")];
const SEMICOLON: &[LineComment] = &[anywhere(";")];
const PERCENT: &[LineComment] = &[anywhere("%")];

const PLAIN: &[BlockComment] = &[];
const STARS: &[BlockComment] = &[block("/*", "*/")];
const NESTED_STARS: &[BlockComment] = &[nested("/*", "*/")];
const MARKUP: &[BlockComment] = &[block("<!--", "-->")];
const COMPONENT: &[BlockComment] = &[block("<!--", "-->"), block("/*", "*/")];
const NESTED_BRACES: &[BlockComment] = &[nested("{-", "-}")];
const NESTED_PARENTHESES: &[BlockComment] = &[nested("(*", "*)")];

const C_LIKE: &[Literal] = &[DOUBLE, Character];
const SCRIPT: &[Literal] = &[DOUBLE, Apostrophe, Template, Regex];
const QUOTES: &[Literal] = &[DOUBLE, SINGLE];
const SHELL: &[Literal] = &[LONG_DOUBLE, text("'", "'", Escape::None), Marked("\\"), HereDocument(HereMark::Redirection)];

const CODE: bool = true;
const OTHER: bool = false;

type Words = &'static [&'static str];

const fn row(
    name: &'static str,
    extensions: Words,
    file_names: Words,
    code: bool,
    line_comments: &'static [LineComment],
    block_comments: &'static [BlockComment],
    literals: &'static [Literal],
) -> LanguageInfo {
    LanguageInfo { name, extensions, file_names, code, line_comments, block_comments, literals }
}

#[rustfmt::skip]
pub const LANGUAGES: &[LanguageInfo] = &[
    // Program code.
    row("Java", &["java"], NO, CODE, SLASHES, STARS, &[TRIPLE_DOUBLE, DOUBLE, Character]),
    row("Kotlin", &["kt", "kts"], NO, CODE, SLASHES, NESTED_STARS, &[RawTriple, DOLLAR_DOUBLE, Character, Name]),
    row("Scala", &["scala", "sc"], NO, CODE, SLASHES, NESTED_STARS, &[RawTriple, DOLLAR_DOUBLE, Character, Name]),
    row("Groovy", &["groovy", "gvy", "gradle"], &["jenkinsfile"], CODE, SLASHES, STARS, &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOLLAR_DOUBLE, SINGLE]),
    row("TypeScript", &["ts", "mts", "cts"], NO, CODE, SLASHES, STARS, SCRIPT),
    row("TSX", &["tsx"], NO, CODE, SLASHES, STARS, SCRIPT),
    row("JavaScript", &["js", "mjs", "cjs"], NO, CODE, SLASHES, STARS, SCRIPT),
    row("JSX", &["jsx"], NO, CODE, SLASHES, STARS, SCRIPT),
    row("CoffeeScript", &["coffee"], NO, CODE, HASH, &[block("###", "###")], &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE]),
    row("Vue", &["vue"], NO, CODE, SLASHES, COMPONENT, SCRIPT),
    row("Svelte", &["svelte"], NO, CODE, SLASHES, COMPONENT, SCRIPT),
    row("Astro", &["astro"], NO, CODE, SLASHES, COMPONENT, SCRIPT),
    row("Python", &["py", "pyw", "pyi"], NO, CODE, HASH, PLAIN, &[TRIPLE_DOUBLE, TRIPLE_SINGLE, FORMATTED_DOUBLE, FORMATTED_SINGLE]),
    row("Go", &["go"], NO, CODE, SLASHES, STARS, &[DOUBLE, RAW_BACKTICK, Character]),
    row("C#", &["cs", "csx"], NO, CODE, SLASHES, STARS, &[verbatim("@\""), verbatim("@$\""), RawQuotes, holed("\"", Hole::Brace(b'$')), Character]),
    row("F#", &["fs", "fsi", "fsx"], NO, CODE, SLASHES, NESTED_PARENTHESES, &[RAW_TRIPLE_DOUBLE, text("@\"", "\"", Escape::Doubled), LONG_DOUBLE, Character]),
    row("Visual Basic", &["vb"], NO, CODE, &[anywhere("'")], PLAIN, &[line("\"", Escape::Doubled)]),
    row("Razor", &["cshtml", "razor"], NO, CODE, SLASHES, &[block("@*", "*@"), block("<!--", "-->"), block("/*", "*/")], &[DOUBLE]),
    row("PHP", &["php"], NO, CODE, PHP_COMMENTS, STARS, &[long_holed("\"", Hole::BraceDollar), LONG_SINGLE, long_holed("`", Hole::BraceDollar), HereDocument(HereMark::ThreeAngles), Markup]),
    row("Ruby", &["rb", "rake", "gemspec"], &["gemfile", "rakefile", "config.ru"], CODE, HASH, &[lines("=begin", "=end"), lines("__END__", "")], &[HASH_DOUBLE, SPANNING_SINGLE, HASH_BACKTICK, CommandRegex, Percent, Marked("?"), HereDocument(HereMark::TwoAngles)]),
    row("Rust", &["rs"], NO, CODE, SLASHES, NESTED_STARS, &[LONG_DOUBLE, RawHashes, Character]),
    row("Elixir", &["ex", "exs"], NO, CODE, HASH, PLAIN, &[long_holed("\"\"\"", Hole::Hash), long_holed("'''", Hole::Hash), HASH_DOUBLE, SINGLE, Sigil, Marked("?")]),
    row("Erlang", &["erl", "hrl"], NO, CODE, PERCENT, PLAIN, &[LONG_DOUBLE, LONG_SINGLE, Marked("$")]),
    row("Gleam", &["gleam"], NO, CODE, SLASHES, PLAIN, &[LONG_DOUBLE]),
    row("C", &["c"], NO, CODE, SLASHES, STARS, C_LIKE),
    row("C Header", &["h"], NO, CODE, SLASHES, STARS, C_LIKE),
    row("C++", &["cc", "cpp", "cxx", "c++"], NO, CODE, SLASHES, STARS, &[RawDelimited, DOUBLE, Character]),
    row("C++ Header", &["hh", "hpp", "hxx", "inl", "ipp"], NO, CODE, SLASHES, STARS, &[RawDelimited, DOUBLE, Character]),
    row("CUDA", &["cu", "cuh"], NO, CODE, SLASHES, STARS, C_LIKE),
    row("Objective-C", &["m", "mm"], NO, CODE, SLASHES, STARS, C_LIKE),
    row("Swift", &["swift"], NO, CODE, SLASHES, NESTED_STARS, &[TRIPLE_DOUBLE, holed("\"", Hole::Parenthesis), ExtendedHashes, Name]),
    row("Dart", &["dart"], NO, CODE, SLASHES, NESTED_STARS, &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOLLAR_DOUBLE, holed("'", Hole::Dollar)]),
    row("D", &["d"], NO, CODE, SLASHES, &[block("/*", "*/"), nested("/+", "+/")], &[LONG_DOUBLE, RAW_BACKTICK, Character]),
    row("Zig", &["zig"], NO, CODE, SLASHES, PLAIN, &[DOUBLE, Character]),
    row("Nim", &["nim"], NO, CODE, HASH, &[nested("#[", "]#")], &[RAW_TRIPLE_DOUBLE, DOUBLE, Character]),
    row("Crystal", &["cr"], NO, CODE, HASH, PLAIN, &[LONG_DOUBLE, Character, Regex]),
    row("Haskell", &["hs"], NO, CODE, DASHES, NESTED_BRACES, &[DOUBLE, Character]),
    row("Elm", &["elm"], NO, CODE, DASHES, NESTED_BRACES, &[TRIPLE_DOUBLE, DOUBLE, Character]),
    row("PureScript", &["purs"], NO, CODE, DASHES, NESTED_BRACES, &[TRIPLE_DOUBLE, DOUBLE, Character]),
    row("OCaml", &["ml", "mli"], NO, CODE, NONE, NESTED_PARENTHESES, &[LONG_DOUBLE, Character]),
    row("ReScript", &["res", "resi"], NO, CODE, SLASHES, STARS, &[LONG_DOUBLE, Template]),
    row("Clojure", &["clj", "cljs", "cljc"], NO, CODE, SEMICOLON, PLAIN, &[LONG_DOUBLE, Marked("\\")]),
    row("Common Lisp", &["lisp", "cl", "lsp"], NO, CODE, SEMICOLON, &[nested("#|", "|#")], &[LONG_DOUBLE, Marked("#\\")]),
    row("Scheme", &["scm", "rkt"], NO, CODE, SEMICOLON, &[nested("#|", "|#")], &[LONG_DOUBLE, Marked("#\\")]),
    row("Emacs Lisp", &["el"], NO, CODE, SEMICOLON, PLAIN, &[LONG_DOUBLE, Marked("?")]),
    row("Lua", &["lua", "luau"], NO, CODE, DASHES, PLAIN, &[DOUBLE, SINGLE, LongBrackets]),
    row("Perl", &["pl", "pm"], NO, CODE, HASH_WORD, &[lines("=pod", "=cut"), lines("=head", "=cut"), lines("=over", "=cut"), lines("=begin", "=cut")], &[DOUBLE, SINGLE, Marked("$"), HereDocument(HereMark::TwoAngles)]),
    row("Raku", &["raku", "rakumod"], NO, CODE, HASH, &[lines("=begin", "=end")], &[LONG_DOUBLE, LONG_SINGLE]),
    row("R", &["r"], NO, CODE, HASH, PLAIN, &[LONG_DOUBLE, LONG_SINGLE, RAW_BACKTICK]),
    row("Julia", &["jl"], NO, CODE, HASH, &[nested("#=", "=#")], &[TRIPLE_DOUBLE, LONG_DOUBLE, Character]),
    row("Fortran", &["f90", "f95", "f03", "f08"], NO, CODE, &[anywhere("!")], PLAIN, &[line("\"", Escape::Doubled), line("'", Escape::Doubled)]),
    row("Ada", &["adb", "ads"], NO, CODE, DASHES, PLAIN, &[line("\"", Escape::Doubled), Character]),
    row("Pascal", &["pas", "dpr"], NO, CODE, SLASHES, &[block("{", "}"), block("(*", "*)")], &[line("'", Escape::Doubled)]),
    row("COBOL", &["cob", "cbl", "cpy"], NO, CODE, &[anywhere("*>"), line_start("*")], PLAIN, &[line("\"", Escape::Doubled), line("'", Escape::Doubled)]),
    row("Assembly", &["asm"], NO, CODE, SEMICOLON, PLAIN, QUOTES),
    row("Solidity", &["sol"], NO, CODE, SLASHES, STARS, QUOTES),
    row("Move", &["move"], NO, CODE, SLASHES, NESTED_STARS, &[DOUBLE]),
    row("Haxe", &["hx"], NO, CODE, SLASHES, STARS, &[LONG_DOUBLE, LONG_SINGLE]),
    row("Vala", &["vala"], NO, CODE, SLASHES, STARS, &[RAW_TRIPLE_DOUBLE, DOUBLE, Character]),
    row("Ballerina", &["bal"], NO, CODE, SLASHES_OR_HASH, PLAIN, &[DOUBLE, Template]),
    row("Apex", &["apex"], NO, CODE, SLASHES, STARS, &[SINGLE]),
    row("ABAP", &["abap"], NO, CODE, &[anywhere("\""), line_start("*")], PLAIN, &[line("'", Escape::Doubled), RAW_BACKTICK]),
    row("Tcl", &["tcl"], NO, CODE, HASH_WORD, PLAIN, &[DOUBLE, Marked("\\")]),
    row("Shell", &["sh", "bash", "zsh", "ksh"], NO, CODE, HASH_WORD, PLAIN, SHELL),
    row("Fish", &["fish"], NO, CODE, HASH_WORD, PLAIN, &[LONG_DOUBLE, LONG_SINGLE, Marked("\\")]),
    row("PowerShell", &["ps1", "psm1", "psd1"], NO, CODE, HASH_WORD, &[block("<#", "#>")], &[text("@\"", "\n\"@", Escape::None), text("@'", "\n'@", Escape::None), text("\"", "\"", Escape::With(b'`')), TWICE_SINGLE]),
    row("Batch", &["bat", "cmd"], NO, CODE, &[line_start("::"), line_start("REM "), line_start("rem "), line_start("Rem "), line_start("@REM "), line_start("@rem ")], PLAIN, &[]),

    // Descriptions, data, markup, and files that build or deploy.
    row("SQL", &["sql"], NO, OTHER, DASHES, STARS, &[TWICE_SINGLE, line("\"", Escape::Doubled), DollarQuoted]),
    row("HCL", &["tf", "hcl", "tfvars"], NO, OTHER, SLASHES_OR_HASH, STARS, &[DOUBLE, HereDocument(HereMark::TwoAngles)]),
    row("Bicep", &["bicep"], NO, OTHER, SLASHES, STARS, &[RAW_TRIPLE_SINGLE, SINGLE]),
    row("Protocol Buffers", &["proto"], NO, OTHER, SLASHES, STARS, QUOTES),
    row("GraphQL", &["graphql", "gql", "graphqls"], NO, OTHER, HASH, PLAIN, &[TRIPLE_DOUBLE, DOUBLE]),
    row("Thrift", &["thrift"], NO, OTHER, SLASHES_OR_HASH, STARS, QUOTES),
    row("Avro IDL", &["avdl"], NO, OTHER, SLASHES, STARS, &[DOUBLE]),
    row("Smithy", &["smithy"], NO, OTHER, SLASHES, PLAIN, &[TRIPLE_DOUBLE, DOUBLE]),
    row("HTML", &["html", "htm", "xhtml"], NO, OTHER, NONE, MARKUP, &[]),
    row("CSS", &["css"], NO, OTHER, NONE, STARS, QUOTES),
    row("SCSS", &["scss"], NO, OTHER, SLASHES, STARS, QUOTES),
    row("Sass", &["sass"], NO, OTHER, SLASHES, STARS, QUOTES),
    row("Less", &["less"], NO, OTHER, SLASHES, STARS, QUOTES),
    row("XML", &["xml", "xsd", "wsdl", "xsl", "xslt", "config"], NO, OTHER, NONE, MARKUP, &[]),
    row("MSBuild", &["csproj", "fsproj", "vbproj", "props", "targets"], NO, OTHER, NONE, MARKUP, &[]),
    row("YAML", &["yaml", "yml"], NO, OTHER, HASH_WORD, PLAIN, &[]),
    row("JSON", &["json", "jsonc", "json5", "avsc"], NO, OTHER, NONE, PLAIN, &[]),
    row("TOML", &["toml"], NO, OTHER, HASH, PLAIN, &[TRIPLE_DOUBLE, RAW_TRIPLE_SINGLE, DOUBLE, line("'", Escape::None)]),
    row("Properties", &["properties"], NO, OTHER, &[line_start("#"), line_start("!")], PLAIN, &[]),
    row("INI", &["ini", "cfg", "conf"], NO, OTHER, &[line_start("#"), line_start(";")], PLAIN, &[]),
    row("Environment", &["env"], NO, OTHER, HASH_LINE, PLAIN, QUOTES),
    row("Markdown", &["md", "markdown", "mdx"], NO, OTHER, NONE, MARKUP, &[]),
    row("reStructuredText", &["rst"], NO, OTHER, NONE, PLAIN, &[]),
    row("AsciiDoc", &["adoc", "asciidoc"], NO, OTHER, SLASHES, PLAIN, &[]),
    row("Gherkin", &["feature"], NO, OTHER, HASH_LINE, PLAIN, &[]),
    row("Dockerfile", &["dockerfile"], &["dockerfile", "containerfile"], OTHER, HASH_LINE, PLAIN, &[]),
    row("Makefile", &["mk", "mak"], &["makefile", "gnumakefile"], OTHER, HASH, PLAIN, &[Marked("\\")]),
    row("CMake", &["cmake"], &["cmakelists.txt"], OTHER, HASH, &[block("#[[", "]]")], &[LONG_DOUBLE]),
    row("Starlark", &["bzl", "bazel", "star"], &["build", "workspace", "tiltfile"], OTHER, HASH, PLAIN, &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE]),
    row("Nix", &["nix"], NO, OTHER, HASH_WORD, STARS, &[LONG_DOUBLE, text("''", "''", Escape::None)]),
    row("Jsonnet", &["jsonnet", "libsonnet"], NO, OTHER, SLASHES_OR_HASH, STARS, &[LONG_DOUBLE, LONG_SINGLE]),
    row("CUE", &["cue"], NO, OTHER, SLASHES, PLAIN, &[TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE]),
    row("Rego", &["rego"], NO, OTHER, HASH, PLAIN, &[DOUBLE, RAW_BACKTICK]),
    row("Just", &["just"], &["justfile"], OTHER, HASH, PLAIN, QUOTES),
];
