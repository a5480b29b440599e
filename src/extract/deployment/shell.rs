//! Commands of a shell, as far as they tell which folder, project or package is built.
//!
//! A script comes in, its commands come out as words; [`hint`] says what one of them builds. No shell is imitated: what is a variable stays
//! as it is written, and what stands in a loop is read once.

/// One command; empty where a group of commands ends, after which the folder is again what it was.
pub type Command<'t> = Vec<&'t str>;

/// How many commands of one script, and words of one command, are read.
const MOST: usize = 1000;

/// The commands of a script, between line ends, `&&`, `||`, `;` and `|`.
pub fn commands(script: &str) -> Vec<Command<'_>> {
    let bytes = script.as_bytes();
    let mut commands: Vec<Command> = Vec::new();
    let mut command: Command = Vec::new();
    let mut at = 0;
    while at < bytes.len() && commands.len() < MOST {
        match bytes[at] {
            // A line goes on behind `\` (and behind PowerShell's backtick).
            b'\\' | b'`' if matches!(bytes.get(at + 1), Some(b'\n')) => at += 2,
            b'\\' if bytes[at + 1..].starts_with(b"\r\n") => at += 3,
            b' ' | b'\t' | b'\r' => at += 1,
            b'#' => at += memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at),
            byte @ (b'\n' | b';' | b'|' | b'&' | b'(' | b')') => {
                if !command.is_empty() {
                    commands.push(std::mem::take(&mut command));
                }
                if byte == b')' {
                    commands.push(Vec::new());
                }
                at += 1;
            }
            _ => {
                let end = word_end(bytes, at);
                let word = &script[at..end];
                if command.len() < MOST {
                    command.push(unquoted(word));
                }
                at = end;
            }
        }
    }
    if !command.is_empty() {
        commands.push(command);
    }
    commands
}

/// Where the word that begins here ends; quotes and expressions (`${{ … }}`, `$( … )`) are of one piece.
fn word_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut quote = None;
    let mut braces = 0u32;
    while at < bytes.len() {
        let byte = bytes[at];
        match quote {
            Some(mark) if byte == mark => quote = None,
            Some(b'"') if byte == b'\\' => at += 1,
            Some(_) => {}
            None => match byte {
                b'"' | b'\'' => quote = Some(byte),
                b'{' | b'(' if braces > 0 || at > start && bytes[at - 1] == b'$' => braces += 1,
                b'}' | b')' if braces > 0 => braces -= 1,
                b'\n' => break,
                b' ' | b'\t' | b'\r' | b';' | b'|' | b'&' | b'(' | b')' if braces == 0 => break,
                b'\\' => at += 1,
                _ => {}
            },
        }
        at += 1;
    }
    let mut end = at.min(bytes.len()).max(start + 1);
    // An escape may have led into the middle of a character.
    while end < bytes.len() && (bytes[end] & 0xC0) == 0x80 {
        end += 1;
    }
    end
}

/// A word without the quotes around it.
pub fn unquoted(word: &str) -> &str {
    for mark in ['"', '\''] {
        if let Some(inner) = word.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark))
            && !inner.contains(mark)
        {
            return inner;
        }
    }
    word
}

