//! What the versions of OpenAPI say differently, as one table.
//!
//! The rest of this folder reads one shape of document and asks this table where the versions part ways.

use crate::facts::ApiFormat;

pub struct Version {
    pub format: ApiFormat,
    /// Keys of a path item that are operations, with their methods.
    pub methods: &'static [(&'static str, &'static str)],
    /// Whether `additionalOperations` of a path item holds operations by method.
    pub additional_operations: bool,
    /// Where named schemas stand.
    pub schemas: &'static [&'static str],
    /// Version 2.0: `basePath` stands for `servers`, and bodies are parameters.
    pub second: bool,
    /// One of these must stand at the top.
    pub contents: &'static [&'static str],
    /// Whether an operation must have `responses`.
    pub responses_required: bool,
    /// Whether a response must have a `description`.
    pub description_required: bool,
    /// Whether two path templates may not differ in the names of their parameters alone.
    pub templates_distinct: bool,
    /// Where a parameter may be (`in`).
    pub places: &'static [&'static str],
}

const METHODS: [(&str, &str); 9] = [
    ("get", "GET"),
    ("put", "PUT"),
    ("post", "POST"),
    ("delete", "DELETE"),
    ("options", "OPTIONS"),
    ("head", "HEAD"),
    ("patch", "PATCH"),
    ("trace", "TRACE"),
    ("query", "QUERY"),
];

static OPENAPI_2: Version = Version {
    format: ApiFormat::Openapi2,
    methods: METHODS.split_at(7).0,
    additional_operations: false,
    schemas: &["definitions"],
    second: true,
    contents: &["paths"],
    responses_required: true,
    description_required: true,
    templates_distinct: false,
    places: &["path", "query", "header", "body", "formData"],
};

static OPENAPI_3_0: Version = Version {
    format: ApiFormat::Openapi30,
    methods: METHODS.split_at(8).0,
    additional_operations: false,
    schemas: &["components", "schemas"],
    second: false,
    contents: &["paths"],
    responses_required: true,
    description_required: true,
    templates_distinct: true,
    places: &["path", "query", "header", "cookie"],
};

static OPENAPI_3_1: Version = Version {
    format: ApiFormat::Openapi31,
    methods: METHODS.split_at(8).0,
    additional_operations: false,
    schemas: &["components", "schemas"],
    second: false,
    contents: &["paths", "components", "webhooks"],
    responses_required: false,
    description_required: true,
    templates_distinct: true,
    places: &["path", "query", "header", "cookie"],
};

static OPENAPI_3_2: Version = Version {
    format: ApiFormat::Openapi32,
    methods: &METHODS,
    additional_operations: true,
    schemas: &["components", "schemas"],
    second: false,
    contents: &["paths", "components", "webhooks"],
    responses_required: false,
    description_required: false,
    templates_distinct: true,
    places: &["path", "query", "header", "cookie", "querystring"],
};

/// The newest version: a superset of the others where a file without a version key is read.
pub static LATEST: &Version = &OPENAPI_3_2;

/// The version that the value of `swagger` or `openapi` names.
pub fn named(key: &str, value: &str) -> Option<&'static Version> {
    let mut parts = value.splitn(3, '.');
    match (key, parts.next()?, parts.next()?) {
        ("swagger", "2", "0") => Some(&OPENAPI_2),
        ("openapi", "3", "0") => Some(&OPENAPI_3_0),
        ("openapi", "3", "1") => Some(&OPENAPI_3_1),
        ("openapi", "3", "2") => Some(&OPENAPI_3_2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_by_key_and_value() {
        let format = |key, value| named(key, value).map(|version| version.format);
        assert_eq!(format("swagger", "2.0"), Some(ApiFormat::Openapi2));
        assert_eq!(format("openapi", "3.0.4"), Some(ApiFormat::Openapi30));
        assert_eq!(format("openapi", "3.1.0-rc1"), Some(ApiFormat::Openapi31));
        assert_eq!(format("openapi", "3.2.0"), Some(ApiFormat::Openapi32));
        for (key, value) in [("openapi", "4.0.0"), ("openapi", "2.0"), ("swagger", "1.2"), ("swagger", "3.0.0"), ("openapi", "3")]
        {
            assert_eq!(format(key, value), None, "{key}: {value}");
        }
    }

    #[test]
    fn each_version_has_its_methods() {
        let last = |version: &Version| version.methods.last().expect("it has methods").0;
        assert_eq!(last(&OPENAPI_2), "patch");
        assert_eq!(last(&OPENAPI_3_0), "trace");
        assert_eq!(last(&OPENAPI_3_2), "query");
    }
}
