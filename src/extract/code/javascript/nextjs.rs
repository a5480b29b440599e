//! Next.js: files whose place is their route.

use std::ops::Range;

use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Route, Routing};
use crate::source::Location;

/// What every handler of the two kinds of files is given or exports.
pub const FRAMEWORK: Framework = Framework {
    name: "nextjs",
    marks: &["export default", "export const", "export async function", "export function", "export {", "module.exports"],
    read,
};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    if let Some(path) = application_route(code.path) {
        for (method, at) in exported_methods(code) {
            push(&mut routing, code.at(at), method, &path);
        }
    } else if let Some(path) = page_route(code.path) {
        let default =
            (0..code.len()).find(|&at| code.reads(at, &["export", "default"]) || code.reads(at, &["module", ".", "exports"]));
        let reexported = || (0..code.len()).find(|&at| code.reads(at, &["as", "default"]));
        let Some(at) = default.or_else(reexported) else { return };
        let told = told_methods(code);
        match told[..] {
            [] => push(&mut routing, code.at(at), "ANY", &path),
            _ => told.into_iter().for_each(|(method, at)| push(&mut routing, code.at(at), method, &path)),
        }
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

fn push(routing: &mut Routing, at: Location, method: &str, path: &str) {
    let path = paths::template(literal(path), Style::Brackets);
    routing.routes.push(Route { at, method: method.into(), path, scope: None, owner: None });
}

/// The route of `app/…/route.ts`: groups in brackets and slots name nothing, folders that begin with `_` are private.
fn application_route(path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/')?;
    if !matches!(name, "route.ts" | "route.js" | "route.tsx" | "route.mjs") {
        return None;
    }
    let at = parts(folder).position(|part| part == "app")?;
    let below: Vec<&str> = parts(folder).skip(at + 1).collect();
    if below.iter().any(|part| part.starts_with('_')) {
        return None;
    }
    let named = below.into_iter().filter(|part| !part.starts_with(['(', '@']));
    Some(named.map(|part| format!("/{part}")).collect())
}

/// The route of `pages/api/….ts`.
fn page_route(path: &str) -> Option<String> {
    let (folder, name) = path.rsplit_once('/')?;
    let stem = [".ts", ".js", ".tsx", ".jsx", ".mjs"].iter().find_map(|ending| name.strip_suffix(ending))?;
    let all: Vec<&str> = parts(folder).collect();
    let at = all.windows(2).position(|pair| pair == ["pages", "api"])?;
    if all.get(at + 2..)?.iter().any(|part| part.starts_with('_')) || stem.starts_with('_') {
        return None;
    }
    let last = (stem != "index").then_some(stem);
    Some(all[at + 1..].iter().copied().chain(last).map(|part| format!("/{part}")).collect())
}

fn parts(folder: &str) -> impl Iterator<Item = &str> {
    folder.split('/').filter(|part| !part.is_empty())
}

/// Methods that a file exports: `export async function GET`, `export const POST = …`, `export { handler as GET }`.
fn exported_methods<'t>(code: &Code<'t>) -> Vec<(&'t str, usize)> {
    let mut found = Vec::new();
    let mut add = |at: usize| {
        let method = code.text_of(at);
        if METHODS.contains(&method) && !found.iter().any(|(known, _)| *known == method) {
            found.push((method, at));
        }
    };
    for at in (0..code.len()).filter(|&at| code.is(at, "export")) {
        let next = at + 1 + usize::from(code.is(at + 1, "async"));
        match code.text_of(next) {
            "function" => add(next + 1 + usize::from(code.is(next + 1, "*"))),
            "const" | "let" | "var" if code.is(next + 1, "{") => code.inside(next + 1).for_each(&mut add),
            "const" | "let" | "var" => add(next + 1),
            "{" => {
                let last = |part: Range<usize>| part.end.wrapping_sub(1);
                code.split(code.inside(next), ",").into_iter().map(last).for_each(&mut add);
            }
            _ => {}
        }
    }
    found
}

/// Methods that a handler asks for: `req.method === 'GET'`, `case 'GET':` where the file reads `method`.
fn told_methods<'t>(code: &Code<'t>) -> Vec<(&'static str, usize)> {
    let mut found: Vec<(&'static str, usize)> = Vec::new();
    if !(0..code.len()).any(|at| code.is(at, "method")) {
        return found;
    }
    for at in 1..code.len() {
        let Some(method) = code.literal(at).and_then(|text| METHODS.into_iter().find(|method| *method == text)) else { continue };
        let asked = code.is_any(at - 1, &["===", "==", "case"]) || code.is_any(at + 1, &["===", "=="]);
        if asked && !found.iter().any(|(known, _)| *known == method) {
            found.push((method, at));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn the_place_of_a_file_is_its_route() {
        check(
            "web/src/app/(shop)/api/orders/[id]/route.ts",
            "export async function GET(request: Request) {}\nexport const PUT = auth(async () => {});\nexport { handler as POST };",
            "1 GET /api/orders/{id}\n2 PUT /api/orders/{id}\n3 POST /api/orders/{id}\nalias POST = #handler",
        );
        check(
            "pages/api/users/[...all].ts",
            "export default function handler(req, res) { res.json({}) }",
            "1 ANY /api/users/{rest}",
        );
        check(
            "src/pages/api/cart/index.ts",
            "export default async (req, res) => {\n switch (req.method) {\n case 'GET': break;\n case 'POST': break; }\n}",
            "3 GET /api/cart\n4 POST /api/cart",
        );
    }

    #[test]
    fn pages_and_private_files_are_no_routes() {
        check("src/app/orders/page.tsx", "export default function Page() {}", "");
        check("src/app/_lib/route.ts", "export function GET() {}", "");
        check("src/pages/about.tsx", "export default function About() {}", "");
    }
}
