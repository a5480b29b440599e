workspace {
  !identifiers flat
  model {
    system = softwareSystem "System" {
      group "finance" {
        billing_0 = container "billing" "worker" "Go" "worker"
      }
      group "sales" {
        orders____co__1 = container "orders & 'co'" "service" "Go" "service"
      }
        web___script__3 = container "web-</script>" "ui" "Go" "ui"
      store_0 = container "shop" "store" "postgresql" "store"
    }
    web___script__3 -> orders____co__1 "calls" "http"
    orders____co__1 -> billing_0 "order.paid" "message"
    web___script__3 -> billing_0 "gateway" "gateway"
    billing_0 -> store_0 "stores in"
    orders____co__1 -> store_0 "stores in"
  }
  views {
    container system "services" {
      include *
      autoLayout lr
    }
    styles {
      element "store" {
        shape cylinder
      }
    }
  }
}
