//! Gems of Ruby.

use super::Group;
use super::Purpose::*;

#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    // Frameworks whose operations are read.
    (&[Web("rails"), Persistence("activerecord")], &[
        "rails",
    ]),
    (&[Web("rails")], &[
        "actionpack", "rails-api", "railties",
    ]),
    (&[Web("sinatra")], &[
        "sinatra", "sinatra-contrib",
    ]),
    (&[Web("grape")], &[
        "grape", "grape-entity",
    ]),
    // Frameworks whose operations nobody reads.
    (&[UnreadWeb], &[
        "activeadmin", "administrate", "agoo", "angelo", "avo", "camping", "cuba", "doorkeeper", "goliath", "graphiti",
        "graphiti-rails", "graphql", "graphql-ruby", "hanami", "hanami-controller", "hanami-router", "hobbit", "jets",
        "jets-rails", "jsonapi-resources", "lotusrb", "motor-admin", "nyny", "padrino", "padrino-core", "pakyow",
        "praxis", "rack-app", "rage-rb", "rails_admin", "raisin", "ramaze", "reel", "refinerycms", "roda", "rodauth",
        "rodauth-rails", "scimitar", "solidus", "spree", "syro", "trestle", "volt", "wash_out", "webmachine",
    ]),
    // Stored types.
    (&[Persistence("activerecord")], &[
        "activerecord", "activerecord-import", "otr-activerecord", "sinatra-activerecord", "standalone_migrations",
    ]),
    (&[Persistence("mongoid")], &[
        "mongoid",
    ]),
    (&[Persistence("sequel")], &[
        "sequel", "sequel-activerecord_connection", "sequel-rails", "sequel_pg",
    ]),
    (&[UnreadPersistence], &[
        "activegraph", "aggregate_root", "aws-record", "cequel", "chewy", "couchbase-orm", "couchrest_model",
        "data_mapper", "datamapper", "dm-core", "dynamoid", "eventide-postgres", "hanami-db", "hanami-model",
        "lotus-model", "mongo_mapper", "mongomapper", "neo4j", "nobrainer", "ohm", "perpetuity", "rails_event_store",
        "redis-objects", "ripple", "rom", "rom-mongo", "rom-repository", "rom-sql", "sequent", "supermodel",
    ]),
    (&[Driver], &[
        "activerecord-jdbcpostgresql-adapter", "activerecord-oracle_enhanced-adapter", "activerecord-postgis-adapter",
        "activerecord-sqlserver-adapter", "aws-sdk", "aws-sdk-dynamodb", "cassandra-driver", "clickhouse",
        "clickhouse-activerecord", "couchbase", "couchrest", "dalli", "do_mysql", "do_postgres", "do_sqlite3",
        "elasticsearch", "elasticsearch-model", "elasticsearch-rails", "google-cloud-bigquery", "google-cloud-datastore",
        "google-cloud-firestore", "google-cloud-spanner", "hiredis", "hiredis-client", "influxdb", "influxdb-client",
        "leveldb-ruby", "meilisearch", "meilisearch-rails", "memcached", "mongo", "mysql", "mysql2", "neo4j-ruby-driver",
        "opensearch-ruby", "pg", "pgvector", "redis", "redis-client", "redis-namespace", "redis-rails", "redis-store",
        "rethinkdb", "rocksdb-ruby", "ruby-oci8", "scenic", "searchkick", "solid_cache", "sqlite3", "sunspot",
        "sunspot_rails", "tiny_tds", "trilogy", "typesense",
    ]),
    // Remote procedures and messages.
    (&[Rpc, Messaging, Driver], &[
        "dapr-ruby",
    ]),
    (&[Rpc], &[
        "grpc", "gruf", "jimson", "thrift", "twirp",
    ]),
    (&[], &[
        "grpc-tools",
    ]),
    (&[Messaging], &[
        "amqp", "aws-sdk-eventbridge", "aws-sdk-kinesis", "aws-sdk-sns", "aws-sdk-sqs", "backburner", "bunny",
        "cloudtasker", "cztop", "deimos-ruby", "delayed_job", "delayed_job_active_record", "delivery_boy",
        "faktory_worker_ruby", "ffi-rzmq", "good_job", "google-cloud-pubsub", "google-cloud-tasks", "gush", "hutch",
        "karafka", "karafka-rdkafka", "kicks", "march_hare", "mqtt", "nats", "nats-pure", "phobos", "promiscuous", "que",
        "queue_classic", "racecar", "rdkafka", "resque", "resque-*", "ruby-kafka", "shoryuken", "sidekiq", "sidekiq-*",
        "sidekiq-cron", "sidekiq-pro", "sneakers", "solid_queue", "stomp", "sucker_punch", "temporal-ruby", "temporalio",
        "waterdrop",
    ]),
    // Watching.
    (&[Telemetry], &[
        "appsignal", "aws-xray-sdk", "datadog", "ddtrace", "dogstatsd-ruby", "elastic-apm", "google-cloud-trace",
        "honeycomb-beeline", "instana", "jaeger-client", "lightstep", "newrelic_rpm", "opencensus", "opentelemetry-*",
        "opentracing", "prometheus-client", "prometheus-client-mmap", "prometheus_exporter", "scout_apm", "signalfx",
        "skylight", "solarwinds_apm", "stackdriver", "statsd-instrument", "statsd-ruby", "yabeda", "yabeda-*",
        "zipkin-tracer",
    ]),
    (&[Probes], &[
        "easymon", "health-monitor-rails", "health_check", "is_it_working", "liveness", "okcomputer", "rack-health",
        "rails-healthcheck", "sidekiq_alive",
    ]),
    // Interfaces, load, functions, descriptions, tests.
    (&[Gateway], &[
        "rack-proxy", "rack-reverse-proxy", "rails-reverse-proxy",
    ]),
    (&[Ui], &[
        "bridgetown", "glimmer-dsl-libui", "hyperstack", "jekyll", "middleman", "nanoc", "opal", "opal-rails",
    ]),
    (&[Loadgen], &[
        "ruby-jmeter",
    ]),
    (&[Serverless], &[
        "aws_lambda_ric", "functions_framework", "lamby",
    ]),
    (&[Describes], &[
        "apipie-rails", "grape-swagger", "grape-swagger-entity", "oas_rails", "rspec-openapi", "rspec_api_documentation",
        "rswag", "rswag-api", "rswag-specs", "rswag-ui", "sinatra-swagger-exposer", "swagger-blocks", "swagger-docs",
        "swagger_yard", "zero-rails_openapi",
    ]),
    (&[Test], &[
        "airborne", "capybara", "cucumber", "cucumber-rails", "cuprite", "database_cleaner", "factory_bot",
        "factory_bot_rails", "factory_girl", "factory_girl_rails", "faker", "fakeredis", "minitest", "mocha",
        "mock_redis", "pact", "rack-test", "rspec", "rspec-core", "rspec-rails", "selenium-webdriver", "shoulda",
        "shoulda-matchers", "simplecov", "test-unit", "timecop", "vcr", "webmock",
    ]),
];
