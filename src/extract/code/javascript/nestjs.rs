//! NestJS: routes of controllers, patterns of microservices, resolvers, gateways of sockets, queues and schedules.

use std::ops::Range;

use super::classes::{self, Class, Decorator};
use super::expressions::Expressions;
use super::{patterns, values};
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Binding, Fact, Handler, HandlerKind, Prefix, Route, Routing, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "nestjs",
    marks: &[
        "@Controller",
        "setGlobalPrefix",
        "@MessagePattern",
        "@EventPattern",
        "@GrpcMethod",
        "@GrpcStreamMethod",
        "@Resolver",
        "@WebSocketGateway",
        "@Cron(",
        "@Interval(",
        "@Processor(",
        "@RabbitSubscribe",
        "@RabbitRPC",
        "@JsonController",
    ],
    read,
};

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    for class in classes::all(code) {
        if let Some(controller) = class.decorator("Controller").or(class.decorator("JsonController")) {
            routes(code, &class, controller, &mut routing);
        }
        handlers(code, &class, output);
    }
    for call in code.calls().filter(|call| code.is(call.name, "setGlobalPrefix")) {
        if let Some(path) = code.arguments(call.open).into_iter().next() {
            let path = values::value(code, path);
            routing.prefixes.push(Prefix { at: code.at(call.name), path });
        }
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

/// The method of HTTP that a decorator registers.
fn method_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "Get" | "Sse" => "GET",
        "Post" => "POST",
        "Put" => "PUT",
        "Patch" => "PATCH",
        "Delete" => "DELETE",
        "Head" => "HEAD",
        "Options" => "OPTIONS",
        "All" => "ANY",
        _ => return None,
    })
}

fn routes(code: &Code, class: &Class, controller: &Decorator, routing: &mut Routing) {
    let prefixes = prefixes(code, controller);
    for (_, decorators) in class.methods(code) {
        for decorator in &decorators {
            let Some(method) = method_of(decorator.name) else { continue };
            for prefix in &prefixes {
                for path in paths(code, decorator.arguments.first()) {
                    let path = paths::template(values::below(prefix, path), Style::Colon);
                    routing.routes.push(Route {
                        at: code.at(decorator.at),
                        method: method.into(),
                        path,
                        scope: None,
                        owner: None,
                    });
                }
            }
        }
    }
}

/// What stands before the paths of a controller: its path, and its version where it has one.
fn prefixes(code: &Code, controller: &Decorator) -> Vec<Value> {
    let Some(argument) = controller.arguments.first() else { return vec![literal("")] };
    if !code.is(argument.start, "{") {
        return paths(code, Some(argument));
    }
    let all = paths(code, values::property(code, argument.clone(), "path").as_ref());
    let version = values::property(code, argument.clone(), "version").and_then(|range| code.literal_text(range));
    match version {
        Some(version) => {
            let version = literal(format!("/v{}", version.value.trim_start_matches('v')));
            all.into_iter().map(|path| values::below(&version, path)).collect()
        }
        None => all,
    }
}

/// The paths of an argument: one, or a list; an empty one where there is none.
fn paths(code: &Code, argument: Option<&Range<usize>>) -> Vec<Value> {
    let Some(argument) = argument else { return vec![literal("")] };
    values::list(code, argument.clone()).into_iter().map(|part| values::value(code, part)).collect()
}

