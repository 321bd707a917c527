//! `/invitation`: the link of an invitation. Opening it uses nothing up.

use domain::Field;
use domain::authentication::invitation::accept::{self, Done};
use domain::authentication::invitation::{Invited, LINK_LIFE, Link, Promised, look};
use domain::authorization::built_in::BuiltIn;
use domain::platform::settings::SecondFactorRule;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::form::{Form, PasswordField, TextField, UsernameField};
use crate::ui::layout::Hall;
use crate::ui::page::page;
use crate::ui::passkey::{Ceremony, PasskeyButton};
use crate::visit::{NewCookie, Visit, t, t_with, words};

/// The page of an invitation that was opened by somebody who must sign in first, and the page after it was accepted. The token is in a
/// sealed cookie there, so that no address carries it along.
const HERE: &str = "/invitation";

/// Makes an account for whoever was invited, and lets in whoever chose a password.
#[server(endpoint = "accept-invitation", prefix = "/api")]
pub async fn accept_invitation(
    #[server(default)] token: String,
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] password: String,
    #[server(default)] credential: String,
) -> Result<Next, Refused> {
    // The token says which address it is; it is there for password managers.
    let _ = email;
    let visit = Visit::current();
    let request = accept::Request {
        token: token_of(token, &visit),
        name,
        password,
        credential,
        language: visit.words.language(),
        asker: visit.asker(),
    };
    let done = accept::complete(&visit.platform, request).await?;
    forget(&visit);
    Ok(Next::to(match done {
        Done::Arrived(step) => visit.go_on(*step, false, "").await?,
        Done::PasskeyNext => "/sign-in?ready=1".to_owned(),
    }))
}

/// Gives the roles of an invitation to the account that has its address.
#[server(endpoint = "take-up-invitation", prefix = "/api")]
pub async fn take_up_invitation(#[server(default)] token: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let token = token_of(token, &visit);
    accept::take_up(&visit.platform, visit.person()?, &token, &visit.asker()).await?;
    forget(&visit);
    Ok(Next::to(format!("{HERE}?done=1")))
}

/// The token of the form, or the one in the cookie, which no page repeats.
fn token_of(typed: String, visit: &Visit) -> String {
    match &visit.invitation {
        Some(kept) if typed.is_empty() => kept.clone(),
        _ => typed,
    }
}

fn forget(visit: &Visit) {
    if visit.invitation.is_some() {
        visit.set_cookie(NewCookie::Invitation(None));
    }
}

/// The page.
#[component]
pub fn InvitationPage() -> impl IntoView {
    page(async move {
        let visit = Visit::current();
        if visit.query.contains_key("done") {
            let way = ("/account", t("invitation-open-account"));
            return Ok(end(t("invitation-done-title"), "invitation-done-text", way));
        }
        // What a form of this page sends: nothing where the cookie has it.
        let token = visit.query.get("token").cloned().unwrap_or_default();
        let opened = token_of(token.clone(), &visit);
        Ok(match look(&visit.platform, &opened).await? {
            Link::Fresh(invited) => match (invited.holder, &visit.signed_in) {
                (None, _) => new_account(&visit, token, invited),
                (Some(holder), Some(person)) if person.user_id == holder => theirs(token, invited),
                (Some(_), _) => sign_in_first(&visit, opened, invited),
            },
            Link::Used => closed(t("invitation-used-title"), "invitation-used-text"),
            Link::Expired => closed(t("invitation-expired-title"), "invitation-expired-text"),
            Link::Revoked => closed(t("invitation-revoked-title"), "invitation-revoked-text"),
            Link::Unknown => closed(t("invitation-invalid-title"), "invitation-invalid-text"),
        })
    })
}

/// A link that leads no further.
fn closed(title: String, text: &str) -> AnyView {
    end(title, text, ("/sign-in", t("invitation-sign-in")))
}

