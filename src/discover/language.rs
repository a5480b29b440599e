//! The table of languages: how a file's name tells its language, and how that language writes comments and strings.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A row of [`LANGUAGES`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(u8);

/// What the program knows of one language.
pub struct LanguageInfo {
    pub name: &'static str,
    /// File name endings, without the dot, in lower case.
    pub extensions: &'static [&'static str],
}

pub const LANGUAGES: &[LanguageInfo] = &[LanguageInfo { name: "Java", extensions: &["java"] }];

impl Language {
    pub fn info(self) -> &'static LanguageInfo {
        &LANGUAGES[self.0 as usize]
    }

    pub fn name(self) -> &'static str {
        self.info().name
    }

    pub fn from_name(name: &str) -> Option<Language> {
        LANGUAGES.iter().position(|language| language.name == name).map(|index| Language(index as u8))
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Language::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown language `{name}`")))
    }
}

impl JsonSchema for Language {
    fn schema_name() -> Cow<'static, str> {
        "Language".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}
