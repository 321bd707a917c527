//! What people bring along, and how they get in with it.

use domain::authorization::Permission;

use super::{BCRYPT, OLD_PASSWORD, bring, ida, make, report};
use crate::console::{appoint, make_role, staff};
use crate::house::{TestHouse, count, rows, tamper};

/// Of each form, made by other people's programs; the same vectors as in `authentication/password/foreign/tests.rs`.
const HASHES: &[(&str, &str)] = &[
    ("bcrypt", BCRYPT),
    (
        "django.bcrypt",
        "bcrypt_sha256$$2b$04$WpkQbFC/I5ZZReLxUyxko.VdFHCal24iLsL99Mz9vgYs1aA3rhs3O",
    ),
    (
        "scrypt",
        "$scrypt$ln=10,r=8,p=1$XGttTendW0sJYQxBKKXUug$ufKKnc1PdfgIYkBGD2Jzq72Vaii8AOVhYn6mLtY78/o",
    ),
    (
        "pbkdf2",
        "$pbkdf2-sha256$1000$Z4wxxhgDoDSGEML4/18rZQ$NoHLJsJ11nFaTdsmRsDfEDKEM0ZhRgR4DR5IN7MoGv8",
    ),
    (
        "pbkdf2.512",
        "$pbkdf2-sha512$i=1000$c2l4dGVlbiBieXRlcyAhIQ$6xLvszouOFecuY3BLkT8AgO1qU21feHYoUiGAvZG68ZfxDiUDWwEj5lS9mYgUvR+bUfFRrXS5TW78o8wC6oOgA",
    ),
    (
        "django",
        "pbkdf2_sha256$1000$salzig$NJYd1AmsJBe6WW+GaBeajF4f0i8XDhqnJkxoY+D095U=",
    ),
    (
        "argon2id",
        "$argon2id$v=19$m=64,t=1,p=2$c2l4dGVlbiBieXRlcyAhIQ$dqdXi01vF6JyrmX5XSxZVccyXWGIr19LIUfL0JwScEI",
    ),
    (
        "argon2i",
        "$argon2i$v=19$m=64,t=1,p=2$c2l4dGVlbiBieXRlcyAhIQ$47VOnKLLnD8kcI/ewZCqpMotvO/uhiaupVjBKPgK7Vk",
    ),
];

#[tokio::test]
async fn a_hash_of_each_kind_lets_its_person_in_and_becomes_one_of_ours() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let mut file = "email,name,password_hash,locale,time_zone,created_at\n".to_owned();
    for (name, hash) in HASHES {
        let row = format!(
            "{name}@example.com,Somebody {name},\"{hash}\",vi-VN,Asia/Ho_Chi_Minh,2019-03-02T01:02:03Z\n"
        );
        file.push_str(&row);
        t.keep_secret(hash);
    }
    let path = bring(&mut ida, &file).await;
    let tried = ida.get(&path).await;
    assert_eq!(tried.text("import-state"), "Tried out");
    assert_eq!(tried.text("begin-button"), "Import 8 people");
    assert_eq!(
        count!(t, "select count(*) from users"),
        1,
        "a dry run makes nobody"
    );
    let done = make(&t, &mut ida, &path).await;
    assert_eq!(done.text("import-over"), "Done: 8 people were made.");
    assert_eq!(
        (
            t.audited("people.import_begun").await,
            t.audited("people.imported").await,
            t.audited("user.imported").await
        ),
        (1, 1, 8)
    );
    // In the database no hash can be read, and none waits any more.
    let phcs = rows!(
        t,
        (String,),
        "select p.phc from passwords p join users u on u.id = p.user_id where u.email <> 'ida@example.com'"
    );
    assert!(phcs.iter().all(|(phc,)| phc.starts_with("$sealed$")), "{phcs:?}");
    assert_eq!(
        count!(t, "select count(*) from import_rows where sealed is not null"),
        0
    );

    for (number, (name, _)) in HASHES.iter().enumerate() {
        let email = format!("{name}@example.com");
        let wrong = t.browser().sign_in(&email, "Mật khẩu cũ 2018!").await;
        assert_eq!(wrong.location(), "/sign-in", "{name}");
        let mut person = t.browser();
        assert_eq!(
            person.sign_in(&email, OLD_PASSWORD).await.location(),
            "/account",
            "{name}"
        );
        assert!(person.is_signed_in().await);
        let (phc,) = rows!(
            t,
            (String,),
            "select p.phc from passwords p join users u on u.id = p.user_id where u.email = $1",
            email.as_str()
        )
        .remove(0);
        assert!(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{name}: {phc}");
        assert_eq!(
            t.audited("password.rehashed").await,
            i64::try_from(number).unwrap() + 1
        );
        // And once more, by ours.
        assert_eq!(
            t.browser().sign_in(&email, OLD_PASSWORD).await.location(),
            "/account"
        );
        t.clock.advance(chrono::Duration::minutes(2));
    }
    let people = rows!(
        t,
        (String, String, Option<String>, chrono::DateTime<chrono::Utc>),
        "select name, locale, time_zone, created_at from users where email = 'django@example.com'"
    );
    let (name, locale, zone, created_at) = &people[0];
    assert_eq!(
        (name.as_str(), locale.as_str(), zone.as_deref()),
        ("Somebody django", "vi", Some("Asia/Ho_Chi_Minh"))
    );
    assert_eq!(created_at.to_rfc3339(), "2019-03-02T01:02:03+00:00");
    // They are in the list like everybody else.
    assert!(
        ida.get("/admin/users?q=somebody+scrypt")
            .await
            .body
            .contains("scrypt@example.com")
    );
}

