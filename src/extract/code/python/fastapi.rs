//! FastAPI and Starlette: `@app.get("/x")`, `APIRouter(prefix=…)`, `include_router`, and lists of `Route` and `Mount`.

use super::routers::{self, Add, Include, Shape, VERBS};
use crate::extract::code::Framework;
use crate::extract::code::paths::Style;

pub const FRAMEWORK: Framework =
    Framework { name: "fastapi", marks: &["fastapi", "starlette"], read: |code, output| routers::read(code, output, &SHAPE) };

pub const SHAPE: Shape = Shape {
    framework: "fastapi",
    packages: &["fastapi", "starlette", "fastapi_utils", "fastapi_versioning", "fastapi_crudrouter", "fastapi_restful"],
    applications: &["FastAPI", "Starlette"],
    routers: &["APIRouter", "Router", "InferringRouter", "VersionedAPIRouter"],
    prefix: "prefix",
    prefix_at: None,
    replaces: false,
    verbs: VERBS,
    any: &["api_route", "route"],
    methods: &["methods"],
    default_methods: &["GET"],
    sockets: &["websocket", "websocket_route"],
    adds: &[
        Add { member: "add_api_route", method: None, path: 0, handler: 1, handler_name: "endpoint", methods: None },
        Add { member: "add_route", method: None, path: 0, handler: 1, handler_name: "route", methods: Some(2) },
    ],
    mounts: &[
        Include { member: "include_router", child: 0, child_name: "router", prefix: None, prefix_name: "prefix" },
        Include { member: "mount", child: 1, child_name: "app", prefix: Some(0), prefix_name: "path" },
    ],
    plain: false,
    style: Style::Braces,
};

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn decorators_of_an_application_are_routes() {
        check(
            "app/main.py",
            r#"
            from fastapi import FastAPI, Depends
            app = FastAPI(root_path="/ignored")

            @app.get("/items/{item_id:path}", response_model=Item)
            async def read(item_id: str): ...

            @app.api_route("/any", methods=["PUT", 'delete'])
            def any(): ...

            @app.websocket("/ws")
            async def listen(websocket): ...

            cache = Cache()
            @cache.get("items")
            def cached(): ...
            client.get("/items")
            # @app.get("/gone")
            "#,
            "11 subscription /ws
            5 GET /items/{rest} in #app
            8 PUT /any in #app
            8 DELETE /any in #app
            application #app",
        );
    }

    #[test]
    fn routers_are_mounted_with_their_prefixes() {
        check(
            "app/api/users.py",
            "
from fastapi import APIRouter
from . import orders
from .admin import router as admin_router, create_router
router = APIRouter(prefix=\"/users\", tags=[\"users\"])
@router.get(\"\")
def all(): ...
@router.post(\"/{id}\")
def add(): ...
router.include_router(orders.router, prefix=\"/orders\")
router.include_router(admin_router)
router.include_router(create_router(1), prefix=\"/made\")
            ",
            "6 GET /users in #router
            8 POST /users/{id} in #router
            10 mount app/api#orders.router in #router at /users/orders
            11 mount app/api/admin#router in #router at /users
            12 mount app/api/admin#create_router() in #router at /users/made",
        );
    }

    #[test]
    fn functions_make_and_take_applications() {
        check(
            "app/main.py",
            "
from fastapi import FastAPI, APIRouter
from app.routes import register
from app.core.config import settings
def create_app() -> FastAPI:
    app = FastAPI()
    register(app)
    for router in (users.router, orders.router):
        app.include_router(router, prefix=settings.API)
    return app
def health(app: FastAPI):
    @app.get('/health')
    def check(): ...
app = create_app()
@app.get('/x')
def x(): ...
app.mount('/static', StaticFiles(directory='static'))
            ",
            "12 GET /health in #health(0)
            15 GET /x in #create_app()
            7 mount app/routes#register(0) in #create_app() at
            9 mount #users.router in #create_app() at <app/core/config#settings.API>
            9 mount #orders.router in #create_app() at <app/core/config#settings.API>
            application #create_app()",
        );
    }

    #[test]
    fn routers_can_be_members_of_a_class() {
        check(
            "app/users.py",
            "
from fastapi import APIRouter
class Users:
    def __init__(self):
        self.router = APIRouter(prefix='/users')
        self.router.add_api_route('/all', self.all, methods=['GET'])
        self.router.post('/new')(self.new)
        self.session.post('/other')(self.new)
    def all(self): ...
            ",
            "6 GET /users/all in #Users.router
            7 POST /users/new in #Users.router",
        );
        check(
            "app/main.py",
            "
from fastapi import FastAPI
from app.users import Users
app = FastAPI()
users = Users()
app.include_router(users.router)
app.include_router(Users().router)
            ",
            "6 mount app/users#Users.router in #app at
            7 mount app/users#Users.router in #app at
            application #app",
        );
    }

    #[test]
    fn another_file_can_register_on_an_application() {
        check(
            "app/views.py",
            "
from .main import app
from requests import get
import redis
cache = redis.Redis()
@app.get('/x')
def x(): ...
@cache.get('/y')
def y(): ...
app.get('/z')
            ",
            "5 connects redis ?the own machine
            6 GET /x in app/main#app",
        );
    }
}
