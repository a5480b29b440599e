//! Minimal APIs as their documentation writes them, and calls that only look so.

use crate::extract::code::snapshot::check;

#[test]
fn routes_of_an_application_are_whole() {
    check(
        "src/Program.cs",
        r#"
var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
const string Prefix = "/api";
app.UseHttpsRedirection();
app.MapGet("/", () => "hello");
app.MapPost($"{Prefix}/orders", async (Order order, Db db) => await db.AddAsync(order)).WithName("a");
app.MapMethods("/any", new[] { "GET", HttpMethods.Head }, Handle);
app.MapMethods("/check", [HttpMethods.Options], () => 1);
app.MapPut(Prefix + "/orders/{id:int}", Update);
app.MapDelete(Routes.Order, Delete);
app.Map("/error", (HttpContext context) => Results.Problem());
app.Map("/branch", branch => { branch.UseMiddleware<X>(); });
app.MapHealthChecks("/hc", new HealthCheckOptions());
app.MapForwarder("/images/{id}", "https://catalog", "/items/{id}/pic");
app.MapHub<Chat>("/chat");
app.MapControllers();
app.MapFallbackToFile("index.html");
app.UsePathBase("/shop");
app.Run();"#,
        "16 subscription /chat
         6 GET /
         7 POST /api/orders
         8 GET /any
         8 HEAD /any
         9 OPTIONS /check
         10 PUT /api/orders/{id}
         11 DELETE <Routes#Routes.Order>
         12 ANY /error
         14 ANY /hc
         15 ANY /images/{id}
         19 prefix /shop
         15 address https://catalog
         4 constant Prefix = /api
         2 entry aspnet",
    );
}

#[test]
fn groups_stand_before_their_routes() {
    check(
        "Api.cs",
        r#"
public static class OrdersApi
{
    public static RouteGroupBuilder MapOrders(this IEndpointRouteBuilder app)
    {
        var group = app.NewVersionedApi("Orders").MapGroup("api/v{version:apiVersion}/orders").HasApiVersion(1.0);
        group.WithTags("a");
        group.MapGet("/", All).MapToApiVersion(2.0);
        group.MapGet("{id:guid}", One);
        var lines = group.MapGroup("/{id}/lines").RequireAuthorization();
        lines.MapPost("", Add);
        group.MapGroup("/kinds").MapGet("/{kind}", Kinds);
        return group;
    }
    public static void MapMore(WebApplication app, string x)
    {
        app.MapGet("/more", All);
    }
}"#,
        "8 GET api/v2/orders/ in #MapOrders(0)
         9 GET api/v1/orders/{id} in #MapOrders(0)
         11 POST api/v1/orders/{id}/lines in #MapOrders(0)
         12 GET api/v1/orders/kinds/{kind} in #MapOrders(0)
         17 GET /more in #OrdersApi.MapMore(0)",
    );
}

#[test]
fn methods_that_map_are_mounted() {
    check(
        "Program.cs",
        r#"
var builder = WebApplication.CreateBuilder(args); var app = builder.Build();
app.UseRouting();
app.MapOrders();
app.MapGroup("/v1").RequireAuthorization().MapTodos().WithOpenApi();
var orders = app.NewVersionedApi("x").MapGroup("/orders");
orders.MapLines();
OrdersApi.MapMore(app, "x");
new Todo.TodoEndpoints().Map(orders);
endpoint.MapEndpoint(app);
app.MapCommand<A, B>("/commands", x => x);
app.Services.GetService<X>();
builder.AddHealthApi();
logger.LogInformation(app.Environment);"#,
        "4 mount #MapOrders(0) in #app at
         5 mount #MapTodos(0) in #app at /v1
         7 mount #MapLines(0) in #app at /orders
         8 mount OrdersApi#OrdersApi.MapMore(0) in #app at
         9 mount TodoEndpoints#TodoEndpoints.Map(0) in #app at /orders
         10 mount #Any.MapEndpoint(0) in #app at
         11 mount #MapCommand(0) in #app at
         11 mount #MapCommand(1) in #app at /commands
         application #app
         application #Any.MapEndpoint(0)
         2 entry aspnet",
    );
    check(
        "Wrappers.cs",
        "static class W { static RouteHandlerBuilder MapCommand<A, B>(this IEndpointRouteBuilder builder, string pattern, Func<A, B> map) where A : class { return builder.MapPost(pattern, Handle).WithName(\"x\"); } }",
        "1 POST  in #MapCommand(1)
         leaf #MapCommand(1)",
    );
    // A form of the framework's own method with other arguments is read where it is called.
    check(
        "Forms.cs",
        "static class F { static RouteHandlerBuilder MapGet(this IEndpointRouteBuilder builder, Delegate handler, string pattern = \"\") { return builder.MapGet(pattern, handler); } }",
        "",
    );
}

