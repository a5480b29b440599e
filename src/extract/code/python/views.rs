//! Classes and functions that handle requests wherever they are mounted: views of Django and REST framework, resources of Flask's
//! extensions, handlers of Tornado, views of aiohttp and Sanic, endpoints of Starlette, resources of Falcon.
//!
//! Each is a scope of its own; its routes have nothing before them but what its mounts say, and they count only there.

use std::sync::Arc;

use super::names::Names;
use super::routers::methods_in;
use super::syntax::{Class, Decorator, classes, decorators, library};
use crate::extract::Output;
use crate::extract::code::paths::{Style, template};
use crate::extract::code::value::{concat, literal};
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Route, Routing, Value};
use crate::source::Location;

pub const FRAMEWORK: Framework = Framework {
    name: "views",
    marks: &[
        "def get(",
        "def post(",
        "def put(",
        "def delete(",
        "def patch(",
        "def on_get",
        "def on_post",
        "def on_put",
        "def on_delete",
        "def on_patch",
        "APIView",
        "ViewSet",
        "@action",
        "@api_view",
        "require_http_methods",
        "require_GET",
        "require_POST",
        "require_safe",
        "ListView",
        "DetailView",
        "CreateView",
        "UpdateView",
        "DeleteView",
        "FormView",
        "TemplateView",
        "ModelMixin",
    ],
    read,
};

/// The members of a class that answer a method.
const MEMBERS: [(&str, &str); 5] = [("get", "GET"), ("post", "POST"), ("put", "PUT"), ("patch", "PATCH"), ("delete", "DELETE")];

/// What REST framework's generic views answer.
const GENERIC: &[(&str, &[&str])] = &[
    ("CreateAPIView", &["POST"]),
    ("ListAPIView", &["GET"]),
    ("RetrieveAPIView", &["GET"]),
    ("DestroyAPIView", &["DELETE"]),
    ("UpdateAPIView", &["PUT", "PATCH"]),
    ("ListCreateAPIView", &["GET", "POST"]),
    ("RetrieveUpdateAPIView", &["GET", "PUT", "PATCH"]),
    ("RetrieveDestroyAPIView", &["GET", "DELETE"]),
    ("RetrieveUpdateDestroyAPIView", &["GET", "PUT", "PATCH", "DELETE"]),
    ("TemplateView", &["GET"]),
    ("ListView", &["GET"]),
    ("DetailView", &["GET"]),
    ("CreateView", &["GET", "POST"]),
    ("UpdateView", &["GET", "POST"]),
    ("DeleteView", &["GET", "POST"]),
    ("FormView", &["GET", "POST"]),
    ("LoginView", &["GET", "POST"]),
    ("PasswordChangeView", &["GET", "POST"]),
    ("PasswordResetView", &["GET", "POST"]),
    ("TokenObtainPairView", &["POST"]),
    ("TokenRefreshView", &["POST"]),
    ("ObtainAuthToken", &["POST"]),
];

/// The members of view sets that a router mounts, with method, and whether they are about one object.
const ACTIONS: [(&str, &str, bool); 6] = [
    ("list", "GET", false),
    ("create", "POST", false),
    ("retrieve", "GET", true),
    ("update", "PUT", true),
    ("partial_update", "PATCH", true),
    ("destroy", "DELETE", true),
];

/// The members that bases of view sets bring.
const BROUGHT: &[(&str, &[&str])] = &[
    ("ModelViewSet", &["list", "create", "retrieve", "update", "partial_update", "destroy"]),
    ("ReadOnlyModelViewSet", &["list", "retrieve"]),
    ("ListModelMixin", &["list"]),
    ("CreateModelMixin", &["create"]),
    ("RetrieveModelMixin", &["retrieve"]),
    ("UpdateModelMixin", &["update", "partial_update"]),
    ("DestroyModelMixin", &["destroy"]),
];