#[tokio::test]
async fn a_password_of_an_address_that_was_not_proven_is_left_behind() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let file = format!(
        "email,email_verified,password_hash\nproven@example.com,true,{BCRYPT}\nnot@example.com,false,{BCRYPT}\nsilent@example.com,,{BCRYPT}\nnone@example.com,yes,\n"
    );
    ida.get("/admin/import").await;
    let path = super::send(&mut ida, super::form(file.as_bytes(), false))
        .await
        .location();
    let page = ida.get(&path).await;
    assert!(
        page.body.contains("3 people come without a password"),
        "{}",
        page.outline()
    );
    make(&t, &mut ida, &path).await;
    let open = rows!(
        t,
        (String,),
        "select u.email from users u join passwords p on p.user_id = u.id where u.unproven_since is null order by u.email"
    );
    assert_eq!(
        open,
        [
            ("ida@example.com".to_owned(),),
            ("proven@example.com".to_owned(),)
        ]
    );
    assert_eq!(
        t.browser()
            .sign_in("not@example.com", OLD_PASSWORD)
            .await
            .location(),
        "/sign-in"
    );
    // The way in is the one by mail, which proves the address.
    let mut not = t.browser();
    not.get("/forgot-password").await;
    not.submit("forgot-password-button", &[("email", "not@example.com")])
        .await;
    let link = t.link_for("not@example.com").await;
    not.open(&link).await;
    not.submit("reset-password-button", &[("password", crate::house::PASSWORD)])
        .await;
    t.mails_to("not@example.com").await;
    assert_eq!(
        count!(
            t,
            "select count(*) from users where email = 'not@example.com' and unproven_since is null"
        ),
        1
    );
}

#[tokio::test]
async fn a_locked_person_stays_out_and_a_weak_password_does_not_keep_anybody_out() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    // "hunter2", which no policy of ours would take, by hashlib.
    let weak = "$pbkdf2-sha256$i=10$c2FsdHNhbHRzYWx0$45pTlwN7wbTzh7zH9mHwvq8tMTEsR1z8fVAX0mbkL1E";
    let file = format!(
        "email,state,password_hash\nlocked@example.com,LOCKED,{BCRYPT}\nweak@example.com,active,{weak}\n"
    );
    let path = bring(&mut ida, file).await;
    make(&t, &mut ida, &path).await;
    assert_eq!(
        t.browser()
            .sign_in("locked@example.com", OLD_PASSWORD)
            .await
            .location(),
        "/sign-in"
    );
    let mut weak = t.browser();
    assert_eq!(
        weak.sign_in("weak@example.com", "hunter2").await.location(),
        "/account"
    );
    assert_eq!(
        report(&mut ida, &path).await,
        [
            "\"2\",\"locked@example.com\",\"made\",\"\"",
            "\"3\",\"weak@example.com\",\"made\",\"\""
        ]
    );
}

/// Whoever brings a hash knows its password: in the account before its owner, they could wait for the roles that it is given later.
#[tokio::test]
async fn who_may_not_do_everything_brings_people_without_their_passwords() {
    let t = TestHouse::new().await;
    let all_but_one: Vec<&str> = Permission::ALL
        .iter()
        .map(|permission| permission.as_str())
        .filter(|name| *name != "webhooks:write")
        .collect();
    for (number, permissions) in [vec!["users:import"], all_but_one].iter().enumerate() {
        let (bringer, person) = (
            format!("eve{number}@example.com"),
            format!("ada{number}@example.com"),
        );
        let role = make_role(&t, &format!("Bringer {number}"), permissions).await;
        let mut eve = staff(&t, "Eve", &bringer, &role).await;
        assert!(eve.get("/admin/import").await.has("passwords-left"));
        let path = bring(&mut eve, format!("email,password_hash\n{person},{BCRYPT}\n")).await;
        let page = eve.get(&path).await;
        assert!(page.has("passwords-left"), "{}", page.outline());
        assert!(page.body.contains("1 person comes without a password"));
        assert_eq!(
            count!(t, "select count(*) from import_rows where has_password"),
            0
        );
        let done = make(&t, &mut eve, &path).await;
        assert_eq!(done.text("import-over"), "Done: 1 person was made.");
        let answer = t.browser().sign_in(&person, OLD_PASSWORD).await;
        assert_eq!(answer.location(), "/sign-in");
    }
    assert_eq!(
        count!(t, "select count(*) from passwords where phc like '$sealed$%'"),
        0
    );
}

