//! One chain of calls on a router: what it registers.

use std::ops::Range;
use std::sync::Arc;

use super::super::chain::{Chain, Link, array_open, closure, entry};
use super::super::{file, template_value};
use super::resource::{Kind, Resource};
use super::{FACADE, Frame, Reader, Router};
use crate::extract::code::tokens::TokenKind;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, paths};
use crate::facts::{Route, Value};
use crate::source::Spanned;

const VERBS: [&str; 8] = ["get", "post", "put", "patch", "delete", "options", "head", "any"];
/// Calls that register what packages bring along.
const PACKAGES: [&str; 5] = ["Auth", "Passport", "Fortify", "Horizon", "Telescope"];

impl Reader<'_, '_> {
    /// Gives the token from which on the frame goes on; None when the chain is none of routes.
    pub(super) fn register(&mut self, frame: &mut Frame, router: &Router, chain: &Chain) -> Option<usize> {
        let code = self.code;
        let mut prefix = router.prefix.clone();
        let is_facade = router.name == FACADE;
        for (index, link) in chain.links.iter().enumerate() {
            let rest = Chain { root: chain.root.clone(), links: chain.links[index + 1..].to_vec(), end: chain.end };
            let arguments = code.arguments(link.open);
            let name = code.text_of(link.name);
            let at = chain.root.start..code.after(link.open);
            let found = match name {
                "prefix" if arguments.len() == 1 => {
                    prefix = paths::join(&prefix, template_value(value(code, arguments[0].clone())));
                    continue;
                }
                "group" | "addGroup" | "scope" | "version" | "mount" | "plugin" => {
                    self.group(frame, router, &prefix, name, &arguments);
                    return Some(chain.end);
                }
                // What the macro registers is told where it is used.
                "macro" | "pattern" | "bind" | "model" | "fallback" => return Some(chain.end),
                "controller" if is_facade && arguments.len() == 2 => {
                    self.uncounted(&at, "actions of a controller by their names");
                    return Some(chain.end);
                }
                "auth" if is_facade => {
                    self.uncounted(&at, "routes of a package for signing in");
                    return Some(chain.end);
                }
                _ => self.terminal(router, *link, &arguments, &rest),
            };
            if let Some(found) = found {
                let after = rest.links.iter().filter(|link| code.is(link.name, "prefix"));
                let own = after.fold(prefix.clone(), |prefix, link| match code.arguments(link.open).first() {
                    Some(argument) => paths::join(&prefix, value(code, argument.clone())),
                    None => prefix,
                });
                self.add(router, &own, at, found);
                return Some(chain.end);
            }
        }
        None
    }

    fn uncounted(&mut self, at: &Range<usize>, why: &str) {
        self.routing.uncounted.push(Spanned::new(why.into(), self.code.location(at.clone())));
    }

    fn add(&mut self, router: &Router, prefix: &Value, at: Range<usize>, found: Vec<(Arc<str>, Value)>) {
        let location = self.code.location(at.clone());
        for (method, path) in found {
            if !is_known(&path) {
                self.uncounted(&at, "a path that is known at run time only");
                return;
            }
            let path = paths::join(prefix, template_value(path));
            self.routing.routes.push(Route { at: location, method, path, scope: Some(Arc::clone(&router.scope)), owner: None });
        }
    }

