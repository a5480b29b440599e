//! Well-known images: what a container is that nobody here wrote.

use crate::model::Kind;
use crate::source::last_part;

/// Last parts of image names, without tag and registry, and what they run. A name fits when it is one of these, or begins with one and `-`.
const IMAGES: [(&str, Kind); 127] = [
    ("activemq", Kind::Broker),
    ("activemq-artemis", Kind::Broker),
    ("adminer", Kind::Infra),
    ("airflow", Kind::Infra),
    ("alertmanager", Kind::Infra),
    ("apicurio-registry", Kind::Infra),
    ("arangodb", Kind::Datastore),
    ("artemis", Kind::Broker),
    ("azure-sql-edge", Kind::Datastore),
    ("azurite", Kind::Datastore),
    ("caddy", Kind::Infra),
    ("cadvisor", Kind::Infra),
    ("cassandra", Kind::Datastore),
    ("certbot", Kind::Infra),
    ("chroma", Kind::Datastore),
    ("clickhouse", Kind::Datastore),
    ("clickhouse-server", Kind::Datastore),
    ("cockroach", Kind::Datastore),
    ("config-server", Kind::Infra),
    ("consul", Kind::Infra),
    ("couchbase", Kind::Datastore),
    ("couchdb", Kind::Datastore),
    ("cp-kafka", Kind::Broker),
    ("cp-schema-registry", Kind::Infra),
    ("cp-zookeeper", Kind::Infra),
    ("debezium", Kind::Infra),
    ("dgraph", Kind::Datastore),
    ("dynamodb-local", Kind::Datastore),
    ("elasticmq", Kind::Broker),
    ("elasticsearch", Kind::Datastore),
    ("emqx", Kind::Broker),
    ("envoy", Kind::Infra),
    ("etcd", Kind::Infra),
    ("eureka", Kind::Infra),
    ("eventstore", Kind::Datastore),
    ("filebeat", Kind::Infra),
    ("flagd", Kind::Infra),
    ("fluent-bit", Kind::Infra),
    ("fluentd", Kind::Infra),
    ("ftp", Kind::Infra),
    ("gitea", Kind::Infra),
    ("grafana", Kind::Infra),
    ("haproxy", Kind::Infra),
    ("httpd", Kind::Infra),
    ("immudb", Kind::Datastore),
    ("influxdb", Kind::Datastore),
    ("jaeger", Kind::Infra),
    ("jaegertracing", Kind::Infra),
    ("jenkins", Kind::Infra),
    ("kafdrop", Kind::Infra),
    ("kafka", Kind::Broker),
    ("kafka-connect", Kind::Infra),
    ("kafka-ui", Kind::Infra),
    ("keycloak", Kind::Infra),
    ("kibana", Kind::Infra),
    ("kong", Kind::Infra),
    ("linkerd", Kind::Infra),
    ("localstack", Kind::Infra),
    ("logstash", Kind::Infra),
    ("loki", Kind::Infra),
    ("maildev", Kind::Infra),
    ("mailhog", Kind::Infra),
    ("mailpit", Kind::Infra),
    ("mariadb", Kind::Datastore),
    ("meilisearch", Kind::Datastore),
    ("memcached", Kind::Datastore),
    ("minio", Kind::Datastore),
    ("mongo", Kind::Datastore),
    ("mongo-express", Kind::Infra),
    ("mongo-seed", Kind::Datastore),
    ("mongodb", Kind::Datastore),
    ("mosquitto", Kind::Broker),
    ("mssql", Kind::Datastore),
    ("mysql", Kind::Datastore),
    ("nacos", Kind::Infra),
    ("nats", Kind::Broker),
    ("nats-streaming", Kind::Broker),
    ("neo4j", Kind::Datastore),
    ("nexus", Kind::Infra),
    ("nginx", Kind::Infra),
    ("ollama", Kind::Infra),
    ("openldap", Kind::Infra),
    ("opensearch", Kind::Datastore),
    ("opentelemetry-collector", Kind::Infra),
    ("oracle", Kind::Datastore),
    ("otel-collector", Kind::Infra),
    ("papercut", Kind::Infra),
    ("pgadmin", Kind::Infra),
    ("phpmyadmin", Kind::Infra),
    ("portainer", Kind::Infra),
    ("postgis", Kind::Datastore),
    ("postgres", Kind::Datastore),
    ("postgresql", Kind::Datastore),
    ("prometheus", Kind::Infra),
    ("promtail", Kind::Infra),
    ("pulsar", Kind::Broker),
    ("qdrant", Kind::Datastore),
    ("rabbitmq", Kind::Broker),
    ("redis", Kind::Datastore),
    ("redpanda", Kind::Broker),
    ("registry", Kind::Infra),
    ("registry-ui", Kind::Infra),
    ("rethinkdb", Kind::Datastore),
    ("schema-registry", Kind::Infra),
    ("scylla", Kind::Datastore),
    ("seq", Kind::Infra),
    ("sftp", Kind::Infra),
    ("smtp4dev", Kind::Infra),
    ("solr", Kind::Datastore),
    ("sonarqube", Kind::Infra),
    ("spicedb", Kind::Infra),
    ("sqlserver", Kind::Datastore),
    ("swagger-ui", Kind::Infra),
    ("tarantool", Kind::Datastore),
    ("tempo", Kind::Infra),
    ("temporal", Kind::Infra),
    ("timescaledb", Kind::Datastore),
    ("traefik", Kind::Infra),
    ("typesense", Kind::Datastore),
    ("unleash-server", Kind::Infra),
    ("valkey", Kind::Datastore),
    ("vault", Kind::Infra),
    ("weaviate", Kind::Datastore),
    ("wiremock", Kind::Infra),
    ("zipkin", Kind::Infra),
    ("zipkin-slim", Kind::Infra),
    ("zookeeper", Kind::Infra),
];

