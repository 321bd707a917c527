//! When two situations are equal.
//!
//! Ids and tokens are drawn at random, so a state is compared by its shape: every id, hash and token ("mark") gets a label
//! from the rows that it stands in and from the labels beside it, and the rows get theirs from their marks, three times over
//! (colour refinement). What is left is a sum over the rows, whichever order they came in. Moments count by how far they are
//! from now, in the steps in which the product's rules look at time.

use std::collections::HashMap;

/// One value of a row, as far as it matters.
#[derive(Debug, Clone, Copy)]
pub enum Cell {
    /// Not looked at.
    Nothing,
    /// Says something by itself.
    Word(u64),
    /// Stands for something: only where else it stands matters.
    Mark(u64),
    /// Seconds since the epoch.
    Time(i64),
    /// A step of 30 seconds.
    Step(i64),
}

/// Differences from now, in seconds, at which some rule changes its mind.
const EDGES: [i64; 9] = [30, 300, 600, 900, 3600, 86_400, 259_200, 604_800, 2_592_000];
const ROUNDS: usize = 3;

/// The number that stands for a text.
pub fn mark(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The digest of rows, at a moment (seconds since the epoch).
pub fn digest<'a>(rows: impl Iterator<Item = (u64, &'a [Cell])>, now: i64) -> u128 {
    let rows: Vec<(u64, &[Cell])> = rows.collect();
    let mut labels: HashMap<u64, u64> = HashMap::new();
    for _ in 0..ROUNDS {
        let mut next: HashMap<u64, u64> = HashMap::with_capacity(labels.len());
        for (kind, cells) in &rows {
            let sum = row_sum(*kind, cells, &labels, now);
            for (at, cell) in cells.iter().enumerate() {
                if let Cell::Mark(mark) = cell {
                    let label = next.entry(*mark).or_default();
                    *label = label.wrapping_add(mix(sum, at as u64));
                }
            }
        }
        labels = next;
    }
    rows.iter().fold(0_u128, |sum, (kind, cells)| {
        let low = row_sum(*kind, cells, &labels, now);
        let high = mix(low, 0x9e37_79b9_7f4a_7c15);
        sum.wrapping_add(u128::from(low) | u128::from(high) << 64)
    })
}

fn row_sum(kind: u64, cells: &[Cell], labels: &HashMap<u64, u64>, now: i64) -> u64 {
    cells.iter().fold(mix(kind, 1), |sum, cell| {
        let value = match cell {
            Cell::Nothing => 2,
            Cell::Word(word) => *word,
            Cell::Mark(mark) => labels.get(mark).copied().unwrap_or(3),
            Cell::Time(at) => distance(*at, now),
            Cell::Step(step) => (now / 30 - step).clamp(-2, 2).cast_unsigned(),
        };
        mix(sum, value)
    })
}

/// Which edges lie between a moment and now.
fn distance(at: i64, now: i64) -> u64 {
    let far = (at - now).abs();
    let bucket = EDGES.iter().filter(|edge| far >= **edge).count() as u64;
    // A moment that is now is over: `expires_at > now` no longer holds.
    bucket * 2 + u64::from(at > now)
}

/// Two numbers into one, so that neither is lost (the finaliser of `SplitMix64`).
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(b.rotate_left(29))
        ^ 0xd1b5_4a32_d192_ed03;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_that_differ_only_in_drawn_names_or_in_order_are_one() {
        let session = |id, user, at| vec![Cell::Mark(id), Cell::Mark(user), Cell::Word(1), Cell::Time(at)];
        let user = |id, name| vec![Cell::Mark(id), Cell::Word(mark(name))];
        let digest_of = |rows: &[(u64, Vec<Cell>)]| {
            digest(rows.iter().map(|(kind, cells)| (*kind, cells.as_slice())), 1000)
        };
        let one = digest_of(&[(0, user(7, "ada")), (0, user(8, "bob")), (1, session(9, 7, 990))]);
        let same = digest_of(&[(1, session(3, 5, 995)), (0, user(4, "bob")), (0, user(5, "ada"))]);
        let hers = digest_of(&[(0, user(7, "ada")), (0, user(8, "bob")), (1, session(9, 8, 990))]);
        let old = digest_of(&[(0, user(7, "ada")), (0, user(8, "bob")), (1, session(9, 7, 0))]);
        assert_eq!(one, same);
        assert_ne!(one, hers);
        assert_ne!(one, old);
    }
}
