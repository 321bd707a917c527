//! The frames around pages: the hall before the door is open, the house behind it, and a plain room.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::switch_account::AccountMenu;
use crate::ui::art::{Brand, DoorArt};
use crate::ui::notice::{GoodNews, Toast};
use crate::viewing::ViewingLine;
use crate::visit::{Visit, t, t_with};

/// The page of somebody who is not inside yet: the door, and one column beside it.
#[component]
pub fn Hall(
    /// The page's title, without the product's name.
    title: String,
    /// What stands on the door, and the smaller line below it.
    #[prop(optional, into)]
    saying: Option<(String, String)>,
    /// The string is pulled in: nobody gets in just now.
    #[prop(optional)]
    shut: bool,
    /// More room for the column.
    #[prop(optional)]
    broad: bool,
    children: Children,
) -> impl IntoView {
    let (line, note) = saying.unwrap_or_else(|| {
        if shut {
            (t("door-shut-line"), t("door-shut-note"))
        } else {
            (t("door-line"), t("door-note"))
        }
    });
    view! {
        <PageTitle title/>
        <div class="hall">
            <a class="skip" href="#main">{t("skip-to-content")}</a>
            <ViewingLine/>
            <aside class=if shut { "door shut" } else { "door" }>
                <div class="face">
                    <DoorArt/>
                    <a class="mark" href="/" aria-label=t("home-label")><Brand/></a>
                    <p class="saying" aria-hidden="true">{line}" "<small>{note}</small></p>
                </div>
            </aside>
            <div class="room">
                <main class=if broad { "box broad" } else { "box" } id="main" tabindex="-1">
                    {children()}
                    <DevelopmentNotice/>
                </main>
                <Languages/>
            </div>
        </div>
    }
}

/// The pages of an account, as they stand in the side: path, and the message that names it.
const ACCOUNT_PAGES: &[(&str, &str)] = &[
    ("/account", "account-nav-overview"),
    ("/account/profile", "account-nav-profile"),
    ("/account/security", "account-nav-security"),
    ("/account/sessions", "account-nav-devices"),
    ("/account/activity", "account-nav-activity"),
    ("/account/data", "account-nav-data"),
];

/// The page of somebody who is signed in.
#[component]
pub fn House(
    /// The page's title, without the product's name.
    title: String,
    children: Children,
) -> impl IntoView {
    let visit = Visit::current();
    let person = visit.reader().cloned();
    let is_viewed = visit.viewing.is_some();
    let pages = ACCOUNT_PAGES
        .iter()
        .map(|(path, name)| {
            let is_below = *path != "/account" && visit.path.starts_with(&format!("{path}/"));
            let here = if visit.path == *path {
                Some("page")
            } else {
                is_below.then_some("true")
            };
            view! { <li><a href=*path aria-current=here>{t(name)}</a></li> }
        })
        .collect_view();
    let email = person.as_ref().map(|p| p.email.clone()).unwrap_or_default();
    // Whoever only looks presses nothing, with a script or without, also in a window that they forgot.
    let content = if is_viewed {
        view! { <fieldset class="looked-at" disabled=true aria-label=t("viewing-label")>{children()}</fieldset> }.into_any()
    } else {
        children().into_any()
    };
    view! {
        <PageTitle title/>
        <div class="shell">
            <a class="skip" href="#main">{t("skip-to-content")}</a>
            <ViewingLine/>
            <header class="bar">
                <a class="mark" href="/account" aria-label=t("account-link")><Brand/></a>
                <div class="row">
                    {person.filter(|_| !is_viewed).map(|person| view! { <AccountMenu person/> })}
                </div>
            </header>
            <div class="house">
                <nav class="side" aria-label=t("account-nav-label")><ul>{pages}</ul></nav>
                <main class="page" id="main" tabindex="-1">{content}<DevelopmentNotice/></main>
            </div>
            <footer class="foot"><span>{t("footer-note")}</span><span>{t_with("signed-in-as", &[("name", &email)])}</span></footer>
        </div>
    }
}

/// Says that something was done, when the address says `?done=…`: in a line above the page.
#[component]
pub fn Done(
    /// What stands behind `done=`.
    what: &'static str,
    /// What to say.
    text: String,
    /// In a toast: for what the page shows by itself, so that one line at the edge of the window is enough.
    #[prop(optional)]
    toast: bool,
) -> impl IntoView {
    let visit = Visit::current();
    let is_done = visit.query.get("done").is_some_and(|done| done == what);
    is_done.then(|| {
        if toast {
            view! { <Toast text/> }.into_any()
        } else {
            view! { <GoodNews text/> }.into_any()
        }
    })
}

/// A page of its own kind.
#[component]
pub fn Plain(
    /// The page's title, without the product's name.
    title: String,
    children: Children,
) -> impl IntoView {
    view! {
        <PageTitle title/>
        <div class="plain">
            <a class="skip" href="#main">{t("skip-to-content")}</a>
            <header><a class="mark" href="/" aria-label=t("home-label")><Brand/></a></header>
            <main class="page" id="main" tabindex="-1">{children()}</main>
        </div>
    }
}

/// The title of the page, with the product's name behind it.
#[component]
pub fn PageTitle(
    /// What the page is called.
    title: String,
) -> impl IntoView {
    view! { <Title text=t_with("page-title", &[("page", &title)])/> }
}

/// The choice of a language, for whoever is not signed in: an account has its own. A plain form, so that it works
/// without JavaScript; it leads back to the page that it stands on.
#[component]
fn Languages() -> impl IntoView {
    let visit = Visit::try_current().filter(|visit| visit.signed_in.is_none() && visit.viewing.is_none())?;
    let current = visit.words.language();
    let offered = &visit.settings.languages.all;
    // Where there is one, there is nothing to choose.
    let choices = offered.iter().filter(|_| offered.len() > 1).map(|language| {
        let (tag, name) = (language.tag(), language.name());
        if *language == current {
            view! { <span lang=tag aria-current="true">{name}</span> }.into_any()
        } else {
            let testid = format!("language-{tag}");
            view! { <button name="lang" value=tag lang=tag data-testid=testid>{name}</button> }.into_any()
        }
    });
    let choices: Vec<_> = choices.collect();
    (!choices.is_empty()).then(|| {
        view! {
            <footer class="languages">
                <form method="post" action="/language" aria-label=t("languages-label")>{choices}</form>
            </footer>
        }
    })
}

/// In development: where the mail went that this page speaks of.
#[component]
fn DevelopmentNotice() -> impl IntoView {
    let caught = Visit::try_current()
        .is_some_and(|v| !v.platform.config.is_production() && v.platform.mailer.is_caught());
    caught.then(|| {
        view! {
            <p class="small faint dev-notice">{t("development-notice")}" "<a href="/dev/inbox">{t("development-inbox-link")}</a></p>
        }
    })
}

/// The first letters of the first and the last word of a name.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_the_first_and_the_last() {
        assert_eq!(initials("Ada Lovelace"), "AL");
        assert_eq!(initials("Grace Brewster Murray Hopper"), "GH");
        assert_eq!(initials("élodie"), "É");
        assert_eq!(initials(""), "");
    }
}
