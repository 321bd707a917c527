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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_system_s_tokens_are_never_the_same() {
        let (system, other) = (Entropy::system(), Entropy::system());
        let (mut seen, mut ones, mut zeros) = (HashSet::new(), 0_u128, 0_u128);
        for source in [&system, &other] {
            for _ in 0..50_000 {
                let token = u128::from_be_bytes(source.bytes());
                assert!(seen.insert(token), "a token twice");
                ones |= token;
                zeros |= !token;
            }
        }
        assert_eq!(
            (ones, zeros),
            (u128::MAX, u128::MAX),
            "every bit takes both values"
        );
        // Of 100,000 times 128 fair bits, half are ones: 10 standard deviations are 17,889.
        let set: u32 = seen.iter().map(|token| token.count_ones()).sum();
        assert!((6_382_111..=6_417_889).contains(&set), "{set}");
    }

    #[test]
    fn a_code_has_all_its_digits_and_each_code_is_as_likely_as_another() {
        let entropy = Entropy::seeded(7);
        let mut counts = [[0_u32; 10]; 6];
        for _ in 0..60_000 {
            let code = entropy.digits(6);
            assert_eq!(code.len(), 6, "{code}");
            for (count, digit) in counts.iter_mut().zip(code.bytes()) {
                count[usize::from(digit - b'0')] += 1;
            }
        }
        // Each digit 6,000 times in each place, leading zeros too: 6 standard deviations are 441.
        for count in counts.iter().flatten() {
            assert!((5_559..=6_441).contains(count), "{counts:?}");
        }
        // From the first code to the last, and none beyond.
        let drawn: HashSet<String> = (0..2_000).map(|_| entropy.digits(2)).collect();
        assert_eq!(drawn.len(), 100);
        assert!(drawn.contains("00") && drawn.contains("99"));
    }
}
