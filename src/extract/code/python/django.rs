//! Django's URL configuration: `path`, `re_path`, `url` and `include` in lists of patterns, routers of REST framework, the root.
//!
//! A list of patterns is a scope by its name (`#urlpatterns`); so is a router. A view is a leaf that is mounted at its path, and the
//! file in which it stands says which methods it answers.

use std::ops::Range;
use std::sync::Arc;

use super::names::{Found, Names, is_type};
use super::routers::class_of;
use super::syntax::{self, assignment, call, library, note, statements};
use crate::extract::Output;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing, Value};

pub const FRAMEWORK: Framework =
    Framework { name: "django", marks: &["urlpatterns", "ROOT_URLCONF", ".register(", "patterns = ["], read };

const PATHS: [&str; 3] = ["path", "re_path", "url"];

fn read(code: &Code, output: &mut Output) {
    let names = Names::new(code);
    let mut reader = Reader { code, names, routing: Routing { framework: "django".into(), ..Routing::default() } };
    reader.read();
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    names: Names<'c, 't>,
    routing: Routing,
}

impl Reader<'_, '_> {
    fn read(&mut self) {
        let code = self.code;
        let uses = |packages: &[&str]| syntax::imports_any(code, packages);
        let has_patterns = uses(&["django", "rest_framework", "rest_framework_nested", "ninja", "channels"]);
        for statement in statements(code) {
            if code.is(statement.start, "ROOT_URLCONF")
                && let Some(found) = assignment(code, statement.clone())
            {
                self.root(found.value);
            } else if has_patterns || code.is(statement.start, "urlpatterns") {
                self.statement(statement);
            }
        }
    }

    /// `ROOT_URLCONF = "shop.urls"`.
    fn root(&mut self, value: Range<usize>) {
        if let Some(module) = self.code.literal_text(value) {
            self.application(format!("{}#urlpatterns", module.value.replace('.', "/")).into());
        }
    }

    fn application(&mut self, scope: Arc<str>) {
        if !self.routing.applications.contains(&scope) {
            self.routing.applications.push(scope);
        }
    }

    /// `urlpatterns = […]`, `urlpatterns += […]`, `urlpatterns.append(…)`, `router.register(…)`.
    fn statement(&mut self, statement: Range<usize>) {
        let code = self.code;
        let start = statement.start;
        if let Some((callee, open)) = call(code, statement.clone()) {
            match callee.end.checked_sub(1).map_or("", |at| code.text_of(at)) {
                "register" => self.register(callee, open),
                "append" | "extend" if code.word(start).is_some() && callee.len() == 3 => {
                    let scope = code.symbol(code.text_of(start));
                    self.entries(code.inside(open), &scope, &literal(""));
                }
                _ => {}
            }
            return;
        }
        let value = match code.word(start) {
            Some(_) if code.is(start + 1, "+=") => start + 2..statement.end,
            Some(_) => match assignment(code, statement) {
                Some(found) if !found.name.contains('.') => found.value,
                _ => return,
            },
            None => return,
        };
        let name = code.text_of(start);
        let is_list =
            name == "urlpatterns" || name.ends_with("patterns") || name.ends_with("urls") || self.is_list(value.clone());
        if is_list && self.names.function(start).is_none() {
            self.entries(value, &format!("#{name}").into(), &literal(""));
        }
    }

    /// True for a list whose first element is a path.
    fn is_list(&self, value: Range<usize>) -> bool {
        let code = self.code;
        code.is(value.start, "[") && code.is_any(value.start + 1, &PATHS) && code.is(value.start + 2, "(")
    }

    /// The entries of lists: `[…] + router.urls`, `i18n_patterns(…)`. Nested lists wait in turn.
    fn entries(&mut self, range: Range<usize>, scope: &Arc<str>, prefix: &Value) {
        let code = self.code;
        let mut waiting = vec![(range, prefix.clone())];
        while let Some((range, prefix)) = waiting.pop() {
            let parts = code.split(range.clone(), "+").into_iter().flat_map(|part| code.split(part, ","));
            for part in parts {
                if code.is_any(part.start, &["[", "("]) {
                    waiting.push((code.inside(part.start), prefix.clone()));
                } else if let Some((callee, open)) = call(code, part.clone()) {
                    let name = code.text_of(callee.end - 1);
                    if PATHS.contains(&name) {
                        waiting.extend(self.entry(part, open, name, scope, &prefix));
                    } else if matches!(
                        name,
                        "i18n_patterns" | "format_suffix_patterns" | "list" | "patterns" | "decorator_include"
                    ) {
                        waiting.push((code.inside(open), prefix.clone()));
                    }
                } else if let Some(name) = code.dotted(part.clone()).filter(|name| name != "None") {
                    self.mount(part.clone(), scope, self.included(&name, part.start), prefix.clone());
                }
            }
        }
    }

