//! The button of a passkey, in a form that also has the field for its answer.

use leptos::prelude::*;

use crate::islands::PasskeyCeremony;
use crate::visit::t;

/// Which ceremony a button begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ceremony {
    /// Signs in; also by the field of the address.
    SignIn,
    /// Gives a second factor at a sign-in.
    Challenge,
    /// The same at `/confirm`.
    Confirm,
    /// Adds one to the account.
    Add,
    /// Signs up with one.
    SignUp,
    /// Sets the server up with one.
    SetUp,
    /// Accepts an invitation with one.
    Invitation,
    /// Makes one in the middle of a sign-in.
    Enrol,
    /// Makes one at the end of the delayed way back.
    Recover,
}

impl Ceremony {
    fn begin(self) -> &'static str {
        match self {
            Self::SignIn => "/passkey/sign-in",
            Self::Challenge => "/passkey/challenge",
            Self::Confirm => "/passkey/confirm",
            Self::Add => "/passkey/add",
            Self::SignUp => "/passkey/sign-up",
            Self::SetUp => "/passkey/set-up",
            Self::Invitation => "/passkey/invitation",
            Self::Enrol => "/passkey/enrol",
            Self::Recover => "/passkey/recover",
        }
    }

    /// A new passkey comes of it.
    fn creates(self) -> bool {
        matches!(
            self,
            Self::Add | Self::SignUp | Self::SetUp | Self::Invitation | Self::Enrol | Self::Recover
        )
    }

    /// Where there is another way on the same page, a browser that can't do it is told by nothing more than its absence.
    fn is_one_of_several(self) -> bool {
        matches!(
            self,
            Self::SignIn | Self::SignUp | Self::SetUp | Self::Invitation | Self::Recover
        )
    }
}

/// The button. Without JavaScript it is not there, and a line says what is needed.
#[component]
pub fn PasskeyButton(
    /// What it begins.
    ceremony: Ceremony,
    /// What it says.
    text: String,
) -> impl IntoView {
    let class = if ceremony.is_one_of_several() {
        "btn wide"
    } else {
        "btn primary wide"
    };
    let without = if ceremony.is_one_of_several() {
        t("passkey-no-script-short")
    } else {
        t("passkey-no-script")
    };
    view! {
        <input type="hidden" name="credential" value=""/>
        <PasskeyCeremony>
            <button class=class type="button" hidden=true data-testid="passkey-button" data-begin=ceremony.begin()
                data-creates=ceremony.creates().then_some("") data-autofill=(ceremony == Ceremony::SignIn).then_some("")>{text}</button>
            <p class="error" role="alert" data-testid="passkey-error" hidden=true data-unsupported=t("passkey-unsupported")
                data-cancelled=t("passkey-cancelled") data-elsewhere=t("passkey-elsewhere") data-taken=t("passkey-taken")
                data-failed=t("passkey-failed") data-offline=t("form-offline")></p>
            <noscript><p class="small soft" data-testid="passkey-no-script">{without}</p></noscript>
        </PasskeyCeremony>
    }
}
