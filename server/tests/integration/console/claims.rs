//! Claims: what applications are told of people. Definitions, values of people and roles, and how they come together.

use domain::users::user::UserId;

use super::{appoint, make_role, staff};
use crate::house::{Browser, Page, TestHouse, count, rows, tamper};

const ADA: &str = "ada@example.com";
const MAKE: &str = "/api/admin-make-claim";
const PERSON: &str = "/api/admin-set-person-claim";
const ROLE: &str = "/api/admin-set-role-claim";

async fn boss(t: &TestHouse) -> Browser {
    staff(t, "Ida Rhodes", "ida@example.com", "administrator").await
}

async fn id_of(t: &TestHouse, email: &str) -> UserId {
    rows!(t, (UserId,), "select id from users where email = $1", email)[0].0
}

/// Defines a claim through the form.
async fn define(browser: &mut Browser, name: &str, kind: &str) -> Page {
    browser.get("/admin/claims").await;
    let fields = [("name", name), ("kind", kind), ("description", "For a test.")];
    let made = browser.submit("make-claim-button", &fields).await;
    assert_eq!(made.location(), "/admin/claims?done=made", "{}", made.outline());
    browser.follow().await
}

/// Sets a value through the form of a page: that of a person or a role.
async fn set(browser: &mut Browser, page: &str, claim: &str, value: &str) -> Page {
    let shown = browser.get(&format!("{page}/claims?claim={claim}")).await;
    assert_eq!(shown.status, 200, "{}", shown.outline());
    browser.submit("set-claim-button", &[("value", value)]).await
}

/// What is stored of people and roles: claim and value.
async fn stored(t: &TestHouse) -> Vec<(String, String)> {
    rows!(
        t,
        (String, String),
        "select claim, value from user_claims union all select claim, value from role_claims order by 1, 2"
    )
}

#[tokio::test]
async fn a_claim_is_defined_described_and_removed_and_the_audit_says_so() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    assert!(ida.get("/admin/claims").await.body.contains("No claims yet"));
    let page = define(&mut ida, "cost_center", "number").await;
    assert!(page.text("claims").contains("cost_center") && page.text("claims").contains("Whole number"));
    assert!(page.text("notice").contains("The claim is defined"));

    let mut other = ida.clone();
    ida.get("/admin/claims/cost_center").await;
    other.get("/admin/claims/cost_center").await;
    let changed = ida
        .submit("describe-claim-button", &[("description", "Who pays.")])
        .await;
    assert_eq!(changed.location(), "/admin/claims?done=changed");
    let late = other
        .submit("describe-claim-button", &[("description", "Mine.")])
        .await;
    assert_eq!(late.location(), "/admin/claims/cost_center");
    assert!(other.follow().await.body.contains("Somebody else changed this"));
    let was = rows!(
        t,
        (String, String),
        "select was, became from audit_events where kind = 'claim.described'"
    );
    let said = |text: &str| format!(r#"{{"description":"{text}"}}"#);
    assert_eq!(was, [(said("For a test."), said("Who pays."))]);

    // What is in use says in numbers what removing it does.
    t.member("Ada", ADA).await;
    let ada = id_of(&t, ADA).await;
    set(&mut ida, &format!("/admin/users/{ada}"), "cost_center", "12").await;
    set(&mut ida, "/admin/roles/support", "cost_center", "13").await;
    let page = ida.get("/admin/claims/cost_center").await;
    assert!(
        page.text("will-do")
            .contains("1 person and 1 role lose the value"),
        "{}",
        page.text("will-do")
    );
    let mistyped = ida
        .submit("remove-claim-button", &[("confirmation", "cost center")])
        .await;
    assert_eq!(mistyped.location(), "/admin/claims/cost_center");
    assert!(ida.follow().await.body.contains("Type the name exactly"));
    assert_eq!(stored(&t).await.len(), 2);
    let removed = ida
        .submit("remove-claim-button", &[("confirmation", "cost_center")])
        .await;
    assert_eq!(removed.location(), "/admin/claims?done=removed");
    assert!(stored(&t).await.is_empty());
    assert_eq!(count!(t, "select count(*) from claims"), 0);
    let detail = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = 'claim.removed'"
    );
    assert_eq!(
        detail[0].0,
        r#"{"claim":"cost_center","kind":"number","people":"1","roles":"1"}"#
    );
    // Once more, as after a double click.
    let gone = other
        .scripted()
        .post(
            "/api/admin-remove-claim",
            &[
                ("id", "cost_center"),
                ("version", "2"),
                ("confirmation", "cost_center"),
            ],
        )
        .await;
    assert_eq!(
        (gone.status, gone.faults()),
        (404, vec!["claim-unknown".to_owned()])
    );
    assert_eq!(t.audited("claim.removed").await, 1);
}

