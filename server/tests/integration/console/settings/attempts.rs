//! How often one address may try: within bounds, at once, and on every server.

use std::sync::atomic::{AtomicUsize, Ordering};

use domain::platform::settings::refresh;

use super::{boss, change, changed};
use crate::house::{PASSWORD, TestHouse};

const ADA: &str = "ada@example.org";

/// How many wrong sign-ins from one address are looked at before one is refused.
async fn looked_at(program: &mut crate::house::Browser) -> usize {
    // Each at an account of its own, which has a limit too.
    static TRIES: AtomicUsize = AtomicUsize::new(0);
    program.get("/sign-in").await;
    for count in 0..200 {
        let email = format!("nobody{}@example.org", TRIES.fetch_add(1, Ordering::Relaxed));
        let fields = [("email", email.as_str()), ("password", "wrong wrong wrong")];
        if program.post("/api/sign-in", &fields).await.status == 429 {
            return count;
        }
    }
    200
}

#[tokio::test]
async fn a_wider_limit_holds_at_once_here_and_soon_on_the_other_server() {
    let t = TestHouse::new().await;
    let other = t.second_node().await;
    let mut ida = boss(&t).await;
    assert_eq!(looked_at(&mut t.script()).await, 10);
    changed(&mut ida, "attempts", &[("limits_sign_in", "13")]).await;
    assert!(
        ida.follow()
            .await
            .text("settings-attempts")
            .contains("Ida Rhodes")
    );
    assert_eq!(looked_at(&mut t.script()).await, 13);
    assert_eq!(looked_at(&mut t.script().on(&other)).await, 10);
    refresh(&other.platform).await.unwrap();
    assert_eq!(looked_at(&mut t.script().on(&other)).await, 13);
    // Undo is as quick, and counts what was let through before.
    let mut patient = t.script();
    assert_eq!(looked_at(&mut patient).await, 13);
    let undone = ida.submit("undo-limits-sign-in", &[]).await;
    assert_eq!(undone.location(), "/admin/settings?done=undone");
    assert_eq!(looked_at(&mut patient).await, 0);
    assert_eq!(looked_at(&mut t.script()).await, 10);
}

/// A wider limit by address is no way to guess one person's password: what is counted by account stays (ASVS 6.3.1).
#[tokio::test]
async fn asvs_6_3_1_no_setting_loosens_what_protects_one_account() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.member("Ada", ADA).await;
    changed(&mut ida, "attempts", &[("limits_sign_in", "100")]).await;
    let mut program = t.script();
    program.get("/sign-in").await;
    let wrong = [("email", ADA), ("password", "wrong wrong wrong")];
    let mut statuses = Vec::new();
    for _ in 0..7 {
        statuses.push(program.post("/api/sign-in", &wrong).await.status);
    }
    assert_eq!(statuses, [422, 422, 422, 422, 422, 429, 429]);
    // Nor does it help to use the right one before the wait is over.
    let right = [("email", ADA), ("password", PASSWORD)];
    assert_eq!(program.post("/api/sign-in", &right).await.status, 429);
}

#[tokio::test]
async fn nobody_switches_a_limit_off() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    for (field, wrong) in [
        ("limits_sign_in", "0"),
        ("limits_sign_in", "4"),
        ("limits_sign_in", "101"),
        ("limits_sign_in", "999999999999999999999"),
        ("limits_sign_in", ""),
        ("limits_sign_up", "31"),
        ("limits_reset", "2"),
        ("limits_recover", "51"),
        ("limits_code", "9"),
        ("limits_passkey", "-1"),
        ("limits_unsafe", "59"),
    ] {
        let refused = change(&mut ida.scripted(), "attempts", &[(field, wrong)]).await;
        assert_eq!(
            (refused.status, refused.faults()),
            (422, vec![format!("{field}: number-invalid")]),
            "{wrong:?}"
        );
    }
    assert_eq!(t.platform.settings().version, 0);
    // The floors let a person through who mistypes, and the page itself goes on working.
    let floors = [
        ("limits_sign_in", "5"),
        ("limits_sign_up", "3"),
        ("limits_reset", "3"),
        ("limits_recover", "3"),
        ("limits_code", "10"),
        ("limits_passkey", "20"),
        ("limits_unsafe", "60"),
    ];
    changed(&mut ida, "attempts", &floors).await;
    assert_eq!(looked_at(&mut t.script()).await, 5);
    ida.follow().await;
    assert_eq!(
        ida.submit("undo-limits-unsafe", &[]).await.location(),
        "/admin/settings?done=undone"
    );
}
