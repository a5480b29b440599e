//! Clients and options that are registered in one file and used in others: constants by which those find them.
//!
//! `AddHttpClient<T>(c => c.BaseAddress = …)` is the constant `T.BaseAddress`, `AddHttpClient("name", …)` is `name.BaseAddress`,
//! `AddGrpcClient<X.XClient>(o => o.Address = …)` is `XClient.Address`. A type that is filled from a section is a constant of its own whose
//! value is the section's key: `Configure<Urls>(configuration.GetSection("Addresses"))` is `Urls`, so that `Urls.Orders` is the setting
//! `Addresses.Orders`.

use std::ops::Range;

use super::expressions;
use super::http_clients::set_in;
use super::syntax;
use super::values;
use crate::extract::code::Code;
use crate::extract::code::calls::Call;
use crate::facts::{Constant, Value};

/// One of these stands in every file that registers clients or options.
pub const MARKS: [&str; 10] = [
    "AddHttpClient",
    "HttpClient<",
    "AddRefitClient",
    "AddGrpcClient",
    "RestService.For",
    "RestClient.For",
    "AddRestEaseClient",
    ".Configure<",
    "AddOptions<",
    "GetEnvironmentVariable",
];
const MOST: usize = 100;

/// The constant that holds the base of a client, by the type or name of the client.
pub fn base_name(of: &str) -> String {
    format!("{of}.BaseAddress")
}

/// The constant that holds the address of a stub.
pub fn address_name(of: &str) -> String {
    format!("{of}.Address")
}

/// What is registered in a file.
pub fn constants(code: &Code) -> Vec<Constant> {
    let mut found: Vec<Constant> = Vec::new();
    for &at in code.occurrences("new") {
        let of = at as usize + 1;
        if found.len() < MOST && code.word(of).is_some_and(expressions::holds_settings) {
            let open = if code.is(of + 1, "(") { code.after(of + 1) } else { of + 1 };
            found.extend(filled(code, code.text_of(of), open));
        }
    }
    for call in code.calls() {
        if found.len() >= 2 * MOST {
            break;
        }
        let method = code.text_of(call.name);
        let mut add = |name: String, value: Value| found.push(Constant { name: name.into(), value, at: code.at(call.name) });
        if method.starts_with("Add") && method.contains("HttpClient")
            || matches!(method, "AddRefitClient" | "AddRestEaseClient" | "AddGrpcServiceReference" | "AddHttpServiceReference")
        {
            let Some(base) = set_in(code, reach(code, call)).or_else(|| first_address(code, call)) else { continue };
            names(code, call).into_iter().for_each(|name| add(base_name(&name), base.clone()));
        } else if method == "AddGrpcClient" || method == "AddCodeFirstGrpcClient" {
            if let (Some(name), Some(address)) = (stub(code, call), address(code, reach(code, call))) {
                add(address_name(&name), address);
            }
        } else if method == "For" && code.is_any(call.name.wrapping_sub(2), &["RestService", "RestClient"]) {
            if let (Some(name), Some(base)) = (names(code, call).into_iter().next(), base_of_interface(code, call)) {
                add(base_name(&name), base);
            }
        } else if let Some((name, value)) = section(code, call, method) {
            add(name, value);
        }
    }
    found
}

/// `new Settings { Orders = … }` with what is read of the environment or the settings.
fn filled(code: &Code, of: &str, open: usize) -> Vec<Constant> {
    if !code.is(open, "{") {
        return Vec::new();
    }
    let members = code.arguments(open).into_iter().take(40).filter_map(|range| {
        let name = code.word(range.start).filter(|_| code.is(range.start + 1, "="))?;
        let value = expressions::given(code, range.start + 2..range.end);
        let is_read = |value: &Value| matches!(value, Value::Env { .. } | Value::Property { .. });
        let is_setting = match &value {
            Value::Concat(parts) => parts.iter().any(is_read),
            Value::Literal(text) => text.contains("://"),
            other => is_read(other),
        };
        is_setting.then(|| Constant { name: format!("{of}.{name}").into(), value, at: code.at(range.start) })
    });
    members.collect()
}

/// Types and names for which a client is registered.
fn names(code: &Code, call: Call) -> Vec<String> {
    let types = syntax::call_types(code, call.name);
    let mut found: Vec<String> = types.into_iter().take(2).map(|range| syntax::type_name(code, range).to_owned()).collect();
    let first = code.arguments(call.open).into_iter().next();
    if let Some(range) = first.filter(|range| !range.clone().any(|at| code.is(at, "=>")))
        && let Value::Literal(name) = values::text(code, range)
        && !name.contains("://")
    {
        found.push(name.to_string());
    }
    found.retain(|name| !name.is_empty() && !syntax::is_type_parameter(name));
    found
}

/// The last type argument of a registration of a stub: of `AddGrpcClient<Basket.BasketClient>` it is `BasketClient`.
pub fn stub(code: &Code, call: Call) -> Option<String> {
    let range = syntax::call_types(code, call.name).into_iter().next()?;
    let name = syntax::type_name(code, range);
    // `using BasketClient = …` names another.
    let name = match code.imports().get(name) {
        Some(target) => target.rsplit(['.', '#']).next().unwrap_or(name),
        None => name,
    };
    (!name.is_empty()).then(|| name.to_owned())
}

