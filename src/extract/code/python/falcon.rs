//! Falcon: `app.add_route("/x", Resource())`. What a resource answers is read where its class stands.

use super::routers::{self, Add, Shape};
use crate::extract::code::Framework;
use crate::extract::code::paths::Style;

pub const FRAMEWORK: Framework =
    Framework { name: "falcon", marks: &["falcon"], read: |code, output| routers::read(code, output, &SHAPE) };

pub const SHAPE: Shape = Shape {
    framework: "falcon",
    packages: &["falcon"],
    applications: &["App", "API"],
    routers: &[],
    prefix: "",
    prefix_at: None,
    replaces: false,
    verbs: &[],
    any: &[],
    methods: &[],
    default_methods: &["ANY"],
    sockets: &[],
    adds: &[Add { member: "add_route", method: None, path: 0, handler: 1, handler_name: "resource", methods: None }],
    mounts: &[],
    plain: false,
    style: Style::Braces,
};

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn resources_are_mounted() {
        check(
            "app.py",
            r#"
import falcon.asgi
from things import Things
app = falcon.asgi.App()
things = Things(db)
app.add_route("/things/{id:int}", things)
app.add_route("/more", Things())
            "#,
            "6 mount things#Things in #app at /things/{id}
            7 mount things#Things in #app at /more
            application #app
            leaf things#Things",
        );
    }
}
