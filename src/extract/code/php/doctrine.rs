//! Entities of Doctrine: classes with `#[ORM\Entity]`, `@ORM\Entity`, `#[ODM\Document]`.

use std::sync::Arc;

use super::notes::{self, Note};
use crate::extract::Output;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact};

pub const FRAMEWORK: Framework =
    Framework { name: "doctrine", marks: &["ORM\\Entity", "ODM\\", "Doctrine\\ORM\\Mapping", "Doctrine\\ODM"], read };

/// Words of a note that makes a property a field.
const FIELDS: [&str; 9] =
    ["Id", "Column", "Field", "ManyToOne", "OneToMany", "OneToOne", "ManyToMany", "Embedded", "ReferenceOne"];

fn read(code: &Code, output: &mut Output) {
    for item in code.items().iter().filter(|item| item.kind == ItemKind::Type && code.is(item.start, "class")) {
        let notes = notes::before(code, item);
        let is_mapping = |note: &&Note| {
            matches!(note.short(), "Entity" | "Document")
                && (notes::comes_from(code.imports(), &note.name, &["Doctrine/"])
                    || note.name.starts_with("ORM.")
                    || note.name.starts_with("ODM."))
        };
        let Some(mark) = notes.iter().find(is_mapping) else { continue };
        let table = notes.iter().find(|note| note.short() == "Table").and_then(|note| note.values("name", Some(0)).first());
        let table = table.or_else(|| mark.values("collection", None).first()).cloned();
        output.facts.push(Fact::Persistent(Entity {
            at: code.at(item.name),
            name: code.text_of(item.name).into(),
            library: "doctrine".into(),
            table,
            fields: fields(code, item),
        }));
    }
}

/// Properties that have a note of the mapping, in the body or in the constructor.
fn fields(code: &Code, class: &Item) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    let mut from = class.body.start;
    let mut at = class.body.start;
    while at < class.body.end {
        let word = code.text_of(at);
        let is_end = code.is_any(at, &[";", "}"]);
        if let Some(name) = word.strip_prefix('$') {
            if notes::notes(code, from..at).iter().any(|note| FIELDS.iter().any(|field| note.short().starts_with(field))) {
                found.push(name.into());
            }
            while at < class.body.end && !code.is(at, ";") {
                at = code.after(at);
            }
            from = at + 1;
        } else if code.is(at, "(") && at > 0 && code.is(at - 1, "__construct") {
            for parameter in code.arguments(at) {
                let name = parameter.clone().rev().find(|&name| code.text_of(name).starts_with('$'));
                let Some(name) = name else { continue };
                let is_field = notes::notes(code, parameter.start..name).iter().any(|note| FIELDS.contains(&note.short()));
                if is_field {
                    found.push(code.text_of(name).trim_start_matches('$').into());
                }
            }
        } else if is_end || code.is(at, "{") {
            at = code.after(at);
            from = at;
            continue;
        }
        at = code.after(at);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn mapped_classes_are_entities() {
        check(
            "src/Entity/Post.php",
            r#"<?php
            namespace App\Entity;
            use Doctrine\ORM\Mapping as ORM;
            #[ORM\Entity(repositoryClass: PostRepository::class)]
            #[ORM\Table(name: 'posts')]
            class Post
            {
                public const N = 1;
                #[ORM\Id]
                #[ORM\Column(type: Types::INTEGER)]
                private ?int $id = null;
                #[ORM\Column] #[Assert\Length(max: 255)]
                private string $title = '';
                /** @var Collection<int, Tag> */
                #[ORM\ManyToMany(targetEntity: Tag::class)]
                private Collection $tags;
                private $draft;
                public function title(): string { $x = 1; return $this->title; }
            }
            #[ORM\Embeddable]
            class Money { #[ORM\Column] private int $amount; }"#,
            "6 entity Post table posts (id, title, tags)",
        );
        check(
            "src/Entity/Rating.php",
            r#"<?php
            use Doctrine\ORM\Mapping as ORM;
            /**
             * @ORM\Entity
             * @ORM\Table(name="ratings")
             */
            class Rating
            {
                /**
                 * @ORM\Id
                 * @ORM\Column(type="integer")
                 */
                private $id;
                /** not mapped */
                private $note;
            }
            /** @ORM\MappedSuperclass */
            class Base {}"#,
            "7 entity Rating table ratings (id)",
        );
    }
}
