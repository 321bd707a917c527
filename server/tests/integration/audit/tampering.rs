//! What somebody changes who may write to the database.

use std::future::Future;

use domain::audit::checkpoint::{self, Checkpoint, Signed};
use domain::audit::verify::{Break, verify};
use domain::platform::db::tables::{Row, Table};
use uuid::Uuid;

use super::independent::forge_from;
use super::{assert_whole, breaks, happen, house_with, signed};
use crate::house::{TestHouse, count, rows, tamper};

const TABLES: [&str; 3] = ["audit_events", "audit_head", "audit_checkpoints"];

/// The audit as it is, to be put back.
struct Saved(Vec<(Table, Vec<Row>)>);

impl Saved {
    async fn of(t: &TestHouse) -> Self {
        let saved = t.platform.db.snapshot(async |tx| {
            let mut saved = Vec::new();
            for table in tx.tables().await? {
                if TABLES.contains(&table.name.as_str()) {
                    let mut all = Vec::new();
                    tx.read_all(&table, async |rows| {
                        all.extend(rows);
                        Ok(())
                    })
                    .await?;
                    saved.push((table, all));
                }
            }
            Ok(saved)
        });
        Self(saved.await.unwrap())
    }

    async fn put_back(&self, t: &TestHouse) {
        tamper!(t, "delete from audit_events");
        tamper!(t, "delete from audit_head");
        tamper!(t, "delete from audit_checkpoints");
        let put = t.platform.db.write(async |tx| {
            for (table, rows) in &self.0 {
                for some in rows.chunks(100) {
                    tx.insert_all(table, some).await?;
                }
            }
            Ok(())
        });
        put.await.unwrap();
    }

    /// What is found after a deed, which is undone then.
    async fn after(&self, t: &TestHouse, deed: impl Future<Output = u64>) -> Vec<Break> {
        assert!(deed.await > 0, "nothing was changed");
        let found = breaks(t).await;
        self.put_back(t).await;
        assert_whole(t).await;
        found
    }
}

async fn id_at(t: &TestHouse, seq: i64) -> Uuid {
    rows!(t, (Uuid,), "select id from audit_events where seq = $1", seq)[0].0
}

fn changed(seq: i64, id: Uuid) -> Vec<Break> {
    vec![Break::Changed { seq, id }]
}

#[tokio::test]
async fn each_column_that_is_changed_is_found_at_its_row() {
    let t = house_with(9).await;
    let saved = Saved::of(&t).await;
    let (id, other) = (id_at(&t, 5).await, Uuid::from_u128(7));
    macro_rules! change {
        ($query:literal, $value:expr) => {
            saved.after(&t, async { tamper!(t, $query, $value) }).await
        };
    }
    let later = t.clock.now() + chrono::Duration::microseconds(1);
    assert_eq!(
        change!("update audit_events set id = $1 where seq = 5", other),
        changed(5, other)
    );
    assert_eq!(
        change!("update audit_events set at = $1 where seq = 5", later),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set kind = $1 where seq = 5", "user.unlocked"),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set outcome = $1 where seq = 5", "refused"),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set actor_id = $1 where seq = 5", other),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set subject_id = $1 where seq = 5", other),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set session_id = $1 where seq = 5", other),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set address = $1 where seq = 5", "192.0.2.8"),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set user_agent = $1 where seq = 5", "Lynx/3"),
        changed(5, id)
    );
    assert_eq!(
        change!(
            "update audit_events set request_id = $1 where seq = 5",
            "request 8"
        ),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set detail = $1 where seq = 5", "{}"),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set was = $1 where seq = 5", "{}"),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set became = $1 where seq = 5", "{}"),
        changed(5, id)
    );
    assert_eq!(
        change!(
            "update audit_events set actor_id = $1 where seq = 5",
            None::<Uuid>
        ),
        changed(5, id)
    );
    assert_eq!(
        change!(
            "update audit_events set became = $1 where seq = 5",
            None::<String>
        ),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set salt = $1 where seq = 5", vec![7_u8; 16]),
        changed(5, id)
    );
    assert_eq!(
        change!(
            "update audit_events set commitment = $1 where seq = 5",
            vec![7_u8; 32]
        ),
        changed(5, id)
    );
    assert_eq!(
        change!("update audit_events set hash = $1 where seq = 5", vec![7_u8; 32]),
        changed(5, id)
    );
    // As if there had been an erasure.
    assert_eq!(
        change!("update audit_events set salt = $1 where seq = 5", None::<Vec<u8>>),
        [Break::Emptied { seq: 5, id }]
    );
    assert_eq!(
        change!("update audit_events set seq = $1 where seq = 5", 90_i64),
        [
            Break::Missing { from: 5, to: 5 },
            Break::Moved {
                seq: 90,
                id,
                belongs_at: 5
            },
            Break::BehindHead { head: 9, last: 90 },
        ]
    );
    assert_eq!(
        change!("update audit_events set seq = $1 where seq = 5", None::<i64>),
        [Break::Missing { from: 5, to: 5 }, Break::Outside { rows: 1, id }]
    );
    let columns = self::columns(&t).await;
    assert_eq!(
        columns.len(),
        17,
        "a new column of the audit belongs into the chain, and here: {columns:?}"
    );
}

