//! Claims: what applications are told of people. Definitions, values of people and roles, and how they come together.

mod at_once;
mod bounds;
mod removal;
mod rights;

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

/// The fields of a form that sets a value of a person.
fn of_person<'a>(person: &'a str, claim: &'a str, was: &'a str, value: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("person", person),
        ("claim", claim),
        ("was", was),
        ("value", value),
    ]
}

/// The fields of a form that sets a value of a role.
fn of_role<'a>(role: &'a str, claim: &'a str, was: &'a str, value: &'a str) -> [(&'a str, &'a str); 4] {
    [("role", role), ("claim", claim), ("was", was), ("value", value)]
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
async fn a_claim_is_defined_and_described_and_the_audit_says_so() {
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

    assert_eq!(t.audited("claim.defined").await, 1);
    let defined = rows!(
        t,
        (String,),
        "select became from audit_events where kind = 'claim.defined'"
    );
    assert_eq!(defined[0].0, said("For a test."));
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
    // The older one comes first, whatever it is called.
    let first = make_role(&t, "zebra", &[]).await;
    t.clock.advance(chrono::Duration::seconds(1));
    let second = make_role(&t, "Ant", &[]).await;
    for role in [&first, &second] {
        appoint(&t, ADA, role).await;
    }
    let (person, ant, zebra) = (
        format!("/admin/users/{ada}"),
        format!("/admin/roles/{second}"),
        format!("/admin/roles/{first}"),
    );
    for (page, claim, value) in [
        (&zebra, "plan", "striped"),
        (&ant, "plan", "small"),
        (&zebra, "sites", "Oslo, North\nBonn"),
        (&person, "sites", "Rome\nOslo, North"),
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
        "striped",
        "From: role zebra. Does not count: role Ant.",
        // Each in a line of its own: an entry may hold commas.
        "BonnOslo, NorthRome",
        "From: the person, role zebra.",
        "Yes",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    set(&mut ida, &person, "plan", "gold").await;
    let shown = ida.get(&person).await.text("claims");
    assert!(
        shown.contains("gold") && shown.contains("Does not count: role zebra, role Ant."),
        "{shown}"
    );
    // Nothing typed takes it away.
    set(&mut ida, &person, "plan", "").await;
    assert!(ida.get(&person).await.text("claims").contains("striped"));
    // A new name decides nothing.
    tamper!(
        t,
        "update roles set name = 'aardvark', name_key = 'aardvark' where id = $1",
        second.as_str()
    );
    let shown = ida.get(&person).await.text("claims");
    assert!(
        shown.contains("From: role zebra. Does not count: role aardvark."),
        "{shown}"
    );
    tamper!(t, "delete from user_roles where user_id = $1", ada);
    let shown = ida.get(&person).await.text("claims");
    assert!(
        shown.contains("Oslo, NorthRome") && !shown.contains("striped") && !shown.contains("Bonn"),
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
    // So is who would change nothing.
    let mut other = ida.clone();
    other.get(&format!("{page}/claims?claim=plan")).await;
    set(&mut ida, &page, "plan", "gold").await;
    let late = other.submit("set-claim-button", &[]).await;
    assert!(!late.location().contains("done"), "{}", late.outline());
    assert!(other.follow().await.body.contains("Somebody else changed this"));
    set(&mut ida, &page, "plan", "").await;
    // Of sixty-four at once, one is first.
    let id = id_of(&t, ADA).await.to_string();
    let all = (0..64).map(|n| {
        let (mut browser, id) = (ida.scripted().moved(), id.clone());
        async move {
            let value = format!("n{n}");
            browser
                .post(PERSON, &of_person(&id, "plan", "", &value))
                .await
                .status
        }
    });
    let mut answers = futures_util::future::join_all(all).await;
    answers.sort_unstable();
    assert_eq!((answers[0], answers[1]), (200, 409), "{answers:?}");
    assert_eq!(stored(&t).await.len(), 1);
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
        ("team_", "text", "", "name: claim-name"),
        ("txn", "text", "", "name: claim-reserved"),
        ("fine", "text", long.as_str(), "description: too-long"),
        ("fine", "text", "a\u{0}b", "description: line-invalid"),
        ("fine", "text", "ad\u{200b}min", "description: line-invalid"),
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
        ("plan", "", "a\u{0}b", "value: claim-text"),
        ("plan", "", "ad\u{200b}min", "value: claim-text"),
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
        let fields = of_person(&ada, claim, was, value);
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
    // Nor does what is invisible, or no text for a database, get into what roles and groups are for.
    for path in ["/api/admin-save-role", "/api/admin-make-group"] {
        let fields = [("id", "new"), ("name", "Fine"), ("description", "a\u{0}b")];
        let answer = ida.scripted().post(path, &fields).await;
        assert_eq!(
            (answer.status, answer.faults()),
            (422, vec!["description: line-invalid".to_owned()]),
            "{path}"
        );
    }
    let odd = ida
        .scripted()
        .post(ROLE, &of_role("a\u{0}", "plan", "", "gold"))
        .await;
    assert_eq!((odd.status, odd.faults()), (404, vec!["role-unknown".to_owned()]));
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
