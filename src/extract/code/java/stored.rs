//! Persistent types of further libraries, told by one annotation each: MongoDB with Morphia, Panache and its own codec, Objectify, DynamoDB,
//! MyBatis-Plus.

use super::entities;
use super::types::{Form, types};
use crate::extract::Output;
use crate::extract::code::{Code, Framework};

pub const FRAMEWORK: Framework = Framework { name: "stored", marks: &MARKS, read };

const MARKS: [&str; 8] = [
    "dev.morphia",
    "org.mongodb.morphia",
    "io.quarkus.mongodb.panache",
    "com.googlecode.objectify",
    "datamodeling.DynamoDBTable",
    "mapper.annotations.DynamoDbBean",
    "com.baomidou.mybatisplus.annotation",
    "org.bson.codecs.pojo.annotations",
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
            // What the codec of MongoDB identifies is a document; what it only embeds has no identifier.
            let identified = of.annotation(&["BsonDiscriminator"]).is_some() && code.text.contains("@BsonId");
            identified.then_some(("mongodb", None))
        };
        if let Some((library, table)) = found.filter(|_| of.form != Form::Interface) {
            entities::add(code, &of, library, table, output);
        }
    }
}
