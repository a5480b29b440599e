use super::Tree;
use super::build::Builder;

pub(super) fn parse(text: &str) -> Tree<'_> {
    Builder::new(text).finish()
}
