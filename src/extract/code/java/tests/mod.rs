//! What is read of files of Java and Kotlin.

mod routes;
