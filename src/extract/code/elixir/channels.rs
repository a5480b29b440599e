//! What clients subscription to over Phoenix's sockets: `socket "/socket", UserSocket` of an endpoint, `channel "room:*", RoomChannel`.

use super::syntax;
use crate::extract::Output;
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework = Framework {
    name: "phoenix-channels",
    marks: &["Phoenix.Endpoint", "Phoenix.Socket", "Absinthe.Phoenix.Socket", ":socket"],
    read,
};

fn read(code: &Code, output: &mut Output) {
    for module in syntax::modules(code) {
        let is_endpoint = syntax::uses(code, &module, |name, _| name == "Phoenix.Endpoint").is_some();
        let is_socket = || {
            syntax::uses(code, &module, |name, further| {
                let kind = further.first().and_then(|kind| syntax::atom(code, kind.clone()));
                matches!(name, "Phoenix.Socket" | "Absinthe.Phoenix.Socket") || kind.is_some_and(|kind| &*kind == "socket")
            })
            .is_some()
        };
        let word = match is_endpoint {
            true => "socket",
            false if is_socket() => "channel",
            false => continue,
        };
        for found in syntax::statements(code, module.body.clone()).filter(|found| code.is(found.name, word)) {
            let [name, handler, ..] = &found.arguments[..] else { continue };
            let Some(handler) = syntax::full_name(code, &module, handler.clone()) else { continue };
            // The pages of LiveView keep one open for themselves.
            if !handler.starts_with("Phoenix.LiveView.") && !handler.starts_with("Phoenix.LiveReloader.") {
                let at = code.location(found.name..found.end);
                let name = syntax::value(code, name.clone());
                syntax::add_handler(output, FRAMEWORK.name, HandlerKind::Subscription, at, name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn sockets_and_channels_are_subscriptions() {
        check(
            "lib/shop_web/endpoint.ex",
            r#"defmodule ShopWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :shop
  socket "/live", Phoenix.LiveView.Socket, websocket: true
  socket "/socket", ShopWeb.UserSocket,
    websocket: true,
    longpoll: false
  if code_reloading? do
    socket "/phoenix/live_reload/socket", Phoenix.LiveReloader.Socket
  end
  plug ShopWeb.Router
  def f(socket), do: socket
end"#,
            "4 subscription /socket",
        );
        check(
            "lib/shop_web/channels/user_socket.ex",
            r#"defmodule ShopWeb.UserSocket do
  use Phoenix.Socket
  ## Channels
  channel "room:*", ShopWeb.RoomChannel
  channel("lobby", ShopWeb.LobbyChannel)
  # channel "old:*", ShopWeb.OldChannel
  def connect(_params, socket, _info), do: {:ok, assign(socket, :channel, "x")}
end
defmodule ShopWeb.Other do
  channel "none", ShopWeb.RoomChannel
end"#,
            "4 subscription room:*\n5 subscription lobby",
        );
    }
}
