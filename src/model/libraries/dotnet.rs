//! Libraries of .NET, as the registry of NuGet names them, in lower case; kits of projects and shared frameworks too.

use super::Group;
use super::Purpose::*;

#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    // Frameworks whose operations are read.
    (&[Web("aspnet")], &[
        "microsoft.aspnet.mvc", "microsoft.aspnet.webapi", "microsoft.aspnet.webapi.*", "microsoft.aspnetcore",
        "microsoft.aspnetcore.all", "microsoft.aspnetcore.app", "microsoft.aspnetcore.mvc",
        "microsoft.aspnetcore.mvc.core", "microsoft.aspnetcore.odata", "microsoft.aspnetcore.signalr",
        "microsoft.net.sdk.web", "system.web.http", "system.web.http.webhost", "system.web.mvc",
    ]),
    (&[Web("carter")], &[
        "carter",
    ]),
    (&[Web("fastendpoints")], &[
        "fastendpoints",
    ]),
    (&[], &[
        "fastendpoints.messaging.core", "fastendpoints.security", "microsoft.aspnet.webapi.client",
    ]),
    (&[Web("service-stack")], &[
        "servicestack", "servicestack.*",
    ]),
    (&[Web("hot-chocolate")], &[
        "hotchocolate", "hotchocolate.*",
    ]),
    // Frameworks whose operations nobody reads.
    (&[UnreadWeb], &[
        "abp", "ardalis.apiendpoints", "bolero", "breeze.aspnetcore.*", "corewcf", "corewcf.*", "dotvvm.aspnetcore",
        "duende.identityserver", "duende.identityserver.*", "elsa", "elsa.*", "embedio", "eventuous.aspnetcore",
        "eventuous.aspnetcore.web", "falco", "furion", "furion.*", "giraffe", "giraffe.*", "grapevine", "graphql",
        "graphql.*", "graphql.server.*", "identityserver4", "identityserver4.*", "jsonapidotnetcore",
        "masa.contrib.service.minimalapis", "microsoft.owin", "microsoft.owin.host.*", "microsoft.restier.*", "nancy",
        "nancy.*", "nancyfx", "ocelot.administration", "openiddict", "openiddict.*", "openriaservices.*",
        "oqtane.framework", "orchardcore.*", "saturn", "soapcore", "suave", "system.servicemodel",
        "system.servicemodel.activation", "system.servicemodel.web", "umbraco.cms", "volo.abp.*", "watson", "watson.*",
        "websharper", "wisej-2", "wolverinefx.http",
    ]),
    (&[], &[
        "graphql.client", "graphql.client.*", "graphql.systemtextjson", "hotchocolate.client",
        "identityserver4.accesstokenvalidation", "servicestack.common", "servicestack.interfaces", "servicestack.ormlite",
        "servicestack.ormlite.*", "servicestack.redis", "servicestack.text", "volo.abp.core",
    ]),
    // Stored types.
    (&[Persistence("ef-core")], &[
        "ardalis.specification.entityframeworkcore", "aspire.microsoft.entityframeworkcore.*",
        "aspire.npgsql.entityframeworkcore.*", "aspire.oracle.entityframeworkcore", "aspire.pomelo.entityframeworkcore.*",
        "duende.identityserver.entityframework", "duende.identityserver.entityframework.storage", "efcore.*",
        "entityframework", "firebirdsql.entityframeworkcore.*", "ibm.entityframeworkcore",
        "identityserver4.entityframework", "identityserver4.entityframework.storage", "linq2db.entityframeworkcore",
        "microsoft.aspnetcore.identity", "microsoft.aspnetcore.identity.entityframeworkcore",
        "microsoft.entityframeworkcore", "microsoft.entityframeworkcore.*", "mongodb.entityframeworkcore",
        "mysql.data.entityframeworkcore", "mysql.entityframeworkcore", "npgsql.entityframeworkcore.*",
        "openiddict.entityframeworkcore", "oracle.entityframeworkcore", "pomelo.entityframeworkcore.*",
        "system.data.entity",
    ]),
    (&[], &[
        "microsoft.entityframeworkcore.abstractions", "microsoft.entityframeworkcore.analyzers",
        "microsoft.entityframeworkcore.design", "microsoft.entityframeworkcore.tools",
        "microsoft.entityframeworkcore.tools.*",
    ]),
    (&[Persistence("mongodb")], &[
        "aspire.mongodb.driver", "aspire.mongodb.driver.*", "mongodb.bson", "mongodb.driver", "mongodb.driver.*",
        "mongodb.entities", "mongodbgenericrepository", "mongoframework", "mongorepository",
    ]),
    (&[Persistence("marten")], &[
        "marten", "marten.*",
    ]),
    (&[Persistence("nhibernate")], &[
        "fluentnhibernate", "nhibernate", "nhibernate.*",
    ]),
    (&[UnreadPersistence], &[
        "chain", "cosmonaut", "couchbase.linq", "dapper.contrib", "dapper.fastcrud", "dapper.fluentmap",
        "dapper.simplecrud", "dapperextensions", "devexpress.xpo", "eventflow", "eventflow.*", "eventuous.mongodb",
        "eventuous.postgresql", "freesql", "freesql.*", "fsharp.data.sqlclient", "ibatisnet.*", "insight.database*",
        "linq2db", "linq2db.*", "litedb", "litedb.*", "llblgen.*", "massive", "microsoft.azure.cosmosrepository",
        "microsoft.orleans.persistence.*", "mybatis.net", "nevermore", "norm", "norm.net", "npoco", "petapoco",
        "petapoco.*", "raven.client", "ravendb.client", "ravendb.embedded", "redis.om", "repodb", "repodb.*",
        "simple.data*", "smartsql", "sqlhydra.*", "sqlprovider", "sqlsugar", "sqlsugarcore", "starcounter", "subsonic",
        "tortuga.chain.*", "xpo",
    ]),
    (&[Driver], &[
        "aerospike.client", "arangodbnetstandard", "aspire.azure.data.tables", "aspire.elastic.clients.elasticsearch",
        "aspire.microsoft.azure.cosmos", "aspire.microsoft.data.sqlclient", "aspire.milvus.client",
        "aspire.mysqlconnector", "aspire.npgsql", "aspire.qdrant.client", "aspire.stackexchange.redis*",
        "awssdk.dynamodbv2", "azure.data.tables", "cassandracsharpdriver", "clickhouse.ado", "clickhouse.client",
        "couchbasenetclient", "csredis*", "dapper", "dapper.*", "dbup", "dbup-*", "dm.dmprovider", "easycaching.redis",
        "elastic.clients.elasticsearch", "elasticsearch.net", "enyim.caching*", "enyimmemcachedcore", "eventstore.client",
        "eventstore.client.*", "eventstore.clientapi*", "evolve", "firebaseadmin", "firebirdsql.data.firebirdclient",
        "fluentmigrator", "fluentmigrator.*", "freeredis", "google.cloud.bigquery.v2", "google.cloud.datastore.v1",
        "google.cloud.firestore", "google.cloud.spanner.data", "influxdb.client", "influxdb.client.*", "kdbndp",
        "kurrentdb.client", "lightningdb", "meilisearch", "memcachedclient", "microsoft.azure.cosmos",
        "microsoft.azure.cosmos.table", "microsoft.azure.documentdb*", "microsoft.data.sqlclient",
        "microsoft.data.sqlite", "microsoft.data.sqlite.core", "microsoft.extensions.caching.redis",
        "microsoft.extensions.caching.stackexchangeredis", "mysql.data", "mysqlconnector", "neo4j.driver", "neo4jclient",
        "nest", "npgsql", "npgsql.*", "opensearch.client", "oracle.manageddataaccess*", "qdrant.client", "rocksdb",
        "sqlite-net-pcl", "sqlkata", "sqlkata.*", "stackexchange.redis", "stackexchange.redis.*", "surrealdb.net",
        "system.data.odbc", "system.data.oledb", "system.data.sqlclient", "system.data.sqlite", "system.data.sqlite.core",
        "typesense", "windowsazure.storage",
    ]),
    (&[Telemetry], &[
        "npgsql.opentelemetry",
    ]),
    // Remote procedures and messages.
    (&[Rpc, Messaging, Driver], &[
        "dapr.actors*", "dapr.aspnetcore", "dapr.client", "dapr.workflow",
    ]),
    (&[Rpc], &[
        "akka.cluster*", "apachethrift", "calzolari.grpc.*", "grpc.aspnetcore", "grpc.aspnetcore.*", "grpc.core",
        "grpc.core.*", "grpc.net.client", "grpc.net.clientfactory", "grpc.netcore.httpclient", "magiconion",
        "magiconion.*", "microsoft.aspnetcore.grpc.*", "microsoft.orleans.*", "microsoft.servicefabric.*", "proto.*",
        "proto.actor", "proto.cluster", "protobuf-net.grpc*", "rsocket.core", "streamjsonrpc", "surging.*", "thrift",
    ]),
    (&[], &[
        "grpc.tools", "proto.opentelemetry",
    ]),
    (&[Messaging], &[
        "apache.nms*", "aspire.azure.messaging.*", "aspire.azure.storage.queues", "aspire.confluent.kafka",
        "aspire.nats.net", "aspire.rabbitmq.client*", "aws.messaging", "awssdk.eventbridge", "awssdk.kinesis",
        "awssdk.simplenotificationservice", "awssdk.sqs", "azure.messaging.eventgrid", "azure.messaging.eventhubs*",
        "azure.messaging.servicebus", "azure.storage.queues", "brighter", "cloudnative.cloudevents*", "confluent.kafka",
        "confluent.schemaregistry*", "dotnetcore.cap", "dotnetcore.cap.*", "dotpulsar", "easynetq", "easynetq.*", "enode",
        "equeue", "google.cloud.pubsub.v1", "hangfire", "hangfire.*", "hangfire.aspnetcore", "hangfire.core",
        "justsaying", "justsaying.*", "kafkaflow", "kafkaflow.*", "masstransit", "masstransit.*",
        "microsoft.azure.eventhubs*", "microsoft.azure.servicebus", "mqttnet", "mqttnet.*", "nats.client",
        "nats.client.*", "nats.extensions.*", "nats.net", "netmq", "newlife.rocketmq", "nservicebus", "nservicebus.*",
        "paramore.brighter*", "rabbitmq.client", "rabbitmq.client.*", "rabbitmq.stream.client", "rawrabbit",
        "rawrabbit.*", "rebus", "rebus.*", "rocketmq-client-csharp", "silverback.*", "slimmessagebus", "slimmessagebus.*",
        "temporalio", "temporalio.*", "windowsazure.servicebus", "wolverinefx", "wolverinefx.*", "zeromq",
    ]),
    // Watching.
    (&[Telemetry], &[
        "app.metrics", "app.metrics.*", "aws.lambda.powertools.metrics", "aws.lambda.powertools.tracing",
        "awsxrayrecorder*", "awsxrayrecorder.*", "azure.monitor.opentelemetry*", "confluent.kafka.extensions.*",
        "datadog.trace", "datadog.trace.*", "dogstatsd-csharp-client", "dynatrace.*", "elastic.apm", "elastic.apm.*",
        "google.cloud.diagnostics.*", "google.cloud.trace.*", "grafana.opentelemetry", "honeycomb.opentelemetry*",
        "influxdb.collector", "instana.*", "jaeger", "jaeger.*", "justeat.statsd", "lightstep*", "metrics.net",
        "metricsnet", "microsoft.applicationinsights", "microsoft.applicationinsights.*",
        "mongodb.driver.core.extensions.*", "newrelic.agent*", "newrelic.opentelemetry*", "opentelemetry",
        "opentelemetry.*", "opentracing", "opentracing.*", "petabridge.tracing.*", "prometheus-net", "prometheus-net.*",
        "prometheus.client*", "rabbitmq.client.opentelemetry", "sentry.opentelemetry",
        "serilog.sinks.applicationinsights", "serilog.sinks.opentelemetry", "skyapm.*", "skyapm.agent.*",
        "splunk.opentelemetry.*", "statsdclient", "steeltoe.management.prometheus*", "steeltoe.management.tracing*",
        "zipkin4net", "zipkin4net.*",
    ]),
    (&[Probes], &[
        "app.metrics.health*", "aspnetcore.healthchecks.*", "grpc.aspnetcore.healthchecks", "grpc.healthcheck",
        "microsoft.aspnetcore.diagnostics.healthchecks", "microsoft.aspnetcore.healthchecks",
        "microsoft.extensions.diagnostics.healthchecks", "microsoft.extensions.diagnostics.healthchecks.*",
        "steeltoe.management.endpoint*", "xabaril.*",
    ]),
    // Servers for others.
    (&[Gateway], &[
        "aspnetcore.proxy", "duende.bff.yarp", "microsoft.reverseproxy", "ocelot", "ocelot.*", "proxykit",
        "sharpreverseproxy", "yarp.*", "yarp.reverseproxy",
    ]),
    (&[Infra], &[
        "aspire.apphost.sdk", "aspire.hosting", "aspire.hosting.*", "aspnetcore.healthchecks.ui",
        "aspnetcore.healthchecks.ui.core",
    ]),
    (&[], &[
        "aspnetcore.healthchecks.ui.client",
    ]),
    // Interfaces, load, functions, descriptions, tests.
    (&[Ui], &[
        "antdesign", "avalonia", "avalonia.*", "blazored.*", "blazorise", "blazorise.*", "blazorstrap", "bootstrapblazor",
        "caliburn.micro", "devexpress.blazor", "elmish*", "fable.*", "fable.core", "feliz", "havit.blazor.*", "matblazor",
        "microsoft.aspnetcore.blazor*", "microsoft.aspnetcore.components.webassembly",
        "microsoft.aspnetcore.components.webassembly.*", "microsoft.aspnetcore.components.webview.*",
        "microsoft.aspnetcore.spaproxy", "microsoft.aspnetcore.spaservices*", "microsoft.fluentui.aspnetcore.components",
        "microsoft.maui.*", "microsoft.net.sdk.blazorwebassembly", "microsoft.windowsappsdk", "mudblazor", "prism.*",
        "radzen.blazor", "syncfusion.blazor*", "telerik.ui.for.blazor", "uno.ui", "uno.winui", "wpf-ui", "xamarin.*",
        "xamarin.forms",
    ]),
    (&[], &[
        "blazored.fluentvalidation", "microsoft.net.sdk.razor",
    ]),
    (&[Loadgen], &[
        "nbomber", "nbomber.*",
    ]),
    (&[Serverless], &[
        "amazon.lambda.*", "amazon.lambda.core", "aws.lambda.powertools.*", "google.cloud.functions.*",
        "google.cloud.functions.hosting", "microsoft.azure.functions.extensions", "microsoft.azure.functions.worker",
        "microsoft.azure.functions.worker.*", "microsoft.azure.webjobs", "microsoft.azure.webjobs.*",
        "microsoft.net.sdk.functions",
    ]),
    (&[Web("aspnet"), Serverless], &[
        "amazon.lambda.aspnetcoreserver", "amazon.lambda.aspnetcoreserver.*",
    ]),
    (&[], &[
        "amazon.lambda.testutilities",
    ]),
    (&[Describes], &[
        "carter.openapi", "fastendpoints.swagger", "microsoft.aspnetcore.openapi",
        "microsoft.azure.functions.worker.extensions.openapi*", "microsoft.azure.webjobs.extensions.openapi*",
        "microsoft.extensions.apidescription.server", "mmlib.swaggerforocelot", "nswag.*", "nswag.aspnetcore",
        "scalar.aspnetcore", "servicestack.api.openapi", "swashbuckle", "swashbuckle.aspnetcore",
        "swashbuckle.aspnetcore.*", "swashbuckle.core", "swashbuckle.examples", "unchase.swashbuckle.*",
    ]),
    (&[], &[
        "nswag.apidescription.client", "nswag.codegeneration*", "nswag.msbuild",
    ]),
    (&[Test], &[
        "alba", "aspire.hosting.testing", "autofixture", "autofixture.*", "awesomeassertions", "bunit",
        "coverlet.collector", "expecto", "fakeiteasy", "fluentassertions", "masstransit.testframework",
        "microsoft.aspnetcore.mvc.testing", "microsoft.net.test.sdk", "microsoft.playwright", "microsoft.playwright.*",
        "moq", "mstest", "mstest.*", "netarchtest.rules", "nsubstitute", "nunit", "nunit3testadapter", "pactnet",
        "reqnroll", "reqnroll.*", "respawn", "selenium.webdriver", "shouldly", "specflow", "specflow.*", "testcontainers",
        "testcontainers.*", "tunit", "verify.*", "verify.xunit", "wiremock.net", "xunit", "xunit.*", "xunit.v3",
    ]),
];
