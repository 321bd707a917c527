//! The queue: part of the transaction, done at least once, by one worker at a time.

use std::collections::HashSet;
use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use domain::job::Job;
use domain::notification::message::Message;
use domain::platform::Platform;
use domain::platform::jobs::{MAX_ATTEMPTS, run_due, wait_after, work};
use domain::{Code, Error};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::house::{Node, PASSWORD, Smtp, TestHouse, count, rows, tamper};

#[tokio::test]
async fn a_job_exists_exactly_when_its_transaction_does() {
    let t = TestHouse::new().await;
    let refused = t.platform.db.write(async |tx| {
        tx.enqueue(&Job::CleanUp).await?;
        Err::<(), _>(Error::form(Code::Unexpected))
    });
    assert!(refused.await.is_err());
    assert_eq!(count!(t, "select count(*) from jobs"), 0);
    assert_eq!(run_due(&t.platform).await.unwrap(), 0);

    t.platform
        .db
        .write(async |tx| tx.enqueue(&Job::CleanUp).await)
        .await
        .unwrap();
    assert_eq!(count!(t, "select count(*) from jobs where state = 'ready'"), 1);
    assert_eq!(run_due(&t.platform).await.unwrap(), 1);
    assert_eq!(count!(t, "select count(*) from jobs where state = 'done'"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_workers_each_job_goes_to_one() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    for _ in 0..60 {
        mail(&t.platform).await;
    }
    let workers = [&t.platform, &second.platform, &t.platform, &second.platform].map(|platform| {
        let platform = platform.clone();
        tokio::spawn(async move { run_due(&platform).await.unwrap() })
    });
    let mut ran = 0;
    for worker in workers {
        ran += worker.await.unwrap();
    }
    assert_eq!(ran, 60);
    assert_eq!(
        count!(
            t,
            "select count(*) from jobs where state = 'done' and attempts = 1"
        ),
        60
    );
    assert_eq!(count!(t, "select count(*) from caught_messages"), 60);
}

#[tokio::test]
async fn the_job_of_a_worker_that_died_goes_to_another_when_its_lease_has_run_out() {
    let t = TestHouse::new().await;
    let smtp = Smtp::that_never_answers().await;
    let dying = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    mail(&t.platform).await;
    let worker = tokio::spawn(work(dying.platform.clone(), CancellationToken::new()));
    until(&t, "it is running", async |t| {
        count!(t, "select count(*) from jobs where state = 'running'") == 1
    })
    .await;
    worker.abort();
    assert!(worker.await.unwrap_err().is_cancelled());

    // The worker that died had also enqueued what recurs, or some of it.
    run_due(&t.platform).await.unwrap();
    assert_eq!(
        count!(t, "select count(*) from caught_messages"),
        0,
        "it is still leased"
    );
    t.clock.advance(Duration::seconds(29));
    run_due(&t.platform).await.unwrap();
    assert_eq!(
        count!(t, "select count(*) from caught_messages"),
        0,
        "nor is it free a second before"
    );
    t.clock.advance(Duration::seconds(2));
    assert!(run_due(&t.platform).await.unwrap() > 0);
    assert_eq!(count!(t, "select count(*) from caught_messages"), 1);
    assert_eq!(
        count!(
            t,
            "select count(*) from jobs where kind = 'send-mail' and state = 'done' and attempts = 2"
        ),
        1
    );
}

#[tokio::test]
async fn a_worker_that_lives_keeps_its_job_however_long_it_takes() {
    let t = TestHouse::with(&[("JOBS_LEASE_SECONDS", "15")]).await;
    let smtp = Smtp::that_takes_mail_after(StdDuration::from_secs(7)).await;
    let slow = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    mail(&t.platform).await;
    let worker = tokio::spawn(async move { run_due(&slow.platform).await.unwrap() });
    until(&t, "it is running", async |t| {
        count!(t, "select count(*) from jobs where state = 'running'") == 1
    })
    .await;
    // The lease is renewed after a third of its length.
    let before = lease(&t).await;
    t.clock.advance(Duration::seconds(10));
    until(&t, "the lease is renewed", async |t| lease(t).await > before).await;
    t.clock.advance(Duration::seconds(10));
    assert_eq!(
        run_due(&t.platform).await.unwrap(),
        0,
        "20 s after the claim it is not free"
    );
    assert_eq!(worker.await.unwrap(), 1);
    assert_eq!(smtp.taken(), 1);
    assert_eq!(
        count!(
            t,
            "select count(*) from jobs where state = 'done' and attempts = 1"
        ),
        1
    );
}

#[tokio::test]
async fn a_job_that_fails_is_tried_again_after_longer_and_longer_waits() {
    let t = TestHouse::new().await;
    let smtp = Smtp::that_says("451 try again later").await;
    let node = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    mail(&t.platform).await;
    let mut last = Duration::zero();
    for attempt in 1..=6 {
        assert_eq!(run_due(&node.platform).await.unwrap(), 1, "attempt {attempt}");
        let (state, attempts, run_at, said) = job(&node).await;
        assert_eq!((state.as_str(), attempts), ("ready", attempt));
        assert!(!said.is_empty());
        let wait = run_at - t.clock.now();
        assert!(
            wait >= wait_after(attempt) && wait <= wait_after(attempt) * 5 / 4,
            "{wait}"
        );
        assert!(wait > last, "{wait} after {last}");
        last = wait;
        t.clock.advance(wait - Duration::milliseconds(1));
        assert_eq!(run_due(&node.platform).await.unwrap(), 0, "not before its time");
        t.clock.advance(Duration::milliseconds(1));
    }
    // The mail server is well again.
    assert_eq!(run_due(&t.platform).await.unwrap(), 1);
    assert_eq!(t.mails_to("ada@example.com").await.len(), 1);
}

#[tokio::test]
async fn jobs_that_failed_at_the_same_moment_do_not_all_come_back_at_the_same_moment() {
    let t = TestHouse::new().await;
    let smtp = Smtp::that_says("451 try again later").await;
    let node = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    for _ in 0..8 {
        mail(&t.platform).await;
    }
    assert_eq!(run_due(&node.platform).await.unwrap(), 8);
    let moments = rows!(
        t,
        (DateTime<Utc>,),
        "select run_at from jobs where state = 'ready'"
    );
    let waits: HashSet<Duration> = moments.iter().map(|(at,)| *at - t.clock.now()).collect();
    let (least, most) = (wait_after(1), wait_after(1) * 5 / 4);
    assert!(
        waits.iter().all(|wait| (least..=most).contains(wait)),
        "{waits:?}"
    );
    // A quarter of two seconds has room for 501 of them.
    assert!(waits.len() >= 4, "{waits:?}");
    t.clock.advance(most);
    assert_eq!(run_due(&t.platform).await.unwrap(), 8);
}

#[tokio::test]
async fn of_one_kind_no_more_jobs_run_at_a_time_than_are_allowed() {
    let t = TestHouse::new().await;
    let smtp = Smtp::that_holds_mail().await;
    let node = t
        .second_node_with(&[("SMTP_URL", &smtp.url), ("JOBS_PARALLEL", "2")])
        .await;
    for _ in 0..5 {
        mail(&t.platform).await;
    }
    let stop = CancellationToken::new();
    let worker = tokio::spawn(work(node.platform.clone(), stop.clone()));
    // Each one that goes makes room for one: the worker looks at the queue again then.
    for gone in 0..5 {
        let held = 2_usize.min(5 - gone);
        until(&t, "as many as may are on their way", async |_| {
            smtp.taken() == gone && smtp.held() == held
        })
        .await;
        let running = count!(
            t,
            "select count(*) from jobs where kind = 'send-mail' and state = 'running'"
        );
        assert!(running <= 2, "{running} are claimed");
        smtp.let_go();
    }
    until(&t, "all are sent", async |_| smtp.taken() == 5).await;
    stop.cancel();
    worker.await.unwrap();
    assert_eq!(smtp.most_held(), 2);
    run_due(&t.platform).await.unwrap();
}

#[tokio::test]
async fn a_clock_that_is_set_back_puts_nothing_off() {
    let t = TestHouse::new().await;
    let ahead = Duration::hours(2);
    // Made, failed and claimed while the clock was ahead.
    t.clock.advance(ahead);
    mail(&t.platform).await;
    let smtp = Smtp::that_says("451 4.3.0 not now").await;
    let failing = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    run_due(&failing.platform).await.unwrap();
    mail(&t.platform).await;
    mail(&t.platform).await;
    let (claimed, later) = (Uuid::from_u128(1), t.clock.now() + Duration::seconds(30));
    tamper!(
        t,
        "update jobs set state = 'running', attempts = 1, worker = $1, lease_until = $2
         where id in (select id from jobs where attempts = 0 limit 1)",
        claimed,
        later
    );
    // What is meant for later still waits.
    let at = t.clock.now() + Duration::minutes(1);
    t.platform
        .db
        .write(async |tx| tx.enqueue_at(&Job::CleanUp, at).await)
        .await
        .unwrap();
    t.clock.advance(-ahead);
    assert_eq!(run_due(&t.platform).await.unwrap(), 3);
    assert_eq!(count!(t, "select count(*) from jobs where state = 'done'"), 3);
    assert_eq!(count!(t, "select count(*) from jobs where state = 'ready'"), 1);
}

#[tokio::test]
async fn what_fails_after_the_clock_was_set_back_waits_as_ever() {
    let t = TestHouse::new().await;
    let ahead = Duration::hours(2);
    t.clock.advance(ahead);
    mail(&t.platform).await;
    t.clock.advance(-ahead);
    let smtp = Smtp::that_says("451 4.3.0 not now").await;
    let failing = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    assert_eq!(run_due(&failing.platform).await.unwrap(), 1);
    assert_eq!(run_due(&failing.platform).await.unwrap(), 0);
    assert_eq!(count!(t, "select count(*) from jobs where attempts = 1"), 1);
    t.ignore_jobs();
}

#[tokio::test]
async fn what_can_never_succeed_is_dead_and_waits_for_an_operator() {
    let t = TestHouse::new().await;
    t.ignore_jobs();
    let smtp = Smtp::that_says("554 we never take such mail").await;
    let node = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;

    mail(&t.platform).await;
    assert_eq!(run_due(&node.platform).await.unwrap(), 1);
    assert_eq!(job(&t).await.0, "dead", "the mail server says never");
    tamper!(t, "delete from jobs");

    mail(&t.platform).await;
    tamper!(t, "update jobs set payload = $1", vec![7_u8; 90]);
    assert_eq!(run_due(&t.platform).await.unwrap(), 1);
    assert_eq!(job(&t).await.0, "dead", "nobody can read it");
    tamper!(t, "delete from jobs");

    let smtp = Smtp::that_says("451 try again later").await;
    let node = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    mail(&t.platform).await;
    tamper!(t, "update jobs set attempts = $1", MAX_ATTEMPTS - 1);
    assert_eq!(run_due(&node.platform).await.unwrap(), 1);
    assert_eq!(job(&t).await.0, "dead", "often enough");
    t.clock.advance(Duration::days(30));
    assert_eq!(run_due(&t.platform).await.unwrap(), 0);
    assert_eq!(count!(t, "select count(*) from caught_messages"), 0);
}

#[tokio::test]
async fn what_waits_in_the_queue_can_be_read_by_nobody_and_is_gone_when_it_is_done() {
    let t = TestHouse::new().await;
    let mut ada = t.browser();
    ada.sign_up("Ada Lovelace", "ada@example.com", PASSWORD).await;
    let payload = rows!(t, (Vec<u8>,), "select payload from jobs").remove(0).0;
    let mail = t.mail_to("ada@example.com").await;
    let token = mail.links[0].split_once("token=").unwrap().1.to_owned();
    for marker in [
        "ada@example.com",
        "Ada Lovelace",
        "verify",
        "sign-up",
        mail.code.as_ref().unwrap(),
        &token,
    ] {
        let found = payload
            .windows(marker.len())
            .any(|bytes| bytes == marker.as_bytes());
        assert!(!found, "{marker} can be read in the table");
    }
    assert!(payload.len() > 100);
    assert_eq!(rows!(t, (Vec<u8>,), "select payload from jobs"), [(Vec::new(),)]);
}

#[tokio::test]
async fn recurring_work_is_enqueued_once_however_many_servers_there_are() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    for round in 1..=3 {
        let stop = CancellationToken::new();
        let workers = [&t.platform, &second.platform, &t.platform]
            .map(|platform| tokio::spawn(work(platform.clone(), stop.clone())));
        until(&t, "the clean-up is done", async |t| done(t).await >= round).await;
        // Whoever else leads now and then finds nothing to do.
        tokio::time::sleep(StdDuration::from_millis(300)).await;
        stop.cancel();
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!(
            count!(t, "select count(*) from jobs where kind = 'clean-up'"),
            round
        );
        t.clock.advance(Duration::minutes(11));
    }
}

#[tokio::test]
async fn a_worker_that_is_asked_to_stop_finishes_what_it_has_begun() {
    let t = TestHouse::new().await;
    let smtp = Smtp::that_takes_mail_after(StdDuration::from_millis(800)).await;
    let node = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    mail(&t.platform).await;
    let stop = CancellationToken::new();
    let worker = tokio::spawn(work(node.platform.clone(), stop.clone()));
    until(&t, "it is running", async |t| {
        count!(
            t,
            "select count(*) from jobs where state = 'running' and kind = 'send-mail'"
        ) == 1
    })
    .await;
    stop.cancel();
    worker.await.unwrap();
    assert_eq!(smtp.taken(), 1);
    assert_eq!(
        count!(
            t,
            "select count(*) from jobs where kind = 'send-mail' and state = 'done' and attempts = 1"
        ),
        1
    );
    // What is enqueued from now on waits for another server.
    mail(&t.platform).await;
    tokio::time::sleep(StdDuration::from_millis(300)).await;
    assert_eq!(
        count!(
            t,
            "select count(*) from jobs where state = 'ready' and kind = 'send-mail'"
        ),
        1
    );
    run_due(&t.platform).await.unwrap();
}

#[tokio::test]
async fn a_waiting_worker_begins_as_soon_as_there_is_something_to_do() {
    let t = TestHouse::new().await;
    let stop = CancellationToken::new();
    let worker = tokio::spawn(work(t.platform.clone(), stop.clone()));
    until(&t, "the worker has come to rest", async |t| done(t).await == 1).await;
    mail(&t.platform).await;
    until(&t, "the mail is sent", async |t| {
        count!(t, "select count(*) from caught_messages") == 1
    })
    .await;
    stop.cancel();
    worker.await.unwrap();
}

async fn mail(platform: &Platform) {
    let message = Message::Welcome {
        name: "Ada".into(),
        account_link: "http://localhost:3000/account".into(),
    };
    let sent = platform
        .db
        .write(async |tx| tx.mail("ada@example.com", "en", message).await);
    sent.await.unwrap();
}

/// State, attempts, when it runs next, and what went wrong: of the only job.
async fn job(node: &Node) -> (String, i64, DateTime<Utc>, String) {
    let mut jobs = rows!(
        node,
        (String, i64, DateTime<Utc>, Option<String>),
        "select state, attempts, run_at, last_error from jobs where state <> 'done'"
    );
    assert_eq!(jobs.len(), 1);
    let (state, attempts, run_at, said) = jobs.remove(0);
    (state, attempts, run_at, said.unwrap_or_default())
}

async fn lease(t: &TestHouse) -> DateTime<Utc> {
    rows!(
        t,
        (DateTime<Utc>,),
        "select lease_until from jobs where state = 'running'"
    )[0]
    .0
}

async fn done(t: &TestHouse) -> i64 {
    count!(
        t,
        "select count(*) from jobs where kind = 'clean-up' and state = 'done'"
    )
}

/// Waits for something that happens in the background.
async fn until(t: &TestHouse, what: &str, holds: impl AsyncFn(&TestHouse) -> bool) {
    for _ in 0..500 {
        if holds(t).await {
            return;
        }
        tokio::time::sleep(StdDuration::from_millis(20)).await;
    }
    panic!("after ten seconds not yet: {what}");
}
