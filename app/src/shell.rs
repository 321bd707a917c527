//! The document around every page, the routes of the pages, and the Content-Security-Policy.

use domain::platform::settings::Accent;
use domain::words::Words;
use http::{HeaderName, HeaderValue, header};
use leptos::config::LeptosOptions;
use leptos::hydration::HydrationScripts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use crate::account::{
    AccountPage, ActivityPage, AlarmedPage, AuthenticatorPage, ClosePage, DataPage, DevicesPage, EmailPage,
    KeepAccountPage, PasskeyPage, PhonePage, ProfilePage, RecoveryCodesPage, SecurityPage,
};
use crate::challenge::ChallengePage;
use crate::change_email::{ConfirmEmailPage, UndoEmailPage};
use crate::confirm::ConfirmPage;
use crate::console::ConsoleApp;
use crate::dev_inbox::DevInboxPage;
use crate::error_page::{ErrorPage, ErrorView, NotFoundPage};
use crate::invitation::InvitationPage;
use crate::not_me::NotMePage;
use crate::recover::{RecoverCancelPage, RecoverFinishPage, RecoverPage};
use crate::reset_password::{ForgotPasswordPage, ResetPasswordPage};
use crate::set_up::SetUpPage;
use crate::sign_in::{HomePage, SignInPage};
use crate::sign_out::SignOutPage;
use crate::sign_up::{SignUpPage, VerifyPage};
use crate::viewing::ViewingPage;
use crate::visit::{Bare, Visit, t_with, words};

/// Leptos wakes the islands of a page once the browser is idle, however late that is. It is idle half a second after the page came at the
/// latest: where something moves all the time the browser would never say so, and where nothing moves it forgets to at times.
const AWAKE_SOON: &str = "if(window.requestIdleCallback){const idle=requestIdleCallback;\
    window.requestIdleCallback=(act,when)=>idle(act,{timeout:500,...when})}";

/// The whole document. `options.site_pkg_dir` holds the build's hash, so that its files can be cached for ever.
pub fn shell(options: LeptosOptions, rooms: Rooms) -> impl IntoView {
    allow_own_scripts();
    tell_language();
    let styles = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html lang=words().tag() dir=words().direction()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" content="#faf7f2" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#15110e" media="(prefers-color-scheme: dark)"/>
                <link rel="icon" href="/favicon.ico" sizes="32x32"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                <link rel="stylesheet" href=styles/>
                {accent_styles(&options, Visit::try_current().and_then(|visit| visit.settings.accent))}
                <script nonce=use_nonce()>{AWAKE_SOON}</script>
                <HydrationScripts options islands=true/>
                <MetaTags/>
            </head>
            <body>
                {match rooms {
                    Rooms::House => view! { <App/> }.into_any(),
                    Rooms::Console => view! { <ConsoleApp/> }.into_any(),
                }}
            </body>
        </html>
    }
}

/// The style sheet of the accent that the operator chose, behind the house's own.
fn accent_styles(options: &LeptosOptions, accent: Option<Accent>) -> impl IntoView + use<> {
    let folder = options.site_pkg_dir.to_string();
    accent.map(
        |accent| view! { <link rel="stylesheet" href=format!("/{folder}/accent/{}.css", accent.name())/> },
    )
}

/// Which router has the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rooms {
    /// The door and the account: [`App`].
    House,
    /// `/admin` and what is below: [`ConsoleApp`].
    Console,
}

impl Rooms {
    /// The one for a path.
    pub fn of(path: &str) -> Self {
        match path.strip_prefix("/admin") {
            Some("") => Self::Console,
            Some(below) if below.starts_with('/') => Self::Console,
            _ => Self::House,
        }
    }
}

