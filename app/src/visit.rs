//! One request, as a page or a server function sees it. The server makes it, in one middleware; see
//! `server/src/http/visit.rs`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};
use domain::audit::Origin;
use domain::authentication::asker::Asker;
use domain::authentication::assurance::recovery::FreshCodes;
use domain::authentication::assurance::sign_in_flow::Step;
use domain::authentication::session::{SessionToken, SignedIn};
use domain::authentication::sign_in::Entered;
use domain::authentication::switch_account::Waiting;
use domain::authentication::viewing::Viewing;
use domain::authorization::Desk;
use domain::platform::Platform;
use domain::platform::keys::{PlainToken, TokenHash};
use domain::platform::settings::{Accent, Logo, Settings};
use domain::words::{Language, Words};
use domain::{Code, Error, Refusal, Result};
use leptos::prelude::{expect_context, use_context, with_context};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where the session cookie is kept: the one thing of the web layer that a server function must reach.
pub trait SessionCookie: Send + Sync {
    /// Makes the browser's session the one of this token.
    fn adopt(
        &self,
        token: SessionToken,
        signed_in: SignedIn,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>>;

    /// The token that the browser brought, if its session lives.
    fn token(&self) -> Option<SessionToken>;

    /// Takes the browser's session away.
    fn drop_it(&self) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>>;
}

/// What a page shows again after a refused form without JavaScript. Sealed in a short-lived cookie.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Flash {
    /// The path of the page that it belongs to.
    pub page: String,
    /// The path that the form posted to: a page may have several.
    pub action: String,
    /// Why the form was refused.
    pub refusal: Refusal,
    /// What was typed, secrets apart, by field name.
    pub typed: BTreeMap<String, String>,
}

/// The parts of a [`Visit`].
pub struct Parts {
    /// The domain's tools.
    pub platform: Platform,
    /// The settings that the console changes, as they were when the request came: one page shows one state of them.
    pub settings: Arc<Settings>,
    /// The words in the reader's language.
    pub words: &'static Words,
    /// The client's address, after the trusted proxies.
    pub address: IpAddr,
    /// The request comes from this machine, past no proxy.
    pub is_local: bool,
    /// For the audit; holds the request's id.
    pub origin: Origin,
    /// The path of the request.
    pub path: String,
    /// The path and the query, as they stand in `next`.
    pub target: String,
    /// The query of the request.
    pub query: BTreeMap<String, String>,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
    /// The other accounts of this browser: who went on with another one and did not sign out.
    pub others: Vec<Waiting>,
    /// Who signed in to an account that waits to be erased: not `signed_in`, so that nothing but keeping it is open to them.
    pub leaving: Option<SignedIn>,
    /// Who looks at somebody's account as they see it: nobody is `signed_in` meanwhile, so that nothing but looking is open to them.
    pub viewing: Option<Viewing>,
    /// The browser brought the cookie of a session that is over.
    pub session_ended: bool,
    /// The token of the session cookie that the browser brought, hashed, whether or not its session lives.
    pub came_with: Option<TokenHash>,
    /// The session cookie.
    pub session: Arc<dyn SessionCookie>,
    /// The device cookie, as text.
    pub device: Option<String>,
    /// The cookie of a sign-in in progress, as text.
    pub flow: Option<String>,
    /// The cookie of a browser that is not asked for the second factor, as text.
    pub trusted: Option<String>,
    /// The cookie of forms that do their work once, as text.
    pub form: Option<String>,
    /// The cookie of passkey ceremonies, as text.
    pub ceremony: Option<String>,
    /// Recovery codes that were made a moment ago in this session.
    pub codes: Option<ShownCodes>,
    /// The sign-up that this browser waits for.
    pub pending: Option<Pending>,
    /// The address for which this browser asked for a new password.
    pub asked: Option<String>,
    /// The token of the invitation whose link was opened in this browser by somebody who must sign in to accept it.
    pub invitation: Option<String>,
    /// What a refused form left for this page.
    pub flash: Option<Flash>,
    /// The scheme and host that the browser used, as far as the request tells.
    pub seen_origin: Option<String>,
    /// Cookies to set with the answer.
    pub cookies: Mutex<Vec<NewCookie>>,
}

