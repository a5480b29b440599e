//! What Terraform files state.

use crate::extract::manifest::snapshot::{check, read};

#[test]
fn functions_are_read_with_code_and_events() {
    check(
        "infra/main.tf",
        r#"
data "archive_file" "orders" {
  type        = "zip"
  source_dir  = "${path.module}/../src/orders"
  output_path = "orders.zip"
}
resource "aws_lambda_function" "orders" {
  function_name = "${var.prefix}-orders"
  filename      = data.archive_file.orders.output_path
  handler       = "main.handler" # the entry
  environment {
    variables = {
      TABLE = aws_dynamodb_table.orders.name
      LEVEL = "info"
      URL   = "http://${aws_lb.billing.dns_name}:80/${var.stage}"
      STAGE = var.stage
    }
  }
}
resource "aws_lambda_function" "image" {
  function_name = "image"
  package_type  = "Image"
  image_uri     = "acme/image:1"
}
resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = aws_sqs_queue.placed.arn
  function_name    = aws_lambda_function.orders.arn
}
module "rates" {
  source        = "terraform-aws-modules/lambda/aws"
  function_name = "rates"
  source_path   = "../src/rates"
}
"#,
        "deployment at=7:32 tool=terraform name=orders@7:32 shape=function context=src/orders command=main.handler@10:19 \
             events=[kind=queue name=placed@26:22] resources=[orders@13:34] environment=[name=TABLE at=13:15 \
             value=text=${orders}, name=LEVEL at=14:15 value=text=info, name=URL at=15:15 \
             value=text=http://${billing}:80/${var.stage}, name=STAGE at=16:15 value=text=${var.stage}]
             deployment at=21:19 tool=terraform name=image@21:19 shape=function image=acme/image:1@23:19
             deployment at=31:19 tool=terraform name=rates@31:19 shape=function context=src/rates",
    );
}

#[test]
fn containers_are_read() {
    check(
        "main.tf",
        r#"
resource "aws_ecs_task_definition" "orders" {
  family = "orders"
  container_definitions = jsonencode([
    { name = "envoy", image = "envoyproxy/envoy:1" },
    {
      name         = "orders"
      image        = "acme/orders:1"
      portMappings = [{ containerPort = 8080 }]
      environment  = [{ name = "BILLING_URL", value = "http://billing" }, { name = "Q", value = aws_sqs_queue.q.url }]
    }
  ])
}
resource "aws_ecs_task_definition" "billing" {
  family                = "billing"
  container_definitions = <<EOF
[{"name": "billing", "image": "acme/billing:1", "portMappings": [{"containerPort": 80}], "environment": [{"name": "A", "value": "b"}]}]
EOF
}
resource "google_cloud_run_v2_service" "web" {
  name = "web"
  template {
    containers {
      image = "gcr.io/acme/web"
      ports {
        container_port = 3000
      }
      startup_probe {}
    }
  }
}
resource "kubernetes_deployment_v1" "rates" {
  metadata {
    name      = "rates"
    namespace = var.namespace
  }
  spec {
    template {
      metadata {
        labels = { app = "rates" }
      }
      spec {
        container {
          name  = "rates"
          image = "acme/rates:${var.tag}"
          port { container_port = 9000 }
          env {
            name  = "ORDERS_URL"
            value = "http://orders"
          }
          env_from {
            config_map_ref { name = "shop" }
          }
        }
      }
    }
  }
}
resource "azurerm_linux_function_app" "mail" { name = "mail" }
resource "kubernetes_service" "rates" {
  metadata { name = "rates" }
  spec {
    selector = { app = "rates" }
    port {
      port        = 80
      target_port = 9000
    }
  }
}
resource "kubernetes_config_map" "shop" {
  metadata { name = "shop" }
  data = { BILLING_URL = "http://billing", DB_PASSWORD = "x" }
}
resource "helm_release" "cart" {
  name  = "cart"
  chart = "./charts/cart"
}
resource "helm_release" "prometheus" {
  name       = "prometheus"
  repository = "https://charts.example.com"
  chart      = "prometheus"
}
"#,
        "deployment at=3:12 tool=terraform name=orders@3:12 shape=process image=acme/orders:1@8:22 ports=[8080] \
             probed=false environment=[name=BILLING_URL at=10:55 value=text=http://billing, name=Q at=10:97 value=text=${q}]
             deployment at=15:27 tool=terraform name=billing@15:27 shape=process image=acme/billing:1@17:31 ports=[80] \
             probed=false environment=[name=A at=17:129 value=text=b]
             deployment at=21:10 tool=terraform name=web@21:10 shape=process image=gcr.io/acme/web@24:15 ports=[3000] \
             probed=true
             deployment at=34:17 tool=terraform name=rates@34:17 shape=process ports=[9000] probed=false selected_by=[[app, \
             rates]] environment=[name=ORDERS_URL at=49:21 value=text=http://orders] environment_from=[shop@52:37]
             deployment at=59:55 tool=terraform name=mail@59:55 shape=function
             deployment at=75:11 tool=terraform name=cart@75:11 shape=process context=charts/cart
             network-name at=61:21 name=rates@61:21 selector=[[app, rates]] ports=[[80, 9000]]
             settings-object at=71:21 name=shop@71:21 entries=[[BILLING_URL, http://billing@72:26]]",
    );
}

#[test]
fn other_resources_and_broken_files_state_nothing() {
    assert_eq!(read("main.tf", "resource \"aws_s3_bucket\" \"a\" { bucket = \"aws_lambda_function\" }\n"), "");
    read("main.tf", "resource \"aws_lambda_function\" \"a\" {\n  function_name = \"b\n");
    read("main.tf", "} resource aws_lambda_function { = \"\" } jsonencode( [");
}
