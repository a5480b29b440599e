//! One file of any kind and path: the first line is the path, the rest are its bytes.

#![no_main]

use brickwork::discover::language::Language;
use brickwork::discover::{Kind, Role};
use brickwork::extract;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|&byte| byte == b'\n').unwrap_or(input.len());
    let (path, bytes) = input.split_at(end);
    let path = String::from_utf8_lossy(path);
    let language = Language::of_file(path.rsplit('/').next().unwrap_or_default());
    let kind = Kind { language, role: Role::Production };
    extract::file(kind, &*path, bytes.get(1..).unwrap_or_default());
});
