//! Manifests: what a repository states about itself.
//!
//! Catalog descriptors, our own `service.yaml`, CODEOWNERS, and waivers in comments. Each file here reads one of them.

pub mod backstage;
pub mod codeowners;
pub mod service_yaml;
pub mod waiver;

#[cfg(test)]
pub(in crate::extract) mod snapshot;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::snapshot::read;

    /// What manifests are made of, and what breaks them.
    const WORDS: [&str; 48] = [
        "apiVersion",
        "backstage.io/v1alpha1",
        "kind",
        "Component",
        "API",
        "metadata",
        "name",
        "spec",
        "type",
        "openapi",
        "definition",
        "owner",
        "dependsOn",
        "split",
        "review",
        "2027-13-01",
        "consumes",
        "# brickwork: allow a-b",
        "until",
        "by",
        "@a/b",
        " -- ",
        "é𝄞",
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n    ",
        "\n- ",
        "- ",
        "|\n",
        ">\n",
        "{",
        "}",
        "[",
        "]",
        "'",
        "\"",
        "&a ",
        "*a",
        "<<: *a",
        "---\n",
        "{{ x }}",
        "${{ values.x }}",
        "\t",
        "\r\n",
        "!",
        "\\",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        /// No text is too strange: places lie inside the file, and facts read back as they were written.
        #[test]
        fn any_text_is_read(words in proptest::collection::vec(proptest::sample::select(&WORDS[..]), 0..40)) {
            let text = words.concat();
            for path in ["catalog-info.yaml", "service.yaml", ".gitlab/CODEOWNERS", ".github/CODEOWNERS", "a.md", "a.rs", "a.py"] {
                read(path, &text);
            }
        }
    }
}
