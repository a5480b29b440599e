//! Routers of Phoenix: verbs, `resources`, `scope`, `live`, `forward`, macros of the system that hold routes.
//!
//! A router is the scope `#Its.Module`. What it forwards to is mounted: another router, or a plug that answers to every method. Macros in
//! whose quoted code routes stand are scopes too, `#macro.name` or `#Its.Module.__using__`, which lie in the routers that call them.

use std::ops::Range;
use std::sync::Arc;

use super::macros::{MADE, MAKERS, OTHER, PAGES};
use super::syntax::{self, Module, Statement};
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Route, Routing, Value};
use crate::source::{Location, Spanned};

pub const FRAMEWORK: Framework = Framework {
    name: "phoenix",
    marks: &[", :router", "_router\n", "Phoenix.Router", "pipe_through", "AshJsonApi.Router"],
    read,
};

/// Blocks lie in no more blocks than these, or nothing in them is read.
const DEEPEST: usize = 32;
/// No path is longer.
const LONGEST_PATH: usize = 1_000;

const VERBS: [&str; 9] = ["get", "post", "put", "patch", "delete", "options", "head", "connect", "trace"];

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    let mut pages = 0;
    for module in syntax::modules(code) {
        let is_router = syntax::uses(code, &module, |name, further| {
            let kind = further.first().and_then(|kind| syntax::atom(code, kind.clone()));
            matches!(name, "Phoenix.Router" | "AshJsonApi.Router") || kind.is_some_and(|kind| kind.ends_with("router"))
        });
        // The module that others `use` for being routers is none.
        let is_router = is_router.is_some_and(|found| code.function_around(found.name).is_none());
        let scope = is_router.then(|| format!("#{}", module.name).into());
        let mut reader =
            Reader { code, module: &module, scope, is_macro: false, routing: &mut routing, frames: Vec::new(), pages: 0 };
        reader.read(module.body.clone());
        pages += reader.pages;
    }
    output.facts.extend((0..pages).map(|_| Fact::Page));
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

/// A block, with what stands before the paths in it.
struct Frame {
    end: usize,
    prefix: Value,
    /// What stands before names of modules.
    alias: String,
    /// Only there while people develop.
    development: bool,
    /// A condition that tells so: the other half of its block begins with `else`.
    has_other_half: bool,
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    module: &'c Module,
    /// None outside of routers and macros: nothing is a route there.
    scope: Option<Arc<str>>,
    is_macro: bool,
    routing: &'c mut Routing,
    frames: Vec<Frame>,
    /// Routes that show a page to people.
    pages: usize,
}

impl Reader<'_, '_> {
    fn read(&mut self, body: Range<usize>) {
        let code = self.code;
        let mut at = body.start;
        while at < body.end {
            while self.frames.last().is_some_and(|frame| frame.end <= at) {
                self.frames.pop();
            }
            if code.is(at, "else")
                && let Some(frame) = self.frames.last_mut().filter(|frame| frame.has_other_half)
            {
                frame.development = !frame.development;
            }
            at = match syntax::statement(code, at) {
                Some(statement) => self.statement(&statement).max(at + 1),
                None => at + 1,
            };
        }
        self.frames.clear();
    }

    /// Reads a statement; gives where the next one may begin.
    fn statement(&mut self, found: &Statement) -> usize {
        let code = self.code;
        let name = code.text_of(found.name);
        match name {
            // A module in the module is read by itself, and functions run later.
            "defmodule" | "def" | "defp" | "pipeline" => return found.after(code),
            "defmacro" | "defmacrop" => {
                self.define(found);
                return found.after(code);
            }
            _ if self.scope.is_none() => return found.name + 1,
            "scope" => return self.scope(found),
            "if" | "unless" => return self.condition(found),
            _ if self.frames.last().is_some_and(|frame| frame.development) => {}
            "resources" => return self.resources(found),
            "match" => self.matched(found),
            "live" => {
                self.pages += 1;
                self.route(found, 0, 2, &["GET"]);
            }
            "forward" => self.forward(found),
            "use" => self.used(found),
            _ if VERBS.contains(&name) => self.route(found, 0, 2, &[&*name.to_ascii_uppercase()]),
            _ if PAGES.contains(&name) => {
                self.route(found, 0, 1, &["GET"]);
                self.uncounted(found.name..found.end, name);
            }
            _ => self.called(found, name),
        }
        // Blocks of other macros hold statements.
        found.end
    }

