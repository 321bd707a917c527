//! The walk along the chain.
//!
//! A row that doesn't fit is not judged at once: where rows were exchanged, the neighbours don't fit either. So the first few are
//! set aside, and at the end each is tried at the places where one is wanted (`sort_out`).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use uuid::Uuid;

use super::breaks::Break;
use crate::audit::Event;
use crate::audit::chain::{Content, Head, Placed};
use crate::audit::checkpoint::Checkpoint;
use crate::audit::signer::PublicKey;
use crate::platform::db::{One, Tx};
use crate::{Result, sql};

/// Rows that are read together.
const PAGE: i64 = 500;
/// Places that are named; others are counted.
const NAMED: usize = 32;

/// Where a walk begins, and what it is held against besides the rows themselves.
#[derive(Debug, Clone)]
pub(in crate::audit) struct Stretch {
    /// The place behind which it begins.
    pub seq: i64,
    hash: Vec<u8>,
    key: Option<PublicKey>,
    kept: Option<(Checkpoint, PublicKey)>,
    with_checkpoints: bool,
    done: Option<Arc<AtomicI64>>,
}

/// What a walk has found.
#[derive(Debug)]
pub(in crate::audit) struct Walked {
    /// The place and the hash of the last row, or where it began.
    pub last: (i64, Vec<u8>),
    pub events: i64,
    pub erased: i64,
    pub nameless: i64,
    pub checkpoints: i64,
    pub signed_through: i64,
    pub breaks: Vec<Break>,
    pub more: i64,
    /// What the next row may follow: the last one's hash as it stands there, and as it should be.
    hashes: Vec<Vec<u8>>,
    suspects: Vec<Suspect>,
}

/// A row that doesn't fit, or that could not be tried because the row before it is missing.
#[derive(Debug)]
struct Suspect {
    seq: i64,
    content: Content,
    commitment: Vec<u8>,
    hash: Vec<u8>,
    /// The place where a row was wanted, and what it should follow.
    wanted: (i64, Vec<Vec<u8>>),
    /// It stands there and doesn't fit.
    is_wrong: bool,
}

impl Stretch {
    /// Behind a row that is known by its hash.
    pub fn from(seq: i64, hash: Vec<u8>) -> Self {
        Self {
            seq,
            hash,
            key: None,
            kept: None,
            with_checkpoints: false,
            done: None,
        }
    }

    /// Also against every checkpoint on the way.
    pub fn against(self, key: Option<PublicKey>, kept: Option<(Checkpoint, PublicKey)>) -> Self {
        Self {
            key,
            kept,
            with_checkpoints: true,
            ..self
        }
    }

    /// Says on the way how many rows it has looked at.
    pub fn telling(self, done: Option<Arc<AtomicI64>>) -> Self {
        Self { done, ..self }
    }
}

/// Walks to the end of the chain.
pub(in crate::audit) async fn walk(tx: &mut Tx, from: Stretch) -> Result<Walked> {
    let head = Head::read(tx).await?;
    let head_seq = head.as_ref().map_or(i64::MAX, |head| head.seq);
    let mut walked = Walked {
        last: (from.seq, from.hash.clone()),
        events: 0,
        erased: 0,
        nameless: 0,
        checkpoints: 0,
        signed_through: 0,
        breaks: Vec::new(),
        more: 0,
        hashes: vec![from.hash.clone()],
        suspects: Vec::new(),
    };
    // Where the chain begins the hash is known without a row.
    from.compare(&mut walked, from.seq, std::slice::from_ref(&from.hash));
    loop {
        let begin = walked.last.0;
        let page = Placed::after(tx, begin, PAGE).await?;
        let Some(end) = page.last().map(|row| row.seq) else {
            break;
        };
        let mut signed = BTreeMap::<i64, Vec<Checkpoint>>::new();
        if from.with_checkpoints {
            for checkpoint in Checkpoint::between(tx, begin, end).await? {
                signed.entry(checkpoint.seq).or_default().push(checkpoint);
            }
        }
        for row in &page {
            walked.step(row, head_seq);
            if row.salt.is_none() {
                walked.emptied(tx, row).await?;
            }
            let hashes = walked.hashes.clone();
            for checkpoint in signed.remove(&row.seq).unwrap_or_default() {
                from.judge(&mut walked, &checkpoint, Some(&hashes));
            }
            from.compare(&mut walked, row.seq, &hashes);
        }
        // The rows of these are missing, which is told already.
        for checkpoint in signed.into_values().flatten() {
            from.judge(&mut walked, &checkpoint, None);
        }
        if let Some(done) = &from.done {
            done.store(walked.events, Ordering::Relaxed);
        }
    }
    walked.sort_out();
    walked.end(head.as_ref());
    if from.with_checkpoints {
        from.beyond(tx, &mut walked).await?;
    }
    Ok(walked)
}

