//! Invitations: by everybody who may and may not invite, and accepted by everybody who may and may not accept.

mod accept;
mod address;
mod desk;
mod life;
mod rules;

use crate::console::staff;
use crate::house::{Browser, PASSWORD, Page, TestHouse, rows};

const IDA: &str = "ida@example.com";
const ADA: &str = "ada@example.com";
const EVE: &str = "eve@example.com";

/// An administrator, signed in with two factors just now.
async fn boss(t: &TestHouse) -> Browser {
    staff(t, "Ida Rhodes", IDA, "administrator").await
}

/// Sends the form that invites, as the page's own script does.
async fn invite(browser: &Browser, emails: &str, roles: &[&str]) -> Page {
    let mut fields = vec![("emails", emails), ("language", "en")];
    fields.extend(roles.iter().map(|role| ("roles[]", *role)));
    browser
        .scripted()
        .moved()
        .post("/api/admin-invite", &fields)
        .await
}

/// Invites somebody; the link of the mail.
async fn invited(t: &TestHouse, browser: &Browser, email: &str, roles: &[&str]) -> String {
    let sent = invite(browser, email, roles).await;
    assert_eq!(sent.status, 200, "{}", sent.outline());
    let link = t.link_for(email).await;
    assert!(link.contains("/invitation?token="), "{link}");
    link
}

/// Opens a link and makes an account by it; the answer is not followed.
async fn accept(browser: &mut Browser, link: &str) -> Page {
    browser.open(link).await;
    browser
        .submit(
            "accept-button",
            &[("name", "Ada Lovelace"), ("password", PASSWORD)],
        )
        .await
}

fn token_of(link: &str) -> &str {
    link.split_once("token=").unwrap().1
}

/// The id and the version of the only invitation.
async fn only(t: &TestHouse) -> (String, String) {
    let rows = rows!(
        t,
        (uuid::Uuid, i64),
        "select id, version from invitations order by id"
    );
    assert_eq!(rows.len(), 1);
    (rows[0].0.to_string(), rows[0].1.to_string())
}

/// Sends an invitation again, or revokes it, as it was seen.
async fn manage(browser: &Browser, what: &str, (id, version): &(String, String)) -> Page {
    let path = format!("/api/admin-{what}-invitation");
    browser
        .scripted()
        .moved()
        .post(&path, &[("id", id), ("version", version)])
        .await
}

/// The roles that somebody has by themselves.
async fn roles_of(t: &TestHouse, email: &str) -> Vec<String> {
    let rows = rows!(
        t,
        (String,),
        "select r.role_id from user_roles r join users u on u.id = r.user_id where u.email = $1 order by r.role_id",
        email
    );
    rows.into_iter().map(|(role,)| role).collect()
}

/// The details of every audit row of a kind, the oldest first.
async fn details(t: &TestHouse, kind: &str) -> Vec<String> {
    let rows = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = $1 order by seq",
        kind
    );
    rows.into_iter().map(|(detail,)| detail).collect()
}
