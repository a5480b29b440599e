//! placeholder
use crate::facts::BuildTool;
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Web(&'static str),
    UnreadWeb,
    Rpc,
    Messaging,
    Gateway,
    Infra,
    Ui,
}
pub fn of(_: BuildTool, _: &str) -> Option<Purpose> {
    None
}
