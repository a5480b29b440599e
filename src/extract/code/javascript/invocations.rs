//! Calls of what may be wrappers of the house: functions of the file, of other files of the program, and of packages of the house.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};

use super::expressions::Expressions;
use crate::extract::Output;
use crate::extract::code::calls::Call;
use crate::facts::Fact;

/// Receivers and packages that belong to the platform or to frameworks.
const NO_WRAPPERS: [&str; 52] = [
    "console",
    "log",
    "logger",
    "Logger",
    "fs",
    "path",
    "os",
    "process",
    "document",
    "window",
    "history",
    "location",
    "localStorage",
    "sessionStorage",
    "JSON",
    "Object",
    "Array",
    "Math",
    "Promise",
    "Number",
    "String",
    "Date",
    "Reflect",
    "Symbol",
    "res",
    "response",
    "reply",
    "req",
    "request",
    "ctx",
    "app",
    "server",
    "express",
    "router",
    "Router",
    "expect",
    "cy",
    "page",
    "moment",
    "dayjs",
    "i18n",
    "t",
    "jest",
    "vi",
    "z",
    "Joi",
    "yup",
    "cookies",
    "headers",
    "params",
    "searchParams",
    "formData",
];

pub fn read(expressions: &Expressions, output: &mut Output) {
    let code = expressions.code;
    let places = output.facts.iter().filter_map(|fact| match fact {
        Fact::Call(site) => Some(site.at.start),
        Fact::Connection(store) => Some(store.at.start),
        Fact::Binding(binding) => Some(binding.at.start),
        _ => None,
    });
    let calls: FxHashSet<u32> = places.collect();
    let imported = expressions.known.imported.iter().map(|import| (import.local.as_str(), (import.own, import.module.as_str())));
    let imported: FxHashMap<&str, (bool, &str)> = imported.collect();
    let types: FxHashSet<&str> = code.items().iter().map(|item| code.text_of(item.name)).collect();
    let is_known = |call: Call| {
        let name = code.text_of(call.name);
        if calls.contains(&code.tokens[call.name].start)
            || call.start.checked_sub(1).is_some_and(|at| code.is_any(at, &["@", "function"]))
        {
            return true;
        }
        // A stub is told by what is called through it.
        let constructs = call.start.checked_sub(1).is_some_and(|at| code.is(at, "new"));
        let secured = || code.inside(call.open).take(24).any(|at| code.word(at).is_some_and(|word| word.contains("redentials")));
        if constructs && secured() {
            return true;
        }
        // Declarations of methods look like calls.
        if code.is(code.after(call.open), "{") {
            return true;
        }
        let Some(receiver) = code.receiver_name(call) else {
            return true;
        };
        let first = receiver.split('.').next().unwrap_or("");
        if NO_WRAPPERS.contains(&first) || NO_WRAPPERS.contains(&receiver.rsplit('.').next().unwrap_or("")) {
            return true;
        }
        let root = if receiver.is_empty() { name } else { first };
        if let Some((own, module)) = imported.get(root) {
            return !own && !is_house(module);
        }
        let is_own = || expressions.known.function(name).is_some() || types.contains(name);
        receiver.is_empty() && !is_own()
            || matches!(
                name,
                "use"
                    | "route"
                    | "join"
                    | "split"
                    | "includes"
                    | "startsWith"
                    | "endsWith"
                    | "replace"
                    | "push"
                    | "concat"
                    | "indexOf"
                    | "test"
                    | "match"
                    | "setHeader"
                    | "set"
                    | "append"
                    | "then"
                    | "emit"
                    | "on"
                    | "addEventListener"
                    | "querySelector"
                    | "getElementById"
                    | "super"
                    | "cn"
                    | "clsx"
                    | "classNames"
                    | "annotate"
                    | "getAttribute"
                    | "setAttribute"
                    | "getItem"
                    | "setItem"
                    | "startSpan"
                    | "commit"
                    | "dispatch"
                    | "cookie"
            )
    };
    let value_of = |range: Range<usize>| expressions.value(range);
    let mut found = code.invocations_of(&value_of, &is_known, &|call| code.callee(call));
    // A type that is neither defined nor imported here is the platform's.
    found.retain(|invocation| match invocation.function.strip_prefix('#').and_then(|name| name.split_once('.')) {
        Some((of, _)) => code.items().iter().any(|item| code.is(item.name, of)),
        None => true,
    });
    for invocation in &mut found {
        if let Some(module) = invocation.function.strip_suffix("#*") {
            invocation.function = format!("{module}#default").into();
        }
    }
    if !found.is_empty() {
        output.facts.push(Fact::Invocations { invocations: found });
    }
}

/// A package that may be the house's own: it has a scope that is none of the well known ones.
fn is_house(module: &str) -> bool {
    let scopes = [
        "@nestjs/",
        "@angular/",
        "@aws-sdk/",
        "@azure/",
        "@google-cloud/",
        "@grpc/",
        "@opentelemetry/",
        "@apollo/",
        "@mui/",
        "@reduxjs/",
        "@tanstack/",
        "@hapi/",
        "@fastify/",
        "@types/",
        "@babel/",
        "@prisma/",
        "@sentry/",
        "@testing-library/",
        "@vue/",
        "@nuxt/",
        "@ngrx/",
        "@radix-ui/",
        "@elastic/",
        "@smithy/",
        "@trpc/",
        "@emotion/",
        "@material-ui/",
        "@chakra-ui/",
        "@headlessui/",
        "@heroicons/",
        "@hookform/",
        "@auth0/",
        "@clerk/",
        "@vercel/",
        "@next/",
        "@connectrpc/",
        "@bufbuild/",
        "@remix-run/",
        "@sveltejs/",
        "@faker-js/",
        "@octokit/",
        "@slack/",
        "@stripe/",
        "@sendgrid/",
        "@dapr/",
    ];
    module.starts_with('@') && module.contains('/') && !scopes.iter().any(|scope| module.starts_with(scope))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn calls_of_the_houses_own_functions_are_told() {
        check(
            "src/a.js",
            "const helpers = require('./helpers');
            const endpoints = require('./endpoints');
            helpers.load(endpoints.ordersUrl + '/orders', done);
            res.render('/x/y'); i18n.t('a.b'); lodash.get(a, 'b.c.d'); app.use('/x', y);",
            "3 invokes src/helpers#load(<src/endpoints#ordersUrl>+/orders, <#done>)",
        );
    }
}