/// What a well-known image runs; None for one that is not known.
pub(super) fn known(image: &str) -> Option<Kind> {
    let path = image.split('@').next().unwrap_or(image);
    let name = last_part(path).split(':').next().unwrap_or("").to_lowercase();
    let of = |name: &str| IMAGES.binary_search_by(|(known, _)| known.cmp(&name)).ok().map(|at| IMAGES[at].1);
    // `mcr.microsoft.com/mssql/server`; any other `server` is unknown.
    if name == "server" {
        return path.contains("mssql").then_some(Kind::Datastore);
    }
    of(&name).or_else(|| name.match_indices('-').rev().find_map(|(at, _)| of(&name[..at])))
}

/// Whether a base image is that of a proxy: what is built on it routes to others.
pub(super) fn is_proxy(image: &str) -> bool {
    let path = image.split('@').next().unwrap_or(image);
    let name = last_part(path).split(':').next().unwrap_or("").to_lowercase();
    ["nginx", "envoy", "haproxy", "traefik", "caddy", "httpd", "kong", "krakend"].iter().any(|proxy| name.starts_with(proxy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_known_by_their_last_part() {
        assert!(IMAGES.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, each once");
        assert_eq!(known("postgres:15-alpine"), Some(Kind::Datastore));
        assert_eq!(known("docker.io/bitnami/kafka:3"), Some(Kind::Broker));
        assert_eq!(known("mcr.microsoft.com/mssql/server:2022"), Some(Kind::Datastore));
        assert_eq!(known("confluentinc/cp-kafka@sha256:00"), Some(Kind::Broker));
        assert_eq!(known("redis-stack"), Some(Kind::Datastore));
        assert_eq!(known("acme/orders:1"), None);
        assert_eq!(known("acme/server"), None);
        assert!(is_proxy("nginxinc/nginx-unprivileged:1.25") && !is_proxy("node:20"));
    }
}
