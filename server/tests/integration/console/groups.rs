//! `/admin/groups`.

use super::{appoint, make_role, staff};
use crate::house::{Browser, TestHouse, count, rows, tamper};

/// Where to, what, and why it is refused.
type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, &'a str);

const JOIN: &str = "/api/admin-join-group";
const LEAVE: &str = "/api/admin-leave-group";
const GIVE: &str = "/api/admin-give-group-role";
const TAKE: &str = "/api/admin-take-group-role";
const REMOVE: &str = "/api/admin-remove-group";

async fn boss(t: &TestHouse) -> Browser {
    staff(t, "Ida Rhodes", "ida@example.com", "administrator").await
}

/// Makes a group by the form; its id.
async fn make(browser: &mut Browser, name: &str) -> String {
    browser.get("/admin/groups").await;
    let made = browser.submit("make-group-button", &[("name", name)]).await;
    let location = made.location();
    let id = location
        .strip_prefix("/admin/groups/")
        .and_then(|rest| rest.strip_suffix("?done=made"));
    id.unwrap_or_else(|| panic!("{}", made.outline())).to_owned()
}

async fn id_of(t: &TestHouse, email: &str) -> String {
    rows!(t, (uuid::Uuid,), "select id from users where email = $1", email)[0]
        .0
        .to_string()
}

#[tokio::test]
async fn whoever_joins_a_group_has_its_roles_and_loses_them_with_it() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let mut bob = staff(&t, "Bob", "bob@example.com", "auditor").await;
    tamper!(t, "delete from user_roles where role_id = 'auditor'");
    tamper!(
        t,
        "update users set staff = false where email = 'bob@example.com'"
    );
    let id = make(&mut ida, "Front desk").await;
    ida.follow().await;
    assert_eq!(
        ida.submit("give-group-role-button", &[("role", "support")])
            .await
            .status,
        303
    );
    ida.follow().await;
    assert_eq!(bob.get("/admin/roles").await.status, 403);
    let added = ida
        .submit("join-group-button", &[("email", "Bob@example.com")])
        .await;
    assert_eq!(
        added.location(),
        format!("/admin/groups/{id}?done=changed"),
        "{}",
        added.outline()
    );
    let page = ida.follow().await;
    assert_eq!(page.texts("members").len(), 1);
    assert_eq!(bob.get("/admin/roles").await.status, 200);
    assert_eq!(count!(t, "select count(*) from users where staff"), 2);

    ida.submit("leave-group-button", &[]).await;
    assert_eq!(bob.get("/admin/roles").await.status, 403);
    ida.get(&format!("/admin/groups/{id}")).await;
    ida.submit("join-group-button", &[("email", "bob@example.com")])
        .await;
    ida.follow().await;
    ida.submit("take-group-role-button", &[]).await;
    assert_eq!(bob.get("/admin/roles").await.status, 403);
    assert_eq!(count!(t, "select count(*) from users where staff"), 1);
    let page = ida.get(&format!("/admin/groups/{id}")).await;
    assert!(page.body.contains("1 person loses what it gives, at once."));
    ida.submit("remove-group-button", &[("confirmation", "Front desk")])
        .await;
    assert_eq!(count!(t, "select count(*) from group_members"), 0);
    for (kind, times) in [
        ("group.made", 1),
        ("group.joined", 2),
        ("group.left", 1),
        ("group.role_given", 1),
        ("group.role_taken", 1),
        ("group.removed", 1),
    ] {
        assert_eq!(t.audited(kind).await, times, "{kind}");
    }
}

#[tokio::test]
async fn asvs_8_2_1_a_group_gives_nobody_more_than_its_giver_has() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let id = make(&mut ida, "Bosses").await;
    let rights = ["roles:read", "roles:write", "roles:assign", "users:read"];
    let role = make_role(&t, "Role giver", &rights).await;
    let eve = staff(&t, "Eve", "eve@example.com", &role).await.scripted();
    t.member("Bob", "bob@example.com").await;
    let bob = id_of(&t, "bob@example.com").await;
    let own = id_of(&t, "eve@example.com").await;
    let try_it = async |path: &str, fields: &[(&str, &str)]| eve.clone().post(path, fields).await.faults();
    assert_eq!(
        try_it(GIVE, &[("id", &id), ("role", "administrator")]).await,
        ["gives-more"]
    );
    ida.scripted()
        .post(GIVE, &[("id", &id), ("role", "administrator")])
        .await;
    assert_eq!(
        try_it(JOIN, &[("id", &id), ("email", "bob@example.com")]).await,
        ["gives-more"]
    );
    assert_eq!(
        try_it(JOIN, &[("id", &id), ("email", "eve@example.com")]).await,
        ["own-rights"]
    );
    assert_eq!(
        try_it(TAKE, &[("id", &id), ("role", "administrator")]).await,
        ["gives-more"]
    );
    assert_eq!(
        try_it(LEAVE, &[("id", &id), ("person", &bob)]).await,
        ["gives-more"]
    );
    assert_eq!(
        try_it(
            REMOVE,
            &[("id", &id), ("version", "1"), ("confirmation", "Bosses")]
        )
        .await,
        ["gives-more"]
    );
    // Nor themselves, through a group that they are in.
    let mine = make(&mut ida, "Mine").await;
    ida.scripted()
        .post(JOIN, &[("id", &mine), ("email", "eve@example.com")])
        .await;
    assert_eq!(
        try_it(GIVE, &[("id", &mine), ("role", &role)]).await,
        ["own-rights"]
    );
    assert_eq!(
        try_it(LEAVE, &[("id", &mine), ("person", &own)]).await,
        ["own-rights"]
    );
    assert_eq!(count!(t, "select count(*) from users where administrator"), 1);
}

