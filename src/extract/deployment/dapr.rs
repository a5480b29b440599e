//! `dapr.yaml`: the applications that Dapr runs together, each with its folder.

use memchr::memmem;

use super::{is_production, is_yaml, unit, variables, written};
use crate::document::Node;
use crate::extract::{Extractor, Input, Output};
use crate::facts::{DeploymentTool, Fact, Shape};

/// Every YAML file is opened for API descriptions already.
pub const EXTRACTOR: Extractor = Extractor { name: "dapr", wants: |_, _| false, applies, extract };

fn applies(input: &Input) -> bool {
    is_production(input.kind) && is_yaml(input.path) && memmem::find(input.text.as_bytes(), b"appDirPath").is_some()
}

fn extract(input: &Input, output: &mut Output) {
    let Some(root) = input.tree().root() else { return };
    for app in root.get("apps").into_iter().flat_map(Node::items).take(200) {
        let Some(folder) = app.get("appDirPath") else { continue };
        // An application without a name of its own is called as its folder is.
        let own = app.get("appID").and_then(written::text);
        let last = folder.scalar().and_then(|path| path.trim_end_matches('/').rsplit('/').next());
        let Some(name) = own.or_else(|| written::spanned(last.filter(|name| !name.starts_with('.'))?, folder.location())) else {
            continue;
        };
        let mut process = unit(DeploymentTool::Platform, name, Shape::Process);
        process.context = folder.scalar().and_then(|path| written::beside(input.path, path));
        process.command = app.get("command").and_then(written::command);
        written::add_port(&mut process.ports, app.get("appPort").and_then(Node::scalar).and_then(written::port));
        for given in [app.get("env"), root.at(&["common", "env"])].into_iter().flatten() {
            variables::add(&mut process.environment, variables::of_node(given));
        }
        output.facts.push(Fact::Deployment(process));
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::manifest::snapshot::{check, read};

    #[test]
    fn applications_are_read_with_their_folders() {
        check(
            "go/dapr.yaml",
            "version: 1\ncommon: {resourcesPath: ../components}\napps:\n  - {appID: orders, appDirPath: ./orders/, appPort: 7001, env: {A: b}, command: [go, run, .]}\n  \
             - {appDirPath: ../web/}\n  - {appID: x}\n",
            "deployment at=4:13 tool=platform name=orders@4:13 shape=process context=go/orders command=go run .@4:81 ports=[7001] \
             environment=[name=A at=4:68 value=text=b]
             deployment at=5:18 tool=platform name=web@5:18 shape=process context=web",
        );
        assert_eq!(read("a.yaml", "appDirPath: x\n"), "");
    }
}
