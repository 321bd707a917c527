//! Where exploring begins: two people who signed up, and the situations ("roots") that the first steps lead from. All of it
//! is made by the product's own handlers; only that somebody is an administrator is written past them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::platform::clock::Clock;
use domain::platform::jobs;
use sqlx::Connection as _;
use tempfile::TempDir;

use super::action::{Action, Call, Ceremony, Value};
use super::house::{HOUSES, House, REQUIRED, open};
use super::keys::Kind;
use super::rows::{Image, Tables, connect, take_mail};
use super::stage::{Outcome, Stage};
use super::state::{BROWSERS, Jar, State};
use super::truth::{Factor, Person, Truth};
use super::typed::{NEW, PASSWORDS, PERSONS};

/// Who there is: the name, the address, another one, and a telephone. No part of one is a part of anything else that a page says. The
/// last one has no account yet.
const PEOPLE: [[&str; 4]; PERSONS] = [
    [
        "Ada Quillfeather",
        "ada@first.example.com",
        "quill@fourth.example.com",
        "+447400123456",
    ],
    [
        "Bob Marrowby",
        "bob@second.example.com",
        "marrow@fifth.example.com",
        "+84912345678",
    ],
    [
        "Cleo Tanglewood",
        "cleo@third.example.com",
        "tangle@sixth.example.com",
        "+447400123457",
    ],
];

/// The database that every stage begins with.
pub struct Ground {
    folder: TempDir,
    pub tables: Arc<Tables>,
    pub start: DateTime<Utc>,
    base: State,
}

impl Ground {
    /// Two people sign up.
    pub async fn make() -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        }
        .unwrap();
        let start = DateTime::from_timestamp_micros(1_772_434_925_678_901).unwrap();
        let file = folder.path().join("ground.db");
        let clock = Clock::fixed(start);
        let platform = open(folder.path(), &file, HOUSES[0], &clock, 1).await;
        let mut db = connect(&file).await;
        for (number, [name, email, ..]) in PEOPLE.iter().enumerate().take(NEW) {
            sign_up(&platform, &mut db, name, email, PASSWORDS[number][0]).await;
        }
        jobs::run_due(&platform).await.unwrap();
        take_mail(&mut db).await;
        sqlx::query("delete from sessions")
            .execute(&mut db)
            .await
            .unwrap();
        sqlx::query("delete from known_devices")
            .execute(&mut db)
            .await
            .unwrap();
        let tables = Tables::install(&mut db).await;
        let image = tables.all(&mut db).await;
        platform.db.close().await;
        db.close().await.unwrap();
        let truth = Truth {
            people: people(&tables, &image),
            ..Truth::default()
        };
        let base = State {
            root: "nobody has a second factor",
            house: 0,
            image,
            jars: [const { Jar::EMPTY }; BROWSERS],
            truth,
            now: start,
            waits: 0,
            path: None,
        };
        Self {
            folder,
            tables: Arc::new(tables),
            start,
            base,
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("ground.db")
    }

    /// The situations in which exploring begins.
    pub async fn roots(&self) -> Vec<State> {
        let mut stage = Stage::new(self, 9999, None, &[]).await;
        let plain = self.base.clone();
        let mut roots = vec![
            plain.clone(),
            State {
                root: "everybody must have a second factor",
                house: REQUIRED,
                ..plain.clone()
            },
        ];
        let sign_in = |by, who| Action {
            by,
            call: Call::SignIn {
                who,
                value: Value::Right,
            },
        };
        let by = |by: usize, call| Action { by, call };
        let add_app = [by(0, Call::BeginApp), by(0, Call::ConfirmApp(Value::Right))];
        let step = by(0, Call::Wait(30));

        let mut both = vec![sign_in(0, 0)];
        both.extend(add_app);
        both.extend([step, sign_in(1, 1), by(1, Call::AddMail)]);
        let both = stage
            .follow(
                "Ada has an app, Bob codes by mail, both are signed in",
                &plain,
                &both,
            )
            .await;

        let mut away = vec![sign_in(0, 0)];
        away.extend(add_app);
        away.extend([
            by(0, Call::AddMail),
            by(0, Call::SignOut),
            step,
            by(1, Call::Forgot { who: 0 }),
        ]);
        let away = stage
            .follow(
                "Ada has an app and codes by mail, and a link of a reset; nobody is signed in",
                &plain,
                &away,
            )
            .await;

        let mut boss = away.clone();
        boss.root = "the same, and Ada is an administrator";
        self.tables.set(
            &mut boss.image,
            "users",
            "email",
            &format!("'{}'", PEOPLE[0][1]),
            "administrator",
            "1",
        );
        self.tables.set(
            &mut boss.image,
            "users",
            "email",
            &format!("'{}'", PEOPLE[0][1]),
            "staff",
            "1",
        );
        boss.truth.people[0].administrator = true;
        roots.extend([both, away, boss]);
        roots.extend(Box::pin(deep_roots(&mut stage, &plain)).await);
        roots.extend(more_roots(&mut stage, &plain).await);
        stage.close().await;
        roots
    }
}

