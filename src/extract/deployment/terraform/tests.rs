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
         events=[kind=queue name=placed@24:22] resources=[orders@13:34]
         deployment at=19:19 tool=terraform name=image@19:19 shape=function image=acme/image:1@21:19
         deployment at=29:19 tool=terraform name=rates@29:19 shape=function context=src/rates",
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
    }
  ])
}
resource "aws_ecs_task_definition" "billing" {
  family                = "billing"
  container_definitions = <<EOF
[{"name": "billing", "image": "acme/billing:1", "portMappings": [{"containerPort": 80}]}]
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
      spec {
        container {
          name  = "rates"
          image = "acme/rates:${var.tag}"
          port { container_port = 9000 }
        }
      }
    }
  }
}
resource "azurerm_linux_function_app" "mail" { name = "mail" }
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
        "deployment at=3:12 tool=terraform name=orders@3:12 shape=process image=acme/orders:1@8:22 ports=[8080] probed=false
         deployment at=14:27 tool=terraform name=billing@14:27 shape=process image=acme/billing:1@16:31 ports=[80] probed=false
         deployment at=20:10 tool=terraform name=web@20:10 shape=process image=gcr.io/acme/web@23:15 ports=[3000] probed=true
         deployment at=33:17 tool=terraform name=rates@33:17 shape=process ports=[9000] probed=false
         deployment at=48:55 tool=terraform name=mail@48:55 shape=function
         deployment at=50:11 tool=terraform name=cart@50:11 shape=process context=charts/cart",
    );
}

#[test]
fn other_resources_and_broken_files_state_nothing() {
    assert_eq!(read("main.tf", "resource \"aws_s3_bucket\" \"a\" { bucket = \"aws_lambda_function\" }\n"), "");
    read("main.tf", "resource \"aws_lambda_function\" \"a\" {\n  function_name = \"b\n");
    read("main.tf", "} resource aws_lambda_function { = \"\" } jsonencode( [");
}
