//! Files of hosting platforms: `fly.toml`, App Engine's `app.yaml`, `render.yaml`, and Heroku's `app.json`.

use super::{is_production, unit, variables, written};
use crate::discover::Kind;
use crate::document::Node;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{Deployment, DeploymentTool, Event, EventKind, Fact, Shape, Variable};
use crate::source::{Location, Spanned};

pub const EXTRACTOR: Extractor = Extractor { name: "platform", wants, applies: |input| wants(input.kind, input.path), extract };

fn wants(kind: Kind, path: &str) -> bool {
    let names = ["fly.toml", "app.yaml", "app.yml", "render.yaml", "app.json"];
    is_production(kind) && path.rsplit('/').next().is_some_and(|name| names.contains(&name))
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root() else { return };
    let units = match input.name() {
        "fly.toml" => fly(input, root).into_iter().collect(),
        "render.yaml" => root.get("services").into_iter().flat_map(Node::items).take(200).filter_map(render).collect(),
        "app.json" => heroku(input, root).into_iter().collect(),
        _ => app_engine(input, root).into_iter().collect::<Vec<_>>(),
    };
    output.facts.extend(units.into_iter().map(Fact::Deployment));
}

fn fly(input: &Input, root: Node) -> Option<Deployment> {
    let mut app = unit(DeploymentTool::Platform, written::text(root.get("app")?)?, Shape::Process);
    app.context = Some(written::folder(input.path).into());
    app.image = root.at(&["build", "image"]).and_then(written::text);
    if app.image.is_none() && root.at(&["build", "builder"]).is_none() {
        let dockerfile = root.at(&["build", "dockerfile"]).and_then(Node::scalar).unwrap_or("Dockerfile");
        app.dockerfile = written::beside(input.path, dockerfile);
    }
    let services = root.get("http_service").into_iter().chain(root.get("services").into_iter().flat_map(Node::items));
    for port in services.clone().take(50).filter_map(|service| service.get("internal_port")?.scalar()) {
        written::add_port(&mut app.ports, written::port(port));
    }
    let checks = ["checks", "http_checks", "tcp_checks"];
    let checked = services.take(50).any(|service| checks.iter().any(|key| service.get(key).is_some()));
    app.probed = Some(checked || root.get("checks").is_some());
    app.environment = root.get("env").map(variables::of_node).unwrap_or_default();
    Some(app)
}

/// The default service has no name of its own: it is called so, as App Engine does.
fn app_engine(input: &Input, root: Node) -> Option<Deployment> {
    let runtime = root.get("runtime")?.scalar()?;
    let known = ["python", "java", "nodejs", "go", "php", "ruby", "custom", "dotnet"];
    if !known.iter().any(|name| runtime.starts_with(name)) || root.get("kind").is_some() {
        return None;
    }
    let name = match root.get("service").or(root.get("module")) {
        Some(service) => written::text(service)?,
        None => Spanned::new("default".into(), Location::TOP),
    };
    let mut app = unit(DeploymentTool::Platform, name, Shape::Process);
    app.context = Some(written::folder(input.path).into());
    app.command = root.get("entrypoint").and_then(written::command);
    app.environment = root.get("env_variables").map(variables::of_node).unwrap_or_default();
    app.probed = Some(["liveness_check", "readiness_check", "health_check"].iter().any(|check| root.get(check).is_some()));
    Some(app)
}

/// Files of this name are also those of other tools: only Heroku's tell how the application is built or run.
fn heroku(input: &Input, root: Node) -> Option<Deployment> {
    let is_own = ["buildpacks", "formation", "addons", "stack"].iter().any(|key| root.get(key).is_some());
    let environment = root.get("env").filter(|_| is_own)?;
    let mut app = unit(DeploymentTool::Platform, written::text(root.get("name")?)?, Shape::Process);
    app.context = Some(written::folder(input.path).into());
    for (name, value) in environment.entries().take(variables::MOST) {
        let text = value.get("value").unwrap_or(value);
        app.environment.extend(variables::variable(name.scalar()?, text.scalar(), text.location()));
    }
    Some(app)
}

