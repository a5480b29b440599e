//! One file of any kind and path: the first line is the path, the rest are its bytes. A first byte that is no ASCII stands for one of the
//! paths below, so that every dialect and format is soon found.

#![no_main]

use brickwork::discover::language::Language;
use brickwork::discover::{Kind, Role};
use brickwork::extract;
use libfuzzer_sys::fuzz_target;

/// At least one for every format that decides by path.
const PATHS: [&str; 82] = [
    "src/main/java/com/acme/orders/Routes.java",
    "src/main/kotlin/com/acme/orders/Routes.kt",
    "src/routes/orders.js",
    "src/routes/orders.ts",
    "pages/api/orders.tsx",
    "app/api/orders/route.ts",
    "app/api/orders.py",
    "shop/urls.py",
    "shop/settings.py",
    "shop/models.py",
    "internal/http/server.go",
    "Orders/Controllers/OrdersController.cs",
    "Orders/Program.cs",
    "app/Http/Controllers/OrderController.php",
    "routes/api.php",
    "src/Entity/Order.php",
    "config/routes.yaml",
    "config/routes.rb",
    "app/models/order.rb",
    "db/schema.rb",
    "app.rb",
    "src/main.rs",
    "lib/shop_web/router.ex",
    "lib/shop/order.ex",
    "src/server.cpp",
    "src/server.h",
    "src/Main.scala",
    "package.json",
    "pnpm-workspace.yaml",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "gradle/libs.versions.toml",
    "go.mod",
    "go.work",
    "Cargo.toml",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "requirements.txt",
    "Pipfile",
    "Orders/Orders.csproj",
    "Orders.sln",
    "Directory.Packages.props",
    "composer.json",
    "Gemfile",
    "orders.gemspec",
    "mix.exs",
    "Dockerfile",
    "docker-compose.yml",
    "deploy/orders.yaml",
    "kustomization.yaml",
    "chart/Chart.yaml",
    "chart/values.yaml",
    "chart/templates/orders.yaml",
    "main.tf",
    "serverless.yml",
    "template.yaml",
    "stack.template",
    "skaffold.yaml",
    "Procfile",
    "fly.toml",
    "render.yaml",
    ".github/workflows/build.yml",
    ".gitlab-ci.yml",
    "Jenkinsfile",
    "appsettings.json",
    ".env",
    "src/main/resources/application.yml",
    "src/main/resources/application.properties",
    "db/V1__orders.sql",
    "db/changelog.xml",
    "db/changelog.yaml",
    "schema.prisma",
    "openapi.yaml",
    "openapi.json",
    "api/orders.proto",
    "catalog-info.yaml",
    "service.yaml",
    "CODEOWNERS",
    "README.md",
];

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|&byte| byte == b'\n').unwrap_or(input.len());
    let (path, bytes) = match input.first() {
        Some(&byte) if !byte.is_ascii() => (PATHS[byte as usize % PATHS.len()].into(), input),
        _ => (String::from_utf8_lossy(&input[..end]), &input[end..]),
    };
    let language = Language::of_file(path.rsplit('/').next().unwrap_or_default());
    let kind = Kind { language, role: Role::Production };
    extract::file(kind, &*path, bytes.get(1..).unwrap_or_default());
});
