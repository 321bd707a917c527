//! What the list shows: held against a plain look at everybody, and against people who try what they should not.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, Utc};
use domain::users::directory::{Begin, By, Count, LOOKED_AT, Listed, PAGE, Sort, State};
use uuid::Uuid;

use super::{asked, page, people, session_of};
use crate::console::{appoint, make_role, staff};
use crate::house::{PASSWORD, TestHouse, count, rows, tamper};

/// A person, as a plain look at the tables has them.
#[derive(Debug, Clone, sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Plain {
    id: Uuid,
    name_key: Vec<u8>,
    mail_key: Vec<u8>,
    created_at: DateTime<Utc>,
    seen_at: DateTime<Utc>,
    locked: bool,
    closed: bool,
    erasing: bool,
    support: bool,
    passkey: bool,
    factor: bool,
}

struct Everybody {
    people: Vec<Plain>,
    terms: Vec<(Vec<u8>, Uuid)>,
}

impl Everybody {
    async fn of(t: &TestHouse) -> Self {
        let people = rows!(
            t,
            Plain,
            "select u.id, u.name_key, u.mail_key, u.created_at, s.seen_at, u.locked_at is not null as locked,
                u.deactivated_at is not null as closed, u.erase_at is not null as erasing,
                exists (select 1 from user_roles r where r.user_id = u.id and r.role_id = 'support') as support,
                exists (select 1 from passkeys p where p.user_id = u.id) as passkey,
                (exists (select 1 from passkeys p where p.user_id = u.id) or exists (select 1 from totps p where p.user_id = u.id)
                    or exists (select 1 from mail_factors p where p.user_id = u.id)) as factor
             from users u join sightings s on s.user_id = u.id"
        );
        let terms = rows!(t, (Vec<u8>, Uuid), "select term, user_id from user_terms");
        Self { people, terms }
    }

    /// The ids of those whom all conditions hold for, in order.
    fn fits(&self, query: &str) -> Vec<Uuid> {
        let asked = asked(query);
        let words: Vec<BTreeSet<Uuid>> = asked
            .search
            .to_lowercase()
            .split_whitespace()
            .map(|word| {
                let found = self
                    .terms
                    .iter()
                    .filter(|(term, _)| term.starts_with(word.as_bytes()));
                found.map(|(_, id)| *id).collect()
            })
            .collect();
        let day = |at: DateTime<Utc>| at.date_naive();
        let mut fits: Vec<&Plain> = self
            .people
            .iter()
            .filter(|one| words.iter().all(|found| found.contains(&one.id)))
            .filter(|one| match asked.state {
                None => true,
                Some(State::Active) => !one.locked && !one.closed && !one.erasing,
                Some(State::Locked) => one.locked,
                Some(State::Closed) => one.closed,
                Some(State::Erasing) => one.erasing,
            })
            .filter(|one| asked.role.is_none() || one.support)
            .filter(
                |one| match asked.proves.map(domain::users::directory::Proves::as_str) {
                    None => true,
                    Some("none") => !one.factor,
                    _ => one.passkey,
                },
            )
            .filter(|one| asked.created.from.is_none_or(|from| day(one.created_at) >= from))
            .filter(|one| asked.created.to.is_none_or(|to| day(one.created_at) <= to))
            .filter(|one| asked.seen.from.is_none_or(|from| day(one.seen_at) >= from))
            .filter(|one| asked.seen.to.is_none_or(|to| day(one.seen_at) <= to))
            .collect();
        fits.sort_by(|one, other| {
            let order = match asked.sort.by {
                By::Created => one.created_at.cmp(&other.created_at),
                By::Name => one.name_key.cmp(&other.name_key),
                By::Mail => one.mail_key.cmp(&other.mail_key),
                By::Seen => one.seen_at.cmp(&other.seen_at),
            };
            let order = order.then(one.id.cmp(&other.id));
            if asked.sort.descending {
                order.reverse()
            } else {
                order
            }
        });
        fits.into_iter().map(|one| one.id).collect()
    }
}

fn ids(people: &[Listed]) -> Vec<Uuid> {
    people.iter().map(|person| person.id).collect()
}