    fn mount(&mut self, at: Range<usize>, parent: &Arc<str>, child: Arc<str>, prefix: Value) {
        if *parent != child {
            self.routing.mounts.push(Mount { at: self.code.location(at), parent: Arc::clone(parent), child, prefix });
        }
    }

    /// The scope that a name of patterns is: `router.urls` is the router's.
    fn included(&self, name: &str, at: usize) -> Arc<str> {
        let name = name.strip_suffix(".urls").filter(|of| !self.is_module(of)).unwrap_or(name);
        let symbol = self.code.symbol(name);
        match self.names.find(name, at, &|_| true) {
            Found::Imported(_) if self.is_module(name) => match symbol.strip_suffix("#*") {
                Some(module) => format!("{module}#urlpatterns").into(),
                None => format!("{}#urlpatterns", symbol.replace(['#', '.'], "/")).into(),
            },
            _ => symbol,
        }
    }

    /// True for a name that is a module's, by what it is called: `urls`, `users.urls`, `users_urls`.
    fn is_module(&self, name: &str) -> bool {
        let imports = self.code.imports();
        let first = name.split('.').next().unwrap_or(name);
        let symbol = imports.get(first).map_or("", |symbol| symbol);
        name.ends_with(".urls") || symbol.ends_with("#urls") || symbol.ends_with("urls#*") && !name.contains('.')
    }

    /// One `path(…)`. What stands in a list of its own comes back with what stands before it.
    fn entry(
        &mut self,
        at: Range<usize>,
        open: usize,
        name: &str,
        scope: &Arc<str>,
        prefix: &Value,
    ) -> Option<(Range<usize>, Value)> {
        let code = self.code;
        let arguments = code.arguments(open);
        let mut unnamed = code.positional(&arguments);
        let route = unnamed.next().cloned().or_else(|| code.named(&arguments, "route"))?;
        let view = unnamed.next().cloned().or_else(|| code.named(&arguments, "view"))?;
        let written = syntax::value(code, route);
        let path = if name == "path" { template(written, Style::Angle) } else { template(written, Style::Pattern) };
        let path = concat([prefix.clone(), path]);
        if let Some((callee, inner)) = call(code, view.clone())
            && code.is(callee.end - 1, "include")
        {
            return self.include(at, inner, scope, path);
        }
        self.view(at, view, scope, path);
        None
    }

    fn include(&mut self, at: Range<usize>, open: usize, scope: &Arc<str>, path: Value) -> Option<(Range<usize>, Value)> {
        let code = self.code;
        let mut what = code.arguments(open).into_iter().next()?;
        // `include((patterns, "name"))`.
        if code.is(what.start, "(") {
            what = code.arguments(what.start).into_iter().next()?;
        }
        if code.is(what.start, "[") {
            return Some((what, path));
        }
        if let Some(module) = code.literal(what.start) {
            let is_library = matches!(module.split('.').next(), Some("django" | "rest_framework" | "debug_toolbar" | "silk"));
            if !is_library {
                let child = format!("{}#urlpatterns", module.replace('.', "/")).into();
                self.mount(at, scope, child, path);
            }
        } else if let Some(name) = code.dotted(what.clone()) {
            if name != "admin.site.urls" && !library(code, &name).0.is_empty() | !name.contains("admin") {
                self.mount(at, scope, self.included(&name, what.start), path);
            }
        } else if code.word(what.start).is_some() {
            self.routing.uncounted.push(note(code, at, "included patterns are known at run time only"));
        }
        None
    }

    fn view(&mut self, at: Range<usize>, view: Range<usize>, scope: &Arc<str>, path: Value) {
        let code = self.code;
        if let Some(name) = code.dotted(view.clone())
            && name.ends_with(".urls")
        {
            // The administration's own pages mark the root; those of an API object are its own.
            match name.ends_with("site.urls") {
                true if *scope.as_ref() == *"#urlpatterns" => self.application(Arc::clone(scope)),
                true => {}
                false => self.mount(at, scope, self.included(&name, view.start), path),
            }
            return;
        }
        let class = class_of(&self.names, view.clone());
        if let Some(class) = class {
            let last = class.rsplit(['#', '.']).next().unwrap_or("");
            let is_library =
                ["django/views/", "django/contrib/", "rest_framework", "drf_"].iter().any(|start| class.starts_with(start));
            let methods = library_view(last).filter(|_| is_library);
            let mapped = self.mapped(view);
            if !mapped.is_empty() || methods.is_some() {
                let known = methods.unwrap_or_default().iter().map(|method| (*method).into());
                let methods: Vec<Arc<str>> = if mapped.is_empty() { known.collect() } else { mapped };
                return self.routes(at, scope, path, &methods);
            }
            return self.leaf(at, scope, class, path);
        }
        match self.function(view) {
            Some(function) if code.text_of(function.end - 1) == "obtain_auth_token" => {
                self.routes(at, scope, path, &["POST".into()]);
            }
            // Pages that a library makes of the other operations.
            Some(function) if self.shows_schema(function.clone()) => self.routes(at, scope, path, &["GET".into()]),
            Some(function) => {
                let symbol = code.dotted(function).map_or_else(|| "#".into(), |name| code.symbol(&name));
                self.leaf(at, scope, symbol, path);
            }
            None => {}
        }
    }

