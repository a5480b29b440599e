//! Controllers as their documentation writes them, and what looks like one.

use crate::extract::code::snapshot::check;

#[test]
fn templates_of_class_and_action_are_joined() {
    check(
        "src/OrdersController.cs",
        r#"
using Microsoft.AspNetCore.Mvc;
namespace Acme;
[ApiController]
[Route("api/[controller]")]
public class OrdersController : ControllerBase
{
    public OrdersController(IOrders orders) => _orders = orders;
    [HttpGet]
    public async Task<ActionResult<IEnumerable<Order>>> GetAll() => Ok();
    [HttpGet("{id:int}", Name = "one")]
    [ProducesResponseType(typeof(Order), 200)]
    public ActionResult<Order> GetOne(int id) { return Ok(Map(id)); }
    [HttpPost, Authorize(Roles = "a,b")]
    public IActionResult Create([FromBody] Order order) { return Ok(); }
    [HttpPut]
    [Route("{id}/lines/{line?}")]
    public object Put(int id) => null;
    [Route("all"), HttpDelete]
    [HttpPatch("some")]
    public Task RemoveAsync() => null;
    [AcceptVerbs("GET", "HEAD", Route = "[action]")]
    public int[] Numbers() => null;
    [HttpGet("/orders/count"), HttpGet("~/count")]
    public int Count() => 1;
    [Route("error")]
    public IActionResult Error() => Problem();
    [NonAction] public int Helper() => 1;
    [HttpGet(template: "[action]/{**rest}")] public Task<int> RestAsync() => null;
    private int Inner() => 1;
    public static int Outer() => 1;
}"#,
        "10 GET api/Orders
         13 GET api/Orders/{id}
         15 POST api/Orders
         18 PUT api/Orders/{id}/lines/{line}
         21 PATCH api/Orders/some
         21 DELETE api/Orders/all
         23 GET api/Orders/Numbers
         23 HEAD api/Orders/Numbers
         25 GET /orders/count
         25 GET /count
         27 ANY api/Orders/error
         29 GET api/Orders/Rest/{rest}",
    );
}

#[test]
fn an_action_without_attributes_answers_every_method() {
    check(
        "A.cs",
        "[Route(\"api/x\"), Route(\"y\")] public class XController : Controller { public ActionResult<int> Get() => 1; public Row ToRow(int a) => null; }",
        "1 ANY api/x\n1 ANY y",
    );
}

#[test]
fn without_templates_the_convention_decides() {
    check(
        "HomeController.cs",
        r#"
namespace Acme
{
    [Area("Shop")]
    public class HomeController : Controller
    {
        public IActionResult Index() { return View(); }
        [HttpPost]
        [ValidateAntiForgeryToken]
        public async Task<IActionResult> LoginAsync(Model model) => View();
        [ActionName("about-us")] public ViewResult About() => View();
        public override void OnActionExecuting(ActionExecutingContext context) { }
        protected override void Dispose(bool disposing) { }
        [HttpGet("ping")] public string Ping() => "";
    }
    public class Helper { public IActionResult Run() => null; }
}"#,
        "7 ANY /Shop/Home/Index in #conventional
         10 POST /Shop/Home/Login in #conventional
         11 ANY /Shop/Home/about-us in #conventional
         14 GET ping",
    );
}

#[test]
fn versions_stand_in_paths() {
    check(
        "A.cs",
        r#"
[ApiVersion("1.0")]
[ApiVersion(2)]
[Route("api/v{version:apiVersion}/[controller]")]
public class ThingsController : ControllerBase {
    [HttpGet] public int Get() => 1;
    [HttpGet("{id}"), MapToApiVersion("2.0")] public int One(int id) => 1;
}
[Route("v{version:apiVersion}/[controller]")]
public class OthersController : ControllerBase {
    [HttpGet] public int Get() => 1;
}"#,
        "6 GET api/v1/Things
         6 GET api/v2/Things
         7 GET api/v2/Things/{id}
         11 GET v{version}/Others",
    );
}

#[test]
fn templates_may_be_constants() {
    check(
        "A.cs",
        r#"
[Route(Prefix)]
public class AController : ControllerBase {
    private const string Prefix = "api/a";
    [HttpGet(Routes.One)] public int One() => 1;
    [HttpGet(nameof(Two))] public int Two() => 1;
    [HttpGet(Prefix + "/three")] public int Three() => 1;
}"#,
        "5 GET api/a/+<Routes#Routes.One>
         6 GET api/a/Two
         7 GET api/a/api/a/three
         4 constant AController.Prefix = api/a",
    );
}

