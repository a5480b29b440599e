//! A line on the terminal while a run takes longer than a second: what it is doing.
//!
//! It is no report: nothing of it reaches a file or a pipe, and a short run shows nothing at all.

use std::io::IsTerminal;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::Step;

/// How long a run may take without a word.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the line moves, to show that the run is alive.
const TICK: Duration = Duration::from_millis(125);

/// Disappears when it is dropped.
pub struct Progress(Option<Shown>);

struct Shown {
    bar: ProgressBar,
    /// Waits for the moment from which the line is shown, or for the end of the run, which comes as the sender goes.
    waiter: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// A line on stderr when that is a terminal that can redraw one, else nothing.
    pub fn on_stderr() -> Progress {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if !std::io::stderr().is_terminal() || dumb {
            return Progress(None);
        }
        Progress(Some(Shown::after(PATIENCE, || ProgressDrawTarget::stderr_with_hz(8))))
    }

    pub fn step(&self, step: Step) {
        if let Some(shown) = &self.0 {
            shown.bar.set_message(words(step));
        }
    }
}

impl Shown {
    fn after(patience: Duration, target: fn() -> ProgressDrawTarget) -> Shown {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("the template is well formed"));
        let (sender, receiver) = mpsc::channel();
        let waiting = bar.clone();
        let waiter = thread::spawn(move || {
            if receiver.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                waiting.set_draw_target(target());
                waiting.enable_steady_tick(TICK);
            }
        });
        Shown { bar, waiter: Some((sender, waiter)) }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        if let Some((sender, waiter)) = self.waiter.take() {
            drop(sender);
            // A panic of the waiter would lose the line, never the run.
            let _ = waiter.join();
        }
        self.bar.finish_and_clear();
    }
}

fn words(step: Step) -> String {
    match step {
        Step::Discover => "finding files".to_owned(),
        Step::Extract { files } => format!("reading {} files", HumanCount(files as u64)),
        Step::Model => "joining services".to_owned(),
        Step::Evaluate => "evaluating rules".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_ends_without_waiting() {
        let started = std::time::Instant::now();
        let shown = Shown::after(Duration::from_secs(3600), || panic!("it is never shown"));
        let progress = Progress(Some(shown));
        progress.step(Step::Extract { files: 12_004 });
        assert_eq!(progress.0.as_ref().map(|shown| shown.bar.message()), Some("reading 12,004 files".to_owned()));
        drop(progress);
        assert!(started.elapsed() < Duration::from_secs(600));
    }

    #[test]
    fn a_long_run_is_shown_until_it_ends() {
        let shown = Shown::after(Duration::ZERO, ProgressDrawTarget::hidden);
        let bar = shown.bar.clone();
        thread::sleep(Duration::from_millis(20));
        drop(shown);
        assert!(bar.is_finished());
    }
}
