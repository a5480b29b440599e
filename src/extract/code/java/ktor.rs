//! placeholder
use super::types::Type;
use crate::extract::code::Code;
use crate::facts::Value;
pub fn resource_path(_code: &Code, _of: &Type, _all: &[Type]) -> Option<Value> {
    None
}
