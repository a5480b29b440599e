//! Syntax of an expression: tokens in, a flat tree with spans out, or the first error.
//!
//! Precedence climbing with CEL's levels. Nesting is capped, in the source and in the tree, so that nothing that walks a tree can
//! exhaust the stack; chains of `&&` and of `||` count as one level since they are walked in a loop.

use std::borrow::Cow;

use super::ExpressionError;
use super::lexer::{Lexer, Token, text_value};
use crate::source::Span;

/// How deep an expression may nest.
pub(super) const MAX_DEPTH: u32 = 100;
/// How long an expression may be, in bytes.
pub(super) const MAX_LENGTH: usize = 64 * 1024;

pub(super) struct Tree<'t> {
    nodes: Vec<Syntax<'t>>,
    /// Arguments and list items, contiguous for each node.
    lists: Vec<Id>,
    pub(super) root: Id,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(u32);

/// A run of [`Tree::lists`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    start: u32,
    length: u32,
}

pub(super) struct Syntax<'t> {
    pub(super) span: Span,
    /// Levels below and including this one.
    pub(super) height: u32,
    pub(super) shape: Shape<'t>,
}

pub(super) enum Shape<'t> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Cow<'t, str>),
    List(Run),
    Name(&'t str),
    Member { object: Id, name: &'t str, name_span: Span },
    Index { object: Id, index: Id },
    Call { name: &'t str, name_span: Span, arguments: Run },
    Method { object: Id, name: &'t str, name_span: Span, arguments: Run },
    Not(Id),
    Negate(Id),
    Binary { operator: Operator, operator_span: Span, left: Id, right: Id },
    Conditional { condition: Id, then: Id, otherwise: Id },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl Operator {
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Operator::Or => "||",
            Operator::And => "&&",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
            Operator::In => "in",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
        }
    }

    /// The operator that a token is, and how strongly it binds.
    fn of(token: Token) -> Option<(Operator, u8)> {
        Some(match token {
            Token::Or => (Operator::Or, 1),
            Token::And => (Operator::And, 2),
            Token::Equal => (Operator::Equal, 3),
            Token::NotEqual => (Operator::NotEqual, 3),
            Token::Less => (Operator::Less, 3),
            Token::LessEqual => (Operator::LessEqual, 3),
            Token::Greater => (Operator::Greater, 3),
            Token::GreaterEqual => (Operator::GreaterEqual, 3),
            Token::In => (Operator::In, 3),
            Token::Plus => (Operator::Add, 4),
            Token::Minus => (Operator::Subtract, 4),
            Token::Star => (Operator::Multiply, 5),
            Token::Slash => (Operator::Divide, 5),
            Token::Percent => (Operator::Remainder, 5),
            _ => return None,
        })
    }
}

impl<'t> Tree<'t> {
    pub(super) fn node(&self, id: Id) -> &Syntax<'t> {
        &self.nodes[id.0 as usize]
    }

    pub(super) fn run(&self, run: Run) -> &[Id] {
        &self.lists[run.start as usize..(run.start + run.length) as usize]
    }

    /// How many nodes there are.
    pub(super) fn size(&self) -> usize {
        self.nodes.len()
    }
}

/// Parses a whole text.
pub(super) fn parse(text: &str) -> Result<Tree<'_>, ExpressionError> {
    if text.len() > MAX_LENGTH {
        return Err(ExpressionError::new(Span::new(0, 0), format!("the expression is longer than {MAX_LENGTH} bytes")));
    }
    let mut parser = Parser::new(text, 0)?;
    let root = parser.expression()?;
    match parser.token {
        Token::End => Ok(parser.finish(root)),
        _ => Err(parser.unexpected("an operator or the end")),
    }
}

/// Parses a template's hole, from behind its opening brace; gives the offset behind its closing one, too.
pub(super) fn parse_hole(text: &str, start: usize) -> Result<(Tree<'_>, usize), ExpressionError> {
    let mut parser = Parser::new(text, start)?;
    let root = parser.expression()?;
    match parser.token {
        Token::CloseBrace => {
            let end = parser.span.end as usize;
            Ok((parser.finish(root), end))
        }
        _ => Err(parser.unexpected("an operator or `}`")),
    }
}

