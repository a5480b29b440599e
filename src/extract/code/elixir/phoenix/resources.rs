//! What `resources` makes: the routes of a resource, and the block in which others lie below one of it.

use std::ops::Range;
use std::sync::Arc;

use super::{Reader, below};
use crate::extract::code::elixir::syntax::{self, Statement};
use crate::extract::code::paths::underscored;

impl Reader<'_, '_> {
    /// `resources "/users", UserController, only: [:index] do … end`.
    pub(super) fn resources(&mut self, found: &Statement) -> usize {
        let code = self.code;
        let positional: Vec<Range<usize>> = code.positional(&found.arguments).cloned().collect();
        let [path, controller, ..] = &positional[..] else { return found.end };
        let place = found.name..found.end;
        let actions = |name| found.named(code, name).map(|range| syntax::atoms(code, range));
        let (only, except) = (actions("only"), actions("except"));
        if matches!(only, Some(None)) || matches!(except, Some(None)) {
            self.uncounted(place.clone(), "its actions are known at run time");
            return found.after(code);
        }
        let is_made = |action: &str| {
            let has = |list: &Option<Option<Vec<Arc<str>>>>| list.iter().flatten().flatten().any(|name| **name == *action);
            (only.is_none() || has(&only)) && !has(&except)
        };
        let text = |name| found.named(code, name).and_then(|range| code.literal_text(syntax::resolved(code, range)));
        let parameter = text("param").map_or_else(|| "id".into(), |text| text.value);
        let single = found.named(code, "singleton").is_some_and(|range| code.is(range.start, "true"));
        let base = self.below(path.clone());
        let one = if single { base.clone() } else { below(&base, &format!("{{{parameter}}}")) };
        let actions = [
            ("index", &["GET"][..], base.clone()),
            ("edit", &["GET"], below(&one, "edit")),
            ("new", &["GET"], below(&base, "new")),
            ("show", &["GET"], one.clone()),
            ("create", &["POST"], base.clone()),
            ("update", &["PATCH", "PUT"], one.clone()),
            ("delete", &["DELETE"], one.clone()),
        ];
        for (action, methods, path) in actions {
            if is_made(action) && !(single && action == "index") {
                self.add(place.clone(), methods, path);
            }
        }
        let inner = if single {
            base
        } else {
            let name = text("name").map(|text| text.value).or_else(|| {
                let controller = code.text_of(controller.end.saturating_sub(1));
                Some(
                    underscored(controller.strip_suffix("Controller").filter(|name| !name.is_empty()).unwrap_or(controller))
                        .into(),
                )
            });
            below(&base, &format!("{{{}_{parameter}}}", name.unwrap_or_default()))
        };
        let alias = self.alias().to_owned();
        self.enter(found, inner, alias, None)
    }
}
