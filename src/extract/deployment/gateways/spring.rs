//! Gateways of Spring that settings configure: Zuul, and Spring Cloud Gateway. Their files are settings, too, and are read as such elsewhere.

use std::sync::Arc;

use super::{has, state, target};
use crate::document::{Node, Shape, template_of};
use crate::extract::deployment::settings::{properties, spring};
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Forward, Value};
use crate::source::Location;

/// Settings are opened as such.
pub const EXTRACTOR: Extractor = Extractor { name: "spring-gateway", wants: |_, _| false, applies, extract };

/// How many values of one file are looked at.
const MOST: usize = 20_000;

fn applies(input: &Input) -> bool {
    spring::is_settings(input) && (has(input, "zuul") || has(input, "gateway") && (has(input, "routes") || has(input, "locator")))
}

/// How many fields of one route are looked at.
const MOST_FIELDS: usize = 200;

/// A setting with its place.
struct Setting {
    key: String,
    value: String,
    at: Location,
}

/// Where the settings of Spring Cloud Gateway may stand; its fifth version parts them by the server.
const GATEWAYS: [&str; 5] = [
    "spring.cloud.gateway.server.webflux.",
    "spring.cloud.gateway.server.webmvc.",
    "spring.cloud.gateway.reactive.",
    "spring.cloud.gateway.mvc.",
    "spring.cloud.gateway.",
];

fn extract(input: &Input, output: &mut Output) {
    let (mut zuul, mut gateway) = (Vec::new(), Vec::new());
    for document in documents(input) {
        zuul.extend(zuul_routes(&document));
        gateway.extend(gateway_routes(&document));
    }
    state("zuul", zuul, output);
    state("spring-cloud-gateway", gateway, output);
}

/// The settings of each document of the file, keys joined by dots.
fn documents(input: &Input) -> Vec<Vec<Setting>> {
    if input.path.ends_with(".properties") {
        let documents = properties::documents(input.text).into_iter().take(100);
        let read =
            |(key, value): (&str, &str)| Setting { key: key.to_owned(), value: value.to_owned(), at: input.place_of(value) };
        return documents.map(|document| document.into_iter().take(MOST).map(read).collect()).collect();
    }
    if template_of(input.path, input.tree()).is_some() {
        return Vec::new();
    }
    input.tree().documents().take(100).map(flat).collect()
}

