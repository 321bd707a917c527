//! Passkeys: the list on `/account/security`, the page that adds one, and the offer on the overview.

use domain::Result;
use domain::authentication::assurance::manage::Overview;
use domain::authentication::passkeys::{Passkey, add, manage, offer};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::refused::{Next, Refused};
use crate::ui::art::{Glyph, Icon};
use crate::ui::form::Form;
use crate::ui::layout::House;
use crate::ui::moment::Moment;
use crate::ui::page::confirmed_page;
use crate::ui::passkey::{Ceremony, PasskeyButton};
use crate::visit::{Visit, t, t_with};

/// Adds a passkey.
#[server(endpoint = "add-passkey", prefix = "/api")]
pub async fn add_passkey(#[server(default)] credential: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    let person = visit.person()?;
    let codes = add::add(&visit.platform, person, &credential, &visit.asker()).await?;
    Ok(Next::to(match &codes {
        Some(codes) => visit.show_codes(person.session_id, codes),
        None => "/account/security?done=passkey".to_owned(),
    }))
}

/// Gives a passkey another name.
#[server(endpoint = "rename-passkey", prefix = "/api")]
pub async fn rename_passkey(
    #[server(default)] id: String,
    #[server(default)] label: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    manage::rename(&visit.platform, visit.person()?, &id, &label, &visit.origin).await?;
    Ok(Next::to("/account/security?done=passkey-renamed"))
}

/// Takes a passkey away.
#[server(endpoint = "remove-passkey", prefix = "/api")]
pub async fn remove_passkey(#[server(default)] id: String) -> Result<Next, Refused> {
    let visit = Visit::current();
    manage::remove(&visit.platform, visit.person()?, &id, &visit.origin).await?;
    Ok(Next::to("/account/security?done=passkey-removed"))
}

/// Offers no passkey any more.
#[server(endpoint = "decline-passkey", prefix = "/api")]
pub async fn decline_passkey() -> Result<Next, Refused> {
    let visit = Visit::current();
    offer::decline(&visit.platform, visit.person()?).await?;
    Ok(Next::to("/account"))
}

/// What a passkey is called.
fn name_of(passkey: &Passkey) -> String {
    if passkey.name.is_empty() {
        t("passkey-unnamed")
    } else {
        passkey.name.clone()
    }
}

/// The passkeys of a person.
#[component]
pub fn Passkeys<'a>(
    /// As the domain sees it.
    overview: &'a Overview,
) -> impl IntoView {
    let list = overview
        .ways_in
        .passkeys
        .iter()
        .map(|passkey| view! { <One passkey=passkey.clone() may_remove=overview.may_remove_passkey(passkey.id)/> })
        .collect_view();
    let has_any = !overview.ways_in.passkeys.is_empty();
    let add = if has_any {
        t("passkeys-add-another")
    } else {
        t("passkeys-add")
    };
    view! {
        <section class="card stack" id="passkeys" aria-labelledby="passkeys-heading" data-testid="passkeys">
            <h2 id="passkeys-heading">{t("passkeys-heading")}</h2>
            <p class="soft">{t("passkeys-text")}</p>
            {has_any.then(|| view! { <ul class="things">{list}</ul> })}
            <p><a class="btn" href="/account/security/passkey" data-testid="add-passkey-link">{add}</a></p>
        </section>
    }
}

#[component]
fn One(passkey: Passkey, may_remove: bool) -> impl IntoView {
    let name = name_of(&passkey);
    let id = passkey.id.to_string();
    let kept = if passkey.backup_eligible {
        t("passkey-synced")
    } else {
        t("passkey-one-device")
    };
    let alone = (!passkey.verifies).then(|| view! { <p class="small soft">{t("passkey-second-only")}</p> });
    let used = match passkey.last_used_at {
        Some(at) => view! { {t("passkey-last-used")}" "<Moment at/> }.into_any(),
        None => view! { {t("passkey-never-used")} }.into_any(),
    };
    let remove = may_remove.then(|| {
        view! {
            <form method="post" action=RemovePasskey::PATH>
                <input type="hidden" name="id" value=id.clone()/>
                <button class="btn sm" aria-label=t_with("passkey-remove-label", &[("name", &name)]) data-testid="remove-passkey-button">
                    {t("factors-remove")}
                </button>
            </form>
        }
    });
    view! {
        <li data-testid="passkey">
            <Icon glyph=Glyph::Key/>
            <div class="stack tight">
                <p class="strong" data-testid="passkey-name">{name.clone()}</p>
                <p class="small soft">{kept}" "{t("factors-since")}" "<Moment at=passkey.created_at/></p>
                <p class="small soft" data-testid="passkey-used">{used}</p>
                {alone}
                <details class="more">
                    <summary aria-label=t_with("passkey-rename-label", &[("name", &name)])>{t("passkey-rename")}</summary>
                    <form class="form" method="post" action=RenamePasskey::PATH>
                        <input type="hidden" name="id" value=id/>
                        <label>
                            <span class="small">{t("passkey-name-label")}</span>
                            <input class="input" type="text" name="label" value=name maxlength="60" required=true
                                autocomplete="off" data-testid="label-input"/>
                        </label>
                        <button class="btn sm" data-testid="rename-passkey-button">{t("passkey-rename-button")}</button>
                    </form>
                </details>
            </div>
            {remove}
        </li>
    }
}

/// `/account/security/passkey`: adds one.
#[component]
pub fn PasskeyPage() -> impl IntoView {
    confirmed_page(async |_visit: Visit, _person| {
        Ok(view! {
            <House title=t("passkey-title")>
                <header>
                    <div>
                        <h1>{t("passkey-title")}</h1>
                        <p class="soft">{t("passkey-text")}</p>
                    </div>
                </header>
                <section class="card stack" aria-label=t("passkey-title")>
                    <p>{t("passkey-how")}</p>
                    <div class="narrow">
                        <Form action=AddPasskey::PATH>
                            <PasskeyButton ceremony=Ceremony::Add text=t("passkey-create")/>
                        </Form>
                    </div>
                    <p class="small soft"><a href="/account/security">{t("totp-cancel")}</a></p>
                </section>
            </House>
        })
    })
}

/// The offer on the overview.
#[component]
pub fn Offer() -> impl IntoView {
    view! {
        <section class="note" aria-labelledby="offer" data-testid="passkey-offer">
            <div class="stack tight">
                <p class="strong" id="offer">{t("passkey-offer")}</p>
                <p>{t("passkey-offer-text")}</p>
                <div class="row">
                    <a class="btn sm" href="/account/security/passkey" data-testid="passkey-offer-link">{t("passkeys-add")}</a>
                    <form method="post" action=DeclinePasskey::PATH>
                        <button class="btn quiet sm" data-testid="decline-passkey-button">{t("passkey-offer-decline")}</button>
                    </form>
                </div>
            </div>
        </section>
    }
}
