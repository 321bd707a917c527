//! The recipe of `docs/security/audit.md`, followed by somebody who has the rows and the document, and none of our code. It serves
//! a forger as well: who may write to the database can make a chain that holds, as far as nothing is signed.

use chrono::{DateTime, Utc};
use ring::signature::{ED25519, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{assert_whole, happen, house_with, signed};
use crate::house::{TestHouse, rows, tamper};

fn field(bytes: Option<&[u8]>) -> Vec<u8> {
    let Some(bytes) = bytes else { return vec![0] };
    let length = (bytes.len() as u64).to_be_bytes();
    [&[1], length.as_slice(), bytes].concat()
}

fn time(at: DateTime<Utc>) -> Vec<u8> {
    [
        at.timestamp().to_be_bytes().as_slice(),
        &at.timestamp_subsec_nanos().to_be_bytes(),
    ]
    .concat()
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    id: Uuid,
    at: DateTime<Utc>,
    kind: String,
    outcome: String,
    actor_id: Option<Uuid>,
    subject_id: Option<Uuid>,
    session_id: Option<Uuid>,
    address: Option<String>,
    user_agent: Option<String>,
    request_id: Option<String>,
    detail: String,
    was: Option<String>,
    became: Option<String>,
    salt: Vec<u8>,
    commitment: Vec<u8>,
    hash: Vec<u8>,
}

impl Row {
    fn commitment(&self) -> Vec<u8> {
        let id = |id: &Option<Uuid>| field(id.as_ref().map(|id| id.as_bytes().as_slice()));
        let text = |text: &Option<String>| field(text.as_deref().map(str::as_bytes));
        let record = [
            field(Some(b"latchstring audit person 1")),
            field(Some(&self.salt)),
            id(&self.actor_id),
            id(&self.subject_id),
            id(&self.session_id),
            text(&self.address),
            text(&self.user_agent),
            text(&self.request_id),
            field(Some(self.detail.as_bytes())),
            text(&self.was),
            text(&self.became),
        ];
        Sha256::digest(record.concat()).to_vec()
    }

    fn hash(&self, previous: &[u8]) -> Vec<u8> {
        let record = [
            field(Some(b"latchstring audit row 1")),
            field(Some(previous)),
            field(Some(&self.seq.to_be_bytes())),
            field(Some(self.id.as_bytes())),
            field(Some(&time(self.at))),
            field(Some(self.kind.as_bytes())),
            field(Some(self.outcome.as_bytes())),
            field(Some(&self.commitment)),
        ];
        Sha256::digest(record.concat()).to_vec()
    }
}

async fn all(t: &TestHouse) -> Vec<Row> {
    rows!(t, Row, "select * from audit_events order by seq")
}

/// Makes the chain hold again from this row on, as somebody does who may write to the database.
pub async fn forge_from(t: &TestHouse, seq: i64) {
    let mut previous = vec![0; 32];
    for mut row in all(t).await {
        if row.seq >= seq {
            row.commitment = row.commitment();
            row.hash = row.hash(&previous);
            tamper!(
                t,
                "update audit_events set commitment = $1, hash = $2 where id = $3",
                row.commitment.clone(),
                row.hash.clone(),
                row.id
            );
        }
        previous = row.hash;
    }
    tamper!(
        t,
        "update audit_head set hash = $1, seq = (select max(seq) from audit_events)",
        previous
    );
}

#[tokio::test]
async fn whoever_follows_the_document_comes_to_the_same_hashes_and_finds_the_signature_right() {
    let t = house_with(3).await;
    t.member("Ada", "ada@example.com").await;
    happen(&t.platform, 2).await;
    let (checkpoint, _) = signed(&t).await;
    let all = all(&t).await;
    assert!(all.len() > 6);
    let mut previous = vec![0; 32];
    for (place, row) in (1..).zip(&all) {
        assert_eq!((row.seq, &row.commitment), (place, &row.commitment()));
        assert_eq!(row.hash, row.hash(&previous), "{}", row.kind);
        if row.seq == checkpoint.seq {
            assert_eq!(row.hash, checkpoint.hash);
        }
        previous.clone_from(&row.hash);
    }
    let said = t.operator(&["audit", "key"], "").await;
    let (_, key) = said.lines().find_map(|line| line.split_once('\t')).unwrap();
    let key = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, key).unwrap();
    let message = [
        field(Some(b"latchstring audit checkpoint 1")),
        field(Some(checkpoint.purpose.as_bytes())),
        field(Some(&checkpoint.seq.to_be_bytes())),
        field(Some(&checkpoint.hash)),
        field(Some(&checkpoint.events.to_be_bytes())),
        field(Some(&time(checkpoint.at))),
        field(Some(checkpoint.key_id.as_bytes())),
    ];
    UnparsedPublicKey::new(&ED25519, key)
        .verify(&message.concat(), &checkpoint.signature)
        .unwrap();
    // A forger's chain holds where nothing is signed: this is what checkpoints are for.
    tamper!(
        t,
        "update audit_events set kind = 'forged' where seq > $1",
        checkpoint.seq
    );
    forge_from(&t, checkpoint.seq + 1).await;
    assert_whole(&t).await;
}
