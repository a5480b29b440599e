//! Dockerfiles: what an image is made from, and what it runs.
//!
//! The base is the image under the last stage, command and health check are the last stage's own or those of the stage under it. Copies
//! and builds are those of all stages, since another file may ask for any of them. Variables with a default in the file are filled in.
//! The environment is that of the last stage, and what bundlers put into the code of a page while an earlier one builds it.

mod lines;

use rustc_hash::FxHashMap;

use super::shell::{self, Hint};
use super::{is_production, variables, written};
use crate::discover::Kind;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Fact, Image, Text, Variable};
use crate::source::{Location, last_part};
use lines::Instruction;

pub const EXTRACTOR: Extractor = Extractor { name: "dockerfile", wants, applies: |input| wants(input.kind, input.path), extract };

/// How many texts of one kind are kept.
const MOST: usize = 100;

/// `Dockerfile`, `Dockerfile.prod`, `orders.Dockerfile`, `Containerfile`.
fn wants(kind: Kind, path: &str) -> bool {
    let name = last_part(path);
    let lower = name.to_ascii_lowercase();
    let begins = ["dockerfile", "containerfile"]
        .iter()
        .any(|word| lower.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_'])));
    let ends = lower.ends_with(".dockerfile") || lower.ends_with(".containerfile") || lower.ends_with("-dockerfile");
    // Lists of what is ignored, templates, and notes about one.
    let others = [
        "dockerignore",
        "tmpl",
        "tpl",
        "template",
        "j2",
        "erb",
        "md",
        "txt",
        "yml",
        "yaml",
        "json",
        "sh",
        "in",
        "tt",
        "eex",
        "ejs",
        "hbs",
        "mustache",
        "jinja",
        "jinja2",
        "gotmpl",
    ];
    let is_other = lower.rsplit_once('.').is_some_and(|(_, ending)| others.contains(&ending));
    is_production(kind) && (begins || ends) && !is_other && !path.split('/').any(|folder| folder == ".devcontainer")
}

/// What is known of a stage; one that goes on from another begins with what that one has.
#[derive(Default, Clone)]
struct Stage {
    name: String,
    base: Option<Text>,
    at: Location,
    entrypoint: Option<Text>,
    command: Option<Text>,
    probed: bool,
    environment: Vec<Variable>,
}

/// How names of variables begin that bundlers put into the code of a page.
const BUNDLED: [&str; 8] = ["REACT_APP_", "VITE_", "NEXT_PUBLIC_", "NUXT_", "VUE_APP_", "NG_APP_", "GATSBY_", "PUBLIC_"];

fn extract(input: &Input, output: &mut Output) {
    let instructions = lines::instructions(input.text);
    let mut stages: Vec<Stage> = Vec::new();
    let mut image = Image::default();
    let mut variables: FxHashMap<&str, &str> = FxHashMap::default();
    let mut bundled: Vec<Variable> = Vec::new();
    for instruction in &instructions {
        match instruction.name.as_str() {
            "ARG" | "ENV" => {
                let own = environment(input, instruction, &variables);
                define(instruction, &mut variables);
                let of_pages = own.iter().filter(|variable| BUNDLED.iter().any(|prefix| variable.name.starts_with(prefix)));
                variables::replace(&mut bundled, of_pages.cloned().collect());
                if let Some(stage) = stages.last_mut() {
                    variables::replace(&mut stage.environment, own);
                }
            }
            "FROM" => stages.extend(stage(input, instruction, &stages, &variables)),
            _ if stages.is_empty() => {}
            "COPY" | "ADD" => copies(input, instruction, &variables, &mut image),
            "RUN" => builds(input, instruction, &variables, &mut image),
            "EXPOSE" => {
                for word in instruction.words() {
                    written::add_port(&mut image.ports, written::port(&filled(word, &variables)));
                }
            }
            "ENTRYPOINT" | "CMD" | "HEALTHCHECK" => {
                let Some(stage) = stages.last_mut() else { continue };
                match instruction.name.as_str() {
                    "HEALTHCHECK" => stage.probed = instruction.flags_and_words().1.first().is_some_and(|word| *word != "NONE"),
                    "CMD" => stage.command = command(input, instruction),
                    _ => {
                        stage.entrypoint = command(input, instruction);
                        // What the stage above would give to its own entry point is for that one.
                        stage.command = None;
                    }
                }
            }
            _ => {}
        }
    }
    let Some(last) = stages.last() else { return };
    image.at = last.at;
    image.base = last.base.clone();
    image.command = written::joined(last.entrypoint.clone(), last.command.clone());
    image.probed = last.probed;
    image.environment = last.environment.clone();
    variables::add(&mut image.environment, bundled);
    output.facts.push(Fact::Image(image));
}

/// `FROM [--platform=…] image [AS name]`.
fn stage(input: &Input, instruction: &Instruction, stages: &[Stage], variables: &FxHashMap<&str, &str>) -> Option<Stage> {
    let (_, words) = instruction.flags_and_words();
    let (&of, rest) = words.split_first()?;
    let name = match rest {
        [as_, name, ..] if as_.eq_ignore_ascii_case("as") => name.to_ascii_lowercase(),
        _ => String::new(),
    };
    let image = filled(of, variables);
    let above = stages.iter().rposition(|stage| !stage.name.is_empty() && stage.name == image.to_ascii_lowercase());
    let at = input.place_of(instruction.first);
    Some(match above {
        Some(index) => Stage { name, at, ..stages[index].clone() },
        None => Stage { name, at, base: written::spanned(&image, input.place_of(of)), ..Stage::default() },
    })
}

/// `ARG NAME=value`, `ENV NAME=value NAME=value`, `ENV NAME value`.
fn define<'t>(instruction: &Instruction<'t>, variables: &mut FxHashMap<&'t str, &'t str>) {
    let words = instruction.words();
    let pairs = words.iter().filter_map(|word| word.split_once('='));
    for (name, value) in pairs.take(MOST) {
        let value = shell::unquoted(value);
        if variables.len() < 500 && !value.is_empty() && value.len() < 200 && !value.contains('$') {
            variables.insert(name, value);
        }
    }
}