#[tokio::test]
async fn the_list_is_what_a_plain_look_at_everybody_gives_and_as_long_backwards() {
    let t = TestHouse::new().await;
    staff(&t, "Ida Rhodes", "ida@example.com", "auditor").await;
    people(&t, 5_300).await;
    let ida = session_of(&t, "ida@example.com").await;
    let everybody = Everybody::of(&t).await;
    let days = |back: i64| (t.clock.now() - Duration::days(back)).date_naive().to_string();
    let (long_ago, lately) = (days(900), days(40));
    let mut queries = vec![
        "state=active".to_owned(),
        "proves=none".to_owned(),
        "q=e&proves=none&state=active".to_owned(),
        format!("created-from={long_ago}&proves=none"),
        "state=locked".to_owned(),
        "state=closed&sort=name".to_owned(),
        "role=support".to_owned(),
        "role=support&state=active&sort=mail-back".to_owned(),
        "q=nguyen".to_owned(),
        "q=nguyen&proves=passkey&sort=name".to_owned(),
        "q=nguyen+la&sort=seen".to_owned(),
        format!("seen-to={lately}&state=active"),
        format!("created-from={long_ago}&created-to={lately}&proves=passkey&sort=oldest"),
        format!("seen-from={lately}&q=example.org&sort=seen-back"),
        "q=nobody-at-all".to_owned(),
    ];
    queries.extend(Sort::ALL.map(|sort| format!("sort={}", sort.as_str())));
    queries.extend(Sort::ALL.map(|sort| format!("q=e&state=active&sort={}", sort.as_str())));
    queries.extend(Sort::ALL.map(|sort| format!("q=ma&sort={}", sort.as_str())));
    for query in &queries {
        let expected = everybody.fits(query);
        let asked = asked(query);
        let (mut forward, mut begin, mut last) = (Vec::new(), Begin::Start, None);
        loop {
            let page = page(&t, &ida, &asked, begin).await;
            assert!(page.people.len() <= PAGE);
            if let Count::Exactly(count) = page.count {
                assert_eq!(count, i64::try_from(expected.len()).unwrap(), "{query}");
            }
            forward.extend(ids(&page.people));
            if forward.len() > 400 && page.after.is_some() {
                // The way to the end is as short from the end.
                break;
            }
            last = page.people.first().map(Listed::mark).or(last);
            match page.after {
                Some(mark) => begin = Begin::After(mark),
                None => break,
            }
        }
        assert_eq!(forward, expected[..forward.len()], "{query}");
        let mut back = Vec::new();
        while let Some(mark) = last.take() {
            let page = page(&t, &ida, &asked, Begin::Before(mark)).await;
            back.splice(0..0, ids(&page.people));
            last = page.before;
        }
        assert_eq!(back, expected[..back.len()], "{query}, backwards");
    }
}

#[tokio::test]
async fn where_hardly_anybody_fits_a_page_ends_early_and_the_next_one_goes_on() {
    let t = TestHouse::new().await;
    staff(&t, "Ida Rhodes", "ida@example.com", "auditor").await;
    people(&t, 3_200).await;
    let ida = session_of(&t, "ida@example.com").await;
    tamper!(t, "delete from mail_factors");
    tamper!(
        t,
        "insert into mail_factors (user_id, created_at) select id, created_at from users"
    );
    let (oldest,) = rows!(t, (Uuid,), "select id from users order by created_at, id limit 1").remove(0);
    for table in ["passkeys", "totps", "mail_factors"] {
        match table {
            "passkeys" => tamper!(t, "delete from passkeys where user_id = $1", oldest),
            "totps" => tamper!(t, "delete from totps where user_id = $1", oldest),
            _ => tamper!(t, "delete from mail_factors where user_id = $1", oldest),
        };
    }
    let none = asked("proves=none");
    let first = page(&t, &ida, &none, Begin::Start).await;
    assert_eq!((first.people.len(), first.count), (0, Count::Unknown));
    let next = page(&t, &ida, &none, Begin::After(first.after.unwrap())).await;
    assert_eq!(ids(&next.people), [oldest], "of {LOOKED_AT} and the rest");
    assert_eq!(next.after, None);
}

