//! Libraries of Go, as paths of modules without their versions.

use super::Group;
use super::Purpose::*;

#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    // Frameworks whose operations are read.
    (&[Web("gin")], &[
        "github.com/gin-gonic/gin",
    ]),
    (&[Web("echo")], &[
        "github.com/labstack/echo",
    ]),
    (&[Web("fiber")], &[
        "github.com/gofiber/fiber",
    ]),
    (&[Web("chi")], &[
        "github.com/go-chi/chi", "github.com/pressly/chi",
    ]),
    (&[Web("gorilla")], &[
        "github.com/gorilla/mux",
    ]),
    (&[Web("httprouter")], &[
        "github.com/buaazp/fasthttprouter", "github.com/dimfeld/httptreemux", "github.com/fasthttp/router",
        "github.com/julienschmidt/httprouter", "github.com/uptrace/bunrouter",
    ]),
    (&[Web("iris")], &[
        "github.com/kataras/iris",
    ]),
    (&[Web("hertz")], &[
        "github.com/cloudwego/hertz",
    ]),
    (&[Web("buffalo")], &[
        "github.com/gobuffalo/buffalo",
    ]),
    (&[Web("flamego")], &[
        "github.com/flamego/flamego",
    ]),
    (&[Web("goji")], &[
        "github.com/zenazn/goji", "goji.io",
    ]),
    (&[Web("graphql")], &[
        "github.com/99designs/gqlgen",
    ]),
    // Frameworks whose operations nobody reads.
    (&[UnreadWeb, Persistence("beego-orm")], &[
        "github.com/astaxie/beego", "github.com/beego/beego",
    ]),
    (&[UnreadWeb], &[
        "aahframe.work", "encore.dev", "github.com/aerogo/aero", "github.com/andeya/faygo",
        "github.com/ant0ine/go-json-rest", "github.com/bmizerany/pat", "github.com/caddyserver/caddy",
        "github.com/danielgtaylor/huma", "github.com/deepmap/oapi-codegen", "github.com/dinever/golf",
        "github.com/emicklei/go-restful", "github.com/go-aah/aah", "github.com/go-fuego/fuego",
        "github.com/go-goyave/goyave", "github.com/go-kratos/kratos", "github.com/go-macaron/macaron",
        "github.com/go-martini/martini", "github.com/go-openapi/runtime", "github.com/go-ozzo/ozzo-routing",
        "github.com/go-swagger/go-swagger", "github.com/goadesign/goa", "github.com/gocraft/web", "github.com/gogf/gf",
        "github.com/gorilla/pat", "github.com/gorilla/rpc", "github.com/graph-gophers/graphql-go",
        "github.com/graphql-go/graphql", "github.com/henrylee2cn/faygo", "github.com/hidevopsio/hiboot",
        "github.com/hoisie/web", "github.com/lunny/tango", "github.com/nbari/violetear",
        "github.com/oapi-codegen/oapi-codegen", "github.com/oapi-codegen/runtime", "github.com/ogen-go/ogen",
        "github.com/ory/fosite", "github.com/pocketbase/pocketbase", "github.com/revel/revel", "github.com/rs/rest-layer",
        "github.com/samsarahq/thunder", "github.com/savsgio/atreugo", "github.com/swaggest/rest",
        "github.com/tal-tech/go-zero", "github.com/valyala/fasthttp", "github.com/vardius/gorouter",
        "github.com/zeromicro/go-zero", "goa.design/goa", "gofr.dev", "gopkg.in/macaron", "goyave.dev/goyave",
    ]),
    (&[], &[
        "github.com/oapi-codegen/runtime/types",
    ]),
    // Stored types.
    (&[Persistence("gorm")], &[
        "github.com/jinzhu/gorm", "gorm.io/gorm",
    ]),
    (&[Persistence("ent")], &[
        "entgo.io/ent", "github.com/facebook/ent", "github.com/facebookincubator/ent",
    ]),
    (&[Persistence("bun")], &[
        "github.com/uptrace/bun",
    ]),
    (&[Persistence("xorm")], &[
        "github.com/go-xorm/xorm", "xorm.io/xorm",
    ]),
    (&[Persistence("go-pg")], &[
        "github.com/go-pg/pg",
    ]),
    (&[Persistence("mongodb")], &[
        "go.mongodb.org/mongo-driver",
    ]),
    (&[UnreadPersistence], &[
        "github.com/aarondl/sqlboiler", "github.com/asdine/storm", "github.com/coopernurse/gorp",
        "github.com/go-gorp/gorp", "github.com/go-jet/jet", "github.com/go-rel/rel", "github.com/gobuffalo/pop",
        "github.com/guregu/dynamo", "github.com/jmoiron/modl", "github.com/kamva/mgm", "github.com/kyleconroy/sqlc",
        "github.com/lqs/sqlingo", "github.com/mindstand/gogm", "github.com/prisma/prisma-client-go",
        "github.com/qiniu/qmgo", "github.com/scylladb/gocqlx", "github.com/sqlc-dev/sqlc",
        "github.com/steebchen/prisma-client-go", "github.com/stephenafamo/bob", "github.com/timshannon/badgerhold",
        "github.com/timshannon/bolthold", "github.com/upper/db", "github.com/volatiletech/sqlboiler",
        "github.com/zebresel-com/mongodm", "gopkg.in/gorp", "gopkg.in/reform", "upper.io/db",
    ]),
    (&[Driver], &[
        "cloud.google.com/go/alloydbconn", "cloud.google.com/go/bigquery", "cloud.google.com/go/bigtable",
        "cloud.google.com/go/cloudsqlconn", "cloud.google.com/go/datastore", "cloud.google.com/go/firestore",
        "cloud.google.com/go/spanner", "firebase.google.com/go", "github.com/Azure/azure-sdk-for-go/sdk/data/*",
        "github.com/ClickHouse/clickhouse-go", "github.com/EventStore/EventStore-Client-Go",
        "github.com/Masterminds/squirrel", "github.com/aerospike/aerospike-client-go",
        "github.com/apache/cassandra-gocql-driver", "github.com/arangodb/go-driver", "github.com/aws/aws-sdk-go",
        "github.com/aws/aws-sdk-go-v2/feature/dynamodb/*", "github.com/aws/aws-sdk-go-v2/service/dynamodb",
        "github.com/boltdb/bolt", "github.com/bradfitz/gomemcache", "github.com/cockroachdb/cockroach-go",
        "github.com/cockroachdb/pebble", "github.com/codenotary/immudb", "github.com/coreos/etcd",
        "github.com/couchbase/gocb", "github.com/denisenkom/go-mssqldb", "github.com/dgraph-io/badger",
        "github.com/dgraph-io/dgo", "github.com/dgraph-io/dgo/*", "github.com/doug-martin/goqu",
        "github.com/elastic/go-elasticsearch", "github.com/etcd-io/bbolt", "github.com/garyburd/redigo",
        "github.com/georgysavva/scany", "github.com/glebarez/sqlite", "github.com/globalsign/mgo",
        "github.com/go-kivik/kivik", "github.com/go-pg/migrations", "github.com/go-redis/cache",
        "github.com/go-redis/redis", "github.com/go-sql-driver/mysql", "github.com/gocql/gocql", "github.com/gocraft/dbr",
        "github.com/godror/godror", "github.com/golang-migrate/migrate", "github.com/gomodule/redigo",
        "github.com/huandu/go-sqlbuilder", "github.com/influxdata/influxdb", "github.com/influxdata/influxdb-client-go",
        "github.com/influxdata/influxdb1-client", "github.com/jackc/pgconn", "github.com/jackc/pgx",
        "github.com/jmoiron/sqlx", "github.com/lib/pq", "github.com/mattn/go-sqlite3",
        "github.com/meilisearch/meilisearch-go", "github.com/microsoft/go-mssqldb", "github.com/neo4j/neo4j-go-driver",
        "github.com/nutsdb/nutsdb", "github.com/olivere/elastic", "github.com/opensearch-project/opensearch-go",
        "github.com/pressly/goose", "github.com/qdrant/go-client", "github.com/redis/go-redis",
        "github.com/redis/rueidis", "github.com/rethinkdb/rethinkdb-go", "github.com/rubenv/sql-migrate",
        "github.com/sijms/go-ora", "github.com/snowflakedb/gosnowflake", "github.com/surrealdb/surrealdb.go",
        "github.com/syndtr/goleveldb", "github.com/tidwall/buntdb", "github.com/tursodatabase/*",
        "github.com/typesense/typesense-go", "github.com/uptrace/bun/*", "go.etcd.io/bbolt", "go.etcd.io/etcd",
        "go.etcd.io/etcd/client", "go.etcd.io/etcd/clientv3", "gocloud.dev/docstore/*", "gopkg.in/gorethink/gorethink",
        "gopkg.in/mgo", "gopkg.in/olivere/elastic", "gopkg.in/redis", "gorm.io/driver/*", "gorm.io/plugin/*",
        "labix.org/v2/mgo", "modernc.org/sqlite",
    ]),
    // Remote procedures and messages.
    (&[Rpc, Messaging, Driver], &[
        "github.com/dapr/go-sdk",
    ]),
    (&[Rpc], &[
        "connectrpc.com/connect", "dubbo.apache.org/dubbo-go", "github.com/AsynkronIT/protoactor-go",
        "github.com/ServiceWeaver/weaver", "github.com/TarsCloud/TarsGo", "github.com/apache/dubbo-go",
        "github.com/apache/thrift", "github.com/asim/go-micro", "github.com/asynkron/protoactor-go",
        "github.com/bufbuild/connect-go", "github.com/cloudwego/kitex", "github.com/go-kit/kit",
        "github.com/grpc-ecosystem/go-grpc-middleware", "github.com/grpc-ecosystem/grpc-gateway",
        "github.com/hprose/hprose-golang", "github.com/improbable-eng/grpc-web", "github.com/micro/go-micro",
        "github.com/micro/micro", "github.com/mwitkow/grpc-proxy", "github.com/restatedev/sdk-go",
        "github.com/smallnest/rpcx", "github.com/sourcegraph/jsonrpc2", "github.com/twitchtv/twirp",
        "github.com/uber/tchannel-go", "go-micro.dev", "go.uber.org/yarpc", "google.golang.org/grpc", "storj.io/drpc",
        "trpc.group/trpc-go/*",
    ]),
    (&[Messaging], &[
        "cloud.google.com/go/cloudtasks", "cloud.google.com/go/pubsub", "github.com/Azure/azure-event-hubs-go",
        "github.com/Azure/azure-sdk-for-go/sdk/messaging/*", "github.com/Azure/azure-service-bus-go",
        "github.com/Azure/go-amqp", "github.com/IBM/sarama", "github.com/RichardKnop/machinery",
        "github.com/Shopify/sarama", "github.com/ThreeDotsLabs/watermill", "github.com/ThreeDotsLabs/watermill-*",
        "github.com/adjust/rmq", "github.com/apache/pulsar-client-go", "github.com/apache/rocketmq-client-go",
        "github.com/aws/aws-sdk-go-v2/service/eventbridge", "github.com/aws/aws-sdk-go-v2/service/kinesis",
        "github.com/aws/aws-sdk-go-v2/service/sns", "github.com/aws/aws-sdk-go-v2/service/sqs", "github.com/bitly/go-nsq",
        "github.com/bsm/sarama-cluster", "github.com/cloudevents/sdk-go", "github.com/confluentinc/confluent-kafka-go",
        "github.com/contribsys/faktory_worker_go", "github.com/eclipse/paho.mqtt.golang", "github.com/go-stomp/stomp",
        "github.com/gocraft/work", "github.com/hibiken/asynq", "github.com/inngest/inngestgo", "github.com/lovoo/goka",
        "github.com/mochi-mqtt/server", "github.com/nats-io/go-nats", "github.com/nats-io/go-nats-streaming",
        "github.com/nats-io/nats-server", "github.com/nats-io/nats.go", "github.com/nats-io/stan.go",
        "github.com/nsqio/go-nsq", "github.com/pebbe/zmq4", "github.com/rabbitmq/amqp091-go",
        "github.com/riverqueue/river", "github.com/segmentio/kafka-go", "github.com/streadway/amqp",
        "github.com/twmb/franz-go", "github.com/uber/cadence-client", "github.com/vmihailenco/taskq",
        "github.com/wagslane/go-rabbitmq", "github.com/zeromq/goczmq", "go.temporal.io/sdk", "go.uber.org/cadence",
        "gocloud.dev/pubsub/*",
    ]),
    // Watching.
    (&[Telemetry], &[
        "cloud.google.com/go/monitoring", "cloud.google.com/go/trace", "contrib.go.opencensus.io/*",
        "github.com/DataDog/*", "github.com/GoogleCloudPlatform/opentelemetry-operations-go/*",
        "github.com/SkyAPM/go2sky", "github.com/VictoriaMetrics/metrics", "github.com/XSAM/otelsql",
        "github.com/ansrivas/fiberprometheus", "github.com/apache/skywalking-go", "github.com/armon/go-metrics",
        "github.com/aws/aws-xray-sdk-go", "github.com/cactus/go-statsd-client",
        "github.com/census-instrumentation/opencensus-service", "github.com/elastic/apm-agent-go",
        "github.com/exaring/otelpgx", "github.com/gofiber/contrib/otelfiber",
        "github.com/grpc-ecosystem/go-grpc-prometheus", "github.com/hashicorp/go-metrics", "github.com/honeycombio/*",
        "github.com/instana/go-sensor", "github.com/labstack/echo-contrib", "github.com/lightstep/*",
        "github.com/microsoft/ApplicationInsights-Go", "github.com/newrelic/go-agent", "github.com/newrelic/go-agent/*",
        "github.com/open-telemetry/*", "github.com/opentracing-contrib/*", "github.com/opentracing/opentracing-go",
        "github.com/openzipkin-contrib/*", "github.com/openzipkin/zipkin-go", "github.com/penglongli/gin-metrics",
        "github.com/prometheus/client_golang", "github.com/rcrowley/go-metrics",
        "github.com/redis/go-redis/extra/redisotel", "github.com/riandyrn/otelchi", "github.com/signalfx/*",
        "github.com/slok/go-http-metrics", "github.com/smira/go-statsd", "github.com/uber-go/tally",
        "github.com/uber/jaeger-client-go", "github.com/uber/jaeger-lib", "github.com/uptrace/bun/extra/bunotel",
        "github.com/uptrace/opentelemetry-go-extra/*", "github.com/uptrace/uptrace-go",
        "github.com/zsais/go-gin-prometheus", "go.elastic.co/apm", "go.elastic.co/apm/*", "go.opencensus.io",
        "go.opentelemetry.io/*", "gopkg.in/DataDog/dd-trace-go", "gopkg.in/alexcesaro/statsd",
        "gorm.io/plugin/opentelemetry", "gorm.io/plugin/prometheus",
    ]),
    (&[Probes], &[
        "github.com/AppsFlyer/go-sundheit", "github.com/InVisionApp/go-health", "github.com/alexliesenfeld/health",
        "github.com/docker/go-healthcheck", "github.com/etherlabsio/healthcheck", "github.com/hellofresh/health-go",
        "github.com/heptiolabs/healthcheck", "github.com/nelkinda/health-go", "github.com/tavsec/gin-healthcheck",
    ]),
    // Servers for others.
    (&[Gateway], &[
        "github.com/TykTechnologies/*", "github.com/devopsfaith/krakend", "github.com/devopsfaith/krakend-*",
        "github.com/krakend/*", "github.com/luraproject/lura", "github.com/mailgun/oxy", "github.com/traefik/traefik",
        "github.com/vulcand/oxy",
    ]),
    // Load, functions, descriptions, tests.
    (&[Ui], &[
        "fyne.io/fyne", "gioui.org", "github.com/maxence-charriere/go-app", "github.com/wailsapp/wails",
    ]),
    (&[Loadgen], &[
        "fortio.org/fortio", "github.com/fortio/fortio", "github.com/myzhan/boomer", "github.com/rakyll/hey",
        "github.com/tsenart/vegeta", "go.k6.io/k6",
    ]),
    (&[Serverless], &[
        "github.com/GoogleCloudPlatform/functions-framework-go", "github.com/akrylysov/algnhsa",
        "github.com/apex/gateway", "github.com/aws/aws-lambda-go", "github.com/awslabs/aws-lambda-go-api-proxy",
        "github.com/fnproject/fdk-go", "github.com/openfaas/*",
    ]),
    (&[Describes], &[
        "github.com/arsmn/fiber-swagger", "github.com/emicklei/go-restful-openapi", "github.com/gofiber/contrib/swagger",
        "github.com/gofiber/swagger", "github.com/swaggest/openapi-go", "github.com/swaggo/echo-swagger",
        "github.com/swaggo/fiber-swagger", "github.com/swaggo/gin-swagger", "github.com/swaggo/http-swagger",
        "github.com/swaggo/swag", "github.com/wI2L/fizz",
    ]),
    (&[Test], &[
        "github.com/DATA-DOG/go-sqlmock", "github.com/alicebob/miniredis", "github.com/cucumber/godog",
        "github.com/golang/mock", "github.com/google/go-cmp", "github.com/h2non/gock", "github.com/jarcoal/httpmock",
        "github.com/onsi/ginkgo", "github.com/onsi/gomega", "github.com/ory/dockertest",
        "github.com/pact-foundation/pact-go", "github.com/smartystreets/goconvey", "github.com/steinfletcher/apitest",
        "github.com/stretchr/testify", "github.com/testcontainers/testcontainers-go", "go.uber.org/mock", "gotest.tools",
    ]),
];
