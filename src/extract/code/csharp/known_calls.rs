//! Calls of frameworks and of the standard library, which are no wrappers of the house.

use super::http_clients;
use crate::extract::code::Code;
use crate::extract::code::calls::Call;

/// Beginnings of names of methods of frameworks, and of the standard library.
const KNOWN_BEGINNINGS: [&str; 20] = [
    "Map",
    "Add",
    "Use",
    "Log",
    "Write",
    "Append",
    "Assert",
    "Throw",
    "With",
    "Has",
    "Is",
    "TryGet",
    "Try",
    "Contains",
    "Starts",
    "Ends",
    "Replace",
    "Split",
    "Parse",
    "Configure",
];
/// Such names as they are.
const KNOWN: [&str; 74] = [
    "nameof",
    "typeof",
    "Format",
    "Concat",
    "Join",
    "Combine",
    "Equals",
    "Trim",
    "TrimEnd",
    "TrimStart",
    "GetSection",
    "GetValue",
    "GetConnectionString",
    "GetEnvironmentVariable",
    "Uri",
    "Information",
    "Warning",
    "Error",
    "Debug",
    "Fatal",
    "Substring",
    "IndexOf",
    "Exception",
    "ArgumentException",
    "ArgumentNullException",
    "InvalidOperationException",
    "NotFound",
    "BadRequest",
    "CreatedAtAction",
    "Created",
    "Redirect",
    "RedirectToAction",
    "View",
    "File",
    "Include",
    "MediaTypeHeaderValue",
    "StringContent",
    "HttpRequestMessage",
    "ForAddress",
    "CreateClient",
    "HttpMethod",
    "new",
    "GetRequiredValue",
    "GetRequiredSection",
    "SwaggerEndpoint",
    "SetTag",
    "SetQueueArgument",
    "SetSwitch",
    "ExchangeDeclare",
    "ExchangeDeclareAsync",
    "QueueDeclare",
    "QueueDeclareAsync",
    "GetTokenAsync",
    "StartActivity",
    "Accepted",
    "Regex",
    "Claim",
    "GetTagItem",
    "Run",
    "RunAsync",
    "ToString",
    "MediaTypeWithQualityHeaderValue",
    "CreateBus",
    "BindConfiguration",
    "GraphQLHttpClient",
    "RestClient",
    "RestRequest",
    "FlurlClient",
    "MongoClient",
    "CosmosClient",
    "SqlConnection",
    "NpgsqlConnection",
    "MySqlConnection",
    "Bind",
];

/// True for a call that is known to wrap no client.
pub fn is_known(code: &Code, call: Call) -> bool {
    let name = code.text_of(call.name);
    // Attributes, one or several in the same brackets.
    let before = call.start.checked_sub(1);
    if before.is_some_and(|before| code.is(before, "[") || code.is(before, ",") && code.is(code.after(call.open), "]")) {
        return true;
    }
    if KNOWN.contains(&name) || name.ends_with("Exception") || name.starts_with("SetQueryParam") {
        return true;
    }
    let is_member = call.start < call.name;
    let begins = |begin: &str| {
        name.strip_prefix(begin).is_some_and(|rest| rest.starts_with(|first: char| !first.is_lowercase()) || rest.is_empty())
    };
    let receiver = code.text_in(code.receiver(call));
    let last = receiver.rsplit('.').next().unwrap_or(receiver);
    let is_client = matches!(
        name,
        "GetAsync"
            | "PostAsync"
            | "PutAsync"
            | "DeleteAsync"
            | "PatchAsync"
            | "GetStringAsync"
            | "GetFromJsonAsync"
            | "PostAsJsonAsync"
            | "PutAsJsonAsync"
            | "PatchAsJsonAsync"
            | "GetStreamAsync"
            | "GetByteArrayAsync"
    ) && http_clients::client(code, code.receiver(call)).is_some();
    is_client
        || is_member && KNOWN_BEGINNINGS.iter().any(|begin| begins(begin))
        || matches!(
            last,
            "Log"
                | "Console"
                | "logger"
                | "_logger"
                | "Logger"
                | "Assert"
                | "Path"
                | "File"
                | "Directory"
                | "Encoding"
                | "Regex"
                | "string"
                | "String"
        )
}
