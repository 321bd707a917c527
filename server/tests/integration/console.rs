//! The console: by people with each role, and by whoever has none.

mod audit;
mod bar;
mod claims;
mod dashboard;
mod everybody;
mod figures;
mod groups;
mod health;
mod import;
mod jobs;
mod matrix;
mod messages;
mod people;
mod person;
mod plans;
mod roles;
pub mod settings;
mod viewing;

use crate::factors;
use crate::house::{Browser, TestHouse, tamper};

/// Somebody with a role and an authenticator app, signed in with both just now. `role`: its id.
pub async fn staff(t: &TestHouse, name: &str, email: &str, role: &str) -> Browser {
    let mut browser = t.member(name, email).await;
    factors::add_app(t, &mut browser).await;
    t.mails_to(email).await;
    appoint(t, email, role).await;
    browser
}

/// Gives somebody a role, past all forms.
pub async fn appoint(t: &TestHouse, email: &str, role: &str) {
    let now = t.clock.now();
    let given = tamper!(
        t,
        "insert into user_roles (user_id, role_id, granted_at) select id, $1, $2 from users where email = $3",
        role,
        now,
        email
    );
    assert_eq!(given, 1);
    let administrator = role == "administrator";
    tamper!(
        t,
        "update users set staff = true, administrator = (administrator or $1) where email = $2",
        administrator,
        email
    );
}

/// Makes a role with these permissions, past all forms. Returns its id.
pub async fn make_role(t: &TestHouse, name: &str, permissions: &[&str]) -> String {
    let (id, key, now) = (
        t.platform.entropy.uuid_v7(t.clock.now()).to_string(),
        name.to_lowercase(),
        t.clock.now(),
    );
    tamper!(
        t,
        "insert into roles (id, name, name_key, created_at, updated_at) values ($1, $2, $3, $4, $4)",
        id.as_str(),
        name,
        key.as_str(),
        now
    );
    for permission in permissions {
        tamper!(
            t,
            "insert into role_permissions (role_id, permission) values ($1, $2)",
            id.as_str(),
            *permission
        );
    }
    id
}