    /// Methods and paths of a call that registers; None for another call.
    fn terminal(&self, router: &Router, link: Link, arguments: &[Range<usize>], rest: &Chain) -> Option<Vec<(Arc<str>, Value)>> {
        let code = self.code;
        let name = code.text_of(link.name);
        let argument = |index: usize| arguments.get(index).cloned();
        let one = |method: &str, path: Range<usize>| Some(vec![(method.to_ascii_uppercase().into(), value(code, path))]);
        let several = |methods: Vec<Arc<str>>, path: Range<usize>| {
            Some(methods.into_iter().map(|method| (method, value(code, path.clone()))).collect::<Vec<_>>())
        };
        let is_facade = router.name == FACADE;
        match name {
            _ if VERBS.contains(&name) => {
                let handled = match is_facade {
                    true => arguments.len() >= 2 || !rest.links.is_empty(),
                    false => argument(1).is_some_and(|handler| is_handler(code, handler)),
                };
                let path = argument(0).filter(|path| handled && self.may_be_path(router, path))?;
                let chained = rest.argument(code, "setAllowedMethods");
                match chained {
                    Some(methods) => several(self.methods(methods)?, path),
                    None => one(name, path),
                }
            }
            "add" | "addGet" | "addPost" | "addPut" | "addPatch" | "addDelete" | "addOptions" | "addHead" if !is_facade => {
                let method = if name == "add" { "ANY" } else { &name[3..] };
                // Symfony's have a name, and say the rest later.
                if let Some(path) = argument(1).filter(|_| rest.link(code, "controller").is_some()) {
                    return match rest.argument(code, "methods") {
                        Some(methods) => several(self.methods(methods)?, path),
                        None => one("ANY", path),
                    };
                }
                let path = argument(0).filter(|path| self.may_be_path(router, path))?;
                argument(1).filter(|handler| is_handler(code, handler.clone())).and_then(|_| one(method, path))
            }
            "match" | "map" | "addRoute" | "methods" | "respond" if arguments.len() >= 2 => {
                let methods = argument(0).filter(|first| !first.is_empty())?;
                // Mezzio's and CakePHP's say the methods elsewhere.
                let path = argument(1).filter(|path| self.may_be_path(router, path))?;
                let has_handler = is_facade || arguments.len() >= 3;
                several(self.methods(methods)?, path).filter(|_| has_handler)
            }
            "route" if router.name == "Flight" => {
                let pattern = code.literal(argument(0)?.start)?;
                let (methods, path) = pattern.rsplit_once(' ').unwrap_or(("ANY", &pattern));
                let methods = methods.split('|').map(|method| if method == "*" { "ANY" } else { method.trim() });
                Some(methods.map(|method| (method.into(), literal(path.replace('@', ":").as_str()))).collect())
            }
            "route" => {
                let path = argument(0).filter(|path| self.may_be_path(router, path))?;
                argument(1).filter(|handler| is_handler(code, handler.clone()))?;
                match argument(2).filter(|methods| array_open(code, methods.clone()).is_some()) {
                    Some(methods) => several(self.methods(methods)?, path),
                    None => one("ANY", path),
                }
            }
            "connect" if router.name.starts_with('$') && !is_facade => {
                argument(1)?;
                one("ANY", argument(0).filter(|path| self.may_be_path(router, path))?)
            }
            "redirect" | "permanentRedirect" if arguments.len() >= 2 => {
                let method = if is_facade { "ANY" } else { "GET" };
                one(method, argument(0).filter(|path| self.may_be_path(router, path))?)
            }
            "view" | "inertia" | "livewire" if is_facade && arguments.len() >= 2 => one("GET", argument(0)?),
            "resource" | "apiResource" | "resources" | "apiResources" | "singleton" | "apiSingleton" | "presenter" => {
                self.resources(router, name, arguments, rest)
            }
            _ => None,
        }
    }

    fn resources(&self, router: &Router, name: &str, arguments: &[Range<usize>], rest: &Chain) -> Option<Vec<(Arc<str>, Value)>> {
        let code = self.code;
        let is_facade = router.name == FACADE || matches!(self.receivers.framework, "laravel" | "lumen");
        if !is_facade && !router.known && !self.receivers.holds_routes {
            return None;
        }
        // Containers have singletons too.
        if router.name != FACADE && name.to_ascii_lowercase().contains("singleton") {
            return None;
        }
        let first = arguments.first()?.clone();
        let options = arguments.get(if is_facade && !name.ends_with("rces") { 2 } else { 1 });
        let listed = |name: &str| {
            let chained = rest.link(code, name).map(|link| code.inside(link.open));
            let range = chained.or_else(|| entry(code, options?.clone(), name));
            range.map_or(Vec::new(), |range| code.literal_list(range).iter().map(|text| text.value.to_string()).collect())
        };
        let single = name.to_ascii_lowercase().contains("singleton");
        let kind = match () {
            _ if single => Kind::Singleton,
            _ if is_facade => Kind::Resource,
            _ => Kind::Rest,
        };
        let mut resource = Resource {
            kind,
            api: name.starts_with("api"),
            only: listed("only"),
            except: listed("except"),
            shallow: rest.link(code, "shallow").is_some(),
        };
        if single && rest.link(code, "creatable").is_none() {
            resource.except.extend(["create", "store"].map(str::to_owned));
            if rest.link(code, "destroyable").is_none() {
                resource.except.push("destroy".to_owned());
            }
        }
        let names: Vec<Range<usize>> = match array_open(code, first.clone()) {
            Some(open) => code.arguments(open).into_iter().map(|entry| entry.start..entry.start + 1).collect(),
            None => vec![first],
        };
        let mut found = Vec::new();
        for name in names {
            match value(code, name) {
                Value::Literal(name) => {
                    let routes = resource.routes(&name).into_iter();
                    found.extend(routes.map(|(method, path)| (method.into(), literal(path))));
                }
                // One that is named elsewhere can't be counted.
                other => {
                    found.push(("ANY".into(), Value::Unknown(format!("{other:?}").chars().take(40).collect::<String>().into())))
                }
            }
        }
        Some(found)
    }

