//! The integration tests, in one binary.

mod hostile;
mod house;
mod refusals;
mod rules;
mod schemas;
mod systems;