/// The variables that an instruction gives a value.
fn environment(input: &Input, instruction: &Instruction, known: &FxHashMap<&str, &str>) -> Vec<Variable> {
    let words = instruction.words();
    let variable = |name: &str, value: &str, at: &str| {
        let value = filled(shell::unquoted(value), known);
        variables::variable(name, Some(&value), input.place_of(at))
    };
    match words.split_first() {
        Some((name, [value, ..])) if instruction.name == "ENV" && !name.contains('=') => {
            variable(name, &words[1..].join(" "), value).into_iter().collect()
        }
        _ => {
            let pairs = words.iter().filter_map(|word| word.split_once('='));
            pairs
                .take(MOST)
                .filter_map(|(name, value)| variable(name, value, if value.is_empty() { name } else { value }))
                .collect()
        }
    }
}

/// A word with the variables that the file gives a value.
fn filled(word: &str, variables: &FxHashMap<&str, &str>) -> String {
    let word = written::interpolated(word);
    if !word.contains('$') {
        return word.into_owned();
    }
    let mut read = String::new();
    let mut rest: &str = &word;
    while let Some(at) = rest.find('$') {
        read.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (braced, name_at) = after.strip_prefix('{').map_or((false, after), |inner| (true, inner));
        let length = name_at.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let closed = !braced || name_at[length..].starts_with('}');
        match variables.get(&name_at[..length]).filter(|_| closed && length > 0) {
            Some(value) => {
                read.push_str(value);
                rest = &name_at[length + usize::from(braced)..];
            }
            None => {
                read.push('$');
                rest = after;
            }
        }
    }
    read.push_str(rest);
    read
}

fn copies(input: &Input, instruction: &Instruction, variables: &FxHashMap<&str, &str>, image: &mut Image) {
    let (flags, words) = instruction.flags_and_words();
    if flags.iter().any(|flag| flag.starts_with("--from")) {
        return;
    }
    let sources = words.split_last().map_or(&[] as &[&str], |(_, sources)| sources);
    for &source in sources {
        let is_elsewhere = source.contains("://") || source.starts_with("git@") || source.starts_with("<<");
        if !is_elsewhere {
            add(&mut image.copies, written::spanned(&filled(source, variables), input.place_of(source)));
        }
    }
}

/// Adds a text once.
fn add(texts: &mut Vec<Text>, text: Option<Text>) {
    if let Some(text) = text.filter(|text| texts.len() < MOST && !texts.iter().any(|known| known.value == text.value)) {
        texts.push(text);
    }
}

fn builds(input: &Input, instruction: &Instruction, variables: &FxHashMap<&str, &str>, image: &mut Image) {
    let (_, words) = instruction.flags_and_words();
    let is_list = instruction.lines.first().is_some_and(|line| line.trim_start().starts_with('['));
    let scripts: Vec<shell::Command> = match (instruction.documents.is_empty(), is_list) {
        (true, true) => vec![words],
        (true, false) => joined_commands(&instruction.lines),
        (false, _) => instruction.documents.iter().flat_map(|document| shell::commands(document)).collect(),
    };
    for hint in scripts.iter().flat_map(|command| shell::hint(command)) {
        let (Hint::Folder(what) | Hint::File(what) | Hint::Project(what)) = hint else { continue };
        add(
            &mut image.builds,
            written::spanned(&filled(what, variables), input.place_of(what)).filter(|what| !what.value.starts_with('$')),
        );
    }
}

