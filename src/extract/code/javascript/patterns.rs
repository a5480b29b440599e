//! Requests and messages by pattern: clients of NestJS, Moleculer, Seneca; and how a pattern is written in one way.

use std::ops::Range;

use super::expressions::Expressions;
use super::helpers::address;
use super::origins::{self, option};
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::{concat, literal, unknown};
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Handler, HandlerKind, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "patterns-js",
    marks: &[
        "ClientProxy",
        "ClientKafka",
        "ClientRMQ",
        "ClientsModule",
        "ClientTCP",
        "oleculer",
        "broker.call",
        "ctx.call",
        "seneca",
    ],
    read,
};

/// Types of clients of NestJS that send by pattern.
const CLIENTS: [&str; 8] =
    ["ClientProxy", "ClientKafka", "ClientRMQ", "ClientTCP", "ClientRedis", "ClientNats", "ClientMqtt", "ClientKafkaProxy"];

fn read(code: &Code, output: &mut Output) {
    let reader = Reader { expressions: Expressions::new(code), code };
    let moleculer = code.text.contains("oleculer") || code.text.contains("actions:");
    let seneca = code.text.contains("seneca");
    for call in code.calls() {
        let found = reader.nest(call).or_else(|| reader.registered(call, output));
        let found = found.or_else(|| moleculer.then(|| reader.moleculer(call)).flatten());
        let found = found.or_else(|| seneca.then(|| reader.seneca(call, output)).flatten());
        output.facts.extend(found.map(Fact::Call));
    }
    if moleculer {
        reader.services(output);
    }
}

struct Reader<'c, 't> {
    expressions: Expressions<'c, 't>,
    code: &'c Code<'t>,
}

impl Reader<'_, '_> {
    fn site(&self, call: Call, client: &str, kind: CallKind, target: Value, name: Option<Value>) -> CallSite {
        let at = self.code.location(call.name..call.open);
        CallSite { at, kind, client: client.into(), target, method: None, name, exchange: None, limited: None }
    }

    /// `client.send(pattern, data)`, `client.emit(pattern, data)`.
    fn nest(&self, call: Call) -> Option<CallSite> {
        let code = self.code;
        let name = code.text_of(call.name);
        let receiver = code.receiver(call);
        if !matches!(name, "send" | "emit") || receiver.is_empty() {
            return None;
        }
        let of = origins::declared(code, receiver.clone());
        let made = || {
            origins::made(&self.expressions, receiver.clone())
                .is_some_and(|made| made.symbol.ends_with("ClientProxyFactory.create"))
        };
        if !of.is_some_and(|of| CLIENTS.contains(&of)) && !made() {
            return None;
        }
        let pattern = pattern(&self.expressions, code.arguments(call.open).into_iter().next()?);
        Some(match name {
            "send" => self.site(call, "nestjs", CallKind::Pattern, unknown("set up elsewhere"), Some(pattern)),
            _ => self.site(call, "nestjs", CallKind::Message, pattern, None),
        })
    }