impl Stretch {
    /// A checkpoint of this server, at a row with one of these hashes.
    fn judge(&self, walked: &mut Walked, checkpoint: &Checkpoint, hashes: Option<&[Vec<u8>]>) {
        walked.checkpoints += 1;
        let seq = checkpoint.seq;
        if !self.key.as_ref().is_some_and(|key| checkpoint.is_signed_by(key)) {
            walked.found(Break::Checkpoint { seq });
        } else if hashes.is_some_and(|hashes| !hashes.contains(&checkpoint.hash)) {
            walked.found(Break::NotAsSigned {
                seq,
                by: "checkpoint",
            });
        } else {
            walked.signed_through = walked.signed_through.max(seq);
        }
    }

    /// The checkpoint that was kept outside, if it is of this row.
    fn compare(&self, walked: &mut Walked, seq: i64, hashes: &[Vec<u8>]) {
        if let Some((kept, _)) = &self.kept
            && kept.seq == seq
            && !hashes.contains(&kept.hash)
        {
            walked.found(Break::NotAsSigned { seq, by: "kept" });
        }
    }

    /// Checkpoints behind the last row, and the one that was kept outside.
    async fn beyond(&self, tx: &mut Tx, walked: &mut Walked) -> Result<()> {
        let last = walked.last.0;
        let known = Checkpoint::between(tx, last, i64::MAX).await?;
        for checkpoint in &known {
            self.judge(walked, checkpoint, None);
        }
        let is_signed = |one: &&Checkpoint| self.key.as_ref().is_some_and(|key| one.is_signed_by(key));
        if let Some(furthest) = known.iter().rfind(is_signed) {
            walked.found(Break::CutOff {
                last,
                known: furthest.seq,
                by: "checkpoint",
            });
            walked.signed_through = last;
        }
        if let Some((kept, written)) = &self.kept {
            if !kept.is_signed_by(written) || self.key.as_ref() != Some(written) {
                walked.found(Break::Kept { seq: kept.seq });
            }
            if kept.seq > last {
                walked.found(Break::CutOff {
                    last,
                    known: kept.seq,
                    by: "kept",
                });
            }
        }
        Ok(())
    }
}

impl Walked {
    fn found(&mut self, found: Break) {
        if self.breaks.len() < NAMED {
            self.breaks.push(found);
        } else {
            self.more += 1;
        }
    }

    fn step(&mut self, row: &Placed, head: i64) {
        let wanted = self.last.0 + 1;
        let (seq, content) = (row.seq, &row.content);
        let hash = row.hash.clone().unwrap_or_default();
        let commitment = row.commitment.clone().unwrap_or_default();
        self.events += 1;
        if let Some(salt) = &row.salt
            && content.person.commitment(salt).as_slice() != commitment
        {
            self.found(Break::Changed { seq, id: content.id });
        }
        let fits = |previous: &Vec<u8>| content.hash(seq, previous, &commitment).as_slice() == hash;
        let is_wrong = seq == wanted && !self.hashes.iter().any(fits);
        if seq > wanted && wanted <= head {
            self.found(Break::Missing {
                from: wanted,
                to: (seq - 1).min(head),
            });
        }
        let mut next = vec![hash.clone()];
        if let Some(previous) = self.hashes.first().filter(|_| seq == wanted) {
            next.push(content.hash(seq, previous, &commitment).to_vec());
        }
        let before = std::mem::replace(&mut self.hashes, next);
        if is_wrong || seq > wanted {
            if self.suspects.len() < NAMED {
                self.suspects.push(Suspect {
                    seq,
                    content: content.clone(),
                    commitment,
                    hash: hash.clone(),
                    wanted: (wanted, before),
                    is_wrong,
                });
            } else {
                self.more += i64::from(is_wrong);
            }
        }
        self.last = (seq, hash);
    }

