//! The figures of the dashboard against a slow count of everything, on random events.

use chrono::{DateTime, Duration, Utc};
use domain::audit::{Entry, Event, Origin};
use domain::authentication::session::SignedIn;
use domain::authorization::{Desk, May, right};
use domain::job::Job;
use domain::platform::jobs::run_due;
use domain::platform::statistics::tally::Counts;
use domain::platform::statistics::{Bar, Figures, Period, figures};
use domain::users::time_zone::TimeZone;
use uuid::Uuid;

use super::staff;
use crate::house::{TestHouse, count, rows, tamper};

/// What a random house does. The first ones count, the others don't.
const EVENTS: [(Event, &str); 12] = [
    (Event::SignedUp, ""),
    (Event::SignedIn, "pwd"),
    (Event::SignedIn, "pwd otp mfa"),
    (Event::SignedIn, "swk user mfa"),
    (Event::SignInFailed, ""),
    (Event::SignInThrottled, ""),
    (Event::FactorFailed, ""),
    (Event::FactorThrottled, ""),
    (Event::PasskeyRefused, ""),
    (Event::SignInChallenged, "pwd"),
    (Event::SignedOut, ""),
    (Event::Confirmed, "pwd mfa"),
];

/// The session of an administrator.
async fn session(t: &TestHouse) -> SignedIn {
    let _ida = staff(t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let (id,) = rows!(t, (Uuid,), "select id from users where email = 'ida@example.com'")[0];
    let all = t
        .platform
        .db
        .read(async |tx| SignedIn::list(tx, &t.platform.settings().session, id, 1).await)
        .await;
    all.unwrap().remove(0)
}

async fn look(t: &TestHouse, session: &SignedIn, period: Period, zone: TimeZone) -> Figures {
    let origin = Origin::default();
    let desk = Desk {
        platform: &t.platform,
        session,
        origin: &origin,
    };
    desk.look(async |tx, may: &May<right::ConsoleRead>| figures(tx, may, period, zone).await)
        .await
        .unwrap()
}

fn move_to(t: &TestHouse, at: DateTime<Utc>) {
    t.clock.advance(at - t.clock.now());
}

async fn happen(t: &TestHouse, event: Event, amr: &str) {
    let origin = Origin::default();
    t.platform
        .db
        .write(async |tx| {
            tx.audit(Entry::about(event, None, &origin).with(&[("amr", amr)]))
                .await
        })
        .await
        .unwrap();
}

/// The truth: every row of the audit, looked at one by one.
async fn slowly(t: &TestHouse, bars: &[Bar]) -> Vec<Counts> {
    let all = rows!(
        t,
        (DateTime<Utc>, String, String),
        "select at, kind, detail from audit_events"
    );
    let (first, last) = (&bars[0], bars.len() - 1);
    bars.iter()
        .enumerate()
        .map(|(index, bar)| {
            let mut counts = Counts::default();
            for (at, kind, detail) in &all {
                let is_in = *at >= bar.from && (*at < bar.to || index == last) && *at >= first.from;
                if !is_in {
                    continue;
                }
                match kind.as_str() {
                    "sign_up.completed" => counts.sign_ups += 1,
                    "sign_in.succeeded" => {
                        counts.sign_ins += 1;
                        counts.two_factor += i64::from(detail.contains(" mfa"));
                    }
                    "sign_in.failed" | "factor.failed" | "passkey.refused" => counts.failed += 1,
                    "sign_in.throttled" | "factor.throttled" => counts.throttled += 1,
                    _ => {}
                }
            }
            counts
        })
        .collect()
}

/// Each period, in zones whose days begin at other moments, is what the slow count says.
async fn compare(t: &TestHouse, session: &SignedIn, when: &str) {
    for zone in ["UTC", "Asia/Ho_Chi_Minh", "Asia/Kathmandu", "America/St_Johns"] {
        let zone = TimeZone::parse(zone).unwrap();
        for period in Period::ALL {
            let told = look(t, session, period, zone).await;
            assert!(told.complete);
            let counted: Vec<_> = told.bars.iter().map(|bar| bar.counts).collect();
            let truth = slowly(t, &told.bars).await;
            assert_eq!(counted, truth, "{when}: {period:?} in {}", zone.name());
            let sum = truth.into_iter().fold(Counts::default(), Counts::plus);
            assert_eq!(told.total, sum, "{when}: {period:?}");
        }
    }
}

async fn fold(t: &TestHouse) {
    t.platform
        .db
        .write(async |tx| tx.enqueue(&Job::LookAfterFigures).await)
        .await
        .unwrap();
    run_due(&t.platform).await.unwrap();
}

#[tokio::test]
async fn figures_are_what_a_slow_count_says_before_between_and_after_the_job() {
    let t = TestHouse::new().await;
    let ida = session(&t).await;
    let end = t.clock.now() + Duration::days(33);
    // From more than a month before to now, most of it in the last hours; and some at the very edge of a quarter.
    let mut offsets: Vec<i64> = (0..500)
        .map(|number| {
            let range = if number % 2 == 0 { 33 * 86_400 } else { 30 * 3_600 };
            i64::try_from(t.dice(range)).unwrap()
        })
        .collect();
    offsets.extend((0..40).map(|quarter| (end.timestamp().rem_euclid(900)) + quarter * 900));
    offsets.sort_unstable();
    offsets.reverse();
    for (number, offset) in offsets.iter().enumerate() {
        move_to(&t, end - Duration::seconds(*offset));
        let which = usize::try_from(t.dice(EVENTS.len() as u64)).unwrap();
        let (event, amr) = EVENTS[which];
        happen(&t, event, amr).await;
        if number == 300 {
            fold(&t).await;
        }
    }
    move_to(&t, end);
    tamper!(
        t,
        "update sessions set expires_at = $1, idle_expires_at = $1",
        end + Duration::days(1)
    );
    let behind = count!(
        t,
        "select (select max(seq) from audit_events) - seq from tally_heads"
    );
    assert!(behind > 100, "the job was run in the middle: {behind}");
    compare(&t, &ida, "counted by halves").await;
    fold(&t).await;
    assert_eq!(
        count!(
            t,
            "select (select max(seq) from audit_events) - seq from tally_heads"
        ),
        0
    );
    compare(&t, &ida, "counted whole").await;
    fold(&t).await;
    compare(&t, &ida, "counted twice").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_that_count_at_once_each_event_is_counted_once() {
    let t = TestHouse::new().await;
    let ida = session(&t).await;
    let writers = (0..4).map(|_| {
        let platform = t.platform.clone();
        tokio::spawn(async move {
            let origin = Origin::default();
            for _ in 0..40 {
                let entry = || Entry::about(Event::SignInFailed, None, &origin);
                platform
                    .db
                    .write(async |tx| tx.audit(entry()).await)
                    .await
                    .unwrap();
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    for _ in 0..6 {
        t.platform
            .db
            .write(async |tx| {
                tx.enqueue(&Job::LookAfterFigures).await?;
                tx.enqueue(&Job::LookAfterFigures).await
            })
            .await
            .unwrap();
        let (one, two) = tokio::join!(run_due(&t.platform), run_due(&t.platform));
        assert!(one.is_ok() && two.is_ok());
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(
        look(&t, &ida, Period::Day, TimeZone::utc()).await.total.failed,
        160
    );
    fold(&t).await;
    assert_eq!(
        look(&t, &ida, Period::Day, TimeZone::utc()).await.total.failed,
        160
    );
    assert_eq!(count!(t, "select cast(sum(failed) as bigint) from tallies"), 160);
}

#[tokio::test]
async fn sessions_are_counted_as_they_are_and_many_by_the_job() {
    let t = TestHouse::new().await;
    let ida = session(&t).await;
    let counted = look(&t, &ida, Period::Day, TimeZone::utc())
        .await
        .sessions
        .unwrap();
    assert_eq!((counted.open, counted.day, counted.at), (1, 1, t.clock.now()));
    // In a large house the newest count of the job is shown, and the time of it.
    let then = t.clock.now() - Duration::minutes(5);
    tamper!(
        t,
        "insert into session_counts (at, open, day, week, month) values ($1, 2000000, 400000, 900000, 1500000)",
        then
    );
    let counted = look(&t, &ida, Period::Day, TimeZone::utc()).await;
    assert_eq!(
        counted.sessions.map(|count| (count.week, count.at)),
        Some((900_000, then))
    );
    assert_eq!(
        counted
            .bars
            .iter()
            .filter_map(|bar| bar.open_sessions)
            .collect::<Vec<_>>(),
        [2_000_000]
    );
    // Not again within a quarter of an hour, and then anew.
    fold(&t).await;
    assert_eq!(count!(t, "select count(*) from session_counts"), 1);
    t.clock.advance(Duration::minutes(11));
    fold(&t).await;
    assert_eq!(
        look(&t, &ida, Period::Day, TimeZone::utc())
            .await
            .sessions
            .unwrap()
            .open,
        1
    );
}

#[tokio::test]
async fn while_much_is_not_counted_yet_the_figures_say_so() {
    let t = TestHouse::new().await;
    let ida = session(&t).await;
    tamper!(t, "insert into tally_heads (name, seq) values ('audit', -20000)");
    assert!(!look(&t, &ida, Period::Week, TimeZone::utc()).await.complete);
    tamper!(t, "update tally_heads set seq = 0");
    assert!(look(&t, &ida, Period::Week, TimeZone::utc()).await.complete);
}
