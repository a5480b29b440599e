//! Routes by annotations.

use crate::extract::code::snapshot::check;

#[test]
fn spring_joins_types_and_members() {
    check(
        "src/main/java/a/B.java",
        r#"
        package a.b;
        import org.springframework.web.bind.annotation.*;
        import c.d.Api;
        @RestController
        @RequestMapping(value = {"/v1", "v2/"}, produces = "x")
        public class B implements Api {
            private static final String ONE = "/one";
            @GetMapping public String a() { return ""; }
            @PostMapping({"/x", "y/{id:.*}"}) @ResponseBody public List<Map<String, Object>> b(@RequestBody C c) { return client.get("/z"); }
            @RequestMapping(path = ONE + "/two", method = {RequestMethod.PUT, RequestMethod.PATCH})
            public void c() {}
            // @GetMapping("/commented")
            @RequestMapping("${base.path:/z}/**") public void d() {}
            public void e() {}
        }
        "#,
        "
        9 GET /v1
        9 GET v2/
        10 POST /v1/x
        10 POST v2/x
        10 POST /v1/y/{id}
        10 POST v2/y/{id}
        11 PUT /v1/one/two
        11 PUT v2/one/two
        11 PATCH /v1/one/two
        11 PATCH v2/one/two
        14 ANY /v1/+property(base.path or /z)+/{rest}
        14 ANY v2/+property(base.path or /z)+/{rest}
        7 mount c/d/Api#Api in #B at /v1
        7 mount c/d/Api#Api in #B at v2/
        application #B
        package a.b
        8 constant B.ONE = /one
        7 type B : c/d/Api#Api
        ",
    );
}