/// A sign-up that this browser started; sealed in a cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The row.
    pub id: Uuid,
    /// The address, to show it again.
    pub email: String,
}

/// Recovery codes on their way from the form that made them to the page that shows them; sealed in a cookie, because we
/// keep no copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCodes {
    /// The session in which they were made, and in which alone they are shown.
    pub session: Uuid,
    /// The codes.
    pub codes: Vec<String>,
}

/// A cookie to set. All are `HttpOnly`, `SameSite=Lax`, `Path=/`, and `Secure` with the `__Host-` prefix on https.
#[derive(Clone)]
pub enum NewCookie {
    /// The session cookie of another account than the one in use, whose session goes on. `None`: until the window closes.
    Session([u8; 16], Option<Duration>),
    /// The tokens of the accounts that wait; none forgets the cookie. `None`: until the window closes.
    Others(Vec<[u8; 16]>, Option<Duration>),
    /// The device cookie.
    Device(String),
    /// The sign-in in progress; `None` forgets it.
    Flow(Option<String>),
    /// A browser that is not asked for the second factor for some time.
    Trusted(String),
    /// Tells the second post of a form from somebody else's; see `domain/src/authentication/sent_twice.rs`.
    Form(String),
    /// A browser that was given the challenge of a passkey.
    Ceremony(String),
    /// Recovery codes to show; `None` forgets them.
    Codes(Option<ShownCodes>),
    /// The sign-up that this browser waits for; `None` forgets it.
    Pending(Option<Pending>),
    /// The address for which a new password was asked for, to show it again.
    Asked(String),
    /// The token of an invitation whose link was opened by somebody who must sign in to accept it: so it is in no address that is
    /// carried along. `None` forgets it.
    Invitation(Option<String>),
    /// The language of pages for whoever is not signed in.
    Language(Language),
}

/// One request. Cheap to clone.
#[derive(Clone)]
pub struct Visit(Arc<Parts>);

impl std::ops::Deref for Visit {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Visit {
    /// Wraps the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The visit of the request that is being answered.
    pub fn current() -> Self {
        expect_context::<Self>()
    }

    /// Like [`Visit::current`], or `None` where there is no request (the list of routes is made without one).
    pub fn try_current() -> Option<Self> {
        use_context::<Self>()
    }

    /// Sets a cookie with the answer.
    pub fn set_cookie(&self, cookie: NewCookie) {
        self.cookies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(cookie);
    }

