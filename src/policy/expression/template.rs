//! Messages: texts with `{expression}` holes.

use super::check::check;
use super::evaluate::{Frame, Program};
use super::functions::{join_shown, plural_shown};
use super::node::{Node, Operation};
use super::parse::{MAX_LENGTH, parse_hole};
use super::truth::Truth;
use super::{Environment, ExpressionError, Scope};
use crate::model::datum::Datum;
use crate::source::Span;

/// A text with `{expression}` holes; `{{` and `}}` stand for braces.
#[derive(Debug)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(Box<str>),
    Hole(Program),
}

/// Compiles a template; spans of errors count in the template's text.
pub fn compile_template(text: &str, environment: &Environment) -> Result<Template, Vec<ExpressionError>> {
    if text.len() > MAX_LENGTH {
        return Err(vec![ExpressionError::new(Span::new(0, 0), format!("the text is longer than {MAX_LENGTH} bytes"))]);
    }
    let mut parts = Vec::new();
    let mut errors = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(length) = memchr::memchr2(b'{', b'}', &text.as_bytes()[at..]) {
        let brace = at + length;
        literal.push_str(&text[at..brace]);
        let bytes = text.as_bytes();
        if bytes.get(brace + 1) == Some(&bytes[brace]) {
            literal.push(bytes[brace] as char);
            at = brace + 2;
            continue;
        }
        if bytes[brace] == b'}' {
            errors.push(
                ExpressionError::new(Span::new(brace, brace + 1), "this `}` closes nothing")
                    .with_help(Some("write `}}` for a brace in the text")),
            );
            at = brace + 1;
            continue;
        }
        let (tree, end) = match parse_hole(text, brace + 1) {
            Ok(parsed) => parsed,
            Err(error) => {
                // Where the hole ends is not known, so what follows can't be judged.
                errors.push(match error.help {
                    None => error.with_help(Some("write `{{` for a brace in the text")),
                    Some(_) => error,
                });
                return Err(errors);
            }
        };
        if !literal.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut literal).into()));
        }
        match check(&tree, environment, None) {
            Ok((program, _)) => parts.push(Part::Hole(program)),
            Err(found) => errors.extend(found),
        }
        at = end;
    }
    literal.push_str(&text[at..]);
    if !literal.is_empty() {
        parts.push(Part::Text(literal.into()));
    }
    if errors.is_empty() { Ok(Template { parts }) } else { Err(errors) }
}

impl Template {
    /// The text with its holes filled; an unknown hole reads `?`.
    pub fn render(&self, scope: &mut Scope) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Hole(program) => Frame::over(program, scope, |root, frame| show(root, &mut out, frame)),
            }
        }
        out
    }
}

/// Writes a hole. A message may say more than a rule may conclude: what is known of a list that is not known whole is shown.
fn show<'f>(node: &'f Node, out: &mut String, frame: &mut Frame<'f>) {
    match &node.operation {
        Operation::Conditional(parts) => match parts[0].truth(frame) {
            Truth::True => return show(&parts[1], out, frame),
            Truth::False => return show(&parts[2], out, frame),
            Truth::Unknown => {}
        },
        Operation::Function(function, arguments) if function.name == "join" => {
            if let (Datum::List { items, .. }, Datum::Text(separator)) =
                (arguments[0].evaluate(frame), arguments[1].evaluate(frame))
                && let Some(joined) = join_shown(&items, &separator, frame)
            {
                out.push_str(&joined);
                return;
            }
        }
        Operation::Function(function, arguments) if function.name == "plural" => {
            let values: Vec<Datum> = arguments.iter().map(|argument| argument.evaluate(frame)).collect();
            if let Some((Datum::Int { value, .. }, words)) = values.split_first() {
                plural_shown(*value, words).render_to(out, frame.model, frame.subjects);
                return;
            }
        }
        _ => {}
    }
    let value = node.evaluate(frame);
    value.render_to(out, frame.model, frame.subjects);
}
