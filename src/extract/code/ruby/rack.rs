//! `config.ru` and `Rack::Builder`: which applications run below which paths.

use super::syntax::{self, Bodies, Statement};
use crate::extract::Output;
use crate::extract::code::paths::join;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, Mount, Routing, Value};

pub const FRAMEWORK: Framework = Framework { name: "rack", marks: &["run ", "run(", "Rack::Builder", "Rack::URLMap"], read };

/// The scope of all that runs.
const SCOPE: &str = "#rack";

fn read(code: &Code, output: &mut Output) {
    let is_configuration = code.path.ends_with(".ru");
    if !is_configuration && !code.text.contains("Rack::Builder") && !code.text.contains("Rack::URLMap") {
        return;
    }
    let mut reader = Reader { code, routing: Routing { framework: FRAMEWORK.name.into(), ..Routing::default() } };
    syntax::walk(code, 0..code.len(), (literal(""), is_configuration), &mut |of, around| reader.statement(of, around));
    if !reader.routing.is_empty() {
        reader.routing.applications.push(SCOPE.into());
        output.facts.push(Fact::Routing(reader.routing));
    }
}

struct Reader<'c, 't> {
    code: &'c Code<'t>,
    routing: Routing,
}

impl Reader<'_, '_> {
    fn statement(&mut self, of: &Statement, around: &(Value, bool)) -> Bodies<(Value, bool)> {
        let code = self.code;
        let (prefix, in_builder) = around;
        let body = |around: (Value, bool)| of.block.iter().map(|block| (block.body.clone(), around.clone())).collect();
        let receiver = code.text_in(of.receiver(code));
        if receiver.ends_with("Rack::Builder") && code.is_any(of.name, &["new", "app"]) {
            return body((prefix.clone(), true));
        }
        if receiver.ends_with("Rack::URLMap") && code.is(of.name, "new") {
            self.table(of, prefix);
        }
        if of.has_receiver() || !in_builder {
            return Vec::new();
        }
        match code.text_of(of.name) {
            "map" => {
                let path = of.arguments.first().map_or(literal(""), |path| syntax::text_value(code, path.clone()));
                return body((join(prefix, syntax::template_value(path)), true));
            }
            "run" | "use" => {
                let Some(first) = of.arguments.first() else { return Vec::new() };
                // `run Rack::URLMap.new('/' => A)`, `run Rack::Cascade.new([A, B])`
                let Some(inner) = syntax::statement(code, first.start).filter(|inner| inner.has_receiver()) else {
                    self.mount(of, first.clone(), prefix.clone());
                    return Vec::new();
                };
                let receiver = code.text_in(inner.receiver(code));
                if receiver.ends_with("Rack::URLMap") {
                    self.table(&inner, prefix);
                } else if receiver.ends_with("Rack::Cascade") {
                    let list = inner.arguments.first().cloned().unwrap_or(0..0);
                    let parts = if code.is(list.start, "[") { code.arguments(list.start) } else { vec![list] };
                    for part in parts {
                        self.mount(of, part, prefix.clone());
                    }
                } else {
                    self.mount(of, first.clone(), prefix.clone());
                }
            }
            _ => {}
        }
        Vec::new()
    }

    /// `{ '/a' => A, '/b' => B.new }`
    fn table(&mut self, of: &Statement, prefix: &Value) {
        let code = self.code;
        for argument in &of.arguments {
            let parts = if code.is(argument.start, "{") { code.arguments(argument.start) } else { vec![argument.clone()] };
            for part in parts {
                if let Some(arrow) = syntax::arrow(code, &part) {
                    let path = syntax::template_value(syntax::text_value(code, part.start..arrow));
                    self.mount(of, arrow + 1..part.end, join(prefix, path));
                }
            }
        }
    }

    fn mount(&mut self, of: &Statement, what: std::ops::Range<usize>, prefix: Value) {
        if let Some(child) = syntax::constant(self.code, what) {
            self.routing.mounts.push(Mount { at: of.place(self.code), parent: SCOPE.into(), child: child.into(), prefix });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn applications_run_below_paths() {
        check(
            "config.ru",
            "require './app'\nuse Sessions, secret: 'x'\nmap('/api') do\n run Shop::API\nend\nmap '/b' do\n  run B.new\nend\nrun Rack::URLMap.new('/c' => C, '/d' => D::E.new)\nrun ->(env) { [200, {}, []] }",
            "2 mount #Sessions in #rack at 
             4 mount shop/api#API in #rack at /api
             7 mount #B in #rack at /b
             9 mount #C in #rack at /c
             9 mount d/e#E in #rack at /d
             application #rack
             4 entry rack",
        );
        check("lib/a.rb", "run A\nmap '/x' do\n run B\nend", "");
    }
}
