//! Load at a pace: as fast as the answers come, or so many a second whatever comes; and how long the answers took.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

/// What a load came to.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// How long each request took that did what was wanted, in microseconds, sorted.
    pub took: Vec<u32>,
    /// How long each request took that was refused as too much (503), in microseconds, sorted.
    pub refused: Vec<u32>,
    /// Requests that were answered otherwise, or not at all.
    pub failed: usize,
    /// How long the load lasted.
    pub lasted: Duration,
}

/// How one request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As wanted.
    Done,
    /// Refused as too much.
    Refused,
    /// Otherwise.
    Failed,
}

impl Tally {
    /// Requests a second that did what was wanted.
    #[expect(clippy::cast_precision_loss, reason = "counts of requests")]
    pub fn rate(&self) -> f64 {
        self.took.len() as f64 / self.lasted.as_secs_f64().max(0.001)
    }

    /// The time within which this share (0 to 1) of the wanted answers came, in milliseconds.
    pub fn quantile(&self, share: f64) -> f64 {
        quantile(&self.took, share)
    }

    /// Notes one request.
    pub fn note(&mut self, outcome: Outcome, took: Duration) {
        let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
        match outcome {
            Outcome::Done => self.took.push(micros),
            Outcome::Refused => self.refused.push(micros),
            Outcome::Failed => self.failed += 1,
        }
    }

    fn add(&mut self, other: Self) {
        self.took.extend(other.took);
        self.refused.extend(other.refused);
        self.failed += other.failed;
    }

    fn finish(mut self, lasted: Duration) -> Self {
        self.took.sort_unstable();
        self.refused.sort_unstable();
        self.lasted = lasted;
        self
    }
}

/// The value below which this share of sorted microseconds lies, in milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "an index within a vector"
)]
pub fn quantile(sorted: &[u32], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    let at = (last as f64 * share).round() as usize;
    sorted.get(at).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
}

/// `clients` at once, each with its own `work`, which it repeats until the time is over; the first `warm_up` is not
/// counted. `make` gets the number of the client.
pub async fn as_fast_as_it_goes<W>(
    clients: usize,
    warm_up: Duration,
    lasting: Duration,
    make: impl Fn(usize) -> W,
) -> Tally
where
    W: AsyncRepeat,
{
    let begin = Instant::now() + warm_up;
    let end = begin + lasting;
    let mut running = JoinSet::new();
    for number in 0..clients {
        let mut work = make(number);
        running.spawn(async move {
            let mut tally = Tally::default();
            loop {
                let asked = Instant::now();
                if asked >= end {
                    return tally;
                }
                let outcome = work.once().await;
                // Counted by when they end: so the number belongs to the time that it is divided by.
                let now = Instant::now();
                if now >= begin && now < end {
                    tally.note(outcome, now - asked);
                }
            }
        });
    }
    let mut all = Tally::default();
    while let Some(tally) = running.join_next().await {
        all.add(tally.unwrap_or_default());
    }
    all.finish(lasting)
}

/// `rate` requests a second, however long the answers take. `make` gets the number of the request.
pub async fn so_many_a_second<F>(rate: u32, lasting: Duration, mut make: impl FnMut(usize) -> F) -> Tally
where
    F: Future<Output = Outcome> + Send + 'static,
{
    let begin = Instant::now();
    let mut running = JoinSet::new();
    let mut tick = tokio::time::interval(Duration::from_millis(1));
    let mut sent = 0;
    while begin.elapsed() < lasting {
        tick.tick().await;
        let due = begin.elapsed().as_micros() * u128::from(rate) / 1_000_000;
        while sent < usize::try_from(due).unwrap_or(usize::MAX) {
            let work = make(sent);
            sent += 1;
            running.spawn(async move {
                let asked = Instant::now();
                let outcome = work.await;
                (outcome, asked.elapsed(), begin.elapsed() <= lasting)
            });
        }
    }
    let mut all = Tally::default();
    while let Some(ended) = running.join_next().await {
        if let Ok((outcome, took, in_time)) = ended
            && (in_time || outcome != Outcome::Done)
        {
            all.note(outcome, took);
        }
    }
    all.finish(lasting)
}

/// Work that is done again and again by one client.
pub trait AsyncRepeat: Send + 'static {
    /// Does it once.
    fn once(&mut self) -> impl Future<Output = Outcome> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sleeps;

    impl AsyncRepeat for Sleeps {
        async fn once(&mut self) -> Outcome {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Outcome::Done
        }
    }

    #[tokio::test]
    async fn loads_keep_their_pace() {
        let closed = as_fast_as_it_goes(10, Duration::from_millis(20), Duration::from_millis(300), |_| {
            Sleeps
        })
        .await;
        assert!(
            closed.rate() > 400.0 && closed.rate() <= 2000.0,
            "{}",
            closed.rate()
        );
        assert!(closed.quantile(0.5) >= 5.0);
        let open = so_many_a_second(200, Duration::from_millis(500), |number| async move {
            if number % 2 == 0 {
                Outcome::Done
            } else {
                Outcome::Refused
            }
        })
        .await;
        assert!(
            (90..=110).contains(&(open.took.len() + open.refused.len())),
            "{open:?}"
        );
    }

    #[test]
    fn a_quantile_is_a_time_that_occurred() {
        let sorted: Vec<u32> = (1..=1000).map(|n| n * 1000).collect();
        assert!((quantile(&sorted, 0.5) - 501.0).abs() < 2.0);
        assert!((quantile(&sorted, 0.99) - 990.0).abs() < 2.0);
        assert!(quantile(&[], 0.5).abs() < f64::EPSILON);
    }
}