struct Parser<'t> {
    text: &'t str,
    lexer: Lexer<'t>,
    token: Token,
    span: Span,
    nodes: Vec<Syntax<'t>>,
    lists: Vec<Id>,
    /// Arguments of the calls being read, innermost last.
    pending: Vec<Id>,
    depth: u32,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, start: usize) -> Result<Self, ExpressionError> {
        let mut lexer = Lexer::new(text, start);
        let (token, span) = lexer.next()?;
        Ok(Parser { text, lexer, token, span, nodes: Vec::with_capacity(16), lists: Vec::new(), pending: Vec::new(), depth: 0 })
    }

    fn finish(self, root: Id) -> Tree<'t> {
        Tree { nodes: self.nodes, lists: self.lists, root }
    }

    fn advance(&mut self) -> Result<Span, ExpressionError> {
        let span = self.span;
        (self.token, self.span) = self.lexer.next()?;
        Ok(span)
    }

    fn expect(&mut self, token: Token, what: &str) -> Result<Span, ExpressionError> {
        if self.token == token { self.advance() } else { Err(self.unexpected(what)) }
    }

    fn unexpected(&self, wanted: &str) -> ExpressionError {
        let found = &self.text[self.span.range()];
        let message = match self.token {
            Token::End => format!("expected {wanted}, but the expression ends here"),
            // A literal may hold the end of a line; a message is one line.
            _ => format!("expected {wanted}, found `{}`", found.replace('\n', "\\n").replace('\r', "\\r")),
        };
        let help = match (self.token, found) {
            (Token::Name, "and" | "AND") => Some("write `&&`"),
            (Token::Name, "or" | "OR") => Some("write `||`"),
            (Token::Name, "not" | "NOT") => Some("write `!`"),
            (Token::Name, "is") => Some("write `==`"),
            _ => None,
        };
        ExpressionError::new(self.span, message).with_help(help)
    }

    fn too_deep(&self, span: Span) -> ExpressionError {
        ExpressionError::new(span, format!("the expression nests deeper than {MAX_DEPTH} levels"))
            .with_help(Some("give a part of it a name as a definition"))
    }

    fn add(&mut self, span: Span, below: u32, shape: Shape<'t>) -> Result<Id, ExpressionError> {
        if below >= MAX_DEPTH {
            return Err(self.too_deep(span));
        }
        self.nodes.push(Syntax { span, height: below + 1, shape });
        Ok(Id(self.nodes.len() as u32 - 1))
    }

    fn at(&self, id: Id) -> &Syntax<'t> {
        &self.nodes[id.0 as usize]
    }

    fn expression(&mut self) -> Result<Id, ExpressionError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.too_deep(self.span));
        }
        let mut result = self.binary(0)?;
        if self.token == Token::Question {
            self.advance()?;
            let then = self.binary(0)?;
            self.expect(Token::Colon, "`:`")?;
            let otherwise = self.expression()?;
            let span = self.at(result).span.start..self.at(otherwise).span.end;
            let below = self.at(result).height.max(self.at(then).height).max(self.at(otherwise).height);
            let shape = Shape::Conditional { condition: result, then, otherwise };
            result = self.add(Span { start: span.start, end: span.end }, below, shape)?;
        }
        self.depth -= 1;
        Ok(result)
    }

    /// A chain of operators that bind more strongly than `minimum`; all of them group to the left.
    fn binary(&mut self, minimum: u8) -> Result<Id, ExpressionError> {
        let mut left = self.unary()?;
        while let Some((operator, strength)) = Operator::of(self.token)
            && strength > minimum
        {
            let operator_span = self.advance()?;
            let right = self.binary(strength)?;
            let (before, behind) = (self.at(left), self.at(right));
            let chained = matches!(operator, Operator::And | Operator::Or)
                && matches!(before.shape, Shape::Binary { operator: same, .. } if same == operator);
            let before_height = if chained { before.height - 1 } else { before.height };
            let span = Span { start: before.span.start, end: behind.span.end };
            let below = before_height.max(behind.height);
            left = self.add(span, below, Shape::Binary { operator, operator_span, left, right })?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Id, ExpressionError> {
        let start = self.span.start;
        let negate = match self.token {
            Token::Not => false,
            Token::Minus => true,
            _ => {
                let primary = self.primary()?;
                return self.suffixes(primary);
            }
        };
        self.advance()?;
        if let (true, Token::Int(magnitude)) = (negate, self.token) {
            let span = Span { start, end: self.span.end };
            let value = 0i64.checked_sub_unsigned(magnitude).ok_or_else(|| self.too_large(span))?;
            self.advance()?;
            let literal = self.add(span, 0, Shape::Int(value))?;
            return self.suffixes(literal);
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.too_deep(self.span));
        }
        let operand = self.unary()?;
        self.depth -= 1;
        let (end, below) = (self.at(operand).span.end, self.at(operand).height);
        let shape = if negate { Shape::Negate(operand) } else { Shape::Not(operand) };
        self.add(Span { start, end }, below, shape)
    }

    fn primary(&mut self) -> Result<Id, ExpressionError> {
        let span = self.span;
        let shape = match self.token {
            Token::Null => Shape::Null,
            Token::True => Shape::Bool(true),
            Token::False => Shape::Bool(false),
            Token::Int(value) => Shape::Int(i64::try_from(value).map_err(|_| self.too_large(span))?),
            Token::Float(value) => Shape::Float(value),
            Token::Text(quoting) => Shape::Text(text_value(self.text, span, quoting)?),
            Token::Name => return self.name(),
            Token::OpenBracket => {
                self.advance()?;
                let (items, end, below) = self.items(Token::CloseBracket, "`]`")?;
                return self.add(Span { start: span.start, end }, below, Shape::List(items));
            }
            Token::OpenParenthesis => {
                self.advance()?;
                let inside = self.expression()?;
                let end = self.expect(Token::CloseParenthesis, "`)`")?.end;
                // The brackets belong to what stands in them, so that a message shows them.
                self.nodes[inside.0 as usize].span = Span { start: span.start, end };
                return Ok(inside);
            }
            _ => return Err(self.unexpected("a value")),
        };
        self.advance()?;
        self.add(span, 0, shape)
    }

    fn too_large(&self, span: Span) -> ExpressionError {
        ExpressionError::new(span, format!("`{}` is too large", &self.text[span.range()]))
    }

    fn name(&mut self) -> Result<Id, ExpressionError> {
        let text = self.text;
        let name_span = self.advance()?;
        let name = &text[name_span.range()];
        if self.token != Token::OpenParenthesis {
            return self.add(name_span, 0, Shape::Name(name));
        }
        self.advance()?;
        let (arguments, end, below) = self.items(Token::CloseParenthesis, "`)`")?;
        self.add(Span { start: name_span.start, end }, below, Shape::Call { name, name_span, arguments })
    }

    /// `.name`, `.name(…)` and `[…]` behind a value.
    fn suffixes(&mut self, mut object: Id) -> Result<Id, ExpressionError> {
        loop {
            let (start, below) = (self.at(object).span.start, self.at(object).height);
            match self.token {
                Token::Dot => {
                    self.advance()?;
                    let name_span = match self.token {
                        Token::Name | Token::In | Token::Null | Token::True | Token::False => self.advance()?,
                        _ => return Err(self.unexpected("a name")),
                    };
                    let text = self.text;
                    let name = &text[name_span.range()];
                    if self.token == Token::OpenParenthesis {
                        self.advance()?;
                        let (arguments, end, inside) = self.items(Token::CloseParenthesis, "`)`")?;
                        let shape = Shape::Method { object, name, name_span, arguments };
                        object = self.add(Span { start, end }, below.max(inside), shape)?;
                    } else {
                        let shape = Shape::Member { object, name, name_span };
                        object = self.add(Span { start, end: name_span.end }, below, shape)?;
                    }
                }
                Token::OpenBracket => {
                    self.advance()?;
                    let index = self.expression()?;
                    let end = self.expect(Token::CloseBracket, "`]`")?.end;
                    let inside = self.at(index).height;
                    object = self.add(Span { start, end }, below.max(inside), Shape::Index { object, index })?;
                }
                _ => return Ok(object),
            }
        }
    }

    /// Items between commas up to `close`, a last comma allowed: their run, the end of `close` and the height of the highest.
    fn items(&mut self, close: Token, wanted: &str) -> Result<(Run, u32, u32), ExpressionError> {
        let first = self.pending.len();
        let mut below = 0;
        while self.token != close {
            let item = self.expression()?;
            below = below.max(self.at(item).height);
            self.pending.push(item);
            if self.token != Token::Comma {
                break;
            }
            self.advance()?;
        }
        let end = self.expect(close, &format!("`,` or {wanted}"))?.end;
        let run = Run { start: self.lists.len() as u32, length: (self.pending.len() - first) as u32 };
        self.lists.extend(self.pending.drain(first..));
        Ok((run, end, below))
    }
}
