//! What deployment files state: images, what runs, and what builds it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Text;
use crate::source::Location;

/// A container image as its Dockerfile builds it: the last stage, and what the stages copy from the context.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Image {
    pub at: Location,
    /// The image of the last stage that is no other stage.
    #[serde(default)]
    pub base: Option<Text>,
    /// Sources of COPY and ADD from the context, as written: `.`, `src/orders`, `package*.json`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<Text>,
    /// ENTRYPOINT and CMD of the last stage, words joined by blanks.
    #[serde(default)]
    pub command: Option<Text>,
    /// What RUN builds or publishes, as far as it names a folder, project or package of the context: `./cmd/orders`, `src/Orders.csproj`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub builds: Vec<Text>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<u16>,
    /// HEALTHCHECK.
    #[serde(default)]
    pub probed: bool,
    /// ENV of the last stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<Variable>,
}

/// Something that a deployment file runs, or builds to be run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Deployment {
    pub at: Location,
    pub tool: DeploymentTool,
    pub name: Text,
    pub shape: Shape,
    /// As written: `registry/orders:1.2`.
    #[serde(default)]
    pub image: Option<Text>,
    /// The folder of the build context, or of a function's code, below the repository's root; empty for the root itself. It and the
    /// Dockerfile hold `${NAME}` where only the environment tells, such as the settings of an `.env` beside the file.
    #[serde(default)]
    pub context: Option<Arc<str>>,
    /// The Dockerfile, below the repository's root; also where the tool takes it to be one by default. None when something else builds.
    #[serde(default)]
    pub dockerfile: Option<Arc<str>>,
    /// What is run instead of the image's own command, words joined by blanks; of a function its handler.
    #[serde(default)]
    pub command: Option<Text>,
    /// Ports that it listens on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<u16>,
    /// A liveness, readiness or health check is declared; None where the tool has no place for one.
    #[serde(default)]
    pub probed: Option<bool>,
    /// Of a function of the Serverless Framework: the service that its file describes.
    #[serde(default)]
    pub namespace: Option<Text>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<(Arc<str>, Text)>,
    /// What triggers a function or a job.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// What functions share: names of tables, roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Text>,
    /// Labels by which a [`NetworkName`] finds what answers to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selected_by: Vec<(Arc<str>, Arc<str>)>,
    /// Further names by which others in its network reach it: host names, aliases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Text>,
    /// Ports by which the host of a developer reaches it: `8080` of `8080:80`, and the port inside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<(u16, u16)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment: Vec<Variable>,
    /// Where all of its variables come from, too: names of a [`SettingsObject`], or files (paths below the repository's root).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub environment_from: Vec<Text>,
    /// Names of deployments that must run before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<Text>,
    /// Files, folders and volumes that it is given: the source (a path below the repository's root, the name of a volume or of a
    /// [`SettingsObject`]), and where it lies inside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<(Text, Arc<str>)>,
}

/// A variable of the environment in which something runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variable {
    pub name: Arc<str>,
    pub at: Location,
    pub value: VariableValue,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum VariableValue {
    /// As written; holds `${NAME}` or `$(NAME)` where another variable is meant, `{{ … }}` where a template is.
    Text(Arc<str>),
    /// A key of a [`SettingsObject`].
    Key { object: Arc<str>, key: Arc<str> },
    /// Given from outside.
    Unknown,
}

/// A name in the network of a cluster: a Kubernetes `Service`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NetworkName {
    pub at: Location,
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Arc<str>>,
    /// Labels of the pods that answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selector: Vec<(Arc<str>, Arc<str>)>,
    /// Ports, and the ports of the pods where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<(u16, Option<u16>)>,
    /// A host outside of the cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external: Option<Arc<str>>,
}

/// Settings that deployments take variables or files from: a `ConfigMap` or `Secret`, in which only names of keys and plain texts are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SettingsObject {
    pub at: Location,
    pub name: Text,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Arc<str>>,
    /// Of a file that it holds, the settings in it: `spring.datasource.url`.
    pub entries: Vec<(Arc<str>, Text)>,
    /// Files of variables or settings of which it is made, too: paths below the repository's root.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeploymentTool {
    Compose,
    Kubernetes,
    /// A chart. Its `Chart.yaml` (name), `values.yaml` (images, ports) and templates (what is rendered; names as written, `{{ … }}` included)
    /// each state a part: what lies below one chart's folder is of one chart, and a chart without such a template runs nothing.
    Helm,
    Skaffold,
    Serverless,
    Sam,
    Terraform,
    Procfile,
    /// A hosting platform's own file: `fly.toml`, App Engine's `app.yaml`, `render.yaml`, `dapr.yaml`.
    Platform,
    /// .NET Aspire's host of applications.
    Aspire,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Runs until it is stopped.
    Process,
    /// Runs once.
    Job,
    /// Runs by the clock.
    Schedule,
    Function,
    /// Is built here, and run by what another file states.
    Build,
}

/// What triggers a function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    pub kind: EventKind,
    /// `GET /orders/{id}` for HTTP, else the queue, topic, table or schedule as written.
    pub name: Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    Http,
    Queue,
    Topic,
    /// Changes of a table, records of a stream.
    Stream,
    Schedule,
    Storage,
    Other,
}

/// A workflow of continuous integration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Pipeline {
    pub at: Location,
    #[serde(default)]
    pub name: Option<Text>,
    /// Path filters of its triggers, as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<Text>,
    /// Folders that its steps work in or build, below the repository's root.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<Text>,
}

/// A setting of an application, with its whole key: `server.servlet.context-path`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Setting {
    pub key: Arc<str>,
    pub value: Text,
    /// The profile or environment for which it holds; None for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<Arc<str>>,
}
