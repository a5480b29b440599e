//! Symfony's routes, and those of libraries that write them alike: attributes and annotations of controllers.
//!
//! A controller comes in; its routes with the prefix of their class come out, whole but for what the configuration puts before all of
//! them (`symfony_config`). Localised paths are a route each.

use std::sync::Arc;

use super::notes::{self, Note};
use super::template_value;
use crate::extract::Output;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework, paths};
use crate::facts::{Fact, Route, Routing, Value};
use crate::source::Spanned;

pub const FRAMEWORK: Framework = Framework {
    name: "symfony",
    marks: &[
        "Component\\Routing",
        "RestBundle\\Controller\\Annotation",
        "RouteAttributes",
        "Configuration\\Route",
        "ApiResource",
    ],
    read,
};

/// Modules whose annotations are routes.
const MODULES: [&str; 5] = [
    "Component/Routing",
    "RestBundle/Controller/Annotation",
    "Spatie/RouteAttributes",
    "FrameworkExtraBundle",
    "Symfony/Routing",
];
const VERBS: [&str; 8] = ["Get", "Post", "Put", "Patch", "Delete", "Head", "Options", "Any"];

/// A type whose members are being read.
struct Controller<'i> {
    item: &'i Item,
    /// What stands before the paths of its members; one for each language.
    prefixes: Vec<Value>,
    methods: Vec<Arc<str>>,
    own: Vec<Note>,
    has_routes: bool,
    is_invoked: bool,
}

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: "symfony".into(), ..Routing::default() };
    let mut current: Option<Controller> = None;
    for item in code.items() {
        if current.as_ref().is_some_and(|controller| !controller.item.body.contains(&item.start)) {
            finish(&mut routing, current.take());
        }
        match item.kind {
            ItemKind::Type if current.is_none() => {
                let notes = notes::before(code, item);
                if let Some(note) = notes.iter().find(|note| note.short() == "ApiResource") {
                    routing.uncounted.push(Spanned::new("operations of API Platform".into(), note.at));
                }
                let own: Vec<Note> = notes.into_iter().filter(|note| is_route(code, note)).collect();
                let first = own.first();
                let prefixes = first.map_or(Vec::new(), note_paths);
                let methods = first.map_or(Vec::new(), note_methods);
                current = Some(Controller { item, prefixes, methods, own, has_routes: false, is_invoked: false });
            }
            ItemKind::Function => {
                let Some(controller) = &mut current else { continue };
                controller.is_invoked |= code.is(item.name, "__invoke");
                member(code, item, controller, &mut routing);
            }
            ItemKind::Type => {}
        }
    }
    finish(&mut routing, current);
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

/// A class that is its own only action.
fn finish(routing: &mut Routing, controller: Option<Controller>) {
    let Some(controller) = controller.filter(|controller| controller.is_invoked && !controller.has_routes) else { return };
    for note in controller.own.iter().filter(|note| note.short() != "Prefix") {
        add(routing, note, &[], note_methods(note));
    }
}

fn member(code: &Code, item: &Item, controller: &mut Controller, routing: &mut Routing) {
    let all = notes::before(code, item);
    let separate: Vec<Arc<str>> = all.iter().filter(|note| note.short() == "Method").flat_map(note_methods_of_first).collect();
    let from = routing.routes.len();
    for note in all.iter().filter(|note| is_route(code, note)) {
        controller.has_routes = true;
        let mut methods = note_methods(note);
        if methods.is_empty() {
            methods = if separate.is_empty() { controller.methods.clone() } else { separate.clone() };
        }
        add(routing, note, &controller.prefixes, methods);
    }
    // One action may have several names for the same route.
    let mut at = from;
    while at < routing.routes.len() {
        let (before, rest) = routing.routes.split_at(at);
        let is_twin = before[from..].iter().any(|route| route.method == rest[0].method && route.path == rest[0].path);
        if is_twin {
            routing.routes.remove(at);
        } else {
            at += 1;
        }
    }
}

fn is_route(code: &Code, note: &Note) -> bool {
    let short = note.short();
    (matches!(short, "Route" | "Prefix") || VERBS.contains(&short)) && notes::comes_from(code.imports(), &note.name, &MODULES)
}

fn note_paths(note: &Note) -> Vec<Value> {
    let mut found = note.values("path", Some(0)).to_vec();
    if found.is_empty() {
        found = note.values("value", None).to_vec();
    }
    if found.is_empty() {
        found = note.values("uri", None).to_vec();
    }
    found
}