    fn prefix(&self) -> Value {
        self.frames.last().map_or_else(|| literal(""), |frame| frame.prefix.clone())
    }

    fn alias(&self) -> &str {
        self.frames.last().map_or("", |frame| &frame.alias)
    }

    /// Goes into a block, unless it lies too deep.
    fn enter(&mut self, found: &Statement, prefix: Value, alias: String, development: Option<bool>) -> usize {
        let Some(block) = found.block(self.code) else { return found.end };
        if self.frames.len() >= DEEPEST || length(&prefix) > LONGEST_PATH || alias.len() > LONGEST_PATH {
            return found.after(self.code);
        }
        let around = self.frames.last().is_some_and(|frame| frame.development);
        let has_other_half = development.is_some() && !around;
        let development = around || development.unwrap_or(false);
        self.frames.push(Frame { end: block.end, prefix, alias, development, has_other_half });
        block.start
    }

    /// `scope "/a", B, as: :c do`, `scope path: "/a", alias: B do`.
    fn scope(&mut self, found: &Statement) -> usize {
        let code = self.code;
        let mut path = found.named(code, "path");
        let mut alias = found.named(code, "alias");
        for (index, argument) in code.positional(&found.arguments).enumerate() {
            match syntax::full_name(code, self.module, argument.clone()) {
                Some(_) => alias = Some(argument.clone()),
                None if index == 0 => path = Some(argument.clone()),
                None => {}
            }
        }
        let prefix = match path {
            Some(path) => self.below(path),
            None => self.prefix(),
        };
        let alias = match alias {
            Some(alias) if code.is(alias.start, "false") => String::new(),
            Some(alias) => self.in_scope(alias).unwrap_or_default(),
            None => self.alias().to_owned(),
        };
        self.enter(found, prefix, alias, None)
    }

    /// The whole name of a module that is written in a scope.
    fn in_scope(&self, range: Range<usize>) -> Option<String> {
        let name = syntax::full_name(self.code, self.module, range)?;
        Some(if self.alias().is_empty() { name } else { format!("{}.{name}", self.alias()) })
    }

    /// A path in the current scope.
    fn below(&self, path: Range<usize>) -> Value {
        paths::join(&self.prefix(), paths::template(syntax::value(self.code, path), Style::Colon))
    }

    fn condition(&mut self, found: &Statement) -> usize {
        let development = is_development(self.code, found.name..found.end);
        let development = development.map(|holds| holds != self.code.is(found.name, "unless"));
        let (prefix, alias) = (self.prefix(), self.alias().to_owned());
        self.enter(found, prefix, alias, development)
    }

    /// `get "/path", Plug, :action`: the path is the argument of that index, and there are at least so many.
    fn route(&mut self, found: &Statement, index: usize, least: usize, methods: &[&str]) {
        let code = self.code;
        let place = found.name..found.end;
        let Some(path) = found.arguments.get(index).filter(|_| found.arguments.len() >= least) else { return };
        match syntax::value(code, path.clone()) {
            Value::Literal(_) | Value::Concat(_) | Value::Env { .. } => {
                let path = self.below(path.clone());
                self.add(place, methods, path);
            }
            // A macro is given paths; a function of tests is given a connection.
            _ if self.is_macro => {}
            _ => self.uncounted(place, "its path is known at run time"),
        }
    }