/// What a command says about what is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint<'t> {
    /// The folder in which the commands after it work.
    Enter(&'t str),
    /// A folder, or a package by its path.
    Folder(&'t str),
    /// A file that lies in what is built: a project, a Dockerfile.
    File(&'t str),
    /// A project or package by its name in the build.
    Project(&'t str),
}

/// What one command builds.
pub fn hint<'t>(command: &[&'t str]) -> Vec<Hint<'t>> {
    let is_prefix = |word: &str| {
        let name = word.split('=').next().filter(|name| name.len() < word.len()).unwrap_or_default();
        let is_assignment = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        is_assignment
            || matches!(
                word,
                "sudo" | "time" | "exec" | "env" | "then" | "do" | "call" | "xvfb-run" | "set" | "-e" | "npx" | "bunx"
            )
    };
    let start = command.iter().take_while(|word| is_prefix(word)).count();
    let Some((program, arguments)) = command[start..].split_first() else { return Vec::new() };
    let program = program.rsplit(['/', '\\']).next().unwrap_or(program);
    let words = Arguments(arguments);
    match program {
        "cd" | "pushd" => arguments.first().map(|folder| Hint::Enter(folder)).into_iter().collect(),
        "go" => match arguments.first() {
            Some(&("build" | "install" | "run")) => words
                .plain(1, &["-o", "-ldflags", "-tags", "-gcflags", "-asmflags", "-p", "-mod", "-C", "-installsuffix"])
                .map(Hint::Folder)
                .collect(),
            _ => Vec::new(),
        },
        "dotnet" => match arguments.first() {
            Some(&("publish" | "build")) => {
                let takes = [
                    "-c",
                    "--configuration",
                    "-o",
                    "--output",
                    "-r",
                    "--runtime",
                    "-f",
                    "--framework",
                    "-v",
                    "--verbosity",
                    "-a",
                    "--arch",
                    "--os",
                    "-s",
                    "--source",
                    "--version-suffix",
                    "--self-contained",
                ];
                words.plain(1, &takes).take(1).map(file_or_folder).collect()
            }
            _ => Vec::new(),
        },
        "mvn" | "mvnw" | "mvnw.cmd" | "mvnd" => {
            let modules = words.values(&["-pl", "--projects"]).flat_map(|modules| modules.split(','));
            let modules = modules.filter(|module| !module.starts_with('!')).map(Hint::Project);
            modules.chain(words.values(&["-f", "--file"]).map(file_or_folder)).collect()
        }
        "gradle" | "gradlew" | "gradlew.bat" => {
            let tasks = words.plain(0, &["-p", "--project-dir", "-x", "-b", "-c", "-I"]);
            let projects = tasks.filter_map(|task| task.rsplit_once(':')).map(|(project, _)| project);
            let projects = projects.filter(|project| !project.is_empty()).map(Hint::Project);
            projects.chain(words.values(&["-p", "--project-dir"]).map(Hint::Folder)).collect()
        }
        "npm" | "yarn" | "pnpm" | "bun" | "turbo" | "lerna" | "nx" | "rush" => {
            let folders = words.values(&["--prefix", "--cwd", "-C", "--dir"]).map(Hint::Folder);
            let named = words.values(&["--workspace", "-w", "--filter", "--scope", "-F"]).map(Hint::Project);
            let second = match arguments {
                ["workspace", name, ..] if program == "yarn" => Some(*name),
                ["prune", name, ..] if program == "turbo" && !name.starts_with('-') => Some(*name),
                ["build", name, ..] if program == "nx" && !name.starts_with('-') => Some(*name),
                ["nx", "build", name, ..] => Some(*name),
                _ => None,
            };
            folders
                .chain(named)
                .chain(second.map(Hint::Project))
                .filter(|hint| !matches!(hint, Hint::Project("true" | "false")))
                .collect()
        }
        "cargo" if matches!(arguments.first(), Some(&("build" | "install" | "run" | "chef" | "b"))) => {
            let named = words.values(&["--bin", "-p", "--package"]).map(Hint::Project);
            named
                .chain(words.values(&["--manifest-path"]).map(Hint::File))
                .chain(words.values(&["--path"]).map(Hint::Folder))
                .collect()
        }
        "sbt" => arguments.iter().filter_map(|task| Some(Hint::Project(task.split_once('/')?.0))).collect(),
        "make" => words.values(&["-C", "--directory"]).map(Hint::Folder).collect(),
        "docker" | "podman" | "buildah" | "nerdctl" => docker(arguments),
        "docker-compose" => words.values(&["-f", "--file"]).map(Hint::File).collect(),
        _ => Vec::new(),
    }
}

fn file_or_folder(path: &str) -> Hint<'_> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let is_file = [".csproj", ".fsproj", ".vbproj", ".sln", ".slnx", ".slnf", ".xml"].iter().any(|ending| name.ends_with(ending));
    if is_file { Hint::File(path) } else { Hint::Folder(path) }
}

fn docker<'t>(arguments: &[&'t str]) -> Vec<Hint<'t>> {
    let build = match arguments {
        ["compose", rest @ ..] => return Arguments(rest).values(&["-f", "--file"]).map(Hint::File).collect(),
        ["build" | "bud", rest @ ..] | ["buildx" | "image" | "builder", "build", rest @ ..] => rest,
        _ => return Vec::new(),
    };
    let takes = [
        "-t",
        "--tag",
        "-f",
        "--file",
        "--build-arg",
        "--target",
        "--platform",
        "--cache-from",
        "--cache-to",
        "--label",
        "--network",
        "--secret",
        "--ssh",
        "--progress",
        "-o",
        "--output",
        "--iidfile",
        "--build-context",
        "--builder",
        "--add-host",
        "-m",
        "--memory",
        "--metadata-file",
    ];
    let words = Arguments(build);
    let context = words.plain(0, &takes).last().filter(|context| *context != "-").map(Hint::Folder);
    context.into_iter().chain(words.values(&["-f", "--file"]).filter(|file| *file != "-").map(Hint::File)).collect()
}

