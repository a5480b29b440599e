//! Operations other than HTTP.

use crate::extract::code::snapshot::check;

#[test]
fn spring_listens() {
    check(
        "src/B.java",
        r##"
        import org.springframework.kafka.annotation.KafkaListener;
        import java.util.function.Consumer;
        class B {
            static final String T = "orders.created";
            @KafkaListener(topics = {T, "${topic.b}"}, groupId = "g") void a() {}
            @KafkaListener(topicPattern = "x.*") void b() {}
            @KafkaListener(topics = "#{'${topic.list}'.split(',')}") void c() {}
            @KafkaListener(topicPartitions = @TopicPartition(topic = "tp", partitions = "0")) void d() {}
            @RabbitListener(queues = Q.NAME) void e() {}
            @RabbitListener(bindings = @QueueBinding(value = @Queue(value = "bq", durable = "true"), exchange = @Exchange("ex"))) void f() {}
            @RabbitListener(queuesToDeclare = @Queue("qd")) void g() {}
            @JmsListener(destination = "jms.q") void h() {}
            @SqsListener("sqs-q") void i() {}
            @StreamListener(Sink.INPUT) void j() {}
            @EventListener void no() {}
            @TransactionalEventListener void neither() {}
        }
        @KafkaListener(id = "x", topics = "cls") class Whole { @KafkaHandler void a(A a) {} }
        "##,
        "
        6 consumer orders.created
        6 consumer property(topic.b)
        7 consumer x.*
        8 consumer property(topic.list)
        9 consumer tp
        10 consumer <#Q.NAME>
        11 consumer bq
        12 consumer qd
        13 consumer jms.q
        14 consumer sqs-q
        15 consumer <#Sink.INPUT>
        19 consumer cls
        11 binds bq to ex
        5 constant B.T = orders.created
        ",
    );
}

#[test]
fn spring_cloud_stream_binds_beans() {
    check(
        "src/B.java",
        r##"
        import java.util.function.Consumer;
        class B {
            @Bean public Consumer<OrderPlaced> onOrder() { return o -> {}; }
            @Bean public Function<KStream<A, B>, KStream<A, C>> process() { return o -> o; }
            @Bean public Function<A, B> no() { return o -> o; }
            @Bean public Consumer<HttpBuilder> neither() { return o -> {}; }
            public Consumer<A> nor() { return o -> {}; }
        }
        "##,
        "
        4 consumer property(spring.cloud.stream.bindings.onOrder-in-0.destination or onOrder-in-0)
        5 consumer property(spring.cloud.stream.bindings.process-in-0.destination or process-in-0)
        5 call message property(spring.cloud.stream.bindings.process-out-0.destination or process-out-0) (spring-messaging)
        ",
    );
}

#[test]
fn spring_containers_listen() {
    check(
        "src/B.java",
        r##"
        import org.springframework.amqp.rabbit.listener.SimpleMessageListenerContainer;
        class B {
            protected final String queueName = "shipping-task";
            @Value("${mail.queue:mail}") private String mail;
            @Bean SimpleMessageListenerContainer c() { SimpleMessageListenerContainer c = x(); c.setQueueNames(this.queueName, mail); return c; }
        }
        "##,
        "
        6 consumer shipping-task
        6 consumer property(mail.queue or mail)
        5 constant B.mail = property(mail.queue or mail)
        ",
    );
}

#[test]
fn message_driven_beans_listen() {
    check(
        "src/B.java",
        r##"
        import javax.ejb.MessageDriven;
        @MessageDriven(activationConfig = {
            @ActivationConfigProperty(propertyName = "destinationType", propertyValue = "no"),
            @ActivationConfigProperty(propertyName = "destination", propertyValue = "java:/q") })
        class B {}
        "##,
        "
        3 consumer java:/q
        ",
    );
}