    fn add(&mut self, place: Range<usize>, methods: &[&str], path: Value) {
        if length(&path) > LONGEST_PATH {
            return;
        }
        let at = self.code.location(place);
        self.routing.routes.extend(methods.iter().map(|&method| Route {
            at,
            method: method.into(),
            path: path.clone(),
            scope: self.scope.clone(),
            owner: None,
        }));
    }

    fn uncounted(&mut self, place: Range<usize>, why: &str) {
        self.routing.uncounted.push(Spanned::new(why.into(), self.code.location(place)));
    }

    /// `match :move, "/path", Plug, :action`; `:*` for all methods.
    fn matched(&mut self, found: &Statement) {
        let code = self.code;
        let Some(method) = found.arguments.first().cloned() else { return };
        if code.text_in(method.clone()) == ":*" {
            return self.route(found, 1, 3, &["ANY"]);
        }
        match syntax::atoms(code, method) {
            Some(methods) => {
                let methods: Vec<String> = methods.iter().take(16).map(|method| method.to_ascii_uppercase()).collect();
                self.route(found, 1, 3, &methods.iter().map(String::as_str).collect::<Vec<_>>());
            }
            None => self.uncounted(found.name..found.end, "its method is known at run time"),
        }
    }

    /// `resources "/users", UserController, only: [:index] do … end`.
    fn resources(&mut self, found: &Statement) -> usize {
        let code = self.code;
        let positional: Vec<Range<usize>> = code.positional(&found.arguments).cloned().collect();
        let [path, controller, ..] = &positional[..] else { return found.end };
        let place = found.name..found.end;
        let actions = |name| found.named(code, name).map(|range| syntax::atoms(code, range));
        let (only, except) = (actions("only"), actions("except"));
        if matches!(only, Some(None)) || matches!(except, Some(None)) {
            self.uncounted(place.clone(), "its actions are known at run time");
            return found.after(code);
        }
        let is_made = |action: &str| {
            let has = |list: &Option<Option<Vec<Arc<str>>>>| list.iter().flatten().flatten().any(|name| **name == *action);
            (only.is_none() || has(&only)) && !has(&except)
        };
        let text = |name| found.named(code, name).and_then(|range| code.literal_text(syntax::resolved(code, range)));
        let parameter = text("param").map_or_else(|| "id".into(), |text| text.value);
        let single = found.named(code, "singleton").is_some_and(|range| code.is(range.start, "true"));
        let base = self.below(path.clone());
        let one = if single { base.clone() } else { below(&base, &format!("{{{parameter}}}")) };
        let actions = [
            ("index", &["GET"][..], base.clone()),
            ("edit", &["GET"], below(&one, "edit")),
            ("new", &["GET"], below(&base, "new")),
            ("show", &["GET"], one.clone()),
            ("create", &["POST"], base.clone()),
            ("update", &["PATCH", "PUT"], one.clone()),
            ("delete", &["DELETE"], one.clone()),
        ];
        for (action, methods, path) in actions {
            if is_made(action) && !(single && action == "index") {
                self.add(place.clone(), methods, path);
            }
        }
        let inner = if single {
            base
        } else {
            let name = text("name").map(|text| text.value).or_else(|| {
                let controller = code.text_of(controller.end.saturating_sub(1));
                Some(snake(controller.strip_suffix("Controller").filter(|name| !name.is_empty()).unwrap_or(controller)).into())
            });
            below(&base, &format!("{{{}_{parameter}}}", name.unwrap_or_default()))
        };
        let alias = self.alias().to_owned();
        self.enter(found, inner, alias, None)
    }

    /// `forward "/path", Plug, options`.
    fn forward(&mut self, found: &Statement) {
        let [path, plug, ..] = &found.arguments[..] else { return };
        let Some(child) = self.in_scope(plug.clone()) else { return };
        if child == "Plug.Static" {
            return;
        }
        let (at, prefix) = (found.name..found.end, self.below(path.clone()));
        let child: Arc<str> = format!("#{child}").into();
        self.routing.leaves.push(Arc::clone(&child));
        let at = self.code.location(at);
        self.mount(at, child, prefix);
    }

