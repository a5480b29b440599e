//! Proxies in programs: http-proxy and its middleware, express-http-proxy, those of Fastify and Koa; gateways of GraphQL.

use std::ops::Range;

use super::expressions::Expressions;
use super::origins::{self, option};
use super::values;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::extract::code::value::unknown;
use crate::extract::code::{Code, Framework};
use crate::facts::{CallKind, CallSite, Fact, Forward, Gateway, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "proxies-js",
    marks: &[
        "http-proxy",
        "proxyMiddleware",
        "proxyTable",
        "proxy: {",
        "destination:",
        "ProxyMiddleware",
        "fast-gateway",
        "koa-proxies",
        "fastify/reply-from",
        "serviceList",
        "subgraphs",
        "ApolloClient",
        "HttpLink",
        "GraphQLClient",
        "graphql-request",
        "urql",
        "createProxyServer",
        "@koa/proxy",
    ],
    read,
};

const MOST_TABLES: usize = 16;
const MOST_ROUTES: usize = 200;

fn read(code: &Code, output: &mut Output) {
    let reader = Reader { expressions: Expressions::new(code), code };
    let mut forwards: Vec<Forward> = Vec::new();
    for call in code.calls() {
        if code.is(code.after(call.open), "{") {
            continue;
        }
        forwards.extend(reader.forward(call));
        reader.graphql(call, output);
    }
    forwards.extend(reader.tables());
    forwards.retain(|forward| !matches!(forward.target, Value::Unknown(_)));
    forwards.sort_by_key(|forward| forward.at.start);
    if let Some(first) = forwards.first() {
        output.facts.push(Fact::Gateway(Gateway { at: first.at, tool: FRAMEWORK.name.into(), name: None, forwards }));
    }
}

struct Reader<'c, 't> {
    expressions: Expressions<'c, 't>,
    code: &'c Code<'t>,
}

impl Reader<'_, '_> {
    fn value(&self, range: Range<usize>) -> Value {
        self.expressions.value(range)
    }

