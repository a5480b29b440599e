//! Libraries of JavaScript and TypeScript, as the registry of npm names them.

use super::Group;
use super::Purpose::*;

#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    // Frameworks whose operations are read.
    (&[Web("express")], &[
        "express", "express-promise-router", "express-ws",
    ]),
    (&[Web("fastify")], &[
        "@fastify/autoload", "fastify", "fastify-cli",
    ]),
    (&[Web("koa")], &[
        "@koa/router", "koa", "koa-joi-router", "koa-route", "koa-router", "koa-tree-router",
    ]),
    (&[Web("hapi")], &[
        "@hapi/hapi", "hapi",
    ]),
    (&[Web("nestjs")], &[
        "@nestjs/core", "@nestjs/platform-express", "@nestjs/platform-fastify",
    ]),
    (&[Web("hono")], &[
        "@hono/hono", "@hono/node-server", "@hono/zod-openapi", "hono",
    ]),
    (&[Web("elysia")], &[
        "elysia",
    ]),
    (&[Web("nextjs"), Ui], &[
        "next",
    ]),
    // Frameworks whose operations nobody reads.
    (&[UnreadWeb], &[
        "@adonisjs/core", "@adonisjs/framework", "@apidevtools/swagger-express-middleware", "@apollo/federation",
        "@apollo/gateway", "@apollo/server", "@apollo/subgraph", "@curveball/core", "@curveball/kernel", "@dataui/crud",
        "@ditsmod/core", "@ditsmod/rest", "@effect/platform", "@effect/platform-node", "@envelop/core",
        "@feathersjs/express", "@feathersjs/feathers", "@feathersjs/koa", "@foal/core", "@graphql-yoga/node",
        "@keystone-6/core", "@keystonejs/keystone", "@loopback/core", "@loopback/rest", "@marblejs/core",
        "@marblejs/http", "@medusajs/framework", "@medusajs/medusa", "@middy/http-router", "@midwayjs/core",
        "@midwayjs/express", "@midwayjs/koa", "@midwayjs/web", "@nestjs/apollo", "@nestjs/graphql", "@nestjs/mercurius",
        "@nestjsx/crud", "@oak/oak", "@pothos/core", "@redwoodjs/api", "@redwoodjs/graphql-server", "@strapi/strapi",
        "@sveltejs/adapter-node", "@tinyhttp/app", "@trpc/server", "@ts-rest/express", "@ts-rest/fastify",
        "@ts-rest/nest", "@tsed/common", "@tsed/core", "@tsed/platform-express", "@vendure/core", "actionhero",
        "apollo-server", "apollo-server-core", "apollo-server-express", "apollo-server-fastify", "apollo-server-hapi",
        "apollo-server-koa", "apollo-server-lambda", "apollo-server-micro", "blitz", "claudia-api-builder", "connect",
        "connexion", "derby", "director", "directus", "egg", "encore.dev", "epilogue", "exegesis", "exegesis-express",
        "express-graphql", "express-openapi", "express-openapi-validator", "express-rest-generator",
        "express-restify-mongoose", "fastify-openapi-glue", "finale-rest", "find-my-way", "flatiron", "ghost",
        "graphql-helix", "graphql-http", "graphql-yoga", "h3", "hapi-openapi", "hasura-cli", "hyper-express",
        "inversify-express-utils", "json-server", "koa-graphql", "koa-openapi", "koa-swagger-decorator", "lambda-api",
        "loopback", "loopback-boot", "mercurius", "meteor-node-stubs", "micro", "moleculer-web", "nexus", "nitro",
        "nitropack", "nodal", "oak", "oidc-provider", "openapi-backend", "parse-server", "payload", "polka",
        "postgraphile", "restana", "restify", "router", "routing-controllers", "sails", "strapi", "swagger-express-mw",
        "swagger-node-runner", "swagger-tools", "telefunc", "thinkjs", "tinyhttp", "total.js", "total4", "trpc",
        "ts-rest", "type-graphql", "typescript-rest", "uWebSockets.js", "union", "uwebsockets.js", "vike",
    ]),
    (&[UnreadWeb, Ui], &[
        "@analogjs/platform", "@analogjs/router", "@builder.io/qwik-city", "@react-router/node", "@react-router/serve",
        "@redwoodjs/web", "@remix-run/node", "@remix-run/react", "@remix-run/serve", "@solidjs/start", "@sveltejs/kit",
        "@tanstack/react-start", "@tanstack/start", "astro", "nuxt", "waku",
    ]),
    // Stored types.
    (&[Persistence("mongoose")], &[
        "@nestjs/mongoose", "@typegoose/typegoose", "mongoose", "nestjs-typegoose", "typegoose",
    ]),
    (&[Persistence("typeorm")], &[
        "@nestjs/typeorm", "typeorm",
    ]),
    (&[Persistence("sequelize")], &[
        "@nestjs/sequelize", "@sequelize/core", "sequelize", "sequelize-typescript",
    ]),
    (&[Persistence("prisma")], &[
        "@prisma/client", "prisma-client",
    ]),
    (&[Persistence("drizzle")], &[
        "drizzle-orm",
    ]),
    (&[Persistence("mikro-orm")], &[
        "@mikro-orm/*", "mikro-orm",
    ]),
    (&[Persistence("objection")], &[
        "objection",
    ]),
    (&[], &[
        "@mikro-orm/cli", "@mikro-orm/migrations", "@mikro-orm/reflection", "@mikro-orm/seeder",
    ]),
    (&[UnreadPersistence], &[
        "@adonisjs/lucid", "@aws/dynamodb-data-mapper", "@databases/pg-typed", "@deepkit/orm", "@edgedb/generate",
        "@feathersjs/knex", "@feathersjs/mongodb", "@loopback/repository", "@neo4j/graphql", "@typedorm/core",
        "bookshelf", "caminte", "camo", "dynamodb-onetable", "dynamodb-toolbox", "dynamoose", "edgedb", "electrodb",
        "feathers-mongoose", "feathers-sequelize", "fireorm", "gel", "iridium", "jugglingdb", "linvodb3",
        "loopback-connector-mongodb", "loopback-connector-mysql", "loopback-connector-postgresql",
        "loopback-datasource-juggler", "massive", "moleculer-db", "moleculer-db-adapter-mongo",
        "moleculer-db-adapter-sequelize", "mongorito", "monk", "neode", "orchid-orm", "orm", "ottoman", "pouchdb",
        "realm", "redis-om", "redisk", "rxdb", "sails-disk", "sails-mongo", "sails-mysql", "sails-postgresql",
        "ts-sql-query", "typesaurus", "waterline",
    ]),
    (&[Driver], &[
        "@aws-sdk/client-dynamodb", "@aws-sdk/client-rds-data", "@aws-sdk/lib-dynamodb", "@aws-sdk/util-dynamodb",
        "@azure/cosmos", "@azure/data-tables", "@clickhouse/client", "@databases/mysql", "@databases/pg",
        "@databases/sqlite", "@datastax/astra-db-ts", "@elastic/elasticsearch", "@eventstore/db-client",
        "@fastify/mongodb", "@fastify/mysql", "@fastify/postgres", "@fastify/redis", "@google-cloud/bigquery",
        "@google-cloud/bigtable", "@google-cloud/datastore", "@google-cloud/firestore", "@google-cloud/spanner",
        "@influxdata/influxdb-client", "@keyv/redis", "@liaoliaots/nestjs-redis", "@libsql/client",
        "@neondatabase/serverless", "@nestjs-modules/ioredis", "@nestjs/elasticsearch", "@opensearch-project/opensearch",
        "@planetscale/database", "@qdrant/js-client-rest", "@sap/cds", "@sap/hana-client", "@supabase/supabase-js",
        "@upstash/redis", "@vercel/kv", "@vercel/postgres", "@xata.io/client", "aerospike", "amazon-dax-client",
        "arangojs", "aws-sdk", "azure-storage", "better-sqlite3", "cache-manager-ioredis-yet",
        "cache-manager-redis-store", "cassandra-driver", "clickhouse", "connect-redis", "couchbase", "cradle",
        "dax-client", "db-migrate", "db-migrate-pg", "documentdb", "elasticsearch", "eventstore", "express-cassandra",
        "fastify-mongodb", "fastify-postgres", "faunadb", "firebase-admin", "gun", "handy-redis", "hdb", "ibm_db",
        "influx", "ioredis", "knex", "kysely", "level", "leveldown", "levelup", "lmdb", "lokijs", "lowdb", "mariadb",
        "meilisearch", "memcached", "memjs", "minimongo", "mongodb", "mongoist", "mongojs", "mssql", "mysql", "mysql2",
        "nano", "nedb", "nedb-promises", "neo4j-driver", "node-cassandra-cql", "node-json-db", "node-pg-migrate", "odbc",
        "oracledb", "orientjs", "pg", "pg-pool", "pg-promise", "postgres", "postgres-migrations", "promise-mysql",
        "ravendb", "redis", "redis-clustr", "rethinkdb", "rethinkdbdash", "serverless-mysql", "slonik", "snowflake-sdk",
        "sql.js", "sqlite", "sqlite3", "surrealdb", "surrealdb.js", "tedious", "thinky", "tingodb", "typesense", "umzug",
    ]),
    // Remote procedures and messages.
    (&[Rpc, Messaging, Driver], &[
        "@dapr/dapr",
    ]),
    (&[Rpc], &[
        "@bufbuild/connect-node", "@connectrpc/connect", "@connectrpc/connect-express", "@connectrpc/connect-fastify",
        "@connectrpc/connect-node", "@grpc/grpc-js", "@grpc/proto-loader", "@restatedev/restate-sdk", "cote", "dubbo2.js",
        "grpc", "hprose", "jayson", "json-rpc-2.0", "mali", "moleculer", "nice-grpc", "seneca", "thrift", "twirp-ts",
        "twirpscript",
    ]),
    (&[Rpc, Messaging], &[
        "@nestjs/microservices",
    ]),
    (&[Messaging], &[
        "@aws-sdk/client-eventbridge", "@aws-sdk/client-kinesis", "@aws-sdk/client-sns", "@aws-sdk/client-sqs",
        "@azure/event-hubs", "@azure/service-bus", "@azure/storage-queue", "@confluentinc/kafka-javascript",
        "@golevelup/nestjs-rabbitmq", "@google-cloud/pubsub", "@google-cloud/tasks", "@nats-io/transport-node",
        "@nestjs/bull", "@nestjs/bullmq", "@node-ts/bus-core", "@ssut/nestjs-sqs", "@stomp/stompjs", "@temporalio/client",
        "@temporalio/worker", "@temporalio/workflow", "aedes", "agenda", "amqp", "amqp-connection-manager", "amqp-ts",
        "amqplib", "async-mqtt", "bee-queue", "bull", "bullmq", "celery-node", "faktory-worker", "foo-foo-mq",
        "graphile-worker", "inngest", "kafka-node", "kafkajs", "kue", "mosca", "mqtt", "nats", "nats.ws", "no-kafka",
        "node-nats-streaming", "node-rdkafka", "node-resque", "nsqjs", "pg-boss", "pulsar-client", "rabbot", "rascal",
        "redis-smq", "rhea", "rsmq", "servicebus", "sqs-consumer", "sqs-producer", "squiss-ts", "stompit", "stompjs",
        "zeromq", "zmq",
    ]),
    // Watching.
    (&[Telemetry], &[
        "@aws-lambda-powertools/metrics", "@aws-lambda-powertools/tracer", "@azure/monitor-opentelemetry*",
        "@dynatrace/*", "@google-cloud/monitoring", "@google-cloud/opentelemetry-*", "@google-cloud/trace-agent",
        "@honeycombio/*", "@hono/otel", "@hono/prometheus", "@hyperdx/*", "@instana/*",
        "@microsoft/applicationinsights-react-js", "@microsoft/applicationinsights-web", "@newrelic/*",
        "@opentelemetry/*", "@promster/*", "@splunk/otel", "@vercel/otel", "@willsoto/nestjs-prometheus",
        "applicationinsights", "appmetrics-prometheus", "appoptics-apm", "aws-embedded-metrics", "aws-xray-sdk",
        "aws-xray-sdk-*", "datadog-lambda-js", "datadog-metrics", "dd-trace", "elastic-apm-node", "express-prom-bundle",
        "express-prometheus-middleware", "fastify-metrics", "honeycomb-beeline", "hono-otel", "hot-shots",
        "jaeger-client", "koa-prometheus-exporter", "lightstep-tracer", "lynx", "measured-core", "nestjs-otel",
        "nestjs-prometheus", "newrelic", "next-metrics", "node-statsd", "opentracing", "prom-client",
        "prometheus-api-metrics", "skywalking-backend-js", "statsd-client", "swagger-stats", "zipkin", "zipkin-*",
    ]),
    (&[Probes], &[
        "@cloudnative/health", "@cloudnative/health-connect", "@fastify/under-pressure", "@godaddy/terminus",
        "@grpc/health", "@nestjs/terminus", "express-actuator", "express-healthcheck", "fastify-custom-healthcheck",
        "fastify-healthcheck", "grpc-health-check", "grpc-js-health-check", "hapi-alive", "hapi-and-healthy",
        "koa-simple-healthcheck", "lightship", "nodejs-health-checker", "under-pressure",
    ]),
    // Servers for others.
    (&[Gateway], &[
        "@fastify/http-proxy", "@fastify/reply-from", "@hapi/h2o2", "express-gateway", "express-http-proxy",
        "fast-gateway", "fast-proxy", "fastify-http-proxy", "h2o2", "http-proxy", "http-proxy-3", "http-proxy-middleware",
        "koa-better-http-proxy", "koa-http-proxy", "koa-proxies", "node-http-proxy", "redbird",
    ]),
    (&[], &[
        "@types/*",
    ]),
    // Interfaces, load, functions, descriptions, tests.
    (&[Ui], &[
        "@11ty/eleventy", "@angular/core", "@aurelia/runtime-html", "@builder.io/qwik", "@docusaurus/core",
        "@ionic/angular", "@ionic/core", "@ionic/react", "@ionic/vue", "@nativescript/core", "@polymer/polymer",
        "@quasar/extras", "@react-router/dom", "@stencil/core", "@tauri-apps/api", "@umijs/max", "@vue/cli-service",
        "angular", "aurelia-framework", "backbone", "dva", "electron", "ember-cli", "ember-source", "expo", "gatsby",
        "hexo", "hyperapp", "inferno", "knockout", "lit", "lit-element", "marko", "mithril", "nativescript", "nw",
        "polymer", "preact", "quasar", "react-dom", "react-native", "react-router-dom", "react-scripts", "riot",
        "solid-js", "svelte", "umi", "vitepress", "vue", "vuepress",
    ]),
    (&[Loadgen], &[
        "artillery", "autocannon", "k6", "loadtest",
    ]),
    (&[Serverless], &[
        "@architect/functions", "@aws-lambda-powertools/*", "@azure/functions", "@cloudflare/workers-types",
        "@codegenie/serverless-express", "@fastify/aws-lambda", "@google-cloud/functions-framework", "@middy/core",
        "@netlify/functions", "@vendia/serverless-express", "aws-lambda", "aws-lambda-fastify", "aws-serverless-express",
        "claudia", "firebase-functions", "middy", "serverless-http", "sst",
    ]),
    (&[Describes], &[
        "@asteasolutions/zod-to-openapi", "@elysiajs/openapi", "@elysiajs/swagger", "@fastify/swagger",
        "@fastify/swagger-ui", "@hono/swagger-ui", "@nestjs/swagger", "apidoc", "express-jsdoc-swagger",
        "express-oas-generator", "express-swagger-generator", "fastify-swagger", "hapi-swagger", "hapi-swaggered",
        "hono-openapi", "koa-swagger", "koa-swagger-generator", "koa2-swagger-ui", "next-swagger-doc", "swagger-autogen",
        "swagger-jsdoc", "swagger-ui-express", "trpc-openapi", "zod-openapi",
    ]),
    (&[UnreadWeb, Describes], &[
        "@loopback/openapi-v3", "@tsoa/runtime", "tsoa",
    ]),
    (&[Test], &[
        "@jest/globals", "@nestjs/testing", "@pact-foundation/pact", "@playwright/test", "@testcontainers/*",
        "@testing-library/*", "ava", "c8", "chai", "cypress", "jasmine", "jest", "karma", "mocha", "nightwatch", "nock",
        "nyc", "playwright", "puppeteer", "sinon", "supertest", "tap", "tape", "testcafe", "testcontainers", "ts-jest",
        "vitest", "webdriverio",
    ]),
];
