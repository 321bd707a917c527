//! The audit as it is written: what comes after some row, for as long as somebody listens.
//!
//! By the places in the chain, which follow the commits: whichever server writes a row, none turns up later in front of one that was
//! told. Nothing is asked for while nobody listens.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::chain::Head;
use super::trail::{Filter, Line, Named, behind};
use crate::Result;
use crate::authorization::right;
use crate::authorization::standing::Standing;

/// How many rows are told at a time; with [`EVERY`] the most that one listener gets in a second.
const AT_ONCE: i64 = 200;

/// How far back a listener begins who was away: more than that is not made up for.
const MADE_UP: i64 = 1_000;

/// How often is looked for new rows.
pub const EVERY: std::time::Duration = std::time::Duration::from_secs(1);

/// Somebody who listens.
pub struct Listener {
    standing: Standing,
    filter: Filter,
    at: i64,
}

/// What has happened since: the place of the last row that was looked at, the rows that fit, and what their people are called.
#[derive(Debug)]
pub struct News {
    /// Where to go on.
    pub at: i64,
    /// Oldest first.
    pub lines: Vec<Line>,
    /// By their ids.
    pub names: BTreeMap<Uuid, Named>,
}

impl Listener {
    /// Begins behind a place of the chain; without one, or one that there is not, at its end.
    ///
    /// # Errors
    /// As [`Standing::check`].
    pub async fn begin(mut standing: Standing, filter: Filter, after: Option<i64>) -> Result<Self> {
        standing.check::<right::AuditRead>().await?;
        let head = standing.platform.db.read(async |tx| Head::read(tx).await).await?;
        let newest = head.map_or(0, |head| head.seq);
        let at = after.map_or(newest, |after| after.clamp((newest - MADE_UP).max(0), newest));
        Ok(Self { standing, filter, at })
    }

    /// What has happened since the last call.
    ///
    /// # Errors
    /// As [`Standing::check`]: then it is over.
    pub async fn next(&mut self) -> Result<News> {
        self.standing.check::<right::AuditRead>().await?;
        let (filter, at) = (&self.filter, self.at);
        let news = self
            .standing
            .platform
            .db
            .read(async |tx| {
                let mut lines = behind(tx, at, AT_ONCE).await?;
                let at = lines.last().and_then(|line| line.seq).unwrap_or(at);
                lines.retain(|line| filter.fits(line));
                let names = Named::of(tx, &lines).await?;
                Ok(News { at, lines, names })
            })
            .await?;
        self.at = news.at;
        Ok(news)
    }
}
