//! Code beside a service's own: what builds, checks, starts or migrates it.
//!
//! Such files are read, and their lines are not those of the service: nobody would say that a wrapper script makes a service larger.

use super::language::Language;
use crate::source::last_part;

/// Whether a file of code, by its path, builds, checks, starts or migrates rather than being what runs.
pub fn is_tooling(path: &str, language: Language) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    is_script(language) || is_build_script(name, folder) || is_configuration(name) || is_generated_migration(name, folder)
}

fn is_script(language: Language) -> bool {
    matches!(language.name(), "Shell" | "Fish" | "PowerShell" | "Batch")
}

fn is_build_script(name: &str, folder: &str) -> bool {
    const NAMES: [&str; 16] = [
        "Jenkinsfile",
        "Rakefile",
        "Gemfile",
        "Podfile",
        "setup.py",
        "noxfile.py",
        "fabfile.py",
        "conanfile.py",
        "SConstruct",
        "gulpfile.js",
        "Gruntfile.js",
        "build.rs",
        "mix.exs",
        "build.sbt",
        "magefile.go",
        "build.cake",
    ];
    NAMES.contains(&name)
        || name.ends_with(".gradle")
        || name.ends_with(".gradle.kts")
        || name.ends_with(".gemspec")
        || folder.split('/').any(|part| part == "buildSrc")
}

/// `webpack.config.js`, `.eslintrc.cjs`: settings of tools that happen to be written in a language.
fn is_configuration(name: &str) -> bool {
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    if !matches!(ending, "js" | "cjs" | "mjs" | "ts" | "cts" | "mts") {
        return false;
    }
    const TOOLS: [&str; 24] = [
        "babel",
        "commitlint",
        "craco",
        "cypress",
        "drizzle",
        "esbuild",
        "eslint",
        "jest",
        "karma",
        "knip",
        "lint-staged",
        "next",
        "nuxt",
        "postcss",
        "prettier",
        "rollup",
        "stylelint",
        "svelte",
        "tailwind",
        "tsup",
        "vite",
        "vitest",
        "vue",
        "webpack",
    ];
    let tool = |stem: &str| TOOLS.contains(&stem.split('.').next().unwrap_or(stem));
    stem.strip_suffix(".config").or(stem.strip_suffix(".conf")).is_some_and(tool)
        || stem.starts_with('.') && stem.ends_with("rc")
        || stem.starts_with("webpack.") && stem != "webpack."
}

/// Migrations that a tool writes from the types: Entity Framework's and Alembic's. Those that people write are code.
fn is_generated_migration(name: &str, folder: &str) -> bool {
    let last = last_part(folder);
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let above = folder.rsplit('/').nth(1).unwrap_or("");
    match name.rsplit_once('.') {
        Some((_, "cs")) => folder.split('/').any(|part| part == "Migrations") && digits == 14,
        Some((_, "py")) => last == "versions" && matches!(above, "alembic" | "migrations"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: bool, paths: &[&str]) {
        for path in paths {
            let name = path.rsplit('/').next().expect("a name");
            assert_eq!(is_tooling(path, Language::of_file(name).expect("a language")), expected, "{path}");
        }
    }

    #[test]
    fn what_builds_and_checks_is_told_from_what_runs() {
        check(
            true,
            &[
                "deploy/run.sh",
                "build.gradle",
                "api/build.gradle.kts",
                "setup.py",
                "web/webpack.config.js",
                ".eslintrc.js",
                "webpack.prod.js",
                "Data/Migrations/20200101120000_Init.cs",
                "alembic/versions/1a2b_init.py",
                "Gemfile",
            ],
        );
        check(
            false,
            &[
                "src/config.ts",
                "src/app.config.ts",
                "src/routes/versions/list.py",
                "db/migrate/20200101120000_init.rb",
                "src/gulp.js",
                "Migrations/Runner.cs",
            ],
        );
    }
}
