//! Expressions and the values that they stand for.

use super::*;
use crate::discover::language::Language;
use crate::extract::code::snapshot::show;

/// What stands after the last `result = `.
#[track_caller]
fn check(text: &str, expected: &str) {
    let code = Code::new(Language::from_name("C#").expect("in the table"), "a.cs", text);
    let from = (0..code.len()).rev().find(|&at| code.is(at, "result")).expect("there is one") + 2;
    let end = (from..code.len()).find(|&at| code.is(at, ";")).unwrap_or(code.len());
    assert_eq!(show(&given(&code, from..end)), expected, "{text}");
}

#[test]
fn settings_have_the_key_of_their_sections() {
    check("result = configuration[\"A:B\"]", "property(A.B)");
    check("result = builder.Configuration.GetValue<string>(\"A\", \"x\")", "property(A or x)");
    check("result = config.GetSection(\"A\").GetSection(\"B\")[\"C\"] ?? \"d\"", "property(A.B.C or d)");
    check("var s = host.Configuration.GetSection(\"A\");\nresult = s[\"B\"]", "property(A.B)");
    check("result = config.GetSection(\"A:B\").Value", "property(A.B)");
    check("result = config.GetConnectionString(\"Orders\")", "property(ConnectionStrings.Orders)");
    check("class A { IConfiguration values; void B() { result = values[nameof(C.D)]; } }", "property(D)");
    check("result = config.GetSection(\"Urls\").Get<Urls>().Orders", "property(Urls.Orders)");
    check("result = config[key]", "?key");
    check("result = words[\"A\"]", "?words[\"A\"]");
    check("result = Environment.GetEnvironmentVariable(\"A\") ?? throw new X()", "env(A)");
    check(
        "class A { void B() { var a = Environment.GetEnvironmentVariable(\"A\"); if (a == null) { a = \"x\"; } result = a; } }",
        "env(A or x)",
    );
    check("var a = config[\"A\"]; result = string.IsNullOrEmpty(a) ? \"x\" : a", "property(A or x)");
}

#[test]
fn members_of_options_are_symbols_of_their_type() {
    check("class A { IOptions<Urls> options; void B() { result = options.Value.Orders; } }", "<#Urls.Orders>");
    check(
        "class A { readonly Urls _urls; A(IOptionsMonitor<Urls> o) { _urls = o.CurrentValue; } void B() { result = $\"{_urls.Orders}/x\"; } }",
        "<#Urls.Orders>+/x",
    );
    check("class A(IMailSettings mail) { void B() { result = mail.Host; } }", "<#MailSettings.Host>");
    check("class A(Order order) { void B() { result = order.Host; } }", "<#order.Host>");
}

#[test]
fn texts_are_put_together() {
    check("result = string.Format(\"{0}/x/{1:D}?\", config[\"A\"], id)", "property(A)+/x/+<#id>+?");
    check("result = new Uri(new Uri(\"http://a\"), \"b\").ToString()", "http://a/b");
    check("result = $\"{config[\"A:B\"]!.TrimEnd('/')}/x\"", "property(A.B)+/x");
    check("result = Url.Combine(\"http://a/\", \"/b\", c)", "http://a/b/+<#c>");
    check("result = \"http://a\".AppendPathSegments(\"b\", \"c\").SetQueryParam(\"d\", 1)", "http://a/b/c");
    check("result = (string)(\"a\" + await B(c))", "a+?B(c)");
    check("result = $\"{new { }}\"", "?new { }");
}

#[test]
fn names_are_those_of_the_function_and_its_type() {
    let text = "class A { string url = \"http://field\"; void B() { var url = \"http://other\"; } void C(string path) { result = url + path; } }";
    check(text, "http://field+parameter(A.C 0)");
    check("class A { void B() { var url = \"http://b\"; } void C(string url) { result = url; } }", "parameter(A.C 0)");
    check("class A { string u; A(string v) { u = $\"{v}/a\"; } void B() { result = u + \"/b\"; } }", "parameter(A 0)+/a/b");
    check("class A { string U => \"http://u\"; string V { get; } = \"/v\"; void B() { result = U + V; } }", "http://u/v");
    check("class A { void B() { x = new C { Url = \"no\" }; } void D() { result = Url; } }", "<#Url>");
}

#[test]
fn functions_that_build_addresses_are_read() {
    check(
        "class A { string B(string c, int d) => $\"{c}/x/{d}\"; void E() { result = B(config[\"A\"], id); } }",
        "property(A)+/x/+<#id>",
    );
    check("class A { void E() { result = Api.Orders.One(_baseUrl, id); } }", "<#_baseUrl>+<Api#Api.Orders.One>");
}
