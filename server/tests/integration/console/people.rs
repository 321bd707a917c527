//! `/admin/users`: the list of people, what is done to several of them, and the list as a file.

mod bulk;
mod list;
mod plans;

use domain::audit::Origin;
use domain::authentication::session::SignedIn;
use domain::authorization::{Desk, May, right};
use domain::platform::seed::{Plan, sow};
use domain::users::directory::{self, Asked, Begin, Page};
use uuid::Uuid;

use crate::house::{TestHouse, rows};

/// Makes up so many people.
pub async fn people(t: &TestHouse, users: usize) {
    let plan = Plan {
        users,
        sessions: users / 2,
        events: users,
        seed: 7,
    };
    sow(&t.platform, plan, |_, _| {}).await.unwrap();
}

/// Somebody's session, for a desk of theirs.
pub async fn session_of(t: &TestHouse, email: &str) -> SignedIn {
    let (id,) = rows!(t, (Uuid,), "select id from users where email = $1", email).remove(0);
    let mut sessions = t
        .platform
        .db
        .read(async |tx| SignedIn::list(tx, &t.platform.settings().session, id, 1).await)
        .await
        .unwrap();
    sessions.remove(0)
}

/// A page of the list, for somebody who may see it.
pub async fn page(t: &TestHouse, session: &SignedIn, asked: &Asked, begin: Begin) -> Page {
    let origin = Origin::default();
    let desk = Desk {
        platform: &t.platform,
        session,
        origin: &origin,
    };
    desk.look(async |tx, may: &May<right::UsersRead>| directory::page(tx, may, asked, begin).await)
        .await
        .unwrap()
}

/// What an address asks for.
pub fn asked(query: &str) -> Asked {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    Asked::read(|name| {
        fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.clone())
    })
}