/// A page where nothing is left to do but to go on. `text`: a message of the catalog.
fn end(title: String, text: &str, (href, button): (&'static str, String)) -> AnyView {
    let life = words().duration(LINK_LIFE.num_seconds().unsigned_abs());
    let text = t_with(text, &[("link-life", &life)]);
    view! {
        <Hall title=title.clone()>
            <header><h1>{title}</h1><p class="soft" data-testid="link-state">{text}</p></header>
            <a class="btn primary wide" href=href>{button}</a>
        </Hall>
    }
    .into_any()
}

/// What somebody is invited to, and by whom.
#[component]
fn Head(invited: Invited) -> impl IntoView {
    let text = match &invited.by {
        Some(name) => t_with("invitation-by", &[("name", name)]),
        None => t("invitation-by-nobody"),
    };
    view! {
        <header>
            <h1>{t("invitation-heading")}</h1>
            <p data-testid="invited-by">{text}</p>
        </header>
    }
}

/// The roles that come with it, if any.
#[component]
fn Roles(roles: Vec<Promised>) -> impl IntoView {
    let names: Vec<String> = roles.iter().map(promised_name).collect();
    (!names.is_empty()).then(|| {
        let count = names.len().to_string();
        let named = [("count", count.as_str()), ("roles", &names.join(", "))];
        let text = t_with("invitation-roles", &named);
        view! { <div class="note" data-testid="invited-roles"><p>{text}" "{t("invitation-second-step")}</p></div> }
    })
}

/// The name of a role in the reader's language, if it comes with the program.
pub fn promised_name(role: &Promised) -> String {
    match BuiltIn::parse(&role.id) {
        Some(built_in) => t(&format!("role-{}-name", built_in.id())),
        None => role.name.clone(),
    }
}

fn new_account(visit: &Visit, token: String, invited: Invited) -> AnyView {
    let passkey_only = (visit.settings.second_factor.rule == SecondFactorRule::PasskeyOnly)
        .then(|| view! { <p class="soft" data-testid="passkey-only">{t("sign-up-passkey-only")}</p> });
    let replaces = visit.signed_in.as_ref().map(|person| {
        let text = t_with("invitation-replaces", &[("email", &person.email)]);
        view! { <p class="note warn" data-testid="replaces">{text}</p> }
    });
    let email = invited.email.clone();
    view! {
        <Hall title=t("invitation-title") saying=(t("invitation-saying"), t("invitation-saying-note"))>
            <Head invited=invited.clone()/>
            <Roles roles=invited.roles/>
            {replaces}
            <p class="soft">{t("invitation-address")}" "<strong class="break" data-testid="invited-address">{email.clone()}</strong></p>
            {passkey_only}
            <Form action=AcceptInvitation::PATH once=true>
                <input type="hidden" name="token" value=token/>
                <UsernameField email/>
                <TextField field=Field::Name label=t("name-label") autocomplete="name" hint=t("name-hint")/>
                <PasswordField label=t("password-label") new=true/>
                <button class="btn primary wide" data-testid="accept-button">{t("invitation-button")}</button>
                <PasskeyButton ceremony=Ceremony::Invitation text=t("sign-up-passkey")/>
            </Form>
            <p class="small soft">{t("invitation-not-me")}</p>
        </Hall>
    }
    .into_any()
}

/// For somebody who is signed in to the account that has the address.
fn theirs(token: String, invited: Invited) -> AnyView {
    let text = t_with("invitation-yours", &[("email", &invited.email)]);
    view! {
        <Hall title=t("invitation-title") saying=(t("invitation-saying"), t("invitation-saying-note"))>
            <Head invited=invited.clone()/>
            <Roles roles=invited.roles/>
            <p class="soft">{text}</p>
            <Form action=TakeUpInvitation::PATH once=true>
                <input type="hidden" name="token" value=token/>
                <button class="btn primary wide" data-testid="take-up-button">{t("invitation-accept")}</button>
            </Form>
            <p class="small"><a href="/account">{t("invitation-later")}</a></p>
        </Hall>
    }
    .into_any()
}

/// The address has an account, and its owner is not signed in here. Only they may accept.
fn sign_in_first(visit: &Visit, token: String, invited: Invited) -> AnyView {
    visit.set_cookie(NewCookie::Invitation(Some(token)));
    let text = t_with("invitation-has-account", &[("email", &invited.email)]);
    let (other, href) = match &visit.signed_in {
        Some(person) => {
            let text = t_with("invitation-other", &[("email", &person.email)]);
            let note = view! { <p class="note" data-testid="other-account">{text}</p> };
            (Some(note), "/sign-in?add=1&next=%2Finvitation")
        }
        None => (None, "/sign-in?next=%2Finvitation"),
    };
    view! {
        <Hall title=t("invitation-title") saying=(t("invitation-saying"), t("invitation-saying-note"))>
            <Head invited=invited.clone()/>
            <Roles roles=invited.roles/>
            {other}
            <p class="soft">{text}</p>
            <a class="btn primary wide" href=href data-testid="invitation-sign-in">{t("invitation-sign-in-accept")}</a>
            <p class="small soft">{t("invitation-not-me")}</p>
        </Hall>
    }
    .into_any()
}
