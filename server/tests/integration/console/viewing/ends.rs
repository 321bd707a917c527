//! What ends a look: the clock, the operator, whatever ends their session or their right, and what happens to the account.

use chrono::Duration;
use domain::audit::activity::{Activity, Cursor};
use domain::platform::clean_up;
use futures_util::future::join_all;

use super::{ADA, IDA, REASON, ask, begin, details, id_of, looking, sees_ada};
use crate::console::staff;
use crate::house::{Browser, Page, TestHouse, count, tamper};

/// The look is over, and nothing of either account is shown until the operator has come back.
async fn is_over(browser: &Browser) {
    let page = browser.clone().get("/account").await;
    assert_eq!(page.location(), "/viewing", "{}", page.outline());
    for path in ["/", "/account/profile", "/admin"] {
        assert_eq!(browser.clone().get(path).await.location(), "/viewing", "{path}");
    }
    // A form that is still on a screen is not sent in another name.
    let answer = browser
        .scripted()
        .moved()
        .post("/api/save-profile", &[("name", "Mallory")])
        .await;
    assert_eq!(answer.faults(), ["viewing-only"]);
    let mut back = browser.clone();
    let page = back.get("/viewing").await;
    assert!(page.has("viewing-over"), "{}", page.outline());
    assert!(!page.body.contains(ADA) && page.header("refresh").is_empty());
    let stopped = back.submit("stop-viewing-button", &[]).await;
    // Not to a page that they may see no more.
    assert_eq!(stopped.location(), "/account", "{}", stopped.outline());
    assert_eq!(back.get("/account").await.text("account-email"), IDA);
}

#[tokio::test]
async fn a_quarter_of_an_hour_is_all_whatever_is_done_meanwhile() {
    let t = TestHouse::new().await;
    let (mut ida, _ada) = looking(&t).await;
    for _ in 0..14 {
        t.clock.advance(Duration::minutes(1));
        let page = ida.get("/account").await;
        assert!(page.has("viewing-line"), "{}", page.outline());
    }
    assert!(
        ida.shown().text("viewing-line").contains("a minute left"),
        "{}",
        ida.shown().text("viewing-line")
    );
    assert_eq!(ida.shown().header("refresh"), "61");
    t.clock.advance(Duration::seconds(59));
    assert!(sees_ada(&ida).await);
    t.clock.advance(Duration::seconds(1));
    is_over(&ida).await;
    assert_eq!(details(&t, "view.ended").await.len(), 1);
}

/// What nobody ended is swept up, and noted then.
#[tokio::test]
async fn a_look_that_nobody_ends_has_an_end_in_the_audit_too() {
    let t = TestHouse::new().await;
    let (ida, _ada) = looking(&t).await;
    t.clock.advance(Duration::minutes(15) - Duration::seconds(1));
    clean_up::run(&t.platform).await.unwrap();
    assert!(sees_ada(&ida).await);
    t.clock.advance(Duration::seconds(1));
    clean_up::run(&t.platform).await.unwrap();
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from viewings"), 0);
    let ended = details(&t, "view.ended").await;
    assert_eq!((ended.len(), &ended[0]["because"]), (1, &"time".into()));
    assert_eq!(ended[0]["until"], t.clock.now().to_rfc3339());
    is_over(&ida).await;
    assert_eq!(t.audited("view.ended").await, 1, "not twice");
}

/// The round that sweeps it up comes when it comes: what the person reads is no later than the look could last.
#[tokio::test]
async fn an_end_that_is_noted_late_is_not_told_later_than_it_was() {
    let t = TestHouse::new().await;
    let (_ida, _ada) = looking(&t).await;
    let until = t.clock.now() + Duration::minutes(15);
    t.clock.advance(Duration::minutes(24));
    clean_up::run(&t.platform).await.unwrap();
    let adas = id_of(&t, ADA).await;
    let activity = Activity::page(&t.platform, adas, Cursor::Newest).await.unwrap();
    let ended = &activity.happenings[0];
    assert_eq!(
        (ended.kind.as_str(), ended.at, ended.happened_at()),
        ("view.ended", t.clock.now(), until)
    );
    let began = &activity.happenings[1];
    assert_eq!(
        (began.kind.as_str(), began.happened_at()),
        ("view.began", began.at)
    );
}