    /// Methods of a list or a text; of `'GET|POST'` too.
    fn methods(&self, range: Range<usize>) -> Option<Vec<Arc<str>>> {
        let code = self.code;
        let range = match array_open(code, range.clone()) {
            Some(open) => code.inside(open),
            None => range,
        };
        let mut methods: Vec<Arc<str>> = Vec::new();
        for part in code.split(range, ",") {
            let constant = code.word(part.end.saturating_sub(1)).and_then(|word| word.strip_prefix("METHOD_")).map(str::to_owned);
            let text = constant.or_else(|| code.literal(part.start).filter(|_| part.len() == 1).map(|text| text.into_owned()))?;
            for method in text.split('|').map(|method| method.trim().to_ascii_uppercase()) {
                if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
                    return None;
                }
                methods.push(method.into());
            }
        }
        (!methods.is_empty()).then_some(methods)
    }

    /// A path begins with a slash, or may begin with a word where the receiver is surely a router.
    fn may_be_path(&self, router: &Router, range: &Range<usize>) -> bool {
        let code = self.code;
        match code.literal(range.start).filter(|_| range.len() == 1) {
            Some(text) => {
                text.is_empty()
                    || text.starts_with(['/', '[', '{'])
                    || (router.known || self.receivers.holds_routes) && !text.contains(' ')
            }
            None => router.known && code.kind(range.start) != Some(TokenKind::Open),
        }
    }

    fn group(&mut self, frame: &mut Frame, router: &Router, prefix: &Value, name: &str, arguments: &[Range<usize>]) {
        let code = self.code;
        let mut prefix = prefix.clone();
        let mut body = None;
        for (index, argument) in arguments.iter().enumerate() {
            if let Some(found) = closure(code, argument.clone()) {
                body = Some(found);
            } else if array_open(code, argument.clone()).is_some() {
                if let Some(own) = entry(code, argument.clone(), "prefix") {
                    prefix = paths::join(&prefix, template_value(value(code, own)));
                }
                // `[Orders::class, 'routes']`
                if index + 1 == arguments.len() {
                    self.handed(router, &prefix, argument.clone());
                }
            } else if index == 0 && arguments.len() > 1 {
                if !matches!(name, "version" | "plugin") {
                    prefix = paths::join(&prefix, template_value(value(code, argument.clone())));
                }
            } else if let Some(module) = file::module(code, argument.clone()) {
                let child = if router.name == FACADE { "routes" } else { &router.name };
                self.mount(argument.clone(), router, format!("{module}#{child}"), prefix.clone());
            } else {
                self.handed(router, &prefix, argument.clone());
            }
        }
        let Some((open, body)) = body else { return };
        let parameter =
            code.arguments(open).first().and_then(|parameter| parameter.clone().find(|&at| code.text_of(at).starts_with('$')));
        let parameter = parameter.map(|at| code.text_of(at).to_owned());
        let inner =
            |name: &str| Router { name: name.to_owned(), scope: Arc::clone(&router.scope), prefix: prefix.clone(), known: true };
        let mut routers = vec![inner("$this")];
        if router.name == FACADE || parameter.is_none() {
            routers.push(inner(&router.name));
        }
        routers.extend(parameter.iter().map(|name| inner(name)));
        // Laravel's groups hold for whatever is registered meanwhile.
        let shared = |other: &Router| other.scope == router.scope && &*other.scope == "#routes";
        let others: Vec<Router> = frame
            .routers
            .iter()
            .filter(|other| routers.iter().all(|own| own.name != other.name))
            .map(|other| if shared(other) { inner(&other.name) } else { other.clone() })
            .collect();
        routers.extend(others);
        self.frames.push(Frame { range: body, routers });
    }

    /// A group whose routes another type registers: `Orders::class`, `new Orders()`, `[Orders::class, 'routes']`.
    fn handed(&mut self, router: &Router, prefix: &Value, argument: Range<usize>) {
        let code = self.code;
        let open = array_open(code, argument.clone());
        let (type_range, member) = match open {
            Some(open) => {
                let parts = code.arguments(open);
                let [first, second] = &parts[..] else { return };
                let Some(member) = code.literal(second.start) else { return };
                (first.clone(), member.into_owned())
            }
            None => (argument.clone(), "__invoke".to_owned()),
        };
        let start = type_range.start + usize::from(code.is(type_range.start, "new"));
        let is_class = start > type_range.start || code.is(type_range.end.saturating_sub(1), "class");
        let Some(name) = code.word(start).filter(|_| is_class) else { return };
        self.mount(argument, router, format!("{}.{member}(0)", code.symbol(name)), prefix.clone());
    }

    /// `Auth::routes()` and the like: what a package registers.
    pub(super) fn package(&mut self, at: usize) -> Option<usize> {
        let code = self.code;
        let is_package = code.is_any(at, &PACKAGES) && code.reads(at + 1, &["::", "routes", "("]);
        is_package.then(|| {
            self.uncounted(&(at..code.after(at + 3)), "routes of a package for signing in");
            code.after(at + 3)
        })
    }
}

