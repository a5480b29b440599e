//! What a framework whose applications and routers are objects calls its things.

use crate::extract::code::paths::Style;

/// What a framework calls its things.
pub struct Shape {
    pub framework: &'static str,
    /// Packages whose classes count.
    pub packages: &'static [&'static str],
    /// Classes of whole applications, and of parts of one.
    pub applications: &'static [&'static str],
    pub routers: &'static [&'static str],
    /// What a part is told of its prefix: the name of the argument.
    pub prefix: &'static str,
    /// And its place among those without a name.
    pub prefix_at: Option<usize>,
    /// True where a prefix that is told on mounting takes the place of the part's own.
    pub replaces: bool,
    /// Members that register a handler for one method: the member and the method.
    pub verbs: &'static [(&'static str, &'static str)],
    /// Members that register a handler for the methods that they are told.
    pub any: &'static [&'static str],
    /// The argument that names methods, and the methods where it is missing.
    pub methods: &'static [&'static str],
    pub default_methods: &'static [&'static str],
    /// Members that register a handler for messages of a WebSocket.
    pub sockets: &'static [&'static str],
    /// Members that are given path, handler and perhaps methods: the member, the places of path, handler and methods.
    pub adds: &'static [Add],
    pub mounts: &'static [Include],
    /// True where members of the library's module register on a default application.
    pub plain: bool,
    pub style: Style,
}

pub struct Add {
    pub member: &'static str,
    pub method: Option<&'static str>,
    pub path: usize,
    pub handler: usize,
    pub handler_name: &'static str,
    /// The place of the methods.
    pub methods: Option<usize>,
}

/// A member that mounts another part.
pub struct Include {
    pub member: &'static str,
    pub child: usize,
    pub child_name: &'static str,
    /// The place of the prefix among arguments without a name.
    pub prefix: Option<usize>,
    pub prefix_name: &'static str,
}
/// What files say that import no framework: they register on an object that another file makes.
pub const SHAPE: Shape = Shape {
    framework: "python",
    packages: &[],
    applications: &[],
    routers: &[],
    prefix: "",
    prefix_at: None,
    replaces: false,
    verbs: VERBS,
    any: &["route", "api_route"],
    methods: &["methods", "method"],
    default_methods: &["GET"],
    sockets: &["websocket"],
    adds: &[
        Add { member: "add_api_route", method: None, path: 0, handler: 1, handler_name: "endpoint", methods: None },
        Add { member: "add_url_rule", method: None, path: 0, handler: 2, handler_name: "view_func", methods: None },
    ],
    mounts: &[
        Include { member: "include_router", child: 0, child_name: "router", prefix: None, prefix_name: "prefix" },
        Include { member: "register_blueprint", child: 0, child_name: "blueprint", prefix: None, prefix_name: "url_prefix" },
    ],
    plain: false,
    style: Style::Angle,
};
pub const VERBS: &[(&str, &str)] = &[("get", "GET"), ("post", "POST"), ("put", "PUT"), ("delete", "DELETE"), ("patch", "PATCH")];
/// Packages whose objects have members of such names and are no routers.
pub const KNOWN: &[&str] = &[
    "aiohttp_client",
    "boto3",
    "cachetools",
    "celery",
    "click",
    "flask_caching",
    "gunicorn",
    "hypercorn",
    "httpx",
    "locust",
    "mock",
    "flask_restful",
    "flask_restx",
    "flask_restplus",
    "pytest",
    "redis",
    "requests",
    "respx",
    "responses",
    "socketio",
    "typer",
    "unittest",
    "uvicorn",
];
