defmodule Mailer do
  def send(to, text), do: {:ok, {to, text}}
end
