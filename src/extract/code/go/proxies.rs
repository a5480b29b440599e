//! Proxies that are written in Go: reverse proxies of net/http/httputil, of Fiber and Echo, and HTTP that grpc-gateway hands on.

use super::super::calls::Call;
use super::super::value::concat;
use super::reach::Reach;
use crate::facts::{Fact, Forward, Gateway, Value};
use crate::source::Location;

/// A function, a part of the path of its package, the tool, and where the address stands among its arguments.
const PROXIES: &[(&str, &str, &str, usize)] = &[
    ("NewSingleHostReverseProxy", "net/http/httputil", "httputil", 0),
    ("Forward", "fiber", "fiber", 0),
    ("DomainForward", "fiber", "fiber", 1),
    ("Do", "fiber", "fiber", 1),
    ("DoTimeout", "fiber", "fiber", 1),
];

/// The proxy that a call makes.
pub fn read(reach: &Reach, call: Call) -> Option<Fact> {
    let code = reach.code;
    let name = code.text_of(call.name);
    let arguments = code.arguments(call.open);
    let at = code.location(call.start..code.after(call.open));
    let receiver = code.receiver_name(call)?;
    if name.starts_with("Register") && name.ends_with("HandlerFromEndpoint") && arguments.len() >= 3 {
        return Some(gateway(at, "grpc-gateway", None, reach.address(arguments[2].clone())));
    }
    if name == "SetURL" && arguments.len() == 1 && reach.imports("net/http/httputil#") {
        return Some(gateway(at, "httputil", None, reach.address(arguments[0].clone())));
    }
    let package = code.imports().get(&receiver)?;
    let (.., tool, index) = PROXIES.iter().find(|(called, path, ..)| *called == name && package.contains(path))?;
    if *tool == "fiber" && !package.contains("middleware/proxy") {
        return None;
    }
    Some(gateway(at, tool, path_of(reach, call), reach.address(arguments.get(*index)?.clone())))
}

/// Proxies whose director says where requests go, and targets of balancers.
pub fn literals(reach: &Reach) -> Vec<Fact> {
    let code = reach.code;
    let mut found = Vec::new();
    for open in (3..code.len()).filter(|&at| code.is(at, "{")).take(super::MOST_LITERALS) {
        let fields = || code.split(code.inside(open), ",");
        if code.is(open - 1, "ReverseProxy") && code.is(open - 2, ".") {
            let inside = code.inside(open);
            let assigned = |field: &str| {
                code.occurrences_in(inside.clone(), field).iter().take(8).find_map(|&at| {
                    let at = at as usize;
                    let is_address =
                        code.is(at.wrapping_sub(1), ".") && code.is(at.wrapping_sub(2), "URL") && code.is(at + 1, "=");
                    is_address.then(|| reach.address(at + 2..super::values::expression_end(code, at + 2)))
                })
            };
            let Some(host) = assigned("Host") else { continue };
            let scheme = assigned("Scheme").filter(|scheme| matches!(scheme, Value::Literal(_)));
            let target = match scheme {
                Some(scheme) => concat([scheme, super::super::value::literal("://"), host]),
                None => host,
            };
            found.push(gateway(code.location(open - 3..open), "httputil", None, target));
        } else if code.is(open - 1, "ProxyTarget") || code.is(open - 2, "ProxyTarget") {
            let address = fields().into_iter().find(|part| code.is(part.start, "URL") && code.is(part.start + 1, ":"));
            if let Some(address) = address {
                let target = reach.address(address.start + 2..address.end);
                found.push(gateway(code.location(open - 1..open), "echo", None, target));
            }
        }
    }
    found
}

fn gateway(at: Location, tool: &str, path: Option<&str>, target: Value) -> Fact {
    let forwards = vec![Forward { at, path: path.map(Into::into), target }];
    Fact::Gateway(Gateway { at, tool: tool.into(), name: None, forwards })
}

/// The path at which a proxy is mounted where it is made: `mux.Handle("/orders/", http.StripPrefix("/orders", proxy))`.
fn path_of<'t>(reach: &Reach<'_, '_, 't>, call: Call) -> Option<&'t str> {
    let code = reach.code;
    let mut at = call.start;
    for _ in 0..3 {
        let comma = at.checked_sub(1).filter(|&comma| code.is(comma, ","))?;
        let path = comma.checked_sub(1).filter(|&path| code.is(path.wrapping_sub(1), "("))?;
        let text = code.text_of(path).trim_matches(['"', '`']);
        let name = path.checked_sub(2)?;
        if code.is_any(name, &["Handle", "HandleFunc", "Any", "All", "Mount", "Use", "Get", "Post"]) {
            return text.starts_with('/').then_some(text);
        }
        at = code.chain_start(name);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::super::snapshot::check as compare;

    #[track_caller]
    fn check(imports: &str, body: &str, expected: &str) {
        let imports: String = imports.split(' ').map(|path| format!("\"{path}\"; ")).collect();
        compare("client.go", &format!("package client; import ({imports})\n{body}"), expected);
    }

    #[test]
    fn proxies_hand_on() {
        check(
            "net/http net/http/httputil net/url os",
            "func run() {\nu, _ := url.Parse(os.Getenv(\"ORDERS_URL\"))\nproxy := httputil.NewSingleHostReverseProxy(u)\n\
             p := &httputil.ReverseProxy{Director: func(r *http.Request) {\nr.URL.Scheme = \"http\"\nr.URL.Host = \"users:80\"\n}}\n}",
            "4 forwards to env(ORDERS_URL) (httputil)
             5 forwards to http://users:80 (httputil)",
        );
    }
}
