//! The integration tests, in one binary.

mod house;
mod rules;
mod schemas;
mod systems;