    fn forward(&self, call: Call) -> Vec<Forward> {
        let code = self.code;
        let arguments = code.arguments(call.open);
        let at = code.location(call.name..call.open);
        let text = |range: Range<usize>| self.expressions.text(range);
        let Some(first) = arguments.first().cloned() else { return Vec::new() };
        let name = code.text_of(call.name);
        let symbol = super::modules::symbol(code, name);
        let module = symbol.split('#').next().unwrap_or("");
        match name {
            _ if module == "express-http-proxy" && code.receiver(call).is_empty() => {
                vec![Forward { at, path: self.mounted(call), target: self.value(first) }]
            }
            _ if matches!(module, "http-proxy-middleware" | "koa-proxies" | "@koa/proxy") && code.receiver(call).is_empty()
                || name == "createProxyMiddleware" =>
            {
                let options = arguments.iter().find_map(|range| self.expressions.object(range.clone()));
                let Some(options) = options else { return Vec::new() };
                let own = text(first).map(|path| path.trim_end_matches("/**").into());
                let path = own.or_else(|| self.mounted(call));
                let mut found = Vec::new();
                let target = option(code, &options, &["target", "host"]).map(|range| self.value(range));
                // A router sends paths and hosts to targets of their own.
                if let Some(router) = option(code, &options, &["router"]).and_then(|range| self.expressions.object(range)) {
                    for (key, value) in values::entries(code, router) {
                        let path = values::key(code, key);
                        found.push(Forward { at: code.at(key), path: Some(path.into()), target: self.value(value) });
                    }
                }
                found.extend(target.map(|target| Forward { at, path, target }));
                found
            }
            "createProxyServer" | "createProxy" | "web" => {
                let options = arguments.iter().rev().find_map(|range| self.expressions.object(range.clone()));
                let target = options.and_then(|object| option(code, &object, &["target"]));
                target.map(|range| Forward { at, path: None, target: self.value(range) }).into_iter().collect()
            }
            "register"
                if origins::imports(&self.expressions, &["@fastify/http-proxy", "fastify-http-proxy", "@fastify/reply-from"]) =>
            {
                let Some(options) = arguments.get(1).and_then(|range| self.expressions.object(range.clone())) else {
                    return Vec::new();
                };
                let Some(upstream) = option(code, &options, &["upstream", "base"]) else { return Vec::new() };
                let path = option(code, &options, &["prefix"]).and_then(text).map(Into::into);
                vec![Forward { at, path, target: self.value(upstream) }]
            }
            _ if module == "fast-gateway" => {
                let routes = self.expressions.object(first).and_then(|object| option(code, &object, &["routes"]));
                let routes = routes.map(|range| values::list(code, range)).unwrap_or_default();
                let route = |range: Range<usize>| {
                    let object = self.expressions.object(range)?;
                    let target = self.value(option(code, &object, &["target"])?);
                    let path = option(code, &object, &["prefix"]).and_then(text).map(Into::into);
                    Some(Forward { at: code.at(object.start), path, target })
                };
                routes.into_iter().filter_map(route).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Tables of servers for pages: `proxyTable: { '/api': { target } }`, `proxy: { '/api': 'http://…' }`, and what Next.js rewrites:
    /// `{ source: '/api/:path*', destination: 'http://…' }`.
    fn tables(&self) -> Vec<Forward> {
        let code = self.code;
        let mut found = Vec::new();
        let brackets = &self.expressions.known.functions;
        for word in ["proxyTable", "proxy"] {
            for &at in code.occurrences(word).iter().take(MOST_TABLES) {
                let at = at as usize;
                if !code.reads(at + 1, &[":", "{"]) {
                    continue;
                }
                for (key, value) in values::entries(code, at + 2..code.after(at + 2)).into_iter().take(MOST_ROUTES) {
                    let path = values::key(code, key);
                    let target = match self.expressions.object(value.clone()) {
                        Some(object) => option(code, &object, &["target"]),
                        None => Some(value),
                    };
                    if let Some(target) = target.filter(|_| path.starts_with(['/', '^'])) {
                        found.push(Forward { at: code.at(key), path: Some(path.into()), target: self.value(target) });
                    }
                }
            }
        }
        for &at in code.occurrences("destination").iter().take(MOST_ROUTES) {
            let Some(open) = brackets.bracket(at as usize).filter(|&open| code.is(open, "{")) else { continue };
            let object = open..code.after(open);
            let (Some(source), Some(target)) = (option(code, &object, &["source"]), option(code, &object, &["destination"]))
            else {
                continue;
            };
            let target = self.value(target);
            let is_elsewhere = !matches!(&target, Value::Literal(text) if text.starts_with('/'));
            if is_elsewhere && code.path.contains("next.config") {
                let path = self.expressions.text(source).map(|path| path.split("/:").next().unwrap_or("").into());
                found.push(Forward { at: code.at(open), path, target });
            }
        }
        found
    }

    /// The path at which the call around puts what a call makes: `app.use('/orders', proxy(…))`.
    fn mounted(&self, call: Call) -> Option<std::sync::Arc<str>> {
        let code = self.code;
        let open = self.expressions.known.functions.bracket(call.start).filter(|&open| code.is(open, "("))?;
        let around = code.call_before(open)?;
        if !code.is_any(around.name, &["use", "all", "get", "post", "put", "delete", "patch"]) {
            return None;
        }
        self.expressions.text(open + 1..super::functions::expression_end(code, open + 1)).map(Into::into)
    }

    fn graphql(&self, call: Call, output: &mut Output) {
        let code = self.code;
        let arguments = code.arguments(call.open);
        let Some(first) = arguments.first().cloned() else { return };
        let object = || self.expressions.object(first.clone());
        let mut add = |at, target: Value| {
            output.facts.push(Fact::Call(CallSite {
                at,
                kind: CallKind::Http,
                client: "graphql-clients-js".into(),
                target,
                method: Some("POST".into()),
                name: None,
                exchange: None,
                limited: None,
            }));
        };
        let at = code.location(call.name..call.open);
        match code.text_of(call.name) {
            "ApolloClient" | "HttpLink" | "createHttpLink" | "BatchHttpLink" | "createUploadLink" => {
                let uri = object().and_then(|object| option(code, &object, &["uri"]));
                uri.into_iter().for_each(|range| add(at, self.value(range)));
            }
            "GraphQLClient" => add(at, self.value(first)),
            "request"
                if super::modules::symbol(code, "request").starts_with("graphql-request#") && code.receiver(call).is_empty() =>
            {
                add(at, self.value(first));
            }
            "createClient" if origins::imports(&self.expressions, &["urql", "@urql/core", "graphql-ws"]) => {
                let url = object().and_then(|object| option(code, &object, &["url"]));
                url.into_iter().for_each(|range| add(at, self.value(range)));
            }
            "ApolloGateway" | "IntrospectAndCompose" => {
                let list = object().and_then(|object| option(code, &object, &["serviceList", "subgraphs"]));
                for part in list.map(|range| values::list(code, self.list_of(range))).unwrap_or_default().into_iter().take(64) {
                    let url = self.expressions.object(part.clone()).and_then(|object| option(code, &object, &["url"]));
                    let target = url.map_or_else(|| unknown("set up elsewhere"), |range| self.value(range));
                    if !matches!(target, Value::Unknown(_)) {
                        add(code.at(part.start), target);
                    }
                }
            }
            _ => {}
        }
    }

    /// The list that a name stands for.
    fn list_of(&self, range: Range<usize>) -> Range<usize> {
        self.expressions.expression(range.clone()).filter(|found| self.code.is(found.start, "[")).unwrap_or(range)
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn what_is_handed_on_is_told_with_its_path() {
        check(
            "src/a.js",
            "const { createProxyMiddleware } = require('http-proxy-middleware'); const proxy = require('express-http-proxy');
            app.use('/orders', createProxyMiddleware({ target: process.env.ORDERS || 'http://orders:80', changeOrigin: true }));
            app.use('/users', auth, proxy('http://users:3000'));
            createProxyMiddleware('/api/**', { target: base });
            const server = httpProxy.createProxyServer({ target: 'http://carts' });",
            "2 forwards /orders to env(ORDERS or http://orders:80) (proxies-js)
            3 forwards /users to http://users:3000 (proxies-js)
            4 forwards /api to <#base> (proxies-js)
            5 forwards to http://carts (proxies-js)",
        );
        check(
            "next.config.js",
            "module.exports = { proxyTable: { '/tasks': { target: process.env.TASKS } },
              async rewrites() { return [{ source: '/api/:path*', destination: `${process.env.API}/:path*` }, { source: '/a', destination: '/b' }]; } };",
            "1 forwards /tasks to env(TASKS) (proxies-js)
            2 forwards /api to env(API)+/:path* (proxies-js)
            1 constant proxyTable./tasks.target = env(TASKS)",
        );
    }

    #[test]
    fn graphql_is_asked_at_its_address() {
        check(
            "src/a.ts",
            "import { GraphQLClient } from 'graphql-request'; import { ApolloClient, HttpLink } from '@apollo/client';
            const client = new GraphQLClient(process.env.GRAPHQL_URL);
            const link = new HttpLink({ uri: 'http://gateway/graphql' });
            const gateway = new ApolloGateway({ supergraphSdl: new IntrospectAndCompose({ subgraphs: [{ name: 'a', url: 'http://a/graphql' }, { name: 'b', url: process.env.B }] }) });",
            "2 call http POST env(GRAPHQL_URL) (graphql-clients-js)
            3 call http POST http://gateway/graphql (graphql-clients-js)
            4 call http POST http://a/graphql (graphql-clients-js)
            4 call http POST env(B) (graphql-clients-js)",
        );
    }
}
