//! Operations that are not HTTP as facts, and how annotations name queues and topics.

use crate::extract::Output;
use crate::facts::{Fact, Handler, HandlerKind, Value};
use crate::source::Location;

pub fn add(output: &mut Output, framework: &str, kind: HandlerKind, at: Location, name: Value) {
    output.facts.push(Fact::Handler(Handler { at, kind, framework: framework.into(), name }));
}
