//! Names of owners, and whether the sources that name them agree.
//!
//! CODEOWNERS writes `@org/team-a`, a catalog `group:default/team-a`, a policy `team-a`: one team. `@jane` is a person on one forge and a group
//! on another, so a bare handle counts as a person unless somebody else names a team of that name.

use super::{Model, Ownership, Service};
use crate::source::last_part;

/// An owner as one text names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// In lower case, without organisation, kind and namespace.
    Team(String),
    /// `@name` or an address.
    Person(String),
    /// `name` of `@name`: a person, or a team if there is one of that name.
    Handle(String),
}

/// Reads the name of an owner; None for a text that names nobody.
pub fn party(written: &str) -> Option<Party> {
    let written = written.trim().to_lowercase();
    let last = |text: &str| last_part(text).to_owned();
    let party = if let Some(handle) = written.strip_prefix('@') {
        match handle.contains('/') {
            true => Party::Team(last(handle)),
            false => Party::Handle(handle.to_owned()),
        }
    } else if written.contains('@') {
        Party::Person(written)
    } else {
        match written.split_once(':') {
            Some(("user", name)) => Party::Person(format!("@{}", last(name))),
            Some((_, name)) => Party::Team(last(name).trim_start_matches('@').to_owned()),
            None => Party::Team(last(&written)),
        }
    };
    let (Party::Team(name) | Party::Person(name) | Party::Handle(name)) = &party;
    (!name.trim_start_matches('@').is_empty()).then_some(party)
}

/// Whether two sources name different owners. None where that can't be known: fewer than two sources name one, or a person stands
/// against a team that the person may belong to.
pub fn disagree(model: &Model, service: &Service) -> Option<bool> {
    let sources: Vec<&[Ownership]> = service.owners.chunk_by(|a, b| a.source == b.source).collect();
    let pairs = sources.iter().enumerate().flat_map(|(index, one)| sources[index + 1..].iter().map(move |other| (*one, *other)));
    let mut result = None;
    let mut unknown = false;
    for (one, other) in pairs {
        let individual = |owner: &Ownership| model.teams[owner.team as usize].individual;
        if one.iter().any(|owner| other.iter().any(|of_other| of_other.team == owner.team)) {
            result = result.or(Some(false));
        } else if one.iter().chain(other).any(individual) {
            unknown = true;
        } else {
            result = Some(true);
        }
    }
    match result {
        Some(false) if unknown => None,
        result => result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_team_has_many_spellings() {
        for written in [
            "team-a",
            "Team-A",
            "@acme/team-a",
            "@acme/platform/team-a",
            "group:default/team-a",
            "group:team-a",
            "default/team-a",
        ] {
            assert_eq!(party(written), Some(Party::Team("team-a".into())), "{written}");
        }
        assert_eq!(party("user:default/jane"), Some(Party::Person("@jane".into())));
        assert_eq!(party("Jane@Example.com"), Some(Party::Person("jane@example.com".into())));
        assert_eq!(party("@jane"), Some(Party::Handle("jane".into())));
        for nobody in ["", " ", "@", "user:", "group:default/", "@acme/"] {
            assert_eq!(party(nobody), None, "{nobody:?}");
        }
    }
}