#[tokio::test]
async fn a_person_s_own_value_counts_before_those_of_roles_and_lists_are_united() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "plan", "text").await;
    define(&mut ida, "sites", "list").await;
    define(&mut ida, "beta", "boolean").await;
    t.member("Ada", ADA).await;
    let ada = id_of(&t, ADA).await;
    let (ant, zebra) = (make_role(&t, "Ant", &[]).await, make_role(&t, "zebra", &[]).await);
    for role in [&ant, &zebra] {
        appoint(&t, ADA, role).await;
    }
    let (person, ant, zebra) = (
        format!("/admin/users/{ada}"),
        format!("/admin/roles/{ant}"),
        format!("/admin/roles/{zebra}"),
    );
    for (page, claim, value) in [
        (&zebra, "plan", "striped"),
        (&ant, "plan", "small"),
        (&zebra, "sites", "Oslo\nBonn"),
        (&person, "sites", "Rome\nOslo"),
        (&zebra, "beta", "true"),
    ] {
        let done = set(&mut ida, page, claim, value).await;
        assert_eq!(
            done.location(),
            format!("{page}/claims?done=set"),
            "{}",
            done.outline()
        );
        assert!(ida.follow().await.text("notice").contains("Saved"));
    }
    let shown = ida.get(&person).await.text("claims");
    for part in [
        "small",
        "From: role Ant. Does not count: role zebra.",
        "Bonn, Oslo, Rome",
        "From: the person, role zebra.",
        "Yes",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    set(&mut ida, &person, "plan", "gold").await;
    let shown = ida.get(&person).await.text("claims");
    assert!(
        shown.contains("gold") && shown.contains("Does not count: role Ant, role zebra."),
        "{shown}"
    );
    // Nothing typed takes it away.
    set(&mut ida, &person, "plan", "").await;
    assert!(ida.get(&person).await.text("claims").contains("small"));
    tamper!(t, "delete from user_roles where user_id = $1", ada);
    let shown = ida.get(&person).await.text("claims");
    assert!(
        shown.contains("Oslo, Rome") && !shown.contains("small") && !shown.contains("Bonn"),
        "{shown}"
    );

    let noted = rows!(
        t,
        (Option<UserId>, Option<String>, Option<String>, String),
        "select subject_id, was, became, detail from audit_events where kind = 'claim.set_for_person' order by seq"
    );
    let value = |json: &str| Some(format!(r#"{{"claim_value":{json}}}"#));
    assert_eq!(noted.len(), 3);
    assert!(noted.iter().all(|(subject, ..)| *subject == Some(ada)));
    assert_eq!(noted[1].2, value(r#""\"gold\"""#));
    assert_eq!(
        (&noted[2].1, noted[2].3.as_str()),
        (&value(r#""\"gold\"""#), r#"{"claim":"plan"}"#)
    );
    assert_eq!(t.audited("claim.set_for_role").await, 4);
    t.mails_to(ADA).await;
}

#[tokio::test]
async fn of_two_who_set_one_value_the_second_is_told() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "plan", "text").await;
    t.member("Ada", ADA).await;
    let page = format!("/admin/users/{}", id_of(&t, ADA).await);
    for (first, second) in [("gold", "silver"), ("", "bronze")] {
        let mut other = ida.clone();
        ida.get(&format!("{page}/claims?claim=plan")).await;
        other.get(&format!("{page}/claims?claim=plan")).await;
        assert_eq!(
            ida.submit("set-claim-button", &[("value", first)])
                .await
                .location(),
            format!("{page}/claims?done=set")
        );
        let before = stored(&t).await;
        let late = other.submit("set-claim-button", &[("value", second)]).await;
        assert!(
            late.location().starts_with(&format!("{page}/claims")),
            "{}",
            late.outline()
        );
        assert!(other.follow().await.body.contains("Somebody else changed this"));
        assert_eq!(stored(&t).await, before);
    }
    // Of sixty-four at once, one is first.
    let id = id_of(&t, ADA).await.to_string();
    let all = (0..64).map(|n| {
        let (mut browser, id) = (ida.scripted().moved(), id.clone());
        async move {
            let value = format!("n{n}");
            let fields = [
                ("person", id.as_str()),
                ("claim", "plan"),
                ("was", ""),
                ("value", &value),
            ];
            browser.post(PERSON, &fields).await.status
        }
    });
    let mut answers = futures_util::future::join_all(all).await;
    answers.sort_unstable();
    assert_eq!((answers[0], answers[1]), (200, 409), "{answers:?}");
    assert_eq!(stored(&t).await.len(), 1);
}

#[tokio::test]
async fn asvs_8_2_2_nobody_sets_their_own_or_those_of_who_may_more_and_a_claim_gives_no_right() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "plan", "text").await;
    define(&mut ida, "level", "list").await;
    let (sam, idas) = (
        staff(&t, "Sam", "sam@example.com", "support").await,
        id_of(&t, "ida@example.com").await.to_string(),
    );
    let sams = id_of(&t, "sam@example.com").await.to_string();
    let fields = |person| {
        [
            ("person", person),
            ("claim", "plan"),
            ("was", ""),
            ("value", "gold"),
        ]
    };
    for (browser, person, fault) in [
        (&sam, sams.as_str(), "own-account"),
        (&ida, &idas, "own-account"),
        (&sam, &idas, "they-may-more"),
        (&ida, "", "person-unknown"),
        (&ida, "00000000-0000-7000-8000-000000000000", "person-unknown"),
    ] {
        assert_eq!(
            browser.scripted().post(PERSON, &fields(person)).await.faults(),
            [fault]
        );
    }
    // A role's by who may change roles, and holds all that it allows.
    let of_role = |role| [("role", role), ("claim", "plan"), ("was", ""), ("value", "gold")];
    let maker = make_role(&t, "Maker", &["roles:read", "roles:write"]).await;
    let eve = staff(&t, "Eve", "eve@example.com", &maker).await;
    assert_eq!(
        sam.scripted().post(ROLE, &of_role("support")).await.faults(),
        ["not-allowed"]
    );
    for role in ["support", "administrator"] {
        assert_eq!(
            eve.scripted().post(ROLE, &of_role(role)).await.faults(),
            ["gives-more"]
        );
        assert_eq!(
            eve.scripted()
                .get(&format!("/admin/roles/{role}/claims"))
                .await
                .status,
            403
        );
    }
    assert_eq!(
        eve.scripted().post(ROLE, &of_role("nobody")).await.faults(),
        ["role-unknown"]
    );
    assert_eq!(
        eve.scripted().post(PERSON, &fields(&sams)).await.faults(),
        ["not-allowed"]
    );
    assert!(stored(&t).await.is_empty());
    // Who may set it for people defines none.
    let made = [("name", "mine"), ("kind", "text")];
    assert_eq!(sam.scripted().post(MAKE, &made).await.faults(), ["not-allowed"]);

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
async fn hostile_fields_make_no_claim_and_set_no_value() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    define(&mut ida, "plan", "text").await;
    define(&mut ida, "seats", "number").await;
    define(&mut ida, "beta", "boolean").await;
    define(&mut ida, "sites", "list").await;
    t.member("Ada", ADA).await;
    let ada = id_of(&t, ADA).await.to_string();
    let long = "x".repeat(201);
    for (name, kind, description, faults) in [
        ("", "text", "", "name: required"),
        ("A", "text", "", "name: claim-name"),
        ("plan ' or 1=1", "text", "", "name: claim-name"),
        ("sub", "text", "", "name: claim-reserved"),
        ("zoneinfo", "text", "", "name: claim-reserved"),
        ("plan", "number", "", "name: name-taken"),
        ("fine", "text", long.as_str(), "description: too-long"),
        ("fine", "object", "", "malformed"),
        ("fine", "", "", "malformed"),
    ] {
        let answer = ida
            .scripted()
            .post(
                MAKE,
                &[("name", name), ("kind", kind), ("description", description)],
            )
            .await;
        assert_eq!(answer.faults(), [faults], "{name} {kind}");
    }
    assert_eq!(ida.scripted().post(MAKE, &[]).await.status, 422);
    for (claim, was, value, fault) in [
        ("plan", "", "two\nlines", "value: claim-text"),
        ("plan", "", &long, "value: claim-text"),
        ("seats", "", "1e9", "value: claim-number"),
        ("seats", "", "9007199254740992", "value: claim-number"),
        ("beta", "", "yes", "value: claim-boolean"),
        ("sites", "", &long, "value: claim-list"),
        ("nothing", "", "a", "claim-unknown"),
        ("", "", "a", "claim-unknown"),
        ("plan\u{0}", "", "a", "claim-unknown"),
        ("plan", "\"gold\"", "silver", "changed-meanwhile"),
        ("plan", "no json\u{0}", "silver", "changed-meanwhile"),
        ("plan", "17", "", "changed-meanwhile"),
        ("plan", "\"gold\"", "", "changed-meanwhile"),
    ] {
        let fields = [
            ("person", ada.as_str()),
            ("claim", claim),
            ("was", was),
            ("value", value),
        ];
        assert_eq!(
            ida.scripted().post(PERSON, &fields).await.faults(),
            [fault],
            "{claim} {value}"
        );
    }
    // Nothing for nothing changes nothing, and is said to nobody.
    let nothing = [("person", ada.as_str()), ("claim", "plan")];
    assert_eq!(ida.scripted().post(PERSON, &nothing).await.status, 200);
    assert!(stored(&t).await.is_empty());
    assert_eq!(t.audited("claim.set_for_person").await, 0);
    // What was typed is text.
    let markup = "<b>\"gold\"</b>{{x}}";
    set(&mut ida, &format!("/admin/users/{ada}"), "plan", markup).await;
    assert!(!ida.get(&format!("/admin/users/{ada}")).await.body.contains("<b>"));
    for path in [
        "/admin/claims/nothing",
        "/admin/claims/%00",
        "/admin/roles/nobody/claims",
        "/admin/users/nobody/claims",
    ] {
        assert_eq!(ida.get(path).await.status, 404, "{path}");
    }
    let odd = ida.get(&format!("/admin/users/{ada}/claims?claim=nothing")).await;
    assert_eq!(odd.status, 404);
}

#[tokio::test]
async fn there_are_at_most_fifty_and_a_change_wants_a_fresh_proof() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    for n in 0..49 {
        let (name, now) = (format!("claim_{n}"), t.clock.now());
        tamper!(
            t,
            "insert into claims (name, kind, created_at, updated_at) values ($1, 'text', $2, $2)",
            name,
            now
        );
    }
    define(&mut ida, "last", "text").await;
    let more = ida
        .scripted()
        .post(MAKE, &[("name", "too_many"), ("kind", "text")])
        .await;
    assert_eq!(more.faults(), ["claims-full"]);
    assert_eq!(count!(t, "select count(*) from claims"), 50);
    t.member("Ada", ADA).await;
    let page = format!("/admin/users/{}/claims?claim=last", id_of(&t, ADA).await);
    ida.get(&page).await;
    t.clock.advance(chrono::Duration::minutes(11));
    let late = ida.submit("set-claim-button", &[("value", "a")]).await;
    assert!(
        late.location().starts_with("/confirm?next="),
        "{}",
        late.outline()
    );
    assert!(ida.get(&page).await.location().starts_with("/confirm?next="));
    assert!(stored(&t).await.is_empty());
}
