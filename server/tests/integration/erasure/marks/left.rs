//! What somebody leaves behind in tables that hardly any page shows.

use uuid::Uuid;

use super::{AGENT, EMAIL, NAME};
use crate::house::{TestHouse, tamper};

/// What a second factor leaves behind. Behind the server's back, and used up, so that nobody is asked for it.
async fn second_factors(t: &TestHouse, id: Uuid) {
    let now = t.clock.now();
    let new_id = || t.platform.entropy.uuid_v7(now);
    let later = now + chrono::Duration::days(20);
    tamper!(t, "insert into sign_ins (id, token_hash, user_id, proven, remember, beside, is_first, created_at, expires_at, ended_at)
        values ($1, $2, $3, 'pwd', false, false, false, $4, $5, $4)", new_id(), vec![4_u8; 32], id, now, later);
    tamper!(
        t,
        "insert into totp_enrolments (holder_id, id, user_id, sealed, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        new_id(),
        new_id(),
        id,
        vec![5_u8; 60],
        now,
        later
    );
    tamper!(
        t,
        "insert into mail_codes (holder_id, user_id, code_mac, created_at, expires_at) values ($1, $2, $3, $4, $5)",
        new_id(),
        id,
        vec![6_u8; 36],
        now,
        later
    );
    tamper!(
        t,
        "insert into phone_enrolments (holder_id, id, user_id, sealed, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        new_id(),
        new_id(),
        id,
        sealed_number(t, id),
        now,
        later
    );
    tamper!(
        t,
        "insert into recovery_codes (id, user_id, phc, pepper_id, created_at) values ($1, $2, 'x', $3, $4)",
        new_id(),
        id,
        vec![7_u8; 4],
        now
    );
    tamper!(
        t,
        "insert into factor_failures (user_id, factor, failures, last_failed_at) values ($1, 'totp', 3, $2)",
        id,
        now
    );
    tamper!(t, "insert into trusted_devices (id, user_id, token_hash, user_agent, created_at, last_used_at, expires_at)
        values ($1, $2, $3, $4, $5, $5, $6)", new_id(), id, vec![8_u8; 32], AGENT, now, later);
}

/// A telephone number as the server keeps it.
fn sealed_number(t: &TestHouse, id: Uuid) -> Vec<u8> {
    let purpose = format!("phone number {}", id.simple());
    t.platform
        .keys
        .seal(&purpose, b"+447400123456", &t.platform.entropy)
        .unwrap()
}

/// What would make the account ask for more: put there when nobody signs in any more.
pub(super) async fn asked_for_more(t: &TestHouse, id: Uuid) {
    let now = t.clock.now();
    let totp = t.platform.entropy.uuid_v7(now);
    tamper!(
        t,
        "insert into totps (id, user_id, sealed, last_step, created_at) values ($1, $2, $3, 1, $4)",
        totp,
        id,
        vec![9_u8; 60],
        now
    );
    tamper!(
        t,
        "insert into phones (user_id, id, sealed, created_at) values ($1, $1, $2, $3)",
        id,
        sealed_number(t, id),
        now
    );
    tamper!(
        t,
        "insert into mail_factors (user_id, created_at) values ($1, $2)",
        id,
        now
    );
    let passkey = t.platform.entropy.uuid_v7(now);
    tamper!(t, "insert into passkeys (id, user_id, credential_id, public_key, name, aaguid, transports, verifies, backup_eligible,
            backed_up, sign_count, created_at) values ($1, $2, $3, '{}', $4, $1, '[]', true, false, false, 0, $5)",
        passkey, id, vec![10_u8; 32], NAME, now);
    tamper!(
        t,
        "insert into passkey_challenges (challenge_hash, purpose, browser_hash, holder_id, user_id, state, created_at, expires_at)
         values ($1, 'add', $1, $2, $3, '{}', $4, $5)",
        vec![11_u8; 32],
        passkey,
        id,
        now,
        now + chrono::Duration::days(20)
    );
    // Asking for the account to be erased ended what there was.
    second_factors(t, id).await;
    written_down(t, id).await;
    invited(t, id).await;
}

/// Invitations to the person, one that they accepted, one that they wrote, and what became of the addresses of a form.
async fn invited(t: &TestHouse, id: Uuid) {
    let now = t.clock.now();
    for (number, email, by, accepted_by) in [
        (30_u128, EMAIL, None, None),
        (31, "somebody@example.org", Some(id), None),
        (32, "before@example.org", None, Some(id)),
    ] {
        tamper!(
            t,
            "insert into invitations (id, email, email_key, token_hash, locale, invited_by, sent_by, created_at, sent_at,
                expires_at, accepted_by)
             values ($1, $2, $3, $4, 'en', $5, $5, $6, $6, $7, $8)",
            Uuid::from_u128(number),
            email,
            email.to_lowercase(),
            number.to_be_bytes().repeat(2),
            by,
            now,
            now + chrono::Duration::days(90),
            accepted_by
        );
    }
    for (number, author) in [(33_u128, EMAIL), (34, "ada@example.com")] {
        let lines = format!(r#"[{{"text":"{EMAIL}","outcome":"invited"}}]"#);
        tamper!(
            t,
            "insert into invitation_reports (id, author_id, lines, created_at) select $1, id, $2, $3 from users where email = $4",
            Uuid::from_u128(number),
            lines,
            now + chrono::Duration::days(90),
            author
        );
    }
}

/// What operators wrote down about the person, and what the person wrote down as one.
async fn written_down(t: &TestHouse, id: Uuid) {
    let now = t.clock.now();
    for (note, about, author) in [(20_u128, id, None), (21, id, Some(id))] {
        tamper!(
            t,
            "insert into person_notes (id, user_id, author_id, body, created_at) values ($1, $2, $3, $4, $5)",
            Uuid::from_u128(note),
            about,
            author,
            NAME,
            now
        );
    }
    tamper!(
        t,
        "insert into person_notes (id, user_id, author_id, body, created_at)
         select $1, id, $2, 'Called.', $3 from users where email = 'ada@example.com'",
        Uuid::from_u128(22),
        id,
        now
    );
    // That they were brought in, and that the same address was brought once more.
    tamper!(
        t,
        "insert into imports (id, file_name, state, created_at, changed_at, expires_at) values ($1, 'people.csv', 'done', $2, $2, $3)",
        Uuid::from_u128(23),
        now,
        now + chrono::Duration::days(90)
    );
    for (number, user) in [(1_i64, Some(id)), (2, None)] {
        tamper!(
            t,
            "insert into import_rows (import_id, number, line, email, email_key, outcome, has_password, user_id)
             values ($1, $2, 1, $3, $4, 'made', false, $5)",
            Uuid::from_u128(23),
            number,
            EMAIL,
            EMAIL.to_lowercase(),
            user
        );
    }
    for (look, whom, by) in [(23_u128, id, "ada@example.com"), (24, id, EMAIL)] {
        tamper!(
            t,
            "insert into viewings (id, operator_id, user_id, reason, began_at, expires_at)
             select $1, id, $2, $3, $4, $5 from users where email = $6",
            Uuid::from_u128(look),
            whom,
            NAME,
            now,
            now + chrono::Duration::days(90),
            by
        );
    }
    tamper!(
        t,
        "insert into claims (name, kind, created_at, updated_at) values ('called', 'text', $1, $1)",
        now
    );
    tamper!(
        t,
        "insert into user_claims (user_id, claim, value, set_at) values ($1, 'called', $2, $3)",
        id,
        format!("\"{NAME}\""),
        now
    );
    tamper!(
        t,
        "update users set lock_reason = $1, locked_until = $2, unproven_since = $2 where id = $3",
        NAME,
        now + chrono::Duration::days(90),
        id
    );
}
