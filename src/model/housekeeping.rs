//! Operations that serve the machines which run a service rather than its callers.

use super::cohesion::{is_prefix, is_version};

/// First words of paths, after prefixes such as `/api/v1`, that no business resource has.
const ROOTS: [&str; 26] = [
    "actuator",
    "alive",
    "api-docs",
    "dapr",
    "favicon.ico",
    "hc",
    "health",
    "health-check",
    "health_check",
    "healthcheck",
    "healthy",
    "healthz",
    "liveness",
    "livez",
    "openapi",
    "openapi.json",
    "openapi.yaml",
    "ping",
    "prometheus",
    "readiness",
    "ready",
    "readyz",
    "robots.txt",
    "swagger",
    "swagger-ui",
    "swagger.json",
];
/// Words that a business may have, too: floors of `/api/v1/metrics` are measured by somebody. They count as the whole of a path that no
/// version of an interface stands in.
const PLAIN: [&str; 5] = ["docs", "info", "live", "metrics", "version"];
/// Last words that mean the same wherever they stand.
const ENDS: [&str; 12] = [
    "health",
    "healthz",
    "healthcheck",
    "health-check",
    "livez",
    "readyz",
    "liveness",
    "readiness",
    "metrics",
    "_health",
    "_healthz",
    "prometheus",
];
/// A path with more parts than this is about something of the business.
const LONGEST: usize = 3;

/// Whether a path is that of a health check, of metrics, of a version, or of documentation.
pub fn is_housekeeping(path: &str) -> bool {
    let word = |list: &[&str], part: &str| list.iter().any(|word| word.eq_ignore_ascii_case(part));
    let (mut root, mut last, mut count, mut is_versioned) = (None, "", 0, false);
    for part in path.split('/').filter(|part| !part.is_empty()) {
        root = root.or_else(|| (!is_prefix(part)).then_some(part));
        is_versioned |= is_version(part);
        last = part;
        count += 1;
    }
    let root = root.unwrap_or("");
    let is_plain = !is_versioned && word(&PLAIN, root) && (root == last || root == "docs" && !last.starts_with('{'));
    let is_end = count <= LONGEST && word(&ENDS, last) && !(is_versioned && word(&PLAIN, last));
    is_plain || word(&ROOTS, root) || is_end || count == 2 && path.starts_with("/q/")
}

#[cfg(test)]
mod tests {
    use super::is_housekeeping;

    #[test]
    fn machines_are_told_from_callers() {
        for path in [
            "/health",
            "/api/v1/healthz",
            "/orders/health",
            "/actuator/info",
            "/metrics",
            "/api/info",
            "/docs/oauth2-redirect",
            "/swagger/v1/swagger.json",
            "/q/health",
        ] {
            assert!(is_housekeeping(path), "{path}");
        }
        for path in [
            "/",
            "/api/v1/metrics",
            "/api/v1/metrics/{id}/floors",
            "/docs/{id}",
            "/orders",
            "/orders/{id}/info",
            "/patients/{id}/records/health",
            "/apps/{id}/version",
            "/healthy-meals",
        ] {
            assert!(!is_housekeeping(path), "{path}");
        }
    }
}
