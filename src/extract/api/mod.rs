//! API descriptions: what a service says that it offers.
//!
//! The text of one file comes in; a description with its operations comes out, with a problem for whatever breaks the rules of its
//! format. One folder for each family of formats; what they share stands beside them.

pub mod openapi;
pub mod problems;
pub mod protobuf;
mod version_mark;

use crate::discover::Role;

/// Whether a file of this role may describe what its repository offers. Descriptions in tests, examples and vendored code
/// are somebody else's, or nobody's.
fn describes_its_repository(role: Role) -> bool {
    match role {
        Role::Production | Role::Documentation | Role::Generated => true,
        Role::Test | Role::Example | Role::Vendored | Role::Minified => false,
    }
}
