//! Workers that take jobs from a queue: `use Oban.Worker, queue: :events`. A worker is named as its module is: queues hold jobs of many.

use super::syntax;
use crate::extract::Output;
use crate::extract::code::value::literal;
use crate::extract::code::{Code, Framework};
use crate::facts::HandlerKind;

pub const FRAMEWORK: Framework = Framework { name: "oban", marks: &["Oban.Worker", "Oban.Pro.Worker", "Oban.Pro.Workers"], read };

fn read(code: &Code, output: &mut Output) {
    for module in syntax::modules(code) {
        let is_worker = |name: &str| matches!(name, "Oban.Worker" | "Oban.Pro.Worker") || name.starts_with("Oban.Pro.Workers.");
        let Some(used) = syntax::uses(code, &module, |name, _| is_worker(name)) else { continue };
        // A module whose macros make workers of others is none.
        let performs = syntax::statements(code, module.body.clone()).any(|found| {
            code.is(found.name, "def")
                && found.arguments.first().is_some_and(|head| code.is_any(head.start, &["perform", "process"]))
        });
        if performs {
            let at = code.location(used.name..used.end);
            syntax::add_handler(output, FRAMEWORK.name, HandlerKind::Consumer, at, literal(module.short()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::extract::code::snapshot::check;

    #[test]
    fn workers_are_consumers() {
        check(
            "lib/shop/workers/mailer.ex",
            r#"defmodule Shop.Workers.Mailer do
  use Oban.Worker, queue: :mail, max_attempts: 3
  @impl Oban.Worker
  def perform(%Oban.Job{args: %{"id" => id}}) do
    :ok
  end
end
defmodule Shop.Worker do
  defmacro __using__(options) do
    quote do
      use Oban.Worker, unquote(options)
    end
  end
end"#,
            "2 consumer Mailer",
        );
    }
}
