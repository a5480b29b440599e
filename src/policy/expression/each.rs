//! Macros over the items of a list: `all`, `exists`, `exists_one`, `filter`, `map`.
//!
//! An incomplete list may have other items, so what is said of it must hold whatever they are.

use super::evaluate::Frame;
use super::node::Each;
use super::truth::Truth;
use crate::model::datum::Datum;

impl Each {
    /// Looks for an item for which the body is `decisive`; its place, if there is one. Without one, items that may be missing leave the
    /// answer open as an unknown item does.
    pub(super) fn until<'f>(&'f self, decisive: Truth, frame: &mut Frame<'f>) -> (Truth, Option<usize>) {
        let Datum::List { items, complete } = self.list.evaluate(frame) else { return (Truth::Unknown, None) };
        let mut result = if complete { decisive.not() } else { Truth::Unknown };
        for (place, item) in items.iter().enumerate() {
            let truth = self.ask(item, frame);
            if truth == decisive {
                return (decisive, Some(place));
            }
            if truth == Truth::Unknown {
                result = Truth::Unknown;
            }
        }
        (result, None)
    }

    fn ask<'f>(&'f self, item: &Datum, frame: &mut Frame<'f>) -> Truth {
        if !frame.fuel.burn(1) {
            return Truth::Unknown;
        }
        frame.bind(self.slot, item.clone());
        self.body.truth(frame)
    }

    pub(super) fn exactly_one<'f>(&'f self, frame: &mut Frame<'f>) -> Truth {
        let Datum::List { items, complete } = self.list.evaluate(frame) else { return Truth::Unknown };
        let (mut found, mut sure) = (0, complete);
        for item in items.iter() {
            match self.ask(item, frame) {
                Truth::True => found += 1,
                Truth::Unknown => sure = false,
                Truth::False => {}
            }
            if found > 1 {
                return Truth::False;
            }
        }
        if sure { (found == 1).into() } else { Truth::Unknown }
    }

    pub(super) fn filter<'f>(&'f self, frame: &mut Frame<'f>) -> Datum {
        let Datum::List { items, mut complete } = self.list.evaluate(frame) else { return Datum::Unknown };
        let mut kept = Vec::new();
        for item in items.iter() {
            match self.ask(item, frame) {
                Truth::True => kept.push(item.clone()),
                Truth::Unknown => complete = false,
                Truth::False => {}
            }
        }
        Datum::List { items: kept.into(), complete }
    }

    pub(super) fn map<'f>(&'f self, frame: &mut Frame<'f>) -> Datum {
        let Datum::List { items, complete } = self.list.evaluate(frame) else { return Datum::Unknown };
        if !frame.fuel.burn(items.len()) {
            return Datum::Unknown;
        }
        let change = |item: &Datum| {
            frame.bind(self.slot, item.clone());
            self.body.evaluate(frame)
        };
        Datum::List { items: items.iter().map(change).collect(), complete }
    }
}