async fn columns(t: &TestHouse) -> Vec<String> {
    let tables = t.platform.db.read(async |tx| tx.tables().await).await.unwrap();
    let audit = tables
        .into_iter()
        .find(|table| table.name == "audit_events")
        .unwrap();
    audit.columns.into_iter().map(|column| column.name).collect()
}

#[tokio::test]
async fn rows_that_are_deleted_are_missed() {
    let t = house_with(9).await;
    let saved = Saved::of(&t).await;
    let first = saved
        .after(&t, async { tamper!(t, "delete from audit_events where seq = 1") })
        .await;
    assert_eq!(first, [Break::Missing { from: 1, to: 1 }]);
    let middle = saved
        .after(&t, async {
            tamper!(t, "delete from audit_events where seq in (4, 5, 7)")
        })
        .await;
    assert_eq!(
        middle,
        [
            Break::Missing { from: 4, to: 5 },
            Break::Missing { from: 7, to: 7 }
        ]
    );
    let last = saved
        .after(&t, async {
            tamper!(t, "delete from audit_events where seq >= 8")
        })
        .await;
    assert_eq!(
        last,
        [Break::CutOff {
            last: 7,
            known: 9,
            by: "head"
        }]
    );
    let all = saved
        .after(&t, async { tamper!(t, "delete from audit_events") })
        .await;
    assert_eq!(
        all,
        [Break::CutOff {
            last: 0,
            known: 9,
            by: "head"
        }]
    );
    // The places behind the gap are closed up.
    let id = id_at(&t, 6).await;
    let closed = saved
        .after(&t, async {
            tamper!(t, "delete from audit_events where seq = 5");
            for seq in 6..=9_i64 {
                tamper!(t, "update audit_events set seq = $1 where seq = $2", seq - 1, seq);
            }
            tamper!(t, "update audit_head set seq = 8")
        })
        .await;
    assert_eq!(closed[0], Break::Changed { seq: 5, id }, "{closed:?}");
}

#[tokio::test]
async fn rows_that_are_put_in_are_found() {
    let t = house_with(6).await;
    let saved = Saved::of(&t).await;
    let id = Uuid::from_u128(9);
    let copy = async |seq: Option<i64>| {
        tamper!(
            t,
            "insert into audit_events (id, at, kind, outcome, detail, seq, salt, commitment, hash)
             select $1, at, kind, outcome, detail, $2, salt, commitment, hash from audit_events where seq = 3",
            id,
            seq
        )
    };
    let nowhere = saved.after(&t, copy(None)).await;
    assert_eq!(nowhere, [Break::Outside { rows: 1, id }]);
    let before = saved.after(&t, copy(Some(0))).await;
    assert_eq!(before, [Break::Outside { rows: 1, id }]);
    let behind = saved.after(&t, copy(Some(7))).await;
    assert_eq!(
        behind,
        [
            Break::Changed { seq: 7, id },
            Break::BehindHead { head: 6, last: 7 },
        ]
    );
    // Room is made for it.
    let fourth = id_at(&t, 4).await;
    let between = saved
        .after(&t, async {
            for seq in (4..=6_i64).rev() {
                tamper!(t, "update audit_events set seq = $1 where seq = $2", seq + 1, seq);
            }
            copy(Some(4)).await;
            tamper!(t, "update audit_head set seq = 7")
        })
        .await;
    assert!(between.contains(&Break::Changed { seq: 4, id }), "{between:?}");
    let moved = Break::Moved {
        seq: 5,
        id: fourth,
        belongs_at: 4,
    };
    assert!(between.contains(&moved), "{between:?}");
}

#[tokio::test]
async fn rows_that_are_exchanged_are_named_with_the_place_where_they_belong() {
    let t = house_with(12).await;
    let saved = Saved::of(&t).await;
    for (one, other) in [(3, 9), (5, 6), (1, 12)] {
        let (first, second) = (id_at(&t, one).await, id_at(&t, other).await);
        let found = saved
            .after(&t, async {
                for (from, to) in [(one, -1_i64), (other, one), (-1, other)] {
                    tamper!(t, "update audit_events set seq = $1 where seq = $2", to, from);
                }
                1
            })
            .await;
        let mut expected = vec![
            Break::Moved {
                seq: one,
                id: second,
                belongs_at: other,
            },
            Break::Moved {
                seq: other,
                id: first,
                belongs_at: one,
            },
        ];
        if other == 12 {
            expected.push(Break::Head { last: 12 });
        }
        assert_eq!(found, expected, "{one} {other}");
    }
}

#[tokio::test]
async fn a_head_that_is_rewritten_is_found() {
    let t = house_with(4).await;
    let saved = Saved::of(&t).await;
    let other = saved
        .after(&t, async {
            tamper!(t, "update audit_head set hash = $1", vec![1_u8; 32])
        })
        .await;
    assert_eq!(other, [Break::Head { last: 4 }]);
    let back = saved
        .after(&t, async { tamper!(t, "update audit_head set seq = 3") })
        .await;
    assert_eq!(back, [Break::BehindHead { head: 3, last: 4 }]);
    let gone = saved
        .after(&t, async { tamper!(t, "delete from audit_head") })
        .await;
    assert_eq!(gone, [Break::Head { last: 4 }]);
}

