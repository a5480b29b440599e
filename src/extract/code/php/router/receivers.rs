//! What may be a router in a file: what it makes, is given, or sees because another file includes it.

use std::sync::Arc;

use super::{FACADE, Router};
use crate::extract::code::Code;
use crate::extract::code::value::literal;

/// Variables that hold a router in a file that another one includes.
const COMMON: [&str; 5] = ["$app", "$router", "$routes", "$r", "$group"];
/// Types of routers and of what gives one, as parameters are typed.
const TYPES: [&str; 16] = [
    "App",
    "Application",
    "Group",
    "Micro",
    "Registrar",
    "RouteBuilder",
    "RouteCollection",
    "RouteCollectionInterface",
    "RouteCollector",
    "RouteCollectorInterface",
    "RouteCollectorProxy",
    "RouteCollectorProxyInterface",
    "RouteGroup",
    "Router",
    "RoutingConfigurator",
    "Slim",
];
/// Words of an expression that makes a router.
const MAKERS: [&str; 14] = [
    "App",
    "AppFactory",
    "Application",
    "Bridge",
    "Klein",
    "Micro",
    "RouteCollection",
    "RouteCollector",
    "RouteParser",
    "Router",
    "Services",
    "Slim",
    "routes",
    "Lumen",
];

pub struct Receivers {
    pub framework: &'static str,
    /// Variables that are given a router here.
    pub made: Vec<String>,
    /// Laravel's routes of this file are the application's: it is no file that another one takes in.
    pub is_root: bool,
    is_laravel: bool,
    /// The file is there to hold routes, by its path.
    pub holds_routes: bool,
}

impl Receivers {
    pub fn of(code: &Code) -> Receivers {
        let has = |word: &str| code.text.contains(word);
        let path = code.path.to_ascii_lowercase();
        let is_root = !path.contains("routes/") && (!path.ends_with("routes.php") || path.ends_with("app/routes.php"))
            || path.ends_with("app/routes.php") && !path.ends_with("http/routes.php");
        let frameworks = [
            ("Slim\\", "slim"),
            ("Lumen", "lumen"),
            ("CodeIgniter", "codeigniter"),
            ("Mezzio", "mezzio"),
            ("FastRoute", "fast-route"),
            ("Symfony\\Component\\Routing", "symfony"),
            ("Illuminate", "laravel"),
            ("Route::", "laravel"),
            ("Flight::", "flight"),
        ];
        let framework = frameworks.iter().find(|(word, _)| has(word)).map_or("php-router", |(_, name)| name);
        let mut receivers = Receivers {
            framework,
            made: Vec::new(),
            is_root,
            is_laravel: has("Illuminate\\"),
            holds_routes: path.contains("route"),
        };
        receivers.find_made(code);
        receivers
    }

    /// `$app = AppFactory::create()`, `$this->app = new App()`.
    fn find_made(&mut self, code: &Code) {
        for equals in (1..code.len()).filter(|&at| code.is(at, "=")) {
            let is_member = code.is(equals - 1, "router") || code.is(equals - 1, "app") || code.is(equals - 1, "routes");
            let name = match code.text_of(equals - 1) {
                name if name.starts_with('$') => name.to_owned(),
                name if is_member && equals >= 3 && code.reads(equals - 3, &["$this", "->"]) => format!("$this.{name}"),
                _ => continue,
            };
            let end = (equals..(equals + 24).min(code.len())).find(|&end| code.is(end, ";")).unwrap_or(equals);
            let makes = (equals + 1..end).any(|at| {
                code.is_any(at, &MAKERS)
                    && (code.is_any(at + 1, &["::", "("]) || code.is(at + 1, ")"))
                    // What only asks for a part of it makes something else.
                    && !code.is_any(at.saturating_sub(1), &["->"])
            });
            let is_string = code.literal(equals + 1).is_some();
            // Laravel's application is a container; its routes are on the facade.
            let is_container = code.text_in(equals..end).contains("Foundation\\Application")
                || code.text_in(equals..end).contains("Application::configure");
            if makes && !is_string && !is_container && !self.made.contains(&name) {
                self.made.push(name);
            }
        }
    }

    /// What is seen outside of functions.
    pub fn of_file(&self, code: &Code) -> Vec<Router> {
        let router =
            |name: &str, known| Router { name: name.to_owned(), scope: format!("#{name}").into(), prefix: literal(""), known };
        let facade = Router { name: FACADE.to_owned(), scope: "#routes".into(), prefix: literal(""), known: true };
        let mut routers = vec![facade];
        if code.text.contains("Flight::") {
            routers.push(router("Flight", true));
        }
        routers.extend(self.made.iter().map(|name| router(name, true)));
        let is_free = |name: &&&str| !self.made.iter().any(|made| made == **name) && code.assigned(name, code.len()).is_none();
        let common = COMMON.iter().filter(is_free);
        routers.extend(common.map(|name| router(name, false)));
        if code.text.contains("->router->") {
            routers.push(Router { scope: "#$app".into(), ..router("$app.router", false) });
        }
        routers
    }

    /// What a function is given: parameters that are typed as routers, or named so where they have no type.
    pub fn given(&self, code: &Code, open: usize, function: Option<&str>) -> Vec<Router> {
        let mut routers = Vec::new();
        for (index, parameter) in code.arguments(open).into_iter().enumerate() {
            let Some(at) = parameter.clone().find(|&at| code.text_of(at).starts_with('$')) else { continue };
            let of_type =
                at.checked_sub(1).filter(|&of_type| parameter.contains(&of_type)).and_then(|of_type| code.word(of_type));
            let name = code.text_of(at);
            let is_router = match of_type {
                Some(of_type) => TYPES.contains(&of_type),
                None => COMMON.contains(&name),
            };
            let Some(function) = function.filter(|_| is_router) else { continue };
            let scope: Arc<str> = match of_type {
                Some("Router" | "Registrar") if self.is_laravel => "#routes".into(),
                _ => format!("#{function}({index})").into(),
            };
            let known = of_type.is_some();
            routers.push(Router { name: name.to_owned(), scope, prefix: literal(""), known });
        }
        routers
    }
}
