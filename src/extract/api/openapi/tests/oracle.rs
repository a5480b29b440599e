//! Tests against the `openapiv3` crate.
