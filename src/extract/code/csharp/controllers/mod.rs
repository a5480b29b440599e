//! ASP.NET controllers: classes whose public methods answer requests.
//!
//! A class comes in with its attributes, routes come out. A template of the class stands before those of its actions; one that begins with
//! a slash stands alone; `[controller]`, `[action]` and `[area]` in it stand for names. Without any template the convention of the
//! application decides, `/Controller/Action`: such routes have the scope `#conventional`, and the files that state a convention have it
//! among their applications.
//!
//! What a base class of another file has is joined by scopes. `Base.routes` has what the base's template puts before actions with a
//! template of their own, `Base.actions` before those without; routes of a subclass that has no template lie in them, each in a scope
//! `Subclass.Action`, so that `[controller]` and `[action]` in the base's template can be read. Actions of a base are a handler `Base`
//! that each subclass mounts.

mod action;

use std::sync::Arc;

use super::syntax::{self, Attribute, Type};
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::{literal, map_literals};
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing, ScopePrefix, Value};
use crate::source::{Location, Spanned};
use action::Action;

pub const FRAMEWORK: Framework =
    Framework { name: super::ASPNET, marks: &["Controller", "[Http", "[AcceptVerbs", "EndpointBase", "BaseAsyncEndpoint"], read };

/// What frameworks offer as bases, none with a template.
const FRAMEWORK_BASES: [&str; 15] = [
    "Controller",
    "ControllerBase",
    "ApiController",
    "AsyncController",
    "ODataController",
    "AbpController",
    "AbpControllerBase",
    "ReactiveController",
    "UmbracoApiController",
    "SurfaceController",
    "EndpointBaseAsync",
    "EndpointBaseSync",
    "EndpointBase",
    "BaseAsyncEndpoint",
    "BaseEndpoint",
];
/// Bases that make routes of names and types.
const GENERATING_BASES: [&str; 5] =
    ["ODataController", "JsonApiController", "JsonApiQueryController", "JsonApiCommandController", "BaseJsonApiController"];
const MOST_STEPS: usize = 8;

