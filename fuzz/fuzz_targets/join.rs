//! Facts of a few files, joined to a model, mapped and drawn. Bytes that are JSON are the facts themselves; of others each four make one
//! fact of names and values that meet by chance.

#![no_main]

use std::sync::Arc;

use brickwork::evaluate::finding::Report;
use brickwork::facts::*;
use brickwork::model::map::map;
use brickwork::model::settings::Settings;
use brickwork::model::{Context, build};
use brickwork::report::diagram::DIAGRAMS;
use brickwork::source::{Location, Spanned};
use libfuzzer_sys::fuzz_target;

const TEXTS: [&str; 32] = [
    "orders", "billing", "http://orders:80/a/", "http://billing", "/x/{id}", "${A}", "${B:-orders}", "A", "B", "*#f", "#f", "x/y#T.f", "T.f", "T",
    "orders.*", "orders.created", "#", "q", "e", "jdbc:postgresql://db/a", "mongodb://db", "server=db;database=a", "lb://ORDERS/", "{{ .X }}", "", "\u{FFFC}",
    "GET", "component:default/orders", "Orders/Get", "spring.application.name", "localhost:80", "{}",
];

fn text(byte: u8) -> Arc<str> {
    TEXTS[byte as usize % TEXTS.len()].into()
}

fn value(a: u8, b: u8) -> Value {
    match a % 7 {
        0 => Value::Literal(text(b)),
        1 => Value::Symbol(text(b)),
        2 => Value::Env { name: text(b), default: (b > 128).then(|| Box::new(Value::Literal(text(b / 3)))) },
        3 => Value::Property { key: text(b), default: None },
        4 => Value::Parameter { function: text(b), index: u32::from(b % 3) },
        5 => Value::Concat(vec![value(b, a), Value::Literal(text(b / 5)), value(b / 7, b)]),
        _ => Value::Unknown(text(b)),
    }
}

fn fact(kind: u8, a: u8, b: u8) -> Fact {
    let at = Location { start: 0, end: 1, line: u32::from(a) + 1, column: 1 };
    let spanned = |byte: u8| Spanned::new(text(byte), at);
    match kind % 14 {
        0..=2 => Fact::Call(CallSite {
            at,
            kind: [CallKind::Http, CallKind::Grpc, CallKind::Pattern, CallKind::Message][a as usize % 4],
            client: "c".into(),
            target: value(a / 4, b),
            method: (a > 99).then(|| text(b)),
            name: (b > 99).then(|| value(b, a)),
            exchange: (b > 199).then(|| value(a, a)),
            limited: None,
        }),
        3 => Fact::Invocations { invocations: vec![Invocation { at, function: text(a), arguments: vec![value(a, b), value(b, a)] }] },
        4 => Fact::Addresses { addresses: vec![Address { at, value: value(a, b), name: Some(text(b)) }] },
        5 => Fact::Binding(Binding { at, exchange: value(a, b), queue: value(b, a), key: (a > 9).then(|| value(b, b)) }),
        6 => Fact::Connection(Connection { at, engine: None, address: value(a, b), database: (b > 99).then(|| value(b, a)) }),
        7 => Fact::Gateway(Gateway {
            at,
            tool: "t".into(),
            name: (a > 127).then(|| spanned(b)),
            forwards: vec![Forward { at, path: Some(text(a)), target: value(a, b) }],
        }),
        8 => {
            let name = value(a, b);
            let kind = [HandlerKind::Rpc, HandlerKind::Consumer, HandlerKind::Schedule][a as usize % 3];
            Fact::Handler(Handler { at, kind, framework: "f".into(), name })
        }
        9 => Fact::Settings { settings: vec![Setting { key: text(a), value: spanned(b), profile: (a > 99).then(|| text(b)) }] },
        10 => Fact::Code(CodeModule {
            constants: vec![Constant { name: text(a), value: value(a, b), at }],
            aliases: vec![Alias { name: text(b), target: text(a) }],
            types: vec![TypeHeader { name: text(a), at, bases: vec![text(b)] }],
            ..CodeModule::default()
        }),
        11 => {
            let route = Route { at, method: text(b), path: value(a, b), scope: (a > 99).then(|| text(b)), owner: None };
            Fact::Routing(Routing { framework: "f".into(), routes: vec![route], ..Routing::default() })
        }
        12 => Fact::NetworkName(NetworkName {
            at,
            name: spanned(a),
            namespace: Some(text(b)),
            selector: vec![(text(a), text(b))],
            ports: Vec::new(),
            external: None,
        }),
        _ => Fact::Manifest(ServiceManifest {
            at,
            name: Some(spanned(a)),
            kind: Some(spanned(b)),
            consumes: vec![spanned(a), spanned(b)],
            ..ServiceManifest::default()
        }),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let repositories = serde_json::from_slice::<Facts>(bytes).map(|facts| facts.repositories).unwrap_or_else(|_| {
        let mut files: Vec<FileFacts> = ["orders/service.yaml", "billing/service.yaml", "orders/a.java", "billing/b.py", "x/y.ts"]
            .iter()
            .map(|&path| FileFacts { path: path.into(), ..FileFacts::default() })
            .collect();
        for chunk in bytes.chunks_exact(4).take(400) {
            files[chunk[0] as usize % 5].facts.push(fact(chunk[1], chunk[2], chunk[3]));
        }
        vec![RepositoryFacts { name: "shop".into(), root: "".into(), foreign: false, files }]
    });
    let model = build(repositories, &Settings::default(), &Context::default());
    let map = map(&model);
    for diagram in DIAGRAMS {
        (diagram.write)(&map, &Report::default(), &mut std::io::sink()).expect("a sink takes everything");
    }
});
