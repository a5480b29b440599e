//! Files inside of files: a `ConfigMap` holds `application.yml` or `nginx.conf` as a text of its own.
//!
//! The inner text is read as the file that its key names; places point into the file that holds it.

use super::{gateways, settings};
use crate::discover::Kind;
use crate::document::{Node, Shape};
use crate::extract::{EXTRACTORS, Input, Output};
use crate::facts::{Fact, Setting, Text};
use crate::source::Location;

/// Longer files inside of files are dashboards and rules of others.
const LONGEST: usize = 16 * 1024;
/// How many settings of one inner file are kept.
const MOST: usize = 200;

/// The settings of the file that a value holds, and what a proxy that is configured by it hands on; the object that holds it is its name.
pub fn read(kind: Kind, name: &str, value: Node, object: &Text) -> (Vec<Setting>, Vec<Fact>) {
    let Some(text) = value.scalar().filter(|text| text.len() <= LONGEST) else { return (Vec::new(), Vec::new()) };
    let input = Input::new(kind, name, text);
    let mut output = Output::default();
    let readers = EXTRACTORS
        .iter()
        .filter(|extractor| settings::NAMES.contains(&extractor.name) || gateways::NAMES.contains(&extractor.name));
    for extractor in readers {
        if (extractor.applies)(&input) {
            (extractor.extract)(&input, &mut output);
        }
    }
    let place = |at: Location| value.location_within(at.span());
    let (mut settings, mut facts) = (Vec::new(), Vec::new());
    for fact in output.facts {
        match fact {
            Fact::Settings { settings: found } => settings.extend(found),
            Fact::Gateway(mut gateway) => {
                gateway.at = place(gateway.at);
                gateway.forwards.iter_mut().for_each(|forward| forward.at = place(forward.at));
                gateway.name = gateway.name.or_else(|| Some(object.clone()));
                facts.push(Fact::Gateway(gateway));
            }
            _ => {}
        }
    }
    if settings.is_empty() && facts.is_empty() && input.syntax().is_some() {
        let root = input.tree().root().filter(|root| root.shape() == Shape::Mapping);
        root.into_iter().for_each(|root| settings::flatten(root, ".", None, &mut settings));
    }
    // What holds for every profile counts before what holds for one.
    settings.sort_by_key(|setting| setting.profile.is_some());
    settings.truncate(MOST);
    settings.iter_mut().for_each(|setting| setting.value.at = place(setting.value.at));
    (settings, facts)
}
