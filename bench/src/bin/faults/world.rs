//! What the people of a run share: the server's door, the mail, the ledger, and the list of broken promises.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bench::Result;
use bench::browser::{Browser, leads_to, problem};
use bench::house::client_address;
use bench::http::Answer;
use bench::mail::MailServer;

use crate::ledger::{Deed, Entry, Ledger};

/// How long a client waits for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Shared by everybody. Cheap to clone.
#[derive(Clone)]
pub struct World(Arc<Parts>);

/// The parts of a [`World`].
pub struct Parts {
    /// Where requests go.
    pub door: SocketAddr,
    /// The public origin.
    pub origin: String,
    /// The mail server.
    pub mail: Arc<MailServer>,
    /// The ledger.
    pub ledger: Ledger,
    /// How long a request that got no answer may still be under way.
    pub settle: Duration,
    clock_jumps: AtomicBool,
    numbers: AtomicU64,
    clients: AtomicU32,
    broken: Mutex<Vec<String>>,
    counts: Mutex<BTreeMap<String, u64>>,
}

impl std::ops::Deref for World {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What is known after a request.
#[derive(Debug, Clone)]
pub enum Known {
    /// It was done.
    Done,
    /// It was refused, with this code: nothing of it was done.
    Refused(String, Answer),
    /// It may have been done or not.
    Open,
}

impl World {
    /// A world around a server. `settle`: see [`Parts::settle`].
    pub fn new(
        door: SocketAddr,
        origin: &str,
        mail: Arc<MailServer>,
        ledger: Ledger,
        settle: Duration,
    ) -> Self {
        Self(Arc::new(Parts {
            door,
            origin: origin.to_owned(),
            mail,
            ledger,
            settle,
            clock_jumps: AtomicBool::new(false),
            numbers: AtomicU64::new(1),
            clients: AtomicU32::new(0),
            broken: Mutex::default(),
            counts: Mutex::default(),
        }))
    }

    /// A browser that was never seen before.
    pub fn browser(&self) -> Browser {
        let number = self.clients.fetch_add(1, Ordering::Relaxed);
        Browser::new(self.door, &self.origin, client_address(number))
    }

    /// A number that nobody else has.
    pub fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Says that the server's clock jumps: how long somebody has to wait means nothing then.
    pub fn clock_jumps(&self) {
        self.clock_jumps.store(true, Ordering::Relaxed);
    }

    /// Whether it does.
    pub fn has_clock_that_jumps(&self) -> bool {
        self.clock_jumps.load(Ordering::Relaxed)
    }

    /// Notes a broken promise.
    pub fn broken(&self, what: String) {
        eprintln!("    BROKEN {what}");
        self.broken
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(what);
    }

    /// The broken promises so far.
    pub fn all_broken(&self) -> Vec<String> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts something for the report.
    pub fn count(&self, what: &str, by: u64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(what.to_owned()).or_default() += by;
    }

    /// The counts.
    pub fn counts(&self) -> BTreeMap<String, u64> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Does a deed as this browser: into the ledger, to the server, into the ledger.
    pub async fn ask(
        &self,
        person: &str,
        browser: &mut Browser,
        deed: Deed,
        form: &[(&str, &str)],
    ) -> Result<Known> {
        let path = match deed {
            Deed::SignUp => "/api/sign-up",
            Deed::Verify { .. } => "/api/sign-up-verify",
            Deed::SignIn | Deed::Guess => "/api/sign-in",
            Deed::SignOut => "/sign-out",
            Deed::Forgot => "/api/forgot-password",
            Deed::Reset { .. } => "/api/reset-password",
        };
        let number = self.number();
        self.ledger
            .write(Entry::Asked {
                number,
                person: person.to_owned(),
                deed,
            })
            .await?;
        let asked = tokio::time::timeout(PATIENCE, browser.post(path, form)).await;
        let answer = match asked {
            Ok(Ok(answer)) => answer,
            failed => {
                self.count(
                    if failed.is_err() {
                        "requests without an answer in 20 s"
                    } else {
                        "requests cut off"
                    },
                    1,
                );
                self.ledger.write(Entry::Open { number }).await?;
                return Ok(Known::Open);
            }
        };
        self.count(&format!("answers {}", answer.status), 1);
        if answer.status >= 500 {
            self.look_at_failure(path, &answer);
            self.ledger.write(Entry::Open { number }).await?;
            return Ok(Known::Open);
        }
        let done = leads_to(&answer).is_some();
        self.ledger
            .write(Entry::Answered {
                number,
                status: answer.status,
                done,
                request: answer.header("x-request-id").unwrap_or_default().to_owned(),
            })
            .await?;
        Ok(if done {
            Known::Done
        } else {
            Known::Refused(problem(&answer).unwrap_or_default(), answer)
        })
    }

    /// A part of the server that is away is said with 503 and a time to come back, and with nothing else.
    fn look_at_failure(&self, path: &str, answer: &Answer) {
        if answer.status != 503 {
            let id = answer.header("x-request-id").unwrap_or_default();
            self.broken(format!(
                "{path} was answered {} (request {id}): {}",
                answer.status,
                answer.text()
            ));
        } else if answer.header("retry-after").is_none() {
            self.broken(format!("{path} was answered 503 without Retry-After"));
        }
    }

    /// Asks who is signed in, until the server knows: `true` or `false`.
    pub async fn is_signed_in(&self, browser: &mut Browser) -> Result<bool> {
        for _ in 0..600 {
            let asked = tokio::time::timeout(PATIENCE, browser.session_status()).await;
            match asked {
                Ok(Ok(200)) => return Ok(true),
                Ok(Ok(401)) => return Ok(false),
                Ok(Ok(503) | Err(_)) | Err(_) => {}
                Ok(Ok(other)) => self.broken(format!("/api/v1/session was answered {other}")),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err("I9: the server did not come back within a minute".into())
    }
}
