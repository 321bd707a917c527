//! `/admin/roles`.

use super::{appoint, make_role, staff};
use crate::house::{Browser, Page, TestHouse, rows};

/// What is sent, and the status and the reasons of the answer.
type Case<'a> = (&'a [(&'a str, &'a str)], u16, &'a [&'a str]);

const SAVE: &str = "/api/admin-save-role";
const REMOVE: &str = "/api/admin-remove-role";

async fn boss(t: &TestHouse) -> Browser {
    staff(t, "Ida Rhodes", "ida@example.com", "administrator").await
}

/// Types a role into the form, looks at what it will do, and saves it.
async fn save(browser: &mut Browser, id: &str, fields: &[(&str, &str)]) -> Page {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let page = browser.get(&format!("/admin/roles/{id}?review=1&{query}")).await;
    assert_eq!(page.status, 200, "{}", page.outline());
    browser.submit("save-role-button", &[]).await
}

#[tokio::test]
async fn a_role_is_made_changed_and_removed_and_the_audit_says_what_it_was() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let fields = [
        ("name", "Night shift"),
        ("description", "Looks after people at night."),
        ("permissions[]", "users:read"),
        ("permissions[]", "sessions:end"),
    ];
    let made = save(&mut ida, "new", &fields).await;
    assert_eq!(made.location(), "/admin/roles?done=made");
    let page = ida.follow().await;
    assert!(page.body.contains("Night shift") && page.body.contains("2 permissions"));
    let (id,) = rows!(t, (String,), "select id from roles where name = 'Night shift'").remove(0);

    let changed = save(
        &mut ida,
        &id,
        &[("name", "Night shift"), ("permissions[]", "users:read")],
    )
    .await;
    assert_eq!(
        changed.location(),
        "/admin/roles?done=changed",
        "{}",
        changed.outline()
    );
    let (was, became) = rows!(
        t,
        (String, String),
        "select was, became from audit_events where kind = 'role.changed'"
    )
    .remove(0);
    assert_eq!(was, r#"{"permissions":"users:read sessions:end"}"#);
    assert_eq!(became, r#"{"permissions":"users:read"}"#);

    ida.get(&format!("/admin/roles/{id}")).await;
    let typed = ida
        .submit("remove-role-button", &[("confirmation", "night shift")])
        .await;
    assert_eq!(typed.location(), format!("/admin/roles/{id}"));
    assert!(ida.follow().await.body.contains("Type the name exactly"));
    let removed = ida
        .submit("remove-role-button", &[("confirmation", "Night shift")])
        .await;
    assert_eq!(
        removed.location(),
        "/admin/roles?done=removed",
        "{}",
        removed.outline()
    );
    assert_eq!(t.audited("role.made").await, 1);
    assert_eq!(t.audited("role.removed").await, 1);
    assert_eq!(rows!(t, (i64,), "select count(*) from role_permissions")[0].0, 0);
}

#[tokio::test]
async fn what_it_will_do_is_said_in_numbers_before() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let id = make_role(&t, "Night shift", &["users:read"]).await;
    for n in 0..2 {
        let email = format!("night{n}@example.com");
        t.member("Night Owl", &email).await;
        appoint(&t, &email, &id).await;
    }
    let page = ida
        .get(&format!(
            "/admin/roles/{id}?review=1&name=Night+shift&permissions[]=audit:read"
        ))
        .await;
    assert!(page.body.contains("2 people may from now on:"), "{}", page.body);
    assert!(page.body.contains("2 people may no longer, through this role:"));
    // Looking changes nothing.
    let held = rows!(t, (String,), "select permission from role_permissions");
    assert_eq!(held, [("users:read".to_owned(),)]);
    let page = ida.get(&format!("/admin/roles/{id}")).await;
    assert!(page.body.contains("2 people lose what it allows, at once."));
}

#[tokio::test]
async fn of_two_who_change_one_role_the_second_is_told() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let id = make_role(&t, "Night shift", &["users:read"]).await;
    let review = format!("/admin/roles/{id}?review=1&name=Night+shift&permissions[]=");
    let mut other = ida.clone();
    ida.get(&format!("{review}jobs:read")).await;
    other.get(&format!("{review}audit:read")).await;
    assert_eq!(
        ida.submit("save-role-button", &[]).await.location(),
        "/admin/roles?done=changed"
    );
    let late = other.submit("save-role-button", &[]).await;
    assert!(late.location().starts_with(&format!("/admin/roles/{id}")));
    assert!(other.follow().await.body.contains("Somebody else changed this"));
    let held = rows!(t, (String,), "select permission from role_permissions");
    assert_eq!(held, [("jobs:read".to_owned(),)]);
}

