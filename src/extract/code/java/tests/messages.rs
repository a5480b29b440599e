//! Messages that are sent, bindings of queues, and stores that code opens.

use crate::extract::code::snapshot::check;

#[test]
fn templates_send() {
    check(
        "src/A.java",
        r##"
        import org.springframework.kafka.core.KafkaTemplate;
        class A {
            private KafkaTemplate<String, OrderCreated> kafkaTemplate;
            private RabbitTemplate rabbitTemplate;
            private JmsTemplate jms;
            private StreamBridge bridge;
            private ApplicationEventPublisher events;
            void a(OrderCreated event) {
                kafkaTemplate.send("orders.created", event.id(), event);
                rabbitTemplate.convertAndSend("shop", "orders.new", new OrderCreated(1));
                rabbitTemplate.convertAndSend("orders", event, m -> m);
                jms.convertAndSend("queue.a", event);
                bridge.send("orders-out-0", event);
                events.publishEvent(event);
            }
            void b(OrderPaid event) { kafkaTemplate.send("orders.paid", event); rabbitTemplate.execute(new Callback()); }
        }
        "##,
        "
        10 call message orders.created name OrderCreated (message-template)
        11 call message orders.new name OrderCreated exchange shop (message-template)
        12 call message orders name OrderCreated (message-template)
        13 call message queue.a name OrderCreated (message-template)
        14 call message property(spring.cloud.stream.bindings.orders-out-0.destination or orders-out-0) name OrderCreated (message-template)
        17 call message orders.paid name OrderPaid (message-template)
        ",
    );
}

#[test]
fn clients_send() {
    check(
        "src/A.kt",
        r##"
        import org.apache.kafka.clients.producer.ProducerRecord
        class A(val producer: KafkaProducer<String, String>) {
            val topic = System.getenv("TOPIC") ?: "orders"
            fun a() { producer.send(ProducerRecord(topic, "key", "x")) }
        }
        "##,
        "
        5 call message env(TOPIC or orders) (message-producer)
        ",
    );
}

#[test]
fn channels_are_emitted_to() {
    check(
        "src/A.java",
        r##"
        import org.eclipse.microprofile.reactive.messaging.*;
        class A {
            private final MutinyEmitter<Fight> emitter;
            A(@Channel("fights") MutinyEmitter<Fight> emitter) { this.emitter = emitter; }
            void a() { emitter.send(x); }
            @Outgoing("stats") Multi<Stats> b() { }
        }
        "##,
        "
        7 call message property(mp.messaging.outgoing.stats.topic or stats) (message-interface)
        6 call message property(mp.messaging.outgoing.fights.topic or fights) name Fight (message-interface)
        ",
    );
}

#[test]
fn events_of_the_house_leave() {
    check(
        "src/A.java",
        r##"
        package a;
        import io.eventuate.tram.events.publisher.DomainEventPublisher;
        class A {
            private DomainEventPublisher domainEventPublisher;
            void a() { domainEventPublisher.publish(Order.class, id, Collections.singletonList(new OrderCreated())); }
            Builder b() { return send(new Reserve()).to("customers"); }
        }
        "##,
        "
        6 call message a.Order name OrderCreated (eventuate-producer)
        7 call message customers name Reserve (eventuate-producer)
        ",
    );
    check(
        "src/A.java",
        r##"
        import io.eventuate.tram.events.publisher.*;
        import b.Order;
        class A extends AbstractDomainEventPublisherForAggregateImpl<Order> { A(DomainEventPublisher p) { super(Order.class, Order::getId, p); } }
        "##,
        "
        4 call message b.Order (eventuate-producer)
        ",
    );
    check(
        "src/A.java",
        r##"
        import org.axonframework.commandhandling.gateway.CommandGateway;
        class A { CommandGateway commandGateway; void a() { commandGateway.send(new CreateOrder(1)); other.send(new No()); } }
        "##,
        "
        3 call message ?whoever handles it name CreateOrder (axon-gateway)
        ",
    );
}

#[test]
fn queues_are_bound() {
    check(
        "src/A.java",
        r##"
        import org.springframework.amqp.core.*;
        class A {
            static final String NAME = "orders";
            @Bean Queue queue() { return new Queue(NAME, false); }
            @Bean TopicExchange exchange() { return new TopicExchange("shop"); }
            @Bean Binding binding(Queue queue, TopicExchange exchange) { return BindingBuilder.bind(queue).to(exchange).with("orders.#"); }
        }
        "##,
        "
        7 binds orders to shop by orders.#
        4 constant A.NAME = orders
        ",
    );
}

#[test]
fn stores_are_opened() {
    check(
        "src/A.java",
        r##"
        class A {
            void a() {
                DriverManager.getConnection("jdbc:postgresql://db:5432/orders", user, password);
                MongoClients.create("mongodb://" + System.getenv("MONGO")).getDatabase("shop");
                new JedisPool(new JedisPoolConfig(), "cache", 6379);
            }
        }
        "##,
        "
        4 connects jdbc:postgresql://db:5432/orders
        5 connects mongodb mongodb://+env(MONGO) database shop
        6 connects redis cache:6379
        ",
    );
}
