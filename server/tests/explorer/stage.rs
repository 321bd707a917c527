//! The product in process: the real router on a database of its own, a movable clock, and what goes from one state to the next.
//!
//! A stage has one file in memory (`/dev/shm` where there is one), a platform and a router for each set of settings, and one
//! connection past the product. Without Redis the product keeps no copy of a session or a person in the process: all that a
//! state needs to come back is its rows, the clock, and the jars. The limits by address and account live in the process, so
//! they are off here; the counts of failures are rows. `walks.rs` goes with the limits on.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use chrono::{DateTime, Duration, Utc};
use cookie::Cookie;
use domain::authentication::set_up;
use domain::job::Job;
use domain::platform::clock::Clock;
use domain::platform::jobs;
use sqlx::{Executor as _, SqliteConnection};
use tower::ServiceExt as _;

use super::action::{Action, Call};
use super::flaws::Flaw;
use super::ground::Ground;
use super::house::{HOUSES, House, REQUIRED, open};
use super::keys::as_verified;
use super::oracle::Deed;
use super::rows::{Image, Mail, Tables, connect, take_mail};
use super::state::{BROWSERS, FLOW, FORM, Jar, SESSION, State, Step};
use super::typed::{typed, what_of};

const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// Headers and body.
    pub text: String,
}

impl Answer {
    /// Whether what was asked for was done, and nobody was sent to prove something first.
    fn is_accepted(&self) -> bool {
        // A code that was mailed leads to the same page, and says so.
        let is_asked_first = self.text.contains("\"location\":\"/confirm?") && !self.text.contains("sent=");
        [200, 303].contains(&self.status) && !is_asked_first
    }

    pub fn body(&self) -> &str {
        self.text.split_once('\n').map_or("", |(_, body)| body)
    }
}

/// What came of an action.
pub enum Outcome {
    /// Nothing.
    Same,
    /// Another state.
    Next(Box<State>),
    /// A rule is broken.
    Broken(String),
}

/// Where actions are played.
pub struct Stage {
    clock: Clock,
    houses: Vec<House>,
    db: SqliteConnection,
    tables: Arc<Tables>,
    /// What lies in the database.
    held: Image,
    flaw: Option<Flaw>,
    file: PathBuf,
    /// How many requests were sent.
    pub requests: u64,
    /// Whether the last one was accepted.
    pub accepted: bool,
}

impl Stage {
    /// A stage on a copy of the ground, number `number` of this run. `settings` go before those of the houses.
    pub async fn new(ground: &Ground, number: u64, flaw: Option<Flaw>, settings: &[(&str, &str)]) -> Self {
        let file = ground
            .folder()
            .join(format!("stage-{}-{number}.db", flaw.map_or("sound", Flaw::name)));
        std::fs::copy(ground.file(), &file).unwrap();
        let clock = Clock::fixed(ground.start);
        let mut houses = Vec::new();
        for house in HOUSES {
            let settings: Vec<_> = house.iter().chain(settings).copied().collect();
            let seed = 1000 + number * 10 + houses.len() as u64;
            houses.push(House::of(
                open(ground.folder(), &file, &settings, &clock, seed).await,
            ));
        }
        let mut db = connect(&file).await;
        if let Some(script) = flaw.and_then(Flaw::script) {
            db.execute(script).await.unwrap();
        }
        let tables = Arc::clone(&ground.tables);
        let held = tables.all(&mut db).await;
        Self {
            clock,
            houses,
            db,
            tables,
            held,
            flaw,
            file,
            requests: 0,
            accepted: true,
        }
    }