/// ASVS 7.4.2, 8.3.2: with the next request, on every server, whatever lies in a cache.
#[tokio::test]
async fn it_ends_at_once_with_the_right_to_it() {
    for what in [
        "role", "rights", "locked", "closed", "leaving", "promoted", "factor",
    ] {
        let t = TestHouse::new().await;
        let second = t.second_node().await;
        let (ida, _ada) = looking(&t).await;
        let there = ida.on(&second);
        assert!(
            sees_ada(&ida).await && sees_ada(&there).await,
            "it goes on on every server"
        );
        let now = t.clock.now();
        match what {
            "role" => tamper!(t, "delete from user_roles"),
            "rights" => {
                tamper!(t, "update user_roles set role_id = 'auditor'")
            }
            "locked" => tamper!(t, "update users set locked_at = $1 where email = $2", now, ADA),
            "closed" => tamper!(
                t,
                "update users set deactivated_at = $1 where email = $2",
                now,
                ADA
            ),
            "leaving" => tamper!(t, "update users set erase_at = $1 where email = $2", now, ADA),
            "promoted" => {
                // Ada becomes an administrator, and Ida is support from now on.
                tamper!(t, "update user_roles set role_id = 'support'");
                tamper!(
                    t,
                    "insert into user_roles (user_id, role_id, granted_at) select id, 'administrator', $1 from users where email = $2",
                    now,
                    ADA
                )
            }
            _ => {
                let hash = rows_fenced(&t).await;
                assert_eq!(hash, 1);
                1
            }
        };
        is_over(&there).await;
        // `there` has come back, so its copy of the cookie of before is worth nothing here.
        assert!(
            ida.clone()
                .get("/account")
                .await
                .location()
                .starts_with("/sign-in"),
            "{what}"
        );
    }
}

/// The operator's session is worth one factor from now on, in its row and in every copy.
async fn rows_fenced(t: &TestHouse) -> u64 {
    let changed = tamper!(
        t,
        "update sessions set aal = 1 where user_id in (select id from users where email = $1)",
        IDA
    );
    let hashes = crate::house::rows!(t, (Vec<u8>,), "select token_hash from sessions");
    let hashes: Vec<Vec<u8>> = hashes.into_iter().map(|(hash,)| hash).collect();
    domain::authentication::session::fence(&t.platform, &hashes).await;
    changed
}

#[tokio::test]
async fn it_ends_with_the_session_that_it_is_in() {
    for what in ["signed out", "from afar", "operator", "idle"] {
        let t = TestHouse::new().await;
        let second = t.second_node().await;
        let (mut ida, ada) = looking(&t).await;
        let there = ida.on(&second);
        assert!(sees_ada(&there).await);
        match what {
            "signed out" => {
                let page = ida.sign_out().await;
                assert!(
                    page.location().starts_with("/sign-in?signed-out"),
                    "{}",
                    page.outline()
                );
                assert_eq!(details(&t, "view.ended").await[0]["because"], "signed-out");
                let kinds = crate::house::rows!(
                    t,
                    (Option<domain::users::user::UserId>,),
                    "select subject_id from audit_events where kind = 'session.signed_out'"
                );
                assert_eq!(
                    kinds.last().unwrap().0,
                    Some(id_of(&t, IDA).await),
                    "of her own account"
                );
            }
            "from afar" => {
                let eve = staff(&t, "Eve", "eve@example.com", "administrator").await;
                let idas = id_of(&t, IDA).await.to_string();
                let page = eve
                    .scripted()
                    .post("/api/admin-end-sessions", &[("person", &idas)])
                    .await;
                assert_eq!(page.status, 200, "{}", page.outline());
                t.mails_to(IDA).await;
                assert_eq!(t.audited("view.ended").await, 1, "in the same transaction");
            }
            "operator" => {
                staff(&t, "Eve", "eve@example.com", "administrator").await;
                t.operator(&["user", "lock", IDA], "").await;
            }
            // Nothing prolongs the session but its use, as ever.
            _ => t.clock.advance(Duration::minutes(31)),
        }
        for browser in [&ida, &there] {
            let page = browser.clone().get("/account").await;
            assert!(
                page.location().starts_with("/sign-in"),
                "{what}: {}",
                page.outline()
            );
            let page = browser.clone().get("/viewing").await;
            assert!(
                page.location().starts_with("/sign-in"),
                "{what}: {}",
                page.outline()
            );
        }
        assert!(ada.is_signed_in().await, "{what}: hers goes on");
        if what == "idle" {
            assert_eq!(t.audited("view.ended").await, 0, "nobody was there to note it");
        }
        clean_up::run(&t.platform).await.unwrap();
        let because = if what == "signed out" {
            "signed-out"
        } else {
            "session-ended"
        };
        let ended = details(&t, "view.ended").await;
        assert_eq!(
            (ended.len(), &ended[0]["because"]),
            (1, &because.into()),
            "{what}"
        );
    }
}

