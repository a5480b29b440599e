//! Whether a reader's time grows with its text, and not with the square of it. For tests alone.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// The time that this thread has had so far, whoever else uses the machine.
fn now() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().expect("time does not run backwards from zero")
}

fn time(run: &mut impl FnMut(&str), text: &str) -> Duration {
    let start = now();
    run(text);
    now() - start
}

/// True when a text that is `longer` times as long takes hardly more than so many times the time; a time that grows with the square would
/// take `longer` times more. What looks slow is looked at again, because caches and clocks are shared.
pub fn is_linear(mut run: impl FnMut(&str), short: &str, long: &str, longer: usize) -> bool {
    (0..5).any(|_| {
        let once = time(&mut run, short).max(Duration::from_micros(500));
        time(&mut run, long) < once.mul_f64(2.5 * longer as f64)
    })
}
