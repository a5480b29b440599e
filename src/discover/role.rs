//! What a file is for, as its path below the repository's root tells.
//!
//! The names that decide are conventions of build tools and communities, and most of them are also ordinary words: `vendor`,
//! `example`, `test` and `docs` can be what a service is about. So a word counts only where its convention puts it, and nothing above
//! the repository's root counts at all.

use super::Role;
use super::language::Language;
use crate::source::last_part;

/// What a folder's path says about the files in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    vendored: bool,
    generated: bool,
    test: bool,
    /// `spec`: tests where it holds code, but a description of an API is a spec too.
    spec: bool,
    example: bool,
    documentation: bool,
    /// Below `src/main` folders are packages and resources of production code: `com.example`, `orders.test`.
    main: bool,
}

impl Folder {
    /// The root of a repository.
    pub const ROOT: Folder =
        Folder { vendored: false, generated: false, test: false, spec: false, example: false, documentation: false, main: false };

    /// The folder at `path` (below the repository's root) in this one; `exists` answers for files below that root.
    pub fn enter(mut self, path: &str, exists: impl Fn(&str) -> bool) -> Folder {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = last_part(above);
        let first = above.is_empty();
        let beside = |file: &str| if first { exists(file) } else { exists(&format!("{above}/{file}")) };
        let inside = |file: &str| exists(&format!("{path}/{file}"));
        self.vendored |= is_vendored(name, parent, first, beside, inside);
        self.generated |= is_generated(name, parent);
        self.main |= name == "main" && parent == "src";
        if !self.main {
            // Maven keeps integration tests in `src/it`.
            self.test |= is_test(name) || (name == "it" && parent == "src");
            self.spec |= matches!(name, "spec" | "specs");
            self.example |=
                matches!(name, "examples" | "samples") || first && matches!(name, "example" | "sample" | "demo" | "demos");
            self.documentation |= first && matches!(name, "docs" | "doc" | "documentation" | "Documentation" | "javadoc");
        }
        self
    }

    /// The role of the file with this name in this folder.
    pub fn role(self, name: &str, language: Option<Language>) -> Role {
        let info = language.map(Language::info);
        let is_code = info.is_some_and(|info| info.code);
        let is_prose = info.is_some_and(|info| matches!(info.name, "Markdown" | "reStructuredText" | "AsciiDoc"));
        if self.vendored || is_vendored_file(name) {
            Role::Vendored
        } else if is_minified_file(name) {
            Role::Minified
        } else if self.generated && is_code || is_generated_file(name) {
            Role::Generated
        } else if self.test || self.spec && is_code || is_code && is_test_file(name, self.main) {
            Role::Test
        } else if self.example {
            Role::Example
        } else if self.documentation || is_prose {
            Role::Documentation
        } else {
            Role::Production
        }
    }
}

fn is_vendored(name: &str, parent: &str, first: bool, beside: impl Fn(&str) -> bool, inside: impl Fn(&str) -> bool) -> bool {
    const ASSETS: &[&str] = &["public", "static", "assets", "wwwroot", "www", "web", "js", "css", "scripts"];
    match name {
        "node_modules" | "bower_components" | "jspm_packages" | "web_modules" | "site-packages" | "__pypackages__"
        | "third_party" | "third-party" | "thirdparty" | "3rdparty" | ".yarn" | ".pnpm-store" | ".venv" | "virtualenv"
        | "Carthage" | ".bundle" | ".gradle" | ".mvn" | ".terraform" => true,
        "venv" | "env" => inside("pyvenv.cfg"),
        "Pods" => first || beside("Podfile"),
        "lib" => matches!(parent, "wwwroot"),
        "deps" => beside("mix.exs"),
        // Go, Composer, Bundler and Cargo reserve the name beside their build file; anywhere else it may be a vendor of goods.
        "vendor" => {
            ASSETS.contains(&parent)
                || ["go.mod", "composer.json", "Gemfile", "Cargo.toml", "Gopkg.toml", "glide.yaml"]
                    .iter()
                    .any(|file| beside(file))
                || ["modules.txt", "autoload.php", "manifest"].iter().any(|file| inside(file))
                || first
                    && ![
                        "Dockerfile",
                        "pom.xml",
                        "build.gradle",
                        "build.gradle.kts",
                        "package.json",
                        "requirements.txt",
                        "__init__.py",
                    ]
                    .iter()
                    .any(|file| inside(file))
        }
        "vendors" => ASSETS.contains(&parent),
        _ => false,
    }
}

