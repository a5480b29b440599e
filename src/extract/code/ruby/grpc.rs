//! gRPC services: classes that extend the generated `Service` of one.

use super::syntax;
use super::types;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind};

pub const FRAMEWORK: Framework = Framework {
    name: "ruby-grpc",
    marks: &["::Service\n", "::Service;", "::Service #", "::Service\r", "Gruf::Controllers"],
    read,
};

/// A method that takes a call stands among the first of its class.
const MOST_LOOKS: usize = 64;

fn read(code: &Code, output: &mut Output) {
    for class in types::classes(code) {
        let base = class.base_name(code);
        let name = match base.strip_suffix(".Service") {
            // `Foo::Service` may be any other class than the generated one.
            Some(of) if is_remote(code, &class) => of.rsplit('.').next().unwrap_or(of).to_owned(),
            _ if base.starts_with("Gruf.Controllers") => {
                let bound = syntax::statements(code, class.body.clone()).into_iter().find(|of| code.is(of.name, "bind"));
                let argument = bound.and_then(|of| of.arguments.into_iter().next());
                let words: Vec<&str> = argument.map_or(Vec::new(), |range| range.filter_map(|at| code.word(at)).collect());
                let [.., name, "Service"] = words[..] else { continue };
                name.to_owned()
            }
            _ => continue,
        };
        output.facts.push(Fact::Handler(Handler {
            at: code.at(class.at),
            kind: HandlerKind::Rpc,
            framework: FRAMEWORK.name.into(),
            name: literal(name),
        }));
    }
}

/// The file knows gRPC, or a method takes a request and a call.
fn is_remote(code: &Code, class: &types::Class) -> bool {
    let knows = ["GRPC", "grpc", "_services_pb"].iter().any(|word| code.text.contains(word));
    let takes_call = || {
        let items = code.items();
        let from = items.partition_point(|item| item.start < class.body.start);
        let mut own = items[from..].iter().take_while(|item| item.start < class.body.end).take(MOST_LOOKS);
        own.any(|item| {
            let parameters = code.parameters(item);
            parameters.len() == 2 && code.text_of(parameters[1].start).ends_with("call")
        })
    };
    knows || takes_call()
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn implemented_services_are_told() {
        check(
            "server.rb",
            "require 'grpc'\nrequire 'helloworld_services_pb'\nclass GreeterServer < Helloworld::Greeter::Service\n def say_hello(request, _call)\n end\nend",
            "3 rpc Greeter",
        );
        check("a.rb", "class A < Shop::Orders::Service\n def place(order, call)\n end\nend", "1 rpc Orders");
        check("b.rb", "class B < Payments::Service\n def call(order)\n end\nend", "");
        check("c.rb", "class C < Gruf::Controllers::Base\n bind ::Rpc::Products::Service\nend", "1 rpc Products");
    }
}
