//! Every way in: which path, which method, who may call it. The router is built here and nowhere else, and a test
//! walks it against [`ROUTES`], so that no route exists that nobody thought about.

use std::ops::Deref;
use std::sync::Arc;

use app::console::ConsoleApp;
use app::shell::{App, Rooms, shell};
use app::visit::Visit;
use axum::extract::{DefaultBodyLimit, FromRef, Request, State};
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use domain::authorization::Permission;
use domain::platform::Platform;
use domain::platform::doctor::self_call;
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use leptos_axum::{LeptosRoutes as _, generate_route_list, render_app_async_with_context};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::Semaphore;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::assets::Assets;
use crate::serve::Stop;
use crate::session_store::Sessions;
use crate::{
    api, assets, audit, dev_inbox, export, health, http, import, logo, metrics, passkeys, people,
    recovery_codes, server_functions, sign_out,
};

/// What every handler may use. Cheap to clone, which axum does for each layer of each request.
#[derive(Clone)]
pub struct House(Arc<Parts>);

/// The parts of a [`House`].
pub struct Parts {
    /// The domain's tools.
    pub platform: Platform,
    /// How pages find their script, wasm and styles.
    pub options: LeptosOptions,
    /// The files of the pages.
    pub assets: Assets,
    /// Who is signed in, by the session cookie.
    pub sessions: Sessions,
    /// Where measurements are read.
    pub metrics: PrometheusHandle,
    /// Whether the server is about to stop.
    pub stop: Stop,
    /// A place for each listener to the audit.
    pub listeners: Arc<Semaphore>,
    /// A place for each copy of the audit that is on its way.
    pub copies: Arc<Semaphore>,
}

impl House {
    /// Wraps the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for House {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
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
    /// Whoever looks at somebody's account as they see it; whoever is signed in is sent on, others are sent to the sign-in page.
    Viewing,
    /// Whoever has this permission: asked for where the page is made, see `Desk`. Others get 403.
    Console(Permission),
    /// The same, and they proved who they are in the last ten minutes.
    ConsoleChange(Permission),
    /// The operator's machines: no secret, but nobody else's business.
    Operator,
    /// Development only, from this machine only.
    Development,
}

impl Audience {
    /// Only somebody who is signed in may call it.
    pub fn is_inside(self) -> bool {
        matches!(
            self,
            Self::SignedIn | Self::Confirmed | Self::Viewing | Self::Console(_) | Self::ConsoleChange(_)
        )
    }
}

/// Whether a route is open to somebody who looks at an account as its owner sees it. Everything is shut that doesn't say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewed {
    /// Shut: it changes something, shows a secret, or is none of the account's pages.
    Never,
    /// A page of the account, as its owner sees it.
    Page,
    /// The way out, also once the look is over; and what finds nobody signed in.
    Always,
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
    /// Whether it is open to somebody who looks at an account as its owner sees it.
    pub viewed: Viewed,
}

impl RouteTag {
    const fn viewed(self, viewed: Viewed) -> Self {
        Self { viewed, ..self }
    }
}

const fn tag(method: &'static str, path: &'static str, audience: Audience) -> RouteTag {
    RouteTag {
        method,
        path,
        audience,
        starts_session: false,
        viewed: Viewed::Never,
    }
}

const fn way_in(path: &'static str) -> RouteTag {
    RouteTag {
        method: "POST",
        path,
        audience: Audience::Public,
        starts_session: true,
        viewed: Viewed::Never,
    }
}

const fn console(path: &'static str, needs: Permission) -> RouteTag {
    tag("GET", path, Audience::Console(needs))
}

const fn console_change(path: &'static str, needs: Permission) -> RouteTag {
    tag("POST", path, Audience::ConsoleChange(needs))
}

