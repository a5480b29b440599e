//! Rules over subjects: a policy and a model come in, a report comes out.

pub mod finding;
