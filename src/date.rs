//! Calendar days, as policies and manifests write them: `2027-03-01`.
//!
//! Waivers and overrides end on a day, and a run has a day; nothing here knows of times or zones. Days count in the proleptic
//! Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

/// A day that exists, between the years 0000 and 9999. The order is that of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// Why a text is no date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDate {
    pub message: String,
    pub help: String,
}

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: {}", self.message, self.help)
    }
}

impl std::error::Error for InvalidDate {}

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

impl Date {
    pub fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let exists = year <= 9999 && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        exists.then_some(Date { year, month, day })
    }

    /// The clock's day, in UTC.
    pub fn today() -> Date {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Date::from_days((seconds / 86_400) as i64).unwrap_or(Date { year: 9999, month: 12, day: 31 })
    }

    /// The date that is `days` days after 1970-01-01, if its year has four digits.
    pub fn from_days(days: i64) -> Option<Date> {
        let shifted = days.checked_add(719_468)?;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era.checked_mul(400)? + i64::from(month <= 2);
        Date::new(u16::try_from(year).ok()?, month as u8, day as u8)
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let shifted_month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * shifted_month + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The date that is `days` days later, or earlier for a negative number.
    pub fn plus_days(self, days: i64) -> Option<Date> {
        Date::from_days(self.days().checked_add(days)?)
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Date, InvalidDate> {
        let message = || format!("`{}` is not a date", text.escape_debug());
        let wrong_form = || InvalidDate { message: message(), help: "write it as YYYY-MM-DD, like `2027-03-01`".into() };
        let digits = |range: std::ops::Range<usize>| {
            let part = &text.as_bytes()[range];
            part.iter().all(u8::is_ascii_digit).then(|| part.iter().fold(0_u16, |sum, digit| sum * 10 + u16::from(digit - b'0')))
        };
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(wrong_form());
        }
        let (Some(year), Some(month), Some(day)) = (digits(0..4), digits(5..7), digits(8..10)) else {
            return Err(wrong_form());
        };
        if !(1..=12).contains(&month) {
            return Err(InvalidDate { message: message(), help: format!("there is no month {month:02}") });
        }
        Date::new(year, month as u8, day as u8).ok_or_else(|| {
            let name = MONTHS[usize::from(month) - 1];
            InvalidDate { message: message(), help: format!("{name} {year} has {} days", days_in(year, month as u8)) }
        })
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("the test writes a date")
    }

    #[test]
    fn days_that_exist_are_dates() {
        for text in ["2026-11-23", "2024-02-29", "2000-02-29", "0000-01-01", "9999-12-31"] {
            assert_eq!(date(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_day_says_why() {
        for (text, help) in [
            ("2027-02-29", "February 2027 has 28 days"),
            ("1900-02-29", "February 1900 has 28 days"),
            ("2027-04-31", "April 2027 has 30 days"),
            ("2027-04-00", "April 2027 has 30 days"),
            ("2027-13-01", "there is no month 13"),
            ("2027-3-1", "write it as YYYY-MM-DD, like `2027-03-01`"),
            ("01.03.2027", "write it as YYYY-MM-DD, like `2027-03-01`"),
            ("2027-0a-01", "write it as YYYY-MM-DD, like `2027-03-01`"),
            ("２027-01-1", "write it as YYYY-MM-DD, like `2027-03-01`"),
            ("tomorrow", "write it as YYYY-MM-DD, like `2027-03-01`"),
            ("", "write it as YYYY-MM-DD, like `2027-03-01`"),
        ] {
            let error = text.parse::<Date>().expect_err("no day");
            assert_eq!((error.message, &*error.help), (format!("`{text}` is not a date"), help));
        }
    }

    #[test]
    fn days_count_from_1970_and_back() {
        assert_eq!(date("1970-01-01").days(), 0);
        assert_eq!(date("2024-02-29").days(), 19_782);
        assert_eq!(date("2026-11-23").days(), 20_780);
        for days in (-719_528..=2_932_896).step_by(1_237) {
            assert_eq!(Date::from_days(days).expect("a year of four digits").days(), days);
        }
        assert_eq!(date("2024-02-28").plus_days(2), Some(date("2024-03-01")));
        assert_eq!(date("2024-03-01").plus_days(-366), Some(date("2023-03-01")));
        assert_eq!(date("9999-12-31").plus_days(1), None);
        assert_eq!(Date::from_days(i64::MAX), None);
        assert!(date("2026-11-23") < date("2026-12-01"));
    }
}
