//! What the clients of the load do.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use bench::browser::{Browser, leads_to};
use bench::http::Connection;
use bench::mail::MailServer;
use bench::pace::{AsyncRepeat, Outcome};

/// The password of everybody.
pub const PASSWORD: &str = "quiet harbour before dawn";
/// How long a mail may take.
const MAIL: Duration = Duration::from_secs(20);

/// Numbers that no two clients share: addresses and mailboxes are made of them.
#[derive(Debug, Default)]
pub struct Numbers(AtomicU32);

impl Numbers {
    /// The next one.
    pub fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Where the people of a run come from and go to.
#[derive(Debug, Clone)]
pub struct Town {
    /// Where the server listens.
    pub door: SocketAddr,
    /// Its public origin.
    pub origin: String,
    /// The mail server.
    pub mail: Arc<MailServer>,
    /// For addresses of clients.
    pub clients: Arc<Numbers>,
    /// For mailboxes of people who sign up.
    pub people: Arc<Numbers>,
    /// How many people have an account.
    pub accounts: Arc<AtomicUsize>,
}

impl Town {
    /// A browser that was never seen before.
    pub fn browser(&self) -> Browser {
        Browser::new(self.door, &self.origin, self.address())
    }

    /// An address that no client had before.
    fn address(&self) -> Ipv4Addr {
        bench::house::client_address(self.clients.next())
    }

    /// The address of the n-th of those who have an account, round and round.
    pub fn resident(&self, number: usize) -> String {
        email(u32::try_from(number % self.accounts.load(Ordering::Relaxed).max(1)).unwrap_or(0))
    }
}

/// The mail address of a person.
pub fn email(number: u32) -> String {
    format!("person{number}@example.com")
}

/// One request again and again, over one connection.
#[derive(Debug)]
pub struct Gets {
    door: SocketAddr,
    request: Vec<u8>,
    connection: Option<Connection>,
}

impl Gets {
    /// Asks for a path as this browser.
    pub fn new(browser: &Browser, path: &str, more: &str) -> Self {
        Self {
            door: browser.door,
            request: browser.get_bytes(path, more),
            connection: None,
        }
    }
}

impl AsyncRepeat for Gets {
    async fn once(&mut self) -> Outcome {
        let mut connection = match self.connection.take() {
            Some(open) => open,
            None => match Connection::open(self.door).await {
                Ok(new) => new,
                Err(_) => return Outcome::Failed,
            },
        };
        match connection.ask(&self.request).await {
            Ok(answer) if answer.status == 200 => {
                if !answer.last {
                    self.connection = Some(connection);
                }
                Outcome::Done
            }
            _ => Outcome::Failed,
        }
    }
}

/// Signs up, waits for the mail, follows its link.
#[derive(Debug)]
pub struct SignsUp(pub Town);

impl AsyncRepeat for SignsUp {
    async fn once(&mut self) -> Outcome {
        let town = &self.0;
        let mut browser = town.browser();
        let email = email(town.people.next());
        let since = town.mail.count();
        match browser.sign_up("Somebody New", &email, PASSWORD).await {
            Ok(answer) if leads_to(&answer).is_some() => {}
            Ok(answer) if answer.status == 503 => return Outcome::Refused,
            _ => return Outcome::Failed,
        }
        let token = town
            .mail
            .wait_for_token(&email, "/sign-up/verify", since, MAIL)
            .await;
        match browser.verify(&token.unwrap_or_default()).await {
            Ok(answer) if leads_to(&answer).as_deref() == Some("/account") => {
                town.accounts.fetch_add(1, Ordering::Relaxed);
                Outcome::Done
            }
            _ => Outcome::Failed,
        }
    }
}

/// Asks for a link, waits for the mail, sets the password.
#[derive(Debug)]
pub struct Resets(pub Town, pub Arc<Numbers>);

impl AsyncRepeat for Resets {
    async fn once(&mut self) -> Outcome {
        let town = &self.0;
        let mut browser = town.browser();
        let email = town.resident(self.1.next() as usize);
        let since = town.mail.count();
        match browser.forgot(&email).await {
            Ok(answer) if leads_to(&answer).is_some() => {}
            _ => return Outcome::Failed,
        }
        let token = town
            .mail
            .wait_for_token(&email, "/reset-password", since, MAIL)
            .await;
        match browser.reset(&token.unwrap_or_default(), PASSWORD).await {
            Ok(answer) if leads_to(&answer).is_some_and(|page| page.starts_with("/sign-in")) => Outcome::Done,
            Ok(answer) if answer.status == 503 => Outcome::Refused,
            _ => Outcome::Failed,
        }
    }
}

/// Signs in, each time from a browser that was never seen before.
#[derive(Debug)]
pub struct SignsIn(pub Town, pub usize);

impl AsyncRepeat for SignsIn {
    async fn once(&mut self) -> Outcome {
        sign_in(&self.0, self.1).await
    }
}

/// Signs in again and again from one browser, which is known from the first time on.
#[derive(Debug)]
pub struct ComesBack {
    town: Town,
    number: usize,
    browser: Browser,
}

impl ComesBack {
    /// The n-th resident.
    pub fn new(town: &Town, number: usize) -> Self {
        Self {
            town: town.clone(),
            number,
            browser: town.browser(),
        }
    }
}

impl AsyncRepeat for ComesBack {
    async fn once(&mut self) -> Outcome {
        self.browser.comes_back_from(self.town.address());
        sign_in_from(&mut self.browser, &self.town, self.number).await
    }
}

/// One sign-in of the n-th resident, from a browser that is new.
pub async fn sign_in(town: &Town, number: usize) -> Outcome {
    sign_in_from(&mut town.browser(), town, number).await
}

async fn sign_in_from(browser: &mut Browser, town: &Town, number: usize) -> Outcome {
    match browser.sign_in(&town.resident(number), PASSWORD).await {
        Ok(answer) if leads_to(&answer).as_deref() == Some("/account") => Outcome::Done,
        Ok(answer) if answer.status == 503 => Outcome::Refused,
        _ => Outcome::Failed,
    }
}
