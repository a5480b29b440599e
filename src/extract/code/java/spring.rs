//! Spring MVC and WebFlux: controllers with annotations, view controllers, and what Spring Data REST generates.
//!
//! `@RequestMapping` on a type is the prefix of its members; an interface or abstract class with mappings counts where a controller
//! inherits them, and never as a client of another service (`@FeignClient`, `@HttpExchange`).

use super::controllers::{self, Operation, Standing};
use super::types::{Annotation, Form, Type, types};
use super::values;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Mount, Prefix, Route, Routing};
use crate::source::Spanned;

pub const FRAMEWORK: Framework = Framework {
    name: "spring",
    marks: &[
        "org.springframework.web.bind.annotation",
        "org.springframework.web.service.annotation",
        "RepositoryRestResource",
        "ViewControllerRegistry",
        "PathMatchConfigurer",
        "@EnableAuthorizationServer",
        "OAuth2AuthorizationServerConfigur",
        "@EnableEurekaServer",
        "@EnableConfigServer",
        "@EnableAdminServer",
        "@EnableZuul",
        "@EnableTurbine",
    ],
    read,
};

/// Annotations that make a type a controller.
const CONTROLLERS: [&str; 4] = ["RestController", "Controller", "RepositoryRestController", "BasePathAwareController"];
/// Annotations that make an interface a client.
const CLIENTS: [&str; 3] = ["FeignClient", "ReactiveFeignClient", "RetrofitClient"];
/// Annotations of types that say nothing of requests.
const OTHERS: [&str; 30] = [
    "RequestMapping",
    "HttpExchange",
    "Validated",
    "Slf4j",
    "Log4j2",
    "RequiredArgsConstructor",
    "AllArgsConstructor",
    "NoArgsConstructor",
    "Component",
    "Service",
    "Configuration",
    "Tag",
    "Api",
    "CrossOrigin",
    "PreAuthorize",
    "Deprecated",
    "SuppressWarnings",
    "Override",
    "ResponseStatus",
    "ControllerAdvice",
    "RestControllerAdvice",
    "Transactional",
    "Lazy",
    "Profile",
    "Hidden",
    "Generated",
    "Log",
    "Data",
    "SecurityRequirement",
    "ResponseBody",
];
/// Annotations that put whole servers with operations of their own into a program.
const SERVERS: [&str; 8] = [
    "EnableAuthorizationServer",
    "EnableEurekaServer",
    "EnableConfigServer",
    "EnableAdminServer",
    "EnableZuulProxy",
    "EnableZuulServer",
    "EnableTurbine",
    "EnableTurbineStream",
];
const PATHS: [&str; 3] = ["value", "path", "url"];

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    for of in types(code) {
        repository(code, &of, &mut routing);
        if let Some(server) = of.annotation(&SERVERS) {
            let why = format!("endpoints that {} makes", code.text_of(server.at));
            routing.uncounted.push(Spanned::new(why.into(), code.at(server.at)));
        }
        if of.annotation(&CLIENTS).is_none() {
            controller(code, &of, &mut routing);
        }
    }
    for call in code.calls() {
        let name = code.text_of(call.name);
        let arguments = || code.arguments(call.open);
        match name {
            "addViewController" | "addRedirectViewController" | "addStatusController" => {
                if let Some(path) = arguments().first().map(|path| values::value(code, path.clone())) {
                    let at = code.at(call.name);
                    routing.routes.push(Route { at, method: "GET".into(), path, scope: None, owner: None });
                }
            }
            "applyDefaultSecurity" | "authorizationServer" => {
                let why = "endpoints that the authorization server makes";
                routing.uncounted.push(Spanned::new(why.into(), code.at(call.name)));
            }
            // A prefix for some packages alone can't be told from here.
            "addPathPrefix" => {
                if let [path, which] = arguments().as_slice()
                    && which.clone().any(|at| code.is_any(at, &["RestController", "forAnyHandlerType"]))
                {
                    routing.prefixes.push(Prefix { at: code.at(call.name), path: values::value(code, path.clone()) });
                }
            }
            _ => {}
        }
    }
    controllers::finish(routing, output);
}

