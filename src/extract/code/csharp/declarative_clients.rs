//! Interfaces whose members are requests: Refit, RestEase, WebApiClientCore.
//!
//! The base of an interface is the constant `Interface.BaseAddress` of the file that registers it (see `registrations`).

use super::registrations::base_name;
use super::syntax;
use super::{requests, values};
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::Value;

pub const FRAMEWORK: Framework = Framework {
    name: "rest-interface",
    marks: &["[Get(", "[Post(", "[Put(", "[Delete(", "[Patch(", "[Head(", "using Refit", "RestEase", "IHttpApi"],
    read,
};

const VERBS: [&str; 7] = ["Get", "Post", "Put", "Delete", "Patch", "Head", "Options"];

fn read(code: &Code, output: &mut Output) {
    let rest_ease = !code.occurrences("RestEase").is_empty();
    for of in syntax::types(code).iter().filter(|of| code.is(of.item.start, "interface")) {
        let attributes = syntax::attributes(code, of.item);
        let path = attributes.iter().find(|attribute| matches!(attribute.name, "BasePath" | "Path"));
        let path = path.and_then(|attribute| attribute.arguments.first()).map(|range| values::text(code, range.clone()));
        let host = attributes.iter().find(|attribute| matches!(attribute.name, "BaseAddress" | "HttpHost"));
        let host = host.and_then(|attribute| attribute.arguments.first()).map(|range| values::text(code, range.clone()));
        let is_http_api = of.extends("IHttpApi") || host.is_some();
        let base = host.unwrap_or_else(|| Value::Symbol(format!("#{}", base_name(of.name)).into()));
        let base = path.map_or(base.clone(), |path| values::join(base, path));
        let mut at = of.item.body.start;
        while at < of.item.body.end {
            if code.is(at, "[") {
                for attribute in syntax::attributes_in(code, at) {
                    let name = attribute.name.strip_prefix("Http").filter(|_| is_http_api).unwrap_or(attribute.name);
                    let Some(verb) = VERBS.iter().find(|verb| **verb == name) else { continue };
                    let own = attribute.arguments.first().map(|range| values::text(code, range.clone()));
                    if own.is_none() && !rest_ease && !is_http_api {
                        continue;
                    }
                    let own = requests::without_query(own.unwrap_or_else(|| literal("")));
                    let is_whole = matches!(values::first_part(&own), Value::Literal(text) if text.contains("://"));
                    let target = if is_whole { own } else { values::join(base.clone(), own) };
                    let method = verb.to_ascii_uppercase().into();
                    requests::state(output, FRAMEWORK.name, code.at(attribute.at), Some(method), target, None);
                }
            }
            at = code.after(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn members_of_interfaces_are_requests() {
        check(
            "A.cs",
            r#"
public interface IOrders {
    [Get("/orders?page={page}")]
    Task<List<Order>> All(int page);
    [Headers("A: b")]
    [Post("/orders/{id}/items")] Task Add(string id, [Body] Item item);
}
public class Orders { [Get("/none")] public void A() { } }"#,
            "3 call http GET <#IOrders.BaseAddress>+/orders (rest-interface)
             6 call http POST <#IOrders.BaseAddress>+/orders/{id}/items (rest-interface)",
        );
        check(
            "B.cs",
            "using RestEase;\n[BasePath(\"api\")] public interface IPricing { [Post] Task<R> Price([Body] C c); }\nclass P { P(IConfiguration c) { client = RestClient.For<IPricing>(new HttpClient { BaseAddress = new Uri(c[\"PricingUri\"]) }); } }",
            "2 call http POST <#IPricing.BaseAddress>+/api (rest-interface)
             3 constant IPricing.BaseAddress = property(PricingUri)",
        );
    }
}
