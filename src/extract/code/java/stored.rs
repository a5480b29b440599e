//! Persistent types of further libraries, told by one annotation each: MongoDB with Morphia, Panache and its own codec, Objectify, DynamoDB,
//! MyBatis-Plus.

use super::types::{Form, types};
use super::{entities, values};
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::{Entity, Fact};

pub const FRAMEWORK: Framework = Framework { name: "stored", marks: &MARKS, read };

const MARKS: [&str; 8] = [
    "dev.morphia",
    "org.mongodb.morphia",
    "io.quarkus.mongodb.panache",
    "com.googlecode.objectify",
    "datamodeling.DynamoDBTable",
    "mapper.annotations.DynamoDbBean",
    "com.baomidou.mybatisplus.annotation",
    "MongoCollection<",
];

fn read(code: &Code, output: &mut Output) {
    let uses = |package: &str| code.text.contains(package);
    for of in types(code) {
        let annotated =
            |names: &[&str], attributes: &[&str]| of.annotation(names).map(|annotation| annotation.value(code, attributes));
        let found = if uses("morphia") {
            annotated(&["Entity"], &["value"]).map(|table| ("morphia", table))
        } else if uses("io.quarkus.mongodb.panache") {
            let is_active = of
                .bases
                .iter()
                .any(|base| base.starts_with("PanacheMongoEntity") || base.starts_with("ReactivePanacheMongoEntity"));
            let marked = annotated(&["MongoEntity"], &["collection", "value"]);
            marked.or(is_active.then_some(None)).map(|table| ("panache", table))
        } else if uses("com.googlecode.objectify") {
            annotated(&["Entity"], &["name"]).map(|table| ("objectify", table))
        } else if uses("DynamoDB") || uses("DynamoDb") {
            annotated(&["DynamoDBTable", "DynamoDbBean"], &["tableName"]).map(|table| ("dynamodb", table))
        } else if uses("com.baomidou.mybatisplus.annotation") {
            annotated(&["TableName"], &["value"]).map(|table| ("mybatis-plus", table))
        } else {
            None
        };
        if let Some((library, table)) = found.filter(|_| of.form != Form::Interface) {
            entities::add(code, &of, library, table, output);
        }
    }
    for call in code.calls().filter(|call| code.is(call.name, "getCollection")) {
        collection(code, call.open, output);
    }
}

/// `database.getCollection("orders", Order.class)`: what the driver of MongoDB stores is told where it is asked for.
fn collection(code: &Code, open: usize, output: &mut Output) {
    if let [name, of_type] = code.arguments(open).as_slice()
        && code.is_any(of_type.start + 1, &[".", "::"])
        && code.is(of_type.start + 2, "class")
        && let Some(of) = code.word(of_type.start).filter(|of| *of != "Document" && *of != "BsonDocument")
    {
        let (at, table) = (code.at(of_type.start), Some(values::value(code, name.clone())));
        let entity = Entity { at, name: of.into(), library: "mongodb".into(), table, fields: Vec::new() };
        output.facts.push(Fact::Persistent(entity));
    }
}