/// Spring Data REST offers what a repository can do.
fn repository(code: &Code, of: &Type, routing: &mut Routing) {
    let Some(annotation) = of.annotation(&["RepositoryRestResource"]).filter(|_| of.form == Form::Interface) else { return };
    let exported = annotation.attribute(code, "exported").is_none_or(|range| !code.is(range.start, "false"));
    if exported {
        let why = format!("Spring Data REST offers `{}`", of.name);
        routing.uncounted.push(Spanned::new(why.into(), code.at(annotation.at)));
    }
}

fn controller(code: &Code, of: &Type, routing: &mut Routing) {
    let mapping = of.annotation(&["RequestMapping", "HttpExchange"]);
    let prefixes = mapping.map_or(Vec::new(), |mapping| mapping.values(code, &PATHS));
    if of.form == Form::Annotation {
        // Types marked by it are controllers, too.
        if of.annotation(&CONTROLLERS).is_some() {
            let prefix = prefixes.into_iter().next().unwrap_or(literal(""));
            let (at, child) = (code.at(of.item.name), of.scope());
            routing.applications.push("#controllers".into());
            routing.mounts.push(Mount { at, parent: "#controllers".into(), child, prefix });
        }
        return;
    }
    let methods = mapping.map_or(Vec::new(), |mapping| methods(code, mapping));
    let mut operations = Vec::new();
    for member in &of.members {
        for annotation in &member.annotations {
            operations.extend(operations_of(code, annotation, &methods));
        }
    }
    let is_controller = of.annotation(&CONTROLLERS).is_some();
    if is_controller && !controllers::is_base(of) {
        return controllers::add(routing, code, of, Standing::Controller, &prefixes, operations);
    }
    if !operations.is_empty() && !controllers::is_base(of) {
        // An annotation of the system's own may make it a controller.
        let own = of.annotations.iter().filter(|annotation| !OTHERS.contains(&annotation.name));
        for annotation in own {
            let parent = code.symbol(annotation.name);
            if !parent.starts_with("org/springframework/") && !parent.starts_with("io/swagger/") {
                let at = code.at(annotation.at);
                routing.mounts.push(Mount { at, parent, child: of.scope(), prefix: literal("") });
            }
        }
    }
    controllers::add(routing, code, of, Standing::Base, &prefixes, operations);
}

pub fn operations_of(code: &Code, annotation: &Annotation, of_type: &[&'static str]) -> Vec<Operation> {
    let methods = match annotation.name {
        "RequestMapping" => match methods(code, annotation) {
            none if none.is_empty() && of_type.is_empty() => vec!["ANY"],
            none if none.is_empty() => of_type.to_vec(),
            some => some,
        },
        "HttpExchange" => {
            let word = annotation.attribute(code, "method").and_then(|range| code.literal(range.start));
            vec![word.and_then(|word| controllers::method(&word)).unwrap_or("ANY")]
        }
        name => {
            let word = name.strip_suffix("Mapping").or(name.strip_suffix("Exchange"));
            match word.filter(|word| !word.is_empty()).and_then(controllers::method) {
                Some(method) => vec![method],
                None => return Vec::new(),
            }
        }
    };
    let mut paths = annotation.values(code, &PATHS);
    if paths.is_empty() {
        paths.push(literal(""));
    }
    let at = code.location(annotation.at..annotation.end);
    let pairs = paths.into_iter().flat_map(|path| methods.iter().map(move |method| (path.clone(), *method)));
    pairs.map(|(path, method)| Operation { at, method, path }).collect()
}

/// `method = RequestMethod.GET`, `method = {GET, POST}`.
fn methods(code: &Code, annotation: &Annotation) -> Vec<&'static str> {
    let Some(range) = annotation.attribute(code, "method") else { return Vec::new() };
    range.filter_map(|at| code.word(at).and_then(controllers::method)).collect()
}
