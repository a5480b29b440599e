//! How text looks on one output: its width, its colours, its characters.

use std::io::IsTerminal;

use crate::diagnostic::Level;

/// When text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// When the output is a terminal that shows colours and nobody asks otherwise.
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    pub const ALL: [(&'static str, Color); 3] = [("auto", Color::Auto), ("always", Color::Always), ("never", Color::Never)];

    pub fn from_name(name: &str) -> Option<Color> {
        Color::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, color)| color)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// In columns.
    pub width: usize,
    pub color: bool,
    /// False: nothing but ASCII is written.
    pub unicode: bool,
}

/// Text for a file: without colour, 100 columns wide.
impl Default for Look {
    fn default() -> Self {
        Look { width: 100, color: false, unicode: true }
    }
}

/// The narrowest and the widest text that is still read with ease.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=200;

impl Look {
    pub fn of_stdout(color: Color) -> Look {
        let columns = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        Look::choose(color, std::io::stdout().is_terminal(), columns, |name| std::env::var(name).ok())
    }

    pub fn of_stderr(color: Color) -> Look {
        let columns = terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| usize::from(width.0));
        Look::choose(color, std::io::stderr().is_terminal(), columns, |name| std::env::var(name).ok())
    }

    /// The look for an output, from what is known about it and from the environment.
    fn choose(color: Color, terminal: bool, columns: Option<usize>, variable: impl Fn(&str) -> Option<String>) -> Look {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("NO_COLOR").is_some() => false,
            Color::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
            Color::Auto => terminal && !dumb && set("CLICOLOR").is_none_or(|value| value != "0"),
        };
        let asked = set("COLUMNS").and_then(|columns| columns.parse().ok()).filter(|&columns| columns > 0);
        let width = asked.or(columns).unwrap_or(Look::default().width).clamp(*WIDTHS.start(), *WIDTHS.end());
        Look { width, color, unicode: !terminal || draws_unicode(set) }
    }

    /// A text in a style, if this look has colours.
    pub(super) fn paint(&self, style: Style, text: &str) -> String {
        if self.color && !text.is_empty() { format!("\x1b[{}m{text}\x1b[0m", style.code()) } else { text.to_owned() }
    }
}

/// Whether a terminal shows more than ASCII. Files and pipes are taken to be UTF-8, whatever the locale of a build machine is.
fn draws_unicode(set: impl Fn(&str) -> Option<String>) -> bool {
    if cfg!(windows) {
        return ["WT_SESSION", "TERM_PROGRAM", "ConEmuTask", "TERMINAL_EMULATOR", "TERM"].iter().any(|name| set(name).is_some());
    }
    // The Linux console has neither arrows nor rounded corners.
    if set("TERM").is_some_and(|term| term == "linux") {
        return false;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| set(name)).unwrap_or_default().to_uppercase();
    locale.contains("UTF-8") || locale.contains("UTF8")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Level(Level),
    Strong,
    Faint,
    /// What leads to a next step.
    Advice,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Level(Level::Error) => "1;31",
            Style::Level(Level::Warning) => "1;33",
            Style::Level(Level::Note) => "1;36",
            Style::Strong => "1",
            Style::Faint => "2",
            Style::Advice => "32",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(color: Color, terminal: bool, columns: Option<usize>, variables: &[(&str, &str)]) -> Look {
        Look::choose(color, terminal, columns, |name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    const UTF8: (&str, &str) = ("LANG", "C.UTF-8");

    #[test]
    fn colours_follow_the_choice_then_the_environment_then_the_terminal() {
        let color = |color, terminal, variables: &[(&str, &str)]| look(color, terminal, None, variables).color;
        assert!(color(Color::Auto, true, &[UTF8]));
        assert!(!color(Color::Auto, false, &[UTF8]));
        assert!(!color(Color::Auto, true, &[("NO_COLOR", "1")]));
        assert!(color(Color::Auto, true, &[("NO_COLOR", "")]), "an empty NO_COLOR does not count");
        assert!(!color(Color::Auto, true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
        assert!(color(Color::Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!color(Color::Auto, false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!color(Color::Auto, true, &[("CLICOLOR", "0")]));
        assert!(!color(Color::Auto, true, &[("TERM", "dumb")]));
        assert!(color(Color::Always, false, &[("NO_COLOR", "1"), ("TERM", "dumb")]));
        assert!(!color(Color::Never, true, &[("CLICOLOR_FORCE", "1")]));
    }

    #[test]
    fn the_width_is_what_is_asked_for_then_the_terminals_then_a_hundred() {
        let width = |columns, variables: &[(&str, &str)]| look(Color::Auto, true, columns, variables).width;
        assert_eq!(width(None, &[]), 100);
        assert_eq!(width(Some(132), &[]), 132);
        assert_eq!(width(Some(132), &[("COLUMNS", "80")]), 80);
        assert_eq!(width(Some(132), &[("COLUMNS", "many")]), 132);
        assert_eq!(width(Some(2), &[]), 40);
        assert_eq!(width(Some(4000), &[]), 200);
    }

    #[test]
    #[cfg(not(windows))]
    fn terminals_without_utf8_get_ascii() {
        let unicode = |terminal, variables: &[(&str, &str)]| look(Color::Auto, terminal, None, variables).unicode;
        assert!(unicode(true, &[UTF8]));
        assert!(unicode(true, &[("LC_ALL", "en_US.utf8"), ("LANG", "C")]));
        assert!(!unicode(true, &[("LC_ALL", "C"), UTF8]));
        assert!(!unicode(true, &[]));
        assert!(!unicode(true, &[("TERM", "linux"), UTF8]));
        assert!(unicode(false, &[("LC_ALL", "C")]), "a file is UTF-8 in any locale");
    }
}