/// What an expression stands for, with what the environment and the configuration say.
pub fn value(code: &Code, range: Range<usize>) -> Value {
    let open = range.start + 1;
    if code.is_any(range.start, &["env", "config", "getenv"]) && code.is(open, "(") && code.after(open) == range.end {
        let arguments = code.arguments(open);
        let default = arguments.get(1).map(|default| Box::new(code.value(default.clone())));
        if let Some(name) = arguments.first().and_then(|name| code.literal(name.start)) {
            let name: Arc<str> = name.as_ref().into();
            return match code.is(range.start, "config") {
                true => Value::Property { key: name, default },
                false => Value::Env { name, default },
            };
        }
    }
    code.value(range)
}

/// A value that does not hang on what a variable holds at run time.
fn is_known(value: &Value) -> bool {
    match value {
        Value::Symbol(symbol) => !symbol.starts_with("#$"),
        Value::Concat(parts) => parts.iter().all(is_known),
        Value::Unknown(_) => false,
        _ => true,
    }
}

/// What may answer: a closure, a class, a name of both, or something that was made before.
fn is_handler(code: &Code, range: Range<usize>) -> bool {
    if closure(code, range.clone()).is_some() || code.is(range.start, "new") {
        return true;
    }
    if code.reads(range.end.saturating_sub(2), &["::", "class"]) || code.reads(range.end.saturating_sub(3), &["(", ".", "."]) {
        return true;
    }
    let has_class = range.clone().any(|at| code.is(at, "class") && at > range.start && code.is(at - 1, "::"));
    match code.kind(range.start) {
        _ if has_class => true,
        Some(TokenKind::Literal) => {
            code.literal(range.start).is_some_and(|text| text.contains(['@', ':', '\\']) || range.len() == 1 && is_name(&text))
        }
        // `['uses' => 'Orders@index']`, `['Orders', 'index']`
        Some(TokenKind::Open) => array_open(code, range.clone()).is_some_and(|open| !code.arguments(open).is_empty()),
        Some(TokenKind::Word) => code.text_of(range.start).starts_with('$') && range.len() <= 3 || code.is(range.start, "array"),
        _ => false,
    }
}

/// A plain name of a function.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}
