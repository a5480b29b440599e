//! Calls that are answered over a broker, and how queues are bound: nameko, NATS, RabbitMQ, subscriptions of topics.

use std::ops::Range;

use super::{Reach, Site};
use crate::extract::code::python::names::Found;
use crate::extract::code::value::{literal, unknown};
use crate::facts::{Binding, CallKind, Fact, Value};

/// Classes of nameko whose members are calls of one service.
const PROXIES: [&str; 3] = ["RpcProxy", "ServiceRpc", "ServiceRpcProxy"];
/// Those whose members are services.
const CLUSTERS: [&str; 4] = ["ClusterRpcProxy", "ClusterRpc", "ClusterRpcClient", "FlaskPooledClusterRpcProxy"];

/// Reads a call; true when it is answered by a pattern, or binds a queue.
pub fn call(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let member = code.text_of(site.call.name);
    match member {
        "request" if reach.values.imports_any(&["nats"]) => {
            let Some(subject) = reach.argument(site, &["subject"], Some(0)) else { return false };
            let name = reach.value(subject);
            return pattern(reach, site, "nats", name);
        }
        "queue_bind" => return bound(reach, site, &["queue"], 0, &["exchange"], 1, Some(2)),
        "exchange_bind" => return bound(reach, site, &["destination"], 0, &["source"], 1, Some(2)),
        "create_subscription" if reach.values.imports_any(&["google"]) => return subscription(reach, site),
        "subscribe" if code.named(&site.arguments, "TopicArn").is_some() => {
            return bound(reach, site, &["Endpoint"], 9, &["TopicArn"], 9, None);
        }
        "bind" if reach.values.imports_any(&["aio_pika", "aiormq"]) => {
            let Some(exchange) = reach.argument(site, &["exchange"], Some(0)) else { return false };
            let key = reach.argument(site, &["routing_key"], Some(1));
            return binding(reach, site, code.receiver(site.call), exchange, key);
        }
        "Queue" if reach.values.imports_any(&["kombu"]) => {
            let Some(exchange) = reach.argument(site, &["exchange"], Some(1)) else { return false };
            let Some(queue) = reach.argument(site, &["name"], Some(0)) else { return false };
            let key = reach.argument(site, &["routing_key"], Some(2));
            return binding(reach, site, queue, exchange, key);
        }
        _ => {}
    }
    if reach.values.imports_any(&["nameko", "flask_nameko", "nameko_cluster_rpc"]) { proxy(reach, site) } else { false }
}

fn pattern(reach: &mut Reach, site: &Site, client: &str, name: Value) -> bool {
    let mut found = reach.site(site.call, CallKind::Pattern, client, unknown("the broker"));
    found.name = Some(name);
    reach.enter(found);
    true
}

/// `self.orders.get(…)` of `orders = RpcProxy("orders")`, `rpc.orders.get(…)` of a cluster, `self.dispatch("created", …)`.
fn proxy(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let Some(name) = site.name.as_deref() else { return false };
    let at = site.call.start;
    if let Some((package, class, open)) = attribute(reach, name, at)
        && package == "nameko"
        && class == "EventDispatcher"
    {
        debug_assert!(open < code.len(), "a bracket of the file");
        let Some(event) = reach.argument(site, &["event_type"], Some(0)) else { return false };
        let service = reach.values.names.class(at).and_then(|class| {
            let body = class.body.clone().take(200);
            body.into_iter().find(|&at| code.is(at, "name") && code.is(at + 1, "=") && code.begins_line(at)).map(|at| at + 2)
        });
        let exchange = service.map(|at| reach.value(at..at + 1));
        for target in reach.alternatives(event) {
            let mut found = reach.site(site.call, CallKind::Message, "nameko", target);
            found.exchange = exchange.clone();
            reach.enter(found);
        }
        return true;
    }
    // `call_async` gives what is waited for later.
    let name = name.strip_suffix(".call_async").unwrap_or(name);
    let Some((of, method)) = name.rsplit_once('.') else { return false };
    if let Some((_, class, open)) = attribute(reach, of, at)
        && PROXIES.contains(&&*class)
    {
        let arguments = code.arguments(open);
        let Some(service) = code.positional(&arguments).next().cloned() else { return false };
        let service = reach.value(service);
        let name = crate::extract::code::value::concat([service, literal(format!(".{method}"))]);
        return pattern(reach, site, "nameko", name);
    }
    let Some((cluster, service)) = of.rsplit_once('.') else { return false };
    if let Some((_, class, _)) = attribute(reach, cluster, at)
        && CLUSTERS.contains(&&*class)
    {
        return pattern(reach, site, "nameko", literal(format!("{service}.{method}")));
    }
    false
}

