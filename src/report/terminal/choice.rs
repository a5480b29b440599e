//! Which findings a terminal shows when there are more than a person reads.
//!
//! The number to show is shared out: first to errors, then to warnings, then to notes, and within a level evenly among rules, so
//! that one rule with a thousand findings does not hide the rule with one.

use rustc_hash::FxHashMap;

use crate::diagnostic::Level;
use crate::evaluate::finding::{Finding, Report};
use crate::report::rule_counts;

/// Findings of one rule at one level.
pub struct Group<'r> {
    pub level: Level,
    pub rule: &'r str,
    /// In the order of the report.
    pub shown: Vec<&'r Finding>,
    pub count: usize,
    /// How many of them are not shown.
    pub omitted: usize,
}

/// Groups of findings that count, the most severe level last: it stays on the screen when the run is over. `max` is the number of
/// findings to show in all; 0 for all of them.
pub fn groups(report: &Report, max: usize) -> Vec<Group<'_>> {
    let counts = rule_counts(report);
    let mut left = if max == 0 { usize::MAX } else { max };
    let mut groups = Vec::with_capacity(counts.len());
    for level in Level::ALL {
        let of_level: Vec<_> = counts.iter().filter(|&&(counted, ..)| counted == level).collect();
        let sizes: Vec<usize> = of_level.iter().map(|&&(_, _, count)| count).collect();
        for (&&(level, rule, count), share) in of_level.iter().zip(shares(&sizes, left)) {
            left -= share;
            groups.push(Group { level, rule, shown: Vec::with_capacity(share), count, omitted: count - share });
        }
    }
    groups.sort_unstable_by_key(|group| (group.level, group.rule));
    let positions: FxHashMap<(Level, &str), usize> =
        groups.iter().enumerate().map(|(position, group)| ((group.level, group.rule), position)).collect();
    for finding in report.active() {
        let group = &mut groups[positions[&(finding.level, &*finding.rule)]];
        if group.shown.len() < group.count - group.omitted {
            group.shown.push(finding);
        }
    }
    groups
}

/// Shares `left` out among groups of these sizes, as evenly as the sizes allow.
fn shares(sizes: &[usize], left: usize) -> Vec<usize> {
    if sizes.iter().sum::<usize>() <= left {
        return sizes.to_vec();
    }
    let mut shares = vec![0; sizes.len()];
    let mut smallest_first: Vec<usize> = (0..sizes.len()).collect();
    smallest_first.sort_by_key(|&index| sizes[index]);
    let mut left = left;
    for (done, &index) in smallest_first.iter().enumerate() {
        shares[index] = sizes[index].min(left / (sizes.len() - done));
        left -= shares[index];
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_groups_are_shown_whole_and_large_ones_share_the_rest() {
        assert_eq!(shares(&[1, 2, 3], 10), [1, 2, 3]);
        assert_eq!(shares(&[1000, 1, 30], 21), [10, 1, 10]);
        assert_eq!(shares(&[5, 5, 5], 10), [3, 3, 4]);
        assert_eq!(shares(&[5, 5], 0), [0, 0]);
        assert!(shares(&[], 5).is_empty());
    }
}
