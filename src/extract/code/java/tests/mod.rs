//! What is read of files of Java and Kotlin.

mod calls;
mod entities;
mod handlers;
mod routes;
