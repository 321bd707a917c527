//! Lengths of time, dates and numbers in words.

use chrono::{DateTime, Datelike, Utc};

use super::Words;
use crate::users::time_zone::TimeZone;

impl Words {
    /// A length of time in words, rounded up to whole units: "10 minutes", "24 hours", "3 days".
    pub fn duration(&self, seconds: u64) -> String {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        const DAY: u64 = 24 * HOUR;
        let (id, count) = match seconds {
            0 => return self.text("duration-moment"),
            s if s < MINUTE => ("duration-seconds", s),
            s if s < HOUR => ("duration-minutes", s.div_ceil(MINUTE)),
            s if s < 2 * DAY => ("duration-hours", s.div_ceil(HOUR)),
            s => ("duration-days", s.div_ceil(DAY)),
        };
        self.text_with(id, &[("count", &count.to_string())])
    }

    /// A day in UTC, in words: "2 March 2026".
    pub fn date(&self, at: DateTime<Utc>) -> String {
        self.day(at)
    }

    fn day(&self, at: impl Datelike) -> String {
        let month = self.text(&format!("month-{}", at.month()));
        self.text_with(
            "date",
            &[
                ("day", &at.day().to_string()),
                ("month", &month),
                ("year", &at.year().to_string()),
            ],
        )
    }

    /// A moment in UTC, in words, to the minute: "2 March 2026, 07:02 UTC". For readers whose zone nobody knows.
    pub fn moment(&self, at: DateTime<Utc>) -> String {
        let time = at.format("%H:%M").to_string();
        self.text_with("moment", &[("date", &self.date(at)), ("time", &time)])
    }

    /// A moment in words, on the clocks of a zone: "2 March 2026, 14:02 UTC+07:00". Without a zone in UTC.
    pub fn moment_in(&self, at: DateTime<Utc>, zone: Option<TimeZone>) -> String {
        let Some(zone) = zone else { return self.moment(at) };
        let (date, time) = (self.day(zone.local(at)), zone.time_of(at));
        self.text_with("moment-in", &[("date", &date), ("time", &time)])
    }

    /// A whole number with its thousands apart: "12,345" in English, "12.345" in Vietnamese.
    pub fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        let mark = self.text("thousands-mark");
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push_str(&mark);
            }
            text.push(digit);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn both() -> [&'static Words; 2] {
        Language::ALL.map(Words::of)
    }

    #[test]
    fn lengths_of_time_are_rounded_up_and_read_like_speech() {
        let cases = [
            (0, ["a moment", "một lát"]),
            (1, ["a second", "1 giây"]),
            (45, ["45 seconds", "45 giây"]),
            (60, ["a minute", "1 phút"]),
            (61, ["2 minutes", "2 phút"]),
            (600, ["10 minutes", "10 phút"]),
            (3_600, ["an hour", "1 giờ"]),
            (86_400, ["24 hours", "24 giờ"]),
            (172_800, ["2 days", "2 ngày"]),
        ];
        for (seconds, said) in cases {
            assert_eq!(both().map(|words| words.duration(seconds)), said);
        }
    }

    #[test]
    fn a_moment_is_written_as_its_readers_write_it() {
        let at = DateTime::from_timestamp(1_772_434_925, 0).expect("a time");
        assert_eq!(
            both().map(|words| words.moment(at)),
            ["2 March 2026, 07:02 UTC", "07:02 ngày 2 tháng 3, 2026 (giờ UTC)"]
        );
        assert_eq!(
            both().map(|words| words.date(at)),
            ["2 March 2026", "2 tháng 3, 2026"]
        );
    }

    #[test]
    fn thousands_stand_apart() {
        let cases = [
            (0, ["0", "0"]),
            (999, ["999", "999"]),
            (1_000, ["1,000", "1.000"]),
            (12_345_678, ["12,345,678", "12.345.678"]),
        ];
        for (number, said) in cases {
            assert_eq!(both().map(|words| words.number(number)), said);
        }
    }
}