/// ASVS 7.2.4, 7.4.1: a new token at the beginning and at the end, and the old ones lead nowhere.
#[tokio::test]
async fn a_token_of_before_leads_nowhere() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let ada = t.member("Ada Lovelace", ADA).await;
    let mut ida = staff(&t, "Ida Rhodes", IDA, "administrator").await;
    let before = ida.clone();
    assert!(
        before.on(&second).is_signed_in().await,
        "a copy may be in the cache now"
    );
    ask(&t, &mut ida, ADA).await;
    let during = ida.clone();
    assert!(sees_ada(&during.on(&second)).await);
    for node in [before.clone(), before.on(&second)] {
        assert!(
            node.clone()
                .get("/account")
                .await
                .location()
                .starts_with("/sign-in")
        );
    }
    ida.get("/account").await;
    ida.submit("stop-viewing-button", &[]).await;
    for old in [&before, &during] {
        for mut old in [old.clone(), old.on(&second)] {
            assert!(old.get("/account").await.location().starts_with("/sign-in"));
            old.jar.retain(|name, _| !name.ends_with("-form"));
            assert!(
                !old.post("/api/stop-viewing", &[])
                    .await
                    .location()
                    .starts_with("/admin")
            );
            assert!(!old.is_signed_in().await);
        }
    }
    assert!(ida.is_signed_in().await && ada.is_signed_in().await);
    // A look that is over is not begun again by its id, nor by a page that was kept.
    assert_eq!(ida.post("/api/stop-viewing", &[]).await.location(), "/account");
    assert_eq!(ida.get("/account").await.text("account-email"), IDA);
    t.mails_to(ADA).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_at_once_one_begins_and_one_ends() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    t.member("Ada Lovelace", ADA).await;
    t.member("Bob", "bob@example.com").await;
    let mut ida = staff(&t, "Ida Rhodes", IDA, "administrator").await;
    let whom = [
        id_of(&t, ADA).await.to_string(),
        id_of(&t, "bob@example.com").await.to_string(),
    ];
    let posts = (0..8).map(|n| {
        let mut one = if n % 2 == 0 {
            ida.scripted()
        } else {
            ida.scripted().on(&second)
        };
        // Without the cookie by which a double click is known: eight that are none.
        one.jar.retain(|name, _| !name.ends_with("-form"));
        let person = whom[n % 2].clone();
        async move {
            let fields = [("person", person.as_str()), ("reason", REASON)];
            let page = Box::pin(one.post("/api/admin-view-as", &fields)).await;
            (page.status == 200).then_some(one)
        }
    });
    let begun: Vec<Browser> = join_all(posts).await.into_iter().flatten().collect();
    assert_eq!((begun.len(), count!(t, "select count(*) from viewings")), (1, 1));
    assert_eq!(t.audited("view.began").await, 1);
    ida = begun.into_iter().next().unwrap();
    // Who looks at one can't begin to look at another.
    assert_eq!(begin(&t, &ida, ADA).await, "viewing-only");
    let stops = (0..8).map(|n| {
        let mut one = if n % 2 == 0 { ida.clone() } else { ida.on(&second) };
        one.jar.retain(|name, _| !name.ends_with("-form"));
        async move {
            let page = Box::pin(one.post("/api/stop-viewing", &[])).await;
            (page.status == 200).then_some(one)
        }
    });
    let back: Vec<Browser> = join_all(stops).await.into_iter().flatten().collect();
    assert_eq!(back.len(), 1);
    assert!(back[0].is_signed_in().await);
    assert_eq!(t.audited("view.ended").await, 1);
    for email in [ADA, "bob@example.com"] {
        t.mails_to(email).await;
    }
}

