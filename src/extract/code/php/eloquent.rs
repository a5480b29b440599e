//! Models of Eloquent and CodeIgniter: classes that extend `Model`.

use std::ops::Range;

use super::notes;
use crate::extract::Output;
use crate::extract::code::structure::{Item, ItemKind};
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact, Value};

pub const FRAMEWORK: Framework = Framework {
    name: "eloquent",
    marks: &[
        "Eloquent\\",
        "Auth\\User",
        "CodeIgniter\\Model",
        "$fillable",
        "$guarded",
        "hasMany(",
        "belongsTo(",
        "extends Model",
        "extends Eloquent",
    ],
    read,
};

/// Modules of classes that are models.
const MODULES: [&str; 6] =
    ["Database/Eloquent", "Mongodb/Eloquent", "MongoDB/Laravel", "Foundation/Auth/User", "CodeIgniter/Model", "Jenssegers"];
/// What only a model says of itself.
const SIGNS: [&str; 8] = ["$fillable", "$guarded", "$table", "$primaryKey", "hasMany", "belongsTo", "belongsToMany", "morphTo"];

fn read(code: &Code, output: &mut Output) {
    for item in code.items().iter().filter(|item| item.kind == ItemKind::Type && code.is(item.start, "class")) {
        let is_abstract = (notes::head(code, item.start)..item.start).any(|at| code.is(at, "abstract"));
        if !code.is(item.name + 1, "extends") || is_abstract {
            continue;
        }
        let base: Vec<&str> = (item.name + 2..item.body.start)
            .take_while(|&at| !code.is_any(at, &["implements", "{"]))
            .filter_map(|at| code.word(at))
            .collect();
        let is_model = notes::comes_from(code.imports(), &base.join("."), &MODULES) || base == ["Eloquent"];
        let table = property(code, item, "$table");
        // A base of the project's own is one where the class says what only a model says.
        let is_likely = base.len() == 1
            && !base[0].ends_with("Controller")
            && (base[0].ends_with("Model") || code.path.contains("Models/"))
            && item.body.clone().any(|at| code.is_any(at, &SIGNS));
        if !is_model && !is_likely {
            continue;
        }
        let listed = property(code, item, "$fillable").or_else(|| property(code, item, "$allowedFields"));
        output.facts.push(Fact::Persistent(Entity {
            at: code.at(item.name),
            name: code.text_of(item.name).into(),
            library: "eloquent".into(),
            table: table.map(|range| code.value(range)).filter(|value| !matches!(value, Value::Unknown(_))),
            fields: listed.map_or(Vec::new(), |range| code.literal_list(range).into_iter().map(|text| text.value).collect()),
        }));
    }
}

/// What a property of a class is given.
fn property(code: &Code, class: &Item, name: &str) -> Option<Range<usize>> {
    let mut at = class.body.start;
    while at < class.body.end {
        if code.is(at, name) && code.is(at + 1, "=") {
            let mut end = at + 2;
            while end < class.body.end && !code.is(end, ";") {
                end = code.after(end);
            }
            return Some(at + 2..end);
        }
        at = code.after(at);
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn models_are_entities() {
        check(
            "app/Models/Order.php",
            r#"<?php
            namespace App\Models;
            use Illuminate\Database\Eloquent\Model;
            use Illuminate\Foundation\Auth\User as Authenticatable;
            class Order extends Model {
                use HasFactory;
                protected $table = 'shop_orders';
                protected $fillable = ['number', 'total',];
                public function lines() { return $this->hasMany(Line::class); }
            }
            class User extends Authenticatable implements JWTSubject { }
            class Tag extends \Illuminate\Database\Eloquent\Model { }
            abstract class Base extends Model { }
            class Item extends BaseModel { protected $fillable = ['a']; }
            class View extends BaseModel { }"#,
            "5 entity Order table shop_orders (number, total)
             11 entity User ()
             12 entity Tag ()
             14 entity Item (a)",
        );
        check("app/Domain/Model.php", "<?php\nuse Acme\\Model;\nclass Car extends Model { }", "");
    }
}
