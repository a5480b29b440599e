//! Names of methods: those that map a path, and those of the framework that map none.

pub const METHODS: [(&str, &str); 7] = [
    ("MapGet", "GET"),
    ("MapPost", "POST"),
    ("MapPut", "PUT"),
    ("MapDelete", "DELETE"),
    ("MapPatch", "PATCH"),
    ("MapHead", "HEAD"),
    ("MapOptions", "OPTIONS"),
];

/// Methods of the framework and of known libraries that map nothing a file could tell.
pub const KNOWN: [&str; 31] = [
    "MapControllers",
    "MapRazorPages",
    "MapRazorComponents",
    "MapBlazorHub",
    "MapFallback",
    "MapFallbackToFile",
    "MapFallbackToPage",
    "MapFallbackToController",
    "MapFallbackToAreaController",
    "MapStaticAssets",
    "MapGrpcService",
    "MapGrpcReflectionService",
    "MapGrpcHealthChecksService",
    "MapReverseProxy",
    "MapOpenApi",
    "MapSwagger",
    "MapScalarApiReference",
    "MapHealthChecksUI",
    "MapPrometheusScrapingEndpoint",
    "MapMetrics",
    "MapSubscribeHandler",
    "MapActorsHandlers",
    "MapGraphQL",
    "MapBananaCakePop",
    "MapNitroApp",
    "MapWhen",
    "MapToApiVersion",
    "MapCarter",
    "MapFastEndpoints",
    "MapDynamicControllerRoute",
    "MapDaprScheduledJobHandler",
];

/// Whether a method that extends a builder may map routes, as its name tells: most prepare the pipeline.
pub fn may_map(name: &str) -> bool {
    const NOT: [&str; 14] = [
        "With",
        "Has",
        "Require",
        "Report",
        "Produces",
        "Accepts",
        "Exclude",
        "AddEndpointFilter",
        "UseEndpoints",
        "UseMvc",
        "UseRout",
        "UseOpenApi",
        "UseSwagger",
        "UseHealthChecks",
    ];
    if NOT.iter().any(|start| name.starts_with(start)) {
        return false;
    }
    const WORDS: [&str; 6] = ["Endpoint", "Route", "Api", "Module", "Controller", "Health"];
    const STARTS: [&str; 5] = ["Map", "Register", "Configure", "Add", "Setup"];
    STARTS.iter().any(|start| name.starts_with(start)) || WORDS.iter().any(|word| name.contains(word))
}
