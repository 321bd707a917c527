//! Every way in: which path, which method, who may call it. The router is built here and nowhere else, and a test
//! walks it against [`ROUTES`], so that no route exists that nobody thought about.

use std::sync::Arc;

use app::shell::{App, shell};
use app::visit::Visit;
use axum::Router;
use axum::extract::{FromRef, Request, State};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use domain::platform::Platform;
use domain::platform::doctor::self_call;
use leptos::config::LeptosOptions;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{LeptosRoutes as _, generate_route_list, render_route_with_context};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::assets::Assets;
use crate::serve::Stop;
use crate::session_store::Sessions;
use crate::{
    api, assets, dev_inbox, export, health, http, metrics, recovery_codes, server_functions, sign_out,
};

/// What every handler may use. Cheap to clone.
#[derive(Clone)]
pub struct House {
    /// The domain's tools.
    pub platform: Platform,
    /// How pages find their script, wasm and styles.
    pub options: LeptosOptions,
    /// The files of the pages.
    pub assets: Arc<Assets>,
    /// Where measurements are read.
    pub metrics: PrometheusHandle,
    /// Whether the server is about to stop.
    pub stop: Stop,
}

impl FromRef<House> for LeptosOptions {
    fn from_ref(house: &House) -> Self {
        house.options.clone()
    }
}

impl FromRef<House> for Platform {
    fn from_ref(house: &House) -> Self {
        house.platform.clone()
    }
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anybody.
    Public,
    /// Whoever is signed in; others are sent to the sign-in page or get 401.
    SignedIn,
    /// Whoever is signed in and proved who they are in the last ten minutes, with their second factor if they have one; others are sent to `/confirm` first.
    Confirmed,
    /// The operator's machines: no secret, but nobody else's business.
    Operator,
    /// Development only, from this machine only.
    Development,
}

/// A route, as the documentation and the route walk have it.
#[derive(Debug, Clone, Copy)]
pub struct RouteTag {
    /// The method.
    pub method: &'static str,
    /// The path, in axum's notation.
    pub path: &'static str,
    /// Who may call it.
    pub audience: Audience,
    /// Whether it can start a session: each such way in has the same limits (ASVS 6.1.3).
    pub starts_session: bool,
}

const fn tag(method: &'static str, path: &'static str, audience: Audience) -> RouteTag {
    RouteTag {
        method,
        path,
        audience,
        starts_session: false,
    }
}

const fn way_in(path: &'static str) -> RouteTag {
    RouteTag {
        method: "POST",
        path,
        audience: Audience::Public,
        starts_session: true,
    }
}

/// Every route.
pub const ROUTES: &[RouteTag] = &[
    tag("GET", "/", Audience::Public),
    tag("GET", "/setup", Audience::Public),
    tag("GET", "/sign-up", Audience::Public),
    tag("GET", "/sign-up/verify", Audience::Public),
    tag("GET", "/sign-in", Audience::Public),
    tag("GET", "/sign-out", Audience::Public),
    tag("POST", "/sign-out", Audience::Public),
    tag("POST", "/language", Audience::Public),
    tag("GET", "/forgot-password", Audience::Public),
    tag("GET", "/reset-password", Audience::Public),
    tag("GET", "/recover", Audience::Public),
    tag("POST", "/api/recover", Audience::Public),
    tag("GET", "/recover/finish", Audience::Public),
    tag("POST", "/api/recover-finish", Audience::Public),
    tag("GET", "/recover/cancel", Audience::Public),
    tag("POST", "/api/recover-cancel", Audience::Public),
    tag("GET", "/not-me", Audience::Public),
    tag("POST", "/api/not-me", Audience::Public),
    tag("GET", "/confirm", Audience::SignedIn),
    tag("POST", "/api/confirm", Audience::SignedIn),
    tag("POST", "/api/confirm-mail", Audience::SignedIn),
    tag("GET", "/account", Audience::SignedIn),
    tag("GET", "/account/profile", Audience::SignedIn),
    tag("POST", "/api/save-profile", Audience::SignedIn),
    tag("GET", "/account/email", Audience::Confirmed),
    tag("POST", "/api/change-email", Audience::Confirmed),
    tag("GET", "/confirm-email", Audience::Public),
    tag("POST", "/api/confirm-email", Audience::Public),
    tag("GET", "/undo-email", Audience::Public),
    tag("POST", "/api/undo-email", Audience::Public),
    tag("GET", "/account/close", Audience::Confirmed),
    tag("POST", "/api/close-account", Audience::Confirmed),
    tag("GET", "/account/security", Audience::SignedIn),
    tag("POST", "/api/change-password", Audience::SignedIn),
    tag("GET", "/account/security/authenticator", Audience::Confirmed),
    tag("POST", "/api/add-authenticator", Audience::Confirmed),
    tag("POST", "/api/confirm-authenticator", Audience::Confirmed),
    tag("POST", "/api/remove-authenticator", Audience::Confirmed),
    tag("POST", "/api/add-mail-codes", Audience::Confirmed),
    tag("POST", "/api/remove-mail-codes", Audience::Confirmed),
    tag("POST", "/api/recovery-codes", Audience::Confirmed),
    tag("GET", "/account/security/recovery-codes", Audience::SignedIn),
    tag(
        "POST",
        "/account/security/recovery-codes/download",
        Audience::SignedIn,
    ),
    tag(
        "POST",
        "/account/security/recovery-codes/kept",
        Audience::SignedIn,
    ),
    tag("POST", "/api/end-trust", Audience::Confirmed),
    tag("GET", "/account/sessions", Audience::SignedIn),
    tag("POST", "/api/end-session", Audience::Confirmed),
    tag("POST", "/api/end-other-sessions", Audience::Confirmed),
    tag("GET", "/account/activity", Audience::SignedIn),
    tag("GET", "/account/not-me", Audience::Confirmed),
    // Starts no session: it takes up one that lives, whose token waits in the browser's sealed cookie.
    tag("POST", "/api/switch-account", Audience::Public),
    tag("GET", "/account/data", Audience::Confirmed),
    tag("GET", "/account/data/progress", Audience::SignedIn),
    tag("GET", "/account/data/download/{id}", Audience::Confirmed),
    tag("POST", "/api/export-data", Audience::Confirmed),
    tag("POST", "/api/delete-account", Audience::Confirmed),
    tag("GET", "/keep-account", Audience::Public),
    tag("POST", "/api/keep-account", Audience::Public),
    way_in("/api/sign-in"),
    tag("GET", "/sign-in/challenge", Audience::Public),
    way_in("/api/sign-in-challenge"),
    way_in("/api/sign-in-enrol"),
    tag("POST", "/api/sign-in-challenge-mail", Audience::Public),
    tag("POST", "/api/sign-in-cancel", Audience::Public),
    way_in("/api/sign-up-verify"),
    way_in("/api/setup"),
    tag("POST", "/api/sign-up", Audience::Public),
    tag("POST", "/api/sign-up-resend", Audience::Public),
    tag("POST", "/api/forgot-password", Audience::Public),
    tag("POST", "/api/reset-password", Audience::Public),
    tag("GET", "/api/v1/session", Audience::SignedIn),
    tag("GET", "/health/live", Audience::Public),
    tag("GET", "/health/ready", Audience::Operator),
    tag("GET", "/health/self", Audience::Operator),
    tag("GET", "/metrics", Audience::Operator),
    tag("GET", "/dev/inbox", Audience::Development),
    tag("GET", "/dev/inbox.json", Audience::Development),
    tag("GET", "/dev/inbox/{id}/html", Audience::Development),
    tag("GET", "/pkg/{build}/{*file}", Audience::Public),
    tag("GET", "/favicon.ico", Audience::Public),
    tag("GET", "/favicon.svg", Audience::Public),
    tag("GET", "/apple-touch-icon.png", Audience::Public),
    tag("GET", "/robots.txt", Audience::Public),
];

