//! Descriptions in, facts and problems out.

mod operations;
mod oracle;
mod problems;
mod properties;

use crate::discover::{Kind, Role};
use crate::extract;
use crate::facts::{ApiDescription, ApiFragment, Fact, FileFacts};

const PATH: &str = "api/openapi.yaml";

fn read(path: &str, text: &str) -> FileFacts {
    extract::file(Kind { language: None, role: Role::Production }, path, text.as_bytes())
}

fn api(text: &str) -> ApiDescription {
    let apis: Vec<_> = read(PATH, text).facts.into_iter().filter_map(as_api).collect();
    <[ApiDescription; 1]>::try_from(apis).unwrap_or_else(|apis| panic!("{} descriptions in\n{text}", apis.len()))[0].clone()
}

fn as_api(fact: Fact) -> Option<ApiDescription> {
    match fact {
        Fact::Api(api) => Some(api),
        _ => None,
    }
}

fn fragment(path: &str, text: &str) -> Option<ApiFragment> {
    read(path, text).facts.into_iter().find_map(|fact| match fact {
        Fact::Fragment(fragment) => Some(fragment),
        _ => None,
    })
}

/// Lines `METHOD path`.
fn operations(text: &str) -> String {
    let lines =
        api(text).operations.iter().map(|operation| format!("{} {}", operation.method, operation.path)).collect::<Vec<_>>();
    lines.join("\n")
}

/// Lines `line:column message`.
fn problems(text: &str) -> Vec<String> {
    let told = read(PATH, text).problems;
    told.iter().map(|problem| format!("{}:{} {}", problem.at.line, problem.at.column, problem.message)).collect()
}
