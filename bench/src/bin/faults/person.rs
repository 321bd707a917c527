//! One person, what they know to be true of their account, and what they do next.

use std::time::{Duration, Instant};

use bench::Result;
use bench::browser::Browser;
use rand::Rng as _;
use rand::rngs::StdRng;

use crate::ledger::Deed;
use crate::world::{Known, World};

/// Sessions that one person keeps an eye on, living or ended.
const MOST_SESSIONS: usize = 6;

/// A person. Only one thing at a time is done for them.
pub struct Person {
    /// The mail address.
    pub email: String,
    password: String,
    browser: Browser,
    state: State,
    sessions: Vec<Session>,
    /// A reset was asked for, when so many mails had come.
    forgot: Option<usize>,
    /// Guesses at their password are refused until then: said by the server.
    blocked_until: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Signed up, and waits for the mail.
    Applied,
    /// Has an account.
    Member,
}

struct Session {
    cookie: (String, String),
    lives: bool,
}

impl Person {
    /// Signs somebody new up; `None` if it is open whether that was taken.
    pub async fn sign_up(world: &World, dice: &mut StdRng) -> Result<Option<Self>> {
        let number = world.number();
        let email = format!("person{number}@example.com");
        let password = new_password(dice);
        let mut browser = world.browser();
        let form = [
            ("name", "Somebody New"),
            ("email", &email),
            ("password", &password),
        ];
        Ok(
            match world.ask(&email, &mut browser, Deed::SignUp, &form).await? {
                Known::Done => Some(Self {
                    email,
                    password,
                    browser,
                    state: State::Applied,
                    sessions: Vec::new(),
                    forgot: None,
                    blocked_until: None,
                }),
                Known::Refused(code, _) => {
                    world.broken(format!("a sign-up of {email} was refused: {code}"));
                    None
                }
                Known::Open => None,
            },
        )
    }

    /// True once they have an account.
    pub fn is_member(&self) -> bool {
        self.state == State::Member
    }

    /// Does what the dice say.
    pub async fn step(&mut self, world: &World, dice: &mut StdRng) -> Result<()> {
        if self.state == State::Applied {
            let token = world.mail.token(&self.email, "/sign-up/verify", 0);
            return match token {
                Some(token) if dice.random_ratio(1, 4) => self.verify_at_once(world, &token).await,
                Some(token) => self.verify(world, &token).await,
                None => Ok(()),
            };
        }
        if let Some(since) = self.forgot
            && let Some(token) = world.mail.token(&self.email, "/reset-password", since)
        {
            self.forgot = None;
            return self.reset(world, dice, &token).await;
        }
        match dice.random_range(0..100) {
            0..40 => self.look_at_a_session(world, dice).await,
            40..70 => self.sign_in(world).await,
            70..88 => self.sign_out(world, dice).await,
            _ if self.forgot.is_none() => self.forgot(world).await,
            _ => Ok(()),
        }
    }

    async fn verify(&mut self, world: &World, token: &str) -> Result<()> {
        let deed = Deed::Verify {
            token: token.to_owned(),
        };
        let known = world
            .ask(&self.email, &mut self.browser, deed, &[("token", token)])
            .await?;
        match known {
            Known::Done => self.enter(),
            Known::Refused(code, _) => {
                world.broken(format!("I1: the link of {} was refused: {code}", self.email));
            }
            Known::Open => self.settle_verify(world, token).await?,
        }
        Ok(())
    }

    /// Follows the link three times at the same moment.
    async fn verify_at_once(&mut self, world: &World, token: &str) -> Result<()> {
        let deed = Deed::Verify {
            token: token.to_owned(),
        };
        let (email, form) = (self.email.clone(), [("token", token)]);
        let mut browsers = [self.browser.clone(), self.browser.clone(), self.browser.clone()];
        let [one, two, three] = &mut browsers;
        let known = tokio::try_join!(
            world.ask(&email, one, deed.clone(), &form),
            world.ask(&email, two, deed.clone(), &form),
            world.ask(&email, three, deed, &form)
        )?;
        let known = [known.0, known.1, known.2];
        let done: Vec<usize> = (0..3).filter(|at| matches!(known[*at], Known::Done)).collect();
        if done.len() > 1 {
            world.broken(format!("I4: the link of {email} worked {} times", done.len()));
        }
        if let Some(first) = done.first() {
            self.browser = browsers[*first].clone();
            self.enter();
        } else if known.iter().any(|known| matches!(known, Known::Open)) {
            self.settle_verify(world, token).await?;
        } else {
            world.broken(format!("I1: the link of {email} was refused three times at once"));
        }
        Ok(())
    }

