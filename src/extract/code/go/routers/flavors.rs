//! What each router of Go calls its functions, types and methods. To read another one, add it to [`FLAVORS`].

use super::super::super::paths::Style;

/// One router library.
#[derive(Debug)]
pub struct Flavor {
    pub name: &'static str,
    /// Beginnings of the paths of its packages.
    pub modules: &'static [&'static str],
    /// Functions of the package that make an application or router.
    pub makers: &'static [&'static str],
    /// Types that are a whole application, before whose paths nothing can stand.
    pub wholes: &'static [&'static str],
    /// Types of routers and groups.
    pub parts: &'static [&'static str],
    pub style: Style,
    /// True where functions of the package register routes: `http.HandleFunc`.
    pub is_package: bool,
    /// True where a path that ends with a slash answers every path below it.
    pub subtrees: bool,
    pub methods: fn(&str) -> Option<Action>,
}

/// What a method of a router does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `GET("/x", handler)`.
    Route(&'static str),
    /// `Handle("GET", "/x", handler)`, the method perhaps a list.
    MethodThenPath,
    /// `Handle("/x", handler)` of net/http, where the method may stand in the path; methods of the chain may follow.
    Pattern,
    /// `Methods("GET", "POST")`.
    Methods,
    /// `Path("/x")`.
    Path,
    /// `PathPrefix("/x")`.
    PathPrefix,
    /// `Handler(handler)`: ends a chain.
    Handler,
    /// `Subrouter()`.
    Subrouter,
    /// `Group("/x")`, or `Group("/x", func(group) { … })`, or `Group(func(router) { … })`.
    Group,
    /// `Mount("/x", router)`.
    Mount,
    /// `Use("/x", router)`, or middleware.
    Use,
    /// The same router, with something more: `With(middleware)`.
    Same,
    /// Operations that are told by reflection.
    Uncounted,
}

use Action::*;

const fn part(name: &'static str) -> Flavor {
    Flavor {
        name,
        modules: &[],
        makers: &["New"],
        wholes: &[],
        parts: &[],
        style: Style::Colon,
        is_package: false,
        subtrees: false,
        methods: upper,
    }
}

pub const FLAVORS: &[Flavor] = &[
    Flavor {
        modules: &["github.com/gin-gonic/gin"],
        makers: &["New", "Default"],
        wholes: &["Engine"],
        parts: &["RouterGroup", "IRouter", "IRoutes"],
        ..part("gin")
    },
    Flavor { modules: &["github.com/labstack/echo"], wholes: &["Echo"], parts: &["Group"], ..part("echo") },
    Flavor {
        modules: &["github.com/gofiber/fiber"],
        wholes: &["App"],
        parts: &["Router", "Group", "Register"],
        methods: capital,
        ..part("fiber")
    },
    Flavor {
        modules: &[
            "github.com/go-chi/chi",
            "github.com/pressly/chi",
            "goji.io",
            "github.com/zenazn/goji",
            "github.com/flamego/flamego",
        ],
        makers: &["NewRouter", "NewMux", "New", "Classic"],
        parts: &["Router", "Mux", "Flame"],
        style: Style::Braces,
        methods: capital,
        ..part("chi")
    },
    Flavor {
        modules: &["github.com/gorilla/mux"],
        makers: &["NewRouter"],
        parts: &["Router"],
        style: Style::Braces,
        subtrees: true,
        methods: gorilla,
        ..part("gorilla-mux")
    },
    Flavor {
        modules: &[
            "github.com/julienschmidt/httprouter",
            "github.com/dimfeld/httptreemux",
            "github.com/uptrace/bunrouter",
            "github.com/buaazp/fasthttprouter",
            "github.com/fasthttp/router",
        ],
        makers: &["New", "NewContextMux"],
        parts: &["Router", "TreeMux", "ContextMux", "Group", "CompatRouter"],
        ..part("httprouter")
    },
    Flavor {
        modules: &["github.com/kataras/iris"],
        makers: &["New", "Default"],
        wholes: &["Application"],
        parts: &["Party", "APIBuilder"],
        style: Style::Braces,
        methods: capital,
        ..part("iris")
    },
    Flavor {
        modules: &["github.com/cloudwego/hertz"],
        makers: &["New", "Default"],
        wholes: &["Hertz"],
        parts: &["RouterGroup", "IRouter", "IRoutes"],
        ..part("hertz")
    },
    Flavor {
        modules: &["github.com/gogf/gf"],
        makers: &["Server", "GetServer"],
        wholes: &["Server"],
        parts: &["RouterGroup"],
        ..part("goframe")
    },
    Flavor {
        modules: &["github.com/gobuffalo/buffalo"],
        makers: &["New"],
        wholes: &["App"],
        style: Style::Braces,
        ..part("buffalo")
    },
    Flavor {
        modules: &["net/http"],
        subtrees: true,
        makers: &["NewServeMux"],
        parts: &["ServeMux"],
        style: Style::Braces,
        is_package: true,
        methods: standard,
        ..part("net-http")
    },
];

