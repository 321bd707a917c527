//! Who may promise which role, and what becomes of a promise when its maker may keep it no longer.

use super::{ADA, IDA, accept, boss, details, invite, invited, roles_of};
use crate::console::{appoint, make_role, staff};
use crate::house::{TestHouse, count, tamper};

const BOB: &str = "bob@example.com";

#[tokio::test]
async fn nobody_promises_what_they_don_t_hold() {
    let t = TestHouse::new().await;
    let sam = staff(&t, "Sam", "sam@example.com", "support").await;
    let mut page = sam.clone();
    let page = page.get("/admin/invitations/new").await;
    assert!(
        page.has("no-roles") && page.has("invite-button"),
        "{}",
        page.outline()
    );
    // Support may invite, and gives no roles.
    for role in ["support", "auditor", "administrator"] {
        let refused = invite(&sam, ADA, &[role]).await;
        assert_eq!(
            (refused.status, refused.faults()),
            (403, vec!["not-allowed".to_owned()]),
            "{role}"
        );
    }
    assert_eq!(
        invite(&sam, ADA, &["no-such-role"]).await.faults(),
        ["role-unknown"]
    );
    // Whoever may give roles gives what they hold.
    let id = make_role(&t, "Host", &["users:invite", "roles:assign", "users:read"]).await;
    let may = make_role(&t, "Reader", &["users:read"]).await;
    let mut hal = staff(&t, "Hal", "hal@example.com", &id).await;
    for role in ["administrator", "support"] {
        let refused = invite(&hal, ADA, &[&may, role]).await;
        assert_eq!(
            (refused.status, refused.faults()),
            (403, vec!["gives-more".to_owned()]),
            "{role}"
        );
    }
    assert_eq!(count!(t, "select count(*) from invitations"), 0);
    let page = hal.get("/admin/invitations/new").await;
    assert!(
        page.body.contains(&may) && page.body.contains(&id) && !page.body.contains("value=\"administrator\"")
    );
    assert_eq!(invite(&hal, ADA, &[&may, &may]).await.status, 200);
    t.mails_to(ADA).await;
    assert_eq!(count!(t, "select count(*) from invitation_roles"), 1);
    // Whoever lacks the permission does nothing at all.
    let eve = staff(&t, "Eve", "eve@example.com", "auditor").await;
    assert_eq!(invite(&eve, BOB, &[]).await.faults(), ["not-allowed"]);
    let nobody = t.member("Nan", "nan@example.com").await;
    assert_eq!(invite(&nobody, BOB, &[]).await.status, 403);
    assert_eq!(invite(&t.browser(), BOB, &[]).await.status, 401);
    assert_eq!(count!(t, "select count(*) from invitations"), 1);
}

/// What counts is what the inviter may do when it is accepted.
#[tokio::test]
async fn who_lost_the_right_meanwhile_gives_an_account_without_the_role() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    // Somebody stays who may do everything.
    boss(&t).await;
    let mut round = 0;
    for (what, query) in [
        (
            "lost the role",
            "delete from user_roles where user_id = (select id from users where email = $1)",
        ),
        (
            "locked",
            "update users set locked_at = created_at where email = $1",
        ),
        (
            "closed",
            "update users set deactivated_at = created_at where email = $1",
        ),
        (
            "leaving",
            "update users set erase_at = created_at where email = $1",
        ),
        ("gone", "delete from users where email = $1"),
    ] {
        round += 1;
        let (host, guest) = (
            format!("host{round}@example.com"),
            format!("guest{round}@example.com"),
        );
        let hal = staff(&t, "Hal", &host, "administrator").await;
        let link = invited(&t, &hal, &guest, &["auditor"]).await;
        assert!(t.browser().open(&link).await.has("invited-roles"));
        change(&t, query, &host).await;
        let page = t.browser().open(&link).await;
        assert!(!page.has("invited-roles"), "{what}: the page promises nothing");
        let by = if what == "gone" {
            "You are invited to Latchstring."
        } else {
            "Hal invites you to Latchstring."
        };
        assert_eq!(page.text("invited-by"), by);
        let mut ada = t.browser();
        let done = accept(&mut ada, &link).await;
        assert_eq!(done.location(), "/account", "{what}: {}", done.outline());
        assert_eq!(roles_of(&t, &guest).await, Vec::<String>::new(), "{what}");
        assert_eq!(ada.get("/admin").await.status, 403);
        t.mails_to(&guest).await;
        let detail = details(&t, "invitation.accepted").await.pop().unwrap();
        assert!(
            detail.contains(r#""roles_withheld":"auditor""#),
            "{what}: {detail}"
        );
    }
    assert_eq!(t.audited("role.given").await, 0);
}