fn read(code: &Code, output: &mut Output) {
    let names = Names::new(code);
    let decorators = decorators(code);
    let mut reader = Reader { code, names, decorators, routing: Routing { framework: "views".into(), ..Routing::default() } };
    for class in classes(code) {
        reader.class(&class);
    }
    reader.functions();
    if !reader.routing.is_empty() {
        output.facts.push(Fact::Routing(reader.routing));
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    names: Names<'c, 't>,
    /// In the order of the text.
    decorators: Vec<Decorator>,
    routing: Routing,
}

impl Reader<'_, '_> {
    fn class(&mut self, class: &Class) {
        let code = self.code;
        let is_base =
            |ending: &str| class.bases.iter().any(|base| base.rsplit('.').next().is_some_and(|last| last.ends_with(ending)));
        let handles = ["View", "Resource", "Handler", "Endpoint", "API", "Api", "Mixin", "Controller"];
        let is_view = handles.iter().any(|ending| class.name.ends_with(ending) || is_base(ending));
        let mut routes: Vec<(Location, &str, Value)> = Vec::new();
        if is_base("ViewSet") || is_base("ModelMixin") || class.name.ends_with("ViewSet") {
            self.view_set(class, &mut routes);
        } else {
            let allowed = self.allowed(class);
            let is_allowed = |method: &str| allowed.as_ref().is_none_or(|allowed| allowed.iter().any(|known| **known == *method));
            for (member, method) in MEMBERS {
                let on = format!("on_{member}");
                for item in &class.methods {
                    let name = code.text_of(item.name);
                    // `def get(self, request)` of a view, `def on_get(self, request, response)` of a resource.
                    let falcon = name == on && code.parameters(item).len() >= 3;
                    if (name == member && is_view || falcon) && is_allowed(method) {
                        routes.push((code.at(item.name), method, literal("")));
                    }
                }
            }
            for (base, methods) in self.generic(class) {
                for method in methods.iter().filter(|method| is_allowed(method)) {
                    if !routes.iter().any(|(_, known, _)| known == method) {
                        routes.push((base, method, literal("")));
                    }
                }
            }
        }
        if routes.is_empty() {
            return;
        }
        let scope: Arc<str> = format!("#{}", class.name).into();
        self.routing.leaves.push(Arc::clone(&scope));
        for (at, method, path) in routes {
            let (method, scope) = (method.into(), Some(Arc::clone(&scope)));
            self.routing.routes.push(Route { at, method, path, owner: scope.clone(), scope });
        }
    }

    /// Generic views among the bases.
    fn generic(&self, class: &Class) -> Vec<(Location, &'static [&'static str])> {
        let known = class.bases.iter().filter_map(|base| {
            let (package, last) = library(self.code, base);
            let methods = GENERIC.iter().find(|(name, _)| *name == last).filter(|_| !package.is_empty())?.1;
            Some((self.code.at(class.at), methods))
        });
        known.collect()
    }

    /// `http_method_names = ["get"]`.
    fn allowed(&self, class: &Class) -> Option<Vec<Arc<str>>> {
        let names = class.attribute("http_method_names")?;
        let methods = methods_in(&self.names, names.value.clone());
        (!methods.iter().any(|method| **method == *"ANY")).then_some(methods)
    }

    fn view_set(&self, class: &Class, routes: &mut Vec<(Location, &str, Value)>) {
        let code = self.code;
        let mut members: Vec<&str> = Vec::new();
        for base in &class.bases {
            let last = base.rsplit('.').next().unwrap_or(base);
            let brought = BROUGHT.iter().find(|(name, _)| *name == last && !library(code, base).0.is_empty());
            members.extend(brought.map_or(&[][..], |(_, members)| members));
        }
        let lookup = class.attribute("lookup_url_kwarg").or_else(|| class.attribute("lookup_field"));
        let lookup = lookup.and_then(|found| code.literal(found.value.start)).unwrap_or("pk".into());
        let allowed = self.allowed(class);
        let is_allowed = |method: &str| allowed.as_ref().is_none_or(|allowed| allowed.iter().any(|known| **known == *method));
        for (member, method, one) in ACTIONS {
            let own = class.methods.iter().find(|item| code.text_of(item.name) == member);
            if (own.is_some() || members.contains(&member)) && is_allowed(method) {
                let at = code.at(own.map_or(class.at, |item| item.name));
                routes.push((at, method, literal(if one { format!("{{{lookup}}}") } else { String::new() })));
            }
        }
        let from = self.decorators.partition_point(|decorator| decorator.start < class.body.start);
        let actions = self.decorators[from..].iter().take_while(|decorator| decorator.start < class.body.end);
        for action in actions {
            let Some(open) = action.open else { continue };
            let arguments = code.arguments(open);
            let one = match action.parts().1 {
                "action" => code.named(&arguments, "detail").is_some_and(|range| code.is(range.start, "True")),
                "detail_route" => true,
                "list_route" => false,
                _ => continue,
            };
            let name = (action.target + 1..action.target + 2).map(|at| code.text_of(at)).next().unwrap_or("");
            let path = match code.named(&arguments, "url_path") {
                Some(range) => template(super::syntax::value(code, range), Style::Pattern),
                None => literal(name),
            };
            let path = if one { concat([literal(format!("{{{lookup}}}/")), path]) } else { path };
            let methods = code.named(&arguments, "methods").or_else(|| code.positional(&arguments).next().cloned());
            let methods = methods.map_or_else(|| vec!["GET".into()], |range| methods_in(&self.names, range));
            for method in methods {
                let method = MEMBERS.iter().map(|(_, known)| *known).find(|known| *known == &*method).unwrap_or("ANY");
                if is_allowed(method) {
                    routes.push((code.at(action.start), method, path.clone()));
                }
            }
        }
    }

    /// Functions that are said to answer some methods only.
    fn functions(&mut self) {
        let code = self.code;
        for decorator in &self.decorators {
            if decorator.is_class || self.names.class(decorator.start).is_some() {
                continue;
            }
            let methods: Vec<Arc<str>> = match (decorator.parts().1, decorator.open) {
                ("api_view" | "require_http_methods", Some(open)) => match code.inside(open).is_empty() {
                    true => vec!["GET".into()],
                    false => methods_in(&self.names, code.arguments(open).swap_remove(0)),
                },
                ("require_GET" | "require_safe", _) => vec!["GET".into()],
                ("require_POST", _) => vec!["POST".into()],
                _ => continue,
            };
            let scope: Arc<str> = format!("#{}", code.text_of(decorator.target + 1)).into();
            self.routing.leaves.push(Arc::clone(&scope));
            for method in methods {
                let scope = Some(Arc::clone(&scope));
                let at = code.at(decorator.start);
                self.routing.routes.push(Route { at, method, path: literal(""), scope, owner: None });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn members_of_views_answer_methods() {
        check(
            "shop/views.py",
            "
from rest_framework.views import APIView
from rest_framework import generics
from .base import BaseView
class OrderView(APIView):
    def get(self, request, pk): ...
    async def post(self, request): ...
    def helper(self): ...
class Orders(generics.ListCreateAPIView):
    http_method_names = ['get']
class Things(BaseView):
    def delete(self, request): ...
class Client:
    def get(self, url): ...
            ",
            "6 GET  in #OrderView of #OrderView
            7 POST  in #OrderView of #OrderView
            9 GET  in #Orders of #Orders
            12 DELETE  in #Things of #Things
            leaf #OrderView
            leaf #Orders
            leaf #Things
            11 type Things : shop/base#BaseView",
        );
    }

    #[test]
    fn view_sets_bring_their_routes() {
        check(
            "shop/views.py",
            "
from rest_framework import viewsets, mixins
from rest_framework.decorators import action
class OrderViewSet(viewsets.ModelViewSet):
    lookup_field = 'slug'
    http_method_names = ['get', 'post', 'head']
    @action(detail=True, methods=['post'], url_path='set-state')
    def set_state(self, request, slug): ...
    @action(detail=False)
    def recent(self, request): ...
class ItemViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    def destroy(self, request, pk): ...
            ",
            "4 GET  in #OrderViewSet of #OrderViewSet
            4 POST  in #OrderViewSet of #OrderViewSet
            4 GET {slug} in #OrderViewSet of #OrderViewSet
            7 POST {slug}/set-state in #OrderViewSet of #OrderViewSet
            9 GET recent in #OrderViewSet of #OrderViewSet
            11 GET  in #ItemViewSet of #ItemViewSet
            12 DELETE {pk} in #ItemViewSet of #ItemViewSet
            leaf #OrderViewSet
            leaf #ItemViewSet",
        );
    }

    #[test]
    fn functions_say_their_methods() {
        check(
            "shop/views.py",
            "
from rest_framework.decorators import api_view
@api_view(['GET', 'POST'])
def orders(request): ...
@api_view()
def one(request): ...
@csrf_exempt
@require_POST
def write(request): ...
def plain(request): ...
            ",
            "3 GET  in #orders
            3 POST  in #orders
            5 GET  in #one
            8 POST  in #write
            leaf #orders
            leaf #one
            leaf #write",
        );
    }

    #[test]
    fn resources_of_falcon_answer_by_name() {
        check(
            "shop/things.py",
            "
class Things:
    def on_get(self, req, resp): ...
    async def on_post(self, req, resp, id): ...
class Listener:
    def on_delete(self, event): ...
            ",
            "3 GET  in #Things of #Things
            4 POST  in #Things of #Things
            leaf #Things",
        );
    }
}
