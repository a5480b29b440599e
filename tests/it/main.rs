//! The integration tests, in one binary.

mod hostile;
mod house;
mod rules;
mod schemas;
mod systems;
