//! Packages of Elixir, as Hex names them.

use super::Group;
use super::Purpose::*;

#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    // Frameworks whose operations are read.
    (&[Web("phoenix")], &[
        "phoenix", "phoenix_live_view",
    ]),
    (&[Web("plug")], &[
        "bandit", "plug", "plug_cowboy",
    ]),
    // Frameworks whose operations nobody reads.
    (&[UnreadWeb], &[
        "absinthe", "absinthe_phoenix", "absinthe_plug", "ace", "ash_graphql", "ash_json_api", "backpex", "beacon",
        "boruta", "elli", "ex_admin", "ex_oauth2_provider", "kaffy", "live_admin", "maru", "nerves_hub", "pow_assent",
        "raxx", "sugar", "torch", "trot",
    ]),
    (&[], &[
        "plug_crypto",
    ]),
    // Stored types.
    (&[Persistence("ecto")], &[
        "ecto", "ecto_sql", "phoenix_ecto",
    ]),
    (&[UnreadPersistence], &[
        "amnesia", "arangox_ecto", "ash", "ash_mysql", "ash_postgres", "ash_sqlite", "commanded",
        "commanded_eventstore_adapter", "cqrs_tools", "ecto_foundationdb", "ecto_mnesia", "eventstore", "extreme",
        "incident", "memento", "mongodb_ecto", "spear",
    ]),
    (&[Driver], &[
        "arangox", "bolt_sips", "boltx", "ch", "clickhouse_ecto", "couchbeam", "cubdb", "dlex", "ecto_ch", "ecto_sqlite3",
        "elasticsearch", "elastix", "eredis", "ex_aws_dynamo", "exqlite", "exredis", "instream", "mariaex", "meilisearch",
        "memcachex", "mongodb", "mongodb_driver", "myxql", "pgvector", "postgrex", "redix", "redix_pubsub", "rethinkdb",
        "riak", "snap", "sqlite_ecto2", "supabase_postgrest", "supabase_potion", "tds", "tirexs", "xandra",
    ]),
    // Remote procedures and messages.
    (&[Rpc], &[
        "grpc", "grpc_reflection", "jsonrpc2", "spawn_sdk", "thrift", "twirp_elixir",
    ]),
    (&[Messaging], &[
        "amqp", "broadway", "broadway_cloud_pub_sub", "broadway_kafka", "broadway_rabbitmq", "broadway_sqs", "brod",
        "chumak", "conduit", "conduit_amqp", "ecto_job", "elsa", "emqtt", "erlzmq", "event_bus", "ex_aws_kinesis",
        "ex_aws_sns", "ex_aws_sqs", "ex_mqtt", "ex_rabbit_pool", "exq", "faktory_worker", "gnat", "google_api_pub_sub",
        "honeydew", "kafee", "kaffe", "kafka_ex", "lapin", "oban", "oban_pro", "off_broadway_*", "pulsar_elixir", "que",
        "rihanna", "tackle", "toniq", "tortoise", "tortoise311", "verk", "wabbit",
    ]),
    // Watching.
    (&[Telemetry], &[
        "appsignal", "appsignal_phoenix", "elixometer", "ex_metrics", "ex_ray", "ex_statsd", "exometer", "exometer_core",
        "instrumental", "new_relic_agent", "new_relic_phoenix", "opencensus", "opencensus_*", "opentelemetry",
        "opentelemetry_*", "otter", "peep", "prom_ex", "prometheus", "prometheus_ecto", "prometheus_ex",
        "prometheus_phoenix", "prometheus_plugs", "scout_apm", "spandex", "spandex_*", "statix", "telemetry_metrics",
        "telemetry_metrics_prometheus", "telemetry_metrics_prometheus_core", "telemetry_metrics_statsd",
        "telemetry_poller",
    ]),
    (&[Probes], &[
        "healthchex", "heartcheck", "k8s_probe", "kubernetes_health_check", "plug_checkup", "plug_heartbeat",
    ]),
    // Interfaces, load, functions, descriptions, tests.
    (&[Gateway], &[
        "annon_api", "reverse_proxy", "reverse_proxy_plug",
    ]),
    (&[Ui], &[
        "desktop", "hologram", "liveview_native", "scenic", "surface",
    ]),
    (&[Describes], &[
        "bureaucrat", "maru_swagger", "open_api_spex", "phoenix_swagger",
    ]),
    (&[Serverless], &[
        "aws_lambda_elixir_runtime",
    ]),
    (&[Loadgen], &[
        "chaperon", "tsung",
    ]),
    (&[Test], &[
        "bypass", "espec", "ex_machina", "ex_unit_notifier", "excoveralls", "faker", "floki", "hammox", "hound", "meck",
        "mimic", "mock", "mox", "stream_data", "wallaby",
    ]),
];