    fn shows_schema(&self, function: Range<usize>) -> bool {
        let code = self.code;
        let first = code.text_of(function.start);
        let made = match self.names.find(first, function.start, &|_| true) {
            Found::Assigned(index) => call(code, self.names.assignments[index].value.clone()),
            _ => None,
        };
        first == "get_schema_view" || made.is_some_and(|(callee, _)| code.is(callee.end - 1, "get_schema_view"))
    }

    /// The function that is a view, or that others are wrapped around: `login_required(views.home)`, `cache_page(60)(views.home)`.
    fn function(&self, view: Range<usize>) -> Option<Range<usize>> {
        let code = self.code;
        let mut range = view;
        for _ in 0..6 {
            if code.dotted(range.clone()).is_some() {
                return Some(range);
            }
            let (callee, open) = call(code, range.clone())?;
            if self.shows_schema(callee.clone()) {
                return Some(callee);
            }
            // The last argument; static files and redirects have none that is a name.
            range = code.arguments(open).into_iter().rfind(|part| code.word(part.start).is_some())?;
        }
        None
    }

    /// `as_view({"get": "list"})`: the methods.
    fn mapped(&self, view: Range<usize>) -> Vec<Arc<str>> {
        let code = self.code;
        let Some(at) = view.clone().find(|&at| code.is(at, "as_view")) else { return Vec::new() };
        if !code.is(at + 1, "(") {
            return Vec::new();
        }
        let Some(first) = code.arguments(at + 1).into_iter().next() else { return Vec::new() };
        let first = code.named(std::slice::from_ref(&first), "actions").unwrap_or(first);
        if !code.is(first.start, "{") {
            return Vec::new();
        }
        let keys = code.arguments(first.start).into_iter().filter_map(|part| code.literal(part.start));
        let keys = keys.map(|key| key.to_ascii_uppercase());
        keys.filter(|key| !matches!(&**key, "HEAD" | "OPTIONS")).map(Arc::from).collect()
    }

    fn routes(&mut self, at: Range<usize>, scope: &Arc<str>, path: Value, methods: &[Arc<str>]) {
        for method in methods {
            let at = self.code.location(at.clone());
            let scope = Some(Arc::clone(scope));
            self.routing.routes.push(Route { at, method: Arc::clone(method), path: path.clone(), scope, owner: None });
        }
    }

    fn leaf(&mut self, at: Range<usize>, scope: &Arc<str>, child: Arc<str>, path: Value) {
        if !self.routing.leaves.contains(&child) {
            self.routing.leaves.push(Arc::clone(&child));
        }
        self.mount(at, scope, child, path);
    }

    /// `router.register(r"orders", OrderViewSet)`.
    fn register(&mut self, callee: Range<usize>, open: usize) {
        let code = self.code;
        let Some(router) = code.dotted(callee.start..callee.end.saturating_sub(2).max(callee.start)) else { return };
        let is_router = |assignment: &super::syntax::Assignment| {
            let made = call(code, assignment.value.clone()).and_then(|(callee, _)| code.dotted(callee));
            made.is_some_and(|name| name.ends_with("Router"))
        };
        let scope = match self.names.find(&router, callee.start, &is_router) {
            Found::Assigned(index) if is_router(&self.names.assignments[index]) => {
                self.nested(index);
                self.names.scope_of(index)
            }
            Found::Imported(symbol) if router.contains("router") => symbol,
            _ => return,
        };
        let arguments = code.arguments(open);
        let mut unnamed = code.positional(&arguments);
        let prefix = unnamed.next().cloned().or_else(|| code.named(&arguments, "prefix"));
        let view = unnamed.next().cloned().or_else(|| code.named(&arguments, "viewset"));
        let (Some(prefix), Some(view)) = (prefix, view) else { return };
        let prefix = template(syntax::value(code, prefix), Style::Pattern);
        if let Some(name) = code.dotted(view).filter(|name| is_type(name)) {
            self.leaf(callee.start..code.after(open), &scope, code.symbol(&name), prefix);
        }
    }