    /// A row without its salt: an erasure leaves the person's place to a random id that the end of the erasure names, and nothing
    /// else of them.
    async fn emptied(&mut self, tx: &mut Tx, row: &Placed) -> Result<()> {
        let person = &row.content.person;
        self.erased += 1;
        let is_bare = person.session_id.is_none()
            && person.request_id.is_none()
            && person.detail == "{}"
            && person.was.is_none()
            && person.became.is_none();
        let is_nowhere = person.address.is_none() && person.user_agent.is_none();
        let is_right = if person.actor_id.is_none() && person.subject_id.is_none() {
            self.nameless += 1;
            is_bare && is_nowhere
        } else {
            let mut by_another = false;
            let mut named = false;
            for (id, is_actor) in [(person.actor_id, true), (person.subject_id, false)] {
                if let Some(id) = id {
                    let is_pseudonym = is_pseudonym(tx, id).await?;
                    named |= is_pseudonym;
                    by_another |= is_actor && !is_pseudonym;
                }
            }
            is_bare && named && (is_nowhere || by_another)
        };
        if !is_right {
            self.found(Break::Emptied {
                seq: row.seq,
                id: row.content.id,
            });
        }
        Ok(())
    }

    /// Tries each row that was set aside where one was wanted, behind what was there or behind another one that was set aside.
    fn sort_out(&mut self) {
        let suspects = std::mem::take(&mut self.suspects);
        let others: Vec<&Vec<u8>> = suspects.iter().map(|suspect| &suspect.hash).collect();
        let mut judged = Vec::new();
        for suspect in &suspects {
            let fits = |place: i64, previous: &[u8]| {
                suspect
                    .content
                    .hash(place, previous, &suspect.commitment)
                    .as_slice()
                    == suspect.hash
            };
            let place = suspects
                .iter()
                .map(|other| &other.wanted)
                .find(|(place, before)| {
                    before
                        .iter()
                        .chain(others.iter().copied())
                        .any(|hash| fits(*place, hash))
                })
                .map(|(place, _)| *place);
            let (seq, id) = (suspect.seq, suspect.content.id);
            match place {
                Some(place) if place != seq => judged.push(Break::Moved {
                    seq,
                    id,
                    belongs_at: place,
                }),
                None if suspect.is_wrong => judged.push(Break::Changed { seq, id }),
                // At its place after all, behind one that was moved away; or behind rows that are missing.
                _ => {}
            }
        }
        // Rows can clear each other only around one that is named; but nothing that did not fit passes without a word.
        if judged.is_empty()
            && let Some(first) = suspects.iter().find(|suspect| suspect.is_wrong)
        {
            judged.push(Break::Changed {
                seq: first.seq,
                id: first.content.id,
            });
        }
        for found in judged {
            if !self.breaks.contains(&found) {
                self.found(found);
            }
        }
    }

    fn end(&mut self, head: Option<&Head>) {
        let last = self.last.0;
        match head {
            Some(head) if head.seq > last => self.found(Break::CutOff {
                last,
                known: head.seq,
                by: "head",
            }),
            Some(head) if head.seq < last => self.found(Break::BehindHead { head: head.seq, last }),
            Some(head) if !self.hashes.contains(&head.hash) => self.found(Break::Head { last }),
            None if self.events > 0 => self.found(Break::Head { last }),
            _ => {}
        }
    }
}

/// Whether an erasure has put this id in a person's place, or is about to.
async fn is_pseudonym(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let found = sql!(tx, fetch_optional One<i64>,
        "select cast(1 as bigint) from audit_events where subject_id = $1 and kind = $2
         union all select cast(1 as bigint) from users where erasing_as = $1 limit 1",
        id, Event::Erased.as_str())?;
    Ok(found.is_some())
}
