//! Calls over HTTP of each client, and what looks like one and is none.

use crate::extract::code::snapshot::check;

#[test]
fn fetch_takes_a_url_and_options() {
    check(
        "src/a.ts",
        "export async function a(id: string) {
          await fetch(`http://orders:8080/orders/${id}?x=${id}`);
          await fetch(process.env.A + '/b', { method: 'POST', body });
          const options = { method: 'PUT', signal: AbortSignal.timeout(5) };
          await fetch('/c', options);
          await fetch('/d', makeOptions());
        }
        class B { fetch() { return 1; } }",
        "2 call http GET http://orders:8080/orders/+parameter(a 0) unlimited (fetch)
        3 call http POST env(A)+/b unlimited (fetch)
        5 call http PUT /c limited (fetch)
        6 call http /d (fetch)",
    );
    check("src/b.ts", "import { fetch } from './fetch';\nfetch('/carts');", "2 invokes src/fetch#fetch(/carts)");
    check(
        "src/c.js",
        "const load = require('node-fetch');\nload('http://a/b', { timeout: 10 });",
        "2 call http GET http://a/b limited (fetch)",
    );
}

#[test]
fn axios_and_its_instances_have_a_base() {
    check(
        "src/a.ts",
        "import axios, { AxiosInstance } from 'axios';
        axios.get('http://a/b');
        axios.post(`${process.env.A}/c`, body, { timeout: 5 });
        axios({ url: '/d', method: 'delete', baseURL: 'http://e' });
        const client = axios.create({ baseURL: process.env.F_URL, timeout: 1000 });
        client.put('/g', body);
        client.request({ method: 'PATCH', url: 'h' });
        class I {
          private http: AxiosInstance;
          private own = axios.create({ baseURL: 'http://i/' });
          j() { this.http.get('/j'); this.own.get('/k'); }
        }",
        "2 call http GET http://a/b unlimited (axios)
        3 call http POST env(A)+/c limited (axios)
        4 call http DELETE http://e/d unlimited (axios)
        6 call http PUT env(F_URL)+/g limited (axios)
        7 call http PATCH env(F_URL)+/h limited (axios)
        11 call http GET ?set up elsewhere+/j (axios)
        11 call http GET http://i/k unlimited (axios)",
    );
}

#[test]
fn an_instance_that_others_use_is_a_wrapper_by_its_members() {
    check(
        "src/http.ts",
        "import axios from 'axios';\nexport const http = axios.create({ baseURL: '/api' });",
        "2 call http GET /api+parameter(http.get 0) unlimited (axios)
        2 call http POST /api+parameter(http.post 0) unlimited (axios)
        2 call http PUT /api+parameter(http.put 0) unlimited (axios)
        2 call http PATCH /api+parameter(http.patch 0) unlimited (axios)
        2 call http DELETE /api+parameter(http.delete 0) unlimited (axios)",
    );
    check("src/use.ts", "import { http } from './http';\nhttp.get('/orders');", "2 invokes src/http#http.get(/orders)");
    check("src/own.ts", "import axios from 'axios';\nconst http = axios.create({ baseURL: '/api' });", "");
}

#[test]
fn other_clients_have_their_own_forms() {
    check(
        "src/a.js",
        "const got = require('got'); const request = require('request'); const needle = require('needle');
        const superagent = require('superagent'); const http = require('http'); const { request: send } = require('undici');
        const api = got.extend({ prefixUrl: 'http://a' });
        api('b'); api.post('c', { json: x, timeout: 3 });
        request({ uri: 'http://d/e', method: 'POST', json: true }, (error, response) => {});
        request.get(endpoints.f + '/g').pipe(res);
        needle('put', 'http://h/i', body);
        superagent.delete('http://j/k').timeout(3).end();
        http.request({ hostname: process.env.L, port: 80, path: '/m', method: 'POST' }, done);
        http.get('http://n/o', response => {});
        send('http://p/q', { method: 'PUT' });",
        "4 call http GET http://a/b unlimited (got)
        4 call http POST http://a/c limited (got)
        5 call http POST http://d/e unlimited (request)
        6 call http GET <#endpoints.f>+/g unlimited (request)
        7 call http PUT http://h/i (needle)
        8 call http DELETE http://j/k limited (superagent)
        9 call http POST http://+env(L)+:80/m unlimited (node-http)
        10 call http GET http://n/o unlimited (node-http)
        11 call http PUT http://p/q limited (undici)",
    );
}

#[test]
fn pages_and_frameworks_have_theirs() {
    check(
        "src/a.service.ts",
        "import { HttpClient } from '@angular/common/http';
        import { environment } from '../environments/environment';
        class A { constructor(private http: HttpClient) {}
          b(id: number) { return this.http.get<B>(`${environment.apiUrl}/b/${id}`); }
          c() { return this.http.request('POST', '/c'); } }",
        "4 call http GET <environments/environment#environment.apiUrl>+/b/+parameter(A.b 0) (angular)
        5 call http POST /c (angular)",
    );
    check(
        "src/b.ts",
        "import { HttpService } from '@nestjs/axios';
        class A { constructor(private readonly httpService: HttpService, private config: ConfigService) {}
          b() { return this.httpService.axiosRef.post(this.config.get('B_URL') + '/c', {}); } }",
        "3 call http POST env(B_URL)+/c (nestjs-http)",
    );
    check(
        "public/c.js",
        "$.ajax({ url: '/a', type: 'post', data: x }); $.get('/b', done); $.getJSON('/c'); $.get(0);
        const request = new XMLHttpRequest(); request.open('GET', '/d'); dialog.open('e', 'f');",
        "1 call http POST /a (jquery)
        1 call http GET /b (jquery)
        1 call http GET /c (jquery)
        2 call http GET /d (xhr)",
    );
}

#[test]
fn wrappers_of_wrappers_are_wrappers() {
    check(
        "src/api.ts",
        "async function send(method: string, endpoint: string, data: any) { return fetch(endpoint, { method, body: data }); }
        const api = { get: (endpoint: string) => send('GET', endpoint, null), post(endpoint: string, data: any) { return send('POST', endpoint, data); } };
        export default api;",
        "1 call http parameter(send 1) unlimited (fetch)
        2 call http GET parameter(api.get 0) unlimited (fetch)
        2 call http POST parameter(api.post 0) unlimited (fetch)
        alias default = #api",
    );
    check(
        "src/client.ts",
        "export class ApiClient {
          constructor(baseURL: string = '/') { this.client = axios.create({ baseURL }); }
          protected async get<T>(url: string, config?: Config): Promise<T> { return this.client.get<T>(url, config); }
        }
        export const client = new ApiClient('http://a');",
        "3 call http GET parameter(ApiClient 0)+parameter(ApiClient.get 0) (axios)
        5 invokes #ApiClient(http://a)
        alias client = #ApiClient",
    );
}

#[test]
fn caches_routes_and_comments_are_no_calls() {
    check(
        "src/a.ts",
        "import axios from 'axios';\nconst cache = new Map();\ncache.get('/users');\nparams.get('/x');\n// axios.get('/y')\nload(\"fetch('/z')\");\nform.request({ a: 1 });",
        "",
    );
}
