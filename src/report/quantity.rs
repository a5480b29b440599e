//! Numbers as people write them.

use std::cmp::Ordering;

use crate::evaluate::finding::Measure;

/// `lines 84 <= 300`: a value and how it stands to its limit.
pub fn measured(measure: &Measure) -> String {
    let least = if measure.complete { "" } else { "at least " };
    let value = number(measure.value);
    match measure.limit {
        None => format!("{} {least}{value}", measure.name),
        Some(limit) => {
            let relation = match measure.value.total_cmp(&limit) {
                Ordering::Less => "<=",
                Ordering::Equal => "=",
                Ordering::Greater => ">",
            };
            format!("{} {least}{value} {relation} {}", measure.name, number(limit))
        }
    }
}

/// Two decimals where there are any, digits in groups of three.
fn number(value: f64) -> String {
    if value.fract() == 0.0 && (0.0..1e15).contains(&value) {
        return grouped(value as u64);
    }
    format!("{value:.2}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A number with its digits in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        for (value, text) in [(0.0, "0"), (999.0, "999"), (1234567.0, "1,234,567"), (0.536, "0.54"), (-2.5, "-2.5"), (0.1, "0.1")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_measure_stands_against_its_limit() {
        let text = |value, limit, complete| measured(&Measure { name: "calls".to_owned(), value, limit, complete });
        assert_eq!(text(84.0, Some(300.0), true), "calls 84 <= 300");
        assert_eq!(text(61.0, Some(60.0), true), "calls 61 > 60");
        assert_eq!(text(5.0, Some(5.0), true), "calls 5 = 5");
        assert_eq!(text(12.0, Some(10.0), false), "calls at least 12 > 10");
        assert_eq!(text(7.0, None, true), "calls 7");
    }
}