#[tokio::test]
async fn somebody_is_found_by_the_name_and_the_address_that_they_have_now() {
    let t = TestHouse::new().await;
    staff(&t, "Ida Rhodes", "ida@example.com", "auditor").await;
    let mut ada = t.member("Ada Byron", "ada@example.com").await;
    let ida = session_of(&t, "ida@example.com").await;
    let found = async |typed: &str| {
        let page = page(&t, &ida, &asked(&format!("q={typed}")), Begin::Start).await;
        page.people
            .into_iter()
            .map(|person| person.email)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("byron").await, ["ada@example.com"]);
    ada.get("/account/profile").await;
    ada.submit("save-profile-button", &[("name", "Ada Lovelace")])
        .await;
    assert_eq!(found("byron").await, [""; 0]);
    assert_eq!(found("lovelace").await, ["ada@example.com"]);
    let (id,) = rows!(t, (Uuid,), "select id from users where email = 'ada@example.com'").remove(0);
    assert_eq!(found(&id.to_string()).await, ["ada@example.com"]);
    assert_eq!(
        found(&id.simple().to_string()[..12])
            .await
            .first()
            .map(String::as_str),
        Some("ada@example.com")
    );
    // As in an installation from before there was a list, once a server of this version has started.
    tamper!(t, "delete from user_terms");
    tamper!(t, "update users set name_key = null, mail_key = null");
    tamper!(t, "delete from sightings");
    assert_eq!(found("lovelace").await, [""; 0]);
    t.second_node().await;
    assert_eq!(found("lovelace").await, ["ada@example.com"]);
    assert_eq!(count!(t, "select count(*) from users where name_key is null"), 0);
}

#[tokio::test]
async fn when_somebody_was_here_is_noted_once_an_hour() {
    let t = TestHouse::new().await;
    let ada = t.member("Ada", "ada@example.com").await;
    let seen = async || {
        rows!(t, (DateTime<Utc>,), "select seen_at from sightings")
            .remove(0)
            .0
    };
    let begun = seen().await;
    assert_eq!(begun, t.clock.now());
    t.clock.advance(Duration::minutes(59));
    assert!(ada.is_signed_in().await);
    assert_eq!(seen().await, begun);
    t.clock.advance(Duration::minutes(1));
    assert!(ada.is_signed_in().await);
    assert_eq!(seen().await, t.clock.now());
    let later = t.clock.now() + Duration::minutes(70);
    t.clock.advance(Duration::minutes(70));
    t.browser().sign_in("ada@example.com", PASSWORD).await;
    assert_eq!(seen().await, later);
}

#[tokio::test]
async fn the_page_shows_who_is_asked_for_and_its_address_holds_it() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    people(&t, 120).await;
    let all = ida.get("/admin/users").await;
    assert_eq!(all.status, 200, "{}", all.outline());
    assert!(all.body.contains("121 people"), "{}", all.outline());
    assert_eq!(all.texts("person").len(), PAGE);
    let next = all.link("page-after");
    let second = ida.get(&next).await;
    assert_eq!(second.texts("person").len(), PAGE);
    let third = ida.get(&second.link("page-after")).await;
    assert_eq!(third.texts("person").len(), 21);
    assert!(!third.has("page-after"));
    let back = ida.get(&third.link("page-before")).await;
    assert_eq!(back.texts("person"), second.texts("person"));
    let found = ida.get("/admin/users?q=IDA+rhod").await;
    assert_eq!(found.texts("person").len(), 1);
    assert!(
        found.body.contains("ida@example.com")
            && found.body.contains("Administrator")
            && found.body.contains("1 person")
    );
    let none = ida.get("/admin/users?q=zzzz").await;
    assert!(none.has("nobody") && none.body.contains("Nobody is found"));
}