#[tokio::test]
async fn asvs_8_2_1_nobody_gives_what_they_do_not_hold() {
    let t = TestHouse::new().await;
    let id = make_role(&t, "Role maker", &["roles:read", "roles:write", "users:read"]).await;
    let maker = staff(&t, "Eve Maker", "eve@example.com", &id).await;
    let fields = |permission| [("id", "new"), ("name", "Mine"), ("permissions[]", permission)];
    let refused = maker.scripted().post(SAVE, &fields("users:delete")).await;
    assert_eq!(
        (refused.status, refused.faults()),
        (403, vec!["gives-more".to_owned()])
    );
    // Not by changing one that exists, to more or to less than they hold.
    let stronger = make_role(&t, "Stronger", &["users:delete", "users:read"]).await;
    for permissions in [&["users:read"][..], &["users:delete", "users:read", "jobs:write"]] {
        let mut fields = vec![("id", stronger.as_str()), ("version", "1"), ("name", "Stronger")];
        fields.extend(
            permissions
                .iter()
                .map(|permission| ("permissions[]", *permission)),
        );
        let refused = maker.scripted().post(SAVE, &fields).await;
        assert_eq!(refused.faults(), ["gives-more"]);
    }
    let removal = [
        ("id", stronger.as_str()),
        ("version", "1"),
        ("confirmation", "Stronger"),
    ];
    assert_eq!(
        maker.scripted().post(REMOVE, &removal).await.faults(),
        ["gives-more"]
    );
    // Not even to themselves, by the role that they have.
    let own = [
        ("id", id.as_str()),
        ("version", "1"),
        ("name", "Role maker"),
        ("permissions[]", "users:delete"),
    ];
    assert_eq!(maker.scripted().post(SAVE, &own).await.faults(), ["gives-more"]);
    assert_eq!(
        maker.scripted().post(SAVE, &fields("users:read")).await.status,
        200
    );
}

#[tokio::test]
async fn what_comes_with_the_program_stays() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    for id in ["administrator", "support", "auditor"] {
        let fields = [("id", id), ("version", "1"), ("name", "Mine now")];
        assert_eq!(
            ida.scripted().post(SAVE, &fields).await.faults(),
            ["role-built-in"]
        );
        let fields = [("id", id), ("version", "1"), ("confirmation", id)];
        assert_eq!(
            ida.scripted().post(REMOVE, &fields).await.faults(),
            ["role-built-in"]
        );
    }
    assert_eq!(rows!(t, (i64,), "select count(*) from roles")[0].0, 3);
}

#[tokio::test]
async fn hostile_fields_make_no_role() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let long = "x".repeat(201);
    let cases: [Case<'_>; 10] = [
        (&[], 422, &["name: required"]),
        (&[("id", "new")], 422, &["name: required"]),
        (&[("name", "a")], 404, &["role-unknown"]),
        (
            &[("id", "new"), ("name", "a"), ("permissions[]", "users:*")],
            400,
            &["malformed"],
        ),
        (
            &[("id", "new"), ("name", "a"), ("permissions[]", "")],
            400,
            &["malformed"],
        ),
        (
            &[("id", "new"), ("name", "a"), ("description", &long)],
            422,
            &["description: too-long"],
        ),
        (&[("id", "new"), ("name", "SUPPORT")], 422, &["name: name-taken"]),
        (&[("id", "' or 1=1 --"), ("name", "a")], 404, &["role-unknown"]),
        (
            &[("id", "new"), ("name", "a"), ("version", "no number")],
            400,
            &["malformed"],
        ),
        (
            &[("id", "new"), ("name", "https://evil.example")],
            422,
            &["name: name-invalid"],
        ),
    ];
    for (fields, status, faults) in cases {
        let answer = ida.scripted().post(SAVE, fields).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (status, faults.iter().map(ToString::to_string).collect()),
            "{fields:?}"
        );
    }
    assert_eq!(rows!(t, (i64,), "select count(*) from roles")[0].0, 3);
}

#[tokio::test]
async fn a_change_wants_a_fresh_proof() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    ida.get("/admin/roles/new?review=1&name=Night+shift").await;
    t.clock.advance(chrono::Duration::minutes(11));
    let late = ida.submit("save-role-button", &[]).await;
    assert!(
        late.location().starts_with("/confirm?next="),
        "{}",
        late.outline()
    );
    assert_eq!(rows!(t, (i64,), "select count(*) from roles")[0].0, 3);
}

#[tokio::test]
async fn of_sixty_four_with_one_name_one_role_is_made() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await.scripted();
    let all = (0..64).map(|_| {
        let mut browser = ida.clone();
        async move {
            browser
                .post(SAVE, &[("id", "new"), ("name", "Night shift")])
                .await
                .status
        }
    });
    let mut answers = futures_util::future::join_all(all).await;
    answers.sort_unstable();
    assert_eq!(answers[0], 200);
    assert!(answers[1..].iter().all(|status| *status == 422), "{answers:?}");
}
