//! What names and expressions of Go stand for, as far as routers are concerned.

use std::ops::Range;
use std::sync::Arc;

use super::super::source::Source;
use super::flavor_of;
use super::flavors::Flavor;
use crate::facts::Value;

/// What an expression stands for.
#[derive(Clone, Debug)]
pub enum Thing {
    Nothing,
    /// An imported package, by its path.
    Package(Arc<str>),
    Scope(Scope),
    /// A route of gorilla/mux or fiber of which more is told: `r.Path("/x").Methods("GET")`.
    Chain(Chain),
}

/// A router, or a value that may hold or make one.
#[derive(Clone, Debug)]
pub struct Scope {
    /// None where the file does not tell that it is a router.
    pub flavor: Option<&'static Flavor>,
    pub symbol: Arc<str>,
    /// What stands before paths, below the symbol's own.
    pub prefix: Value,
    /// The methods of every route on it; empty where each tells its own.
    pub methods: Vec<Arc<str>>,
    /// The symbol of its type, where that is no router.
    pub of: Option<Arc<str>>,
    /// What it is called here.
    pub name: Arc<str>,
    /// True for the default router of a package, which has no symbol.
    pub is_default: bool,
    /// The router around which this may be wrapped: what it was made from.
    pub wraps: Option<Box<Scope>>,
}

/// A route in the making.
#[derive(Clone, Debug)]
pub struct Chain {
    pub scope: Scope,
    pub path: Option<Value>,
    pub methods: Vec<Arc<str>>,
    /// Where its first part stands, and where its last part ends.
    pub at: Range<usize>,
    /// A handler was told, so that it is a route.
    pub is_handled: bool,
    /// The tokens of the handler.
    pub handler: Range<usize>,
    /// The tokens of the path.
    pub path_at: Range<usize>,
}

impl Scope {
    pub fn named(symbol: Arc<str>, name: &str) -> Scope {
        Scope {
            flavor: None,
            symbol,
            prefix: Value::Literal("".into()),
            methods: Vec::new(),
            of: None,
            name: name.into(),
            is_default: false,
            wraps: None,
        }
    }

    pub fn with_flavor(mut self, flavor: &'static Flavor) -> Scope {
        self.flavor = Some(flavor);
        self
    }

    /// What a variable holds: a value of a type is called by the variable's name.
    pub fn held_by(self, symbol: &Arc<str>) -> Scope {
        match self.flavor.is_none() && self.of.as_ref() == Some(&self.symbol) {
            true => Scope { symbol: Arc::clone(symbol), ..self },
            false => self,
        }
    }

    /// Nothing stands between it and its symbol.
    pub fn is_bare(&self) -> bool {
        matches!(&self.prefix, Value::Literal(text) if text.is_empty()) && self.methods.is_empty()
    }

    /// The router itself, or the one that it is wrapped around.
    pub fn router(&self) -> Option<&Scope> {
        match self.flavor {
            Some(_) => Some(self),
            None => self.wraps.as_deref(),
        }
    }

    /// The symbol of a member: of its type where that is known.
    pub fn member(&self, name: &str) -> Arc<str> {
        match &self.of {
            Some(of) => format!("{of}.{name}").into(),
            None => format!("{}.{name}", self.symbol).into(),
        }
    }

    /// The symbol of a method. What a function of another package makes is of a type which only that package names: by convention
    /// `NewName` makes a `Name`, and `New` of a package makes its only type.
    pub fn method(&self, name: &str) -> Arc<str> {
        if self.of.is_none()
            && let Some((module, maker)) = self.symbol.strip_suffix("()").and_then(|symbol| symbol.split_once('#'))
            && let Some(made) = maker.strip_prefix("New")
            && !made.contains('.')
        {
            return match made {
                "" => format!("{module}#{name}").into(),
                _ => format!("{module}#{made}.{name}").into(),
            };
        }
        self.member(name)
    }
}

/// Whether a type is a router: its library, and whether it is a whole application.
pub fn router_type(source: &Source, of: Range<usize>) -> Option<(&'static Flavor, bool)> {
    let symbol = source.type_symbol(of)?;
    let (module, name) = symbol.split_once('#')?;
    let flavor = flavor_of(module)?;
    let is_whole = flavor.wholes.contains(&name);
    (is_whole || flavor.parts.contains(&name)).then_some((flavor, is_whole))
}
