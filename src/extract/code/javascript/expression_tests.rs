//! Values of expressions of JavaScript.

use super::expressions::Expressions;
use super::functions;
use crate::discover::language::Language;
use crate::extract::code::Code;
use crate::extract::code::snapshot::show;

/// The value of what stands after the last `result = `.
#[track_caller]
fn check(text: &str, expected: &str) {
    let code = Code::new(Language::from_name("TypeScript").expect("in the table"), "src/a.ts", text);
    let from = (0..code.len()).rev().find(|&at| code.is(at, "result")).map_or(0, |at| at + 2);
    let end = functions::expression_end(&code, from);
    assert_eq!(show(&Expressions::new(&code).value(from..end)), expected, "{text}");
}

#[test]
fn the_environment_is_read_in_all_its_forms() {
    check("result = `${process.env.A_URL ?? 'http://a'}/b`", "env(A_URL or http://a)+/b");
    check("const { A, B: b = 'http://b' } = process.env;\nresult = A + b", "env(A)+env(B or http://b)");
    check("const env = process.env;\nresult = env.A", "env(A)");
    check("result = import.meta.env.VITE_A + '/x'", "env(VITE_A)+/x");
    check("result = Deno.env.get('A') || 'http://a'", "env(A or http://a)");
    check("const env = cleanEnv(process.env, { A: url() });\nresult = env.A", "env(A)");
    check("const env = schema.parse(process.env);\nresult = env.A", "env(A)");
    check("result = requireEnv('A_URL', 'x')", "env(A_URL or x)");
    check("result = process.env.NODE_ENV === 'production' ? 'http://a' : 'http://localhost'", "http://a");
    check("result = process.env.A ? process.env.A : 'http://a'", "env(A or http://a)");
}

#[test]
fn settings_are_properties_and_constants_of_other_files_symbols() {
    check(
        "import { ConfigService } from '@nestjs/config';\nresult = this.configService.get<string>('a.url', 'x')",
        "property(a.url or x)",
    );
    check("result = this.configService.getOrThrow('A_URL')", "env(A_URL)");
    check("import config from 'config';\nresult = config.get('a.b')", "property(a.b)");
    check("const nconf = require('nconf');\nresult = nconf.get('a:b')", "property(a.b)");
    check("import config from './config';\nresult = config.aUrl + '/x'", "<src/config#default.aUrl>+/x");
    check("import config from './config.json';\nresult = config.aUrl + '/x'", "property(aUrl)+/x");
    check("import * as config from './config';\nresult = `${config.api.a}/x`", "<src/config#api.a>+/x");
    check(
        "import { ConfigService } from './config';\nclass A { constructor(private c: ConfigService) {} b() { result = this.c.config.get('x') } }",
        "property(x)",
    );
    check(
        "import { ConfigService } from './config';\nfunction a(config: ConfigService) { result = config.get('x') }",
        "<src/config#ConfigService.x>",
    );
}

#[test]
fn helpers_put_texts_together() {
    check("result = new URL('/a', process.env.B).toString()", "env(B)+/a");
    check("result = new URL(`/a/${id}`, 'http://b/').href", "http://b/a/+<#id>");
    check("result = util.format('http://%s:%d/x', host, 80)", "http://+<#host>+:80/x");
    check("result = path.posix.join('/a/', 'b')", "/a/b");
    check("result = urlJoin(process.env.A, 'b', id)", "env(A)+/b/+<#id>");
    check("result = process.env.A.replace(/\\/+$/, '') + '/x'", "env(A)+/x");
    check("result = '/a/:id/b'.replace(':id', x.y)", "/a/+<#x.y>+/b");
    check("result = ['http://a', 'b', id].join('/')", "http://a/b/+<#id>");
    check("result = 'http://a'.concat('/b')", "http://a/b");
    check("const base = await discovery.resolve('a-b');\nresult = `${base}/c`", "http://a-b/c");
    check("const url = () => process.env.A || 'http://a';\nresult = url() + '/b'", "env(A or http://a)+/b");
}

#[test]
fn names_belong_to_their_scopes() {
    check("function a() { const url = 'http://a'; }\nfunction b(url) { result = url; }", "parameter(b 0)");
    check("var d = '';\nx.forEach(v => { d = '.' + v; });\nresult = 'http://a' + d", "http://a");
    check("let u;\nfunction a() { u = 'http://a'; }\nfunction b() { result = u; }", "http://a");
    check("xs.map(id => { result = `/a/${id}` })", "/a/+?id");
    check(
        "class A { constructor(private readonly base: string) {} b(p) { result = this.base + p; } }",
        "parameter(A 0)+parameter(A.b 0)",
    );
    check("class A { private url = process.env.A; b() { result = this.url + '/c'; } }", "env(A)+/c");
    check("class A { constructor(o) { this.url = o || 'http://a'; } b() { result = this.url; } }", "http://a");
    check("const c = { a: { b: process.env.A } };\nresult = c.a.b", "env(A)");
    check("const c = { a: 'http://a' };\nconst { a } = c;\nresult = a", "http://a");
    check("function a(base = 'http://a', path = '/') { result = base + path }", "http://a+parameter(a 1)");
    check("const { A = '' } = process.env;\nresult = A", "env(A)");
    check("let u = 'http://a';\nu = u + '/b';\nresult = u", "http://a/b");
    check("a = a; result = a", "<#a>");
}
