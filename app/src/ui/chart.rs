//! Small charts, drawn on the server: one idea each, said in words above it, with every number in a table below.
//!
//! The drawing stretches to its place (`preserveAspectRatio="none"`), so what is text stands beside it as HTML and keeps its size. Each
//! chart has one series, so nothing is told apart by colour. What a bar stands for is in its `<title>`, which a mouse shows.

use std::fmt::Write as _;

use leptos::prelude::*;

use crate::visit::{t, t_with, words};

/// An hour or a day in a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Which one, short: it stands below the chart.
    pub short: String,
    /// Which one, whole.
    pub long: String,
    /// How high; `None`: there is nothing to say.
    pub value: Option<i64>,
    /// The same in words, with its unit.
    pub told: String,
}

/// How it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Things that happened: they add up.
    Bars,
    /// Something that is there all the time.
    Line,
}

/// Which token colours it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// What people do.
    Cord,
    /// What is good.
    Pine,
    /// What went wrong.
    Brick,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Cord => "chart cord",
            Self::Pine => "chart pine",
            Self::Brick => "chart brick",
        }
    }
}

/// The table behind a chart: the heads, and the rows with the hour or day in front.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What stands above each column; the first is of the hours or days.
    pub heads: Vec<String>,
    /// The rows, as long as the heads.
    pub rows: Vec<Vec<String>>,
}

/// The width of the drawing, in its own units.
const WIDTH: f64 = 300.0;
/// Its height.
const HEIGHT: f64 = 100.0;

/// A chart in a card.
#[component]
pub fn Chart(
    /// Its name in addresses and tests, without spaces.
    id: &'static str,
    /// What it shows.
    heading: String,
    /// What there is to see in it, in a sentence.
    note: String,
    /// The hours or days, the oldest first.
    points: Vec<Point>,
    shape: Shape,
    tone: Tone,
    /// What the top of it stands for, if that is always the same; else the highest value, rounded up.
    #[prop(optional)]
    top: Option<i64>,
    /// Every number.
    table: Table,
    /// The value of the scale at a height, with its unit.
    scale: fn(i64) -> String,
) -> impl IntoView {
    let highest = points.iter().filter_map(|point| point.value).max().unwrap_or(0);
    let top = top.unwrap_or_else(|| round_up(highest));
    let drawing = match shape {
        Shape::Bars => bars(&points, top).into_any(),
        Shape::Line => line(&points, top).into_any(),
    };
    let below = [0, points.len() / 2, points.len().saturating_sub(1)];
    let below = below.map(|at| {
        points
            .get(at)
            .map(|point| view! { <span>{point.short.clone()}</span> })
    });
    let label = format!("{heading}. {note}");
    view! {
        <figure class=format!("card {}", tone.class()) data-testid=format!("chart-{id}")>
            <figcaption class="stack tight">
                <h3>{heading}</h3>
                <p class="small soft">{note}</p>
            </figcaption>
            <div class="plot">
                <span class="top" aria-hidden="true">{scale(top)}</span>
                <span class="mid" aria-hidden="true">{scale(top / 2)}</span>
                <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" role="img" aria-label=label>
                    <path class="grid" vector-effect="non-scaling-stroke" d=format!("M0 0.5H{WIDTH}M0 {}H{WIDTH}", HEIGHT / 2.0)/>
                    {drawing}
                    <path class="base" vector-effect="non-scaling-stroke" d=format!("M0 {0}H{WIDTH}", HEIGHT - 0.5)/>
                </svg>
            </div>
            <p class="below small faint" aria-hidden="true">{below.into_iter().collect_view()}</p>
            <Numbers id table/>
        </figure>
    }
}

