//! The pages of the list: the queries, and which of them is used.

use super::FEW;
use super::filter::{Asked, Proves, State};
use super::listed::{Count, Listed, Page};
use super::mark::{Begin, Mark};
use super::queries::{By, Conditions, Found, Way, count_everybody};
use super::words::{self, Word};
use crate::Result;
use crate::authorization::{May, right};
use crate::platform::db::Tx;

/// People on a page.
pub const PAGE: usize = 50;
/// Rows that are read for a page where many are asked for, in turn until the page is full. The last one is the most.
const STEPS: [i64; 3] = [64, 512, LOOKED_AT];
/// The most rows that are looked at for one page.
pub const LOOKED_AT: i64 = 3_000;

/// A page of the list, as `asked`, from `begin` on.
pub async fn page(tx: &mut Tx, _may: &May<right::UsersRead>, asked: &Asked, begin: Begin) -> Result<Page> {
    read(tx, asked, begin, PAGE).await
}

/// The same, of so many people at most.
pub(super) async fn read(tx: &mut Tx, asked: &Asked, begin: Begin, size: usize) -> Result<Page> {
    let Some(words) = words::read(&asked.search) else {
        return Ok(Page {
            people: Vec::new(),
            before: None,
            after: None,
            count: Count::Exactly(0),
        });
    };
    let conditions = Conditions::of(asked, words);
    let (begin, reads, place) = begin.place(tx, asked.sort, (asked.created, asked.seen)).await?;
    let way = Way {
        order: reads.as_str(),
        place,
        size,
    };
    let (mut found, count, reached) = match conditions.few(tx, asked).await? {
        Some(by) => {
            let found = conditions.read_few(tx, &way, &by).await?;
            let total = found.first().map(|found| found.total);
            // Behind the last one there is nobody to say how many there are.
            (found, total.map_or(Count::Unknown, Count::Exactly), None)
        }
        None => conditions.walk(tx, &way, asked.is_everybody()).await?,
    };
    let more = found.len() > size;
    found.truncate(size);
    let mut people: Vec<Listed> = found.into_iter().map(|found| found.person).collect();
    let further = if more {
        people.last().map(Listed::mark)
    } else {
        reached
    };
    let (first, last) = match begin {
        Begin::Before(_) => {
            people.reverse();
            (further, people.last().map(Listed::mark))
        }
        Begin::After(_) => (people.first().map(Listed::mark), further),
        Begin::Start => (None, further),
    };
    let count = match count {
        Count::Unknown if begin == Begin::Start && last.is_none() => {
            Count::Exactly(people.len().try_into().unwrap_or(i64::MAX))
        }
        count => count,
    };
    Ok(Page {
        people,
        before: first,
        after: last,
        count,
    })
}

impl Conditions {
    fn of(asked: &Asked, words: Vec<Word>) -> Self {
        Self {
            state: asked.state.map(State::as_str),
            role: asked.role.clone(),
            proves: asked.proves.map(Proves::as_str),
            created: asked.created.times(),
            seen: asked.seen.times(),
            words,
        }
    }

    /// The condition that holds for the fewest people, if those are few.
    async fn few(&self, tx: &mut Tx, asked: &Asked) -> Result<Option<By<'_>>> {
        if asked.is_everybody() {
            return Ok(None);
        }
        let sizes = self.sizes(tx).await?;
        let of_words = [sizes.word1, sizes.word2, sizes.word3, sizes.word4];
        let of_words = self
            .words
            .iter()
            .zip(of_words)
            .map(|(word, size)| (size, By::Word(word)));
        let others = [
            // The other ones are known by what is missing, and no index lists that.
            (
                asked.state.is_some_and(|state| state != State::Active),
                sizes.state,
                "state",
            ),
            (asked.role.is_some(), sizes.role, "role"),
            (
                asked.proves.is_some_and(|proves| proves != Proves::Nothing),
                sizes.proves,
                "proves",
            ),
            (!asked.created.is_open(), sizes.created, "created"),
            (!asked.seen.is_open(), sizes.seen, "seen"),
        ];
        let others = others
            .into_iter()
            .filter(|(is_asked, ..)| *is_asked)
            .map(|(_, size, name)| (size, By::Other(name)));
        let fewest = of_words.chain(others).min_by_key(|(size, _)| *size);
        Ok(fewest.filter(|(size, _)| *size <= FEW).map(|(_, by)| by))
    }

    /// Everybody behind `place`, in order, until a page is full; and where it ended, if that was early.
    async fn walk(
        &self,
        tx: &mut Tx,
        way: &Way,
        everybody: bool,
    ) -> Result<(Vec<Found>, Count, Option<Mark>)> {
        let mut found = Vec::new();
        let mut reached = None;
        let fills = |most: &i64| usize::try_from(*most).is_ok_and(|most| most > way.size);
        for most in STEPS.into_iter().filter(fills) {
            found = self.read_many(tx, way, most).await?;
            let last = found
                .last()
                .filter(|last| last.total == most)
                .map(|last| last.person.mark());
            found.retain(|found| found.fits);
            reached = last.filter(|_| found.len() <= way.size);
            if reached.is_none() {
                break;
            }
        }
        let count = if everybody {
            Count::up_to_few(count_everybody(tx).await?)
        } else {
            Count::Unknown
        };
        Ok((found, count, reached))
    }
}
