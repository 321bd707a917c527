//! `/admin/messages`.

use chrono::Duration;
use domain::platform::jobs::run_due;
use uuid::Uuid;

use super::staff;
use crate::house::{Browser, Node, PASSWORD, Smtp, TestHouse, count, rows, tamper};

const AGAIN: &str = "/api/admin-send-again";
const DISCARD: &str = "/api/admin-discard-message";

async fn boss(t: &TestHouse) -> Browser {
    staff(t, "Ida Rhodes", "ida@example.com", "administrator").await
}

/// A server whose mail is refused for good.
async fn refused(t: &TestHouse) -> Node {
    let smtp = Smtp::that_says("550 no such mailbox").await;
    t.second_node_with(&[("SMTP_URL", &smtp.url)]).await
}

/// A message of a kind to an address.
async fn id_of(t: &TestHouse, kind: &str, to: &str) -> String {
    let found = rows!(
        t,
        (Uuid,),
        "select id from messages where kind = $1 and recipient = $2",
        kind,
        to
    );
    found.first().expect("a message of the kind").0.to_string()
}

#[tokio::test]
async fn what_was_sent_is_listed_with_its_state_and_without_what_stood_in_it() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.browser().sign_up("Eve Hall", "Eve@example.com", PASSWORD).await;
    let page = ida.get("/admin/messages?to=eve@EXAMPLE.com").await;
    assert_eq!(page.status, 200, "{}", page.outline());
    assert!(
        page.text("message").contains("Confirm your address") && page.text("message").contains("Waiting")
    );
    assert_eq!(page.texts("message").len(), 1);
    let mail = t.mail_to("Eve@example.com").await;
    let page = ida.get("/admin/messages?to=eve@example.com&state=sent").await;
    assert_eq!(page.texts("message").len(), 1, "{}", page.outline());
    // Neither its code nor its link stands in the table.
    let code = mail.code.unwrap();
    assert_eq!(
        count!(
            t,
            "select count(*) from messages where kind like $1 or recipient like $1 or last_error like $1",
            format!("%{code}%")
        ),
        0
    );
    let page = ida.get("/admin/messages?to=nobody@example.com").await;
    assert!(page.has("no-messages"));
    // What can't be read filters nothing.
    assert_eq!(
        ida.get("/admin/messages?state=lost&before=yesterday")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_page_of_messages_leads_to_the_next_one() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let now = t.clock.now();
    for number in 0..120 {
        tamper!(
            t,
            "insert into messages (id, channel, kind, recipient, recipient_key, state, created_at)
            values ($1, 'email', 'welcome', $2, $2, 'sent', $3)",
            t.platform.entropy.uuid_v7(now + Duration::seconds(number)),
            format!("p{number}@example.com"),
            now
        );
    }
    let mut seen = ida.get("/admin/messages?state=sent").await.texts("message");
    while ida.shown().has("older-link") {
        let next = ida
            .shown()
            .body
            .split("rel=\"next\"")
            .next()
            .unwrap()
            .rsplit("href=\"")
            .next()
            .unwrap();
        let next = next.split('"').next().unwrap().replace("&amp;", "&");
        seen.extend(ida.get(&next).await.texts("message"));
    }
    let whole = usize::try_from(count!(t, "select count(*) from messages where state = 'sent'")).unwrap();
    assert_eq!(seen.len(), whole);
    seen.dedup();
    assert!(seen.iter().filter(|text| text.contains("@example.com")).count() >= 120);
}

#[tokio::test]
async fn a_sign_up_gets_a_new_link_and_the_old_one_stops_working() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let failing = refused(&t).await;
    let mut eve = t.browser();
    eve.sign_up("Eve Hall", "eve@example.com", PASSWORD).await;
    run_due(&failing.platform).await.unwrap();
    let page = ida.get("/admin/messages?state=failed").await;
    assert!(page.text("message").contains("550"), "{}", page.text("message"));
    let answer = ida.submit("again-button", &[]).await;
    assert_eq!(
        answer.location(),
        "/admin/messages?done=again",
        "{}",
        answer.outline()
    );
    let states = rows!(
        t,
        (String,),
        "select state from messages where recipient = 'eve@example.com' order by state"
    );
    assert_eq!(states, [("discarded".to_owned(),), ("waiting".to_owned(),)]);
    let code = t.code_for("eve@example.com").await;
    // And once more, of a message that went out: the first code is worth nothing any more.
    ida.get("/admin/messages?state=sent&to=eve@example.com").await;
    let answer = ida.submit("again-button", &[]).await;
    assert_eq!(
        answer.location(),
        "/admin/messages?done=again",
        "{}",
        answer.outline()
    );
    let newer = t.code_for("eve@example.com").await;
    assert_ne!(eve.type_code(&code).await.location(), "/account");
    eve.follow().await;
    assert_eq!(eve.type_code(&newer).await.location(), "/account");
    assert_eq!(t.audited("message.sent_again").await, 2);
    // Now there is nothing to prove any more.
    let id = id_of(&t, "sign-up-verify", "eve@example.com").await;
    let late = ida.scripted().post(AGAIN, &[("id", &id)]).await;
    assert_eq!(late.faults(), ["message-once"]);
    t.mail_to("eve@example.com").await;
}