#[test]
fn clients_subscribe() {
    check(
        "src/B.java",
        r##"
        import org.apache.kafka.clients.consumer.KafkaConsumer;
        import com.rabbitmq.client.*;
        class B {
            void a() {
                c.subscribe(Collections.singletonList("k1"));
                c.subscribe(Arrays.asList("k2", System.getenv("K3"), System.getenv().getOrDefault("K4", "k4")));
                flux.subscribe(x -> x.y());
                flux.subscribe(this::z);
            }
            void b() { channel.basicConsume("rq", true, cb, x -> {}); channel.basicPublish("", "sent", null, b); }
            void c() { StreamsBuilder builder = new StreamsBuilder(); builder.stream("ks").to("no"); list.stream("no"); builder.table("kt"); }
        }
        "##,
        "
        6 consumer k1
        7 consumer k2
        7 consumer env(K3)
        7 consumer env(K4 or k4)
        11 consumer rq
        12 consumer ks
        12 consumer kt
        11 call message sent (message-producer)
        ",
    );
}

#[test]
fn clients_subscribe_in_kotlin() {
    check(
        "src/K.kt",
        r##"
        import org.apache.kafka.clients.consumer.KafkaConsumer
        val topic: String = System.getenv("KAFKA_TOPIC") ?: "orders"
        fun main() { val c = KafkaConsumer<String, ByteArray>(p).apply { subscribe(listOf(topic)) } }
        "##,
        "
        4 consumer env(KAFKA_TOPIC or orders)
        3 constant topic = env(KAFKA_TOPIC or orders)
        4 entry main
        ",
    );
}

#[test]
fn channels_in_memory_are_none() {
    check(
        "src/B.java",
        r##"
        import org.eclipse.microprofile.reactive.messaging.*;
        class B {
            static final String CHANNEL = "orders";
            @Incoming(CHANNEL) @Outgoing("memory") void a() {}
            @Incoming("memory") void b() {}
        }
        "##,
        "
        5 consumer property(mp.messaging.incoming.orders.topic or orders)
        4 constant B.CHANNEL = orders
        ",
    );
}

#[test]
fn micronaut_listens() {
    check(
        "src/B.java",
        r##"
        import io.micronaut.configuration.kafka.annotation.*;
        @KafkaListener(groupId = "g") class B { @Topic({"a", "b"}) void x() {} }
        @KafkaClient interface C { @Topic("sent") void send(); }
        "##,
        "
        3 consumer a
        3 consumer b
        4 call message sent (message-interface)
        ",
    );
}

#[test]
fn eventuate_and_axon_handle() {
    check(
        "src/B.java",
        r##"
        import io.eventuate.tram.events.subscriber.*;
        import org.axonframework.commandhandling.CommandHandler;
        class B {
            DomainEventHandlers h() { return DomainEventHandlersBuilder.forAggregateType("a.Order").onEvent(X.class, this::x).andForAggregateType(O.T).build(); }
            CommandHandlers c() { return SagaCommandHandlersBuilder.fromChannel("orderService").onMessage(Z.class, this::z).build(); }
            @CommandHandler public B(CreateOrder c) {}
            @EventHandler void on(@MetaDataValue("x") String m, OrderMade e) {}
            @EventSourcingHandler void apply(OrderMade e) {}
            @QueryHandler Order q(final FindOrder f) { return null; }
        }
        "##,
        "
        7 consumer CreateOrder
        8 consumer OrderMade
        10 consumer FindOrder
        5 consumer a.Order
        5 consumer <#O.T>
        6 consumer orderService
        ",
    );
}

