workspace {
  !identifiers flat
  model {
    system = softwareSystem "System" {
      group "'<d>'/" {
        _3____a____1___b___c___lt_____0 = container "3/ `*a*` #1; {b}|[c] &lt; 服务" "gateway" "Go" "gateway"
      }
      group "finance" {
        billing_1 = container "billing" "worker" "Go" "worker"
      }
      group "sales" {
        orders____co__2 = container "orders & 'co'" "service" "Go" "service,error"
      }
        web___script__4 = container "web-</script>" "ui" "Go" "ui,error"
      store_0_ = container "shop" "store" "postgresql" "store"
    }
    web___script__4 -> orders____co__2 "calls" "http"
    orders____co__2 -> billing_1 "order.paid" "message"
    web___script__4 -> billing_1 "gateway" "gateway"
    _3____a____1___b___c___lt_____0 -> web___script__4 "a|'b', $ {c}" "message"
    billing_1 -> store_0_ "stores in"
    orders____co__2 -> store_0_ "stores in"
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
      element "ui" {
        shape webBrowser
      }
      element "gateway" {
        shape hexagon
      }
      element "bff" {
        shape hexagon
      }
      element "warning" {
        stroke #ef6c00
      }
      element "error" {
        stroke #c62828
      }
    }
  }
}
