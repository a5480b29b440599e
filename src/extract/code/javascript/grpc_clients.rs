//! Calls of remote procedures through stubs: @grpc/grpc-js, generated clients of many generators, Connect, NestJS.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::expressions::Expressions;
use super::origins::{self, Made, option};
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "grpc-clients-js",
    marks: &[
        "redentials.create",
        "redentials(",
        "createInsecure",
        "createSsl",
        "createPromiseClient",
        "ClientGrpc",
        "getService",
        "createChannel",
        "_grpc_web_pb",
        "_grpc_pb",
        "connectrpc",
        "GrpcTransport",
        "GrpcWebFetchTransport",
        "createGrpcTransport",
        "createConnectTransport",
    ],
    read,
};

/// Members of stubs that are no procedures.
const NO_PROCEDURES: [&str; 12] = [
    "close",
    "waitForReady",
    "getChannel",
    "makeUnaryRequest",
    "on",
    "toPromise",
    "then",
    "pipe",
    "bind",
    "getService",
    "constructor",
    "onModuleInit",
];

/// A stub: its service and the address of its channel.
struct Stub {
    service: String,
    target: Value,
}

fn read(code: &Code, output: &mut Output) {
    let reader = Reader { expressions: Expressions::new(code), code };
    let mut called: FxHashSet<String> = FxHashSet::default();
    let mut sites = Vec::new();
    for call in code.calls() {
        let receiver = code.receiver(call);
        let name = code.text_of(call.name);
        if receiver.is_empty() || NO_PROCEDURES.contains(&name) || code.is(code.after(call.open), "{") {
            continue;
        }
        let Some(stub) = reader.stub(receiver) else { continue };
        let mut letters = name.chars();
        let Some(first) = letters.next() else { continue };
        let method = format!("{}/{}{}", stub.service, first.to_ascii_uppercase(), letters.as_str());
        called.insert(stub.service.clone());
        sites.push(reader.site(call, method, stub.target));
    }
    // A stub of which no procedure is seen is handed to somebody who calls it.
    for call in code.calls() {
        let Some(stub) = reader.created(call) else { continue };
        if called.insert(stub.service.clone()) {
            sites.push(reader.site(call, stub.service, stub.target));
        }
    }
    sites.sort_by_key(|site| site.at.start);
    output.facts.extend(sites.into_iter().map(Fact::Call));
}

struct Reader<'c, 't> {
    expressions: Expressions<'c, 't>,
    code: &'c Code<'t>,
}

impl Reader<'_, '_> {
    fn site(&self, call: Call, name: String, target: Value) -> CallSite {
        CallSite {
            at: self.code.location(call.name..call.open),
            kind: CallKind::Grpc,
            client: FRAMEWORK.name.into(),
            target,
            method: None,
            name: Some(literal(name)),
            exchange: None,
            limited: None,
        }
    }

    /// The stub that a receiver is.
    fn stub(&self, receiver: Range<usize>) -> Option<Stub> {
        let code = self.code;
        if let Some(made) = origins::made(&self.expressions, receiver.clone()) {
            return self.stub_of(&made);
        }
        // `promisify(client)` and fields that are declared as what a generator wrote.
        let of = origins::declared(code, receiver)?;
        let service =
            of.strip_suffix("PromiseClient").or(of.strip_suffix("ServiceClient").map(|_| of.trim_end_matches("Client")))?;
        let generated = self.expressions.known.imported.iter().any(|import| {
            import.local == of && ["pb", "proto", "grpc", "generated", "gen/"].iter().any(|word| import.module.contains(word))
        });
        generated.then(|| Stub { service: service.to_owned(), target: unknown("set up elsewhere") })
    }

    fn created(&self, call: Call) -> Option<Stub> {
        let code = self.code;
        let start = call.start - usize::from(call.start > 0 && code.is(call.start - 1, "new"));
        self.stub_of(&origins::made(&self.expressions, start..code.after(call.open))?)
    }