/// While the door is open everybody comes in by themselves. Where it is shut, somebody who may invite must still stand behind the link.
#[tokio::test]
async fn no_link_of_who_may_invite_no_more_opens_a_shut_door() {
    let t = TestHouse::with(&[("RATE_LIMITS", "off")]).await;
    let mut ida = boss(&t).await;
    let changes = [
        "delete from user_roles where user_id = (select id from users where email = $1)",
        "update users set locked_at = created_at where email = $1",
        "delete from users where email = $1",
    ];
    for (rule, query) in ["closed", "invitation", "domains"].into_iter().zip(changes) {
        let node = t
            .second_node_with(&[
                ("RATE_LIMITS", "off"),
                ("SIGN_UP", rule),
                ("SIGN_UP_DOMAINS", "example.org"),
            ])
            .await;
        let (host, guest) = (format!("host.{rule}@example.com"), format!("{rule}@example.com"));
        let hal = staff(&t, "Hal", &host, "administrator").await;
        let link = invited(&t, &hal, &guest, &[]).await;
        let mut opened = node.script();
        assert!(opened.open(&link).await.has("accept-button"), "{rule}");
        change(&t, query, &host).await;
        let typed = [("name", "Ada"), ("password", crate::house::PASSWORD)];
        let refused = opened.submit("accept-button", &typed).await;
        assert_eq!(
            refused.faults(),
            ["link-invalid"],
            "{rule}: the form was open before"
        );
        let page = node.browser().open(&link).await;
        assert_eq!(page.heading(), "This invitation no longer holds", "{rule}");
        assert_eq!(
            count!(t, "select count(*) from users where email = $1", guest.as_str()),
            0
        );
        // Where the address could sign up by itself, the link is as good as that.
        assert!(t.browser().open(&link).await.has("accept-button"));
        // Whoever sends it again stands behind it.
        ida.get("/admin/invitations?state=waiting").await;
        ida.submit("resend-invitation-button", &[]).await;
        let link = t.link_for(&guest).await;
        let done = accept(&mut node.browser(), &link).await;
        assert_eq!(done.location(), "/account", "{rule}: {}", done.outline());
        t.mails_to(&guest).await;
    }
    // An address of a domain that may sign up needs nobody.
    let node = t
        .second_node_with(&[("SIGN_UP", "domains"), ("SIGN_UP_DOMAINS", "example.org")])
        .await;
    let hal = staff(&t, "Hal", "hal@example.com", "administrator").await;
    let link = invited(&t, &hal, "ada@example.org", &[]).await;
    change(&t, changes[1], "hal@example.com").await;
    assert!(node.browser().open(&link).await.has("accept-button"));
}

async fn change(t: &TestHouse, query: &str, email: &str) {
    match query {
        q if q.starts_with("delete from user_roles") => {
            tamper!(
                t,
                "delete from user_roles where user_id = (select id from users where email = $1)",
                email
            )
        }
        q if q.contains("locked_at") => tamper!(
            t,
            "update users set locked_at = created_at where email = $1",
            email
        ),
        q if q.contains("deactivated_at") => {
            tamper!(
                t,
                "update users set deactivated_at = created_at where email = $1",
                email
            )
        }
        q if q.contains("erase_at") => tamper!(
            t,
            "update users set erase_at = created_at where email = $1",
            email
        ),
        _ => tamper!(t, "delete from users where email = $1", email),
    };
}

