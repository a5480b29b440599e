//! AWS Lambda with annotations: methods that are functions, called by an API or a queue.

use super::syntax;
use super::values;
use crate::extract::Output;
use crate::extract::code::paths::{self, Style};
use crate::extract::code::structure::ItemKind;
use crate::extract::code::{Code, Framework};
use crate::facts::{Fact, HandlerKind, Route, Routing};

pub const FRAMEWORK: Framework = Framework { name: "aws-lambda", marks: &["LambdaFunction"], read };

fn read(code: &Code, output: &mut Output) {
    let mut routing = Routing { framework: FRAMEWORK.name.into(), ..Routing::default() };
    for item in code.items().iter().filter(|item| item.kind == ItemKind::Function) {
        let attributes = syntax::attributes(code, item);
        if !attributes.iter().any(|attribute| attribute.name == "LambdaFunction") {
            continue;
        }
        let at = code.at(item.name);
        for attribute in &attributes {
            match attribute.name {
                "HttpApi" | "RestApi" => {
                    // `LambdaHttpMethod.Get`, then the template.
                    let word = attribute.arguments.first().and_then(|range| code.word(range.end - 1)).unwrap_or("Any");
                    let Some(template) = syntax::argument(code, &attribute.arguments, "template", 1) else { continue };
                    let path = paths::template(values::text(code, template), Style::Braces);
                    routing.routes.push(Route { at, method: word.to_ascii_uppercase().into(), path, scope: None, owner: None });
                }
                "SQSEvent" | "SNSEvent" | "S3Event" | "DynamoDBEvent" => {
                    let Some(range) = attribute.arguments.first() else { continue };
                    syntax::handle(output, FRAMEWORK.name, HandlerKind::Consumer, at, values::text(code, range.clone()));
                }
                "ScheduleEvent" => {
                    let Some(range) = attribute.arguments.first() else { continue };
                    syntax::handle(output, FRAMEWORK.name, HandlerKind::Schedule, at, values::text(code, range.clone()));
                }
                _ => {}
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
    fn annotated_functions_are_operations() {
        check(
            "F.cs",
            r#"
public class F {
    [LambdaFunction(MemorySize = 512)]
    [HttpApi(LambdaHttpMethod.Get, "/orders/{id}")]
    public int Get(string id) => 1;
    [LambdaFunction, RestApi(LambdaHttpMethod.Post, template: "/orders")] public int Add() => 1;
    [LambdaFunction] [SQSEvent("@Queue")] public void Take(SQSEvent e) { }
    [HttpApi(LambdaHttpMethod.Get, "/x")] public int No() => 1;
}"#,
            "7 consumer @Queue
             5 GET /orders/{id}
             6 POST /orders",
        );
    }
}
