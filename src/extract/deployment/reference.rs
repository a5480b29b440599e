//! What a value of a CloudFormation or Serverless file refers to, by name: a resource of the template, or what an ARN names.

use super::written;
use crate::document::{Node, Shape};
use crate::facts::Text;

/// The name of the resource that a value refers to. None for what is known only when it is deployed.
pub fn name(node: Node) -> Option<Text> {
    let text = target(node)?;
    written::spanned(text, node.location())
}

fn target<'d>(node: Node<'d>) -> Option<&'d str> {
    match node.shape() {
        Shape::Mapping => {
            let (key, value) = node.entries().next().filter(|_| node.len() == 1)?;
            function(key.scalar()?, value)
        }
        Shape::Sequence => match node.tag() {
            Some("!GetAtt") => node.items().next()?.scalar(),
            Some("!Sub") => named(node.items().next()?.scalar()?),
            Some("!Join") => joined(node),
            _ => None,
        },
        _ => match node.tag() {
            Some("!Ref") => node.scalar().filter(|name| !name.starts_with("AWS::")),
            Some("!GetAtt") => node.scalar().map(before_dot),
            _ => named(node.scalar()?),
        },
    }
}

fn function<'d>(function: &str, value: Node<'d>) -> Option<&'d str> {
    match function {
        "Ref" => value.scalar().filter(|name| !name.starts_with("AWS::")),
        "Fn::GetAtt" => value.scalar().map(before_dot).or_else(|| value.items().next()?.scalar()),
        "Fn::Sub" => named(value.scalar().or_else(|| value.items().next()?.scalar())?),
        "Fn::ImportValue" => match value.shape() {
            Shape::Text => named(value.scalar()?),
            _ => target_of_import(value),
        },
        "Fn::Join" => joined(value),
        _ => None,
    }
}

/// `Fn::ImportValue: !Sub name`.
fn target_of_import<'d>(value: Node<'d>) -> Option<&'d str> {
    let (key, value) = value.entries().next()?;
    if key.scalar() == Some("Fn::Sub") { value.scalar() } else { None }
}

/// Parts of an ARN that are put together: the only reference among them, or the last text.
fn joined<'d>(node: Node<'d>) -> Option<&'d str> {
    let parts = node.items().nth(1)?;
    let is_reference = |part: &Node| part.tag().is_some() || part.shape() == Shape::Mapping;
    let references = parts.items().filter(is_reference).filter_map(|part| match part.shape() {
        Shape::Mapping => {
            let (key, value) = part.entries().next()?;
            matches!(key.scalar(), Some("Ref" | "Fn::GetAtt"))
                .then(|| value.scalar().or_else(|| value.items().next()?.scalar()))?
        }
        _ => part.scalar(),
    });
    let mut own = references.filter(|name| !name.starts_with("AWS::"));
    let last = parts.items().last().and_then(Node::scalar).filter(|last| !last.is_empty() && !last.starts_with(['/', '*']));
    own.next().map(before_dot).or(last.map(after_colons))
}

fn before_dot(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// What a text names: the resource of an ARN, the only variable of a template; else the text itself.
fn named(text: &str) -> Option<&str> {
    let text = text.trim();
    let last = if text.starts_with("arn:") { resource_of_arn(text)? } else { text };
    let variable = last.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    match variable.filter(|inner| !inner.contains(['{', '}', ':'])) {
        Some(variable) => Some(before_dot(variable.trim_start_matches('!'))),
        None => (!last.starts_with("${AWS::") && last != "*").then_some(last),
    }
}

/// `queue` of `arn:aws:sqs:region:account:queue`, `Orders` of `arn:aws:dynamodb:…:table/Orders/stream/…`.
fn resource_of_arn(arn: &str) -> Option<&str> {
    let rest = after(arn, 5)?;
    let (kind, named) = rest.split_once('/').unwrap_or((rest, ""));
    if named.is_empty() {
        return Some(after_colons(rest));
    }
    let first = named.split('/').next().unwrap_or(named);
    // Of a bucket's objects the bucket stands first.
    Some(if arn.starts_with("arn:aws:s3") || matches!(first, "*" | "") { kind } else { first })
}

/// What stands behind the given number of colons that are in no braces.
fn after(text: &str, colons: usize) -> Option<&str> {
    let (mut depth, mut seen) = (0, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b':' if depth == 0 => {
                seen += 1;
                if seen == colons {
                    return Some(&text[at + 1..]);
                }
            }
            _ => {}
        }
    }
    None
}

fn after_colons(text: &str) -> &str {
    let (mut depth, mut from) = (0, 0);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            b':' if depth == 0 => from = at + 1,
            _ => {}
        }
    }
    &text[from..]
}

/// How many parts of a text that is put together are read.
const MOST_PARTS: usize = 50;

/// What a value reads as, with the names of resources in place of what only the deployment tells: `https://${Api}/orders`.
pub fn text_of(node: Node) -> Option<String> {
    let parts = match function_of(node) {
        Some(("Fn::Join", value)) => {
            let separator = value.items().next()?.scalar().unwrap_or_default();
            let parts: Vec<String> = value.items().nth(1)?.items().take(MOST_PARTS).filter_map(part_of).collect();
            return Some(parts.join(separator));
        }
        _ => part_of(node),
    };
    parts.filter(|text| !text.is_empty())
}