/// The routes of the pages. Each is rendered whole, so that it works without JavaScript and has the right status.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=SetUpPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-up") view=SignUpPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-up/verify") view=VerifyPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in/challenge") view=ChallengePage ssr=SsrMode::Async/>
                <Route path=path!("/sign-out") view=SignOutPage ssr=SsrMode::Async/>
                <Route path=path!("/forgot-password") view=ForgotPasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/reset-password") view=ResetPasswordPage ssr=SsrMode::Async/>
                <Route path=path!("/recover") view=RecoverPage ssr=SsrMode::Async/>
                <Route path=path!("/recover/finish") view=RecoverFinishPage ssr=SsrMode::Async/>
                <Route path=path!("/recover/cancel") view=RecoverCancelPage ssr=SsrMode::Async/>
                <Route path=path!("/invitation") view=InvitationPage ssr=SsrMode::Async/>
                <Route path=path!("/not-me") view=NotMePage ssr=SsrMode::Async/>
                <Route path=path!("/confirm") view=ConfirmPage ssr=SsrMode::Async/>
                <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                <Route path=path!("/account/profile") view=ProfilePage ssr=SsrMode::Async/>
                <Route path=path!("/account/email") view=EmailPage ssr=SsrMode::Async/>
                <Route path=path!("/account/close") view=ClosePage ssr=SsrMode::Async/>
                <Route path=path!("/confirm-email") view=ConfirmEmailPage ssr=SsrMode::Async/>
                <Route path=path!("/undo-email") view=UndoEmailPage ssr=SsrMode::Async/>
                <Route path=path!("/account/security") view=SecurityPage ssr=SsrMode::Async/>
                <Route path=path!("/account/security/authenticator") view=AuthenticatorPage ssr=SsrMode::Async/>
                <Route path=path!("/account/security/phone") view=PhonePage ssr=SsrMode::Async/>
                <Route path=path!("/account/security/passkey") view=PasskeyPage ssr=SsrMode::Async/>
                <Route path=path!("/account/security/recovery-codes") view=RecoveryCodesPage ssr=SsrMode::Async/>
                <Route path=path!("/account/sessions") view=DevicesPage ssr=SsrMode::Async/>
                <Route path=path!("/account/activity") view=ActivityPage ssr=SsrMode::Async/>
                <Route path=path!("/account/not-me") view=AlarmedPage ssr=SsrMode::Async/>
                <Route path=path!("/account/data") view=DataPage ssr=SsrMode::Async/>
                <Route path=path!("/keep-account") view=KeepAccountPage ssr=SsrMode::Async/>
                <Route path=path!("/viewing") view=ViewingPage ssr=SsrMode::Async/>
                <Route path=path!("/dev/inbox") view=DevInboxPage ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}

/// The document of an error that no page answered (a limit, a panic, a wrong host). It carries no script.
pub fn error_document(options: &LeptosOptions, page: ErrorPage) -> impl IntoView + use<> {
    provide_meta_context();
    // Written out: no stream of a page follows that would put what the page calls itself into the head.
    let title = t_with("page-title", &[("page", &page.title(words()))]);
    let styles = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html lang=words().tag() dir=words().direction()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=styles/>
                {accent_styles(options, use_context::<Bare>().and_then(|bare| bare.accent))}
                <title>{title}</title>
            </head>
            <body><ErrorView page words=words()/></body>
        </html>
    }
}

/// Says in which language the page is, and by what it was chosen (RFC 9110 §8.5, §12.5.5).
pub fn language_headers(words: &Words) -> [(HeaderName, HeaderValue); 2] {
    [
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(words.tag())),
        (
            header::VARY,
            HeaderValue::from_static("accept-encoding, accept-language, cookie"),
        ),
    ]
}

fn tell_language() {
    if let Some(options) = use_context::<ResponseOptions>() {
        for (name, value) in language_headers(words()) {
            options.insert_header(name, value);
        }
    }
}

/// The policy of a page: its own scripts by nonce, its own wasm, its own styles, nothing from elsewhere (ASVS 3.4.3).
fn allow_own_scripts() {
    let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'; object-src 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