/// What made the object of a name: the package, the class, and the bracket before its arguments.
fn attribute(reach: &Reach, name: &str, at: usize) -> Option<(String, String, usize)> {
    let Found::Assigned(index) = reach.values.names.recent(name, at) else { return None };
    let made = reach.made(reach.values.names.assignments[index].value.clone())?;
    Some((made.package, made.last, made.open?))
}

#[allow(clippy::too_many_arguments, reason = "an argument has names and a place")]
fn bound(
    reach: &mut Reach,
    site: &Site,
    queue: &[&str],
    queue_place: usize,
    exchange: &[&str],
    exchange_place: usize,
    key: Option<usize>,
) -> bool {
    let Some(queue) = reach.argument(site, queue, Some(queue_place)) else { return false };
    let Some(exchange) = reach.argument(site, exchange, Some(exchange_place)) else { return false };
    let key = key.and_then(|place| reach.argument(site, &["routing_key"], Some(place)));
    binding(reach, site, queue, exchange, key)
}

fn binding(reach: &mut Reach, site: &Site, queue: Range<usize>, exchange: Range<usize>, key: Option<Range<usize>>) -> bool {
    let at = reach.code.location(site.call.start..site.call.open + 1);
    let (queue, exchange) = (reach.value(queue), reach.value(exchange));
    let keys = key.map_or_else(|| vec![None], |range| reach.alternatives(range).into_iter().map(Some).collect());
    for key in keys {
        let fact = Fact::Binding(Binding { at, exchange: exchange.clone(), queue: queue.clone(), key });
        reach.facts.push(fact);
    }
    true
}

/// `create_subscription(name=…, topic=…)`, or the same in `request={…}`.
fn subscription(reach: &mut Reach, site: &Site) -> bool {
    let code = reach.code;
    let entry = |key: &str| {
        let request = code.named(&site.arguments, "request")?;
        let part = code
            .split(code.inside(request.start), ",")
            .into_iter()
            .find(|part| code.literal(part.start).is_some_and(|text| text == key))?;
        Some(part.start + 2..part.end)
    };
    let (Some(queue), Some(topic)) = (
        reach.argument(site, &["name"], None).or_else(|| entry("name")),
        reach.argument(site, &["topic"], None).or_else(|| entry("topic")),
    ) else {
        return false;
    };
    binding(reach, site, queue, topic, None)
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn proxies_of_nameko_call_their_service() {
        check(
            "gateway/service.py",
            r#"
from nameko.rpc import RpcProxy, rpc
from nameko.events import EventDispatcher
from nameko.standalone.rpc import ClusterRpcProxy
class Gateway:
    name = "gateway"
    orders = RpcProxy("orders")
    dispatch = EventDispatcher()
    def get(self, ident):
        self.dispatch("asked", {"id": ident})
        return self.orders.get_order(ident)
def main(config):
    with ClusterRpcProxy(config) as cluster:
        cluster.users.list.call_async()
            "#,
            "10 call message asked exchange gateway (nameko)
            11 call pattern ?the broker name orders.get_order (nameko)
            14 call pattern ?the broker name users.list (nameko)",
        );
    }

    #[test]
    fn queues_are_bound_to_exchanges() {
        check(
            "worker.py",
            r#"
import pika
result = channel.queue_declare(queue="mail", durable=True)
channel.queue_bind(exchange="shop", queue=result.method.queue, routing_key="orders.*")
            "#,
            r#"4 binds mail to shop by orders.*"#,
        );
        check(
            "worker.py",
            r#"
import aio_pika
from kombu import Exchange, Queue
async def main():
    exchange = await channel.declare_exchange("shop", "topic")
    queue = await channel.declare_queue("mail")
    await queue.bind(exchange, routing_key="orders.paid")
other = Queue("stock", exchange=Exchange("shop"), routing_key="orders.new")
            "#,
            "7 binds mail to shop by orders.paid
            8 binds stock to shop by orders.new",
        );
    }
}
