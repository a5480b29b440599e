//! gRPC services that RoadRunner serves: `$server->registerService(OrdersInterface::class, new Orders())`.

use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind};

pub const FRAMEWORK: Framework = Framework { name: "php-grpc", marks: &["registerService("], read };

fn read(code: &Code, output: &mut Output) {
    for call in code.calls().filter(|call| code.is(call.name, "registerService") && call.start < call.name) {
        let Some(first) = code.arguments(call.open).into_iter().next() else { continue };
        if !code.reads(first.end.saturating_sub(2), &["::", "class"]) {
            continue;
        }
        let Some(name) = first.end.checked_sub(3).and_then(|name| code.word(name)) else { continue };
        let name = literal(name.strip_suffix("Interface").unwrap_or(name));
        output.facts.push(Fact::Handler(Handler {
            at: code.location(first),
            kind: HandlerKind::Rpc,
            framework: "php-grpc".into(),
            name,
        }));
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn registered_services_are_told() {
        check(
            "worker.php",
            "<?php\n$server->registerService(OrdersInterface::class, new Orders());\n$a->registerService('b');",
            "2 rpc Orders",
        );
    }
}
