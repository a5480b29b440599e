//! Paths as relative URIs.

use crate::report::stays_inside;

/// The URI of a path below the root of its repository, or nothing when the path may lead out of it.
pub fn of(prefix: &str, path: &str) -> Option<String> {
    if !stays_inside(path) {
        return None;
    }
    let parts = prefix.split('/').filter(|part| !part.is_empty()).chain(path.split('/'));
    let mut uri = String::with_capacity(prefix.len() + path.len());
    for part in parts {
        if !uri.is_empty() {
            uri.push('/');
        }
        part.bytes().for_each(|byte| encode(byte, &mut uri));
    }
    Some(uri)
}

fn encode(byte: u8, uri: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    // A colon is allowed in a path, but in its first part it would end a scheme.
    if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@".contains(&byte) {
        uri.push(byte as char);
    } else {
        uri.extend(['%', DIGITS[usize::from(byte >> 4)] as char, DIGITS[usize::from(byte & 15)] as char]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_plain_part_of_a_path_is_encoded() {
        assert_eq!(of("", "src/main.rs").as_deref(), Some("src/main.rs"));
        assert_eq!(of("a/b/", "c d/100%/straße#[1]?.yaml").as_deref(), Some("a/b/c%20d/100%25/stra%C3%9Fe%23%5B1%5D%3F.yaml"));
        assert_eq!(of("", "c:\\x").as_deref(), Some("c%3A%5Cx"));
    }

    #[test]
    fn paths_that_lead_out_have_none() {
        for path in ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./x"] {
            assert_eq!(of("", path), None, "{path}");
        }
    }
}