#[tokio::test]
async fn a_reset_is_sent_anew_as_often_as_the_person_might_ask() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    t.member("Ada Lovelace", "ada@example.com").await;
    let mut somebody = t.browser();
    somebody.get("/forgot-password").await;
    somebody
        .post("/api/forgot-password", &[("email", "ada@example.com")])
        .await;
    let first = t.link_for("ada@example.com").await;
    let mut ida = ida.scripted();
    for _ in 0..2 {
        let id = id_of(&t, "password-reset", "ada@example.com").await;
        assert_eq!(ida.post(AGAIN, &[("id", &id)]).await.status, 200);
        let fresh = t.link_for("ada@example.com").await;
        assert_ne!(first, fresh);
    }
    let id = id_of(&t, "password-reset", "ada@example.com").await;
    let refused = ida.post(AGAIN, &[("id", &id)]).await;
    assert_eq!(
        (refused.status, refused.faults()),
        (429, vec!["too-many-attempts".to_owned()])
    );
    assert_eq!(t.audited("message.sent_again").await, 2);
}

#[tokio::test]
async fn a_notice_is_tried_again_while_it_never_went_out_and_never_twice() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let mut ida = ida.scripted();
    let sent = id_of(&t, "welcome", "ida@example.com").await;
    assert_eq!(ida.post(AGAIN, &[("id", &sent)]).await.faults(), ["message-once"]);

    let failing = refused(&t).await;
    let mut eve = t.browser();
    eve.sign_up("Eve Hall", "eve@example.com", PASSWORD).await;
    let code = t.code_for("eve@example.com").await;
    eve.type_code(&code).await;
    run_due(&failing.platform).await.unwrap();
    let welcome = id_of(&t, "welcome", "eve@example.com").await;
    let asked = (0..8).map(|_| {
        let (mut ida, id) = (ida.clone(), welcome.clone());
        async move { ida.post(AGAIN, &[("id", &id)]).await.status }
    });
    let mut answers = futures_util::future::join_all(asked).await;
    answers.sort_unstable();
    assert_eq!(
        answers.iter().filter(|status| **status == 200).count(),
        1,
        "{answers:?}"
    );
    assert_eq!(
        t.mail_to("eve@example.com").await.subject,
        "Your account is ready"
    );
}

#[tokio::test]
async fn a_message_that_waits_is_discarded_once_and_never_sent() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.browser().sign_up("Eve Hall", "eve@example.com", PASSWORD).await;
    ida.get("/admin/messages?to=eve@example.com").await;
    let answer = ida.submit("discard-button", &[]).await;
    assert_eq!(
        answer.location(),
        "/admin/messages?done=discarded",
        "{}",
        answer.outline()
    );
    assert!(t.mails_to("eve@example.com").await.is_empty());
    let id = id_of(&t, "sign-up-verify", "eve@example.com").await;
    let twice = ida.scripted().post(DISCARD, &[("id", &id)]).await;
    assert_eq!(
        (twice.status, twice.faults()),
        (409, vec!["changed-meanwhile".to_owned()])
    );
    for id in ["", "x", "00000000-0000-7000-8000-000000000000"] {
        for path in [AGAIN, DISCARD] {
            assert_eq!(
                ida.scripted().post(path, &[("id", id)]).await.status,
                404,
                "{path} {id}"
            );
        }
    }
    assert_eq!(t.audited("message.discarded").await, 1);
}

#[tokio::test]
async fn support_sends_again_an_auditor_only_looks_and_a_person_does_neither() {
    let t = TestHouse::new().await;
    t.browser().sign_up("Eve Hall", "eve@example.com", PASSWORD).await;
    t.mail_to("eve@example.com").await;
    let id = id_of(&t, "sign-up-verify", "eve@example.com").await;
    let mut auditor = staff(&t, "Ada Lovelace", "ada@example.com", "auditor").await;
    let page = auditor.get("/admin/messages").await;
    assert!(page.has("message") && !page.has("again-button") && !page.has("discard-button"));
    assert_eq!(auditor.scripted().post(AGAIN, &[("id", &id)]).await.status, 403);
    let mut member = t.member("Kay McNulty", "kay@example.com").await;
    assert_eq!(member.get("/admin/messages").await.status, 403);
    assert_eq!(member.scripted().post(DISCARD, &[("id", &id)]).await.status, 403);
    let support = staff(&t, "Grace Hopper", "grace@example.com", "support").await;
    assert_eq!(support.scripted().post(AGAIN, &[("id", &id)]).await.status, 200);
    assert!(t.mail_to("eve@example.com").await.code.is_some());
}

#[tokio::test]
async fn messages_go_with_the_person_and_after_thirty_days() {
    let t = TestHouse::new().await;
    let mut ada = t.member("Ada Lovelace", "ada@example.com").await;
    assert!(
        count!(
            t,
            "select count(*) from messages where recipient = 'ada@example.com'"
        ) >= 2
    );
    assert_eq!(
        count!(
            t,
            "select count(*) from messages where recipient = 'ada@example.com' and kind = 'welcome' and user_id is not null"
        ),
        1
    );
    ada.get("/account").await;
    t.clock.advance(Duration::days(31));
    t.platform
        .db
        .write(async |tx| tx.enqueue(&domain::job::Job::CleanUp).await)
        .await
        .unwrap();
    run_due(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from messages"), 0);
}