fn render(service: Node) -> Option<Deployment> {
    let shape = match service.get("type")?.scalar()? {
        "web" | "worker" | "pserv" => Shape::Process,
        "cron" => Shape::Schedule,
        _ => return None,
    };
    let mut app = unit(DeploymentTool::Platform, written::text(service.get("name")?)?, shape);
    app.image = service.at(&["image", "url"]).and_then(written::text);
    let text = |key: &str| service.get(key).and_then(Node::scalar);
    if app.image.is_none() {
        let root = written::below("", text("rootDir").unwrap_or("."))?;
        app.context = text("dockerContext").map_or(Some(root.clone()), |context| written::below(&root, context));
        let is_docker = text("runtime").or(text("env")) == Some("docker");
        app.dockerfile = written::below(&root, text("dockerfilePath").unwrap_or("Dockerfile")).filter(|_| is_docker);
    }
    app.command = service.get("startCommand").or(service.get("dockerCommand")).and_then(written::command);
    app.probed = (shape == Shape::Process).then(|| service.get("healthCheckPath").is_some());
    for variable in service.get("envVars").into_iter().flat_map(Node::items).take(variables::MOST) {
        let other = variable.get("fromService").or(variable.get("fromDatabase"));
        app.environment.extend(given(variable, other));
        let group = variable.get("fromGroup").and_then(written::text);
        app.environment_from.extend(group);
    }
    let schedule = service.get("schedule").and_then(written::text);
    app.events.extend(schedule.map(|name| Event { kind: EventKind::Schedule, name }));
    Some(app)
}

/// A variable with its value; where it is told by another service, its name stands for its address: `${orders}`.
fn given(variable: Node, other: Option<Node>) -> Option<Variable> {
    let name = variable.get("key")?.scalar()?;
    match other.and_then(|other| other.get("name")) {
        Some(other) => variables::variable(name, Some(&format!("${{{}}}", other.scalar()?)), other.location()),
        None => {
            let value = variable.get("value");
            variables::variable(name, value.and_then(Node::scalar), value.unwrap_or(variable).location())
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn platforms_give_variables() {
        check(
            "fly.toml",
            "app = 'orders'\n[env]\nBILLING_URL = 'http://billing.internal'\n",
            "deployment at=1:7 tool=platform name=orders@1:7 shape=process context= dockerfile=Dockerfile probed=false \
             environment=[name=BILLING_URL at=3:15 value=text=http://billing.internal]",
        );
        check(
            "app.yaml",
            "runtime: go122\nenv_variables: {BILLING_URL: 'http://billing', API_KEY: x}\n",
            "deployment at=1:1 tool=platform name=default@1:1 shape=process context= probed=false \
             environment=[name=BILLING_URL at=2:30 value=text=http://billing, name=API_KEY at=2:57 value=unknown]",
        );
        check(
            "render.yaml",
            "services:
  - type: web
    name: web
    envVars:
      - {key: A, value: b}
      - {key: ORDERS_HOST, fromService: {name: orders, type: pserv, property: hostport}}
      - {key: S, sync: false}
      - {fromGroup: shared}
",
            "deployment at=3:11 tool=platform name=web@3:11 shape=process context= probed=false environment=[name=A at=5:25 \
             value=text=b, name=ORDERS_HOST at=6:48 value=text=${orders}, name=S at=7:9 value=unknown] \
             environment_from=[shared@8:21]",
        );
        check(
            "app.json",
            r#"{"name": "web", "stack": "heroku-24", "env": {"A": "b", "URL": {"value": "http://orders"}}}"#,
            "deployment at=1:10 tool=platform name=web@1:10 shape=process context= environment=[name=A at=1:52 value=text=b, \
             name=URL at=1:74 value=text=http://orders]",
        );
        assert_eq!(read("app.json", r#"{"name": "web", "expo": {}, "env": {"A": "b"}}"#), "");
    }

    #[test]
    fn platforms_run_applications() {
        check(
            "orders/fly.toml",
            "app = 'orders'\n[http_service]\ninternal_port = 8080\n[[http_service.checks]]\npath = '/'\n",
            "deployment at=1:7 tool=platform name=orders@1:7 shape=process context=orders dockerfile=orders/Dockerfile ports=[8080] \
             probed=true",
        );
        check(
            "api/app.yaml",
            "runtime: python312\nservice: api\nentrypoint: gunicorn main:app\n",
            "deployment at=2:10 tool=platform name=api@2:10 shape=process context=api command=gunicorn main:app@3:13 probed=false",
        );
        check(
            "render.yaml",
            "services:\n  - {type: web, name: web, runtime: docker, rootDir: web, healthCheckPath: /up}\n  \
             - {type: cron, name: clean, schedule: '0 1 * * *', startCommand: ./clean}\n  - {type: redis, name: cache}\n",
            "deployment at=2:23 tool=platform name=web@2:23 shape=process context=web dockerfile=web/Dockerfile probed=true
             deployment at=3:24 tool=platform name=clean@3:24 shape=schedule context= command=./clean@3:68 \
             events=[kind=schedule name=0 1 * * *@3:41]",
        );
        assert_eq!(read("app.yaml", "apiVersion: v1\nkind: Pod\nruntime: go\n"), "");
        assert_eq!(read("app.yaml", "name: x\n"), "");
    }
}