    fn mount(&mut self, at: Location, child: Arc<str>, prefix: Value) {
        if let Some(parent) = self.scope.clone().filter(|parent| *parent != child) {
            self.routing.mounts.push(Mount { at, parent, child, prefix });
        }
    }

    /// `use Acme.Web.AdminRoutes`: a module of the system may hold routes, some of libraries do.
    fn used(&mut self, found: &Statement) {
        let code = self.code;
        let Some(name) = found.arguments.first().and_then(|name| syntax::full_name(code, self.module, name.clone())) else {
            return;
        };
        if MAKERS.contains(&&*name) {
            return self.uncounted(found.name..found.end, &name);
        }
        if found.arguments.len() == 1 && name != "Phoenix.Router" {
            let at = code.location(found.name..found.end);
            let prefix = self.prefix();
            self.mount(at, format!("#{name}.__using__").into(), prefix);
        }
    }

    /// Another macro: one of a library that makes routes, or of the system.
    fn called(&mut self, found: &Statement, name: &str) {
        let code = self.code;
        if MADE.iter().any(|(made, library)| name.starts_with(made) && !code.occurrences(library).is_empty()) {
            return self.uncounted(found.name..found.end, name);
        }
        let is_macro = name.starts_with(|first: char| first.is_ascii_lowercase()) && !OTHER.contains(&name);
        if is_macro && found.block(code).is_none() {
            let at = code.location(found.name..found.end);
            let prefix = self.prefix();
            self.mount(at, format!("#macro.{name}").into(), prefix);
        }
    }

    /// `defmacro name(…) do quote do … end end`: routes that other modules take over.
    fn define(&mut self, found: &Statement) {
        let code = self.code;
        let Some(block) = found.block(code) else { return };
        let name = found.arguments.first().and_then(|head| code.word(head.start));
        let Some(name) = name.filter(|_| !self.is_macro) else { return };
        let scope = if name == "__using__" { format!("#{}.__using__", self.module.name) } else { format!("#macro.{name}") };
        let (routes, mounts, uncounted) = (self.routing.routes.len(), self.routing.mounts.len(), self.routing.uncounted.len());
        let routing = &mut *self.routing;
        let mut reader = Reader {
            code,
            module: self.module,
            scope: Some(scope.into()),
            is_macro: true,
            routing,
            frames: Vec::new(),
            pages: 0,
        };
        reader.read(block);
        // A macro without routes is another matter.
        if self.routing.routes.len() == routes {
            self.routing.mounts.truncate(mounts);
            self.routing.uncounted.truncate(uncounted);
        }
    }
}

fn below(path: &Value, part: &str) -> Value {
    paths::join(path, literal(format!("/{part}")))
}

/// How many bytes of a path are known.
fn length(path: &Value) -> usize {
    match path {
        Value::Literal(text) => text.len(),
        Value::Concat(parts) => parts.iter().map(|part| if let Value::Literal(text) = part { text.len() } else { 1 }).sum(),
        _ => 1,
    }
}

/// Whether a condition holds where people develop, and only there: `Mix.env() in [:dev, :test]`,
/// `Application.compile_env(:shop, :dev_routes)`. None where it is about something else.
fn is_development(code: &Code, condition: Range<usize>) -> Option<bool> {
    let has = |words: &[&str]| condition.clone().any(|at| code.is_any(at, words));
    let differs = has(&["!=", "not", "!"]);
    if has(&["dev_routes", "dev_routes?", "code_reloading?"]) {
        return Some(!differs);
    }
    let names = (has(&["dev", "test"]), has(&["prod"]));
    match (has(&["Mix", "env", "mix_env", "@env"]), names) {
        (true, (true, false)) => Some(!differs),
        (true, (false, true)) => Some(differs),
        _ => None,
    }
}