/// Every route.
pub const ROUTES: &[RouteTag] = &[
    tag("GET", "/", Audience::Public).viewed(Viewed::Page),
    tag("GET", "/setup", Audience::Public),
    tag("GET", "/sign-up", Audience::Public),
    tag("GET", "/sign-up/verify", Audience::Public),
    tag("GET", "/sign-in", Audience::Public),
    tag("GET", "/sign-out", Audience::Public).viewed(Viewed::Always),
    tag("POST", "/sign-out", Audience::Public).viewed(Viewed::Always),
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
    tag("GET", "/invitation", Audience::Public),
    way_in("/api/accept-invitation"),
    tag("POST", "/api/take-up-invitation", Audience::SignedIn),
    tag("POST", "/passkey/invitation", Audience::Public),
    tag("GET", "/confirm", Audience::SignedIn),
    tag("POST", "/api/confirm", Audience::SignedIn),
    tag("POST", "/api/confirm-send", Audience::SignedIn),
    tag("POST", "/passkey/confirm", Audience::SignedIn),
    tag("GET", "/account", Audience::SignedIn).viewed(Viewed::Page),
    tag("GET", "/account/profile", Audience::SignedIn).viewed(Viewed::Page),
    tag("POST", "/api/save-profile", Audience::SignedIn),
    tag("GET", "/account/email", Audience::Confirmed),
    tag("POST", "/api/change-email", Audience::Confirmed),
    tag("GET", "/confirm-email", Audience::Public),
    tag("POST", "/api/confirm-email", Audience::Public),
    tag("GET", "/undo-email", Audience::Public),
    tag("POST", "/api/undo-email", Audience::Public),
    tag("GET", "/account/close", Audience::Confirmed),
    tag("POST", "/api/close-account", Audience::Confirmed),
    tag("GET", "/account/security", Audience::SignedIn).viewed(Viewed::Page),
    tag("POST", "/api/change-password", Audience::SignedIn),
    tag("GET", "/account/security/authenticator", Audience::Confirmed),
    tag("POST", "/api/add-authenticator", Audience::Confirmed),
    tag("POST", "/api/confirm-authenticator", Audience::Confirmed),
    tag("POST", "/api/remove-authenticator", Audience::Confirmed),
    tag("GET", "/account/security/phone", Audience::Confirmed),
    tag("POST", "/api/add-phone", Audience::Confirmed),
    tag("POST", "/api/add-phone-again", Audience::Confirmed),
    tag("POST", "/api/confirm-phone", Audience::Confirmed),
    tag("POST", "/api/remove-phone", Audience::Confirmed),
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
    tag("GET", "/account/security/passkey", Audience::Confirmed),
    tag("POST", "/passkey/add", Audience::Confirmed),
    tag("POST", "/api/add-passkey", Audience::Confirmed),
    tag("POST", "/api/rename-passkey", Audience::SignedIn),
    tag("POST", "/api/remove-passkey", Audience::Confirmed),
    tag("POST", "/api/decline-passkey", Audience::SignedIn),
    tag("POST", "/api/end-trust", Audience::Confirmed),
    tag("GET", "/account/sessions", Audience::SignedIn).viewed(Viewed::Page),
    tag("POST", "/api/end-session", Audience::Confirmed),
    tag("POST", "/api/end-other-sessions", Audience::Confirmed),
    tag("GET", "/account/activity", Audience::SignedIn).viewed(Viewed::Page),
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
    tag("POST", "/passkey/sign-in", Audience::Public),
    tag("POST", "/passkey/sign-up", Audience::Public),
    tag("POST", "/passkey/challenge", Audience::Public),
    tag("POST", "/passkey/enrol", Audience::Public),
    tag("POST", "/passkey/set-up", Audience::Public),
    tag("POST", "/passkey/recover", Audience::Public),
    way_in("/api/sign-in"),
    tag("GET", "/sign-in/challenge", Audience::Public),
    way_in("/api/sign-in-challenge"),
    way_in("/api/sign-in-enrol"),
    tag("POST", "/api/sign-in-challenge-send", Audience::Public),
    tag("POST", "/api/sign-in-cancel", Audience::Public),
    way_in("/api/sign-up-verify"),
    way_in("/api/setup"),
    tag("POST", "/api/sign-up", Audience::Public),
    tag("POST", "/api/sign-up-resend", Audience::Public),
    tag("POST", "/api/forgot-password", Audience::Public),
    tag("POST", "/api/reset-password", Audience::Public),
    tag("GET", "/api/v1/session", Audience::SignedIn).viewed(Viewed::Always),
    tag("GET", "/.well-known/webauthn", Audience::Public),
    tag("GET", "/.well-known/passkey-endpoints", Audience::Public),
    console("/admin/groups", Permission::RolesRead),
    console("/admin/groups/{id}", Permission::RolesRead),
    console_change("/api/admin-make-group", Permission::RolesWrite),
    console_change("/api/admin-rename-group", Permission::RolesWrite),
    console_change("/api/admin-remove-group", Permission::RolesWrite),
    console_change("/api/admin-join-group", Permission::RolesAssign),
    console_change("/api/admin-leave-group", Permission::RolesAssign),
    console_change("/api/admin-give-group-role", Permission::RolesAssign),
    console_change("/api/admin-take-group-role", Permission::RolesAssign),
    console("/admin/invitations", Permission::UsersInvite),
    console("/admin/invitations/new", Permission::UsersInvite),
    console_change("/api/admin-invite", Permission::UsersInvite),
    console_change("/api/admin-resend-invitation", Permission::UsersInvite),
    console_change("/api/admin-revoke-invitation", Permission::UsersInvite),
    console("/admin/users/new", Permission::UsersWrite),
    console("/admin/users/{id}", Permission::UsersRead),
    console("/admin/users/{id}/edit", Permission::UsersWrite),
    console("/admin/users/{id}/lock", Permission::UsersWrite),
    console("/admin/users/{id}/roles", Permission::RolesAssign),
    console("/admin/users/{id}/factor", Permission::FactorsRemove),
    console("/admin/users/{id}/recovery", Permission::FactorsRemove),
    console("/admin/users/{id}/delete", Permission::UsersDelete),
    console("/admin/users/{id}/view", Permission::UsersImpersonate),
    console_change("/api/admin-view-as", Permission::UsersImpersonate),
    tag("GET", "/viewing", Audience::Viewing).viewed(Viewed::Always),
    tag("POST", "/api/stop-viewing", Audience::Viewing).viewed(Viewed::Always),
    console_change("/api/admin-create-person", Permission::UsersWrite),
    console_change("/api/admin-edit-person", Permission::UsersWrite),
    console_change("/api/admin-lock-person", Permission::UsersWrite),
    console_change("/api/admin-unlock-person", Permission::UsersWrite),
    console_change("/api/admin-send-reset", Permission::UsersWrite),
    console_change("/api/admin-send-again", Permission::UsersWrite),
    console_change("/api/admin-demand-password", Permission::UsersWrite),
    console_change("/api/admin-withdraw-demand", Permission::UsersWrite),
    // A note is typed at length, and is about nobody's security: it does not send its writer to `/confirm`.
    tag(
        "POST",
        "/api/admin-add-note",
        Audience::Console(Permission::UsersWrite),
    ),
    tag(
        "POST",
        "/api/admin-remove-note",
        Audience::Console(Permission::UsersWrite),
    ),
    console_change("/api/admin-end-session", Permission::SessionsEnd),
    console_change("/api/admin-end-sessions", Permission::SessionsEnd),
    console_change("/api/admin-remove-factor", Permission::FactorsRemove),
    console_change("/api/admin-shorten-recovery", Permission::FactorsRemove),
    console_change("/api/admin-delete-person", Permission::UsersDelete),
    console_change("/api/admin-keep-person", Permission::UsersDelete),
    console_change("/api/admin-give-role", Permission::RolesAssign),
    console_change("/api/admin-take-role", Permission::RolesAssign),
    console("/admin/users", Permission::UsersRead),
    console("/admin/users.csv", Permission::UsersExport),
    console("/admin/users/bulk", Permission::UsersRead),
    console_change("/api/admin-lock-people", Permission::UsersWrite),
    console_change("/api/admin-end-sessions-of-people", Permission::SessionsEnd),
    console("/admin/users/everybody", Permission::SessionsEnd),
    console_change("/api/admin-sign-everybody-out", Permission::SessionsEnd),
    console_change("/api/admin-give-role-to-people", Permission::RolesAssign),
    tag(
        "GET",
        "/admin/import",
        Audience::ConsoleChange(Permission::UsersImport),
    ),
    console_change("/admin/import/upload", Permission::UsersImport),
    console("/admin/import/{id}", Permission::UsersImport),
    console("/admin/import/{id}/progress", Permission::UsersImport),
    console("/admin/import/{id}/report.csv", Permission::UsersImport),
    console_change("/api/admin-begin-import", Permission::UsersImport),
    console_change("/api/admin-stop-import", Permission::UsersImport),
    console_change("/api/admin-discard-import", Permission::UsersImport),
    console("/admin", Permission::ConsoleRead),
    console("/admin/messages", Permission::MessagesRead),
    console_change("/api/admin-send-message-again", Permission::MessagesWrite),
    console_change("/api/admin-discard-message", Permission::MessagesWrite),
    console("/admin/jobs", Permission::JobsRead),
    console_change("/api/admin-retry-jobs", Permission::JobsWrite),
    console_change("/api/admin-discard-job", Permission::JobsWrite),
    console_change("/api/admin-discard-jobs", Permission::JobsWrite),
    console("/admin/health", Permission::HealthRead),
    console("/admin/roles", Permission::RolesRead),
    console("/admin/roles/new", Permission::RolesWrite),
    console("/admin/roles/{id}", Permission::RolesRead),
    console_change("/api/admin-save-role", Permission::RolesWrite),
    console_change("/api/admin-role-factor", Permission::RolesWrite),
    console_change("/api/admin-remove-role", Permission::RolesWrite),
    console("/admin/claims", Permission::RolesRead),
    console("/admin/claims/{id}", Permission::RolesRead),
    console_change("/api/admin-make-claim", Permission::ClaimsWrite),
    console_change("/api/admin-describe-claim", Permission::ClaimsWrite),
    console_change("/api/admin-remove-claim", Permission::ClaimsWrite),
    console("/admin/roles/{id}/claims", Permission::ClaimsWrite),
    console_change("/api/admin-set-role-claim", Permission::ClaimsWrite),
    console("/admin/users/{id}/claims", Permission::ClaimsWrite),
    console_change("/api/admin-set-person-claim", Permission::ClaimsWrite),
    console("/admin/settings", Permission::SettingsRead),
    console("/admin/settings/check", Permission::SettingsWrite),
    console_change("/api/admin-settings-sign-up", Permission::SettingsWrite),
    console_change("/api/admin-settings-sign-in", Permission::SettingsWrite),
    console_change("/api/admin-settings-sessions", Permission::SettingsWrite),
    console_change("/api/admin-settings-languages", Permission::SettingsWrite),
    console_change("/admin/settings/logo", Permission::SettingsWrite),
    console_change("/api/admin-remove-logo", Permission::SettingsWrite),
    console_change("/api/admin-settings-attempts", Permission::SettingsWrite),
    console_change("/api/admin-settings-branding", Permission::SettingsWrite),
    console_change("/api/admin-settings-limits", Permission::SettingsWrite),
    console_change("/api/admin-undo-setting", Permission::SettingsWrite),
    console("/admin/audit", Permission::AuditRead),
    console("/admin/audit/row/{id}", Permission::AuditRead),
    console("/admin/audit/tail", Permission::AuditRead),
    console("/admin/audit/chain", Permission::AuditRead),
    console("/admin/audit/chain/progress", Permission::AuditRead),
    tag(
        "GET",
        "/admin/audit/export",
        Audience::ConsoleChange(Permission::AuditExport),
    ),
    console_change("/api/admin-check-audit", Permission::AuditRead),
    tag("GET", "/health/live", Audience::Public),
    tag("GET", "/health/ready", Audience::Operator),
    tag("GET", "/health/self", Audience::Operator),
    tag("GET", "/metrics", Audience::Operator),
    tag("GET", "/dev/inbox", Audience::Development),
    tag("GET", "/dev/inbox.json", Audience::Development),
    tag("GET", "/dev/inbox/{id}/html", Audience::Development),
    tag("GET", "/pkg/{build}/{*file}", Audience::Public),
    tag("GET", "/logo/{file}", Audience::Public),
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

/// The whole server. Of the layers in a pair of brackets, the first is the outermost.
pub fn router(house: House) -> Router {
    let config = &house.platform.config;
    let sessions = SessionManagerLayer::new(house.sessions.clone())
        .with_name(config.cookie_name(""))
        .with_secure(config.secure_cookies())
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd);

    let visited = Router::new()
        // With a handler of its own: the plain call would also register the server functions, past `server_functions`.
        .leptos_routes_with_handler(generate_route_list(App), page)
        .leptos_routes_with_handler(generate_route_list(ConsoleApp), page)
        .route("/sign-out", post(sign_out::sign_out))
        .route("/language", post(http::language::choose))
        .route("/api/{function}", post(server_functions::call))
        .route("/passkey/sign-in", post(passkeys::to_sign_in))
        .route("/passkey/sign-up", post(passkeys::to_sign_up))
        .route("/passkey/challenge", post(passkeys::for_challenge))
        .route("/passkey/enrol", post(passkeys::to_enrol))
        .route("/passkey/invitation", post(passkeys::to_accept))
        .route("/passkey/set-up", post(passkeys::to_set_up))
        .route("/passkey/recover", post(passkeys::to_recover))
        .route("/passkey/confirm", post(passkeys::to_confirm))
        .route("/passkey/add", post(passkeys::to_add))
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
        .route("/admin/settings/logo", post(logo::upload))
        .route("/admin/users.csv", get(people::download))
        .route(
            "/admin/import/upload",
            post(import::upload).layer(DefaultBodyLimit::max(import::BODY_MAX)),
        )
        .route("/admin/import/{id}/progress", get(import::progress))
        .route("/admin/import/{id}/report.csv", get(import::report))
        .route("/admin/audit/tail", get(audit::tail))
        .route("/admin/audit/export", get(audit::export))
        .route("/admin/audit/chain/progress", get(audit::progress))
        .route("/dev/inbox.json", get(dev_inbox::json))
        .route("/dev/inbox/{id}/html", get(dev_inbox::html))
        .fallback(not_found)
        .layer((
            from_fn_with_state(house.clone(), http::cookies::finish),
            sessions,
            from_fn_with_state(house.clone(), http::visit::make),
        ));

    let mut plain = Router::new()
        .route("/.well-known/webauthn", get(passkeys::related_origins))
        .route("/.well-known/passkey-endpoints", get(passkeys::endpoints))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route(self_call::PATH, get(health::myself))
        .route("/logo/{file}", get(logo::picture))
        .route("/pkg/{build}/{*file}", get(assets::file));
    for path in assets::ROOT_FILES {
        plain = plain.route(path, get(assets::root_file));
    }
    if config.metrics_listen.is_none() && !config.is_production() {
        plain = plain.route("/metrics", get(metrics::render));
    }

    plain
        .merge(visited)
        .layer((
            // Outermost: whatever the client does, what was begun is finished.
            from_fn(http::uncancelled::spawn),
            from_fn_with_state(house.clone(), http::observe::observe),
            from_fn_with_state(house.clone(), http::error_pages::dress),
            from_fn_with_state(house.clone(), http::guard::check),
        ))
        .with_state(house)
}

/// Renders a page, whichever it is: Leptos finds it by the path. All are rendered whole.
async fn page(State(house): State<House>, Extension(visit): Extension<Visit>, request: Request) -> Response {
    let form = http::whole::Form::of(&request);
    let rooms = Rooms::of(request.uri().path());
    let render = render_app_async_with_context(
        move || provide_context(visit.clone()),
        move || shell(house.options.clone(), rooms),
    );
    http::whole::make(render(request).await, form).await
}

/// A path that there is not; the layer [`http::error_pages`] makes a page of it.
pub async fn not_found() -> Response {
    http::error_pages::refuse(StatusCode::NOT_FOUND, None)
}