/// The numbers, for who reads rather than looks.
#[component]
fn Numbers(id: &'static str, table: Table) -> impl IntoView {
    let heads = table.heads.into_iter().enumerate().map(|(at, head)| {
        view! { <th scope="col" class=(at > 0).then_some("end")>{head}</th> }
    });
    let rows = table.rows.into_iter().map(|row| {
        let cells = row.into_iter().enumerate().map(|(at, cell)| match at {
            0 => view! { <th scope="row">{cell}</th> }.into_any(),
            _ => view! { <td class="end">{cell}</td> }.into_any(),
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    view! {
        <details class="more">
            <summary data-testid=format!("table-{id}-summary")>{t("chart-table")}</summary>
            <div class="scroll" tabindex="0">
                <table class="data">
                    <thead><tr>{heads.collect_view()}</tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}

fn bars(points: &[Point], top: i64) -> impl IntoView + use<> {
    let step = WIDTH / ratio(points.len(), 1);
    let drawn = points.iter().enumerate().map(|(at, point)| {
        let height = height(point.value.unwrap_or(0), top);
        let x = step * ratio(at, 1) + step * 0.14;
        let title = t_with("chart-point", &[("when", &point.long), ("what", &point.told)]);
        // The whole column shows the title: a bar of nothing has no place to point at.
        view! {
            <g>
                <rect class="reach" x=two(step * ratio(at, 1)) y="0" width=two(step) height=HEIGHT.to_string()/>
                <rect class="bar" x=two(x) y=two(HEIGHT - height) width=two(step * 0.72) height=two(height)/>
                <title>{title}</title>
            </g>
        }
    });
    drawn.collect::<Vec<_>>()
}

fn line(points: &[Point], top: i64) -> impl IntoView + use<> {
    let step = WIDTH / ratio(points.len(), 1);
    let (mut path, mut pen_is_down) = (String::new(), false);
    for (at, point) in points.iter().enumerate() {
        let Some(value) = point.value else {
            pen_is_down = false;
            continue;
        };
        let (x, y) = (step * (ratio(at, 1) + 0.5), HEIGHT - height(value, top));
        let letter = if pen_is_down { 'L' } else { 'M' };
        // A line of no length is a dot: what stands alone is seen too.
        let dot = if pen_is_down { "" } else { "h0.01" };
        let _ = write!(path, "{letter}{} {}{dot}", two(x), two(y));
        pen_is_down = true;
    }
    let reach = points.iter().enumerate().map(|(at, point)| {
        let title = t_with("chart-point", &[("when", &point.long), ("what", &point.told)]);
        view! {
            <rect class="reach" x=two(step * ratio(at, 1)) y="0" width=two(step) height=HEIGHT.to_string()><title>{title}</title></rect>
        }
    });
    view! {
        <path class="line" vector-effect="non-scaling-stroke" d=path/>
        {reach.collect::<Vec<_>>()}
    }
}

fn height(value: i64, top: i64) -> f64 {
    let value = usize::try_from(value).unwrap_or(0);
    let top = usize::try_from(top).unwrap_or(1).max(1);
    // What is more than nothing is seen.
    let least = if value == 0 { 0.0 } else { 1.0 };
    (ratio(value, top) * (HEIGHT - 4.0)).clamp(least, HEIGHT)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a drawing is not exact beyond the width of a hair"
)]
fn ratio(of: usize, to: usize) -> f64 {
    of as f64 / to.max(1) as f64
}

fn two(number: f64) -> String {
    format!("{number:.2}")
}

/// The next of 2, 4, 6, 8, 10, 20, 40 …: a round number, of which half is whole.
fn round_up(highest: i64) -> i64 {
    let mut ten = 1_i64;
    loop {
        for step in [2, 4, 6, 8, 10] {
            if highest <= ten.saturating_mul(step) {
                return ten.saturating_mul(step);
            }
        }
        ten = ten.saturating_mul(10);
    }
}

/// A number with its thousands apart.
pub fn number(number: i64) -> String {
    words().number(number.unsigned_abs())
}

/// A share in whole percent; `None` of nothing. What is not all of it is never 100 %, and what is not nothing never 0 %.
pub fn percent(part: i64, whole: i64) -> Option<i64> {
    if whole <= 0 {
        return None;
    }
    let rounded = (part * 200 + whole) / (whole * 2);
    Some(match part {
        0 => 0,
        part if part >= whole => 100,
        _ => rounded.clamp(1, 99),
    })
}

/// Percent in words.
pub fn in_percent(share: i64) -> String {
    t_with("chart-percent", &[("number", &share.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_is_round_and_not_below_the_highest() {
        for highest in 0..5_000 {
            let top = round_up(highest);
            assert!(
                top >= highest && top % 2 == 0 && top <= (highest * 5).max(2),
                "{highest}: {top}"
            );
        }
        assert_eq!(round_up(i64::MAX), i64::MAX);
    }

    #[test]
    fn a_share_says_all_and_nothing_only_when_it_is() {
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(0, 10), Some(0));
        assert_eq!(percent(1, 100_000), Some(1));
        assert_eq!(percent(99_999, 100_000), Some(99));
        assert_eq!(percent(10, 10), Some(100));
        assert_eq!(percent(1, 3), Some(33));
        assert_eq!(percent(2, 3), Some(67));
    }

    #[test]
    fn what_is_drawn_stays_in_the_drawing() {
        assert!(height(1, 1_000_000) >= 1.0 && height(5, 5) <= HEIGHT && height(9, 5) <= HEIGHT);
        assert!(height(0, 5).abs() < f64::EPSILON);
    }
}