/// Situations that it takes long to get to: with passkeys, and on the way back.
async fn deep_roots(stage: &mut Stage, plain: &State) -> Vec<State> {
    let right = Value::Right;
    let by = |by: usize, call| Action { by, call };
    let ask = |browser, ceremony| by(browser, Call::AskPasskey(ceremony));
    let sign_in = |browser, who| by(browser, Call::SignIn { who, value: right });
    let add = |browser, kind| by(browser, Call::AddPasskey { kind, value: right });
    let recover = by(0, Call::Recover { who: 0 });
    let confirm = by(
        0,
        Call::ConfirmFactor {
            factor: Factor::Passkey(Kind::Phone),
            value: right,
        },
    );
    let enrolled = [
        sign_in(0, 0),
        ask(0, Ceremony::Add),
        add(0, Kind::Phone),
        ask(0, Ceremony::Confirm),
        confirm,
        ask(0, Ceremony::Add),
        add(0, Kind::Key),
        sign_in(1, 1),
        ask(1, Ceremony::Add),
        add(1, Kind::Phone),
    ];
    let enrolled = stage.follow("passkeys", plain, &enrolled).await;
    let inside = [
        ask(0, Ceremony::Confirm),
        confirm,
        ask(0, Ceremony::Confirm),
        by(1, Call::SignOut),
        ask(1, Ceremony::SignIn),
    ];
    let inside = stage
        .follow(
            "Ada has two passkeys, Bob one; she is signed in and he is at the door",
            &enrolled,
            &inside,
        )
        .await;
    let door = [
        by(0, Call::SignOut),
        by(1, Call::SignOut),
        ask(0, Ceremony::SignIn),
        sign_in(1, 0),
        ask(1, Ceremony::Challenge),
    ];
    let door = stage
        .follow(
            "Ada has two passkeys, Bob one; she is at the door, twice",
            &enrolled,
            &door,
        )
        .await;
    let adding = [sign_in(0, 0), ask(0, Ceremony::Add), sign_in(1, 1)];
    let adding = stage
        .follow(
            "nobody has a second factor, and Ada adds a passkey",
            plain,
            &adding,
        )
        .await;
    let waiting = stage
        .follow(
            "Ada is signed in, and somebody asked for her way back",
            &inside,
            &[recover],
        )
        .await;
    let due = [by(0, Call::Wait(259_200)), by(0, Call::Round)];
    let due = stage
        .follow(
            "Ada has two passkeys, and the link of her way back",
            &waiting,
            &due,
        )
        .await;
    let alarm = Call::NotMe { who: 0, value: right };
    let frozen = stage
        .follow("Ada's account is frozen", &adding, &[by(1, alarm)])
        .await;
    let mut barred = frozen.clone();
    (barred.root, barred.house) = ("the same where everybody must have a second factor", REQUIRED);
    vec![inside, door, adding, waiting, due, frozen, barred]
}