/// The function that makes a value, and what it is given.
fn function_of<'d>(node: Node<'d>) -> Option<(&'d str, Node<'d>)> {
    if let Some(tag) = node.tag() {
        let name = match tag {
            "!Ref" => "Ref",
            "!GetAtt" => "Fn::GetAtt",
            "!Sub" => "Fn::Sub",
            "!Join" => "Fn::Join",
            "!ImportValue" => "Fn::ImportValue",
            _ => return None,
        };
        return Some((name, node));
    }
    let (key, value) = node.entries().next().filter(|_| node.len() == 1)?;
    Some((key.scalar()?, value))
}

fn part_of(node: Node) -> Option<String> {
    let first = |value: Node| value.scalar().or_else(|| value.items().next()?.scalar()).map(str::to_owned);
    match function_of(node) {
        Some(("Ref", value)) => value.scalar().map(|name| format!("${{{name}}}")),
        Some(("Fn::GetAtt", value)) => first(value).map(|name| format!("${{{}}}", before_dot(&name))),
        Some(("Fn::Sub", value)) => first(value).map(|text| without_attributes(&text)),
        Some(("Fn::ImportValue", value)) => {
            let name = value.scalar().map(str::to_owned).or_else(|| target_of_import(value).map(str::to_owned))?;
            Some(if name.contains("${") { name } else { format!("${{{name}}}") })
        }
        Some(_) => None,
        None => node.scalar().map(str::to_owned),
    }
}

/// A template text in which resources stand without what is asked of them: `${Queue}` for `${Queue.Arn}`.
fn without_attributes(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let Some(end) = rest[at..].find('}') else { break };
        read.push_str(&rest[..at + 2]);
        read.push_str(before_dot(&rest[at + 2..at + end]));
        read.push('}');
        rest = &rest[at + end + 1..];
    }
    read.push_str(rest);
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Syntax, parse};

    #[test]
    fn references_are_read_as_names() {
        for (text, expected) in [
            ("a: !Ref Queue", Some("Queue")),
            ("a: !GetAtt Queue.Arn", Some("Queue")),
            ("a: !GetAtt [Queue, Arn]", Some("Queue")),
            ("a: {Ref: Queue}", Some("Queue")),
            ("a: {Fn::GetAtt: [Queue, Arn]}", Some("Queue")),
            ("a: {Fn::GetAtt: Queue.Arn}", Some("Queue")),
            ("a: !Sub '${Queue.Arn}'", Some("Queue")),
            ("a: !Sub 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Queue}'", Some("Queue")),
            ("a: !Sub 'arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}/index/*'", Some("Orders")),
            ("a: arn:aws:sqs:eu-west-1:123:orders", Some("orders")),
            ("a: arn:aws:s3:::bucket/*", Some("bucket")),
            ("a: {Fn::ImportValue: orders-topic}", Some("orders-topic")),
            ("a: !ImportValue orders-topic", Some("orders-topic")),
            ("a: {Fn::Join: [':', ['arn:aws:sqs', {Ref: 'AWS::Region'}, {Ref: Queue}]]}", Some("Queue")),
            ("a: orders", Some("orders")),
            ("a: !Ref AWS::Region", None),
            ("a: '*'", None),
            ("a: !If [A, b, c]", None),
            ("a:", None),
        ] {
            let tree = parse(Syntax::Yaml, text);
            let value = tree.root().and_then(|root| root.get("a")).expect("a value");
            assert_eq!(name(value).map(|name| name.value).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn texts_are_read_with_names_of_resources() {
        for (text, expected) in [
            ("a: !Ref Queue", Some("${Queue}")),
            ("a: !GetAtt Queue.QueueName", Some("${Queue}")),
            ("a: {Fn::GetAtt: [Queue, Arn]}", Some("${Queue}")),
            (
                "a: !Sub 'https://${Api}.execute-api.${AWS::Region}.amazonaws.com/${Stage.Name}'",
                Some("https://${Api}.execute-api.${AWS::Region}.amazonaws.com/${Stage}"),
            ),
            ("a: {Fn::Join: ['', ['http://', {Fn::GetAtt: [Balancer, DNSName]}, /orders]]}", Some("http://${Balancer}/orders")),
            ("a: !Join [':', [a, !Ref B]]", Some("a:${B}")),
            ("a: {Fn::ImportValue: orders-url}", Some("${orders-url}")),
            ("a: !ImportValue {'Fn::Sub': '${Env}-url'}", Some("${Env}-url")),
            ("a: orders", Some("orders")),
            ("a: !If [A, b, c]", None),
            ("a:", None),
        ] {
            let tree = parse(Syntax::Yaml, text);
            let value = tree.root().and_then(|root| root.get("a")).expect("a value");
            assert_eq!(text_of(value).as_deref(), expected, "{text}");
        }
    }
}
