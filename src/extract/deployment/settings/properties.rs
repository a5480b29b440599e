//! Java properties: keys and values of a text, each a slice of it.

/// Documents of one file, parted by `#---` or `!---`, with their keys and values. A value that goes on in the next line is left out.
pub fn documents(text: &str) -> Vec<Vec<(&str, &str)>> {
    let mut documents = vec![Vec::new()];
    let mut goes_on = false;
    for line in text.lines() {
        let trimmed = line.trim();
        let ends_open = trimmed.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
        if std::mem::replace(&mut goes_on, ends_open && !trimmed.starts_with(['#', '!'])) {
            continue;
        }
        if matches!(trimmed, "#---" | "!---") {
            documents.push(Vec::new());
        }
        if trimmed.is_empty() || trimmed.starts_with(['#', '!']) || ends_open {
            continue;
        }
        let Some(end) = key_end(trimmed) else { continue };
        let value = trimmed[end..].trim_start();
        let value = value.strip_prefix(['=', ':']).unwrap_or(value).trim();
        if let Some(document) = documents.last_mut() {
            document.push((&trimmed[..end], value));
        }
    }
    documents
}

/// Where a key ends: at the first `=`, `:` or blank that is not escaped.
fn key_end(line: &str) -> Option<usize> {
    let mut escaped = false;
    line.bytes().position(|byte| match byte {
        _ if escaped => {
            escaped = false;
            false
        }
        b'\\' => {
            escaped = true;
            false
        }
        _ => matches!(byte, b'=' | b':' | b' ' | b'\t'),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_taken_apart() {
        let text = "# a\nserver.port = 8080\nname: orders\n\npath /x\nlong=a,\\\n  b\nlast=1\n#---\nb=c=d\nempty=\n";
        assert_eq!(
            documents(text),
            [vec![("server.port", "8080"), ("name", "orders"), ("path", "/x"), ("last", "1")], vec![("b", "c=d"), ("empty", "")]]
        );
    }
}
