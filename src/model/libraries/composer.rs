//! Packages of PHP, as its registry names them; extensions of the platform too.

use super::Group;
use super::Purpose::*;

#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    // Frameworks whose operations are read.
    (&[Web("laravel"), Persistence("eloquent")], &[
        "laravel/framework", "laravel/lumen-framework",
    ]),
    (&[Web("symfony")], &[
        "symfony/framework-bundle", "symfony/http-kernel", "symfony/routing", "symfony/symfony",
    ]),
    (&[Web("slim")], &[
        "slim/slim",
    ]),
    (&[Web("mezzio")], &[
        "mezzio/mezzio", "zendframework/zend-expressive",
    ]),
    (&[Web("flight")], &[
        "flightphp/core", "mikecao/flight",
    ]),
    (&[Web("codeigniter")], &[
        "codeigniter/framework", "codeigniter4/framework",
    ]),
    (&[Web("cakephp")], &[
        "cakephp/cakephp",
    ]),
    // Frameworks whose operations nobody reads.
    (&[UnreadWeb], &[
        "aimeos/aimeos-core", "altorouter/altorouter", "amphp/http-server", "api-platform/api-pack", "api-platform/core",
        "api-platform/laravel", "api-platform/symfony", "apitte/core", "aura/router", "bagisto/bagisto", "bcosca/fatfree",
        "bcosca/fatfree-core", "bramus/router", "cloudcreativity/laravel-json-api", "clue/framework-x", "concrete5/core",
        "contributte/apitte", "craftcms/cms", "dingo/api", "drupal/core", "drupal/core-recommended",
        "easycorp/easyadmin-bundle", "easyswoole/easyswoole", "encore/laravel-admin", "ext-phalcon", "fastd/fastd",
        "filament/filament", "flarum/core", "fuel/core", "getgrav/grav", "hyperf/framework", "hyperf/http-server",
        "hyperf/hyperf", "imiphp/imi-http-server", "johnpbloch/wordpress", "klein/klein", "kohana/core",
        "laminas-api-tools/*", "laminas/laminas-mvc", "laminas/laminas-router", "laravel-json-api/laravel",
        "laravel/fortify", "laravel/nova", "laravel/passport", "leafs/leaf", "league/oauth2-server-bundle",
        "league/route", "luracast/restler", "magento/framework", "magento/product-community-edition",
        "miladrahimi/phprouter", "neos/flow", "nette/application", "nikic/fast-route", "nuwave/lighthouse",
        "october/rain", "octobercms/october", "opulence/opulence", "orchid/platform", "overblog/graphql-bundle",
        "pecee/simple-router", "phalcon/devtools", "phalcon/incubator", "phpixie/framework", "pimcore/pimcore",
        "rebing/graphql-laravel", "roots/wordpress", "sabre/dav", "shopware/core", "silex/silex",
        "sonata-project/admin-bundle", "spiral/framework", "spiral/roadrunner-bridge", "statamic/cms",
        "sunrise/http-router", "swoft/framework", "swoft/http-server", "sylius/sylius", "tailflow/laravel-orion",
        "tempest/framework", "thecodingmachine/graphqlite", "topthink/framework", "topthink/think-swoole",
        "typo3/cms-core", "utopia-php/framework", "utopia-php/http", "webonyx/graphql-php", "workerman/webman",
        "workerman/webman-framework", "yiisoft/router", "yiisoft/yii", "yiisoft/yii-http", "yiisoft/yii2",
        "zendframework/zend-mvc", "zendframework/zendframework", "zfcampus/*",
    ]),
    // Stored types.
    (&[Persistence("eloquent")], &[
        "illuminate/database",
    ]),
    (&[Persistence("doctrine")], &[
        "doctrine/doctrine-bundle", "doctrine/orm", "laravel-doctrine/orm",
    ]),
    (&[UnreadPersistence], &[
        "analogue/orm", "atlas/orm", "baopham/dynamodb", "broadway/broadway", "cakephp/database", "cakephp/orm",
        "catfan/medoo", "cycle/*", "cycle/orm", "dibi/dibi", "doctrine/mongodb-odm", "doctrine/mongodb-odm-bundle",
        "eventsauce/eventsauce", "friendsofsymfony/elastica-bundle", "gabordemooij/redbean", "graphaware/neo4j-php-ogm",
        "hyperf/database", "hyperf/db-connection", "j4mie/idiorm", "j4mie/paris", "jenssegers/mongodb",
        "kitar/laravel-dynamodb", "laminas/laminas-db", "mongodb/laravel-mongodb", "nette/database", "nextras/orm",
        "php-activerecord/php-activerecord", "prooph/event-store", "propel/propel", "propel/propel1", "ruflin/elastica",
        "spatie/laravel-event-sourcing", "spiral/cycle-bridge", "topthink/think-orm", "vinelab/neoeloquent",
        "vlucas/spot2", "yiisoft/active-record", "yiisoft/db", "yiisoft/yii2-elasticsearch", "yiisoft/yii2-mongodb",
        "yiisoft/yii2-redis", "zendframework/zend-db",
    ]),
    (&[Driver], &[
        "amphp/mysql", "amphp/postgres", "amphp/redis", "async-aws/dynamo-db", "aura/sql", "aws/aws-sdk-php",
        "cheprasov/php-redis-client", "clue/redis-react", "datastax/php-driver", "doctrine/dbal",
        "doctrine/doctrine-migrations-bundle", "doctrine/migrations", "elasticsearch/elasticsearch", "envms/fluentpdo",
        "ext-cassandra", "ext-memcache", "ext-memcached", "ext-mongo", "ext-mongodb", "ext-mysqli", "ext-oci8", "ext-pdo",
        "ext-pdo_mysql", "ext-pdo_pgsql", "ext-pdo_sqlite", "ext-pdo_sqlsrv", "ext-pgsql", "ext-redis", "ext-sqlite3",
        "ext-sqlsrv", "google/cloud-bigquery", "google/cloud-datastore", "google/cloud-firestore", "google/cloud-spanner",
        "graphaware/neo4j-php-client", "illuminate/redis", "influxdata/influxdb-client-php", "influxdb/influxdb-php",
        "joshcam/mysqli-database-class", "kreait/firebase-php", "kreait/laravel-firebase", "laudis/neo4j-php-client",
        "meilisearch/meilisearch-php", "microsoft/windowsazure", "mongodb/mongodb", "opensearch-project/opensearch-php",
        "paragonie/easydb", "predis/predis", "react/mysql", "robmorgan/phinx", "smi2/phpclickhouse", "snc/redis-bundle",
        "solarium/solarium", "triagens/arangodb", "typesense/typesense-php", "usmanhalalit/pixie",
    ]),
    // Remote procedures and messages.
    (&[Rpc, Messaging, Driver], &[
        "dapr/php-sdk",
    ]),
    (&[Rpc], &[
        "apache/thrift", "datto/json-rpc", "ext-grpc", "grpc/grpc", "hprose/hprose", "hyperf/grpc-client",
        "hyperf/grpc-server", "hyperf/json-rpc", "hyperf/rpc-server", "sajya/server", "spiral/grpc", "spiral/php-grpc",
        "spiral/roadrunner-grpc", "twirp/twirp",
    ]),
    (&[Messaging], &[
        "arnaud-lb/php-rdkafka", "async-aws/sns", "async-aws/sqs", "basis-company/nats", "bluerhinos/phpmqtt",
        "bref/symfony-messenger", "bschmitt/laravel-amqp", "bunny/bunny", "cakephp/queue", "chrisboulton/php-resque",
        "ecotone/*", "ecotone/ecotone", "enqueue/*", "ext-amqp", "ext-gearman", "ext-rdkafka", "ext-zmq",
        "fusesource/stomp-php", "google/cloud-pubsub", "hyperf/amqp", "hyperf/async-queue", "hyperf/kafka", "hyperf/nats",
        "illuminate/queue", "jobcloud/php-kafka-lib", "koco/messenger-kafka", "laravel/horizon", "longlang/phpkafka",
        "mateusjunges/laravel-kafka", "nmred/kafka-php", "pda/pheanstalk", "php-amqplib/php-amqplib",
        "php-amqplib/rabbitmq-bundle", "php-mqtt/client", "php-mqtt/laravel-client", "prooph/service-bus",
        "resque/php-resque", "simple-bus/message-bus", "simple-bus/symfony-bridge", "spiral/roadrunner-jobs",
        "spiral/roadrunner-queue", "stomp-php/stomp-php", "swarrot/swarrot", "swarrot/swarrot-bundle",
        "symfony/amazon-sqs-messenger", "symfony/amqp-messenger", "symfony/doctrine-messenger", "symfony/messenger",
        "symfony/redis-messenger", "temporal/sdk", "vladimir-yuldashev/laravel-queue-rabbitmq", "workerman/redis-queue",
        "yiisoft/queue", "yiisoft/yii2-queue",
    ]),
    // Watching.
    (&[Telemetry], &[
        "arquivei/laravel-prometheus-exporter", "artprima/prometheus-metrics-bundle", "auxmoney/opentracing-bundle",
        "census/opencensus", "datadog/dd-trace", "datadog/php-datadogstatsd", "domnikl/statsd", "elastic/apm-agent-php",
        "endclothing/prometheus_client_php", "ext-ddtrace", "ext-newrelic", "ext-opentelemetry",
        "friendsofopentelemetry/opentelemetry-bundle", "google/cloud-trace", "hyperf/metric", "hyperf/tracer",
        "inspector-apm/inspector-laravel", "inspector-apm/inspector-php", "instana/instana-php-sdk",
        "jimdo/prometheus_client_php", "jonahgeorge/jaeger-client-php", "jukylin/jaeger-php",
        "keepsuit/laravel-opentelemetry", "laravel/pulse", "league/statsd", "liuggio/statsd-client-bundle",
        "nipwaayoni/elastic-apm-php-agent", "open-telemetry/*", "opentracing/opentracing", "openzipkin/zipkin",
        "philkra/elastic-apm-laravel", "philkra/elastic-apm-php-agent", "pkerrigan/xray", "promphp/prometheus_client_php",
        "scoutapp/scout-apm-laravel", "scoutapp/scout-apm-symfony-bundle", "slickdeals/statsd",
        "spatie/laravel-prometheus", "spiral/otel-bridge", "spiral/roadrunner-metrics",
        "superbalist/laravel-prometheus-exporter", "triadev/laravelprometheusexporter",
    ]),
    (&[Probes], &[
        "antonioribeiro/health", "generationtux/php-healthz", "laminas/laminas-diagnostics", "liip/monitor",
        "liip/monitor-bundle", "macpaw/symfony-health-check-bundle", "pragmarx/health", "spatie/laravel-health",
        "tseguier/health-check-bundle", "ukfast/laravel-health-check", "zendframework/zenddiagnostics",
    ]),
    // Interfaces, load, functions, descriptions, tests.
    (&[Gateway], &[
        "jenssegers/proxy",
    ]),
    (&[Serverless], &[
        "bref/bref", "bref/laravel-bridge", "bref/symfony-bridge", "google/cloud-functions-framework",
        "laravel/vapor-core",
    ]),
    (&[Describes], &[
        "apitte/openapi", "darkaonline/l5-swagger", "dedoc/scramble", "hyperf/swagger", "knuckleswtf/scribe",
        "mpociot/laravel-apidoc-generator", "nelmio/api-doc-bundle", "vyuldashev/laravel-openapi", "zircote/swagger-php",
    ]),
    (&[Test], &[
        "behat/behat", "brianium/paratest", "codeception/codeception", "dama/doctrine-test-bundle", "fakerphp/faker",
        "fzaninotto/faker", "laravel/dusk", "mockery/mockery", "pestphp/*", "pestphp/pest", "phpspec/phpspec",
        "phpunit/phpunit", "symfony/browser-kit", "symfony/phpunit-bridge", "zenstruck/foundry",
    ]),
];