fn is_vendored_file(name: &str) -> bool {
    if matches!(name, "gradlew" | "gradlew.bat" | "mvnw" | "mvnw.cmd" | ".pnp.cjs" | ".pnp.loader.mjs") {
        return true;
    }
    let Some(stem) = name.strip_suffix(".js").or_else(|| name.strip_suffix(".css")) else { return false };
    const LIBRARIES: &[&str] = &[
        "jquery",
        "bootstrap",
        "angular",
        "react",
        "vue",
        "lodash",
        "underscore",
        "moment",
        "modernizr",
        "d3",
        "popper",
        "respond",
    ];
    let base = stem.strip_suffix(".min").unwrap_or(stem);
    // `jquery.js`, `bootstrap.bundle.js`, `jquery.validate.unobtrusive.js`, and a version in the name of any script.
    let is_library =
        base.split(['.', '-']).next().is_some_and(|word| LIBRARIES[..2].contains(&word)) || LIBRARIES.contains(&base);
    is_library || has_version(base)
}

/// True for `name-1.2.3` and `name.v4`-like stems with at least two numbers.
fn has_version(stem: &str) -> bool {
    let Some(at) = stem.find(|character: char| character.is_ascii_digit()) else { return false };
    let (name, version) = stem.split_at(at);
    let is_version = |text: &str| {
        let mut parts = text.split('.');
        let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        parts.next().is_some_and(number) && parts.next().is_some_and(number)
    };
    name.strip_suffix('v').unwrap_or(name).ends_with(['-', '.']) && is_version(version)
}

fn is_minified_file(name: &str) -> bool {
    let Some(stem) = [".js", ".css", ".mjs", ".cjs"].iter().find_map(|ending| name.strip_suffix(ending)) else { return false };
    [".min", "-min", ".bundle", ".chunk"].iter().any(|ending| stem.ends_with(ending))
}

fn is_generated(name: &str, parent: &str) -> bool {
    match name {
        "generated"
        | "__generated__"
        | "_generated"
        | "autogenerated"
        | "auto-generated"
        | "generated-sources"
        | "generated-src"
        | "generated-test-sources"
        | "src-gen"
        | "gen-src"
        | "genproto"
        | ".openapi-generator"
        | ".next"
        | ".nuxt"
        | ".angular"
        | ".svelte-kit" => true,
        // A folder of what a code generator or bundler wrote, unless it is a package inside of a program.
        "gen" | "dist" => !matches!(parent, "src" | "internal" | "pkg" | "app" | "main" | "com" | "org"),
        _ => false,
    }
}

fn is_generated_file(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let endings: &[&str] = match extension {
        "go" => &[".pb", "_grpc.pb", ".pb.gw", ".pb.validate", ".connect", ".gen", "_gen", "_generated", ".generated"],
        "py" | "pyi" => &["_pb2", "_pb2_grpc", "_generated"],
        "cs" | "vb" => &[".g", ".g.i", ".generated", ".designer", "modelsnapshot", "assemblyinfo", "assemblyattributes"],
        "ts" | "js" | "tsx" => &["_pb", "_pb.d", "_grpc_pb", "_grpc_pb.d", ".generated", ".gen", ".pb"],
        "java" | "kt" => &[".generated", "outerclass"],
        "rs" => &[".pb", "_generated", ".generated"],
        "cc" | "cpp" | "h" => &[".pb", ".grpc.pb", "_generated"],
        "rb" => &["_pb", "_services_pb"],
        "swift" => &[".pb", ".grpc", ".generated"],
        "dart" => &[".g", ".freezed", ".gr", ".config", ".mocks", ".pb", ".pbgrpc", ".pbenum", ".pbjson", ".pbserver"],
        "php" => &["_generated"],
        _ => return false,
    };
    let ends = |ending: &&str| {
        let tail = stem.len().checked_sub(ending.len()).and_then(|at| stem.as_bytes().get(at..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(ending.as_bytes()))
    };
    stem.starts_with("zz_generated") || endings.iter().any(ends)
}

fn is_test(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "test",
        "tests",
        "__tests__",
        "__test__",
        "__mocks__",
        "__fixtures__",
        "__snapshots__",
        "testdata",
        "test-data",
        "test_data",
        "testutil",
        "testutils",
        "test-utils",
        "test_utils",
        "testsuite",
        "testfixture",
        "testfixtures",
        "test-fixtures",
        "test_fixture",
        "test_fixtures",
        "testhelpers",
        "test-helpers",
        "test_helpers",
        "e2e",
        "cypress",
        "playwright",
        "androidtest",
        "commontest",
        "jvmtest",
        "jstest",
        "iostest",
        "integrationtest",
        "integrationtests",
        "unittest",
        "unittests",
        "functionaltest",
        "functionaltests",
        "acceptancetest",
        "acceptancetests",
        "testfixtures",
        "testintegration",
        "it-tests",
    ];
    const KINDS: &[&str] = &[
        "integration",
        "unit",
        "functional",
        "acceptance",
        "e2e",
        "end-to-end",
        "system",
        "smoke",
        "contract",
        "load",
        "performance",
        "perf",
        "api",
        "component",
        "regression",
        "stress",
        "ui",
    ];
    let lower = name.to_ascii_lowercase();
    if NAMES.contains(&lower.as_str()) {
        return true;
    }
    if !lower.contains("test") && !lower.contains("spec") {
        return false;
    }
    let hyphenated = lower.trim_end_matches('s').strip_suffix("test").and_then(|rest| rest.strip_suffix(['-', '_']));
    // A .NET project of tests: `Shop.Orders.Tests`, `Shop.UnitTest`, `OrdersTests`.
    let project = name.rsplit('.').next().filter(|last| last.len() < name.len()).is_some_and(|last| {
        let last = last.to_ascii_lowercase();
        matches!(last.as_str(), "specs" | "test" | "tests")
            || last.ends_with("tests")
            || KINDS.iter().any(|kind| last.strip_prefix(kind) == Some("test"))
    });
    let kind = |kind: &str| KINDS.contains(&kind.to_ascii_lowercase().as_str());
    let pascal = name.len() > 5 && name.ends_with("Tests") || name.strip_suffix("Test").is_some_and(kind);
    hyphenated.is_some_and(|kind| KINDS.contains(&kind)) || project || pascal
}