    /// Plays an action in a state.
    pub async fn play(&mut self, state: &State, action: Action) -> Outcome {
        let mut after = state.clone();
        let Some(mut typed) = typed(state, action) else {
            apart(&mut after, action);
            self.accepted = true;
            return Outcome::Next(Box::new(note(after, action)));
        };
        self.tables.put_back(&mut self.db, &self.held, &state.image).await;
        self.held.clone_from(&state.image);
        self.set_clock(state.now);
        if self.flaw.is_some_and(Flaw::assumes_verified) {
            for (_, text) in typed.fields.iter_mut().flatten() {
                *text = as_verified(text);
            }
        }
        let what = what_of(&typed.path, typed.fields.as_deref().unwrap_or_default());
        let mut answers = vec![if action.call == Call::Round {
            self.round(state.house).await
        } else {
            let fields = typed.fields.as_deref();
            self.send(state.house, &mut after, action, &typed.path, fields)
                .await
        }];
        let accepted = answers[0].is_accepted();
        self.accepted = accepted;
        let mails = self.settle(state.house, &mut after).await;
        let deed = Deed {
            tables: &Arc::clone(&self.tables),
            before: state,
            after: &after,
            action,
            claim: &typed.claim,
            what: &what,
            mails: &mails,
            is_required: state.house == REQUIRED,
        };
        if let Err(rule) = deed.judge() {
            return Outcome::Broken(rule);
        }
        let is_same = after.jars == state.jars && mails.is_empty() && deed.is_still();
        if is_same {
            if let Err(rule) = deed.leaks(&answers[0].text) {
                return Outcome::Broken(rule);
            }
            return Outcome::Same;
        }
        let pages = (deed.shows_key(), deed.shows_codes());
        after.truth = deed.learn(accepted);
        if let Call::AskPasskey(ceremony) = action.call {
            after.note_challenge(action.by, ceremony, &answers[0]);
        }
        self.read_pages(&mut after, action, pages, &mut answers).await;
        let deed = Deed {
            tables: &Arc::clone(&self.tables),
            before: state,
            after: &after,
            action,
            claim: &typed.claim,
            what: &what,
            mails: &mails,
            is_required: state.house == REQUIRED,
        };
        for answer in &answers {
            if let Err(rule) = deed.leaks(&answer.text) {
                return Outcome::Broken(rule);
            }
        }
        Outcome::Next(Box::new(note(after, action)))
    }

    /// The same situation with the link of a set-up, as its operator sees it.
    pub async fn with_set_up_link(&mut self, root: &'static str, from: &State) -> State {
        let mut state = from.clone();
        self.tables.put_back(&mut self.db, &self.held, &state.image).await;
        self.held.clone_from(&state.image);
        self.set_clock(state.now);
        let link = set_up::new_link(&self.houses[state.house].platform)
            .await
            .unwrap();
        let link = link.expect("there is no administrator");
        self.settle(state.house, &mut state).await;
        let token = link.split_once("token=").expect("a token").1.to_owned();
        (state.root, state.truth.set_up) = (root, Some((token, state.now, false)));
        state
    }

    /// What the leading server does by the clock.
    async fn round(&self, house: usize) -> Answer {
        let db = &self.houses[house].platform.db;
        db.write(async |tx| tx.enqueue(&Job::LookAfterRecoveries).await)
            .await
            .unwrap();
        Answer {
            status: 200,
            text: String::new(),
        }
    }

    fn set_clock(&self, now: DateTime<Utc>) {
        self.clock.advance(now - self.clock.now());
    }

    /// Does the jobs, reads the mail, and brings the image up to date.
    pub async fn settle(&mut self, house: usize, after: &mut State) -> Vec<Mail> {
        let (spots, jobs) = self.tables.touched(&mut self.db, &mut self.held).await;
        let mut mails = Vec::new();
        let mut is_touched = !spots.is_empty();
        if jobs {
            jobs::run_due(&self.houses[house].platform).await.unwrap();
            mails = take_mail(&mut self.db).await;
            is_touched |= !self
                .tables
                .touched(&mut self.db, &mut self.held)
                .await
                .0
                .is_empty();
        }
        if is_touched {
            after.image.clone_from(&self.held);
        }
        mails
    }

