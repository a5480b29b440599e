//! Which of the policy's layers each service lies in: by globs over its name and folder, or by its tier.

use std::sync::Arc;

use super::globs::Globs;
use crate::model::Model;
use crate::model::settings::Settings;

pub(super) fn assign(model: &mut Model, settings: &Settings) {
    if settings.layers.is_empty() {
        return;
    }
    let globs = Globs::new(settings.layers.iter().map(|layer| &layer.services[..]));
    model.layers = settings.layers.iter().map(|layer| Arc::clone(&layer.name.value)).collect();
    for service in &mut model.services {
        let by_tier = || {
            let tier = service.tier.as_ref()?;
            settings.layers.iter().position(|layer| layer.tiers.iter().any(|known| known.value.eq_ignore_ascii_case(&tier.text)))
        };
        let layer = globs.matches(service).min().or_else(by_tier);
        service.layer = layer.map(|layer| layer as u32);
    }
}
