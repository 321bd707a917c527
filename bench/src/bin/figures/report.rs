//! The figures, as JSON and as a table.

use std::fmt::Write as _;

use serde::Serialize;

/// One figure.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// A fixed name, for programs.
    pub id: String,
    /// What it says, for people.
    pub what: String,
    /// The figure.
    pub value: f64,
    /// What it counts.
    pub unit: &'static str,
    /// What it should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// Whether it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<bool>,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// No less than this.
    AtLeast(f64),
    /// No more than this.
    AtMost(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

/// Where it was measured, without a name.
#[derive(Debug, Serialize)]
pub struct Machine {
    /// The model of the processor.
    pub processor: String,
    /// How many cores there are.
    pub cores: usize,
    /// Memory in MiB.
    pub memory: u64,
    /// The kernel's version.
    pub kernel: String,
    /// One write that reaches the disk where the database lies, in milliseconds (median).
    pub disk_sync_ms: f64,
    /// The load average when the run began: other work on the machine makes every figure worse.
    pub load_before: f64,
}

/// A whole run.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The commit that was measured.
    pub commit: String,
    /// Where.
    pub machine: Machine,
    /// What came out.
    pub figures: Vec<Figure>,
}

impl Report {
    /// Adds a figure, and says it.
    pub fn add(&mut self, id: &str, what: &str, value: f64, unit: &'static str, target: Option<Target>) {
        let value = (value * 100.0).round() / 100.0;
        let met = target.map(|target| target.is_met(value));
        let mark = match met {
            Some(true) => "  reached",
            Some(false) => "  MISSED",
            None => "",
        };
        println!("    {what}: {} {unit}{mark}", spoken(value));
        self.figures.push(Figure {
            id: id.to_owned(),
            what: what.to_owned(),
            value,
            unit,
            target,
            met,
        });
    }

    /// The document that is kept beside the JSON.
    pub fn as_markdown(&self) -> String {
        let mut text = String::from(
            "# Figures\n\nWritten by `script/bench`, which says below what it does. The same as JSON: \
             [results.json](results.json).\n\n",
        );
        let machine = &self.machine;
        let _ = writeln!(
            text,
            "Commit `{}` on {} cores of {}, {} MiB, Linux {}; a write takes {} ms to reach the disk; load average before \
             the run {}.\n",
            self.commit,
            machine.cores,
            machine.processor,
            machine.memory,
            machine.kernel,
            machine.disk_sync_ms,
            machine.load_before
        );
        text.push_str("| figure | measured | target | |\n|---|---:|---:|---|\n");
        for figure in &self.figures {
            let target = match figure.target {
                Some(Target::AtLeast(least)) => format!("≥ {}", spoken(least)),
                Some(Target::AtMost(most)) => format!("≤ {}", spoken(most)),
                None => String::new(),
            };
            let met = match figure.met {
                Some(true) => "reached",
                Some(false) => "**missed**",
                None => "",
            };
            let _ = writeln!(
                text,
                "| {} | {} {} | {target} | {met} |",
                figure.what,
                spoken(figure.value),
                figure.unit
            );
        }
        text.push_str(include_str!("method.md"));
        text
    }
}

/// A number as people write it: no decimals where they say nothing.
fn spoken(value: f64) -> String {
    let text = match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, rest) = digits
        .split_once('.')
        .map_or((digits, String::new()), |(whole, rest)| {
            (whole, format!(".{rest}"))
        });
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        let cases = [
            (0.5, "0.5"),
            (12.0, "12"),
            (12.34, "12.3"),
            (999.6, "1,000"),
            (15_234.7, "15,235"),
            (0.0, "0"),
        ];
        for (value, written) in cases {
            assert_eq!(spoken(value), written);
        }
    }
}
