//! Applications and engines of Rails: which set of routes is whose, and what an application says of all of its routes.

use super::FRAMEWORK;
use crate::extract::Output;
use crate::extract::code::Code;
use crate::extract::code::ruby::syntax::Statement;
use crate::extract::code::ruby::types;
use crate::facts::{Fact, Routing};

/// The scope whose routes a statement draws: `Rails.application.routes.draw do`, `Billing::Engine.routes.draw do`.
pub fn set(code: &Code, of: &Statement) -> Option<String> {
    let receiver = of.receiver(code);
    if code.is(of.name, "new") && code.text_in(receiver.clone()) == "Hanami::Router" {
        return Some("#routes".to_owned());
    }
    if !code.is_any(of.name, &["draw", "append", "prepend"]) || !code.is(receiver.end.wrapping_sub(1), "routes") {
        return None;
    }
    let owner = code.dotted(receiver.start..receiver.end.saturating_sub(2).max(receiver.start)).unwrap_or_default();
    Some(if owner.ends_with("Engine") { format!("#{owner}") } else { "#routes".to_owned() })
}

/// `config.api_only = true`: the pages of resources for people are not there.
pub fn read(code: &Code, output: &mut Output) {
    let is_application = |class: &types::Class| class.base_name(code) == "Rails.Application";
    let classes = types::classes(code);
    if !classes.iter().any(is_application) {
        return;
    }
    let only = code.occurrences("api_only").iter().any(|&at| code.reads(at as usize + 1, &["=", "true"]));
    let scope = || vec!["#pages".into()];
    let leaves = if only { scope() } else { Vec::new() };
    output.facts.push(Fact::Routing(Routing {
        framework: FRAMEWORK.name.into(),
        applications: scope(),
        leaves,
        ..Routing::default()
    }));
}
