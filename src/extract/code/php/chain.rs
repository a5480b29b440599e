//! Chains of calls: `Route::prefix('a')->group(…)`, `$app->get(…)->setName(…)`, `$this->router->map(…)`.

use std::ops::Range;

use crate::extract::code::Code;

/// A call of a chain.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    pub name: usize,
    pub open: usize,
}

#[derive(Clone, Debug)]
pub struct Chain {
    /// Names before the first call, without the call's own: `$this->router`.
    pub root: Range<usize>,
    pub links: Vec<Link>,
    /// The token after the last call.
    pub end: usize,
}

impl Chain {
    /// The chain that begins at a name.
    pub fn at(code: &Code, start: usize) -> Option<Chain> {
        code.word(start)?;
        let mut links = Vec::new();
        let mut root_end = start + 1;
        let mut at = start + 1;
        loop {
            // `?->` comes as two operators.
            let step = at + usize::from(code.is(at, "?") && code.is(at + 1, "->"));
            if !code.is_any(step, &["->", "::"]) || code.word(step + 1).is_none() {
                break;
            }
            let name = step + 1;
            if code.is(name + 1, "(") {
                links.push(Link { name, open: name + 1 });
                at = code.after(name + 1);
            } else if links.is_empty() {
                at = name + 1;
                root_end = at;
            } else {
                break;
            }
        }
        (!links.is_empty()).then_some(Chain { root: start..root_end, links, end: at })
    }

    /// The last call by a name.
    pub fn link(&self, code: &Code, name: &str) -> Option<Link> {
        self.links.iter().rev().copied().find(|link| code.is(link.name, name))
    }

    /// The first argument of a call by a name.
    pub fn argument(&self, code: &Code, name: &str) -> Option<Range<usize>> {
        code.arguments(self.link(code, name)?.open).into_iter().next()
    }
}

/// The value of a key in an array: `['prefix' => 'a']`, `array('prefix' => 'a')`.
pub fn entry(code: &Code, array: Range<usize>, key: &str) -> Option<Range<usize>> {
    let open = array_open(code, array)?;
    code.named(&code.arguments(open), key)
}

/// The bracket of an array.
pub fn array_open(code: &Code, array: Range<usize>) -> Option<usize> {
    let open = array.start + usize::from(code.is(array.start, "array"));
    (code.is_any(open, &["[", "("]) && (open > array.start || code.is(open, "["))).then_some(open)
}

/// The closure that a range is: its parameters' bracket, and its body. `function ($a) use ($b) {…}`, `static fn ($a) => …`.
pub fn closure(code: &Code, range: Range<usize>) -> Option<(usize, Range<usize>)> {
    let mut at = range.start;
    // Attributes and `static` may stand before.
    while code.is(at, "#") && code.is(at + 1, "[") {
        at = code.after(at + 1);
    }
    at += usize::from(code.is(at, "static"));
    if !code.is_any(at, &["function", "fn"]) {
        return None;
    }
    let open = at + 1 + usize::from(code.is(at + 1, "&"));
    if !code.is(open, "(") {
        return None;
    }
    let after = code.after(open);
    if code.is(at, "fn") {
        let arrow = (after..range.end).find(|&arrow| code.is(arrow, "=>"))?;
        return Some((open, arrow + 1..range.end));
    }
    let mut body = after;
    while body < range.end && !code.is(body, "{") {
        body = code.after(body);
    }
    (body < range.end).then(|| (open, code.inside(body)))
}
