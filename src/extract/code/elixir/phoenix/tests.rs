//! What is read of routers of Phoenix, as text in and text out.

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
         32 uncounted Kaffy.Routes
         24 address env(X)",
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
