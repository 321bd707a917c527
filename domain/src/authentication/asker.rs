//! The browser behind a request, as far as the use cases of this folder want to know it.

use std::net::IpAddr;

use uuid::Uuid;

use crate::audit::Origin;
use crate::platform::keys::{PlainToken, TokenHash};

/// Who asks: made once a request, from its connection and its cookies. None of it proves who the person is.
#[derive(Clone)]
pub struct Asker {
    /// The client's address, after the trusted proxies: what limits count by.
    pub address: IpAddr,
    /// For the audit, and for the session's row.
    pub origin: Origin,
    /// The device cookie, if the browser has one.
    pub device: Option<PlainToken>,
    /// The cookie of a sign-in in progress, if the browser has one.
    pub flow: Option<PlainToken>,
    /// The cookie that a page with a form of one use sets, if the browser has it: [`sent_twice`](crate::authentication::sent_twice).
    pub form: Option<PlainToken>,
    /// The cookie of a browser that is not asked for the second factor, if it has one.
    pub trusted: Option<PlainToken>,
    /// The cookie of passkey ceremonies, if the browser has one.
    pub ceremony: Option<PlainToken>,
    /// The token of the session cookie that the browser brought, hashed; also of a session that is over, or has another token by now.
    pub came_with: Option<TokenHash>,
    /// The session that the browser is in now; one that is started takes its place.
    pub replaces: Option<Uuid>,
    /// The sessions of other accounts that wait in this browser. One of them ends when its person signs in again.
    pub beside: Vec<Uuid>,
}

impl Asker {
    /// The same browser, adding an account beside the one that it is in.
    #[must_use]
    pub fn adding(mut self) -> Self {
        self.beside.extend(self.replaces.take());
        self
    }
}
