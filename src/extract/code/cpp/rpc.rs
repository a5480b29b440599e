//! Remote procedures that C++ answers: services of gRPC and Thrift.
//!
//! A class that derives from a generated service implements it. Thrift's methods are told by the class itself, for descriptions of Thrift
//! are not read; those of gRPC are its description's.

use std::ops::Range;

use super::super::structure::ItemKind;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Handler, HandlerKind};

pub const FRAMEWORK: Framework =
    Framework { name: "rpc", marks: &["::Service", "::AsyncService", "::CallbackService", "If {", "If{", "SvIf"], read };

/// Classes of generated code from which a service derives.
const SERVICES: [&str; 5] = ["Service", "AsyncService", "CallbackService", "ExperimentalCallbackService", "StreamedService"];

/// A file of more types than this is not written by hand.
const MOST_TYPES: usize = 200;

fn read(code: &Code, output: &mut Output) {
    let mut seen: Vec<String> = Vec::new();
    let mut enter = |at: usize, name: String, framework: &str| {
        if !seen.contains(&name) {
            let (at, known) = (code.at(at), literal(name.as_str()));
            output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Rpc, framework: framework.into(), name: known }));
            seen.push(name);
        }
    };
    let types = code.items().iter().filter(|item| item.kind == ItemKind::Type && code.is_any(item.start, &["class", "struct"]));
    for item in types.take(MOST_TYPES) {
        for base in bases(code, item.name + 1..item.body.start.saturating_sub(1)) {
            let last = code.text_of(base.end - 1);
            if SERVICES.contains(&last) && base.len() >= 3 {
                let service = code.text_of(base.end - 3);
                match service {
                    // Nobody describes this one in a repository of one's own.
                    "Health" => {
                        for method in overridden(code, item.body.clone()).filter(|&at| code.is_any(at, &["Check", "Watch"])) {
                            enter(method, format!("/grpc.health.v1.Health/{}", code.text_of(method)), "grpc");
                        }
                    }
                    _ => enter(item.name, service.to_owned(), "grpc"),
                }
            } else if let Some(service) =
                last.strip_suffix("SvIf").or(last.strip_suffix("If")).filter(|service| !service.is_empty())
            {
                let mut is_told = false;
                for method in overridden(code, item.body.clone()) {
                    is_told = true;
                    enter(method, format!("/{service}/{}", code.text_of(method)), "thrift");
                }
                if !is_told {
                    enter(item.name, service.to_owned(), "thrift");
                }
            }
        }
    }
    // `Greeter::AsyncService service_;` is asked for its calls by hand.
    for at in 2..code.len() {
        let is_async = code.is_any(at, &["AsyncService", "CallbackService"]) && code.is(at - 1, "::");
        if is_async && code.word(at + 1).is_some() && code.is_any(at + 2, &[";", "{", "="]) {
            enter(at, code.text_of(at - 2).to_owned(), "grpc");
        }
    }
}

/// The bases of a class: the names behind its colon, each with what stands before it.
fn bases<'c>(code: &'c Code, head: Range<usize>) -> impl Iterator<Item = Range<usize>> + 'c {
    let colon = head.clone().find(|&at| code.is(at, ":")).unwrap_or(head.end);
    let parts = code.split((colon + 1).min(head.end)..head.end, ",");
    parts.into_iter().filter_map(move |part| {
        let words = ["public", "private", "protected", "virtual", "::"];
        let start = part.clone().find(|&at| !code.is_any(at, &words))?;
        let mut end = start + 1;
        while end < part.end && code.is(end, "::") {
            end += 2;
        }
        (code.word(start).is_some() && end <= part.end).then_some(start..end)
    })
}

/// Names of the methods that say that they override another.
fn overridden<'c>(code: &'c Code, body: Range<usize>) -> impl Iterator<Item = usize> + 'c {
    body.filter(move |&at| code.is(at, "override")).filter_map(move |at| {
        let close = at - 1 - usize::from(code.is_any(at - 1, &["const", "noexcept"]));
        let open = code.partner(close);
        let name = open.checked_sub(1).filter(|_| code.is(close, ")") && open < close)?;
        // A destructor is no procedure.
        (code.word(name).is_some() && !code.is(name.wrapping_sub(1), "~")).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn services_of_grpc_are_classes() {
        check(
            "server.cc",
            "
class OrderImpl final : public shop::v1::OrderService::Service {
  Status Get(ServerContext* context, const Request* request, Reply* reply) override { return Status::OK; }
};
class Other : public Base, public Greeter::CallbackService {};
class Health1 final : public grpc::health::v1::Health::Service {
  Status Check(ServerContext* c, const R* r, P* p) override {}
};
class Async { Routes::AsyncService service_; };
class Client : public std::enable_shared_from_this<Client> { OrderService::Stub* stub; };
            ",
            "2 rpc OrderService
            5 rpc Greeter
            7 rpc /grpc.health.v1.Health/Check
            9 rpc Routes",
        );
    }

    #[test]
    fn handlers_of_thrift_tell_their_methods() {
        check(
            "TextHandler.h",
            "
class TextHandler : public TextServiceIf {
 public:
  TextHandler(int a);
  ~TextHandler() override = default;
  void ComposeText(TextReply &reply, int64_t id,
                   const std::map<std::string, std::string> &carrier) override;
 private:
  void helper();
};
class Plain : virtual public OrderServiceIf { void Get(); };
            ",
            "6 rpc /TextService/ComposeText
            11 rpc OrderService",
        );
    }
}