    /// Where a client of NestJS is told its server: `ClientProxyFactory.create(options)`, `ClientsModule.register([options])`, `@Client`.
    fn registered(&self, call: Call, output: &mut Output) -> Option<CallSite> {
        let code = self.code;
        let receiver = code.receiver_name(call)?;
        let arguments = code.arguments(call.open);
        let first = arguments.first()?.clone();
        match (receiver.as_str(), code.text_of(call.name)) {
            ("ClientProxyFactory", "create") => {
                if let Some(object) = self.expressions.object(first.clone()) {
                    let target = self.server(object)?;
                    return Some(self.site(call, "nestjs", CallKind::Pattern, target, None));
                }
                // Options that another file holds are called as options are.
                let Value::Symbol(options) = self.expressions.value(first) else { return None };
                let part = |key: &str| Value::Symbol(format!("{options}.options.{key}").into());
                let target = concat([part("host"), literal(":"), part("port")]);
                (!options.starts_with('#')).then(|| self.site(call, "nestjs", CallKind::Pattern, target, None))
            }
            ("ClientsModule", "register" | "registerAsync") => {
                let all = code.inside(call.open);
                for at in code.occurrences_in(all, "transport").iter().take(64) {
                    let object = self.expressions.known.functions.bracket(*at as usize).filter(|&open| code.is(open, "{"));
                    let Some(target) = object.and_then(|open| self.server(open..code.after(open))) else { continue };
                    let mut site = self.site(call, "nestjs", CallKind::Pattern, target, None);
                    site.at = code.at(*at as usize);
                    output.facts.push(Fact::Call(site));
                }
                None
            }
            ("", "Client") if call.start.checked_sub(1).is_some_and(|before| code.is(before, "@")) => {
                let target = self.server(self.expressions.object(first)?)?;
                Some(self.site(call, "nestjs", CallKind::Pattern, target, None))
            }
            _ => None,
        }
    }

    /// The address of a server that is reached by a socket, as options of a client tell it.
    fn server(&self, options: Range<usize>) -> Option<Value> {
        let code = self.code;
        let transport = option(code, &options, &["transport"])?;
        if !code.is_any(transport.end - 1, &["TCP"]) {
            return None;
        }
        address(&self.expressions, self.expressions.object(option(code, &options, &["options"])?)?)
    }

    /// `ctx.call('users.get')`, `broker.emit('user.created')`.
    fn moleculer(&self, call: Call) -> Option<CallSite> {
        let code = self.code;
        let receiver = code.receiver_name(call)?;
        if !matches!(receiver.rsplit('.').next()?, "broker" | "ctx") {
            return None;
        }
        let name = self.expressions.value(code.arguments(call.open).into_iter().next()?);
        let is_name =
            matches!(&name, Value::Literal(text) if text.contains('.')) || matches!(name, Value::Symbol(_) | Value::Concat(_));
        match code.text_of(call.name) {
            "call" if is_name => Some(self.site(call, "moleculer", CallKind::Pattern, unknown("by name"), Some(name))),
            "emit" | "broadcast" if !receiver.is_empty() => Some(self.site(call, "moleculer", CallKind::Message, name, None)),
            _ => None,
        }
    }

    /// Schemas of services: `{ name: 'users', actions: { get() {} }, events: { 'user.created'() {} } }`.
    fn services(&self, output: &mut Output) {
        let code = self.code;
        let mut add = |key: usize, kind: HandlerKind, name: String| {
            output.facts.push(Fact::Handler(Handler {
                at: code.at(key),
                kind,
                framework: "moleculer".into(),
                name: literal(name),
            }));
        };
        for word in ["actions", "events"] {
            for &at in code.occurrences(word).iter().take(64) {
                let at = at as usize;
                let Some(open) = self.expressions.known.functions.bracket(at).filter(|_| code.reads(at + 1, &[":", "{"])) else {
                    continue;
                };
                let name = option(code, &(open..code.after(open)), &["name"]).and_then(|range| self.expressions.text(range));
                let Some(name) = name else { continue };
                for (key, _) in values::entries(code, at + 2..code.after(at + 2)) {
                    match word {
                        "actions" => add(key, HandlerKind::Rpc, format!("{name}.{}", values::key(code, key))),
                        _ => add(key, HandlerKind::Consumer, values::key(code, key)),
                    }
                }
            }
        }
    }