/// The tokens in which a registration sets its client up: its arguments and the calls after it, up to the next registration.
pub fn reach(code: &Code, call: Call) -> Range<usize> {
    let mut end = code.after(call.open);
    while end < code.len() {
        let is_next = code.word(end).is_some_and(|word| {
            word.starts_with("Add")
                && (word.contains("HttpClient") || word.contains("GrpcClient") || word.contains("RefitClient"))
        }) && !code.is_any(end, &["AddHttpMessageHandler"]);
        if is_next || code.is(end, ";") || matches!(code.text_of(end), ")" | "}" | ",") {
            break;
        }
        end = code.after(end);
    }
    call.open..end.min(code.len())
}

/// `o.Address = …`.
pub fn address(code: &Code, range: Range<usize>) -> Option<Value> {
    let at = code.occurrences_in(range.clone(), "Address").iter().find(|&&at| code.is(at as usize + 1, "="))?;
    let from = *at as usize + 2;
    let mut end = from;
    while end < range.end && !code.is_any(end, &[",", ";", "}", ")"]) {
        end = code.after(end);
    }
    Some(expressions::given(code, from..end))
}

/// `AddHttpServiceReference<T>("https+http://orders")`.
fn first_address(code: &Code, call: Call) -> Option<Value> {
    let range = code.arguments(call.open).into_iter().next()?;
    let value = values::text(code, range);
    let is_address = matches!(values::first_part(&value), Value::Literal(text) if text.contains("://"));
    is_address.then_some(value)
}

/// `RestService.For<T>("http://…")`, or for a client with a base.
fn base_of_interface(code: &Code, call: Call) -> Option<Value> {
    let range = code.arguments(call.open).into_iter().next()?;
    if let Some(client) = super::http_clients::client(code, range.clone()) {
        return client.base;
    }
    if code.is(range.start, "new")
        && code.is(range.start + 1, "HttpClient")
        && let Some(base) = set_in(code, range.clone())
    {
        return Some(base);
    }
    Some(expressions::given(code, range))
}

/// A type and the section that it is filled from.
fn section(code: &Code, call: Call, method: &str) -> Option<(String, Value)> {
    let name = || syntax::call_types(code, call.name).into_iter().next().map(|range| syntax::type_name(code, range).to_owned());
    let arguments = code.arguments(call.open);
    let value = match method {
        "Configure" | "ConfigureOptions" => expressions::section(code, arguments.last()?.clone())?,
        // `AddOptions<T>().Bind(section)`, `.BindConfiguration("key")`.
        "AddOptions" | "AddOptionsWithValidateOnStart" => {
            let mut at = code.after(call.open);
            let mut key = None;
            while code.is(at, ".") && code.word(at + 1).is_some() {
                let open = if code.is(at + 2, "<") { syntax::type_arguments_end(code, at + 2) } else { at + 2 };
                let first = code.arguments(open).into_iter().next();
                key = match code.text_of(at + 1) {
                    "Bind" => first.and_then(|range| expressions::section(code, range)),
                    "BindConfiguration" => first.and_then(|range| match values::text(code, range) {
                        Value::Literal(key) => Some(key.to_string()),
                        _ => None,
                    }),
                    _ => key,
                };
                at = code.after(open);
            }
            key?
        }
        _ => return None,
    };
    let name = name().filter(|name| !name.is_empty())?;
    Some((name, Value::Property { key: values::setting_key(&value), default: None }))
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn registrations_are_constants() {
        check(
            "P.cs",
            r#"
services.AddHttpClient("stock", c => c.BaseAddress = new Uri("https+http://stock"));
services.AddHttpClient<ICatalog, Catalog>((sp, c) => { c.BaseAddress = new Uri(configuration["Urls:Catalog"]); }).AddPolicy();
services.AddHttpClient<Plain>();
services.AddRefitClient<IOrders>().ConfigureHttpClient(c => c.BaseAddress = new Uri(configuration.GetValue<string>("OrdersUrl")));
services.AddGrpcClient<Basket.BasketClient>(o => o.Address = new("http://basket")).AddAuthToken();
services.Configure<UrlsConfig>(configuration.GetSection("urls"));
services.AddSingleton(new Settings { Stock = $"http://{Environment.GetEnvironmentVariable("STOCK_ADDR")}", Name = "x" });
services.AddOptions<Mail>().BindConfiguration("Mail:Out").ValidateOnStart();"#,
            "6 call grpc http://basket name Basket (grpc-dotnet-client)
             8 constant Settings.Stock = http://+env(STOCK_ADDR)
             2 constant stock.BaseAddress = https+http://stock
             3 constant ICatalog.BaseAddress = property(Urls.Catalog)
             3 constant Catalog.BaseAddress = property(Urls.Catalog)
             5 constant IOrders.BaseAddress = property(OrdersUrl)
             6 constant BasketClient.Address = http://basket
             7 constant UrlsConfig = property(urls)
             9 constant Mail = property(Mail.Out)
             2 entry main",
        );
    }
}