/// For a router that another file of the package declares. What registers routes on it tells no more than how its methods are called.
pub const UNNAMED: Flavor = Flavor { makers: &[], style: Style::Braces, methods: unnamed, ..part("router") };

fn upper(name: &str) -> Option<Action> {
    Some(match name {
        "GET" => Route("GET"),
        "POST" => Route("POST"),
        "PUT" => Route("PUT"),
        "DELETE" => Route("DELETE"),
        "PATCH" => Route("PATCH"),
        "HEAD" => Route("HEAD"),
        "OPTIONS" => Route("OPTIONS"),
        "Any" | "ANY" | "ALL" => Route("ANY"),
        "Handle" | "Handler" | "HandlerFunc" | "HandleFunc" | "Match" | "Add" | "Method" => MethodThenPath,
        "Group" | "NewGroup" | "WithGroup" => Group,
        "Mount" => Mount,
        "Use" | "Pre" | "With" | "UseHandler" => Same,
        "Bind" | "BindObject" | "Resource" => Uncounted,
        _ => return None,
    })
}

fn capital(name: &str) -> Option<Action> {
    Some(match name {
        "Get" => Route("GET"),
        "Post" => Route("POST"),
        "Put" => Route("PUT"),
        "Delete" => Route("DELETE"),
        "Patch" => Route("PATCH"),
        "Head" => Route("HEAD"),
        "Options" => Route("OPTIONS"),
        "Any" | "All" => Route("ANY"),
        "Handle" | "HandleFunc" => Pattern,
        "Method" | "MethodFunc" | "Add" | "HandleMany" => MethodThenPath,
        "Group" | "Route" | "Party" | "PartyFunc" | "RouteChain" => Group,
        "Mount" => Mount,
        "Use" | "UseRouter" => Use,
        "With" => Same,
        _ => return None,
    })
}

fn gorilla(name: &str) -> Option<Action> {
    Some(match name {
        "HandleFunc" | "Handle" => Pattern,
        "Methods" => Methods,
        "Path" => Path,
        "PathPrefix" => PathPrefix,
        "Handler" | "HandlerFunc" => Handler,
        "Subrouter" => Subrouter,
        "StrictSlash" | "SkipClean" | "UseEncodedPath" | "Use" | "Host" | "Headers" | "HeadersRegexp" | "Queries" | "Schemes"
        | "Name" | "MatcherFunc" | "NewRoute" | "BuildVarsFunc" => Same,
        _ => return None,
    })
}

fn standard(name: &str) -> Option<Action> {
    matches!(name, "HandleFunc" | "Handle").then_some(Pattern)
}

fn unnamed(name: &str) -> Option<Action> {
    match name {
        "Handle" | "Handler" | "Use" | "Path" | "Host" | "Name" | "Headers" | "Queries" => gorilla(name),
        _ => upper(name).filter(|action| !matches!(action, MethodThenPath | Uncounted)).or(capital(name)).or(gorilla(name)),
    }
    .filter(|action| !matches!(action, Uncounted))
}
