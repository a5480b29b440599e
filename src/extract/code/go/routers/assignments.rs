//! Assignments: what names and fields are given.

use std::ops::Range;
use std::sync::Arc;

use super::things::{Scope, Thing};
use super::walk::{Bound, Walk};

impl<'c, 't> Walk<'c, 't> {
    pub fn assign(&mut self, at: usize) {
        let code = self.code;
        let Some(mut last) = at.checked_sub(1) else { return };
        // `var name Type = …`.
        let line = (at.saturating_sub(8)..at).rev().find(|&first| code.begins_line(first)).unwrap_or(at);
        if code.is(line, "var") && code.is(at, "=") {
            last = line + 1;
        }
        if code.word(last).is_none() {
            return;
        }
        let mut first = code.chain_start(last);
        let mut others = Vec::new();
        while code.is(first.wrapping_sub(1), ",") && first >= 2 && code.word(first - 2).is_some() {
            others.extend((first == last).then(|| code.text_of(first)));
            last = first - 2;
            first = code.chain_start(last);
        }
        let is_new = code.is(at, ":=");
        let end = self.block_end();
        if code.is(at + 1, "range") {
            let symbol = self.table_symbol(at + 2);
            for name in others {
                self.bind(name, Bound::Element(symbol.clone()), end);
            }
            return self.bind(code.text_of(first), Bound::Other, end);
        }
        let name = code.text_of(first);
        let is_described = super::super::remote::is_described(code, at + 1);
        for name in others.into_iter().filter(|_| is_new) {
            self.bind(name, if is_described { Bound::Described } else { Bound::Other }, end);
        }
        if is_described {
            return self.bind(name, Bound::Described, end);
        }
        if first != last {
            return self.assign_field(first..last + 1, at + 1);
        }
        let is_global = !is_new && self.bound(name).is_none() && self.source.global_named(name).is_some();
        let symbol = if is_global { format!("#{name}").into() } else { self.local_symbol(name) };
        let thing = self.evaluate(at + 1, Some(&symbol));
        let thing = match thing {
            Thing::Scope(scope) => Thing::Scope(Scope { name: name.into(), ..scope.held_by(&symbol) }),
            other => other,
        };
        if is_global {
            if let Thing::Scope(scope) = &thing
                && let Some(router) = scope.router().cloned()
            {
                if router.symbol != symbol {
                    self.link(&symbol, &router, at);
                }
                let own = Scope::named(Arc::clone(&symbol), name);
                let own = Scope { flavor: router.flavor, ..own };
                self.globals.insert(self.source.global_named(name).map_or("", |global| global.name), own);
            }
            return;
        }
        let bound = match thing {
            Thing::Nothing if !is_new => return,
            Thing::Nothing => Bound::Other,
            // An error is made from much, and is no part of it.
            _ if name == "err" => Bound::Other,
            thing => Bound::Thing(Box::new(thing)),
        };
        let at = self.at;
        match self.names.get_mut(name).and_then(|all| all.iter_mut().rev().find(|(end, _)| *end > at)) {
            Some(other) if !is_new => other.1 = bound,
            _ => self.bind(name, bound, end),
        }
    }

    /// `server.router = router`.
    fn assign_field(&mut self, target: Range<usize>, value: usize) {
        let code = self.code;
        let name = code.text_of(target.end - 1);
        let Some(holder) = self.holder(target.clone()) else { return };
        let symbol = holder.member(name);
        if let Thing::Scope(scope) = self.evaluate(value, Some(&symbol)) {
            let Some(router) = scope.router().cloned() else { return };
            if name == "Handler" && holder.of.as_deref() == Some("net/http#Server") {
                self.serve(&router);
            } else if router.symbol != symbol {
                self.link(&symbol, &router, value);
            }
        }
    }

    /// What the names before the last one of a dotted name stand for.
    fn holder(&mut self, target: Range<usize>) -> Option<Scope> {
        let code = self.code;
        if target.len() < 3 || code.dotted(target.clone()).is_none() {
            return None;
        }
        let mut thing = self.head(target.start);
        for at in (target.start + 2..target.end.saturating_sub(2)).step_by(2) {
            thing = self.field(thing, at);
        }
        match thing {
            Thing::Scope(scope) => Some(scope),
            _ => None,
        }
    }
}
