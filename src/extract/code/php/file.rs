//! Paths of other files in expressions: `__DIR__ . '/../routes/api.php'`, `base_path('routes/api.php')`.

use std::ops::Range;

use crate::extract::code::Code;

/// The module of the file that an expression names, as far as it tells; None when its end is not told.
pub fn module(code: &Code, range: Range<usize>) -> Option<String> {
    let mut path = String::new();
    for (index, part) in code.split(range, ".").into_iter().enumerate() {
        match text(code, part) {
            Some(text) => path.push_str(&text),
            // A constant or a call that names some folder above.
            None if index == 0 => {}
            None => return None,
        }
    }
    let path = path.strip_suffix(".php")?;
    let mut folders: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                folders.pop();
            }
            _ => folders.push(part),
        }
    }
    (!folders.is_empty()).then(|| folders.join("/"))
}

fn text(code: &Code, part: Range<usize>) -> Option<String> {
    let start = part.start;
    if let Some(text) = code.literal(start).filter(|_| part.len() == 1) {
        return Some(text.into_owned());
    }
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    if code.is(start, "__DIR__") && part.len() == 1 {
        return Some(folder(code.path));
    }
    let open = start + 1;
    if !code.is(open, "(") || code.after(open) != part.end {
        return None;
    }
    let inside = code.inside(open);
    match code.text_of(start) {
        "dirname" if code.is(open + 1, "__DIR__") => Some(folder(&folder(code.path))),
        "dirname" if code.is(open + 1, "__FILE__") => Some(folder(code.path)),
        // `base_path('a')`, `module_path('Blog', '/a')`: the last argument is the path.
        _ => {
            let arguments = code.arguments(open);
            let last = arguments.last()?;
            match code.literal(last.start).filter(|_| last.len() == 1) {
                Some(text) => Some(format!("/{text}")),
                None => {
                    let parts = code.split(inside, ".");
                    let texts: Vec<String> = parts
                        .iter()
                        .map(|part| match code.is(part.start, "__DIR__") {
                            true => Some(folder(code.path)),
                            false => code.literal(part.start).map(|text| text.into_owned()),
                        })
                        .collect::<Option<_>>()?;
                    Some(texts.concat())
                }
            }
        }
    }
}

/// The expression after `require`, `include` and the like at a token, with brackets around it or not.
pub fn included(code: &Code, at: usize) -> Option<Range<usize>> {
    if !code.is_any(at, &["require", "require_once", "include", "include_once"]) {
        return None;
    }
    let mut end = at + 1;
    while end < code.len() && !code.is_any(end, &[";", ",", ")"]) {
        end = code.after(end);
    }
    let range = at + 1..end;
    match code.is(range.start, "(") && code.after(range.start) == range.end {
        true => Some(code.inside(range.start)),
        false => Some(range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::language::Language;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let code = Code::new(Language::from_name("PHP").expect("in the table"), "app/public/index.php", text);
        let range = included(&code, 0).expect("an inclusion");
        assert_eq!(module(&code, range).as_deref(), expected, "{text}");
    }

    #[test]
    fn files_are_told_by_expressions() {
        check("require __DIR__ . '/../src/routes.php';", Some("app/src/routes"));
        check("require_once(__DIR__.'/a.php');", Some("app/public/a"));
        check("include base_path('routes/api.php');", Some("routes/api"));
        check("require dirname(__DIR__) . '/config/routes.php';", Some("app/config/routes"));
        check("require APP_ROOT . '/a.php';", Some("a"));
        check("require module_path('Blog', '/Routes/api.php');", Some("Routes/api"));
        check("require realpath(__DIR__ . '/../a.php');", Some("app/a"));
        check("require $file;", None);
        check("require __DIR__ . '/' . $name . '.php';", None);
        check("require 'x.html';", None);
    }
}
