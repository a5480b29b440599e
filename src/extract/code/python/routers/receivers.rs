//! What a name is that something is registered on: an application or a router that the file makes, is given, or imports.

use std::ops::Range;
use std::sync::Arc;

use super::Reader;
use super::shape::KNOWN;
use crate::extract::code::paths::template;
use crate::extract::code::python::SHAPES;
use crate::extract::code::python::names::{Found, is_type};
use crate::extract::code::python::syntax::{self, Assignment, call, library};
use crate::extract::code::value::literal;
use crate::facts::ScopePrefix;

/// An object that routes can be registered on.
pub struct Receiver {
    pub scope: Arc<str>,
    /// The file makes it from a class of the framework, or says that it is one.
    pub certain: bool,
}
impl Reader<'_, '_> {
    /// The arguments with which an object of the framework is made, and whether it is an application.
    pub(super) fn construction(&self, value: Range<usize>) -> Option<(usize, bool)> {
        let (callee, open) = call(self.code, value)?;
        let name = self.code.dotted(callee)?;
        Some((open, self.class(&name)?))
    }

    /// Whether a class is the framework's, and one of applications.
    pub(super) fn class(&self, name: &str) -> Option<bool> {
        if let Some(&application) = self.classes.get(name) {
            return Some(application);
        }
        let (package, last) = library(self.code, name);
        if !self.shape.packages.contains(&&*package) {
            return None;
        }
        match self.shape.applications.contains(&&*last) {
            true => Some(true),
            false => self.shape.routers.contains(&&*last).then_some(false),
        }
    }

    /// Takes in the objects that the file makes.
    pub(super) fn made(&mut self) {
        for index in 0..self.names.assignments.len() {
            let assignment = &self.names.assignments[index];
            let Some((open, application)) = self.construction(assignment.value.clone()) else { continue };
            let scope = self.names.scope_of(index);
            if application && !self.routing.applications.contains(&scope) {
                self.routing.applications.push(Arc::clone(&scope));
            }
            let arguments = self.code.arguments(open);
            let at_place = || self.code.positional(&arguments).nth(self.shape.prefix_at?).cloned();
            let Some(range) = self.code.named(&arguments, self.shape.prefix).or_else(at_place) else { continue };
            if self.code.is(range.start, "None") {
                continue;
            }
            let prefix = template(syntax::value(self.code, range.clone()), self.shape.style);
            if prefix == literal("") {
                continue;
            }
            match self.shape.replaces {
                true => self.routing.defaults.push(ScopePrefix { at: self.code.location(range), scope, prefix }),
                false => {
                    self.prefixes.insert(scope, prefix);
                }
            }
        }
    }

    /// What a name is that something is registered on.
    pub(super) fn receiver(&self, name: &str, at: usize) -> Option<Receiver> {
        if name.is_empty() {
            return None;
        }
        let best = |assignment: &Assignment| self.construction(assignment.value.clone()).is_some();
        // `app.router` registers on the application.
        let name = match name.strip_suffix(".router").filter(|of| *of != "self").map(|of| (of, self.names.find(of, at, &best))) {
            Some((of, Found::Assigned(index))) if best(&self.names.assignments[index]) => of,
            Some((of, Found::Parameter(_))) => of,
            _ => name,
        };
        let certain = |certain| {
            let scope = self.names.scope(self.code_range(name, at), &best);
            scope.map(|scope| Receiver { scope, certain })
        };
        match self.names.find(name, at, &best) {
            Found::Assigned(index) => {
                let assignment = &self.names.assignments[index];
                if best(assignment) {
                    return Some(Receiver { scope: self.names.scope_of(index), certain: true });
                }
                if !assignment.of.is_empty()
                    && self.code.dotted(assignment.of.clone()).is_some_and(|of| self.class(&of).is_some())
                {
                    return certain(true);
                }
                // What a library made is no router, and neither is a value.
                let made = call(self.code, assignment.value.clone()).and_then(|(callee, _)| self.code.dotted(callee));
                match made {
                    Some(made) if is_type(&made) && self.is_foreign(&made) => None,
                    Some(_) => certain(false),
                    None => self.code.dotted(assignment.value.clone()).and_then(|_| certain(false)),
                }
            }
            Found::Parameter(scope) => {
                let of = self.names.parameter_type(name.split('.').next().unwrap_or(name), at);
                match of.map(|of| (self.class(&of).is_some(), of)) {
                    Some((true, _)) => Some(Receiver { scope, certain: true }),
                    // Something else is said to come.
                    Some((false, of)) if self.is_foreign(&of) => None,
                    _ => Some(Receiver { scope, certain: false }),
                }
            }
            Found::Imported(symbol) => {
                let (package, _) = library(self.code, name);
                let is_known = SHAPES.iter().any(|shape| shape.packages.contains(&&*package)) || KNOWN.contains(&&*package);
                (!is_known).then_some(Receiver { scope: symbol, certain: false })
            }
            Found::Loop(_) => None,
            Found::Unknown => certain(false),
        }
    }

    /// Tokens that read as a name, at or near a place: a receiver is written where it is used.
    fn code_range(&self, name: &str, at: usize) -> Range<usize> {
        at..at + 2 * name.matches('.').count() + 1
    }

    /// True for a class that the file imports from a package that is known to make no routers.
    pub(super) fn is_foreign(&self, name: &str) -> bool {
        let (package, _) = library(self.code, name);
        KNOWN.contains(&&*package) || SHAPES.iter().any(|shape| shape.packages.contains(&&*package))
    }
}
