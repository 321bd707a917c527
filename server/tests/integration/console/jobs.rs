//! `/admin/jobs`.

use domain::job::Job;
use domain::platform::jobs::run_due;
use uuid::Uuid;

use super::staff;
use crate::house::{PASSWORD, Smtp, TestHouse, count, rows, tamper};

const RETRY: &str = "/api/admin-retry-jobs";
const DISCARD: &str = "/api/admin-discard-job";
const DISCARD_ALL: &str = "/api/admin-discard-jobs";

/// A job that was given up, with a payload that can be opened.
async fn dead(t: &TestHouse, job: &Job) -> Uuid {
    let id = t
        .platform
        .db
        .write(async |tx| tx.enqueue(job).await)
        .await
        .unwrap();
    tamper!(
        t,
        "update jobs set state = 'dead', attempts = 24, last_error = 'it broke' where id = $1",
        id
    );
    id
}

async fn state(t: &TestHouse, id: Uuid) -> Option<String> {
    rows!(t, (String,), "select state from jobs where id = $1", id)
        .pop()
        .map(|(state,)| state)
}

#[tokio::test]
async fn a_dead_letter_is_shown_with_its_reason_and_tried_again_or_discarded() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let page = ida.get("/admin/jobs").await;
    assert_eq!(page.status, 200, "{}", page.outline());
    assert!(page.has("no-dead") && page.body.contains("Delete what has expired"));

    let first = dead(&t, &Job::CleanUp).await;
    let page = ida.get("/admin/jobs").await;
    assert!(
        page.text("dead-letter").contains("it broke") && page.text("dead-letter").contains("tried 24 times")
    );
    let answer = ida.submit("retry-button", &[]).await;
    assert_eq!(
        answer.location(),
        "/admin/jobs?done=retried",
        "{}",
        answer.outline()
    );
    assert_eq!(state(&t, first).await.as_deref(), Some("ready"));
    assert_eq!(run_due(&t.platform).await.unwrap(), 1);
    assert_eq!(state(&t, first).await.as_deref(), Some("done"));

    let second = dead(&t, &Job::CleanUp).await;
    ida.get("/admin/jobs").await;
    let answer = ida.submit("discard-button", &[]).await;
    assert_eq!(
        answer.location(),
        "/admin/jobs?done=discarded",
        "{}",
        answer.outline()
    );
    assert_eq!(state(&t, second).await, None);
    assert_eq!(t.audited("jobs.retried").await, 1);
    let (detail,) = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = 'jobs.discarded'"
    )
    .remove(0);
    assert_eq!(
        detail,
        format!(r#"{{"count":"1","job":"{second}","kind":"clean-up"}}"#)
    );
}

#[tokio::test]
async fn all_of_a_kind_are_tried_again_and_discarded_only_by_their_number() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    for _ in 0..3 {
        dead(&t, &Job::CleanUp).await;
        dead(&t, &Job::LookAfterErasures).await;
    }
    ida.get("/admin/jobs?kind=clean-up").await;
    assert_eq!(ida.shown().texts("dead-letter").len(), 3);
    // One more dies meanwhile: only as many as the page showed are tried again.
    dead(&t, &Job::CleanUp).await;
    let answer = ida.submit("retry-all-button", &[]).await;
    assert_eq!(
        answer.location(),
        "/admin/jobs?done=retried",
        "{}",
        answer.outline()
    );
    assert_eq!(
        count!(
            t,
            "select count(*) from jobs where kind = 'clean-up' and state = 'ready'"
        ),
        3
    );
    assert_eq!(
        count!(
            t,
            "select count(*) from jobs where kind = 'clean-up' and state = 'dead'"
        ),
        1
    );

    ida.get("/admin/jobs?kind=look-after-erasures").await;
    let wrong = ida.submit("discard-all-button", &[("count", "2")]).await;
    assert_eq!(wrong.location(), "/admin/jobs?kind=look-after-erasures");
    assert!(ida.follow().await.body.contains("Type exactly how many"));
    assert_eq!(
        count!(
            t,
            "select count(*) from jobs where kind = 'look-after-erasures' and state = 'dead'"
        ),
        3
    );
    let right = ida.submit("discard-all-button", &[("count", "3")]).await;
    assert_eq!(
        right.location(),
        "/admin/jobs?done=discarded",
        "{}",
        right.outline()
    );
    assert_eq!(
        count!(t, "select count(*) from jobs where kind = 'look-after-erasures'"),
        0
    );
    let said = rows!(
        t,
        (String,),
        "select detail from audit_events where kind like 'jobs.%' order by seq"
    );
    let said: Vec<&str> = said.iter().map(|(detail,)| detail.as_str()).collect();
    assert_eq!(
        said,
        [
            r#"{"count":"3","kind":"clean-up"}"#,
            r#"{"count":"3","kind":"look-after-erasures"}"#
        ]
    );
    run_due(&t.platform).await.unwrap();
    // The one that died meanwhile stays where it is.
    t.ignore_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_who_retry_the_same_dead_letter_one_does() {
    let t = TestHouse::new().await;
    let ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let id = dead(&t, &Job::CleanUp).await.to_string();
    let asked = (0..64).map(|_| {
        let (mut ida, id) = (ida.scripted(), id.clone());
        tokio::spawn(async move { ida.post(RETRY, &[("id", &id)]).await })
    });
    let mut done = 0;
    for asked in asked.collect::<Vec<_>>() {
        let answer = asked.await.unwrap();
        match answer.status {
            200 => done += 1,
            404 => assert_eq!(answer.faults(), ["job-unknown"]),
            // Others than that wait for their turn at the limit of requests.
            status => assert!(status == 429 || status == 503, "{}", answer.outline()),
        }
    }
    assert_eq!(done, 1);
    assert_eq!(t.audited("jobs.retried").await, 1);
    run_due(&t.platform).await.unwrap();
}