fn handlers(code: &Code, class: &Class, output: &mut Output) {
    let mut add = |at: usize, kind: HandlerKind, name: Value| {
        output.facts.push(Fact::Handler(Handler { at: code.at(at), kind, framework: FRAMEWORK.name.into(), name }));
    };
    if let Some(processor) = class.decorator("Processor") {
        let name = processor
            .arguments
            .first()
            .map_or(literal(""), |argument| patterns::pattern(&Expressions::new(code), argument.clone()));
        add(processor.at, HandlerKind::Consumer, name);
    }
    let resolves = class.decorator("Resolver").is_some();
    let mut services: Vec<String> = Vec::new();
    let mut bindings: Vec<Binding> = Vec::new();
    for (item, decorators) in class.methods(code) {
        for decorator in &decorators {
            let first = decorator.arguments.first().cloned();
            let named = || {
                first.clone().map_or(literal(code.text_of(item.name)), |range| patterns::pattern(&Expressions::new(code), range))
            };
            match decorator.name {
                "MessagePattern" => add(decorator.at, HandlerKind::Rpc, named()),
                "EventPattern" => add(decorator.at, HandlerKind::Consumer, named()),
                "RabbitSubscribe" | "RabbitRPC" => {
                    let property = |key| values::property(code, first.clone()?, key);
                    let name =
                        property("queue").or(property("routingKey")).map_or(literal(""), |range| values::value(code, range));
                    add(decorator.at, HandlerKind::Consumer, name);
                    if let (Some(queue), Some(exchange)) = (property("queue"), property("exchange")) {
                        bindings.push(Binding {
                            at: code.at(decorator.at),
                            exchange: values::value(code, exchange),
                            queue: values::value(code, queue),
                            key: property("routingKey").map(|range| values::value(code, range)),
                        });
                    }
                }
                "GrpcMethod" | "GrpcStreamMethod" => {
                    let service = first.and_then(|range| code.literal_text(range));
                    let service =
                        service.map_or(class.name.trim_end_matches("Controller").to_owned(), |text| text.value.to_string());
                    // The description tells the methods.
                    if !services.contains(&service) {
                        add(decorator.at, HandlerKind::Rpc, literal(service.as_str()));
                        services.push(service);
                    }
                }
                "SubscribeMessage" => add(decorator.at, HandlerKind::Subscription, named()),
                "Cron" | "Interval" => add(decorator.at, HandlerKind::Schedule, named()),
                "Query" | "Mutation" if resolves => add(decorator.at, HandlerKind::Graphql, literal(code.text_of(item.name))),
                "Subscription" if resolves => add(decorator.at, HandlerKind::Subscription, literal(code.text_of(item.name))),
                _ => {}
            }
        }
    }
    output.facts.extend(bindings.into_iter().map(Fact::Binding));
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn controllers_offer_routes_below_their_prefix() {
        check(
            "src/users.controller.ts",
            "import { Controller, Get, Post, Query } from '@nestjs/common';
            @ApiTags('users')
            @Controller('users')
            export class UsersController {
              constructor(private readonly users: UsersService) {}
              @Get()
              @UseGuards(AuthGuard('jwt'))
              async findAll(@Query('page') page: number): Promise<User[]> { return this.users.all(); }
              @Get(':id') findOne(@Param('id') id: string) { return this.users.one(id); }
              @Post(['a', 'b'])
              create(@Body() body: Dto): Observable<any> { return this.http.get('/x'); }
              helper() {}
            }",
            "6 GET users
            9 GET users/{id}
            10 POST users/a
            10 POST users/b",
        );
        check("src/main.ts", "app.setGlobalPrefix('api/v1');", "1 prefix api/v1");
        check(
            "src/cats.controller.ts",
            "@Controller({ path: 'cats', version: '2' }) export class Cats { @All() all() {} }",
            "1 ANY /v2/cats",
        );
    }

    #[test]
    fn other_operations_have_their_own_kinds() {
        check(
            "src/a.controller.ts",
            "@Controller()
            export class A {
              @MessagePattern({ cmd: 'sum' }) sum(data: number[]) { return 1; }
              @MessagePattern('get_user') user() {}
              @EventPattern('user_created') created() {}
              @GrpcMethod('HeroService', 'FindOne') one() {}
              @GrpcMethod('HeroService', 'FindMany') many() {}
              @Cron('0 * * * *') hourly() {}
            }",
            "3 rpc sum
            4 rpc get_user
            5 consumer user_created
            6 rpc HeroService
            8 schedule 0 * * * *",
        );
        check(
            "src/r.ts",
            "@Resolver(() => Cat) class R { @Query(() => [Cat]) cats() {} @Mutation() add() {} }",
            "1 graphql cats\n1 graphql add",
        );
        check("src/p.ts", "@Processor('mails') export class P {}", "1 consumer mails");
    }
}
