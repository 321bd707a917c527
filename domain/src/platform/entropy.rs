//! The only place that draws random numbers (ASVS 6.5.3, 11.5.1).

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{Rng as _, RngCore as _, SeedableRng as _};
use uuid::Uuid;

/// A source of randomness: the operating system's in a server, a seeded ChaCha stream in tests.
#[derive(Debug, Clone)]
pub struct Entropy(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Seeded(Arc<Mutex<StdRng>>),
}

impl Entropy {
    /// The operating system's generator.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A repeatable stream, for tests.
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed)))))
    }

    /// Fills the buffer.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing safe can be done without it.
    pub fn fill(&self, buffer: &mut [u8]) {
        match &self.0 {
            Source::System => {
                #[expect(
                    clippy::disallowed_methods,
                    reason = "the one place that draws random numbers"
                )]
                #[expect(clippy::expect_used, reason = "a server without randomness must stop")]
                getrandom::fill(buffer).expect("the operating system gives random bytes");
            }
            Source::Seeded(rng) => rng
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill_bytes(buffer),
        }
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A number below `bound` (exclusive, at least 1), without bias.
    pub fn below(&self, bound: u64) -> u64 {
        StdRng::from_seed(self.bytes()).random_range(0..bound.max(1))
    }

    /// A decimal code of `length` digits (at most 18), each equally likely; 6 digits carry 19.9 bits.
    pub fn digits(&self, length: u32) -> String {
        let number = self.below(10_u64.pow(length.min(18)));
        format!("{number:0width$}", width = length as usize)
    }

    /// A UUIDv7 (RFC 9562 §5.7): sorts by time; never used as a secret.
    pub fn uuid_v7(&self, now: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}
