//! ServiceStack: messages whose attributes say at which paths they are requests.

use super::syntax;
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Route, Routing};

pub const FRAMEWORK: Framework = Framework { name: "service-stack", marks: &["IReturn", "ServiceStack"], read };

fn read(code: &Code, output: &mut Output) {
    let uses_library = (0..code.len()).any(|at| code.is(at, "using") && code.is(at + 1, "ServiceStack"));
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    for of in syntax::types(code) {
        let is_request = of.bases.iter().any(|base| base.name.starts_with("IReturn"));
        if !is_request && !uses_library || of.name.ends_with("Controller") {
            continue;
        }
        for attribute in syntax::attributes(code, of.item).into_iter().filter(|attribute| attribute.name == "Route") {
            let Some(range) = attribute.argument(code, "path") else { continue };
            let path = paths::template(values::text(code, range), Style::Braces);
            let verbs = syntax::argument(code, &attribute.arguments, "verbs", 1).and_then(|range| code.literal_text(range));
            let verbs = verbs.map_or_else(|| "ANY".to_owned(), |text| text.value.to_ascii_uppercase());
            for method in verbs.split([',', ' ']).filter(|method| !method.is_empty()) {
                let at = code.at(attribute.at);
                routing.routes.push(Route { at, method: method.into(), path: path.clone(), scope: None, owner: None });
            }
        }
    }
    if !routing.is_empty() {
        output.facts.push(Fact::Routing(routing));
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn requests_say_their_paths() {
        check(
            "R.cs",
            "[Route(\"/hello\")] [Route(\"/hello/{Name*}\", \"GET, POST\")] public class Hello : IReturn<Response> { }
             [Route(\"/plain\", Verbs = \"PUT\")] public class Plain { }",
            "1 ANY /hello
             1 GET /hello/{rest}
             1 POST /hello/{rest}",
        );
        check("S.cs", "using ServiceStack;\n[Route(\"/plain\", Verbs = \"PUT\")] public class Plain { }", "2 PUT /plain");
    }
}
