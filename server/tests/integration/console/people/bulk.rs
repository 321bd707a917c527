//! One deed for several people.

use uuid::Uuid;

use crate::console::{appoint, make_role, staff};
use crate::house::{Browser, PASSWORD, Page, TestHouse, count, rows, tamper};

const LOCK: &str = "/api/admin-lock-people";
const END: &str = "/api/admin-end-sessions-of-people";
const GIVE: &str = "/api/admin-give-role-to-people";

async fn id_of(t: &TestHouse, email: &str) -> String {
    rows!(t, (Uuid,), "select id from users where email = $1", email)
        .remove(0)
        .0
        .to_string()
}

/// Chooses people and a deed on the list, as its form does, and shows what it will do.
async fn choose(browser: &mut Browser, deed: &str, people: &[&str]) -> Page {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query
        .append_pair("deed", deed)
        .append_pair("list", "state=active&sort=name");
    for id in people {
        query.append_pair("people[]", id);
    }
    browser
        .get(&format!("/admin/users/bulk?{}", query.finish()))
        .await
}

/// Posts a deed past the page; what it is refused for.
async fn refused(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Vec<String> {
    let fields = [&[("deed", "lock")], fields].concat();
    browser.scripted().post(path, &fields).await.faults()
}

#[tokio::test]
async fn several_are_locked_and_unlocked_and_what_it_does_is_said_before() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let ada = t.member("Ada", "ada@example.com").await;
    t.browser().sign_in("ada@example.com", PASSWORD).await;
    let eda = t.member("Eda", "eda@example.com").await;
    t.member("Oda", "oda@example.com").await;
    let mut ids = Vec::new();
    for email in [
        "ada@example.com",
        "eda@example.com",
        "oda@example.com",
        "ida@example.com",
    ] {
        ids.push(id_of(&t, email).await);
    }
    tamper!(
        t,
        "update users set locked_at = created_at where email = 'oda@example.com'"
    );
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    let page = choose(&mut ida, "lock", &all).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    assert!(
        page.body
            .contains("2 people can no longer sign in, and 3 sessions end at once."),
        "{}",
        page.outline()
    );
    assert!(page.body.contains("That is you.") && page.body.contains("Locked already."));
    assert!(ada.is_signed_in().await, "looking does nothing");
    let done = ida.submit("bulk-button", &[]).await;
    assert_eq!(
        done.location(),
        "/admin/users?state=active&sort=name&done=people&n=2&of=2",
        "{}",
        done.outline()
    );
    assert!(ida.follow().await.text("notice").contains("Done for 2 of 2"));
    assert!(!ada.is_signed_in().await && !eda.is_signed_in().await && ida.is_signed_in().await);
    assert_eq!(
        count!(t, "select count(*) from users where locked_at is not null"),
        3
    );
    assert_eq!(t.audited("user.locked").await, 2);

    let page = choose(&mut ida, "unlock", &all[..3]).await;
    assert!(
        page.body.contains("3 people can sign in again."),
        "{}",
        page.outline()
    );
    ida.submit("bulk-button", &[]).await;
    assert_eq!(
        count!(t, "select count(*) from users where locked_at is not null"),
        0
    );
    assert_eq!(
        t.browser().sign_in("ada@example.com", PASSWORD).await.location(),
        "/account"
    );
    t.mails_to("ada@example.com").await;
    let nothing = choose(&mut ida, "unlock", &all[..1]).await;
    assert!(nothing.body.contains("Nothing would change") && !nothing.has("bulk-button"));
}

#[tokio::test]
async fn several_are_signed_out_everywhere() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let ada = t.member("Ada", "ada@example.com").await;
    let id = id_of(&t, "ada@example.com").await;
    let page = choose(&mut ida, "end-sessions", &[&id]).await;
    assert!(
        page.body.contains("1 session of 1 person ends at once."),
        "{}",
        page.outline()
    );
    ida.submit("bulk-button", &[]).await;
    assert!(!ada.is_signed_in().await);
    assert_eq!(
        t.browser().sign_in("ada@example.com", PASSWORD).await.location(),
        "/account"
    );
    assert_eq!(t.audited("session.all_ended_by_operator").await, 1);
    t.mails_to("ada@example.com").await;
}

#[tokio::test]
async fn several_are_given_a_role() {
    let t = TestHouse::new().await;
    t.ignore_jobs();
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    for email in ["ada@example.com", "eda@example.com"] {
        t.member("Ada", email).await;
    }
    let (ada, eda) = (
        id_of(&t, "ada@example.com").await,
        id_of(&t, "eda@example.com").await,
    );
    let page = choose(&mut ida, "give-role.support", &[&ada, &eda]).await;
    assert!(
        page.body
            .contains("2 people may from now on do what Support allows."),
        "{}",
        page.outline()
    );
    let done = ida.submit("bulk-button", &[]).await;
    assert!(done.location().ends_with("n=2&of=2"), "{}", done.outline());
    assert_eq!(count!(t, "select count(*) from users where staff"), 3);
    assert_eq!(t.audited("role.given").await, 2);
}