fn note_methods(note: &Note) -> Vec<Arc<str>> {
    match note.short() {
        "Route" => note.values("methods", None).iter().filter_map(method).collect(),
        "Any" | "Prefix" => Vec::new(),
        verb => vec![verb.to_ascii_uppercase().into()],
    }
}

/// `@Method("GET")`, `@Method({"GET", "POST"})`.
fn note_methods_of_first(note: &Note) -> Vec<Arc<str>> {
    note.values("methods", Some(0)).iter().filter_map(method).collect()
}

/// `'GET'`, `Request::METHOD_GET`.
fn method(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::Literal(text) => Some(text.to_ascii_uppercase().into()),
        Value::Symbol(symbol) => symbol.rsplit(['.', '_', '#']).next().map(|name| name.to_ascii_uppercase().into()),
        _ => None,
    }
}

fn add(routing: &mut Routing, note: &Note, prefixes: &[Value], methods: Vec<Arc<str>>) {
    let methods = if methods.is_empty() { vec!["ANY".into()] } else { methods };
    let mut own = note_paths(note);
    if own.is_empty() {
        own.push(literal(""));
    }
    let single = [literal("")];
    let prefixes = if prefixes.is_empty() { &single } else { prefixes };
    for prefix in prefixes {
        for path in &own {
            let path = paths::join(&template_value(prefix.clone()), template_value(path.clone()));
            let path = if path == literal("") { literal("/") } else { path };
            for method in &methods {
                routing.routes.push(Route {
                    at: note.at,
                    method: Arc::clone(method),
                    path: path.clone(),
                    scope: None,
                    owner: None,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn attributes_of_controllers_are_routes() {
        check(
            "src/Controller/PostController.php",
            r#"<?php
            namespace App\Controller;
            use Symfony\Component\Routing\Attribute\Route;
            use Symfony\Component\HttpFoundation\Request;
            #[Route('/admin/post')]
            #[IsGranted(User::ADMIN)]
            final class PostController extends AbstractController
            {
                #[Route('/', name: 'admin_index', methods: ['GET'])]
                #[Route('/', name: 'post_index', methods: ['GET'])]
                public function index(#[CurrentUser] User $user): Response { }
                /** Shows one. */
                #[Route('/{id:post}', requirements: ['id' => Requirement::POSITIVE_INT], methods: ['GET', 'POST']), IsGranted('x')]
                public function edit(Post $post): Response { return $this->get('/not'); }
                #[Route(path: ['en' => '/about', 'nl' => '/over'], methods: Request::METHOD_GET)]
                public function about() {}
                #[Route('/all/{page<\d+>?1}')]
                public function all() {}
                #[Cache('/trap')]
                public function trap() {}
            }"#,
            "9 GET /admin/post/
             13 GET /admin/post/{id}
             13 POST /admin/post/{id}
             15 GET /admin/post/about
             15 GET /admin/post/over
             17 ANY /admin/post/all/{page}",
        );
    }

    #[test]
    fn annotations_of_controllers_are_routes() {
        check(
            "src/Controller/Api.php",
            r#"<?php
            namespace App\Controller;
            use Symfony\Component\Routing\Annotation\Route;
            use FOS\RestBundle\Controller\Annotations as Rest;
            /**
             * It's said in prose, (really).
             *
             * @Route("/api", name="api_")
             */
            class Api
            {
                /**
                 * @Route(
                 *     path="/rate/{sku}",
                 *     methods={"PUT", "POST"}
                 * )
                 */
                public function put(string $sku): Response {}
                /**
                 * @Rest\Get("/fetch/{id}")
                 * @OA\Get(path="/trap")
                 */
                public function get() {}
            }
            /** @Route("/_health") */
            class Health { public function __invoke(Request $request) {} }"#,
            "13 PUT /api/rate/{sku}
             13 POST /api/rate/{sku}
             20 GET /api/fetch/{id}
             25 ANY /_health",
        );
    }

    #[test]
    fn generated_operations_are_not_counted() {
        check(
            "src/Entity/Book.php",
            "<?php\nuse ApiPlatform\\Metadata\\ApiResource;\n#[ApiResource]\nclass Book {}",
            "3 uncounted operations of API Platform",
        );
    }
}