#[tokio::test]
async fn a_checkpoint_that_is_forged_is_found_and_so_is_what_was_written_anew_under_a_right_one() {
    let t = house_with(4).await;
    let (first, _) = signed(&t).await;
    happen(&t.platform, 3).await;
    let (second, _) = signed(&t).await;
    let saved = Saved::of(&t).await;
    let forged = [Break::Checkpoint { seq: first.seq }];
    macro_rules! change {
        ($query:literal, $value:expr) => {
            saved
                .after(&t, async { tamper!(t, $query, $value, first.seq) })
                .await
        };
    }
    assert_eq!(
        change!(
            "update audit_checkpoints set hash = $1 where seq = $2",
            vec![7_u8; 32]
        ),
        forged
    );
    assert_eq!(
        change!("update audit_checkpoints set events = $1 where seq = $2", 3_i64),
        forged
    );
    assert_eq!(
        change!(
            "update audit_checkpoints set at = $1 where seq = $2",
            t.clock.now() + chrono::Duration::hours(1)
        ),
        forged
    );
    assert_eq!(
        change!("update audit_checkpoints set key_id = $1 where seq = $2", "0000"),
        forged
    );
    assert_eq!(
        change!(
            "update audit_checkpoints set signature = $1 where seq = $2",
            vec![7_u8; 64]
        ),
        forged
    );
    assert_eq!(
        change!(
            "update audit_checkpoints set purpose = $1 where seq = $2",
            "anchor"
        ),
        forged
    );
    assert_eq!(
        change!("update audit_checkpoints set seq = $1 where seq = $2", 2_i64),
        [Break::Checkpoint { seq: 2 }]
    );

    // Who may write to the database knows how hashes are made. They can't sign.
    let rewritten = saved
        .after(&t, async {
            let done = tamper!(t, "update audit_events set kind = 'user.unlocked' where seq = 3");
            forge_from(&t, 3).await;
            done
        })
        .await;
    let expected = [first.seq, second.seq].map(|seq| Break::NotAsSigned {
        seq,
        by: "checkpoint",
    });
    assert_eq!(rewritten, expected);
    // Nothing is signed that does not hold since the last checkpoint.
    happen(&t.platform, 2).await;
    tamper!(
        t,
        "update audit_events set kind = 'user.unlocked' where seq = $1",
        second.seq + 1
    );
    let refused = checkpoint::sign(&t.platform).await.unwrap();
    assert!(matches!(refused, Signed::Refused(_)), "{refused:?}");
    assert_eq!(count!(t, "select count(*) from audit_checkpoints"), 2);
}

#[tokio::test]
async fn an_end_that_is_cut_off_is_missed_by_whoever_kept_a_checkpoint() {
    let t = house_with(4).await;
    let kept = signed(&t).await;
    happen(&t.platform, 2).await;
    let newest = signed(&t).await;
    let saved = Saved::of(&t).await;
    let cut = async |through: i64| {
        let cut = tamper!(t, "delete from audit_events where seq > $1", through);
        forge_from(&t, through + 1).await;
        cut
    };
    let known = newest.0.seq;
    let found = saved.after(&t, cut(5)).await;
    assert_eq!(
        found,
        [Break::CutOff {
            last: 5,
            known,
            by: "checkpoint"
        }]
    );

    // The checkpoints go too, and all there is says that nothing is wrong, but for what was kept outside.
    cut(3).await;
    tamper!(t, "delete from audit_checkpoints");
    assert_whole(&t).await;
    let with = verify(&t.platform, Some(&kept)).await.unwrap();
    assert_eq!(
        with.breaks,
        [Break::CutOff {
            last: 3,
            known: 4,
            by: "kept"
        }]
    );
    saved.put_back(&t).await;

    assert!(verify(&t.platform, Some(&kept)).await.unwrap().is_whole());
    tamper!(t, "update audit_events set kind = 'user.unlocked' where seq = 2");
    forge_from(&t, 2).await;
    tamper!(t, "delete from audit_checkpoints");
    assert_whole(&t).await;
    let with = verify(&t.platform, Some(&kept)).await.unwrap();
    assert_eq!(with.breaks, [Break::NotAsSigned { seq: 4, by: "kept" }]);
    saved.put_back(&t).await;

    // What was kept and was changed itself proves nothing, and says so.
    let text = kept.0.to_json(&kept.1).unwrap();
    assert_eq!(Checkpoint::from_json(&text).unwrap(), kept);
    let changed = Checkpoint::from_json(&text.replace("\"events\":4", "\"events\":5")).unwrap();
    let with = verify(&t.platform, Some(&changed)).await.unwrap();
    assert_eq!(with.breaks, [Break::Kept { seq: 4 }]);
    for text in ["", "{}", "hello"] {
        assert!(Checkpoint::from_json(text).is_err());
    }
}