#[tokio::test]
async fn asvs_8_2_1_nobody_locks_themselves_and_only_administrators_lock_administrators() {
    let t = TestHouse::new().await;
    let ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let eve = staff(&t, "Eve Helper", "eve@example.com", "support").await;
    let (own, other) = (
        id_of(&t, "ida@example.com").await,
        id_of(&t, "eve@example.com").await,
    );
    for (browser, victim) in [(&ida, &own), (&eve, &own), (&eve, &other)] {
        for path in [LOCK, END] {
            let answer = browser
                .scripted()
                .post(path, &[("deed", "lock"), ("people[]", victim)])
                .await;
            assert!(answer.body.contains("n=0&of=1"), "{}", answer.body);
        }
    }
    assert!(ida.is_signed_in().await && eve.is_signed_in().await);
    assert_eq!(
        count!(t, "select count(*) from users where locked_at is not null"),
        0
    );
    // Support gives no role, and nobody one that they don't hold.
    assert_eq!(
        refused(&eve, GIVE, &[("role", "support"), ("people[]", &own)]).await,
        ["not-allowed"]
    );
    let gives = make_role(&t, "Gives", &["roles:assign", "users:read"]).await;
    appoint(&t, "eve@example.com", &gives).await;
    t.member("Ada", "ada@example.com").await;
    let ada = id_of(&t, "ada@example.com").await;
    assert_eq!(
        refused(&eve, GIVE, &[("role", "administrator"), ("people[]", &ada)]).await,
        ["gives-more"]
    );
}

#[tokio::test]
async fn of_two_administrators_who_lock_each_other_at_once_one_stays() {
    let t = TestHouse::new().await;
    let ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator")
        .await
        .scripted();
    let eda = staff(&t, "Eda Rhodes", "eda@example.com", "administrator")
        .await
        .scripted();
    let (one, other) = (
        id_of(&t, "ida@example.com").await,
        id_of(&t, "eda@example.com").await,
    );
    let lock = async |mut browser: Browser, id: &str| {
        browser.post(LOCK, &[("deed", "lock"), ("people[]", id)]).await
    };
    tokio::join!(lock(ida, &other), lock(eda, &one));
    assert_eq!(
        count!(
            t,
            "select count(*) from users where administrator and locked_at is null"
        ),
        1
    );
}

#[tokio::test]
async fn hostile_choices_do_nothing() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    let many: Vec<String> = (0..51)
        .map(|_| t.platform.entropy.uuid_v7(t.clock.now()).to_string())
        .collect();
    let many: Vec<(&str, &str)> = many.iter().map(|id| ("people[]", id.as_str())).collect();
    assert_eq!(refused(&ida, LOCK, &many).await, ["too-many-chosen"]);
    assert_eq!(refused(&ida, LOCK, &[]).await, ["nobody-chosen"]);
    assert_eq!(
        refused(&ida, LOCK, &[("people[]", "' or 1=1")]).await,
        ["malformed"]
    );
    let nothing = ida.scripted().post(LOCK, &[many[0]]).await;
    assert_eq!(nothing.faults(), ["malformed"]);
    let stranger = ida.scripted().post(LOCK, &[("deed", "lock"), many[0]]).await;
    assert!(stranger.body.contains("n=0&of=1"), "{}", stranger.body);
    let elsewhere = ida
        .scripted()
        .post(
            LOCK,
            &[("deed", "lock"), many[0], ("list", "//evil.example/?q=%0d%0a")],
        )
        .await;
    assert!(
        elsewhere.body.contains("/admin/users?done=people"),
        "{}",
        elsewhere.body
    );
    for (query, status) in [
        ("", 400),
        ("deed=erase", 400),
        ("deed=lock", 422),
        ("deed=give-role.", 400),
        (
            "deed=give-role.nonsense&people[]=00000000-0000-7000-8000-000000000000",
            404,
        ),
        ("deed=lock&people[]=x", 400),
    ] {
        assert_eq!(
            ida.get(&format!("/admin/users/bulk?{query}")).await.status,
            status,
            "{query}"
        );
    }
    t.clock.advance(chrono::Duration::minutes(11));
    let late = ida.post(LOCK, &[("deed", "lock"), many[0]]).await;
    assert!(late.location().starts_with("/confirm"), "{}", late.outline());
}
