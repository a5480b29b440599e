//! What registers routes in PHP, and what only looks like it.

use crate::extract::code::snapshot::check;

#[test]
fn laravel_registers_on_the_facade() {
    check(
        "routes/api.php",
        r#"<?php
        use Illuminate\Support\Facades\Route;
        Route::get('/users/{user:slug?}', [UserController::class, 'show'])->name('users.show')->where('user', '[a-z]+');
        Route::match(['put', 'patch'], 'user', 'UserController@update');
        Route::any('/hook', HookController::class);
        Route::redirect('/here', '/there');
        Route::view('/welcome', 'welcome');
        Route::get($path, 'A@b');
        Route::post('/orders', function (Request $request) {
            $x = Http::get('/trap', []);
            return cache()->get('/trap');
        });
        $prices = Cache::get('/trap', 'x');
        // Route::get('/commented', 'A@b');
        echo "Route::get('/text', 'A@b');";"#,
        "3 GET /users/{user} in #routes
         4 PUT user in #routes
         4 PATCH user in #routes
         5 ANY /hook in #routes
         6 ANY /here in #routes
         7 GET /welcome in #routes
         9 POST /orders in #routes
         8 uncounted a path that is known at run time only",
    );
}

#[test]
fn groups_of_laravel_have_prefixes() {
    check(
        "routes/web.php",
        r#"<?php
        Route::prefix('admin')->middleware('auth')->name('admin.')->group(function () {
            Route::get('/', 'A@index');
            Route::group(['prefix' => '/reports', 'middleware' => ['x']], function () {
                Route::get('{id}', 'B@show');
            });
            Route::get('/late', 'A@late')->prefix('v2');
        });
        Route::controller(OrderController::class)->group(function () {
            Route::get('/orders/{id}', 'show');
        });
        Route::middleware('web')->group(__DIR__.'/more.php');
        Route::prefix(config('app.prefix'))->group(base_path('routes/x.php'));
        Route::group(['prefix' => 'inner'], function () {
            require __DIR__ . '/inner.php';
        });
        Route::middleware(['auth'])->get('/me', fn (Request $r) => $r->user());
        Auth::routes();"#,
        "3 GET admin/ in #routes
         5 GET admin/reports/{id} in #routes
         7 GET admin/v2/late in #routes
         10 GET /orders/{id} in #routes
         17 GET /me in #routes
         12 mount routes/more#routes in #routes at 
         13 mount routes/x#routes in #routes at property(app.prefix)
         15 mount routes/inner#routes in #routes at inner
         18 uncounted routes of a package for signing in",
    );
}

#[test]
fn resources_of_laravel_are_several_routes() {
    check(
        "routes/api.php",
        r#"<?php
        Route::apiResource('posts.comments', C::class)->only(['index', 'destroy'])->shallow();
        Route::resource('photos', P::class, ['only' => ['index', 'edit']]);
        Route::apiResources(['a' => A::class, 'admin/b' => B::class], ['only' => 'show']);
        Route::singleton('profile', D::class);
        Route::apiResource('categories', E::class)->except('destroy', 'store', 'update');"#,
        "2 GET posts/{post}/comments in #routes
         2 DELETE comments/{comment} in #routes
         3 GET photos in #routes
         3 GET photos/{photo}/edit in #routes
         4 GET a/{a} in #routes
         4 GET admin/b/{b} in #routes
         5 GET profile in #routes
         5 GET profile/edit in #routes
         5 PUT profile in #routes
         5 PATCH profile in #routes
         6 GET categories in #routes
         6 GET categories/{category} in #routes",
    );
}

#[test]
fn files_of_routes_are_mounted() {
    check(
        "bootstrap/app.php",
        r#"<?php
        use Illuminate\Foundation\Application;
        return Application::configure(basePath: dirname(__DIR__))
            ->withRouting(
                web: __DIR__.'/../routes/web.php',
                api: [__DIR__.'/../routes/api.php', __DIR__.'/../routes/more.php'],
                commands: __DIR__.'/../routes/console.php',
                health: '/up',
                apiPrefix: 'api/v1',
                then: function () {
                    Route::prefix('hooks')->group(base_path('routes/hooks.php'));
                },
            )
            ->create();"#,
        "8 GET /up in #routes
         5 mount routes/web#routes in #routes at 
         6 mount routes/api#routes in #routes at api/v1
         6 mount routes/more#routes in #routes at api/v1
         11 mount routes/hooks#routes in #routes at hooks
         application #routes",
    );
    check(
        "app/Providers/RouteServiceProvider.php",
        r#"<?php
        namespace App\Providers;
        use Illuminate\Routing\Router;
        class RouteServiceProvider extends ServiceProvider {
            public function boot() { $this->loadRoutesFrom(__DIR__.'/../x/routes.php'); }
            public function map(Router $router) {
                $router->group(['namespace' => $this->namespace, 'prefix' => 'old'], function ($router) {
                    require app_path('Http/routes.php');
                });
            }
        }"#,
        "5 mount app/x/routes#routes in #routes at 
         8 mount Http/routes#$router in #routes at old
         8 mount Http/routes#routes in #routes at old
         application #routes",
    );
}

