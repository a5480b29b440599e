//! Names of programs and folders: what they share though they are written in different ways.

use super::images;

/// Letters and digits alone, in lower case.
pub fn normal(name: &str) -> String {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What is left of a name without the words that say no more than that it is a program.
pub(super) fn stem(name: &str) -> String {
    let whole = normal(name);
    let mut stem = whole.as_str();
    while let Some(shorter) = GENERAL.iter().find_map(|word| stem.strip_suffix(word)).filter(|shorter| !shorter.is_empty()) {
        stem = shorter;
    }
    stem.to_owned()
}

/// Words that say no more than that something is a program, longest first.
const GENERAL: [&str; 22] = [
    "microservices",
    "microservice",
    "webservice",
    "application",
    "deployment",
    "container",
    "services",
    "service",
    "backend",
    "server",
    "source",
    "main",
    "image",
    "code",
    "svc",
    "srv",
    "src",
    "app",
    "api",
    "cmd",
    "ms",
    "bin",
];

/// A name that tells nothing apart: `app`, `server`, `src`.
pub(super) fn is_general(name: &str) -> bool {
    let name = normal(name);
    name.is_empty()
        || images::known(&name).is_some()
        || GENERAL.contains(&&*name)
        || matches!(
            &*name,
            "web" | "java" | "python" | "go" | "node" | "docker" | "default" | "php" | "ruby" | "host" | "project"
        )
}

/// Folders in which developers keep their tools: what is in them is not deployed.
pub(super) fn is_workshop(folder: &str) -> bool {
    let workshop = |part: &str| {
        part.starts_with('.') && part.len() > 1
            || matches!(
                part,
                "scripts"
                    | "script"
                    | "tools"
                    | "tooling"
                    | "hack"
                    | "ci"
                    | "benchmark"
                    | "benchmarks"
                    | "migrations"
                    | "devtools"
                    | "e2e"
            )
    };
    folder.split('/').any(workshop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_in_many_spellings() {
        assert_eq!(stem("order-service"), stem("OrderAPI"));
        assert_eq!(stem("service"), "service");
        assert!(is_general("src") && is_general("Web-App".trim_start_matches("Web-")) && !is_general("orders"));
        assert!(is_workshop(".devcontainer") && is_workshop("a/scripts/b") && !is_workshop("services/orders"));
    }
}