fn read(code: &Code, output: &mut Output) {
    let types = syntax::types(code);
    let mut routing = Routing { framework: super::ASPNET.into(), ..Routing::default() };
    for of in types.iter().filter(|of| code.is(of.item.start, "class")) {
        if let Some(controller) = Controller::of(code, of, &types) {
            controller.read(&mut routing);
        }
    }
    for at in (0..code.len()).filter(|&at| code.reads(at, &["ConventionalControllers", ".", "Create"])) {
        routing.uncounted.push(Spanned::new("controllers that are made of application services".into(), code.at(at)));
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

/// Where the template before the actions of a class comes from.
enum Template {
    /// Its own, or that of a base in the same file; empty where there is none.
    Known(Vec<Value>),
    /// A base of another file may have one.
    Foreign(Arc<str>),
}

struct Controller<'c, 't> {
    code: &'c Code<'t>,
    of: &'c Type<'c, 't>,
    attributes: Vec<Attribute<'t>>,
    actions: Vec<Action>,
    template: Template,
    /// The nearest base that is not the framework's.
    base: Option<Arc<str>>,
    /// `[ApiController]`: the convention does not reach it.
    is_api: bool,
    /// Its actions count in its subclasses.
    is_abstract: bool,
    /// A base of a framework for controllers makes it one.
    is_known: bool,
}

/// The base class: the first base, where it is no interface.
fn base_of<'a, 't>(of: &'a Type<'_, 't>) -> Option<&'a syntax::Base<'t>> {
    let base = of.bases.first()?;
    let mut letters = base.name.chars();
    let is_interface = letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase);
    (!is_interface).then_some(base)
}

fn is_framework_base(base: &syntax::Base) -> bool {
    let first = base.path.split('.').next().unwrap_or("");
    FRAMEWORK_BASES.contains(&base.name) || FRAMEWORK_BASES.contains(&first) || GENERATING_BASES.contains(&base.name)
}

impl<'c, 't> Controller<'c, 't> {
    fn of(code: &'c Code<'t>, of: &'c Type<'c, 't>, types: &'c [Type<'c, 't>]) -> Option<Self> {
        let attributes = syntax::attributes(code, of.item);
        if attributes.iter().any(|attribute| attribute.name == "NonController") {
            return None;
        }
        let actions = action::all(code, of);
        let is_marked = |name: &str| attributes.iter().any(|attribute| attribute.name == name);
        let base = base_of(of);
        let is_known = base.is_some_and(is_framework_base);
        let is_controller = is_known
            || is_marked("ApiController")
            || is_marked("Controller")
            || actions.iter().any(|action| action.is_marked)
            || base.is_some_and(|base| base.name.ends_with("Controller") || base.name.ends_with("ControllerBase"));
        if !is_controller {
            return None;
        }
        let modifiers = syntax::modifiers(code, of.item.start);
        let generates = base.is_some_and(|base| GENERATING_BASES.contains(&base.name));
        let is_bare = actions.is_empty() && !generates && base.is_none_or(is_framework_base);
        let is_abstract = modifiers.contains(&"abstract") || !of.parameters.is_empty() || is_bare;
        let (template, is_known) = template(code, of, types);
        let foreign = base.filter(|base| !is_framework_base(base)).map(|base| syntax::type_symbol(code, base.name, types));
        let is_api = is_marked("ApiController");
        Some(Controller { code, of, attributes, actions, template, base: foreign, is_api, is_abstract, is_known })
    }

    fn read(&self, routing: &mut Routing) {
        let at = self.code.at(self.of.item.name);
        if let Some(base) = base_of(self.of).filter(|base| GENERATING_BASES.contains(&base.name) && !self.is_abstract) {
            routing.uncounted.push(Spanned::new(format!("routes that {} makes", base.name).into(), at));
        }
        if self.is_abstract {
            self.read_base(routing, at);
        } else {
            self.read_actions(routing);
            self.inherit(routing, at);
        }
    }

    /// Routes of a class that answers itself.
    fn read_actions(&self, routing: &mut Routing) {
        for action in &self.actions {
            for (method, own) in &action.routes {
                let own_path = own.clone().unwrap_or_else(|| literal(""));
                let mut push = |path: Value, scope: Option<Arc<str>>| self.push(routing, action, method, path, scope);
                match &self.template {
                    _ if own.as_ref().is_some_and(is_absolute) => push(own_path, None),
                    Template::Known(templates) if !templates.is_empty() => {
                        templates.iter().for_each(|template| push(values::join(template.clone(), own_path.clone()), None));
                    }
                    Template::Known(_) if own.is_some() || self.is_api => push(own_path, None),
                    Template::Known(_) if self.is_known || action.is_marked => {
                        if !self.generates() {
                            push(self.conventional(), Some("#conventional".into()));
                        }
                    }
                    Template::Known(_) => {}
                    Template::Foreign(base) => {
                        let scope: Arc<str> = format!("#{}.{}", self.of.name, action.name).into();
                        push(own_path, Some(Arc::clone(&scope)));
                        let facet = if own.is_some() || self.is_api { "routes" } else { "actions" };
                        let parent: Arc<str> = format!("{base}.{facet}").into();
                        let known = routing.mounts.iter().any(|mount| mount.child == scope && mount.parent == parent);
                        if !known {
                            routing.mounts.push(Mount { at: action.location, parent, child: scope, prefix: literal("") });
                        }
                    }
                }
            }
        }
    }

    fn generates(&self) -> bool {
        base_of(self.of).is_some_and(|base| GENERATING_BASES.contains(&base.name) || base.name == "ApiController")
    }

    /// What the convention of an application makes of a class and its action.
    fn conventional(&self) -> Value {
        let area = self.area().map_or(String::new(), |area| format!("/{area}"));
        literal(format!("{area}/[controller]/[action]"))
    }

    fn area(&self) -> Option<String> {
        let area = self.attributes.iter().find(|attribute| attribute.name == "Area")?;
        Some(self.code.literal(area.arguments.first()?.start)?.into_owned())
    }

    fn push(&self, routing: &mut Routing, action: &Action, method: &Arc<str>, path: Value, scope: Option<Arc<str>>) {
        let versions = match action.versions.is_empty() {
            true => action::versions(self.code, &self.attributes, "ApiVersion"),
            false => action.versions.clone(),
        };
        let path = self.named(&path, Some(&action.name));
        for path in values::versioned(path, &versions) {
            let path = paths::template(map_absolute(path), Style::Braces);
            routing.routes.push(Route {
                at: action.location,
                method: Arc::clone(method),
                path,
                scope: scope.clone(),
                owner: None,
            });
        }
    }

    /// The value with `[controller]`, `[action]` and `[area]` read, as far as the class is known.
    fn named(&self, value: &Value, action: Option<&str>) -> Value {
        let controller = self.of.name.strip_suffix("Controller").filter(|name| !name.is_empty()).unwrap_or(self.of.name);
        let area = self.area();
        let is_base = self.is_abstract;
        map_literals(value.clone(), &|text| {
            let mut text = text.to_owned();
            if !is_base {
                text = replace(&text, "[controller]", controller);
            }
            if let Some(action) = action {
                text = replace(&text, "[action]", action);
            }
            if let Some(area) = &area {
                text = replace(&text, "[area]", area);
            }
            text
        })
    }

    /// What a base class has for its subclasses.
    fn read_base(&self, routing: &mut Routing, at: Location) {
        let name = self.of.name;
        let scope = |facet: &str| -> Arc<str> { format!("#{name}{facet}").into() };
        for facet in [".routes", ".actions"] {
            routing.applications.push(scope(facet));
            match &self.template {
                Template::Known(templates) => match templates.first() {
                    Some(template) => {
                        let prefix = paths::template(self.named(template, None), Style::Braces);
                        routing.defaults.push(ScopePrefix { at, scope: scope(facet), prefix });
                    }
                    None if facet == ".actions" => {
                        let parent = "#conventional".into();
                        let prefix = literal("[controller]/[action]");
                        routing.mounts.push(Mount { at, parent, child: scope(facet), prefix });
                    }
                    None => {}
                },
                Template::Foreign(base) => {
                    let parent = format!("{base}{facet}").into();
                    routing.mounts.push(Mount { at, parent, child: scope(facet), prefix: literal("") });
                }
            }
        }
        let with_routes = self.actions.iter().filter(|action| action.is_marked);
        for action in with_routes {
            for (method, own) in &action.routes {
                let path = own.clone().unwrap_or_else(|| literal(""));
                let own_scope = (!own.as_ref().is_some_and(is_absolute)).then(|| scope(""));
                self.push(routing, action, method, path, own_scope);
            }
        }
        if routing.routes.iter().any(|route| route.scope.as_deref() == Some(&*scope(""))) || self.base.is_some() {
            routing.leaves.push(scope(""));
            if let Template::Known(templates) = &self.template
                && let Some(template) = templates.first()
            {
                let prefix = paths::template(self.named(template, None), Style::Braces);
                routing.defaults.push(ScopePrefix { at, scope: scope(""), prefix });
            }
        }
        if let Some(base) = &self.base {
            routing.mounts.push(Mount { at, parent: scope(""), child: Arc::clone(base), prefix: literal("") });
        }
    }

    /// The actions of the base are reached below the templates of the class.
    fn inherit(&self, routing: &mut Routing, at: Location) {
        let Some(base) = &self.base else { return };
        let parent: Arc<str> = format!("#{}", self.of.name).into();
        let own = self.attributes.iter().filter(|attribute| is_template(attribute));
        let mut prefixes: Vec<Value> = own
            .filter_map(|attribute| attribute.argument(self.code, "template"))
            .map(|range| values::text(self.code, range))
            .collect();
        if prefixes.is_empty() {
            prefixes.push(literal(""));
        }
        routing.applications.push(Arc::clone(&parent));
        let versions = action::versions(self.code, &self.attributes, "ApiVersion");
        for prefix in prefixes {
            for prefix in values::versioned(self.named(&prefix, None), &versions) {
                let prefix = paths::template(map_absolute(prefix), Style::Braces);
                routing.mounts.push(Mount { at, parent: Arc::clone(&parent), child: Arc::clone(base), prefix });
            }
        }
    }
}

fn is_template(attribute: &Attribute) -> bool {
    matches!(attribute.name, "Route" | "RoutePrefix" | "ODataRoutePrefix") && !attribute.arguments.is_empty()
}

/// The templates that stand before the actions of a class: its own, or those of the nearest base that has some. Also, whether a class of a
/// framework is at the end of the bases.
fn template<'c, 't>(code: &'c Code<'t>, of: &'c Type<'c, 't>, types: &'c [Type<'c, 't>]) -> (Template, bool) {
    let mut current = of;
    for _ in 0..MOST_STEPS {
        let attributes = syntax::attributes(code, current.item);
        let templates: Vec<Value> = attributes
            .iter()
            .filter(|attribute| is_template(attribute))
            .filter_map(|attribute| attribute.argument(code, "template"))
            .map(|range| values::text(code, range))
            .collect();
        if !templates.is_empty() {
            return (Template::Known(templates), true);
        }
        match base_of(current) {
            None => return (Template::Known(Vec::new()), false),
            Some(base) if is_framework_base(base) => return (Template::Known(Vec::new()), true),
            Some(base) => match types.iter().find(|of| of.name == base.name && of.index != current.index) {
                Some(next) => current = next,
                None => return (Template::Foreign(syntax::type_symbol(code, base.name, types)), false),
            },
        }
    }
    (Template::Known(Vec::new()), false)
}

/// A template that what stands before it does not reach.
fn is_absolute(value: &Value) -> bool {
    matches!(values::first_part(value), Value::Literal(text) if text.starts_with('/') || text.starts_with("~/"))
}

fn map_absolute(value: Value) -> Value {
    values::map_first(value, |text| text.strip_prefix('~').unwrap_or(text).to_owned())
}

/// Names in brackets may be written in any case.
fn replace(text: &str, token: &str, name: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(at) = lower[from..].find(token) {
        out.push_str(&text[from..from + at]);
        out.push_str(name);
        from += at + token.len();
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests;