/// Situations with telephones, on the way to another address, and of somebody new.
async fn more_roots(stage: &mut Stage, plain: &State) -> Vec<State> {
    let right = Value::Right;
    let by = |by: usize, call| Action { by, call };
    let sign_in = |browser, who| by(browser, Call::SignIn { who, value: right });
    let add = |browser| {
        [
            by(browser, Call::BeginPhone),
            by(browser, Call::ConfirmPhone(right)),
        ]
    };
    let mut phones = vec![sign_in(0, 0)];
    phones.extend(add(0));
    phones.push(sign_in(1, 1));
    phones.extend(add(1));
    phones.extend([
        by(1, Call::SignOut),
        sign_in(1, 1),
        by(0, Call::AskForConfirmCode(Factor::Sms)),
    ]);
    let phones = stage
        .follow(
            "Ada and Bob have telephones; she is signed in and he is at the door",
            plain,
            &phones,
        )
        .await;
    let asked = [sign_in(0, 0), by(0, Call::ChangeEmail(right))];
    let asked = stage.follow("Ada asked for another address", plain, &asked).await;
    let moved = [by(1, Call::ConfirmMove { who: 0, value: right })];
    let moved = stage
        .follow("Ada has another address, and the way back", &asked, &moved)
        .await;
    let wanted = [by(0, Call::SignUp(right)), by(1, Call::SignUp(right))];
    let wanted = stage
        .follow("two browsers signed up with one address", plain, &wanted)
        .await;
    let mut barred = wanted.clone();
    (barred.root, barred.house) = ("the same, where everybody must have a second factor", REQUIRED);
    let fresh = stage
        .with_set_up_link("nobody has set the server up", &wanted)
        .await;
    vec![phones, asked, moved, wanted, barred, fresh]
}

impl Stage {
    /// Plays actions that must all lead on, and calls the end a root.
    pub async fn follow(&mut self, root: &'static str, from: &State, actions: &[Action]) -> State {
        let mut state = from.clone();
        for action in actions {
            state = match self.play(&state, *action).await {
                Outcome::Next(next) => *next,
                Outcome::Same => panic!("{root}: {action} leads nowhere"),
                Outcome::Broken(rule) => panic!("{root}: {action}: {rule}"),
            };
        }
        // What the browsers had before is no part of a beginning.
        for jar in &mut state.jars {
            (jar.old_session, jar.old_flow) = (None, None);
        }
        State {
            root,
            waits: 0,
            path: None,
            ..state
        }
    }
}

fn people(tables: &Tables, image: &Image) -> Vec<Person> {
    let users = tables.number("users");
    let id_of = |email: &str| {
        let found = tables
            .rows(image, "users")
            .find(|(_, row)| tables.value(users, row, "email").trim_matches('\'') == email);
        tables.value(users, found.expect("a person").1, "id").to_owned()
    };
    let person = |(number, [name, email, other, telephone]): (usize, &[&'static str; 4])| Person {
        name,
        email,
        other,
        number: telephone,
        id: if number < NEW { id_of(email) } else { String::new() },
        administrator: false,
        password: 0,
        older: None,
        has_password: number < NEW,
        app: None,
        mail: false,
        phone: false,
        codes: Vec::new(),
        passkeys: BTreeMap::new(),
        frozen_until: None,
    };
    PEOPLE.iter().enumerate().map(person).collect()
}

/// Signs somebody up, past the browsers.
async fn sign_up(
    platform: &domain::platform::Platform,
    db: &mut sqlx::SqliteConnection,
    name: &str,
    email: &str,
    password: &str,
) {
    use axum::body::Body;
    use axum::extract::ConnectInfo;
    use axum::http::{Request, header};
    use tower::ServiceExt as _;

    let router = House::of(platform.clone()).router;
    let mut cookie = String::new();
    let mut code = String::new();
    for path in ["/api/sign-up", "/api/sign-up-verify"] {
        let fields = [
            ("name", name),
            ("email", email),
            ("password", password),
            ("code", &code),
        ];
        let fields = if code.is_empty() {
            &fields[..3]
        } else {
            &fields[3..]
        };
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let mut request = Request::post(path)
            .header(header::HOST, platform.config.public_authority())
            .header(header::ORIGIN, platform.config.public_origin())
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, &cookie)
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body))
            .unwrap();
        request
            .extensions_mut()
            .insert(ConnectInfo(std::net::SocketAddr::from(([10, 0, 0, 9], 1))));
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let set = response
            .headers()
            .get(header::SET_COOKIE)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        set.split(';').next().unwrap().clone_into(&mut cookie);
        jobs::run_due(platform).await.unwrap();
        let mail = take_mail(db).await;
        code = mail.into_iter().find_map(|mail| mail.code).unwrap_or_default();
    }
}