/// What a program is given.
struct Arguments<'w, 't>(&'w [&'t str]);

impl<'w, 't> Arguments<'w, 't> {
    /// The values of options: `-f value`, `--file value`, `--file=value`.
    fn values(&self, options: &'w [&'w str]) -> impl Iterator<Item = &'t str> {
        let pairs = self.0.iter().zip(self.0.iter().skip(1).map(Some).chain([None]));
        pairs.filter_map(move |(word, next)| {
            if options.contains(word) {
                return next.copied().filter(|value| !value.starts_with('-'));
            }
            let (option, value) = word.split_once('=')?;
            options.contains(&option).then(|| unquoted(value))
        })
    }

    /// What is no option; options in `takes` have the next word as their value.
    fn plain(&self, skip: usize, takes: &'w [&'w str]) -> impl Iterator<Item = &'t str> {
        let mut is_value = false;
        self.0.iter().skip(skip).copied().filter(move |word| {
            let was_value = std::mem::replace(&mut is_value, takes.contains(word));
            !was_value && !word.starts_with('-') && !word.starts_with('>') && !word.starts_with("2>")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_taken_apart() {
        assert_eq!(
            commands("cd src && go build -o /out \\\n  ./cmd/a; echo 'a && b' # no\nx | y (cd z)"),
            [
                vec!["cd", "src"],
                vec!["go", "build", "-o", "/out", "./cmd/a"],
                vec!["echo", "a && b"],
                vec!["x"],
                vec!["y"],
                vec!["cd", "z"],
                vec![]
            ]
        );
        assert_eq!(
            commands("docker build ./src/${{ matrix.name }} $(pwd)/a"),
            [["docker", "build", "./src/${{ matrix.name }}", "$(pwd)/a"]]
        );
        assert_eq!(commands("a\\é é\\"), [["a\\é", "é\\"]]);
    }

    #[test]
    fn commands_tell_what_they_build() {
        use Hint::{Enter, File, Folder, Project};
        for (script, expected) in [
            ("cd services/a", vec![Enter("services/a")]),
            ("CGO_ENABLED=0 go build -ldflags='-s -w' -o /a ./cmd/orders", vec![Folder("./cmd/orders")]),
            ("go test ./...", vec![]),
            ("dotnet publish src/A/A.csproj -c Release -o out", vec![File("src/A/A.csproj")]),
            ("dotnet publish -c Release \"A\"", vec![Folder("A")]),
            ("./mvnw -B -pl orders,billing -am package", vec![Project("orders"), Project("billing")]),
            ("mvn -f orders/pom.xml package", vec![File("orders/pom.xml")]),
            ("./gradlew :services:orders:bootJar -x test", vec![Project(":services:orders")]),
            ("gradle build", vec![]),
            ("npm run build --workspace=@acme/orders", vec![Project("@acme/orders")]),
            ("npm --prefix web ci", vec![Folder("web")]),
            ("yarn workspace orders build", vec![Project("orders")]),
            ("pnpm --filter orders build", vec![Project("orders")]),
            ("npx turbo prune orders --docker", vec![Project("orders")]),
            ("cargo build --release --bin orders", vec![Project("orders")]),
            ("make -C orders all", vec![Folder("orders")]),
            ("docker build -t a:1 -f orders/Dockerfile orders", vec![Folder("orders"), File("orders/Dockerfile")]),
            ("docker buildx build --platform linux/amd64 --push .", vec![Folder(".")]),
            ("docker compose -f deploy/compose.yml up -d", vec![File("deploy/compose.yml")]),
            ("docker run -v a:b image", vec![]),
            ("echo cd x", vec![]),
        ] {
            let found: Vec<Hint> = commands(script).iter().flat_map(|command| hint(command)).collect();
            assert_eq!(found, expected, "{script}");
        }
    }
}