    /// `NestedSimpleRouter(parent, "orders", lookup="order")`: below one entry of the other router.
    fn nested(&mut self, index: usize) {
        let code = self.code;
        let value = self.names.assignments[index].value.clone();
        let Some((callee, open)) = call(code, value.clone()) else { return };
        let arguments = code.arguments(open);
        let unnamed: Vec<Range<usize>> = code.positional(&arguments).cloned().collect();
        if !code.text_of(callee.end - 1).starts_with("Nested") || unnamed.len() < 2 {
            return;
        }
        let Some(parent) = self.names.scope(unnamed[0].clone(), &|_| true) else { return };
        let lookup = code.named(&arguments, "lookup").and_then(|range| code.literal(range.start));
        let parameter = format!("/{{{}_pk}}", lookup.as_deref().unwrap_or("parent"));
        let prefix = concat([syntax::value(code, unnamed[1].clone()), literal(parameter)]);
        let child = self.names.scope_of(index);
        let known = self.routing.mounts.iter().any(|mount| mount.child == child && mount.parent == parent);
        if !known {
            self.mount(value, &parent, child, prefix);
        }
    }
}

/// Views of libraries: the methods that they answer.
fn library_view(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "TemplateView" | "RedirectView" | "SpectacularAPIView" | "SpectacularSwaggerView" | "SpectacularRedocView" => {
            Some(&["GET"])
        }
        "LogoutView" => Some(&["POST"]),
        "LoginView" | "PasswordChangeView" | "PasswordResetView" | "PasswordResetConfirmView" => Some(&["GET", "POST"]),
        "TokenObtainPairView" | "TokenRefreshView" | "TokenVerifyView" | "TokenBlacklistView" | "TokenObtainSlidingView" => {
            Some(&["POST"])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn patterns_are_mounts_of_views() {
        check(
            "shop/urls.py",
            r#"
from django.contrib import admin
from django.urls import path, re_path, include
from django.views.generic import TemplateView
from . import views
from .views import OrderView as Orders
schema_view = get_schema_view(info)
api_patterns = [path('things/', views.things)]
urlpatterns = [
    path('admin/', admin.site.urls),
    path('orders/<int:pk>/', Orders.as_view(), name='order'),
    re_path(r'^old/(?P<slug>[\w-]+)/(\d+)/$', csrf_exempt(views.old)),
    path('users/', include('users.urls')),
    path('v1/', include([path('a/', views.a), path('b/', include('b.urls', namespace='b'))])),
    path('api/', include((api_patterns, 'api'))),
    path('about/', TemplateView.as_view(template_name='a.html')),
    path('login/', cache_page(60)(views.login)),
    path('docs/', schema_view.with_ui('swagger', cache_timeout=0)),
    path('one/', views.One.as_view({'get': 'list', 'post': 'create'})),
]
urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)
            "#,
            "16 GET about/ in #urlpatterns
            18 GET docs/ in #urlpatterns
            19 GET one/ in #urlpatterns
            19 POST one/ in #urlpatterns
            8 mount shop#views.things in #api_patterns at things/
            11 mount shop/views#OrderView in #urlpatterns at orders/{pk}/
            12 mount shop#views.old in #urlpatterns at old/{slug}/{value}/
            13 mount users/urls#urlpatterns in #urlpatterns at users/
            15 mount #api_patterns in #urlpatterns at api/
            17 mount shop#views.login in #urlpatterns at login/
            14 mount shop#views.a in #urlpatterns at v1/a/
            14 mount b/urls#urlpatterns in #urlpatterns at v1/b/
            application #urlpatterns
            leaf shop#views.things
            leaf shop/views#OrderView
            leaf shop#views.old
            leaf shop#views.login
            leaf shop#views.a",
        );
    }

    #[test]
    fn routers_of_rest_framework_are_scopes() {
        check(
            "shop/urls.py",
            r#"
from django.urls import path, include
from rest_framework import routers
from rest_framework_nested.routers import NestedSimpleRouter
from .views import OrderViewSet, ItemViewSet
from users.urls import router as users
router = routers.DefaultRouter(trailing_slash=False)
router.register(r'orders', OrderViewSet, basename='order')
items = NestedSimpleRouter(router, r'orders', lookup='order')
items.register('items', ItemViewSet)
admin.site.register(Order)
urlpatterns = [path('api/', include(router.urls))] + items.urls
urlpatterns += users.urls
            "#,
            "8 mount shop/views#OrderViewSet in #router at orders
            9 mount #items in #router at orders/{order_pk}
            10 mount shop/views#ItemViewSet in #items at items
            12 mount #items in #urlpatterns at
            12 mount #router in #urlpatterns at api/
            13 mount users/urls#router in #urlpatterns at
            leaf shop/views#OrderViewSet
            leaf shop/views#ItemViewSet",
        );
    }

    #[test]
    fn the_settings_name_the_root() {
        check("shop/settings.py", "ROOT_URLCONF = 'shop.urls'\n", "application shop/urls#urlpatterns");
    }
}