#[test]
fn a_base_of_another_file_may_have_the_template() {
    check(
        "A.cs",
        r#"
public class OrdersController : ApiControllerBase {
    [HttpGet] public int List() => 1;
    [HttpGet("{id}")] public int One(int id) => 1;
    [HttpGet("/x")] public int X() => 1;
}"#,
        "3 GET  in #OrdersController.List
         4 GET {id} in #OrdersController.One
         5 GET /x
         3 mount #OrdersController.List in ApiControllerBase#ApiControllerBase.actions at
         4 mount #OrdersController.One in ApiControllerBase#ApiControllerBase.routes at
         2 mount ApiControllerBase#ApiControllerBase in #OrdersController at
         application #OrdersController",
    );
    check(
        "B.cs",
        r#"
[ApiController, Route("api/[controller]/[action]")]
public abstract class ApiControllerBase : ControllerBase {
    protected IMediator Mediator => null;
    [HttpGet("kinds")] public int Kinds() => 1;
    public int Helper() => 1;
}"#,
        "5 GET kinds in #ApiControllerBase
         application #ApiControllerBase.routes
         application #ApiControllerBase.actions
         leaf #ApiControllerBase
         3 default api/[controller]/[action] of #ApiControllerBase.routes
         3 default api/[controller]/[action] of #ApiControllerBase.actions
         3 default api/[controller]/[action] of #ApiControllerBase",
    );
    check(
        "C.cs",
        "public abstract class BaseController : Controller { }",
        "1 mount #BaseController.actions in #conventional at [controller]/[action]
         application #BaseController.routes
         application #BaseController.actions",
    );
}

#[test]
fn a_controller_without_actions_is_a_base() {
    check(
        "A.cs",
        "[Route(\"api/[controller]\")] public class ApiController : ControllerBase { protected int A() => 1; }",
        "application #ApiController.routes
         application #ApiController.actions
         1 default api/[controller] of #ApiController.routes
         1 default api/[controller] of #ApiController.actions",
    );
}

#[test]
fn a_base_of_the_same_file_is_read_here() {
    check(
        "A.cs",
        r#"
[Route("api/[controller]")]
public abstract class Base : ControllerBase { }
public class OrdersController : Base {
    [HttpGet("{id}")] public int One(int id) => 1;
}"#,
        "5 GET api/Orders/{id}
         4 mount #Base in #OrdersController at
         application #Base.routes
         application #Base.actions
         application #OrdersController
         3 default api/[controller] of #Base.routes
         3 default api/[controller] of #Base.actions",
    );
}

#[test]
fn actions_of_a_base_count_below_each_subclass() {
    check(
        "A.cs",
        r#"
public class CrudController<T> : ControllerBase where T : class, new() {
    [HttpGet] public List<T> All() => null;
}
[Route("api/[controller]")]
public class OrdersController : CrudController<Order> { }"#,
        "3 GET  in #CrudController
         2 mount #CrudController.actions in #conventional at [controller]/[action]
         6 mount #CrudController in #OrdersController at api/Orders
         application #CrudController.routes
         application #CrudController.actions
         application #OrdersController
         leaf #CrudController",
    );
}

#[test]
fn endpoints_of_one_class_are_controllers() {
    check(
        "A.cs",
        r#"
public class Create : EndpointBaseAsync.WithRequest<Command>.WithActionResult<Result> {
    [HttpPost("/authors")]
    public override async Task<ActionResult<Result>> HandleAsync([FromBody] Command request, CancellationToken token) { return null; }
}"#,
        "4 POST /authors",
    );
}

#[test]
fn what_a_framework_generates_is_not_counted() {
    check(
        "A.cs",
        "public class PeopleController : ODataController { public IQueryable<P> Get() => null; }",
        "1 uncounted routes that ODataController makes",
    );
}

#[test]
fn what_is_no_controller_has_no_routes() {
    check("A.cs", "public class PlayerController : MonoBehaviour { public int Move() => 1; }", "");
    check(
        "A.cs",
        "public interface IOrdersApi { [HttpGet(\"/x\")] Task<int> Get(); } public class ResourceController { public int Reconcile() => 1; }",
        "",
    );
    check("A.cs", "// public class A : Controller { [HttpGet(\"x\")] public int B() => 1; }", "");
    check("A.cs", "[NonController] public class AController : ControllerBase { [HttpGet(\"x\")] public int B() => 1; }", "");
}
