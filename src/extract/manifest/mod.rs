//! Manifests: what a repository states about itself.
//!
//! Catalog descriptors, our own `service.yaml`, CODEOWNERS, and waivers in comments. Each file here reads one of them.

pub mod backstage;
pub mod codeowners;
pub mod service_yaml;
pub mod waiver;

#[cfg(test)]
mod snapshot;
