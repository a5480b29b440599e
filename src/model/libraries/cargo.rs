//! Crates of Rust, with dashes.

use super::Group;
use super::Purpose::*;

#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    // Frameworks whose operations are read.
    (&[Web("axum")], &[
        "axum", "axum-extra", "axum-login", "axum-server",
    ]),
    (&[Web("actix")], &[
        "actix-web", "actix-web-actors",
    ]),
    (&[Web("rocket")], &[
        "rocket",
    ]),
    // Frameworks whose operations nobody reads.
    (&[UnreadWeb], &[
        "astra", "async-graphql", "async-graphql-actix-web", "async-graphql-axum", "async-graphql-poem",
        "async-graphql-rocket", "async-graphql-warp", "cot", "dropshot", "gotham", "graphul", "httpz", "iron",
        "jsonrpc-core", "jsonrpc-http-server", "jsonrpsee", "juniper", "juniper-actix", "juniper-axum", "juniper-hyper",
        "juniper-rocket", "juniper-warp", "loco-rs", "may-minihttp", "nickel", "ntex", "ohkami", "paperclip", "pavex",
        "poem", "roa", "rouille", "rweb", "rwf", "salvo", "saphir", "silent", "submillisecond", "thruster", "tide",
        "tiny-http", "tower-web", "trillium", "viz", "volo-http", "warp", "xitca-web",
    ]),
    (&[UnreadWeb, Describes], &[
        "poem-openapi", "salvo-oapi",
    ]),
    (&[UnreadWeb, Ui], &[
        "dioxus", "dioxus-fullstack", "leptos", "leptos-actix", "leptos-axum",
    ]),
    // Stored types.
    (&[Persistence("diesel")], &[
        "diesel", "diesel-async", "diesel-derive-enum",
    ]),
    (&[Persistence("sea-orm")], &[
        "sea-orm",
    ]),
    (&[], &[
        "sea-orm-cli", "sea-orm-migration",
    ]),
    (&[UnreadPersistence], &[
        "butane", "canyon-sql", "charybdis", "cornucopia", "cornucopia-async", "cqrs-es", "disintegrate", "eventually",
        "geekorm", "modyne", "mongodm", "native-db", "ormlite", "ormx", "postgres-es", "prisma-client-rust", "quaint",
        "rbatis", "rbatis-*", "redis-om", "rustorm", "serde-dynamo", "toasty", "turbosql", "welds", "wither",
    ]),
    (&[Driver], &[
        "arangors", "aws-sdk-dynamodb", "azure-data-cosmos", "azure-data-tables", "barrel", "bb8", "bb8-memcached",
        "bb8-postgres", "bb8-redis", "cassandra-cpp", "cdrs", "cdrs-tokio", "clickhouse", "clickhouse-rs", "couchbase",
        "deadpool", "deadpool-postgres", "deadpool-redis", "deadpool-sqlite", "dgraph-tonic", "duckdb", "elasticsearch",
        "eventstore", "firestore", "fjall", "fred", "google-cloud-bigquery", "google-cloud-spanner", "heed", "influxdb",
        "influxdb2", "libsql", "lmdb", "meilisearch-sdk", "memcache", "memcached", "mongodb", "mysql", "mysql-async",
        "neo4rs", "opensearch", "oracle", "persy", "postgres", "qdrant-client", "r2d2", "r2d2-postgres", "r2d2-redis",
        "r2d2-sqlite", "redb", "redis", "redis-async", "refinery", "rocket-db-pools", "rocket-sync-db-pools", "rocksdb",
        "rusoto-dynamodb", "rusqlite", "scylla", "sea-query", "sled", "sqlx", "sqlx-*", "surrealdb", "tiberius",
        "tokio-postgres", "tokio-rusqlite",
    ]),
    // Remote procedures and messages.
    (&[Rpc, Messaging, Driver], &[
        "dapr",
    ]),
    (&[Rpc], &[
        "capnp-rpc", "dubbo", "grpc", "grpcio", "pilota", "restate-sdk", "tarpc", "thrift", "tonic", "tonic-reflection",
        "tonic-web", "ttrpc", "twirp", "twirp-rs", "volo", "volo-grpc", "volo-thrift",
    ]),
    (&[Messaging], &[
        "amiquip", "amqprs", "apalis", "apalis-*", "async-nats", "aws-sdk-eventbridge", "aws-sdk-kinesis", "aws-sdk-sns",
        "aws-sdk-sqs", "azure-messaging-eventhubs", "azure-messaging-servicebus", "background-jobs", "broccoli-queue",
        "celery", "deadpool-lapin", "fang", "fluvio", "google-cloud-pubsub", "graphile-worker", "iggy", "kafka", "lapin",
        "nats", "omniqueue", "paho-mqtt", "pulsar", "rdkafka", "rskafka", "rumqttc", "rumqttd", "rusoto-sns",
        "rusoto-sqs", "rusty-sidekiq", "sidekiq", "sqlxmq", "temporal-sdk", "zeromq", "zmq",
    ]),
    // Watching.
    (&[Telemetry], &[
        "actix-web-opentelemetry", "actix-web-prom", "actix-web-prometheus", "autometrics", "axum-otel-metrics",
        "axum-prometheus", "axum-tracing-opentelemetry", "cadence", "datadog-tracing", "dd-trace", "dogstatsd",
        "fastrace", "fastrace-*", "foundations", "init-tracing-opentelemetry", "libhoney-rust", "logfire", "metrics",
        "metrics-exporter-*", "metrics-exporter-prometheus", "minitrace", "newrelic", "opentelemetry", "opentelemetry-*",
        "opentelemetry-aws", "opentelemetry-otlp", "prometheus", "prometheus-client", "prometheus-exporter",
        "reqwest-tracing", "rocket-prometheus", "rustracing", "rustracing-jaeger", "sentry-opentelemetry", "skywalking",
        "statsd", "tonic-tracing-opentelemetry", "tracing-datadog", "tracing-honeycomb", "tracing-opentelemetry",
        "zipkin",
    ]),
    (&[Probes], &[
        "axum-health", "axum-healthcheck", "tonic-health",
    ]),
    // Servers for others.
    (&[Gateway], &[
        "axum-reverse-proxy", "hyper-reverse-proxy", "pingora", "pingora-*",
    ]),
    // Interfaces, load, functions, descriptions, tests.
    (&[Ui], &[
        "bevy", "dominator", "druid", "eframe", "egui", "gtk4", "iced", "makepad-widgets", "percy-dom", "perseus",
        "relm4", "seed", "slint", "sycamore", "tauri", "yew", "yew-router",
    ]),
    (&[Loadgen], &[
        "drill", "goose", "rlt",
    ]),
    (&[Serverless], &[
        "aws-lambda-events", "lambda-http", "lambda-runtime", "netlify-lambda", "spin-sdk", "vercel-runtime", "worker",
    ]),
    (&[Describes], &[
        "aide", "apistos", "oasgen", "okapi", "paperclip-actix", "rocket-okapi", "utoipa", "utoipa-*",
        "utoipa-swagger-ui",
    ]),
    (&[Test], &[
        "axum-test", "claims", "criterion", "cucumber", "fake", "httpmock", "insta", "mockall", "mockito", "proptest",
        "quickcheck", "rstest", "testcontainers", "testcontainers-modules", "wiremock",
    ]),
];
