//! What is read of files of Java and Kotlin.

mod calls;
mod clients;
mod entities;
mod handlers;
mod messages;
mod routes;
