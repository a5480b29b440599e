//! Macros that stand in routers: those of the language, and those of libraries that make pages or routes.

/// What else stands in routers.
pub const OTHER: [&str; 22] = [
    "plug",
    "pipe_through",
    "import",
    "alias",
    "require",
    "live_session",
    "for",
    "case",
    "cond",
    "with",
    "else",
    "true",
    "false",
    "nil",
    "raise",
    "unquote",
    "quote",
    "end",
    "do",
    "fn",
    "when",
    "catch",
];

/// Macros of libraries that make pages at a path, or of a whole module where they have none.
pub const PAGES: [&str; 9] = [
    "live_dashboard",
    "oban_dashboard",
    "error_tracker_dashboard",
    "ash_admin",
    "live_storybook",
    "beacon_site",
    "beacon_live_admin",
    "orion_live",
    "live_admin",
];

/// Macros of libraries that make routes whose paths are the library's, each with a name of the library that stands in the file.
pub const MADE: [(&str, &str); 14] = [
    ("pow_", "Pow"),
    ("pow_", "PowAssent"),
    ("coherence_routes", "Coherence"),
    ("auth_routes", "AshAuthentication"),
    ("sign_in_route", "AshAuthentication"),
    ("sign_out_route", "AshAuthentication"),
    ("reset_route", "AshAuthentication"),
    ("confirm_route", "AshAuthentication"),
    ("magic_sign_in_route", "AshAuthentication"),
    ("oauth_", "PhoenixOauth2Provider"),
    ("samly_routes", "Samly"),
    ("passwordless_routes", "Passwordless"),
    ("admin_routes", "ExAdmin"),
    ("backpex_routes", "Backpex"),
];

/// Modules of libraries that make routes where they are used.
pub const MAKERS: [&str; 4] = ["Kaffy.Routes", "ExAdmin.Router", "AshJsonApi.Router", "Samly.Router"];
