//! Sessions that end because what they last was shortened: they stay ended (ASVS 7.4.1).

use chrono::Duration;
use domain::audit::Origin;
use domain::authorization::right;
use domain::authorization::standing::Standing;
use domain::platform::clean_up;
use domain::platform::keys::TokenHash;
use domain::platform::settings::refresh;
use domain::users::user::UserId;
use domain::{Code, Error};

use super::{PAGE, boss, change, changed};
use crate::house::{Browser, PASSWORD, TestHouse, count, rows};

const ADA: &str = "ada@example.org";
const EVE: &str = "eve@example.org";
const SHORT: [(&str, &str); 1] = [("session_plain_idle_minutes", "5")];

/// A browser with Eve's account in use, and Ada's waiting.
async fn shared(t: &TestHouse) -> Browser {
    let mut browser = t.browser();
    browser.sign_in(ADA, PASSWORD).await;
    browser.get("/sign-in?add=1").await;
    let typed = [("email", EVE), ("password", PASSWORD), ("remember", "")];
    assert_eq!(
        browser.submit("sign-in-button", &typed).await.location(),
        "/account"
    );
    browser
}

#[tokio::test]
async fn asvs_7_4_1_what_shorter_times_ended_does_not_come_back_with_longer_ones() {
    for back in ["saved", "undone"] {
        let t = TestHouse::new().await;
        let second = t.second_node().await;
        let mut ida = boss(&t).await;
        let ada = t.member("Ada", ADA).await;
        t.member("Eve", EVE).await;
        let mut both = shared(&t).await;
        // A copy of each may be kept.
        for browser in [&ada, &both] {
            assert!(browser.is_signed_in().await && browser.on(&second).is_signed_in().await);
        }
        t.clock.advance(Duration::minutes(4));
        assert!(both.get("/account").await.has("switch-button"));
        t.clock.advance(Duration::minutes(2));

        // The three that were not used for six minutes: two of Ada's, and the one that Eve signed up with.
        let told = change(&mut ida, "sessions", &SHORT).await;
        assert!(told.location().starts_with("/admin/settings/check"));
        let page = ida.follow().await;
        assert_eq!(page.text("settings-reach").trim(), "3 sessions end at once.");
        assert_eq!(
            ida.submit("sure-button", &[]).await.location(),
            "/admin/settings?done=saved"
        );
        assert_eq!(count!(t, "select count(*) from sessions"), 2, "Ida's and Eve's");
        if back == "saved" {
            changed(&mut ida, "sessions", &[("session_plain_idle_minutes", "60")]).await;
        } else {
            ida.get(PAGE).await;
            let undone = ida.submit("undo-session-plain-idle-minutes", &[]).await;
            assert_eq!(undone.location(), "/admin/settings?done=undone");
        }
        refresh(&second.platform).await.unwrap();

        assert!(
            !ada.is_signed_in().await && !ada.on(&second).is_signed_in().await,
            "{back}"
        );
        for mut there in [both.on(&second), both] {
            let page = there.get("/account").await;
            assert_eq!(page.text("account-email"), EVE, "{back}");
            assert!(!page.has("switch-button"), "{back}: Ada's does not wait any more");
        }
        let adas = rows!(t, (UserId,), "select id from users where email = $1", ADA)[0].0;
        let page = ida.get(&format!("/admin/users/{adas}")).await;
        assert!(!page.has("person-sessions"), "{back}: {}", page.outline());
    }
}

/// What was young enough when the times were shortened, and is not when they are lengthened.
#[tokio::test]
async fn asvs_7_4_1_what_shorter_times_ended_later_does_not_come_back_either() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let ada = t.member("Ada", ADA).await;
    changed(&mut ida, "sessions", &SHORT).await;
    assert!(ada.is_signed_in().await);
    for _ in 0..2 {
        t.clock.advance(Duration::minutes(3));
        assert!(ida.is_signed_in().await);
    }
    // Nobody has asked in between.
    changed(&mut ida, "sessions", &[("session_plain_idle_minutes", "60")]).await;
    assert!(!ada.is_signed_in().await);
}

/// Until its row is deleted as well: wherever a session is looked for.
#[tokio::test]
async fn what_is_over_is_found_nowhere_and_deleted_with_what_has_expired() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.member("Ada", ADA).await;
    t.member("Eve", EVE).await;
    let mut both = shared(&t).await;
    changed(&mut ida, "sessions", &SHORT).await;
    let tokens = rows!(
        t,
        (Vec<u8>,),
        "select token_hash from sessions s where exists (select 1 from users u where u.id = s.user_id and u.staff)"
    );
    let token = TokenHash::stored(&tokens[0].0).unwrap();
    // Somebody who listens, and is asked anew.
    let listens = async || {
        let mut standing = Standing::new(&t.platform, token, &Origin::default());
        standing.check::<right::AuditRead>().await
    };
    listens().await.unwrap();
    t.clock.advance(Duration::minutes(4));
    assert!(both.get("/account").await.has("switch-button"));
    t.clock.advance(Duration::minutes(2));
    assert!(!both.get("/account").await.has("switch-button"));
    let refused = listens().await;
    assert!(
        matches!(&refused, Err(Error::Refused(refusal)) if refusal.code() == Code::SignedOut),
        "{refused:?}"
    );
    // All but Eve's, which was used two minutes ago.
    clean_up::run(&t.platform).await.unwrap();
    assert_eq!(count!(t, "select count(*) from sessions"), 1);
    assert!(both.is_signed_in().await);
}
