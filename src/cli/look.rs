//! How text for people looks: arguments that every command with such text takes.

use clap::Args;

use crate::report::terminal::{Color, Look};

#[derive(Args)]
pub struct LookArguments {
    /// When text is coloured: auto, always or never. `NO_COLOR` and `CLICOLOR_FORCE` count, too.
    #[arg(long, value_name = "WHEN", default_value = "auto", value_parser = color)]
    color: Color,
}

fn color(name: &str) -> Result<Color, String> {
    Color::from_name(name).ok_or_else(|| {
        let names: Vec<&str> = Color::ALL.iter().map(|(name, _)| *name).collect();
        format!("one of: {}", names.join(", "))
    })
}

impl LookArguments {
    pub fn of_stdout(&self) -> Look {
        Look::of_stdout(self.color)
    }

    pub fn of_stderr(&self) -> Look {
        Look::of_stderr(self.color)
    }
}
