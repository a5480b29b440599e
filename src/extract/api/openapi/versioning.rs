//! Where a description lets its callers choose a version: servers, paths, headers, media types.
//!
//! The first place found, in this order, is the evidence. `info.version` is not looked at: it tells the version of the description,
//! and callers never see it.

use std::sync::Arc;

use super::base;
use super::description::{Description, PathItem};
use crate::document::Node;
use crate::extract::api::version_mark;
use crate::facts::Text;
use crate::source::Spanned;

pub fn shown<'d>(description: &Description<'d>, items: &[PathItem<'d>]) -> Option<Text> {
    in_address(description)
        .or_else(|| items.iter().find(|item| version_mark::in_path(item.template)).map(|item| (item.key, item.template.into())))
        .or_else(|| in_operations(description, items))
        .map(|(at, text)| Spanned::new(text, at.location()))
}

type Evidence<'d> = (Node<'d>, Arc<str>);

fn in_address<'d>(description: &Description<'d>) -> Option<Evidence<'d>> {
    let root = description.root;
    if description.version.second {
        let shows = |key: &str, test: fn(&str) -> bool| {
            root.get(key).and_then(|node| Some((node, node.text()?))).filter(|(_, text)| test(text))
        };
        let found = shows("basePath", version_mark::in_path).or_else(|| shows("host", version_mark::in_host));
        return found.map(|(node, text)| (node, text.into()));
    }
    root.get("servers")?.items().find_map(|server| {
        let node = server.get("url")?;
        let url = base::expanded(description, server, node.text()?);
        version_mark::in_url(&url).then(|| (node, Arc::from(&*url)))
    })
}

fn in_operations<'d>(description: &Description<'d>, items: &[PathItem<'d>]) -> Option<Evidence<'d>> {
    if description.version.second
        && let Some(found) = listed_media_type(description.root)
    {
        return Some(found);
    }
    for item in items {
        let found = item.parts.iter().find_map(|part| in_parameters(description, *part));
        if found.is_some() {
            return found;
        }
        for operation in description.operations(item) {
            let found = in_parameters(description, operation.node)
                .or_else(|| listed_media_type(operation.node))
                .or_else(|| in_content(description, operation.node));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

fn in_parameters<'d>(description: &Description<'d>, object: Node<'d>) -> Option<Evidence<'d>> {
    description.parameters(object).into_iter().find_map(|parameter| {
        let name = parameter.name?;
        let chooses = match parameter.place? {
            "header" => version_mark::is_header(name),
            "query" => version_mark::is_query_parameter(name),
            _ => false,
        };
        chooses.then(|| (parameter.node.unwrap_or(parameter.at), name.into()))
    })
}

/// `consumes` and `produces` of version 2.0.
fn listed_media_type(object: Node<'_>) -> Option<Evidence<'_>> {
    let listed = ["produces", "consumes"].into_iter().filter_map(|key| object.get(key)).flat_map(Node::items);
    listed
        .filter_map(|item| Some((item, item.text()?)))
        .find(|(_, text)| version_mark::in_media_type(text))
        .map(|(item, text)| (item, text.into()))
}

/// Media types of a body and of responses of version 3.
fn in_content<'d>(description: &Description<'d>, operation: Node<'d>) -> Option<Evidence<'d>> {
    let responses = operation.get("responses").map_or_else(Vec::new, |responses| description.fields(responses));
    let bodies = operation.get("requestBody").into_iter().chain(responses.into_iter().map(|field| field.value));
    for body in bodies {
        let Some(content) = description.followed(body).and_then(|body| body.get("content")) else { continue };
        let media = description.fields(content).into_iter().find(|media| version_mark::in_media_type(media.name));
        if let Some(media) = media {
            return Some((media.key, media.name.into()));
        }
    }
    None
}