/// Who may call a server function, by its path.
pub fn audience_of(path: &str) -> Option<Audience> {
    let route = ROUTES
        .iter()
        .find(|route| route.method == "POST" && route.path == path)?;
    Some(route.audience)
}

/// The whole server. Layers run from the bottom of this function to its top.
pub fn router(house: House) -> Router {
    let config = &house.platform.config;
    let sessions = SessionManagerLayer::new(Sessions::new(house.platform.clone()))
        .with_name(config.cookie_name(""))
        .with_secure(config.secure_cookies())
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd);

    let options = house.options.clone();
    let pages = generate_route_list(App);
    let render = render_route_with_context(pages.clone(), visit_context, move || shell(options.clone()));
    let page = move |house: State<House>, request: Request| {
        let form = http::whole::Form::of(&request);
        let page = render(house, request);
        async move { http::whole::make(page.await, form).await }
    };
    let visited = Router::new()
        // With a handler of its own: the plain call would also register the server functions, past `server_functions`.
        .leptos_routes_with_handler(pages, page)
        .route("/sign-out", post(sign_out::sign_out))
        .route("/language", post(http::language::choose))
        .route("/api/{function}", post(server_functions::call))
        .route("/api/v1/session", get(api::session))
        .route(
            "/account/security/recovery-codes/download",
            post(recovery_codes::download),
        )
        .route(
            "/account/security/recovery-codes/kept",
            post(recovery_codes::kept),
        )
        .route("/account/data/progress", get(export::progress))
        .route("/account/data/download/{id}", get(export::download))
        .route("/dev/inbox.json", get(dev_inbox::json))
        .route("/dev/inbox/{id}/html", get(dev_inbox::html))
        .fallback(not_found)
        .layer(from_fn_with_state(house.clone(), http::visit::make))
        .layer(sessions)
        .layer(from_fn_with_state(house.clone(), http::cookies::finish));

    let mut plain = Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route(self_call::PATH, get(health::myself))
        .route("/pkg/{build}/{*file}", get(assets::file));
    for path in assets::ROOT_FILES {
        plain = plain.route(path, get(assets::root_file));
    }
    if config.metrics_listen.is_none() && !config.is_production() {
        plain = plain.route("/metrics", get(metrics::render));
    }

    plain
        .merge(visited)
        .layer(from_fn(http::observe::note_route))
        .layer(from_fn_with_state(house.clone(), http::guard::check))
        .layer(from_fn_with_state(house.clone(), http::error_pages::dress))
        .layer(from_fn_with_state(house.clone(), http::observe::observe))
        // Outermost: whatever the client does, what was begun is finished.
        .layer(from_fn(http::uncancelled::spawn))
        .with_state(house)
}

/// Gives pages and server functions their [`Visit`].
pub fn visit_context() {
    let visit =
        use_context::<::http::request::Parts>().and_then(|parts| parts.extensions.get::<Visit>().cloned());
    if let Some(visit) = visit {
        provide_context(visit);
    }
}

/// A path that there is not; the layer [`http::error_pages`] makes a page of it.
async fn not_found() -> Response {
    http::error_pages::refuse(StatusCode::NOT_FOUND, None)
}