/// Of several roles, those that may still be given are.
#[tokio::test]
async fn a_promise_is_kept_as_far_as_it_can_be() {
    let t = TestHouse::new().await;
    boss(&t).await;
    let host = make_role(&t, "Host", &["users:invite", "roles:assign"]).await;
    let reader = make_role(&t, "Reader", &["users:read"]).await;
    let gone = make_role(&t, "Gone", &["users:invite"]).await;
    let hal = staff(&t, "Hal", "hal@example.com", &host).await;
    appoint(&t, "hal@example.com", &reader).await;
    let link = invited(&t, &hal, ADA, &[&host, &reader, &gone]).await;
    tamper!(t, "delete from user_roles where role_id = $1", reader.as_str());
    tamper!(t, "delete from roles where id = $1", gone.as_str());
    accept(&mut t.browser(), &link).await;
    assert_eq!(roles_of(&t, ADA).await, std::slice::from_ref(&host));
    let detail = details(&t, "invitation.accepted").await.remove(0);
    assert!(
        detail.contains(&format!(r#""roles":"{host}""#))
            && detail.contains(&format!(r#""roles_withheld":"{reader}""#)),
        "{detail}"
    );
    t.mails_to(ADA).await;
}

/// Nobody gives roles to themselves, nor to who may do more, by an invitation either.
#[tokio::test]
async fn an_invitation_is_no_way_to_more_for_oneself_or_for_a_stronger_account() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let sent = invite(&ida, IDA, &["auditor"]).await;
    assert_eq!(sent.status, 200);
    assert_eq!(
        count!(t, "select count(*) from invitations"),
        0,
        "her own address"
    );
    // He moved to the address that he invited: it is his own by then.
    let host = make_role(&t, "Host", &["users:invite", "roles:assign", "users:read"]).await;
    let reader = make_role(&t, "Reader", &["users:read"]).await;
    let mut hal = staff(&t, "Hal", "hal@example.com", &host).await;
    let link = invited(&t, &hal, ADA, &[&reader]).await;
    tamper!(
        t,
        "update users set email = $1, email_key = $1 where email = 'hal@example.com'",
        ADA
    );
    let page = hal.open(&link).await;
    assert!(
        page.has("take-up-button") && !page.has("invited-roles"),
        "{}",
        page.outline()
    );
    hal.submit("take-up-button", &[]).await;
    assert_eq!(roles_of(&t, ADA).await, std::slice::from_ref(&host));
    // Who may do more gets nothing from who may do less.
    let mut kit = staff(&t, "Kit", "kit@example.com", &host).await;
    let link = invited(&t, &kit, IDA, &[&reader]).await;
    let mut ida = ida;
    ida.open(&link).await;
    ida.submit("take-up-button", &[]).await;
    assert_eq!(roles_of(&t, IDA).await, ["administrator"]);
    assert_eq!(kit.get("/admin/invitations").await.status, 200);
    assert_eq!(details(&t, "invitation.accepted").await.len(), 2);
}

/// The role goes with its inviter's name on it, and the audit says whom it came from.
#[tokio::test]
async fn the_audit_says_what_was_promised_and_what_was_given() {
    let t = TestHouse::new().await;
    let ida = boss(&t).await;
    let link = invited(&t, &ida, ADA, &["auditor", "support"]).await;
    accept(&mut t.browser(), &link).await;
    t.mails_to(ADA).await;
    let sent = details(&t, "invitation.sent").await.remove(0);
    let accepted = details(&t, "invitation.accepted").await.remove(0);
    assert_eq!(sent, accepted, "the same invitation, the same roles");
    assert!(sent.contains(r#""roles":"auditor support""#), "{sent}");
    assert!(
        !sent.contains(ADA),
        "an address is not for the audit: who invites nobody yet is erased with nothing"
    );
    let given = count!(
        t,
        "select count(*) from user_roles r join users i on i.id = r.granted_by join users u on u.id = r.user_id
         where i.email = $1 and u.email = $2",
        IDA,
        ADA
    );
    assert_eq!(given, 2);
    for detail in details(&t, "role.given").await {
        assert!(detail.contains("invitation"), "{detail}");
    }
}