#[tokio::test]
async fn what_is_no_dead_letter_is_left_alone() {
    let t = TestHouse::new().await;
    let ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let waiting = t
        .platform
        .db
        .write(async |tx| tx.enqueue(&Job::CleanUp).await)
        .await
        .unwrap()
        .to_string();
    let nobody = Uuid::nil().to_string();
    let mut ida = ida.scripted();
    for id in [waiting.as_str(), &nobody, "", "not an id", "' or 1=1 --"] {
        for path in [RETRY, DISCARD] {
            let answer = ida.post(path, &[("id", id)]).await;
            assert_eq!(
                (answer.status, answer.faults()),
                (404, vec!["job-unknown".to_owned()]),
                "{path} {id}"
            );
        }
    }
    for fields in [
        [("kind", "clean-up"), ("most", "5")],
        [("kind", "no-such-kind"), ("most", "5")],
        [("kind", "clean-up"), ("most", "-1")],
        [("kind", "clean-up"), ("most", "many")],
    ] {
        assert_eq!(ida.post(RETRY, &fields).await.status, 404, "{fields:?}");
    }
    assert_eq!(
        ida.post(DISCARD_ALL, &[("kind", "clean-up"), ("count", "0")])
            .await
            .status,
        404
    );
    assert_eq!(count!(t, "select count(*) from jobs where state = 'ready'"), 1);
    run_due(&t.platform).await.unwrap();
}

#[tokio::test]
async fn a_kind_of_another_version_is_shown_as_that() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let (id, now) = (t.platform.entropy.uuid_v7(t.clock.now()), t.clock.now());
    tamper!(
        t,
        "insert into jobs (id, kind, payload, state, attempts, run_at, last_error, created_at)
        values ($1, 'from-the-<b>future</b>', $2, 'dead', 3, $3, 'boom', $3)",
        id,
        vec![0_u8],
        now
    );
    tamper!(
        t,
        "insert into jobs (id, kind, payload, state, attempts, run_at, created_at)
        values ($1, 'from-the-<b>future</b>', $2, 'ready', 0, $3, $3)",
        t.platform.entropy.uuid_v7(t.clock.now()),
        vec![0_u8],
        now
    );
    let page = ida.get("/admin/jobs").await;
    assert!(
        page.body.contains("from-the-&lt;b&gt;future") && page.body.contains("Of another version"),
        "{}",
        page.outline()
    );
    assert!(
        page.text("dead-letter")
            .contains("another version of this server made it")
    );
    let page = ida.get("/admin/jobs?kind=from-the-%3Cb%3Efuture%3C%2Fb%3E").await;
    assert_eq!(page.texts("dead-letter").len(), 1);
    let answer = ida.submit("retry-button", &[]).await;
    assert_eq!(answer.location(), "/admin/jobs?done=retried");
    assert_eq!(
        run_due(&t.platform).await.unwrap(),
        0,
        "it waits for a server that knows it"
    );
    t.ignore_jobs();
}

#[tokio::test]
async fn an_auditor_sees_the_queue_and_has_no_buttons_and_support_sees_none_of_it() {
    let t = TestHouse::new().await;
    let id = dead(&t, &Job::CleanUp).await.to_string();
    let mut auditor = staff(&t, "Ada Lovelace", "ada@example.com", "auditor").await;
    let page = auditor.get("/admin/jobs?kind=clean-up").await;
    assert_eq!(page.status, 200);
    assert!(page.has("dead-letter") && !page.has("retry-button") && !page.has("discard-all-button"));
    let mut support = staff(&t, "Grace Hopper", "grace@example.com", "support").await;
    assert_eq!(support.get("/admin/jobs").await.status, 403);
    for mut browser in [auditor.scripted(), support.scripted()] {
        for (path, fields) in [
            (RETRY, vec![("id", id.as_str())]),
            (RETRY, vec![("kind", "clean-up"), ("most", "1")]),
            (DISCARD, vec![("id", id.as_str())]),
            (DISCARD_ALL, vec![("kind", "clean-up"), ("count", "1")]),
        ] {
            assert_eq!(browser.post(path, &fields).await.status, 403, "{path}");
        }
    }
    assert_eq!(state(&t, id.parse().unwrap()).await.as_deref(), Some("dead"));
    t.ignore_jobs();
}

#[tokio::test]
async fn a_mail_that_is_tried_again_as_a_job_waits_again_among_the_messages() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let smtp = Smtp::that_says("550 no such mailbox").await;
    let failing = t.second_node_with(&[("SMTP_URL", &smtp.url)]).await;
    t.browser().sign_up("Eve", "eve@example.com", PASSWORD).await;
    run_due(&failing.platform).await.unwrap();
    assert_eq!(
        count!(t, "select count(*) from messages where state = 'failed'"),
        1
    );
    ida.get("/admin/jobs").await;
    ida.submit("retry-button", &[]).await;
    assert_eq!(
        count!(t, "select count(*) from messages where state = 'failed'"),
        0
    );
    assert!(t.mail_to("eve@example.com").await.code.is_some());
    let ended = rows!(
        t,
        (String, i64),
        "select state, attempts from messages where recipient = 'eve@example.com'"
    );
    assert_eq!(ended, [("sent".to_owned(), 1)]);
}