    /// The link was followed and nobody knows what came of it: it works now, or the account is there.
    async fn settle_verify(&mut self, world: &World, token: &str) -> Result<()> {
        let deed = Deed::Verify {
            token: token.to_owned(),
        };
        let form = [("token", token)];
        match self.insist(world, &deed, &form).await? {
            Known::Done => self.enter(),
            Known::Refused(code, _) if code == "link-used" => {
                self.state = State::Member;
                self.sign_in(world).await?;
            }
            known => world.broken(format!(
                "I2: the link of {} is neither used nor open: {known:?}",
                self.email
            )),
        }
        Ok(())
    }

    /// Signs in with the right password, from a browser that the server does not know.
    pub async fn sign_in(&mut self, world: &World) -> Result<()> {
        self.browser = world.browser();
        let password = self.password.clone();
        match self.try_password(world, &password, Deed::SignIn).await? {
            Known::Done => self.enter(),
            Known::Refused(code, _) => {
                world.broken(format!("I1: {} can't sign in: {code}", self.email));
            }
            Known::Open => {}
        }
        Ok(())
    }

    /// Waits as long as the server says: attempts whose answer was lost count as failed.
    async fn try_password(&mut self, world: &World, password: &str, deed: Deed) -> Result<Known> {
        let email = self.email.clone();
        loop {
            let form = [("email", email.as_str()), ("password", password)];
            let known = world.ask(&email, &mut self.browser, deed.clone(), &form).await?;
            let Known::Refused(code, answer) = &known else {
                return Ok(known);
            };
            if code != "too-many-attempts" {
                return Ok(known);
            }
            world.count("sign-ins that had to wait", 1);
            let wait: u64 = answer
                .header("retry-after")
                .and_then(|wait| wait.parse().ok())
                .unwrap_or(1);
            if world.has_clock_that_jumps() {
                tokio::time::sleep(Duration::from_millis(200)).await;
                return Ok(Known::Open);
            }
            if wait > 60 {
                world.broken(format!("{email} is told to wait {wait} s"));
                return Ok(known);
            }
            tokio::time::sleep(Duration::from_secs(wait)).await;
        }
    }

    /// Guesses wrong. Whoever was told to wait is not let off by anything that happens to the server (I6).
    pub async fn guess(&mut self, world: &World) -> Result<()> {
        let email = self.email.clone();
        let mut browser = world.browser();
        let form = [
            ("email", email.as_str()),
            ("password", "this is not the password"),
        ];
        let blocked = self.blocked_until.is_some_and(|until| Instant::now() < until);
        match world.ask(&email, &mut browser, Deed::Guess, &form).await? {
            Known::Done => world.broken(format!("a wrong password let somebody in as {email}")),
            Known::Refused(code, answer) if code == "too-many-attempts" => {
                let wait: u64 = answer
                    .header("retry-after")
                    .and_then(|wait| wait.parse().ok())
                    .unwrap_or(0);
                // The answer is rounded up to seconds.
                let wait = Duration::from_secs(wait).saturating_sub(Duration::from_millis(1200));
                let until = Instant::now() + wait;
                self.blocked_until = Some(self.blocked_until.map_or(until, |before| before.max(until)));
            }
            Known::Refused(..) if blocked && !world.has_clock_that_jumps() => {
                world.broken(format!(
                    "I6: a guess at {email} was looked at while guesses were to wait"
                ));
            }
            Known::Refused(..) | Known::Open => {}
        }
        Ok(())
    }

    async fn sign_out(&mut self, world: &World, dice: &mut StdRng) -> Result<()> {
        let Some(at) = self.pick(dice, |session| session.lives) else {
            return Ok(());
        };
        let mut browser = self.browser.with_session(&self.sessions[at].cookie);
        let thief = browser.clone();
        match world.ask(&self.email, &mut browser, Deed::SignOut, &[]).await? {
            Known::Done => self.sessions[at].lives = false,
            Known::Refused(code, _) => {
                world.broken(format!("a sign-out of {} was refused: {code}", self.email));
            }
            Known::Open => {
                tokio::time::sleep(world.settle).await;
                self.sessions[at].lives = world.is_signed_in(&mut thief.clone()).await?;
            }
        }
        Ok(())
    }

    async fn look_at_a_session(&mut self, world: &World, dice: &mut StdRng) -> Result<()> {
        let Some(at) = self.pick(dice, |_| true) else {
            return Ok(());
        };
        self.look_at(world, at).await
    }

