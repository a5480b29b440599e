//! Templates of pages: what a server fills in and shows to people.
//!
//! The path of a file tells; that there are any says what a service is for.

use super::{Extractor, Input, Output};
use crate::discover::{Kind, Role};
use crate::facts::Fact;

pub const EXTRACTOR: Extractor =
    Extractor { name: "page", wants: |kind: Kind, path| kind.role == Role::Production && is_page(path), applies, extract };

fn applies(input: &Input) -> bool {
    input.kind.role == Role::Production && is_page(input.path)
}

fn extract(_: &Input, output: &mut Output) {
    output.facts.push(Fact::Page);
}

/// Endings that only templates of pages have, and pages in the folders where frameworks look for templates.
fn is_page(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    // What begins with `_` is a part of pages.
    if name.starts_with('_') {
        return false;
    }
    const ALONE: [&str; 17] = [
        ".cshtml",
        ".razor",
        ".ejs",
        ".erb",
        ".haml",
        ".slim",
        ".jsp",
        ".blade.php",
        ".twig",
        ".hbs",
        ".handlebars",
        ".pug",
        ".mustache",
        ".ftl",
        ".gohtml",
        ".html.eex",
        ".heex",
    ];
    let is_html = name.ends_with(".html")
        || name.ends_with(".htm")
        || name.ends_with(".tmpl")
        || name.ends_with(".j2")
        || name.ends_with(".jinja2");
    let lies_in = |folders: &[&str]| folder.split('/').any(|part| folders.contains(&part));
    // One page alone beside an interface greets, or is the shell of another program.
    let is_public = || lies_in(&["public", "static", "wwwroot"]) && name != "index.html";
    let in_templates = || lies_in(&["templates", "views", "tmpl", "pages"]) || is_public();
    let mails = || {
        folder.split('/').any(|part| matches!(part, "mail" | "mails" | "email" | "emails" | "mailers" | "notifications"))
            || name.contains("mail")
    };
    (ALONE.iter().any(|ending| name.ends_with(ending)) && !name.ends_with(".yml.erb") || is_html && in_templates()) && !mails()
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn pages_are_told_by_their_path() {
        for path in [
            "Views/Home/Index.cshtml",
            "templates/index.html",
            "app/views/users/show.html.erb",
            "views/cart.ejs",
            "public/checkout.html",
            "src/main/resources/templates/a.ftl",
        ] {
            assert!(is_page(path), "{path}");
        }
        for path in [
            "docs/index.html",
            "Views/Shared/_Layout.cshtml",
            "templates/deployment.yaml",
            "templates/email/order.html",
            "public/index.html",
        ] {
            assert!(!is_page(path), "{path}");
        }
    }
}