#[test]
fn schedules_run() {
    check(
        "src/B.java",
        r##"
        class B {
            static final long DELAY = 5000L;
            @Scheduled(cron = "0 0 * * * *") void a() {}
            @Scheduled(fixedRate = 60 * 1000) void b() {}
            @Scheduled(fixedDelayString = "${d:5}") void c() {}
            @Scheduled(every = "10s") void d() {}
            @Scheduled(cron = "{job.cron}") void e() {}
            @Scheduled(cron = "-") void off() {}
            @Schedules({@Scheduled(cron = "1"), @Scheduled(cron = "2")}) void f() {}
            @Schedule(hour = "*", minute = "5") void g() {}
            @Scheduled(fixedDelay = DELAY) void h() {}
            Trigger t() { return newTrigger().withSchedule(cronSchedule("0 0/5 * * * ?")).build(); }
        }
        "##,
        "
        4 schedule 0 0 * * * *
        5 schedule 60 * 1000
        6 schedule property(d or 5)
        7 schedule 10s
        8 schedule property(job.cron)
        10 schedule 1
        10 schedule 2
        11 schedule hour = \"*\", minute = \"5\"
        12 schedule 5000L
        13 schedule 0 0/5 * * * ?
        ",
    );
}

#[test]
fn remote_procedures_are_implemented() {
    check(
        "src/B.java",
        r##"
        import b.GreeterGrpc;
        @GrpcService public class B extends GreeterGrpc.GreeterImplBase { public void hi(R r, StreamObserver<S> o) {} }
        class C { class Inner extends HealthGrpc.HealthImplBase {} class Plain implements OrdersGrpc.AsyncService {} }
        class D extends b.MutinyUsersGrpc.UsersImplBase {}
        class Client { @GrpcClient("x") GreeterGrpc.GreeterBlockingStub stub; }
        "##,
        "
        3 rpc Greeter
        4 rpc Health
        4 rpc Orders
        5 rpc Users
        6 call grpc property(grpc.client.x.address or x) name Greeter (grpc-client)
        ",
    );
}

#[test]
fn remote_procedures_are_implemented_in_kotlin() {
    check(
        "src/K.kt",
        r##"
        import io.quarkus.grpc.GrpcService
        @GrpcService class B(val s: S) : Catalog { override fun get(r: R): Uni<P> = s.p }
        class C : PaymentsGrpcKt.PaymentsCoroutineImplBase() { override suspend fun pay(r: R) = x }
        class D : Catalog
        "##,
        "
        3 rpc Catalog
        4 rpc Payments
        ",
    );
}

#[test]
fn graphql_has_operations() {
    check(
        "src/B.java",
        r##"
        import org.springframework.graphql.data.method.annotation.*;
        class B {
            @QueryMapping List<B> books() { return null; }
            @MutationMapping("addBook") B add() { return null; }
            @SubscriptionMapping Flux<B> added() { return null; }
            @SchemaMapping(typeName = "Book", field = "author") A no() { return null; }
            @SchemaMapping(typeName = "Query", field = "one") B one() { return null; }
            @DgsQuery(field = "shows") void s() {}
            @DgsData(parentType = "Show", field = "x") void neither() {}
        }
        class Root implements GraphQLQueryResolver { public A all() { return null; } private A helper() { return null; } }
        "##,
        "
        4 graphql books
        5 graphql addBook
        6 subscription added
        8 graphql one
        9 graphql shows
        12 graphql all
        ",
    );
}

#[test]
fn sockets_are_subscribed() {
    check(
        "src/B.java",
        r##"
        import org.springframework.messaging.handler.annotation.*;
        @ServerEndpoint("/ws/{id}") class A {}
        @Controller @MessageMapping("/chat") class B { @MessageMapping("/send") void a() {} @SubscribeMapping("/top") void b() {} }
        class C implements WebSocketMessageBrokerConfigurer { public void r(StompEndpointRegistry r) { r.addEndpoint("/stomp").withSockJS(); } }
        class D { void r(WebSocketHandlerRegistry r) { r.addHandler(handler(), "/h1", "/h2").setAllowedOrigins("*"); } }
        @WebSocket(path = "/no") class E {}
        "##,
        "
        3 subscription /ws/{id}
        4 subscription /chat/send
        4 subscription /chat/top
        5 subscription /stomp
        6 subscription /h1
        6 subscription /h2
        ",
    );
}