#[tokio::test]
async fn the_last_administrator_stays_one_also_through_groups() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let mut bob = staff(&t, "Bob", "bob@example.com", "administrator").await;
    // Both are administrators by the group alone.
    let id = make(&mut bob, "Bosses").await;
    bob.scripted()
        .post(JOIN, &[("id", &id), ("email", "ida@example.com")])
        .await;
    bob.scripted()
        .post(GIVE, &[("id", &id), ("role", "administrator")])
        .await;
    tamper!(
        t,
        "delete from user_roles where user_id = (select id from users where email = 'ida@example.com')"
    );
    let person = id_of(&t, "ida@example.com").await;
    tamper!(
        t,
        "update users set locked_at = created_at where email = 'bob@example.com'"
    );
    tamper!(
        t,
        "update users set locked_at = null where email = 'bob@example.com'"
    );
    // Bob could: he stays himself.
    assert_eq!(
        bob.scripted()
            .post(LEAVE, &[("id", &id), ("person", &person)])
            .await
            .status,
        200
    );
    assert_eq!(count!(t, "select count(*) from users where administrator"), 1);
    // Ida is none any more, and Bob, who is the last, can't lose it through a group either.
    let mut late = ida.clone();
    assert_eq!(late.get("/admin/groups").await.status, 403);
    bob.scripted()
        .post(JOIN, &[("id", &id), ("email", "ida@example.com")])
        .await;
    tamper!(t, "delete from user_roles where role_id = 'administrator'");
    tamper!(
        t,
        "update users set administrator = false where email = 'bob@example.com'"
    );
    appoint(
        &t,
        "bob@example.com",
        &make_role(&t, "All but", &all_permissions()).await,
    )
    .await;
    for (path, fields) in [
        (LEAVE, vec![("id", id.as_str()), ("person", person.as_str())]),
        (TAKE, vec![("id", &id), ("role", "administrator")]),
        (
            REMOVE,
            vec![("id", &id), ("version", "1"), ("confirmation", "Bosses")],
        ),
    ] {
        let refused = bob.scripted().post(path, &fields).await;
        assert_eq!(refused.faults(), ["last-administrator"], "{path}");
    }
    assert_eq!(count!(t, "select count(*) from users where administrator"), 1);
}

fn all_permissions() -> Vec<&'static str> {
    domain::authorization::Permission::ALL
        .iter()
        .map(|permission| permission.as_str())
        .collect()
}

#[tokio::test]
async fn hostile_ids_and_addresses_change_nothing() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let id = make(&mut ida, "Front desk").await;
    let nobody = "00000000-0000-7000-8000-000000000000";
    let cases: [Case<'_>; 10] = [
        (JOIN, vec![], "email: required"),
        (
            JOIN,
            vec![("id", &id), ("email", "nobody@example.com")],
            "email: email-unknown",
        ),
        (
            JOIN,
            vec![("id", nobody), ("email", "ida@example.com")],
            "group-unknown",
        ),
        (
            JOIN,
            vec![("id", "1 or 1=1"), ("email", "ida@example.com")],
            "group-unknown",
        ),
        (LEAVE, vec![("id", nobody)], "group-unknown"),
        (GIVE, vec![("id", &id), ("role", "king")], "role-unknown"),
        (GIVE, vec![("id", nobody), ("role", "support")], "group-unknown"),
        (TAKE, vec![], "group-unknown"),
        (
            REMOVE,
            vec![("id", &id), ("version", "1"), ("confirmation", "front desk")],
            "confirmation: name-differs",
        ),
        (
            REMOVE,
            vec![("id", &id), ("version", "7"), ("confirmation", "Front desk")],
            "changed-meanwhile",
        ),
    ];
    for (path, fields, fault) in cases {
        let answer = ida.scripted().post(path, &fields).await;
        assert_eq!(answer.faults(), [fault], "{path} {fields:?}");
    }
    for path in [
        format!("/admin/groups/{nobody}"),
        "/admin/groups/x".into(),
        "/admin/groups/%00".into(),
    ] {
        assert_eq!(ida.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(count!(t, "select count(*) from people_groups"), 1);
}

#[tokio::test]
async fn many_members_are_shown_page_by_page() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let id = make(&mut ida, "Crowd").await;
    for n in 0..120 {
        let (user, email, now) = (
            t.platform.entropy.uuid_v7(t.clock.now()),
            format!("p{n:03}@example.com"),
            t.clock.now(),
        );
        tamper!(
            t,
            "insert into users (id, name, email, email_key, locale, created_at, updated_at) values ($1, 'Somebody', $2, $2, 'en', $3, $3)",
            user,
            email.as_str(),
            now
        );
        let group = uuid::Uuid::parse_str(&id).unwrap();
        tamper!(
            t,
            "insert into group_members (group_id, user_id, added_at) values ($1, $2, $3)",
            group,
            user,
            now
        );
    }
    let mut path = format!("/admin/groups/{id}");
    let mut seen = Vec::new();
    for _ in 0..3 {
        let page = ida.get(&path).await;
        seen.extend(
            (0..120)
                .map(|n| format!("p{n:03}@example.com"))
                .filter(|email| page.body.contains(email.as_str())),
        );
        let Some((_, rest)) = page.body.split_once("?after=") else {
            break;
        };
        path = format!("/admin/groups/{id}?after={}", rest.split('"').next().unwrap());
    }
    assert_eq!(seen.len(), 120);
    seen.dedup();
    assert_eq!(seen.len(), 120);
}