#[test]
fn a_startup_is_an_application() {
    check(
        "Startup.cs",
        r#"
public class Startup {
    public void Configure(IApplicationBuilder app, IHostEnvironment env) {
        app.UseHealthChecks("/hc");
        app.UseEndpoints(endpoints => {
            endpoints.MapGet("/", async context => { await context.Response.WriteAsync("x"); });
            endpoints.MapControllerRoute("default", "{controller=Home}/{action=Index}/{id?}");
            endpoints.MapControllerRoute(name: "blog", pattern: "blog/{*article}", defaults: new { controller = "Blog", action = "Article" });
            endpoints.MapShop();
        });
    }
}"#,
        "4 ANY /hc
         6 GET /
         8 ANY blog/{rest}
         9 mount #MapShop(0) in #app at
         application #conventional
         application #app",
    );
    check(
        "A.cs",
        "app.UseMvc(routes => { routes.MapRoute(name: \"d\", template: \"shop/{controller}/{action}\"); });",
        "1 mount #conventional in #app at shop\napplication #app",
    );
}

#[test]
fn modules_and_endpoint_classes() {
    check(
        "Module.cs",
        r#"
public class Orders : CarterModule {
    public Orders() : base("/orders") { }
    public override void AddRoutes(IEndpointRouteBuilder app) { app.MapGet("/{id}", () => 1); }
}
public class Plain : ICarterModule {
    public void AddRoutes(IEndpointRouteBuilder app) { app.MapGet("/plain", () => 1); }
}
public class TodoItems : EndpointGroupBase {
    public override void Map(WebApplication app) {
        app.MapGroup(this).RequireAuthorization().MapGet(GetItems).MapPut(Update, "{id}");
    }
}"#,
        "4 GET /orders/{id}
         7 GET /plain
         11 GET /api/TodoItems in #TodoItems.Map(0)
         11 PUT /api/TodoItems/{id} in #TodoItems.Map(0)
         11 mount #TodoItems.Map(0) in Any#Any.Map(0) at",
    );
}

#[test]
fn endpoints_that_a_loop_maps_are_found_by_their_interface() {
    check(
        "Loop.cs",
        r#"
static class Endpoints {
    public static IApplicationBuilder MapEndpoints(this WebApplication app, RouteGroupBuilder? group = null) {
        IEndpointRouteBuilder builder = group is null ? app : group;
        foreach (var endpoint in app.Services.GetRequiredService<IEnumerable<IEndpoint>>()) { endpoint.MapEndpoint(builder); }
        return app;
    }
}
class Users : IEndpoint { public void MapEndpoint(IEndpointRouteBuilder app) { app.MapGet("/users", List); } }
class Call { void A(WebApplication app) { var group = app.MapGroup("/v1"); app.MapEndpoints(group); app.MapHealthChecks(Paths.Health); } }"#,
        "9 GET /users in #Users.MapEndpoint(0)
         10 ANY <Paths#Paths.Health> in #Call.A(0)
         5 mount #Any.MapEndpoint(0) in #MapEndpoints(1) at
         10 mount #MapEndpoints(0) in #Call.A(0) at
         10 mount #MapEndpoints(1) in #Call.A(0) at /v1
         9 mount #Users.MapEndpoint(0) in Any#Any.MapEndpoint(0) at
         application #Any.MapEndpoint(0)",
    );
}

#[test]
fn endpoints_are_called_by_reflection() {
    check(
        "W.cs",
        r#"
static class W { static void MapEndpoints(this WebApplication app, Assembly assembly) { foreach (var type in Types()) {
    var group = app.MapGroup(Prefix(type)).WithTags("x");
    type.GetMethod(nameof(IEndpointGroup.Map))!.Invoke(null, [group]);
} } }"#,
        "4 mount #Any.Map(0) in #MapEndpoints(0) at ?Prefix(type)
         application #Any.Map(0)",
    );
}

#[test]
fn what_maps_no_path_is_no_route() {
    check("A.cs", "var x = mapper.Map(a, b); cache.MapTo(\"/x\"); list.Map(i => i);", "");
    check("A.cs", "class A { void B() { C.MapToDto(\"/x\"); D.Mapping(\"/y\", z); } }", "");
    check("A.cs", "// app.MapGet(\"/x\", y);\nclass A { string s = \"app.MapGet('/x')\"; }", "");
}
