//! Who may define claims and set values: whoever holds `claims:write`, of people and roles that they may change.

use super::{ADA, MAKE, PERSON, ROLE, boss, define, id_of, of_person, of_role, set, stored};
use crate::console::{make_role, staff};
use crate::house::{Browser, TestHouse, count, tamper};

const REMOVE: &str = "/api/admin-remove-claim";

/// Puts somebody into a group that has a role, past all forms.
async fn by_group(t: &TestHouse, email: &str, role: &str) {
    let (id, now) = (t.platform.entropy.uuid_v7(t.clock.now()), t.clock.now());
    tamper!(
        t,
        "insert into people_groups (id, name, name_key, created_at, updated_at) values ($1, 'Desk', 'desk', $2, $2)",
        id,
        now
    );
    tamper!(
        t,
        "insert into group_roles (group_id, role_id) values ($1, $2)",
        id,
        role
    );
    tamper!(
        t,
        "insert into group_members (group_id, user_id, added_at) select $1, id, $2 from users where email = $3",
        id,
        now,
        email
    );
}

/// Why it was refused; nothing: it was done.
async fn faults(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Vec<String> {
    let answer = browser.scripted().post(path, fields).await;
    if answer.status == 200 {
        Vec::new()
    } else {
        answer.faults()
    }
}

/// Removes a claim as the page of an administrator shows it.
async fn removes(ida: &mut Browser, browser: &Browser, claim: &str) -> Vec<String> {
    let page = ida.get(&format!("/admin/claims/{claim}")).await;
    let (version, lost) = (page.value("version"), page.value("lost"));
    let fields = [
        ("id", claim),
        ("version", version.as_str()),
        ("lost", lost.as_str()),
        ("confirmation", claim),
    ];
    faults(browser, REMOVE, &fields).await
}

#[tokio::test]
async fn asvs_8_2_1_support_gives_nobody_a_claim() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "plan", "text").await;
    let mut sam = staff(&t, "Sam", "sam@example.com", "support").await;
    t.member("Ada", ADA).await;
    let ada = id_of(&t, ADA).await.to_string();
    assert_eq!(
        faults(&sam, PERSON, &of_person(&ada, "plan", "", "gold")).await,
        ["not-allowed"]
    );
    assert_eq!(
        faults(&sam, ROLE, &of_role("support", "plan", "", "gold")).await,
        ["not-allowed"]
    );
    assert_eq!(
        faults(&sam, MAKE, &[("name", "mine"), ("kind", "text")]).await,
        ["not-allowed"]
    );
    let page = sam.get(&format!("/admin/users/{ada}")).await;
    assert!(page.body.contains("No value so far") && !page.has("claims-link"));
    assert_eq!(sam.get(&format!("/admin/users/{ada}/claims")).await.status, 403);
    assert!(stored(&t).await.is_empty());
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn asvs_8_2_1_the_permission_alone_sets_no_value() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    t.member("Ada", ADA).await;
    let ada = id_of(&t, ADA).await.to_string();
    // Where nothing is defined, the way there is for who may go it.
    let early = make_role(&t, "Early", &["claims:write", "users:write"]).await;
    let early = staff(&t, "Eve", "early@example.com", &early).await;
    for (browser, may) in [(&early, false), (&ida, true)] {
        let page = browser.clone().get(&format!("/admin/users/{ada}/claims")).await;
        assert!(page.body.contains("No claims yet"), "{}", page.outline());
        assert_eq!(page.body.contains("Define one first"), may);
    }
    define(&mut ida, "plan", "text").await;
    let clerk = make_role(&t, "Clerk", &[]).await;
    let (person, role) = (
        of_person(&ada, "plan", "", "gold"),
        of_role(&clerk, "plan", "", "gold"),
    );
    for (name, more, for_person, for_role) in [
        ("a", &[][..], Some("not-allowed"), Some("not-allowed")),
        ("b", &["users:write"], None, Some("not-allowed")),
        ("c", &["roles:write"], Some("not-allowed"), None),
    ] {
        tamper!(t, "delete from user_claims");
        tamper!(t, "delete from role_claims");
        let permissions = [&["claims:write"], more].concat();
        let held = make_role(&t, name, &permissions).await;
        let eve = staff(&t, "Eve", &format!("{name}@example.com"), &held).await;
        let expected = |fault: Option<&str>| fault.map(str::to_owned).into_iter().collect::<Vec<_>>();
        assert_eq!(
            faults(&eve, PERSON, &person).await,
            expected(for_person),
            "{name}"
        );
        assert_eq!(faults(&eve, ROLE, &role).await, expected(for_role), "{name}");
        let status = |fault: Option<&str>| if fault.is_some() { 403 } else { 200 };
        let mut pages = eve.clone();
        let page = pages.get(&format!("/admin/users/{ada}/claims")).await;
        assert_eq!(page.status, status(for_person), "{name}");
        let page = pages.get(&format!("/admin/roles/{clerk}/claims")).await;
        assert_eq!(page.status, status(for_role), "{name}");
    }
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn asvs_8_2_2_nobody_sets_their_own_or_those_of_who_may_more_and_a_claim_gives_no_right() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "plan", "text").await;
    define(&mut ida, "level", "list").await;
    let clerks = make_role(&t, "Clerks", &["users:read", "users:write", "claims:write"]).await;
    let sam = staff(&t, "Sam", "sam@example.com", &clerks).await;
    let idas = id_of(&t, "ida@example.com").await.to_string();
    let sams = id_of(&t, "sam@example.com").await.to_string();
    for (browser, person, fault) in [
        (&sam, sams.as_str(), "own-account"),
        (&ida, &idas, "own-account"),
        (&sam, &idas, "they-may-more"),
        (&ida, "", "person-unknown"),
        (&ida, "00000000-0000-7000-8000-000000000000", "person-unknown"),
    ] {
        assert_eq!(
            faults(browser, PERSON, &of_person(person, "plan", "", "gold")).await,
            [fault]
        );
    }
    assert!(stored(&t).await.is_empty());

    // Whatever it is called and holds, it allows nothing.
    t.member("Ada", ADA).await;
    let ada = id_of(&t, ADA).await;
    let value = "administrator\nusers:read\nroles:assign";
    set(&mut ida, &format!("/admin/users/{ada}"), "level", value).await;
    let page = t.browser().sign_in(ADA, crate::house::PASSWORD).await;
    assert_eq!(page.location(), "/account");
    assert_eq!(
        count!(t, "select count(*) from users where staff and email = $1", ADA),
        0
    );
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn asvs_8_2_2_nobody_sets_a_value_of_a_role_that_they_have_or_that_allows_more() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "plan", "text").await;
    let rights = ["roles:read", "roles:write", "claims:write"];
    let maker = make_role(&t, "Maker", &rights).await;
    let desk = make_role(&t, "Desk", &["roles:read"]).await;
    let other = make_role(&t, "Other", &["roles:read"]).await;
    let mut eve = staff(&t, "Eve", "eve@example.com", &maker).await;
    by_group(&t, "eve@example.com", &desk).await;
    for (role, fault) in [
        (maker.as_str(), "own-rights"),
        (&desk, "own-rights"),
        ("support", "gives-more"),
        ("administrator", "gives-more"),
        ("nobody", "role-unknown"),
        ("", "role-unknown"),
    ] {
        assert_eq!(
            faults(&eve, ROLE, &of_role(role, "plan", "", "gold")).await,
            [fault],
            "{role}"
        );
        if !role.is_empty() {
            let status = if role == "nobody" { 404 } else { 403 };
            let path = format!("/admin/roles/{role}/claims");
            assert_eq!(eve.get(&path).await.status, status, "{role}");
        }
    }
    assert!(!eve.get(&format!("/admin/roles/{maker}")).await.has("claims-link"));
    assert!(eve.get(&format!("/admin/roles/{other}")).await.has("claims-link"));
    assert!(stored(&t).await.is_empty());
    assert!(
        faults(&eve, ROLE, &of_role(&other, "plan", "", "gold"))
            .await
            .is_empty()
    );
    // Who holds everything sets those of the role of administrators.
    assert!(
        faults(&ida, ROLE, &of_role("administrator", "plan", "", "gold"))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn asvs_8_2_1_who_removes_a_claim_must_be_able_to_set_what_is_lost() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let maker = make_role(&t, "Maker", &["roles:read", "roles:write", "claims:write"]).await;
    let eve = staff(&t, "Eve", "eve@example.com", &maker).await;
    t.member("Ada", ADA).await;
    let ada = format!("/admin/users/{}", id_of(&t, ADA).await);
    for (claim, page, fault) in [
        ("of_own", format!("/admin/roles/{maker}"), "own-rights"),
        ("of_auditor", "/admin/roles/auditor".to_owned(), "gives-more"),
        ("of_ada", ada, "not-allowed"),
    ] {
        define(&mut ida, claim, "text").await;
        set(&mut ida, &page, claim, "gold").await;
        assert_eq!(removes(&mut ida, &eve, claim).await, [fault], "{claim}");
    }
    assert_eq!(stored(&t).await.len(), 3);
    define(&mut ida, "of_nobody", "text").await;
    assert!(removes(&mut ida, &eve, "of_nobody").await.is_empty());
    let theirs = ida.clone();
    assert!(removes(&mut ida, &theirs, "of_own").await.is_empty());
    assert_eq!(stored(&t).await.len(), 2);
    t.mails_to(ADA).await;
}
