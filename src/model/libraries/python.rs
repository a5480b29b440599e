//! Libraries of Python, by the names that its index compares: lower case, with dashes.

use super::Group;
use super::Purpose::*;

#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    // Frameworks whose operations are read.
    (&[Web("fastapi"), Describes], &[
        "fastapi", "fastapi-restful", "fastapi-slim", "fastapi-utils", "fastapi-versioning",
    ]),
    (&[Web("flask")], &[
        "apiflask", "flask", "flask-classful", "flask-openapi3", "flask-restful", "flask-restplus", "flask-restx",
        "flask-smorest", "quart",
    ]),
    (&[Web("django")], &[
        "django", "djangorestframework", "drf-extensions", "drf-nested-routers",
    ]),
    (&[Web("starlette")], &[
        "starlette",
    ]),
    (&[Web("aiohttp")], &[
        "aiohttp",
    ]),
    (&[Web("tornado")], &[
        "tornado",
    ]),
    (&[Web("sanic")], &[
        "sanic",
    ]),
    (&[Web("bottle")], &[
        "bottle", "robyn",
    ]),
    (&[Web("falcon")], &[
        "falcon",
    ]),
    (&[Web("chalice"), Serverless], &[
        "chalice",
    ]),
    // Frameworks whose operations nobody reads.
    (&[UnreadWeb], &[
        "apistar", "ariadne", "ariadne-django", "bentoml", "blacksheep", "bocadillo", "cherrypy", "connexion", "cornice",
        "crudadmin", "django-cms", "django-ninja", "django-ninja-extra", "django-oauth-toolkit", "django-oscar",
        "django-tastypie", "emmett", "esmerald", "eve", "fastapi-amis-admin", "fastapi-crudrouter", "fastapi-jsonrpc",
        "fastapi-users", "fastmcp", "flask-appbuilder", "flask-graphql", "flask-potion", "flask-restless", "graphene",
        "graphene-django", "graphene-mongo", "graphene-pydantic", "graphene-sqlalchemy", "growler", "h2o-wave", "hug",
        "index-py", "japronto", "jsonrpcserver", "kfserving", "klein", "kserve", "ladon", "lilya", "litestar", "litserve",
        "lona", "masonite", "mcp", "mezzanine", "microdot", "mlserver", "molten", "morepath", "muffin", "nameko",
        "nicegui", "ninja-extra", "odoo", "pecan", "plone", "pycnic", "pyramid", "pysimplesoap", "pywebio", "reflex",
        "responder", "saleor", "sandman2", "seldon-core", "spyne", "sqladmin", "starlette-graphene3", "starlite",
        "strawberry-django", "strawberry-graphql", "strawberry-graphql-django", "tartiflette", "torchserve",
        "turbogears2", "twisted", "vibora", "wagtail", "web-py", "webapp2", "websauna", "wheezy-web", "xpresso", "zope",
    ]),
    (&[], &[
        "graphene-file-upload",
    ]),
    // Stored types.
    (&[Persistence("sqlalchemy")], &[
        "advanced-alchemy", "aiohttp-sqlalchemy", "alembic", "fastapi-sqlalchemy", "flask-migrate", "flask-sqlalchemy",
        "flask-sqlalchemy-lite", "geoalchemy2", "gino", "sqlalchemy", "sqlalchemy-utils",
    ]),
    (&[Persistence("sqlmodel")], &[
        "sqlmodel",
    ]),
    (&[Persistence("tortoise")], &[
        "aerich", "tortoise-orm",
    ]),
    (&[Persistence("peewee")], &[
        "peewee", "peewee-async",
    ]),
    (&[Persistence("pony")], &[
        "pony",
    ]),
    (&[Persistence("ormar")], &[
        "ormar",
    ]),
    (&[Persistence("mongoengine")], &[
        "flask-mongoengine", "mongoengine",
    ]),
    (&[Persistence("beanie")], &[
        "beanie",
    ]),
    (&[Persistence("odmantic")], &[
        "odmantic",
    ]),
    (&[Persistence("pynamodb")], &[
        "pynamodb",
    ]),
    (&[UnreadPersistence], &[
        "aiopynamodb", "bunnet", "cqlengine", "dataset", "django-elasticsearch-dsl", "django-neomodel", "dynamorm",
        "edgedb", "edgy", "elasticsearch-dsl", "encode-orm", "esengine", "eventsourcing", "fireo", "firestore-orm", "gel",
        "google-cloud-ndb", "masonite-orm", "ming", "mongokit", "neomodel", "orator", "orm", "piccolo", "prisma",
        "pymodm", "redis-om", "rom", "saffier", "sqlobject", "storm", "tinydb", "umongo", "walrus", "zodb",
    ]),
    (&[Driver], &[
        "acsylla", "aerospike", "aioboto3", "aiobotocore", "aiomcache", "aiomysql", "aioodbc", "aiopg", "aioredis",
        "aiosqlite", "asyncmy", "asyncpg", "azure-cosmos", "azure-data-tables", "bmemcached", "boto", "boto3",
        "cassandra-driver", "chromadb", "clickhouse-connect", "clickhouse-driver", "cloud-sql-connector",
        "cloud-sql-python-connector", "coredis", "couchbase", "couchdb", "cx-oracle", "databases", "deta", "dgraph",
        "dj-database-url", "django-mongodb-backend", "django-mongodb-engine", "django-redis", "djongo", "duckdb",
        "elasticsearch", "elasticsearch6", "elasticsearch7", "elasticsearch8", "esdbclient", "firebase-admin",
        "flask-mysql", "flask-mysql-connector", "flask-mysqldb", "flask-pymongo", "flask-redis",
        "google-cloud-alloydb-connector", "google-cloud-bigquery", "google-cloud-bigtable", "google-cloud-datastore",
        "google-cloud-firestore", "google-cloud-spanner", "google-cloud-sql-connector", "hiredis", "ibm-db", "influxdb",
        "influxdb-client", "langchain-google-alloydb-pg", "langchain-google-cloud-sql-pg", "langchain-mongodb",
        "langchain-postgres", "lmdb", "meilisearch", "mongita", "motor", "mysql-connector", "mysql-connector-python",
        "mysql-python", "mysqlclient", "neo4j", "opensearch-py", "oracledb", "peewee-migrate", "pg8000", "pgvector",
        "pinecone", "pinecone-client", "plyvel", "postgrest", "psycopg", "psycopg-binary", "psycopg-pool", "psycopg2",
        "psycopg2-binary", "psycopg2cffi", "py2neo", "pyarango", "pydgraph", "pygresql", "pylibmc", "pymemcache",
        "pymilvus", "pymongo", "pymongo-inmemory", "pymssql", "pymysql", "pyodbc", "pypika", "python-arango",
        "python-memcached", "qdrant-client", "records", "redis", "redis-py-cluster", "rejson", "rethinkdb", "rocksdb",
        "scylla-driver", "snowflake-connector-python", "supabase", "surrealdb", "typesense", "weaviate-client",
        "yoyo-migrations",
    ]),
    // Remote procedures and messages.
    (&[Rpc, Messaging, Driver], &[
        "dapr", "dapr-dev", "dapr-ext-fastapi", "dapr-ext-grpc", "dapr-ext-grpc-dev", "dapr-ext-workflow", "flask-dapr",
    ]),
    (&[Rpc], &[
        "betterproto", "connect-python", "django-grpc", "django-socio-grpc", "djangogrpcframework", "grpc-interceptor",
        "grpcio", "grpcio-reflection", "grpcio-status", "grpclib", "pyro4", "pyro5", "rpyc", "thrift", "thriftpy2",
        "twirp", "zerorpc",
    ]),
    (&[], &[
        "grpcio-tools",
    ]),
    (&[Messaging], &[
        "aio-pika", "aiokafka", "aiomqtt", "aiormq", "amqp", "amqpstorm", "arq", "asyncio-mqtt", "asyncio-nats-client",
        "asyncio-nats-streaming", "azure-eventhub", "azure-servicebus", "azure-storage-queue", "bytewax", "celery",
        "cloudevents", "confluent-kafka", "django-background-tasks", "django-celery-beat", "django-celery-results",
        "django-dramatiq", "django-q", "django-q2", "django-rq", "dramatiq", "fastapi-mqtt", "faststream", "faust",
        "faust-streaming", "flask-celery-helper", "gmqtt", "google-cloud-pubsub", "google-cloud-tasks", "huey",
        "kafka-python", "kafka-python-ng", "kombu", "lightbus", "nats-py", "nsq", "paho-mqtt", "pika", "procrastinate",
        "propan", "puka", "pulsar-client", "pykafka", "pynsq", "pyzmq", "quixstreams", "rocketmq", "rq", "saq",
        "stomp-py", "streaq", "taskiq", "taskiq-*", "temporalio",
    ]),
    // Watching.
    (&[Telemetry], &[
        "aiodogstatsd", "aiohttp-prometheus", "aioprometheus", "aiozipkin", "apache-skywalking", "applicationinsights",
        "aws-embedded-metrics", "aws-xray-sdk", "azure-monitor-opentelemetry", "azure-monitor-opentelemetry-exporter",
        "datadog", "datadog-lambda", "ddtrace", "django-opentracing", "django-prometheus", "django-statsd", "elastic-apm",
        "flask-opentracing", "google-cloud-monitoring", "google-cloud-trace", "honeycomb-beeline",
        "honeycomb-opentelemetry", "instana", "jaeger-client", "lightstep", "logfire", "newrelic", "opencensus",
        "opencensus-*", "openinference-*", "opentelemetry-*", "opentracing", "opentracing-*", "prometheus-async",
        "prometheus-client", "prometheus-fastapi-instrumentator", "prometheus-flask-exporter", "py-zipkin", "pyformance",
        "pystatsd", "sanic-prometheus", "scout-apm", "signalfx-tracing", "splunk-opentelemetry", "starlette-exporter",
        "starlette-prometheus", "statsd", "traceloop-sdk", "uptrace",
    ]),
    (&[Web("serverless"), Telemetry, Serverless], &[
        "aws-lambda-powertools",
    ]),
    (&[Probes], &[
        "aiohttp-healthcheck", "django-alive", "django-health-check", "django-watchman", "dockerflow", "fastapi-health",
        "fastapi-healthcheck", "fastapi-healthchecks", "flask-healthz", "grpcio-health-checking", "healthcheck",
        "py-healthcheck",
    ]),
    // Interfaces, load, functions, descriptions, tests.
    (&[Ui], &[
        "chainlit", "dash", "dash-*", "flet", "gradio", "kivy", "mesop", "panel", "pyqt5", "pyqt6", "pyside6",
        "pywebview", "solara", "streamlit", "taipy", "voila",
    ]),
    (&[Loadgen], &[
        "locust", "locust-plugins", "locustio", "molotov",
    ]),
    (&[Serverless], &[
        "apig-wsgi", "aws-lambda-context", "aws-wsgi", "awsgi", "awslambdaric", "azure-functions",
        "azure-functions-worker", "functions-framework", "mangum", "serverless-wsgi", "zappa",
    ]),
    (&[Describes], &[
        "aiohttp-apispec", "aiohttp-pydantic", "aiohttp-swagger", "aiohttp-swagger3", "apispec", "apispec-webframeworks",
        "cornice-swagger", "django-rest-swagger", "drf-spectacular", "drf-spectacular-sidecar", "drf-yasg",
        "falcon-apispec", "flasgger", "flask-apispec", "flask-swagger", "flask-swagger-ui", "pyramid-openapi3",
        "quart-schema", "rororo", "sanic-ext", "sanic-openapi", "spectree", "tornado-swagger",
    ]),
    (&[Test], &[
        "aioresponses", "behave", "coverage", "factory-boy", "faker", "fakeredis", "freezegun", "hypothesis", "mock",
        "model-bakery", "mongomock", "moto", "nose", "nose2", "nox", "playwright", "pytest", "pytest-*", "requests-mock",
        "responses", "respx", "robotframework", "schemathesis", "selenium", "testcontainers", "tox", "unittest2", "vcrpy",
    ]),
];