    /// What a call makes, if it is a stub.
    fn stub_of(&self, made: &Made) -> Option<Stub> {
        let code = self.code;
        let arguments = code.arguments(made.open);
        let constructs = || {
            let start = if made.receiver.is_empty() { made.open - 1 } else { made.receiver.start };
            start.checked_sub(1).is_some_and(|before| code.is(before, "new"))
        };
        match (made.name.as_str(), &arguments[..]) {
            // `createClient(Service, transport)` of Connect, nice-grpc and their kin.
            ("createClient" | "createPromiseClient" | "createCallbackClient" | "create", [service, transport, ..]) => {
                let packages = ["@connectrpc/connect", "@bufbuild/connect", "nice-grpc", "nice-grpc-web"];
                if !origins::imports(&self.expressions, &packages) {
                    return None;
                }
                let name = code.dotted(service.clone())?;
                let name = name.rsplit('.').next().unwrap_or(&name).trim_end_matches("Definition").to_owned();
                Some(Stub { service: name, target: self.transport(transport.clone()) })
            }
            ("getService" | "getClientByServiceName", [service, ..]) => {
                let service = self.expressions.text(service.clone())?;
                Some(Stub { service, target: self.nest_address() })
            }
            (name, [address, rest @ ..]) if constructs() && name.starts_with(char::is_uppercase) => {
                let secured = rest.first().is_some_and(|range| self.is_credentials(range.clone()));
                let generated =
                    name.ends_with("Client") && ["grpc", "_pb", "proto"].iter().any(|word| made.module().contains(word));
                let by_transport = generated
                    && origins::made(&self.expressions, address.clone()).is_some_and(|of| of.name.ends_with("Transport"));
                if !secured && !generated {
                    return None;
                }
                // The generic client of the library has no service of its own.
                let service = name.strip_suffix("PromiseClient").or(name.strip_suffix("Client")).unwrap_or(name);
                if service.is_empty() || matches!(service, "Grpc" | "Server") {
                    return None;
                }
                let target = if by_transport { self.transport(address.clone()) } else { self.expressions.value(address.clone()) };
                Some(Stub { service: service.to_owned(), target })
            }
            _ => None,
        }
    }

    fn is_credentials(&self, range: Range<usize>) -> bool {
        let code = self.code;
        let speaks = |range: Range<usize>| {
            range.take(12).any(|at| code.word(at).is_some_and(|word| word.contains("redentials") || word == "createInsecure"))
        };
        speaks(range.clone()) || self.expressions.expression(range).is_some_and(speaks)
    }

    /// The address of a channel or transport.
    fn transport(&self, range: Range<usize>) -> Value {
        let code = self.code;
        let Some(made) = origins::made(&self.expressions, range) else { return unknown("set up elsewhere") };
        let Some(first) = code.arguments(made.open).into_iter().next() else { return unknown("no address") };
        match self.expressions.object(first.clone()) {
            Some(object) => option(code, &object, &["baseUrl", "host", "address", "url"])
                .map_or(unknown("no address"), |range| self.expressions.value(range)),
            None => self.expressions.value(first),
        }
    }

    /// `@Client({ transport: Transport.GRPC, options: { url } })` of the same file.
    fn nest_address(&self) -> Value {
        let code = self.code;
        let transport = code.occurrences("GRPC").iter().take(16).find_map(|&at| {
            let object = self.expressions.known.functions.bracket(at as usize).filter(|&open| code.is(open, "{"))?;
            let options = option(code, &(object..code.after(object)), &["options"])?;
            let url = option(code, &self.expressions.object(options)?, &["url"])?;
            Some(self.expressions.value(url))
        });
        transport.unwrap_or_else(|| unknown("set up elsewhere"))
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn procedures_are_called_through_stubs() {
        check(
            "src/a.ts",
            "import * as grpc from '@grpc/grpc-js';
            import { DepositServiceClient } from '@acme/protos/deposit';
            const client = new DepositServiceClient('dns:///deposit:9090', grpc.credentials.createInsecure());
            client.getDeposit({ id }, (error, value) => done(value));
            const carts = new proto.shop.Carts(process.env.CARTS_ADDR, grpc.credentials.createInsecure());
            export const cache = new Map('a', b);",
            "4 call grpc dns:///deposit:9090 name DepositService/GetDeposit (grpc-clients-js)
            5 call grpc env(CARTS_ADDR) name Carts (grpc-clients-js)",
        );
        check(
            "src/b.ts",
            "import { createPromiseClient } from '@connectrpc/connect';
            const transport = createConnectTransport({ baseUrl: 'http://eliza:8080' });
            const client = createPromiseClient(ElizaService, transport);
            await client.say({ sentence });",
            "4 call grpc http://eliza:8080 name ElizaService/Say (grpc-clients-js)",
        );
        check(
            "src/c.ts",
            "class A { @Client({ transport: Transport.GRPC, options: { url: 'heroes:5000', package: 'hero' } }) client: ClientGrpc;
            onModuleInit() { this.heroes = this.client.getService<HeroService>('HeroService'); }
            one() { return this.heroes.findOne({ id: 1 }); } }",
            "3 call grpc heroes:5000 name HeroService/FindOne (grpc-clients-js)",
        );
    }
}