fn flat(root: Node) -> Vec<Setting> {
    let mut found = Vec::new();
    let mut waiting = vec![(root, String::new())];
    for _ in 0..MOST {
        let Some((node, key)) = waiting.pop() else { break };
        let is_near = ["spring", "zuul"].iter().any(|word| key.starts_with(word) || key.is_empty());
        match node.shape() {
            Shape::Mapping if key.len() < 300 && is_near => {
                let entries = node.entries().take(MOST).filter_map(|(name, value)| {
                    let name = name.scalar()?;
                    Some((value, if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") }))
                });
                let entries: Vec<(Node, String)> = entries.collect();
                waiting.extend(entries.into_iter().rev());
            }
            Shape::Sequence if is_near => {
                let items: Vec<(Node, String)> =
                    node.items().take(MOST).enumerate().map(|(index, item)| (item, format!("{key}[{index}]"))).collect();
                waiting.extend(items.into_iter().rev());
            }
            _ if is_near => {
                let value = node.scalar().unwrap_or_default().to_owned();
                found.push(Setting { key, value, at: node.location() });
            }
            _ => {}
        }
    }
    found
}

/// Settings in groups that follow each other: those of one route.
fn groups<'s>(
    settings: &'s [Setting],
    prefix: &str,
    end: fn(&str) -> Option<usize>,
) -> Vec<(&'s str, Vec<(&'s str, &'s Setting)>)> {
    let mut found: Vec<(&str, Vec<(&str, &Setting)>)> = Vec::new();
    let mut places = rustc_hash::FxHashMap::default();
    for setting in settings {
        let Some(rest) = setting.key.strip_prefix(prefix) else { continue };
        let (id, field) = end(rest).map_or((rest, ""), |end| rest.split_at(end));
        let index = *places.entry(id).or_insert_with(|| {
            found.push((id, Vec::new()));
            found.len() - 1
        });
        found[index].1.push((field.trim_start_matches(['.', ']']), setting));
    }
    found
}

fn zuul_routes(settings: &[Setting]) -> Vec<Forward> {
    let routes = groups(settings, "zuul.routes.", |rest| rest.find('.'));
    let forward = |(id, fields): (&str, Vec<(&str, &Setting)>)| {
        let get = |names: [&str; 2]| fields.iter().find(|(field, _)| names.contains(field)).map(|(_, setting)| *setting);
        let path = get(["path", ""]);
        let to = get(["url", "url"]).or(get(["serviceId", "service-id"]));
        let at = to.or(path)?.at;
        let target = to.map_or_else(|| Value::Literal(id.into()), |to| target::spring(&to.value));
        // `forward:/local` stays in the gateway.
        let is_own = to.is_some_and(|to| to.value.starts_with("forward:"));
        (!is_own).then(|| Forward { at, path: path.map(|path| Arc::from(&*path.value)), target })
    };
    routes.into_iter().filter_map(forward).collect()
}

fn gateway_routes(settings: &[Setting]) -> Vec<Forward> {
    let mut found = Vec::new();
    for prefix in GATEWAYS {
        for (_, fields) in groups(settings, &format!("{prefix}routes["), |rest| rest.find(']')) {
            let Some((_, uri)) = fields.iter().find(|(field, _)| *field == "uri") else { continue };
            let is_own = ["forward:", "no:"].iter().any(|scheme| uri.value.starts_with(scheme));
            let target = target::spring(&uri.value);
            if is_own || uri.value.is_empty() {
                continue;
            }
            for path in paths(&fields) {
                found.push(Forward { at: uri.at, path, target: target.clone() });
            }
        }
        let locator = format!("{prefix}discovery.locator.enabled");
        if let Some(locator) = settings.iter().find(|setting| setting.key == locator && setting.value == "true") {
            let target = Value::Unknown("every service that is registered".into());
            found.push(Forward { at: locator.at, path: Some("/{service}/**".into()), target });
        }
    }
    found
}

/// The paths of the predicates of a route: `Path=/a/**,/b/**`, or a predicate that is called so with arguments.
fn paths(fields: &[(&str, &Setting)]) -> Vec<Option<Arc<str>>> {
    let fields = &fields[..fields.len().min(MOST_FIELDS)];
    let mut found = Vec::new();
    let named: Vec<&str> = fields
        .iter()
        .filter(|(field, setting)| field.starts_with("predicates[") && field.ends_with("].name") && setting.value == "Path")
        .filter_map(|(field, _)| field.strip_suffix("name"))
        .collect();
    for (field, setting) in fields.iter().filter(|(field, _)| field.starts_with("predicates[")) {
        let is_argument = named.iter().any(|name| field.strip_prefix(name).is_some_and(|rest| rest.starts_with("args")))
            && !field.contains("matchTrailingSlash")
            && setting.value.starts_with('/');
        let list = match setting.value.trim().strip_prefix("Path=") {
            Some(list) => list,
            None if is_argument => &setting.value,
            None => continue,
        };
        found.extend(
            list.split(',').map(str::trim).filter(|path| path.starts_with(['/', '{'])).take(20).map(|path| Some(Arc::from(path))),
        );
    }
    if found.is_empty() {
        found.push(None);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    fn gateways(path: &str, text: &str) -> String {
        read(path, text).lines().filter(|line| line.starts_with("gateway")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn zuul_is_read() {
        let text = "zuul:
  ignoredServices: '*'
  routes:
    users: /users/**
    orders: {path: /orders/**, serviceId: orders-service}
    billing: {path: /billing/**, url: \"${BILLING_URL:http://billing:80}\", stripPrefix: false}
    own: {path: /own/**, url: forward:/local}
";
        let found = gateways("config/gateway.yml", text);
        assert_eq!(found.matches("target=").count(), 3, "{found}");
        check(
            "src/main/resources/application.properties",
            "zuul.routes.orders.path=/orders/**\nzuul.routes.orders.service-id=orders\nzuul.prefix=/api\n",
            "gateway at=2:31 tool=zuul forwards=[at=2:31 path=/orders/** target=literal=orders]
             settings settings=[key=zuul.routes.orders.path value=/orders/**@1:25, key=zuul.routes.orders.service-id \
             value=orders@2:31, key=zuul.prefix value=/api@3:13]",
        );
    }

    #[test]
    fn routes_of_spring_cloud_gateway_are_read() {
        check(
            "src/main/resources/application.yml",
            "spring:
  cloud:
    gateway:
      discovery: {locator: {enabled: true}}
      routes:
        - id: orders
          uri: lb://orders
          predicates: ['Path=/orders/**,/carts/**', Method=GET]
        - id: billing
          uri: http://${billing.host}:80
          predicates: [{name: Path, args: {pattern: /billing/**}}]
        - {id: own, uri: 'forward:/x', predicates: [Path=/own]}
",
            "gateway at=7:16 tool=spring-cloud-gateway forwards=[at=7:16 path=/orders/** target=literal=lb://orders, at=7:16 \
             path=/carts/** target=literal=lb://orders, at=10:16 path=/billing/** target=concat=[literal=http://, \
             property=key=billing.host, literal=:80], at=4:38 path=/{service}/** target=unknown=every service that is \
             registered]
             settings settings=[key=spring.cloud.gateway.routes[0].id value=orders@6:15, \
             key=spring.cloud.gateway.routes[0].uri value=lb://orders@7:16, key=spring.cloud.gateway.routes[0].predicates[0] \
             value=Path=/orders/**,/carts/**@8:24, key=spring.cloud.gateway.routes[0].predicates[1] value=Method=GET@8:53, \
             key=spring.cloud.gateway.routes[1].id value=billing@9:15, key=spring.cloud.gateway.routes[1].uri \
             value=http://${billing.host}:80@10:16, key=spring.cloud.gateway.routes[1].predicates[0].name value=Path@11:31, \
             key=spring.cloud.gateway.routes[1].predicates[0].args.pattern value=/billing/**@11:53, \
             key=spring.cloud.gateway.routes[2].id value=own@12:16, key=spring.cloud.gateway.routes[2].uri \
             value=forward:/x@12:26, key=spring.cloud.gateway.routes[2].predicates[0] value=Path=/own@12:53]",
        );
        let new = "spring.cloud.gateway.server.webflux.routes[0].uri=lb://a\nspring.cloud.gateway.server.webflux.routes[0].predicates[0]=Path=/a/**\n";
        assert_eq!(gateways("application.properties", new).matches("path=/a/**").count(), 1);
        assert_eq!(gateways("application.yml", "spring: {cloud: {gateway: {enabled: true}}}\nmy: {routes: [{uri: x}]}\n"), "");
    }
}