    /// `seneca.act({ role: 'a', cmd: 'b' })`, and `seneca.add(…)` that answers it.
    fn seneca(&self, call: Call, output: &mut Output) -> Option<CallSite> {
        let code = self.code;
        let receiver = code.receiver(call);
        let first = code.arguments(call.open).into_iter().next()?;
        if !receiver.clone().any(|at| code.word(at).is_some_and(|word| word == "seneca" || word == "this")) {
            return None;
        }
        match code.text_of(call.name) {
            "act" => {
                let pattern = pattern(&self.expressions, first);
                Some(self.site(call, "seneca", CallKind::Pattern, unknown("by pattern"), Some(pattern)))
            }
            "add" => {
                let name = pattern(&self.expressions, first);
                let at = code.location(call.name..call.open);
                output.facts.push(Fact::Handler(Handler { at, kind: HandlerKind::Rpc, framework: "seneca".into(), name }));
                None
            }
            "client" => {
                let target = address(&self.expressions, self.expressions.object(first)?)?;
                Some(self.site(call, "seneca", CallKind::Pattern, target, None))
            }
            _ => None,
        }
    }
}

/// A pattern in one way of writing: a text; of an object with one key its value; of more keys `key:value` sorted, joined by commas.
pub fn pattern(expressions: &Expressions, range: Range<usize>) -> Value {
    let code = expressions.code;
    let Some(object) = expressions.object(range.clone()) else {
        let value = expressions.value(range);
        return match &value {
            // `role:a,cmd:b` of Seneca.
            Value::Literal(text) if text.contains(':') && text.contains(',') => {
                let mut parts: Vec<&str> = text.split(',').map(str::trim).collect();
                parts.sort_unstable();
                literal(parts.join(","))
            }
            _ => value,
        };
    };
    let entries = values::entries(code, object);
    if let [(_, only)] = &entries[..] {
        return expressions.value(only.clone());
    }
    let mut parts: Vec<(String, Value)> =
        entries.into_iter().take(8).map(|(key, value)| (values::key(code, key), expressions.value(value))).collect();
    parts.sort_by(|one, other| one.0.cmp(&other.0));
    let parts = parts.into_iter().enumerate().flat_map(|(index, (key, value))| {
        let before = if index == 0 { "" } else { "," };
        [literal(format!("{before}{key}:")), value]
    });
    concat(parts)
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn clients_of_nestjs_send_by_pattern() {
        check(
            "src/a.ts",
            "import { ClientProxy } from '@nestjs/microservices';
            class A { constructor(@Inject('USERS') private readonly users: ClientProxy, private readonly mail: Mailer) {}
              b() { this.users.send({ cmd: 'get' }, 1); this.users.send('c_d', 1); this.users.emit('user_created', x); this.mail.send('e', 1);
                this.users.send({ role: 'item', cmd: 'add' }, x); } }",
            "3 call pattern ?set up elsewhere name get (nestjs)
            3 call pattern ?set up elsewhere name c_d (nestjs)
            3 call message user_created (nestjs)
            4 call pattern ?set up elsewhere name cmd:add,role:item (nestjs)",
        );
        check(
            "src/b.ts",
            "import { ConfigService } from './config.service';
            function make(config: ConfigService) { const options = config.get('users'); return ClientProxyFactory.create(options); }
            @Module({ imports: [ClientsModule.register([{ name: 'A', transport: Transport.TCP, options: { host: process.env.A_HOST, port: 3001 } }])] }) class B {}",
            "2 call pattern <src/config.service#ConfigService.users.options.host>+:+<src/config.service#ConfigService.users.options.port> (nestjs)
            3 call pattern env(A_HOST)+:3001 (nestjs)",
        );
    }

    #[test]
    fn other_buses_have_patterns_too() {
        check(
            "services/users.js",
            "const { Service } = require('moleculer');
            module.exports = { name: 'users', actions: { get(ctx) { return ctx.call('orders.list', {}); } }, events: { 'order.created'(ctx) {} } };",
            "2 call pattern ?by name name orders.list (moleculer)
            2 rpc users.get
            2 consumer order.created",
        );
        check(
            "a.js",
            "const seneca = require('seneca')();\nseneca.add('role:a,cmd:b', answer);\nseneca.act({ role: 'a', cmd: 'b' }, done);",
            "2 rpc cmd:b,role:a\n3 call pattern ?by pattern name cmd:b,role:a (seneca)",
        );
    }
}