/// What counts is what the bringer may do when the people are made.
#[tokio::test]
async fn who_may_do_everything_no_longer_when_people_are_made_makes_them_without_their_passwords() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    assert!(!ida.get("/admin/import").await.has("passwords-left"));
    let path = bring(
        &mut ida,
        format!("email,password_hash\nada@example.com,{BCRYPT}\n"),
    )
    .await;
    assert!(!ida.get(&path).await.has("passwords-left"));
    assert_eq!(
        count!(t, "select count(*) from import_rows where has_password"),
        1
    );
    let bringer = make_role(&t, "Bringer", &["users:import"]).await;
    tamper!(t, "delete from user_roles");
    appoint(&t, "ida@example.com", &bringer).await;
    let page = ida.get(&path).await;
    assert!(page.has("passwords-left") && page.body.contains("1 person comes without a password"));
    make(&t, &mut ida, &path).await;
    assert_eq!(
        count!(t, "select count(*) from users where email = 'ada@example.com'"),
        1
    );
    assert_eq!(count!(t, "select count(*) from passwords"), 1, "hers alone");
    assert_eq!(
        count!(t, "select count(*) from import_rows where has_password"),
        0
    );
}

/// Not how long it took is asked, which no test can tell, but that it was made to take as long as any.
#[tokio::test]
async fn while_hashes_from_elsewhere_are_left_no_refusal_is_quicker_than_another() {
    let t = TestHouse::new().await;
    let wrong = "not the password, I fear";
    let held = || t.platform.hasher.held();
    t.member("Ada", "ada@example.com").await;
    t.browser().sign_in("ada@example.com", wrong).await;
    t.browser().sign_in("nobody@example.com", wrong).await;
    assert_eq!(held(), 0, "nobody was brought in yet");
    let mut ida = ida(&t).await;
    let file = format!(
        "email,state,password_hash\nkim@example.com,active,{BCRYPT}\nlou@example.com,locked,{BCRYPT}\n"
    );
    let path = bring(&mut ida, file).await;
    make(&t, &mut ida, &path).await;
    let already = held();
    let refused = [
        ("nobody@example.com", wrong),
        ("ada@example.com", wrong),
        ("kim@example.com", wrong),
        ("lou@example.com", wrong),
        // Right, and locked.
        ("lou@example.com", OLD_PASSWORD),
    ];
    for (before, (email, password)) in (already..).zip(refused) {
        assert_eq!(held(), before);
        assert_eq!(
            t.browser().sign_in(email, password).await.location(),
            "/sign-in",
            "{email}"
        );
        assert_eq!(held(), before + 1, "{email}");
    }
    for (email, password) in [
        ("ada@example.com", crate::house::PASSWORD),
        ("kim@example.com", OLD_PASSWORD),
    ] {
        assert_eq!(t.browser().sign_in(email, password).await.location(), "/account");
    }
    let so_far = already + u64::try_from(refused.len()).unwrap();
    assert_eq!(held(), so_far, "who gets in waits for nothing");
    // The last one is gone.
    tamper!(t, "delete from users where email = 'lou@example.com'");
    t.browser().sign_in("ada@example.com", wrong).await;
    assert_eq!(held(), so_far);
}

/// A rotation of the master key between the dry run and the deed.
#[tokio::test]
async fn a_new_master_key_leaves_what_waits_readable() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let file = format!("email,password_hash\nada@example.com,{BCRYPT}\nbob@example.com,{BCRYPT}\n");
    let path = bring(&mut ida, file).await;
    domain::platform::rotation::rotate(&t.platform, std::time::Duration::from_secs(1), |_| {})
        .await
        .unwrap();
    let current = t.platform.keys.current_id().to_vec();
    let waits = rows!(
        t,
        (Vec<u8>,),
        "select distinct substr(sealed, 2, 4) from import_rows"
    );
    assert_eq!(waits, [(current.clone(),)]);
    make(&t, &mut ida, &path).await;
    let of_two = "with the key of now, whatever key the row came with";
    assert_eq!(
        count!(t, "select count(*) from passwords where pepper_id = $1", current),
        2,
        "{of_two}"
    );
    for email in ["ada@example.com", "bob@example.com"] {
        assert_eq!(
            t.browser().sign_in(email, OLD_PASSWORD).await.location(),
            "/account"
        );
    }
}