#[test]
fn lumen_registers_on_its_router() {
    check(
        "routes/web.php",
        r#"<?php
        $router->get('/', function () use ($router) { return $router->app->version(); });
        $router->group(['prefix' => 'api/v1'], function () use ($router) {
            $router->get('users', ['uses' => 'UserController@index']);
            $router->addRoute(['GET', 'POST'], 'both', 'A@b');
            $router->group(['prefix' => 'x'], function ($router) { $router->delete('{id}', 'X@delete'); });
        });"#,
        "2 GET / in #$router
         4 GET api/v1/users in #$router
         5 GET api/v1/both in #$router
         5 POST api/v1/both in #$router
         6 DELETE api/v1/x/{id} in #$router",
    );
    check(
        "bootstrap/app.php",
        r#"<?php
        $app = new Laravel\Lumen\Application(dirname(__DIR__));
        $app->singleton(Kernel::class, App\Kernel::class);
        $app->router->group(['namespace' => 'App'], function ($router) {
            require __DIR__.'/../routes/web.php';
        });
        return $app;"#,
        "5 mount routes/web#$router in #$app at 
         5 mount routes/web#$app in #$app at 
         application #$app",
    );
}

#[test]
fn slim_registers_on_its_application() {
    check(
        "public/index.php",
        r#"<?php
        use Slim\Factory\AppFactory;
        $app = AppFactory::create();
        $routes = require __DIR__ . '/../app/routes.php';
        $routes($app);
        (require __DIR__ . '/../app/more.php')($app);
        (new Billing())->register($app);
        Orders::register($app);
        $app->get('/hello/{name}[/{more}]', function ($request, $response) { return $response; });
        $app->map(['GET', 'POST'], '/both', Both::class);
        $app->group('/users/{id:[0-9]+}', function (RouteCollectorProxy $group) use ($app) {
            $group->map(['DELETE'], '', UserDelete::class)->setName('x');
            $group->get('/reset', UserReset::class . ':go');
            $app->get('/outside', A::class);
            $group->group('/deep', Deep::class);
        });
        $app->any('/any', $handler);
        $value = $container->get('/trap', 'x');
        $client->get('/trap', ['query' => 1]);
        $app->get('settings');
        $app->run();"#,
        "9 GET /hello/{name}/{more} in #$app
         10 GET /both in #$app
         10 POST /both in #$app
         12 DELETE /users/{id} in #$app
         13 GET /users/{id}/reset in #$app
         14 GET /outside in #$app
         17 ANY /any in #$app
         5 mount app/routes#return(0) in #$app at 
         6 mount app/more#return(0) in #$app at 
         8 mount #Orders.register(0) in #$app at 
         15 mount #Deep.__invoke(0) in #$app at /users/{id}/deep
         application #$app",
    );
    check(
        "app/routes.php",
        r#"<?php
        use Slim\App;
        return static function (App $app): void {
            $app->group('/v1', function () {
                $this->get('/a', 'A:b');
            });
        };
        function orders(App $app) { $app->post('/orders', Orders::class); }
        final class Deep { public function __invoke(RouteCollectorProxyInterface $group) { $group->get('/x', X::class); } }"#,
        "5 GET /v1/a in #return(0)
         8 POST /orders in #orders(0)
         9 GET /x in #Deep.__invoke(0)",
    );
}

#[test]
fn other_routers_are_written_alike() {
    check(
        "app/Config/Routes.php",
        r#"<?php
        use CodeIgniter\Router\RouteCollection;
        $routes->get('/', 'Home::index');
        $routes->group('admin', static function ($routes) {
            $routes->get('users/(:num)', 'Users::show/$1');
            $routes->add('any', 'A::b');
        });
        $routes->resource('photos', ['only' => ['index', 'show']]);
        $routes->setAutoRoute(false);"#,
        "3 GET / in #$routes
         5 GET admin/users/{num} in #$routes
         6 ANY admin/any in #$routes
         8 GET photos in #$routes
         8 GET photos/{photo} in #$routes",
    );
    check(
        "public/index.php",
        r#"<?php
        $dispatcher = FastRoute\simpleDispatcher(function (FastRoute\RouteCollector $r) {
            $r->addRoute('GET', '/users', 'users');
            $r->addGroup('/admin', function (FastRoute\RouteCollector $r) { $r->post('/x', 'y'); });
        });
        Flight::route('POST /flight/@id', function ($id) {});"#,
        "3 GET /users in #$r
         4 POST /admin/x in #$r
         6 POST /flight/{id} in #Flight",
    );
    check(
        "config/routes.php",
        r#"<?php
        use Mezzio\Application;
        return static function (Application $app, MiddlewareFactory $factory): void {
            $app->get('/', Home::class, 'home');
            $app->route('/contact', [Contact::class], ['GET', 'POST'], 'contact');
        };"#,
        "4 GET / in #return(0)
         5 GET /contact in #return(0)
         5 POST /contact in #return(0)",
    );
    check(
        "config/routes.php",
        r#"<?php
        use Symfony\Component\Routing\Loader\Configurator\RoutingConfigurator;
        return function (RoutingConfigurator $routes) {
            $routes->add('blog_list', '/blog/{page}')->controller([Blog::class, 'list'])->methods(['GET', 'HEAD']);
        };"#,
        "4 GET /blog/{page} in #return(0)
         4 HEAD /blog/{page} in #return(0)",
    );
}