/// `main` is true below `src/main`, where build tools take no tests of their own language from.
fn is_test_file(name: &str, main: bool) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    let ends = |endings: &[&str]| endings.iter().any(|ending| stem.len() > ending.len() && stem.ends_with(ending));
    match extension {
        "go" | "dart" => ends(&["_test"]),
        "py" => stem.starts_with("test_") || ends(&["_test"]) || matches!(stem, "conftest" | "tests"),
        "ts" | "tsx" | "js" | "jsx" | "mjs" | "cjs" | "mts" | "cts" | "vue" | "svelte" => {
            ends(&[
                ".test",
                ".spec",
                ".tests",
                ".specs",
                ".e2e",
                ".e2e-spec",
                ".cy",
                "-test",
                "-spec",
                "_test",
                "_spec",
                ".stories",
            ]) || matches!(stem, "test" | "jest.config" | "jest.setup" | "karma.conf" | "cypress.config" | "playwright.config")
        }
        "java" | "kt" | "scala" | "groovy" => !main && ends(&["Test", "Tests", "TestCase", "IT", "ITCase", "Spec", "TestSuite"]),
        "cs" | "fs" | "vb" => ends(&["Tests", "TestFixture"]),
        "rb" => ends(&["_spec", "_test"]) || matches!(stem, "spec_helper" | "test_helper" | "rails_helper"),
        "php" => ends(&["Test", "TestCase"]),
        "swift" => ends(&["Tests", "Test"]),
        "rs" => matches!(stem, "test" | "tests") || ends(&["_test", "_tests"]),
        "ex" | "exs" => ends(&["_test"]) || stem == "test_helper",
        "c" | "cc" | "cpp" | "cxx" | "h" | "hpp" => ends(&["_test", "_unittest", "_tests"]) || stem.starts_with("test_"),
        "lua" => ends(&["_spec", "_test"]),
        "erl" => ends(&["_SUITE", "_tests"]),
        "clj" | "cljs" | "cljc" => ends(&["_test"]),
        "hs" => ends(&["Spec"]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The roles of files of one repository that holds no others.
    fn check(role: Role, paths: &[&str]) {
        for path in paths {
            check_beside(role, path, &[]);
        }
    }

    fn check_beside(role: Role, path: &str, others: &[&str]) {
        let exists = |file: &str| file == path || others.contains(&file);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let ends = folder.match_indices('/').map(|(at, _)| at).chain((!folder.is_empty()).then_some(folder.len()));
        let folder = ends.fold(Folder::ROOT, |above, end| above.enter(&folder[..end], exists));
        assert_eq!(folder.role(name, Language::of_file(name)), role, "{path}");
    }

    #[test]
    fn tests_are_told_by_folder_and_by_name() {
        check(
            Role::Test,
            &[
                "src/test/java/com/acme/OrderTest.java",
                "src/test/resources/application.yml",
                "src/integrationTest/kotlin/Flow.kt",
                "orders/src/it/resources/application.properties",
                "web/__tests__/cart.js",
                "orders/order_test.go",
                "src/main/webapp/app/cart.spec.ts",
                "src/order.spec.ts",
                "src/order.service.test.tsx",
                "test_orders.py",
                "orders/conftest.py",
                "tests/helpers.py",
                "Shop.Orders.Tests/OrderTests.cs",
                "Shop.Orders.UnitTests/Builders/OrderBuilder.cs",
                "src/OrdersTests/Fakes.cs",
                "src/UITest/Pages/Cart.cs",
                "spec/models/order_spec.rb",
                "e2e/pages/cart.ts",
                "services/orders/integration-tests/flow.ts",
                "services/orders/load_test/locust.py",
                "app/src/androidTest/java/A.java",
                "lib/order_test.dart",
            ],
        );
    }

    #[test]
    fn production_code_may_be_about_tests() {
        check(
            Role::Production,
            &[
                "src/main/java/com/acme/test/TestController.java",
                "src/main/java/com/acme/testing/LabTest.java",
                "src/main/kotlin/com/acme/CreditTest.kt",
                "services/test-runner/src/main.ts",
                "services/contests/main.go",
                "src/latest/latest.service.ts",
                "Domain/BloodTest.cs",
                "src/BloodTest/Store.cs",
                "testimonials/app.py",
                "src/attestation/verify.py",
                "protest.go",
                "spec/openapi.yaml",
                "specs/orders.json",
                "src/fixtures/fixture.service.ts",
            ],
        );
    }

    #[test]
    fn examples_and_documents_are_told_from_packages_of_that_name() {
        check(Role::Example, &["examples/client/main.go", "example/main.py", "sdk/samples/A.java", "demo/docker-compose.yml"]);
        check(
            Role::Documentation,
            &["docs/openapi.yaml", "doc/build.py", "README.md", "services/a/CHANGELOG.md", "src/guide.adoc"],
        );
        check(
            Role::Production,
            &[
                "src/main/java/com/example/demo/DemoApplication.java",
                "src/main/kotlin/org/sample/samples/A.kt",
                "services/example-api/main.go",
                "app/demo/routes.py",
                "services/docs/main.go",
                "internal/doc/store.go",
                "LICENSE",
            ],
        );
    }

    #[test]
    fn what_others_wrote_is_vendored() {
        check(
            Role::Vendored,
            &[
                "node_modules/express/index.js",
                "web/node_modules/a/package.json",
                "vendor/github.com/a/b/c.go",
                "src/Web/wwwroot/lib/jquery/x.js",
                "public/vendor/chart.js",
            ],
        );
        check(
            Role::Vendored,
            &["static/js/jquery-3.6.0.js", "static/js/bootstrap.bundle.js", "gradlew.bat", "mvnw", ".yarn/releases/yarn.cjs"],
        );
        check_beside(Role::Vendored, "backend/vendor/symfony/A.php", &["backend/composer.json"]);
        check_beside(Role::Vendored, "services/a/vendor/x/y.go", &["services/a/vendor/modules.txt"]);
    }

    #[test]
    fn a_vendor_may_be_whom_one_buys_from() {
        check(
            Role::Production,
            &[
                "src/vendor/vendor.service.ts",
                "services/vendor/main.go",
                "internal/vendor/store.go",
                "src/main/java/com/acme/vendor/Vendor.java",
            ],
        );
        check_beside(Role::Production, "vendor/src/index.ts", &["vendor/package.json"]);
        check_beside(Role::Vendored, "vendor/src/index.ts", &["package.json"]);
        check(
            Role::Production,
            &["src/reactor.js", "src/vue-app/main.js", "src/step-2.js", "lib/orders.js", "lib/orders.rb", "src/env/env.ts"],
        );
    }

    #[test]
    fn what_programs_wrote_is_generated_or_minified() {
        check(
            Role::Generated,
            &[
                "orders_pb2.py",
                "pb/orders_pb2_grpc.py",
                "pb/orders.pb.go",
                "Forms/Main.Designer.cs",
                "Data/Migrations/ShopModelSnapshot.cs",
                "src/generated/client.ts",
                "src/__generated__/types.ts",
                "api/zz_generated.deepcopy.go",
                "dist/index.js",
                "gen/orders/v1/orders.go",
                "lib/order.g.dart",
                "src/main/generated/A.java",
            ],
        );
        check(Role::Minified, &["static/app.min.js", "static/app.min.css", "main.bundle.js"]);
        check(
            Role::Production,
            &[
                "src/generator/main.py",
                "src/gen/gen.go",
                "internal/dist/share.go",
                "regen.go",
                "src/generated/openapi.yaml",
                "ordersgen.go",
            ],
        );
    }
}
