//! Any bytes as YAML, JSON and TOML: decoded, read, walked to every leaf, and asked for templates.

#![no_main]

use brickwork::document::{MAX_DEPTH, Node, Syntax, Tree, parse, template};
use brickwork::source::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = decode(bytes).text;
    for syntax in [Syntax::Yaml, Syntax::Json, Syntax::Toml] {
        let tree = parse(syntax, &text);
        walk(&tree);
        for defect in tree.defects() {
            assert!(defect.at.start <= defect.at.end && defect.at.end as usize <= text.len());
        }
    }
    template("templates/a.yaml", &text);
    template("a.json", &text);
});

/// Visits every node, aliases followed, and reads it in every way.
fn walk(tree: &Tree) {
    let text = tree.text();
    let mut visited = 0;
    let mut waiting: Vec<(Node, usize)> = tree.documents().map(|root| (root, 0)).collect();
    while let Some((node, depth)) = waiting.pop() {
        assert!(depth <= MAX_DEPTH);
        visited += 1;
        let written = &text[node.span().range()];
        let value = (node.scalar(), node.int(), node.float(), node.bool(), node.tag());
        if let Some(scalar) = value.0 {
            let part = scalar.len() as u32 / 2;
            node.location_within(brickwork::source::Span { start: part, end: scalar.len() as u32 });
        }
        // Lines are counted for some only: each costs a look at its line.
        if visited % 16 == 0 {
            assert!(node.location().line as usize <= text.len() + 1 && written.len() <= text.len());
            node.get("a");
        }
        // A bomb of aliases is bounded by its budget; a fuzzer has no time to see that each time.
        if visited > 100_000 {
            return;
        }
        waiting.extend(node.items().map(|item| (item, depth + 1)));
        waiting.extend(node.entries().flat_map(|(key, value)| [(key, depth + 1), (value, depth + 1)]));
    }
}