/// The commands of lines that are one script: a command goes on in the next line unless an operator stands between them.
fn joined_commands<'t>(lines: &[&'t str]) -> Vec<shell::Command<'t>> {
    let is_operator = ['&', '|', ';'];
    let mut commands: Vec<shell::Command> = vec![Vec::new()];
    for line in lines {
        let goes_on = !line.trim_start().starts_with(is_operator);
        let mut of_line = shell::commands(strip_flags(line)).into_iter();
        if goes_on && let (Some(last), Some(first)) = (commands.last_mut(), of_line.next()) {
            last.extend(first);
        }
        commands.extend(of_line);
        if line.trim_end().ends_with(is_operator) {
            commands.push(Vec::new());
        }
    }
    commands
}

fn strip_flags(line: &str) -> &str {
    let mut rest = line.trim_start();
    while ["--mount", "--network", "--security"].iter().any(|flag| rest.starts_with(flag)) {
        rest = rest.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
    }
    rest
}

fn command(input: &Input, instruction: &Instruction) -> Option<Text> {
    let (_, words) = instruction.flags_and_words();
    let first = words.first()?;
    written::command_text(&words.join(" "), input.place_of(first))
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn an_image_is_read_from_its_last_stage() {
        check(
            "src/orders/Dockerfile",
            "# syntax=docker/dockerfile:1
ARG VERSION=1.22
FROM --platform=$BUILDPLATFORM golang:${VERSION} AS build
WORKDIR /src
COPY go.mod go.sum ./
COPY --chown=a:b . .
ADD https://example.com/x.tar [\"/x\"]
RUN --mount=type=cache,target=/root \\
    CGO_ENABLED=0 go build \\
      # the service alone
      -o /out ./cmd/orders && echo done
FROM scratch
COPY --from=build /out /orders
EXPOSE 8080/tcp 9090
HEALTHCHECK --interval=5s CMD wget localhost
ENTRYPOINT [\"/orders\"]
CMD [\"--port\", \"8080\"]
",
            "image at=12:1 base=scratch@12:6 copies=[go.mod@5:6, go.sum@5:13, .@6:18] command=/orders --port 8080@16:14 \
             builds=[./cmd/orders@11:15] ports=[8080, 9090] probed=true",
        );
    }

    #[test]
    fn a_stage_goes_on_from_another_one() {
        check(
            "Dockerfile.prod",
            "FROM node:20-${VARIANT:-slim} AS base\nENTRYPOINT [\"node\"]\nFROM base as final\nARG APP=orders\nCOPY apps/$APP/ ${OTHER}/x ./\nCMD node \"$APP/index.js\"\n",
            "image at=3:1 base=node:20-slim@1:6 copies=[apps/orders/@5:6, ${OTHER}/x@5:17] command=node node \
             $APP/index.js@2:14 probed=false environment=[name=APP at=4:9 value=text=orders]",
        );
    }

    #[test]
    fn commands_tell_what_is_built() {
        check(
            "Dockerfile",
            "FROM sdk\nCOPY [\"src/A B.csproj\", \"/a/\"]\nRUN dotnet restore && dotnet publish src/A/A.csproj -c Release\n\
             RUN [\"mvn\", \"-pl\", \"orders\", \"package\"]\nRUN <<EOF\ncargo build --bin x\nEOF\nRUN go build -o /a \\\n   && yarn workspace web build\n",
            "image at=1:1 base=sdk@1:6 copies=[src/A B.csproj@2:8] \
             builds=[src/A/A.csproj@3:38, orders@4:21, x@6:19, web@9:22] probed=false",
        );
    }

    #[test]
    fn the_environment_is_that_of_the_last_stage() {
        check(
            "Dockerfile",
            "ARG HOST=orders
FROM node AS build
ARG VITE_API_URL=http://api:80
ENV BUILD=1
FROM node AS run
ARG PORT=8080
ENV ORDERS_URL=\"http://${HOST}:${PORT}\" EMPTY= DB_PASSWORD=x
ENV GREETING hello world
ENV PORT=9090
",
            "image at=5:1 base=node@5:6 probed=false environment=[name=PORT at=9:10 value=text=9090, name=ORDERS_URL at=7:16 \
             value=text=http://orders:8080, name=EMPTY at=7:41 value=text=, name=DB_PASSWORD at=7:60 value=unknown, \
             name=GREETING at=8:14 value=text=hello world, name=VITE_API_URL at=3:18 value=text=http://api:80]",
        );
    }

    #[test]
    fn names_tell_what_is_a_dockerfile() {
        let read = |path: &str| !read(path, "FROM a\n").is_empty();
        for path in ["Dockerfile", "a/Dockerfile.prod", "orders.Dockerfile", "orders.dockerfile", "Containerfile", "dockerfile"] {
            assert!(read(path), "{path}");
        }
        for path in ["Dockerfile.dockerignore", "Dockerfile.tmpl", "dockerfiles", "Dockerfile.md", ".devcontainer/Dockerfile"] {
            assert!(!read(path), "{path}");
        }
        assert_eq!(super::super::super::manifest::snapshot::read("Dockerfile", "RUN x\nEXPOSE 1\n"), "");
    }
}