/// Two posts of one form; each browser that comes back has the cookies of its answer alone.
async fn twice(
    browser: &Browser,
    button: &str,
    typed: &[(&str, &str)],
    overlap: bool,
) -> [(Page, Browser); 2] {
    let (mut one, mut two) = (browser.clone(), browser.clone());
    if overlap {
        let (first, second) = tokio::join!(
            Box::pin(one.submit(button, typed)),
            Box::pin(two.submit(button, typed))
        );
        return [(first, one), (second, two)];
    }
    let first = Box::pin(one.submit(button, typed)).await;
    let second = Box::pin(two.submit(button, typed)).await;
    [(first, one), (second, two)]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_double_click_begins_once_and_ends_once() {
    for overlap in [false, true] {
        let t = TestHouse::new().await;
        t.member("Ada Lovelace", ADA).await;
        let mut ida = staff(&t, "Ida Rhodes", IDA, "administrator").await;
        let id = id_of(&t, ADA).await;
        ida.get(&format!("/admin/users/{id}/view")).await;
        let mut inside = Vec::new();
        for (page, browser) in twice(&ida, "view-button", &[("reason", REASON)], overlap).await {
            assert_eq!(page.location(), "/account", "{}", page.outline());
            if sees_ada(&browser).await {
                inside.push(browser);
            }
        }
        assert_eq!(inside.len(), 1, "the last answer's token is the session's");
        assert_eq!(t.audited("view.began").await, 1);
        let mut ida = inside.remove(0);
        ida.get("/account").await;
        let mut back = 0;
        for (page, browser) in twice(&ida, "stop-viewing-button", &[], overlap).await {
            assert_eq!(
                page.location(),
                format!("/admin/users/{id}?done=viewed"),
                "{}",
                page.outline()
            );
            back += i32::from(browser.is_signed_in().await);
        }
        assert_eq!((back, t.audited("view.ended").await), (1, 1));
        assert_eq!(t.mails_to(ADA).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_double_click_on_a_page_whose_look_is_over_leads_to_one_place() {
    for overlap in [false, true] {
        let t = TestHouse::new().await;
        let (mut ida, _ada) = looking(&t).await;
        t.clock.advance(Duration::minutes(14));
        ida.get("/account").await;
        t.clock.advance(Duration::minutes(1));
        for (page, _) in twice(&ida, "stop-viewing-button", &[], overlap).await {
            assert_eq!(page.location(), "/account", "{}", page.outline());
        }
        assert_eq!(t.audited("view.ended").await, 1);
    }
}

#[tokio::test]
async fn it_goes_on_after_a_restart_and_ends_with_the_account() {
    let t = TestHouse::new().await;
    let (ida, _ada) = looking(&t).await;
    let second = t.second_node().await;
    assert!(
        sees_ada(&ida.on(&second)).await,
        "a server that has just started knows of it"
    );
    tamper!(t, "delete from users where email = $1", ADA);
    assert_eq!(count!(t, "select count(*) from viewings"), 0);
    is_over(&ida).await;
}