    async fn look_at(&self, world: &World, at: usize) -> Result<()> {
        let session = &self.sessions[at];
        let lives = world
            .is_signed_in(&mut self.browser.with_session(&session.cookie))
            .await?;
        world.count("sessions looked at", 1);
        if session.lives && !lives {
            world.broken(format!("I1: a session of {} is gone", self.email));
        }
        if !session.lives && lives {
            world.broken(format!("I5: an ended session of {} lets in again", self.email));
        }
        Ok(())
    }

    async fn forgot(&mut self, world: &World) -> Result<()> {
        let since = world.mail.count();
        let email = self.email.clone();
        let known = world
            .ask(&email, &mut self.browser, Deed::Forgot, &[("email", &email)])
            .await?;
        match known {
            // Also if nobody knows: the mail will tell.
            Known::Done | Known::Open => self.forgot = Some(since),
            Known::Refused(code, _) => world.broken(format!("a wish for a new password of {email}: {code}")),
        }
        Ok(())
    }

    async fn reset(&mut self, world: &World, dice: &mut StdRng, token: &str) -> Result<()> {
        let password = new_password(dice);
        let deed = Deed::Reset {
            token: token.to_owned(),
        };
        let form = [("token", token), ("password", password.as_str())];
        let known = world
            .ask(&self.email, &mut self.browser, deed.clone(), &form)
            .await?;
        match known {
            Known::Done => self.password_is_now(password),
            // A newer link took its place: of two wishes that were both taken.
            Known::Refused(code, _) if code == "link-invalid" => {}
            Known::Refused(code, _) => {
                world.broken(format!("I1: the reset of {} was refused: {code}", self.email));
            }
            Known::Open => {
                let before = self.password.clone();
                match self.insist(world, &deed, &form).await? {
                    Known::Done => self.password_is_now(password),
                    Known::Refused(code, _) if code == "link-used" => {
                        self.password_is_now(password);
                        self.sign_in(world).await?;
                        self.browser = world.browser();
                        if let Known::Done = self.try_password(world, &before, Deed::Guess).await? {
                            world.broken(format!("I5: {} signs in with the old password", self.email));
                        }
                        // That was a miss: the right password forgets it.
                        self.sign_in(world).await?;
                    }
                    Known::Refused(code, _) if code == "link-invalid" => {}
                    known => world.broken(format!("I2: the reset of {} is half done: {known:?}", self.email)),
                }
            }
        }
        Ok(())
    }

    fn password_is_now(&mut self, password: String) {
        self.password = password;
        for session in &mut self.sessions {
            session.lives = false;
        }
    }

    /// Asks until it is known what came of it.
    async fn insist(&mut self, world: &World, deed: &Deed, form: &[(&str, &str)]) -> Result<Known> {
        tokio::time::sleep(world.settle).await;
        world.count("requests that were settled afterwards", 1);
        for _ in 0..600 {
            match world
                .ask(&self.email, &mut self.browser, deed.clone(), form)
                .await?
            {
                Known::Open => tokio::time::sleep(Duration::from_millis(100)).await,
                known => return Ok(known),
            }
        }
        Err("I9: the server did not come back within a minute".into())
    }

    /// The browser has a new session.
    fn enter(&mut self) {
        self.state = State::Member;
        let Some((name, value)) = self.browser.session() else {
            return;
        };
        let cookie = (name.to_owned(), value.to_owned());
        self.sessions.push(Session { cookie, lives: true });
        if self.sessions.len() > MOST_SESSIONS {
            self.sessions.remove(0);
        }
    }

    fn pick(&self, dice: &mut StdRng, fits: impl Fn(&Session) -> bool) -> Option<usize> {
        let fitting: Vec<usize> = (0..self.sessions.len())
            .filter(|at| fits(&self.sessions[*at]))
            .collect();
        fitting.get(dice.random_range(0..fitting.len().max(1))).copied()
    }

    /// At the end of a run: everything that they know to be true is so.
    pub async fn look_back(&mut self, world: &World) -> Result<()> {
        if self.state == State::Applied {
            match world.mail.token(&self.email, "/sign-up/verify", 0) {
                Some(token) => self.verify(world, &token).await?,
                None => world.broken(format!("I3: no mail came to {}", self.email)),
            }
        }
        for at in 0..self.sessions.len() {
            self.look_at(world, at).await?;
        }
        self.sign_in(world).await
    }
}

fn new_password(dice: &mut StdRng) -> String {
    format!("quiet harbour {:016x}", dice.random::<u64>())
}