    /// Sends a form, or asks for a page.
    pub async fn send(
        &mut self,
        house: usize,
        state: &mut State,
        action: Action,
        path: &str,
        fields: Option<&[(&'static str, String)]>,
    ) -> Answer {
        self.requests += 1;
        let House { platform, router } = &self.houses[house];
        let config = &platform.config;
        let prefix = config.cookie_name("");
        let asks = match self.flaw {
            Some(flaw) if flaw.is_shared_cache() && fields.is_none() => (0..BROWSERS)
                .find(|other| state.jars[*other].get(SESSION).is_some())
                .unwrap_or(action.by),
            _ => action.by,
        };
        // A double click on the proof of a sign-up, on the set-up or on a sign-in begins a session anew: the integration suite has it.
        let once =
            path.starts_with("/api/sign-up") || path.starts_with("/api/setup") || path == "/api/sign-in";
        let cookies: Vec<String> = state.jars[asks]
            .cookies
            .iter()
            .filter(|(name, _)| !once || name.as_str() != FORM)
            .map(|(name, value)| format!("{prefix}{name}={value}"))
            .collect();
        let accept = if fields.is_some() {
            "application/json"
        } else {
            "text/html,*/*"
        };
        let mut request = Request::builder()
            .method(if fields.is_some() {
                Method::POST
            } else {
                Method::GET
            })
            .uri(path)
            .header(header::ACCEPT, accept)
            .header(header::HOST, config.public_authority())
            .header(header::ORIGIN, config.public_origin())
            .header(header::USER_AGENT, USER_AGENT)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields.unwrap_or_default())
            .finish();
        let mut request = request.body(Body::from(body)).unwrap();
        let address = Ipv4Addr::new(10, 0, 0, u8::try_from(action.by).unwrap() + 1);
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from((address, 40_000))));
        let response = router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        assert!(
            parts.status.as_u16() < 500,
            "{action} at {path}: {}",
            String::from_utf8_lossy(&body)
        );
        for value in parts.headers.get_all(header::SET_COOKIE) {
            keep(&mut state.jars[action.by], value.to_str().unwrap(), &prefix);
        }
        let text = format!(
            "{:?}\n{}",
            parts.headers.get(header::LOCATION),
            String::from_utf8_lossy(&body)
        );
        Answer {
            status: parts.status.as_u16(),
            text,
        }
    }

    /// Ends the stage; its file goes.
    pub async fn close(self) {
        for house in &self.houses {
            house.platform.db.close().await;
        }
        drop(self.db);
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Puts a cookie of an answer into a jar. Those that no flow reads stay out.
fn keep(jar: &mut Jar, header: &str, prefix: &str) {
    let cookie = Cookie::parse(header.to_owned()).unwrap();
    let Some(name) = cookie.name().strip_prefix(prefix) else {
        return;
    };
    if ["-asked", "-flash", "-lang"].contains(&name) {
        return;
    }
    let is_gone = cookie
        .max_age()
        .is_some_and(cookie::time::SignedDuration::is_zero)
        || cookie.value().is_empty();
    jar.set(name, (!is_gone).then(|| cookie.value().to_owned()));
}

/// What needs no server.
fn apart(state: &mut State, action: Action) {
    let other = (action.by + 1) % BROWSERS;
    match action.call {
        Call::Wait(seconds) => {
            state.now += Duration::seconds(seconds);
            state.waits += 1;
        }
        Call::TakeCookie(name) => {
            let value = state.jars[other].get(name).cloned();
            state.jars[action.by].set(name, value);
        }
        Call::OldSession => {
            let value = state.jars[action.by].old_session.take();
            state.jars[action.by].set(SESSION, value);
        }
        Call::OldFlow => {
            let value = state.jars[action.by].old_flow.take();
            state.jars[action.by].set(FLOW, value);
        }
        call => unreachable!("{call:?} sends a request"),
    }
}

fn note(mut state: State, action: Action) -> State {
    let depth = state.depth() + 1;
    state.path = Some(Arc::new(Step {
        action,
        depth,
        before: state.path.take(),
    }));
    state
}
