//! The frame of the console: what is in the side depends on what somebody may see.

use domain::authentication::session::SignedIn;
use domain::authorization::{Permission, Rights};
use domain::{Code, Error, Result};
use leptos::prelude::*;

use crate::islands::Palette;
use crate::sign_in::with_next;
use crate::switch_account::AccountMenu;
use crate::ui::art::Brand;
use crate::ui::layout::PageTitle;
use crate::ui::page::{go, signed_in_page};
use crate::visit::{Visit, t, t_with};

/// A page of the console, as it stands in the side.
struct Entry {
    path: &'static str,
    /// The message that names it.
    name: &'static str,
    needs: Permission,
}

/// The pages in the side, under the messages that name their groups.
const SIDE: &[(&str, &[Entry])] = &[
    (
        "console-group-people",
        &[
            entry("/admin", "console-nav-dashboard", Permission::ConsoleRead),
            entry("/admin/users", "console-nav-people", Permission::UsersRead),
            entry(
                "/admin/invitations",
                "console-nav-invitations",
                Permission::UsersInvite,
            ),
            entry("/admin/groups", "console-nav-groups", Permission::RolesRead),
            entry("/admin/roles", "console-nav-roles", Permission::RolesRead),
            entry("/admin/claims", "console-nav-claims", Permission::RolesRead),
            entry("/admin/audit", "console-nav-audit", Permission::AuditRead),
        ],
    ),
    (
        "console-group-server",
        &[
            entry(
                "/admin/messages",
                "console-nav-messages",
                Permission::MessagesRead,
            ),
            entry("/admin/jobs", "console-nav-jobs", Permission::JobsRead),
            entry(
                "/admin/settings",
                "console-nav-settings",
                Permission::SettingsRead,
            ),
            entry("/admin/health", "console-nav-health", Permission::HealthRead),
        ],
    ),
];

const fn entry(path: &'static str, name: &'static str, needs: Permission) -> Entry {
    Entry { path, name, needs }
}

/// What can be begun from everywhere, besides going to a page.
const DEEDS: &[Entry] = &[
    entry(
        "/admin/invitations/new",
        "invitations-new",
        Permission::UsersInvite,
    ),
    entry("/admin/import", "import-title", Permission::UsersImport),
    entry("/admin/roles/new", "roles-new", Permission::RolesWrite),
    entry(
        "/admin/users/everybody",
        "everybody-title",
        Permission::SessionsEnd,
    ),
];

/// The first page of the console that somebody may see.
pub fn first_page(rights: &Rights) -> Option<&'static str> {
    let mut entries = SIDE.iter().flat_map(|(_, entries)| *entries);
    entries
        .find(|entry| rights.has(entry.needs))
        .map(|entry| entry.path)
}

/// A page of the console. `content` asks for its permission at the visitor's [`desk`](Visit::desk); whoever lacks it gets the page that says
/// so, and whoever has not shown a second factor in this session is asked for it.
pub fn console_page<F, V>(content: impl FnOnce(Visit, SignedIn) -> F + Send + 'static) -> impl IntoView
where
    F: Future<Output = Result<V>> + Send + 'static,
    V: IntoView + 'static,
{
    signed_in_page(async move |visit: Visit, person: SignedIn| {
        let (target, has_factor) = (visit.target.clone(), person.has_factor);
        match content(visit, person).await {
            Ok(view) => Ok(view.into_any()),
            Err(Error::Refused(refusal)) if refusal.code() == Code::FactorNeeded && has_factor => {
                Ok(go(&with_next("/confirm", &target)))
            }
            Err(error) => Err(error),
        }
    })
}

/// The side, the bar on top, and the page.
#[component]
pub fn Console(
    /// The page's title, without the product's name.
    title: String,
    /// What the visitor may do.
    rights: Rights,
    children: Children,
) -> impl IntoView {
    let visit = Visit::current();
    let person = visit.signed_in.clone();
    let email = person.as_ref().map(|p| p.email.clone()).unwrap_or_default();
    let palette = commands(&rights);
    let groups = SIDE
        .iter()
        .map(|(heading, entries)| {
            let seen = entries.iter().filter(|entry| rights.has(entry.needs));
            let links: Vec<_> = seen.map(|entry| side_link(entry, &visit.path)).collect();
            (!links.is_empty()).then(|| view! { <div><h2>{t(heading)}</h2><ul>{links}</ul></div> })
        })
        .collect_view();
    view! {
        <PageTitle title/>
        <div class="shell admin">
            <a class="skip" href="#main">{t("skip-to-content")}</a>
            <header class="bar">
                <a class="btn sm quiet" href="/account" data-testid="to-account-link">{t("console-to-account")}</a>
                <div class="row">{palette}{person.map(|person| view! { <AccountMenu person/> })}</div>
            </header>
            <nav class="side" aria-label=t("console-nav-label")>
                <a class="mark" href="/admin" aria-label=t("console-home-label")><Brand/></a>
                {groups}
            </nav>
            <main class="page" id="main" tabindex="-1">{children()}</main>
            <footer class="foot"><span>{t("console-footer")}</span><span>{t_with("signed-in-as", &[("name", &email)])}</span></footer>
        </div>
    }
}

/// What stands in the palette: pages, and what can be begun. What is typed and not found there is searched among people.
fn commands(rights: &Rights) -> impl IntoView + use<> {
    let pages = SIDE.iter().flat_map(|(_, entries)| *entries);
    let lines = pages
        .chain(DEEDS)
        .filter(|entry| rights.has(entry.needs))
        .map(|entry| view! { <li><a href=entry.path>{t(entry.name)}</a></li> })
        .collect_view();
    let searches = rights.has(Permission::UsersRead) && is_page("/admin/users");
    let hint = if searches {
        t("palette-hint-people")
    } else {
        t("palette-hint")
    };
    view! {
        <Palette>
            <button class="btn sm" type="button" data-open="" hidden=true data-testid="palette-button">
                {t("palette-button")}" "<kbd>"Ctrl K"</kbd>
            </button>
            <dialog class="palette card" aria-label=t("palette-label")>
                <form method="get" action="/admin/users" role="search" data-people=searches.then_some("")>
                    <input class="input" type="search" name="q" autocomplete="off" aria-label=t("palette-field") placeholder=hint.clone() data-testid="palette-input"/>
                </form>
                <ul data-testid="palette-lines">{lines}</ul>
                <p class="small soft" data-none="" hidden=true>{hint}</p>
            </dialog>
        </Palette>
    }
}

/// Whether the console has this page in its side.
fn is_page(path: &str) -> bool {
    let mut entries = SIDE.iter().flat_map(|(_, entries)| *entries);
    entries.any(|entry| entry.path == path)
}

fn side_link(entry: &Entry, path: &str) -> impl IntoView + use<> {
    let is_below = entry.path != "/admin" && path.starts_with(&format!("{}/", entry.path));
    let here = if path == entry.path {
        Some("page")
    } else {
        is_below.then_some("true")
    };
    view! { <li><a href=entry.path aria-current=here>{t(entry.name)}</a></li> }
}