#[tokio::test]
async fn hostile_addresses_show_a_list_and_never_an_error() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "auditor").await;
    people(&t, 60).await;
    let (stranger,) = rows!(t, (Uuid,), "select id from users order by id limit 1").remove(0);
    let all = ida.get("/admin/users?sort=name").await.texts("person");
    for nothing in ["%25", "_", "%25%25%25", "'", "*", "%00", "--", "%F0%9F%92%A9"] {
        let page = ida.get(&format!("/admin/users?q={nothing}")).await;
        assert_eq!((page.status, page.texts("person").len()), (200, 0), "{nothing}");
    }
    for (query, shows_all) in [
        (format!("q={}", "a".repeat(5_000)), false),
        ("q=%27+or+1%3D1+--".to_owned(), false),
        ("q=".to_owned(), true),
        (
            "state=nonsense&role=%27&proves=1&created-from=x&seen-to=2026-13-01".to_owned(),
            true,
        ),
        ("after=nonsense".to_owned(), true),
        (format!("after={}.0", Uuid::nil()), true),
        (format!("before={stranger}"), true),
        ("after=&before=".to_owned(), true),
        ("q=a&q=b".to_owned(), false),
    ] {
        let page = ida.get(&format!("/admin/users?sort=name&{query}")).await;
        assert_eq!(page.status, 200, "{query}: {}", page.outline());
        assert_eq!(page.texts("person") == all, shows_all, "{query}");
    }
    // A mark of one order is a mark of every order.
    let newest = ida.get("/admin/users").await.link("page-after");
    let page = ida
        .get(&newest.replace("/admin/users?", "/admin/users?sort=mail&"))
        .await;
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn asvs_8_2_1_whoever_may_not_see_people_gets_no_list_and_no_file() {
    let t = TestHouse::new().await;
    let other = make_role(&t, "Jobs", &["jobs:read"]).await;
    let mut eve = staff(&t, "Eve", "eve@example.com", &other).await;
    for path in ["/admin/users", "/admin/users.csv", "/admin/users/bulk?deed=lock"] {
        assert_eq!(eve.get(path).await.status, 403, "{path}");
    }
    // To see is not to take away.
    let reads = make_role(&t, "Reads", &["users:read"]).await;
    appoint(&t, "eve@example.com", &reads).await;
    assert_eq!(eve.get("/admin/users").await.status, 200);
    assert!(!eve.get("/admin/users").await.has("export-link"));
    assert_eq!(eve.get("/admin/users.csv").await.status, 403);
    let mut nobody = t.browser();
    assert!(
        nobody
            .get("/admin/users.csv")
            .await
            .location()
            .starts_with("/sign-in")
    );
}

#[tokio::test]
async fn the_file_holds_everybody_who_is_asked_for_and_wants_a_fresh_proof() {
    let t = TestHouse::new().await;
    let mut ida = staff(&t, "Ida Rhodes", "ida@example.com", "administrator").await;
    people(&t, 1_300).await;
    tamper!(
        t,
        "update users set name = '=1+1' where email = 'ida@example.com'"
    );
    let all = ida.get("/admin/users.csv").await;
    assert_eq!(all.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(all.body.lines().count(), 1 + 1_301);
    assert!(
        all.body
            .starts_with("id,name,email,state,proves,roles,created_at,last_seen_at\r\n")
    );
    assert!(
        all.body
            .contains("\"'=1+1\",\"ida@example.com\",\"active\",\"app\",\"Administrator\""),
        "{}",
        &all.body[..400]
    );
    let some = ida.get("/admin/users.csv?state=locked").await;
    let locked = count!(t, "select count(*) from users where locked_at is not null");
    assert_eq!(some.body.lines().count(), 1 + usize::try_from(locked).unwrap());
    let (one,) = rows!(t, (Uuid,), "select id from users order by id limit 1").remove(0);
    let chosen = ida.get(&format!("/admin/users.csv?people%5B%5D={one}")).await;
    assert_eq!(chosen.body.lines().count(), 2);
    assert_eq!(
        ida.get("/admin/users.csv?only=chosen").await.status,
        422,
        "nobody is not everybody"
    );
    assert_eq!(t.audited("people.exported").await, 3);
    t.clock.advance(Duration::minutes(11));
    assert!(
        ida.get("/admin/users.csv")
            .await
            .location()
            .starts_with("/confirm")
    );
    assert_eq!(t.audited("people.exported").await, 3);
}
