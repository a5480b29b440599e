//! Time that is linear in the file, for every language and format: what is repeated are the statements that extractors look for, and those
//! that invite them to look through the rest of the file for each.

use super::timing::is_linear;
use crate::discover::language::Language;
use crate::discover::{Kind, Role};
use crate::source::last_part;

/// A file, what it begins with, and what is repeated in it.
const SHAPES: &[(&str, &str, &[&str])] = &[
    (
        "src/Orders.java",
        "package a.b;\nimport org.springframework.web.bind.annotation.*;\nimport org.springframework.kafka.annotation.KafkaListener;\n",
        &[
            "@RestController @RequestMapping(\"/a\") class B { @GetMapping(\"/x\") String c() { return d(); } }\n",
            "class A { @GetMapping(\"/x\") String c() { return d(); }\n",
            "@KafkaListener(topics = \"a\") void b(String c) {}\n",
            "static final String A = B + \"/a\";\n",
            "@Entity class A extends B implements C { @Column int d; }\n",
            "route(GET(\"/a\"), this::b).",
            "@",
        ],
    ),
    (
        "src/Client.java",
        "package a.b;\nimport org.springframework.web.client.RestTemplate;\nimport java.net.http.HttpRequest;\nimport okhttp3.Request;\nimport org.springframework.web.reactive.function.client.WebClient;\n",
        &[
            "class A { RestTemplate b; @Value(\"${c}\") String d; void e(String f) { b.getForObject(d + \"/g\" + f, String.class); } }\n",
            "void a() { String b = c + \"http://d\"; b = b + \"/e\"; restTemplate.exchange(b, HttpMethod.GET, f, G.class); }\n",
            "webClient.get().uri(\"/a\").retrieve();\n",
            "new Request.Builder().url(\"http://a\").build();\n",
            ".url(a).build()",
            "HttpRequest.newBuilder(URI.create(System.getenv(\"A\") + \"/b\")).build();\n",
            "@FeignClient(name = \"a\") interface B { @GetMapping(\"/c\") D e(); }\n",
            "String a(String b) { return a(b + \"/c\"); }\n",
            "getenv(",
        ],
    ),
    (
        "src/Producer.java",
        "package a.b;\nimport org.springframework.kafka.core.KafkaTemplate;\nimport io.grpc.ManagedChannel;\nimport org.springframework.amqp.core.*;\nimport com.mongodb.client.MongoClients;\n",
        &[
            "class A { KafkaTemplate<B, C> kafkaTemplate; void d(E f) { kafkaTemplate.send(\"g\", f); } }\n",
            "rabbitTemplate.convertAndSend(\"a\", \"b\", c);\n",
            "OrdersGrpc.OrdersBlockingStub a = OrdersGrpc.newBlockingStub(b); a.get(c);\n",
            "@Bean Binding a(Queue b, TopicExchange c) { return BindingBuilder.bind(b).to(c).with(\"d\"); }\n",
            "@Channel(\"a\") Emitter<B> c; void d() { c.send(e); }\n",
            "MongoClients.create(a).getDatabase(b);\n",
            "class A extends B { @ConfigurationProperties(prefix = \"a\") static class C { D d; } }\n",
        ],
    ),
    (
        "src/Routes.kt",
        "package a\nimport io.ktor.server.routing.*\nfun Application.module() { routing {\n",
        &[
            "route(\"/a\") { get(\"/b\") { call.respond(c) } }\n",
            "route(\"/a\") { ",
            "fun Route.a() { get { } }\n",
            "val a = b + \"/c\"\n",
        ],
    ),
    (
        "src/app.ts",
        "import express from 'express';\nimport { Controller, Get } from '@nestjs/common';\nconst app = express();\n",
        &[
            "app.get('/a', (req, res) => res.send(b));\n",
            "const a = require('./b'); app.use('/a', a);\n",
            "app.get('/a', ",
            "@Controller('a') export class A { @Get('b') c() { return this.d(); } }\n",
            "export const a = '/b' + c;\n",
            "function a(app) { app.get('/b', c); }\n",
            "consumer.subscribe({ topic: 'a' });\n",
            "@Entity() class A { @Column() b: string; }\n",
            "a => { ",
        ],
    ),
    (
        "src/clients.ts",
        "import axios from 'axios';\nimport { Pool } from 'pg';\nimport 'amqplib';\nimport 'bullmq';\nimport 'moleculer';\nimport mongoose from 'mongoose';\nconst client = axios.create({ baseURL: process.env.A });\n",
        &[
            "await client.get(`${process.env.A ?? 'http://a'}/b/${c}`);\n",
            "const url = process.env.A || 'http://a'; fetch(url + '/b', { method: 'POST' });\n",
            "const url = url + '/b'; fetch(url);\n",
            "class A { constructor(private http: HttpClient) {} b(c) { return this.http.get(this.d + c); } d = process.env.D; }\n",
            "export const a = { b: process.env.B, c: { d: `${e}/f` } };\n",
            "let a; a = 'http://a/' + a;\n",
            "const { a, b = 'c' } = process.env;\n",
            "const a = () => process.env.A; b(a() + '/c');\n",
            "const stub = new AServiceClient(process.env.A, grpc.credentials.createInsecure()); stub.get(b);\n",
            "constructor(@Inject('A') private a: ClientProxy) {} b() { this.a.send({ cmd: 'c' }, d); }\n",
            "ClientsModule.register([{ transport: Transport.TCP, options: { host: 'a' } }, ",
            "producer.send({ topic: 'a', messages }); channel.publish('a', 'b', c); new BPublisher(c).publish(d);\n",
            "const queue = new Queue('a'); queue.add('b', c);\n",
            "new SendMessageCommand({ QueueUrl: a }); pubsub.topic('a').publishMessage(b);\n",
            "const pool = new Pool({ host: a, database: b }); mongoose.connect(process.env.A); c.db('d');\n",
            "TypeOrmModule.forRootAsync({ useFactory: () => ({ host: 'a' }) }), ",
            "app.use('/a', createProxyMiddleware({ target: process.env.A }));\n",
            "module.exports = { name: 'a', actions: { b(ctx) { return ctx.call('c.d'); } } };\n",
            "fetch(`${`",
            "a ? b : ",
            "a || ",
            "axios.get(a.b.c + ",
        ],
    ),
    (
        "app/main.py",
        "from fastapi import FastAPI, APIRouter\nfrom flask import Blueprint\nfrom celery import Celery\napp = FastAPI()\n",
        &[
            "@app.get('/a')\ndef b(c):\n    return d\n",
            "router = APIRouter(prefix='/a')\napp.include_router(router, prefix='/b')\n",
            "class A(B):\n    def get(self):\n        return c\n",
            "A = B + '/c'\n",
            "for a in b:\n    app.include_router(a)\n",
            "urlpatterns += [path('a', b), path('c', include('d'))]\n",
            "def a(app):\n    app.add_api_route('/b', c)\n",
            "app.get('/a'",
        ],
    ),
    (
        "app/reach.py",
        "import requests, os, httpx, boto3, pika, redis\nfrom kafka import KafkaProducer\nfrom sqlalchemy import create_engine\n",
        &[
            "def a(b):\n    return requests.get(f\"{b.c()}/d\")\n",
            "A = os.environ[\"A\"] + \"/b\"\n",
            "url = url + \"/a\"\nrequests.get(url)\n",
            "url += \"/a\"\nrequests.get(url)\n",
            "if a:\n    url = b\nrequests.get(url)\n",
            "client = httpx.Client(base_url=A)\nclient.get('/a')\n",
            "stub = a_pb2_grpc.AStub(channel)\nstub.Get(b)\n",
            "producer.send('a', b)\n",
            "class A(BaseSettings):\n    b: str = 'http://c'\n",
            "A = {'b': 'http://c'}\nrequests.get(A[b])\n",
            "A = MongoClient('b')\nc = A['d']\n",
            "create_engine(",
            "session.get(a).",
            "B = f(\"{}/b\".format(B))\n",
        ],
    ),
    (
        "shop/models.py",
        "from django.db import models\nfrom sqlalchemy import Column\n",
        &[
            "class A(models.Model):\n    b = models.CharField()\n",
            "class A(Base):\n    __tablename__ = 'a'\n    b = Column(int)\n",
        ],
    ),
    (
        "internal/http/routes.go",
        "package http\nimport (\n\"net/http\"\n\"github.com/gin-gonic/gin\"\n\"github.com/gorilla/mux\"\n)\n",
        &[
            "func Register(r *gin.Engine) { r.GET(\"/a\", b) }\n",
            "func a() { r := mux.NewRouter(); s := r.PathPrefix(\"/a\").Subrouter(); s.HandleFunc(\"/b\", c) }\n",
            "const A = \"/b\"\nvar C = A + \"/d\"\n",
            "func (a *A) b() { a.c.GET(A, a.d)\n",
            "type A struct { ID int `gorm:\"primaryKey\"` }\n",
            "func a(b string) { c := d + b; http.Get(c + \"/e\") }\n",
            "type A struct { B string `env:\"B\"`; c A }\nfunc (a *A) d() { a.B = e(a.B); f(&a.B, \"G\") }\n",
            "func e(b string) string { return e(b) }\nvar f = e(\"http://a\")\n",
            "a := A{B: c.Client(d)}\nb := pb.NewOrdersClient(a)\nb.Get(ctx, c)\n",
            "base += base + os.Getenv(\"BASE\")\n",
            "r.Group(\"/a\").",
        ],
    ),
    (
        "src/Program.cs",
        "using Microsoft.AspNetCore.Mvc;\nvar app = WebApplication.Create(args);\n",
        &[
            "app.MapGet(\"/a\", () => b);\n",
            "var a = app.MapGroup(\"/a\"); a.MapPost(\"/b\", c);\n",
            "[ApiController][Route(\"a/[controller]\")] public class A : ControllerBase { [HttpGet(\"{b}\")] public int C() => 1; }\n",
            "public class A : IConsumer<B> { public Task Consume(ConsumeContext<B> c) { } }\n",
            "public class A : DbContext { public DbSet<B> C { get; set; } }\n",
            "public static void MapA(this IEndpointRouteBuilder b) { b.MapGet(\"/c\", d); }\n",
            "class A(HttpClient c, IOptions<BOptions> o) { Task D(string e) => c.GetAsync($\"{o.Value.Url}/a/{e}\"); }\n",
            "a = config[\"A:B\"] + a + Environment.GetEnvironmentVariable(\"C\");\n",
            "var a = b.CreateClient(\"c\"); a.GetAsync(\"/d\"); var r = new HttpRequestMessage(HttpMethod.Get, e); a.SendAsync(r);\n",
            "services.AddHttpClient<A>(c => c.BaseAddress = new Uri(\"http://a\"))\n",
            "var a = new A.AClient(GrpcChannel.ForAddress(\"http://a\")); a.BAsync(c);\n",
            "interface A { [Get(\"/a\")] Task B(); }\n",
            "var a = new RestClient(\"http://a\"); a.ExecuteAsync(new RestRequest(\"b\")); new WebClient().DownloadString(c);\n",
            "dapr.InvokeMethodAsync(\"a\", \"b\"); dapr.SaveStateAsync(c, d);\n",
            "channel.BasicPublish(a, b, c); channel.QueueBind(d, e, f); var r = new SendMessageRequest { QueueUrl = g }; h.SendMessageAsync(r);\n",
            "void F(Message m) { var e = new B(); eventBus.Publish(e); }\n",
            "o.UseSqlServer(a); var a = new SqlConnection(a); new MongoClient(b).GetDatabase(c); Open(a); void Open(string a) { }\n",
            "switch (messageType) { case \"A\": b((BasicDeliverEventArgs)c); }\n",
            "var a = builder.AddProject<Projects.A>(\"a\").WithReference(a).WithEnvironment(\"b\", a); // DistributedApplication\n",
            "[A(",
            "$\"{a[\"b\"]}\" + ",
        ],
    ),
    (
        "routes/web.php",
        "<?php\nuse Illuminate\\Support\\Facades\\Route;\n",
        &[
            "Route::get('/a', [B::class, 'c']);\n",
            "Route::prefix('a')->group(function () { Route::resource('b', C::class); });\n",
            "Route::group(['prefix' => 'a'], function () {\n",
            "$app->get('/a', B::class);\n",
            "class A extends Model { protected $table = 'b'; }\n",
            "#[Route('/a', methods: ['GET'])]\n",
        ],
    ),
    (
        "src/Orders.php",
        "<?php\nuse GuzzleHttp\\Client;\nuse Illuminate\\Support\\Facades\\Http;\nuse PhpMqtt\\Client;\n",
        &[
            "class A { function __construct(private Client $b) {} function c($d) { $this->b->get(\"/x/{$d}\"); } }\n",
            "$client = new Client(['base_uri' => getenv('A') ?: 'http://b']); $client->request('GET', '/c');\n",
            "Http::withToken($a)->baseUrl(config('b.c'))->post('/d');\n",
            "$this->client()->get('/a'); function client() { return Http::baseUrl('http://b'); }\n",
            "$a = $a . env('B', 'http://c') . sprintf('%s/%s', $a, $b);\n",
            "$a->publish($b, 'c'); $channel->basic_publish($a, 'b', 'c');\n",
            "curl_setopt($curl, CURLOPT_URL, $url . '/a');\n",
            "$a = new PDO(\"mysql:host=$b;dbname=c\"); $b = ['driver' => 'mysql', 'host' => 'c'];\n",
            "$stub = new AClient(getenv('B'), ['credentials' => ChannelCredentials::createInsecure()]); $stub->C($d)->wait();\n",
            "$c->register(A::class)->addArgument($c->getParameter('b'));\n",
            "['a' => ",
            "$this->a(",
        ],
    ),
    (
        "lib/orders.rb",
        "require 'bunny'\nrequire 'faraday'\nclass Orders\n",
        &[
            "def a(b)\n @c ||= Faraday.new(url: ENV.fetch('A', 'http://b'))\n @c.get(\"/x/#{b}\").body\nend\n",
            "Net::HTTP.start('a', 80) do |http|\n http.post('/b', c)\nend\n",
            "class B\n include HTTParty\n base_uri 'a'\n def c\n  self.class.get('/x')\n end\nend\n",
            "a = \"#{a}/#{ENV['B']}\"\nHTTP.get(a)\n",
            "exchange.publish(a, routing_key: 'b')\nqueue.bind(exchange, routing_key: 'c')\n",
            "a = A::Stub.new(ENV['B'], :c)\na.d(e)\n",
            "DB = Sequel.connect(ENV['A'])\nA_URL = ENV['B']\n",
            "RestClient::Request.execute(method: :get, url: a.b(",
        ],
    ),
    ("config/settings.yml", "a: 1\n", &["b:\n  url: <%= ENV['C'] || 'http://d' %>\n"]),
    ("config/services.yaml", "parameters:\n  a: b\n", &["  c: '%env(D_URL)%'\n"]),
    ("config/services.php", "<?php\nreturn [\n", &["'a' => ['url' => env('B', 'http://c')],\n", "'a' => ['url' => "]),
    (
        "config/routes.rb",
        "Rails.application.routes.draw do\n",
        &[
            "resources :orders do\n  resources :lines\nend\n",
            "namespace :a do\n",
            "get '/a', to: 'b#c'\n",
            "concern :a do\n get 'b'\nend\nresources :c, concerns: :a\n",
            "scope '/a' do get 'b' end\n",
        ],
    ),
    (
        "app.rb",
        "require 'sinatra'\n",
        &[
            "get '/a' do\n b\nend\n",
            "class A < Sinatra::Base\n get '/b' do\n end\nend\n",
            "namespace '/a' do\n",
            "map '/a' do run B end\n",
        ],
    ),
    (
        "src/main.rs",
        "use axum::{Router, routing::get};\nuse actix_web::web;\n",
        &[
            "fn a() -> Router { Router::new().route(\"/a\", get(b)).nest(\"/c\", d()) }\n",
            ".route(\"/a\", get(b))",
            "#[get(\"/a\")] async fn b() {}\n",
            "mod a { use super::b; fn c() {} }\n",
            "const A: &str = \"/b\";\n",
            "diesel::table! { a (id) { id -> Int4, } }\n",
            "web::scope(\"/a\").service(b)",
            "fn a() { let b = env::var(\"C\").unwrap_or(\"d\".into()); reqwest::get(format!(\"{b}/e\")).await; }\n",
            "let a = format!(\"{a}{a}\"); reqwest::get(a).await;\n",
            "struct A { b: C } impl A { fn d(&self) { self.b.get(self.b.e).send(); } }\n",
            "let a = OrdersClient::connect(\"b\"); a.c(d);\n",
            "channel.basic_publish(A, B, c, d, e); PgPool::connect(&f.g);\n",
            "#[derive(Deserialize)] struct A { b: String, c: A }\n",
        ],
    ),
    (
        "lib/shop_web/router.ex",
        "defmodule ShopWeb.Router do\n  use ShopWeb, :router\n",
        &[
            "scope \"/a\", B do\n get \"/b\", C, :d\nend\n",
            "scope \"/a\" do\n",
            "resources \"/a\", B do\n resources \"/c\", D\nend\n",
            "forward \"/a\", B\n",
            "alias A.{B, C}\n",
            "@a \"/b\"\nget @a, B, :c\n",
            "def a do\n HTTPoison.get(\"#{b()}/c\")\nend\n",
            "def b, do: System.get_env(\"C\") || \"d\"\n",
            "use Tesla\nplug Tesla.Middleware.BaseUrl, \"a\"\nget(\"/b\")\n",
            "a = Application.get_env(:b, :c)[:d] |> Keyword.get(:e)\nReq.get!(a, base_url: a)\n",
            "AMQP.Basic.publish(a, b, c, d)\n{Redix, host: a}\n",
            "config :a, B, c: [d: \"e\"]\n",
        ],
    ),
    (
        "src/server.cpp",
        "#include <httplib.h>\n",
        &[
            "svr.Get(\"/a\", [](auto& a, auto& b) {});\n",
            "class A : public B::Service { };\n",
            "void f() { std::string a = std::string(getenv(\"B\")) + c; curl_easy_setopt(d, CURLOPT_URL, a); }\n",
            "httplib::Client a(\"b\", 80); a.Get(\"/c\");\n",
            "auto a = B::NewStub(grpc::CreateChannel(\"c\", d)); a->E(f);\n",
            "TSocket a(b, c); OrdersServiceClient d(e); PQconnectdb(f);\n",
            "channel.publish(a, \"b\", c); AMQP::\n",
        ],
    ),
    (
        "openapi.yaml",
        "openapi: 3.0.3\ninfo: { title: a, version: '1' }\npaths:\n",
        &["  /a: { get: { responses: { '200': { description: b } } } }\n"],
    ),
    (
        "deploy/k8s.yaml",
        "",
        &[
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { template: { spec: { containers: [{ name: b, image: c }] } } }\n---\n",
        ],
    ),
    (
        "docker-compose.yml",
        "x-a: &a { B: c }\nservices:\n",
        &[
            "  a: { build: ., image: b, environment: [C=d] }\n",
            "  a: { image: b, environment: { <<: *a, D: e }, links: ['a:b'], labels: { traefik.http.routers.a.rule: 'Path(`/a`)' } }\n",
        ],
    ),
    (
        "deploy/settings.yaml",
        "",
        &[
            "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata:\n  application.yml: |\n    a:\n      url: http://b\n---\n",
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: a }\nspec: { rules: [{ http: { paths: [{ path: /a, backend: { serviceName: b } }] } }] }\n---\n",
        ],
    ),
    (
        "nginx.conf",
        "upstream a { server b; }\n",
        &[
            "location /a { proxy_pass http://a; }\n",
            "location /a { ",
            "proxy_pass ${",
            "set $a $b; proxy_pass $a;\n",
            "{{",
            "upstream a { server b:80; }\n",
        ],
    ),
    (
        "apache/httpd.conf",
        "",
        &["ProxyPass /a http://b\n", "<Location /a>\nProxyPass http://b\n", "RewriteRule a http://b/$1 [P]\n", "\""],
    ),
    ("haproxy.cfg", "", &["backend a\nserver b c:80\n", "listen a\nserver b c:80\n", "use_backend a if b\nacl b path /c\n"]),
    (
        "Caddyfile",
        "",
        &["handle /a {\nreverse_proxy b:80\n}\n", "handle /a {\n", "a {\nreverse_proxy b:80\n", "reverse_proxy {$A"],
    ),
    (
        "gateway/kong.yml",
        "_format_version: '1'\nroutes: [{ service: a, paths: [/b] }]\nservices:\n",
        &["  - { name: a, url: 'http://b', routes: [{ paths: [/c] }] }\n"],
    ),
    (
        "envoy.yaml",
        "clusters: [{ name: a, hosts: [{ socket_address: { address: b, port_value: 80 } }] }]\nroutes:\n",
        &["  - { match: { prefix: /a }, route: { cluster: a } }\n"],
    ),
    (
        "charts/a/templates/b.yaml",
        "{{ a }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a\nspec:\n  env:\n",
        &["    - name: A\n      value: {{ .b }}\n", "    - name: A\n      valueFrom: { configMapKeyRef: { name: b } }\n"],
    ),
    ("config/default.json", "{\"a\": 1", &[", \"b\": {\"url\": \"http://c\"}", ", \"b\": {"]),
    ("src/main/resources/application.conf", "", &["a { url = b }\n", "a {\n", "a = ${?B}\n"]),
    (".env", "", &["A=b\n"]),
    ("Dockerfile", "FROM a AS b\n", &["COPY a b\n", "FROM a AS b\n", "RUN a \\\n", "ARG A=b\nFROM ${A}\n", "ENV A=$A$A\n"]),
    (
        "main.tf",
        "",
        &["resource \"aws_lambda_function\" \"a\" {\n  handler = var.b\n}\n", "locals {\n a = local.b\n}\n", "module \"a\" {\n"],
    ),
    (
        "template.yaml",
        "AWSTemplateFormatVersion: a\nResources:\n",
        &[
            "  A: { Type: AWS::Serverless::Function, Properties: { Events: { B: { Type: SQS, Properties: { Queue: !GetAtt C.Arn } } } } }\n",
        ],
    ),
    (
        "serverless.yml",
        "service: a\nprovider: { name: aws }\nfunctions:\n",
        &["  a: { handler: b, events: [{ http: GET /c }] }\n"],
    ),
    ("pom.xml", "<project>", &["<dependency><groupId>a</groupId><artifactId>b</artifactId></dependency>", "<a>", "<!--"]),
    (
        "build.gradle.kts",
        "plugins { id(\"a\") }\n",
        &["dependencies { implementation(\"a:b:1\") }\n", "dependencies {\n", "val a = \"$b\"\n"],
    ),
    ("package.json", "{", &["\"a\": {\"b\": \"1\"},", "{"]),
    ("Gemfile", "source 'a'\n", &["gem 'a', '~> 1'\n", "group :a do\n"]),
    ("requirements.txt", "", &["a==1\n", "-r b.txt\n"]),
    ("mix.exs", "defmodule A.MixProject do\n", &["{:a, \"~> 1.0\"},\n", "defp deps do\n"]),
    (
        "db/schema.sql",
        "",
        &["CREATE TABLE a (b INT, c TEXT);\n", "CREATE TABLE a (", "ALTER TABLE a ADD b INT;\n", "INSERT INTO a VALUES (1);\n"],
    ),
    ("schema.prisma", "", &["model A {\n  id Int @id\n}\n", "model A {\n"]),
    ("Jenkinsfile", "pipeline {\n", &["stage('a') { steps { sh 'b' } }\n", "dir('a') {\n"]),
    (".github/workflows/a.yml", "on: push\njobs:\n", &["  a: { runs-on: b, steps: [{ run: c, working-directory: d }] }\n"]),
    (
        "application.yml",
        "spring: { cloud: { gateway: { routes: [{ uri: 'lb://a', predicates: [Path=/a] }] } } }\nzuul:\n  routes:\n",
        &["    a: { path: /b, url: 'http://c' }\n", "---\nspring: { application: { name: a } }\n"],
    ),
    (
        "orders.proto",
        "syntax = \"proto3\";\n",
        &["service A { rpc B(C) returns (D); }\n", "message A { string b = 1; }\n", "message A {\n"],
    ),
];

/// Bytes of the short text.
const LENGTH: usize = 6_000;
const LONGER: usize = 8;

#[test]
fn time_grows_with_the_file_and_not_with_its_square() {
    let mut slow = Vec::new();
    for (path, head, shapes) in SHAPES {
        let kind = Kind { language: Language::of_file(last_part(path)), role: Role::Production };
        for shape in *shapes {
            let text = |length: usize| format!("{head}{}", shape.repeat(length / shape.len()));
            let run = |text: &str| {
                std::hint::black_box(super::file(kind, *path, text.as_bytes()));
            };
            if !is_linear(run, &text(LENGTH), &text(LENGTH * LONGER), LONGER) {
                slow.push(format!("{path}: {shape:?}"));
            }
        }
    }
    assert_eq!(slow, [] as [String; 0]);
}
