//! Notes on the pages of an account while something is about to happen to it: it is closed for changes, or somebody waits for the
//! way back.

use chrono::{DateTime, Utc};
use domain::Result;
use domain::authentication::session::SignedIn;
use domain::authentication::{freeze, recover};
use domain::users::overview::Facts;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use crate::recover::{MOMENT, RecoverCancel, Told};
use crate::ui::form::Form;
use crate::visit::{Visit, t, t_with};

/// What is about to happen to an account.
#[derive(Debug, Clone, Copy)]
pub struct Guard {
    frozen_until: Option<DateTime<Utc>>,
    link_at: Option<DateTime<Utc>>,
}

impl Guard {
    /// Of an account whose facts are known.
    pub fn known(facts: &Facts) -> Self {
        Self {
            frozen_until: facts.frozen_until,
            link_at: facts.recovery_due_at,
        }
    }

    /// Of whoever is signed in.
    pub async fn of(visit: &Visit, person: &SignedIn) -> Result<Self> {
        let user = person.user_id;
        visit
            .platform
            .db
            .read(async |tx| {
                Ok(Self {
                    frozen_until: freeze::until(tx, user).await?,
                    link_at: recover::open_until(tx, user).await?,
                })
            })
            .await
    }
}

/// Both notes.
#[component]
pub fn OnGuard(
    /// What is about to happen.
    guard: Guard,
) -> impl IntoView {
    let frozen = guard.frozen_until.map(|at| {
        view! {
            <div class="note warn" data-testid="frozen-note">
                <div class="stack tight">
                    <p class="strong"><Told text=t_with("frozen-note", &[MOMENT]) at/></p>
                    <p>{t("frozen-note-text")}</p>
                </div>
            </div>
        }
    });
    let waits = guard.link_at.map(|at| {
        view! {
            <div class="note warn" data-testid="recovery-note">
                <div class="stack tight">
                    <p class="strong"><Told text=t_with("recover-waits", &[MOMENT]) at/></p>
                    <p>{t("recover-waits-text")}</p>
                    <Form action=RecoverCancel::PATH once=true>
                        <button class="btn sm" data-testid="recover-cancel-button">{t("recover-cancel-button")}</button>
                    </Form>
                </div>
            </div>
        }
    });
    view! { {frozen}{waits} }
}
