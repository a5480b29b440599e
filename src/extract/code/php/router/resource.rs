//! What one line of a resource registers.

use crate::extract::code::paths;

/// Actions that lines of resources may name, with their methods: below the collection, or below one of it.
struct Action {
    name: &'static str,
    methods: &'static [&'static str],
    of_one: bool,
    ends: &'static str,
    /// A page with a form, which an interface for programs does not have.
    form: bool,
}

const fn action(name: &'static str, methods: &'static [&'static str], of_one: bool, ends: &'static str, form: bool) -> Action {
    Action { name, methods, of_one, ends, form }
}

const RESOURCE: [Action; 7] = [
    action("index", &["GET"], false, "", false),
    action("create", &["GET"], false, "/create", true),
    action("store", &["POST"], false, "", false),
    action("show", &["GET"], true, "", false),
    action("edit", &["GET"], true, "/edit", true),
    action("update", &["PUT", "PATCH"], true, "", false),
    action("destroy", &["DELETE"], true, "", false),
];
const SINGLETON: [Action; 6] = [
    action("create", &["GET"], false, "/create", true),
    action("store", &["POST"], false, "", false),
    action("show", &["GET"], false, "", false),
    action("edit", &["GET"], false, "/edit", true),
    action("update", &["PUT", "PATCH"], false, "", false),
    action("destroy", &["DELETE"], false, "", false),
];
/// CodeIgniter's.
const REST: [Action; 7] = [
    action("index", &["GET"], false, "", false),
    action("new", &["GET"], false, "/new", false),
    action("create", &["POST"], false, "", false),
    action("show", &["GET"], true, "", false),
    action("edit", &["GET"], true, "/edit", false),
    action("update", &["PUT", "PATCH"], true, "", false),
    action("delete", &["DELETE"], true, "", false),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Resource,
    Singleton,
    /// CodeIgniter's.
    Rest,
}

/// What is asked of a resource.
#[derive(Debug)]
pub struct Resource {
    pub kind: Kind,
    /// Only for programs: no pages with forms.
    pub api: bool,
    pub only: Vec<String>,
    pub except: Vec<String>,
    /// What one thing needs is not below what it belongs to.
    pub shallow: bool,
}

impl Resource {
    /// Methods and paths of a resource by its name: `posts`, `posts.comments`, `admin/posts`.
    pub fn routes(&self, name: &str) -> Vec<(&'static str, String)> {
        let (folder, name) = name.rfind('/').map_or(("", name), |slash| name.split_at(slash + 1));
        let parts: Vec<&str> = name.split('.').collect();
        let Some((last, above)) = parts.split_last() else { return Vec::new() };
        let parameter = |name: &str| format!("{{{}}}", paths::singular(name).replace('-', "_"));
        let above: String = above.iter().map(|name| format!("{name}/{}/", parameter(name))).collect();
        let collection = format!("{folder}{above}{last}");
        let one = match self.shallow {
            true => format!("{folder}{last}/{}", parameter(last)),
            false => format!("{collection}/{}", parameter(last)),
        };
        let actions: &[Action] = match self.kind {
            Kind::Resource => &RESOURCE,
            Kind::Singleton => &SINGLETON,
            Kind::Rest => &REST,
        };
        let asked = |action: &&Action| {
            (self.only.is_empty() || self.only.iter().any(|name| name == action.name))
                && !self.except.iter().any(|name| name == action.name)
                && !(self.api && action.form)
        };
        let routes = actions.iter().filter(asked).flat_map(|action| {
            let path = if action.of_one { &one } else { &collection };
            action.methods.iter().map(move |method| (*method, format!("{path}{}", action.ends)))
        });
        routes.collect()
    }
}