/// `BlogPost` as `blog_post`, `APIKey` as `api_key`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::with_capacity(name.len() + 4);
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before));
        let next_small = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let begins = before.is_some_and(|before| *before != '_' && (!before.is_uppercase() || next_small));
        if letter.is_uppercase() && begins {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::code::snapshot::check;

    #[test]
    fn routers_have_verbs_scopes_and_resources() {
        check(
            "lib/shop_web/router.ex",
            r#"defmodule ShopWeb.Router do
  use ShopWeb, :router
  import ShopWeb.UserAuth

  pipeline :browser do
    plug :accepts, ["html"]
    plug :get, "/none"
  end

  scope "/", ShopWeb do
    pipe_through [:browser, :require_user]
    get "/", PageController, :home
    post("/files/*path", FileController, :create)
    match :*, "/any", AnyController, :index
    match :move, "/users/:id", UserController, :move
    live "/live/:id/edit", OrderLive.Edit, :edit
    live_session :default, on_mount: [{ShopWeb.UserAuth, :mount}] do
      live "/inner", InnerLive
    end
  end

  @version "/v1"
  scope @version <> "/api", ShopWeb.Api, as: :api do
    scope "/admin" do
      delete "/cache", CacheController, :clear, as: :cache
    end
    resources "/users", UserController, except: [:new, :edit]
  end

  scope path: "/opt", alias: ShopWeb do
    options "/x", OptionController, :options
  end

  defp fetch(conn, _opts) do
    get(conn, "/nothing")
    delete "/nothing", Foo, :bar
    conn
  end
end"#,
            "12 GET / in #ShopWeb.Router
             13 POST /files/{rest} in #ShopWeb.Router
             14 ANY /any in #ShopWeb.Router
             15 MOVE /users/{id} in #ShopWeb.Router
             16 GET /live/{id}/edit in #ShopWeb.Router
             18 GET /inner in #ShopWeb.Router
             25 DELETE /v1/api/admin/cache in #ShopWeb.Router
             27 GET /v1/api/users in #ShopWeb.Router
             27 GET /v1/api/users/{id} in #ShopWeb.Router
             27 POST /v1/api/users in #ShopWeb.Router
             27 PATCH /v1/api/users/{id} in #ShopWeb.Router
             27 PUT /v1/api/users/{id} in #ShopWeb.Router
             27 DELETE /v1/api/users/{id} in #ShopWeb.Router
             31 OPTIONS /opt/x in #ShopWeb.Router",
        );
    }

    #[test]
    fn resources_are_nested_named_and_single() {
        check(
            "lib/shop_web/router.ex",
            r#"defmodule ShopWeb.Router do
  use Phoenix.Router
  resources "/blog-posts", Admin.BlogPostController, only: [:index, :edit, :new] do
    resources "/comments", CommentController, only: ~w(show)a, param: "slug" do
      post "/like", LikeController, :create
    end
  end
  resources("/account", AccountController, singleton: true, except: [:new, :edit]) do
    get "/avatar", AvatarController, :show
  end
  resources "/posts", PostController, name: "article", only: [] do
    get "/x", XController, :show
  end
  resources "/unknown", UnknownController, only: actions()
end"#,
            "3 GET /blog-posts in #ShopWeb.Router
             3 GET /blog-posts/{id}/edit in #ShopWeb.Router
             3 GET /blog-posts/new in #ShopWeb.Router
             4 GET /blog-posts/{blog_post_id}/comments/{slug} in #ShopWeb.Router
             5 POST /blog-posts/{blog_post_id}/comments/{comment_slug}/like in #ShopWeb.Router
             8 GET /account in #ShopWeb.Router
             8 POST /account in #ShopWeb.Router
             8 PATCH /account in #ShopWeb.Router
             8 PUT /account in #ShopWeb.Router
             8 DELETE /account in #ShopWeb.Router
             9 GET /account/avatar in #ShopWeb.Router
             12 GET /posts/{article_id}/x in #ShopWeb.Router
             14 uncounted its actions are known at run time",
        );
    }

    #[test]
    fn what_is_forwarded_to_is_mounted() {
        check(
            "lib/shop_web/router.ex",
            r#"defmodule ShopWeb.Router do
  use ShopWeb, :router
  alias ShopWeb.Other, as: O
  forward "/jobs", BackgroundJob.Plug, name: "x"
  scope "/a", ShopWeb do
    forward "/admin", AdminRouter
    forward "/other", O.Router, []
  end
  if Mix.env() in [:dev, :test] do
    forward "/mailbox", Plug.Swoosh.MailboxPreview
    get "/dev", DevController, :index
  else
    get "/prod", ProdController, :index
  end
  if Application.compile_env(:shop, :dev_routes) do
    import Phoenix.LiveDashboard.Router
    scope "/dev" do
      live_dashboard "/dashboard", metrics: ShopWeb.Telemetry
      resources "/r", RController do
        get "/s", SController, :s
      end
    end
  end
  if System.get_env("X") do
    get "/x", XController, :x
  else
    get "/y", YController, :y
  end
  scope "/ops" do
    live_dashboard "/dashboard"
  end
  use Kaffy.Routes, scope: "/admin"
end"#,
            "13 GET /prod in #ShopWeb.Router
             25 GET /x in #ShopWeb.Router
             27 GET /y in #ShopWeb.Router
             30 GET /ops/dashboard in #ShopWeb.Router
             4 mount #BackgroundJob.Plug in #ShopWeb.Router at /jobs
             6 mount #ShopWeb.AdminRouter in #ShopWeb.Router at /a/admin
             7 mount #ShopWeb.ShopWeb.Other.Router in #ShopWeb.Router at /a/other
             leaf #BackgroundJob.Plug
             leaf #ShopWeb.AdminRouter
             leaf #ShopWeb.ShopWeb.Other.Router
             30 uncounted live_dashboard
             32 uncounted Kaffy.Routes",
        );
    }

    #[test]
    fn macros_hold_routes() {
        check(
            "lib/shop_web/api_routes.ex",
            r#"defmodule ShopWeb.ApiRoutes do
  defmacro api_routes do
    quote do
      pipe_through :api
      get "/status", ShopWeb.StatusController, :show
    end
  end
  defmacro __using__(_) do
    quote do
      scope "/more" do
        get "/a", ShopWeb.AController, :show
      end
    end
  end
  defmacro other(which) do
    apply(__MODULE__, which, [])
    get(conn, "/x")
  end
end
defmodule ShopWeb.Router do
  use ShopWeb, :router
  use ShopWeb.ApiRoutes
  scope "/api" do
    api_routes()
  end
end"#,
            "5 GET /status in #macro.api_routes
             11 GET /more/a in #ShopWeb.ApiRoutes.__using__
             22 mount #ShopWeb.ApiRoutes.__using__ in #ShopWeb.Router at
             24 mount #macro.api_routes in #ShopWeb.Router at /api",
        );
    }

    #[test]
    fn other_modules_are_no_routers() {
        check(
            "lib/shop_web.ex",
            r#"defmodule ShopWeb do
  def router do
    quote do
      use Phoenix.Router
      import Plug.Conn
    end
  end
  get "/none", A, :b
end"#,
            "",
        );
        check(
            "lib/shop/client.ex",
            "defmodule Shop.Client do\n  # pipe_through\n  def f(map) do\n    Req.get(\"/a\")\n    get(\"/b\", X, :y)\n    Map.get(map, \"/c\")\n    Keyword.delete([], :d)\n  end\nend",
            "",
        );
    }

    #[test]
    fn names_are_written_small() {
        for (name, small) in
            [("BlogPost", "blog_post"), ("APIKey", "api_key"), ("User", "user"), ("OAuth2", "o_auth2"), ("HTML", "html")]
        {
            assert_eq!(snake(name), small);
        }
    }
}