    /// The cookies to set.
    pub fn take_cookies(&self) -> Vec<NewCookie> {
        std::mem::take(&mut *self.cookies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The device cookie's token.
    pub fn device(&self) -> Option<PlainToken> {
        self.device.as_deref().and_then(PlainToken::parse)
    }

    /// Who asks, as the use cases want to know it.
    pub fn asker(&self) -> Asker {
        Asker {
            address: self.address,
            origin: self.origin.clone(),
            device: self.device(),
            flow: self.flow(),
            form: self.form.as_deref().and_then(PlainToken::parse),
            trusted: self.trusted.as_deref().and_then(PlainToken::parse),
            ceremony: self.ceremony.as_deref().and_then(PlainToken::parse),
            came_with: self.came_with,
            replaces: self
                .signed_in
                .as_ref()
                .or(self.leaving.as_ref())
                .or(self.viewing.as_ref().map(|viewing| &viewing.operator))
                .map(|session| session.session_id),
            beside: self.others.iter().map(|other| other.session.session_id).collect(),
        }
    }

    /// Who asks for another account beside the one in use.
    pub fn asker_beside(&self) -> Asker {
        self.asker().adding()
    }

    /// Gives the browser the cookie that a form of one use needs, if it has none.
    pub fn keep_form(&self) {
        if self.form.as_deref().and_then(PlainToken::parse).is_none() {
            let token = PlainToken::generate(&self.platform.entropy);
            self.set_cookie(NewCookie::Form(token.reveal()));
        }
    }

    /// The token of the sign-in in progress.
    pub fn flow(&self) -> Option<PlainToken> {
        self.flow.as_deref().and_then(PlainToken::parse)
    }

    /// Gives the browser what a step of a sign-in brought, and says where it goes on: to what is still owed, or in.
    pub async fn go_on(&self, step: Step, beside: bool, next: &str) -> Result<String> {
        match step {
            Step::Challenge(token) => {
                self.set_cookie(NewCookie::Flow(Some(token.reveal())));
                Ok("/sign-in/challenge".to_owned())
            }
            Step::Entered(entered) => {
                let (reopened, stopped_recovery) = (entered.reopened, entered.stopped_recovery);
                if self.flow.is_some() {
                    self.set_cookie(NewCookie::Flow(None));
                }
                if beside && self.signed_in.is_some() {
                    self.admit_beside(*entered).await?;
                } else {
                    self.admit(*entered).await?;
                }
                Ok(if stopped_recovery {
                    "/account?done=recovery-stopped".to_owned()
                } else if reopened {
                    "/account?done=reopened".to_owned()
                } else {
                    crate::sign_in::after(Some(next))
                })
            }
        }
    }

    /// Carries fresh recovery codes to the page that shows them, and says where that is.
    pub fn show_codes(&self, session: Uuid, fresh: &FreshCodes) -> String {
        let codes = fresh.codes.iter().map(|code| code.to_string()).collect();
        self.set_cookie(NewCookie::Codes(Some(ShownCodes { session, codes })));
        "/account/security/recovery-codes".to_owned()
    }

    /// The recovery codes that were made a moment ago in this session.
    pub fn fresh_codes(&self) -> Option<&ShownCodes> {
        let session = self.signed_in.as_ref()?.session_id;
        self.codes.as_ref().filter(|codes| codes.session == session)
    }

    /// Whose pages are shown: of whoever is signed in, or of whom they look at. For looking: what changes something asks
    /// [`person`](Self::person).
    pub fn reader(&self) -> Option<&SignedIn> {
        self.signed_in
            .as_ref()
            .or_else(|| self.viewing.as_ref().and_then(Viewing::pages))
    }

    /// Who is signed in, for a server function that nobody else may call.
    ///
    /// # Errors
    /// Refused with [`Code::SignedOut`].
    pub fn person(&self) -> Result<&SignedIn> {
        self.signed_in
            .as_ref()
            .ok_or_else(|| Error::form(Code::SignedOut))
    }

    /// Where whoever is signed in works in the console.
    ///
    /// # Errors
    /// Refused with [`Code::SignedOut`].
    pub fn desk(&self) -> Result<Desk<'_>> {
        Ok(Desk {
            platform: &self.platform,
            session: self.person()?,
            origin: &self.origin,
        })
    }

    /// Gives the browser its cookies after somebody was let in. It keeps their language too, so that the door still
    /// speaks it once they have signed out.
    pub async fn admit(&self, entered: Entered) -> Result<()> {
        let theirs = self.settings.languages.of(&entered.session.locale);
        if theirs != self.words.language() {
            self.set_cookie(NewCookie::Language(theirs));
        }
        self.session.adopt(entered.token, entered.session).await?;
        self.know(&entered.device, entered.trusted.as_ref());
        Ok(())
    }

    /// The same for another account: the one in use waits from now on.
    pub async fn admit_beside(&self, entered: Entered) -> Result<()> {
        self.change_over(entered.token, entered.session).await?;
        self.know(&entered.device, entered.trusted.as_ref());
        Ok(())
    }

    fn know(&self, device: &PlainToken, trusted: Option<&PlainToken>) {
        self.set_cookie(NewCookie::Device(device.reveal()));
        if let Some(trusted) = trusted {
            self.set_cookie(NewCookie::Trusted(trusted.reveal()));
        }
    }

    /// Gives the browser the session of another account; the one in use, if any, waits from now on.
    pub async fn change_over(&self, token: SessionToken, session: SignedIn) -> Result<()> {
        let now = self.platform.clock.now();
        let mut waiting: Vec<([u8; 16], &SignedIn)> = self
            .others
            .iter()
            .filter(|other| other.session.user_id != session.user_id)
            .map(|other| (other.token.reveal(), &other.session))
            .collect();
        let parked = self.session.token().zip(self.signed_in.as_ref());
        let parked = parked.filter(|(_, current)| current.user_id != session.user_id);
        if let Some((own, current)) = &parked {
            waiting.push((own.reveal(), *current));
            // Not through tower-sessions, which would end the session that waits.
            self.set_cookie(NewCookie::Session(token.reveal(), cookie_life(&session, now)));
        } else {
            self.session.adopt(token, session).await?;
        }
        // A session that goes with the window takes the whole cookie along.
        let lives: Option<Vec<Duration>> = waiting
            .iter()
            .map(|(_, session)| cookie_life(session, now))
            .collect();
        let life = lives.and_then(|lives| lives.into_iter().max());
        let tokens = waiting.into_iter().map(|(token, _)| token).collect();
        self.set_cookie(NewCookie::Others(tokens, life));
        Ok(())
    }

    /// What a refused form left for the page of this request.
    pub fn flash_here(&self) -> Option<&Flash> {
        self.flash.as_ref().filter(|flash| flash.page == self.path)
    }

    /// What was left by the form of this page that posts to `action`.
    pub fn flash_of(&self, action: &str) -> Option<&Flash> {
        self.flash_here().filter(|flash| flash.action == action)
    }
}

/// How long a session's cookie is kept: to its end with "stay signed in", else until the window closes.
fn cookie_life(session: &SignedIn, now: DateTime<Utc>) -> Option<Duration> {
    session.remember.then(|| session.expires_at - now)
}

/// What a page is made of where there is no [`Visit`]: an error before any page was reached.
#[derive(Clone)]
pub struct Bare {
    /// What the operator calls the server.
    pub product: String,
    /// The accent that the operator chose.
    pub accent: Option<Accent>,
    /// The logo that the operator uploaded.
    pub logo: Option<Logo>,
    /// The words in the reader's language.
    pub words: &'static Words,
}

/// The operator's logo, if there is one.
pub fn logo() -> Option<Logo> {
    with_context::<Visit, _>(|visit| visit.settings.logo.clone())
        .or_else(|| with_context::<Bare, _>(|bare| bare.logo.clone()))
        .flatten()
}

/// A message of the catalog, in the language of the request.
pub fn t(id: &str) -> String {
    t_with(id, &[])
}

/// A message with arguments.
pub fn t_with(id: &str, arguments: &[(&str, &str)]) -> String {
    let say = |words: &Words, product: &str| {
        let all: Vec<_> = arguments.iter().copied().chain([("product", product)]).collect();
        words.text_with(id, &all)
    };
    with_context::<Visit, _>(|visit| say(visit.words, &visit.settings.product_name))
        .or_else(|| with_context::<Bare, _>(|bare| say(bare.words, &bare.product)))
        .unwrap_or_else(|| say(Words::of(Language::default()), "Latchstring"))
}

/// The words of the request.
pub fn words() -> &'static Words {
    with_context::<Visit, _>(|visit| visit.words)
        .or_else(|| with_context::<Bare, _>(|bare| bare.words))
        .unwrap_or_else(|| Words::of(Language::default()))
}
