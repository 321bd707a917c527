//! Why a request was refused, as closed sets of codes: no free text and no secret can travel in them.
//!
//! One sentence per code stands in `locales/*/errors.ftl` under `refusal-<code>`.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::platform::settings::{Accent, Key};

/// A field of a form, by its public name (`name=` in the page).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// A person's name.
    Name,
    /// A mail address.
    Email,
    /// Mail addresses, one a line.
    Emails,
    /// A password.
    Password,
    /// The password that the person has, where another one is set.
    #[serde(rename = "current_password")]
    CurrentPassword,
    /// A code from a message or an authenticator.
    Code,
    /// The number of a telephone.
    Phone,
    /// A time zone.
    #[serde(rename = "time_zone")]
    TimeZone,
    /// A language of the catalog.
    Language,
    /// What a role or a group is for.
    Description,
    /// What a claim holds.
    Kind,
    /// The value of a claim.
    Value,
    /// The name of what is to be destroyed, typed once more.
    Confirmation,
    /// A setting of the console.
    Setting(Key),
    /// Why an operator does something.
    Reason,
    /// For how many hours.
    Hours,
    /// What an operator writes down about a person.
    Note,
    /// How many things are to be destroyed.
    Count,
}

/// The reason of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// Nothing was typed.
    Required,
    /// Longer than the field allows.
    TooLong,
    /// Not a name: control characters, or nothing visible.
    NameInvalid,
    /// Not a mail address that mail can reach.
    EmailInvalid,
    /// The address is of no domain that may make an account here.
    EmailDomain,
    /// Not a domain that mail can go to.
    DomainInvalid,
    /// Not a whole number, or not one of the range.
    NumberInvalid,
    /// A session's time without use is longer than its life.
    IdleTooLong,
    /// Not a colour.
    ColourInvalid,
    /// White text could not be read on the colour; `nearest` is one on which it can.
    ColourPale,
    /// Not a PNG or JPEG picture.
    PictureKind,
    /// A picture of too few or too many pixels, or much broader or higher than the other side.
    PictureSize,
    /// A file of too many bytes.
    PictureHeavy,
    /// The operator set it in the file, the environment or a flag.
    SettingPinned,
    /// Not a time zone that can be chosen.
    TimeZoneUnknown,
    /// Not a language of the catalog.
    LanguageUnknown,
    /// The default language is not among those that are offered.
    LanguageNotOffered,
    /// The new mail address is the one that the person has.
    EmailSame,
    /// The mail address has an account: told only to whoever reads its mail, or holds the set-up link.
    EmailTaken,
    /// Fewer characters than the policy asks for.
    PasswordTooShort,
    /// More characters or bytes than the policy allows.
    PasswordTooLong,
    /// On the list of common passwords.
    PasswordCommon,
    /// The password is the person's own name or address, or made of little else.
    PasswordContainsIdentity,
    /// Address and password don't match, or there is no such account: never told apart.
    SignInMismatch,
    /// Not the password of whoever is signed in.
    PasswordWrong,
    /// The new password is the one that the person has.
    PasswordSame,
    /// Not the address of whoever is signed in.
    EmailNotYours,
    /// The only administrator can't leave other people without one.
    LastAdministrator,
    /// They may not do this.
    NotAllowed,
    /// Nobody gives what they don't hold.
    GivesMore,
    /// Nobody changes their own rights.
    OwnRights,
    /// Nobody does something to their own account from the console.
    OwnAccount,
    /// Nobody does something to the account of who may do what they may not.
    TheyMayMore,
    /// The role comes with the program.
    RoleBuiltIn,
    /// There is no such role.
    RoleUnknown,
    /// There is no such claim.
    ClaimUnknown,
    /// Not a name for a claim.
    ClaimName,
    /// Tokens use the name for something else.
    ClaimReserved,
    /// As many claims as there may be are there already.
    ClaimsFull,
    /// There is no room for all that applications would be told.
    ClaimsTooLong,
    /// Not a value of a claim that holds text.
    ClaimText,
    /// Not a value of a claim that holds a number.
    ClaimNumber,
    /// Neither yes nor no.
    ClaimBoolean,
    /// Not a value of a claim that holds a list.
    ClaimList,
    /// Nobody has this address.
    EmailUnknown,
    /// There is no such group.
    GroupUnknown,
    /// There is nobody with this id.
    PersonUnknown,
    /// The account is locked: what was asked for would lead nowhere.
    PersonLocked,
    /// Whoever looks at an account as its owner sees it changes nothing, and sees no secret.
    ViewingOnly,
    /// Nobody sees the pages of this account: it is locked, closed, about to be erased, or nobody has come yet.
    NotViewable,
    /// Nobody waits for a way back into this account, or its link is out already.
    NothingWaits,
    /// Not one line of text, or a longer one than is kept.
    LineInvalid,
    /// Not a number of hours that can be chosen, or no sooner than it is.
    HoursInvalid,
    /// The password is right, and an operator wants another one: a link to choose it was mailed.
    PasswordDue,
    /// Nobody was chosen.
    NobodyChosen,
    /// More people were chosen than one deed is for.
    TooManyChosen,
    /// More addresses were typed than one form is for.
    TooManyAddresses,
    /// Another address was invited than that of whoever is signed in.
    NotInvited,
    /// There is no event with this id.
    EventUnknown,
    /// Something else has this name.
    NameTaken,
    /// The name that was typed once more is another one.
    NameDiffers,
    /// Somebody else changed it since it was shown.
    ChangedMeanwhile,
    /// There is no such message.
    MessageUnknown,
    /// The message can't be sent twice.
    MessageOnce,
    /// There is no such import, or it is somebody else's: never told apart.
    ImportUnknown,
    /// The people of another file are being made.
    ImportRunning,
    /// More bytes or more people than one file may have.
    ImportTooLarge,
    /// There is nobody in the file.
    ImportEmpty,
    /// Comma-separated values without a column of addresses.
    ImportNoEmail,
    /// JSON that is not whole.
    ImportUnreadable,
    /// There is no such job, or it is not one that was given up.
    JobUnknown,
    /// The number that was typed is not how many there are.
    CountDiffers,
    /// Nobody is signed in here any more.
    SignedOut,
    /// A session that has ended, or is none of one's own: never told apart.
    SessionUnknown,
    /// As many accounts as one browser holds are signed in already.
    TooManyAccounts,
    /// A limit was reached; `retry_after` says for how long.
    TooManyAttempts,
    /// The typed code is not the one that was sent.
    CodeInvalid,
    /// A code was typed in a browser that did not sign up, where it proves too little.
    CodeElsewhere,
    /// The typed code was right once, and is too old.
    CodeExpired,
    /// The code of a second factor is wrong, or was used before: never told apart.
    FactorWrong,
    /// The person has no such factor, or it is not enough here.
    FactorUnknown,
    /// A second factor is asked for where a password was given.
    FactorNeeded,
    /// The factor can't be taken away: the person must have one.
    FactorRequired,
    /// Second factors are switched off by the operator.
    FactorOff,
    /// Nothing is being added here any more.
    FactorOver,
    /// Nothing about the account's security may be changed for now; `retry_after` says for how long.
    ChangesFrozen,
    /// Not the number of a mobile phone.
    PhoneInvalid,
    /// The number of a country that gets no text messages from this server.
    PhoneCountry,
    /// As many text messages went out today as may: to the person, to the number, or from the server.
    SmsSpent,
    /// There are no codes by text message here, or not for this person.
    SmsOff,
    /// The sign-in took too long, was ended, or began in another browser.
    SignInOver,
    /// The answer of a passkey is not right, or the passkey is nobody's: never told apart.
    PasskeyWrong,
    /// The passkey is right, and did not check who holds it.
    PasskeyUnverified,
    /// The challenge is too old, was answered, or belongs to another browser.
    PasskeyOver,
    /// The passkey is in an account already.
    PasskeyTaken,
    /// A passkey that is not there, or is none of one's own: never told apart.
    PasskeyUnknown,
    /// Not a name for a passkey: nothing visible, control characters, or too long.
    PasskeyNameInvalid,
    /// As many passkeys as an account holds are there already.
    TooManyPasskeys,
    /// Nothing would be left to sign in with.
    LastWayIn,
    /// The link is not one of ours, or was cut.
    LinkInvalid,
    /// The link is too old.
    LinkExpired,
    /// The link did its work already.
    LinkUsed,
    /// The first administrator exists already.
    AlreadySetUp,
    /// Sign-up is switched off by the operator.
    SignUpClosed,
    /// Too much work at once; `retry_after` says for how long.
    Busy,
    /// A part of the server is away.
    Unavailable,
    /// Something broke; the incident id leads to the log.
    Unexpected,
    /// The request did not come from a page of this server.
    CrossSite,
    /// The request could not be read.
    Malformed,
}

impl Code {
    /// The code as it stands on the wire and in message ids, in kebab-case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooLong => "too-long",
            Self::NameInvalid => "name-invalid",
            Self::EmailInvalid => "email-invalid",
            Self::EmailDomain => "email-domain",
            Self::DomainInvalid => "domain-invalid",
            Self::NumberInvalid => "number-invalid",
            Self::IdleTooLong => "idle-too-long",
            Self::ColourInvalid => "colour-invalid",
            Self::ColourPale => "colour-pale",
            Self::PictureKind => "picture-kind",
            Self::PictureSize => "picture-size",
            Self::PictureHeavy => "picture-heavy",
            Self::SettingPinned => "setting-pinned",
            Self::TimeZoneUnknown => "time-zone-unknown",
            Self::LanguageUnknown => "language-unknown",
            Self::LanguageNotOffered => "language-not-offered",
            Self::EmailSame => "email-same",
            Self::EmailTaken => "email-taken",
            Self::PasswordTooShort => "password-too-short",
            Self::PasswordTooLong => "password-too-long",
            Self::PasswordCommon => "password-common",
            Self::PasswordContainsIdentity => "password-contains-identity",
            Self::SignInMismatch => "sign-in-mismatch",
            Self::PasswordWrong => "password-wrong",
            Self::PasswordSame => "password-same",
            Self::EmailNotYours => "email-not-yours",
            Self::LastAdministrator => "last-administrator",
            Self::NotAllowed => "not-allowed",
            Self::GivesMore => "gives-more",
            Self::OwnRights => "own-rights",
            Self::OwnAccount => "own-account",
            Self::TheyMayMore => "they-may-more",
            Self::RoleBuiltIn => "role-built-in",
            Self::RoleUnknown => "role-unknown",
            Self::ClaimUnknown => "claim-unknown",
            Self::ClaimName => "claim-name",
            Self::ClaimReserved => "claim-reserved",
            Self::ClaimsFull => "claims-full",
            Self::ClaimsTooLong => "claims-too-long",
            Self::ClaimText => "claim-text",
            Self::ClaimNumber => "claim-number",
            Self::ClaimBoolean => "claim-boolean",
            Self::ClaimList => "claim-list",
            Self::EmailUnknown => "email-unknown",
            Self::GroupUnknown => "group-unknown",
            Self::PersonUnknown => "person-unknown",
            Self::PersonLocked => "person-locked",
            Self::ViewingOnly => "viewing-only",
            Self::NotViewable => "not-viewable",
            Self::NothingWaits => "nothing-waits",
            Self::LineInvalid => "line-invalid",
            Self::HoursInvalid => "hours-invalid",
            Self::PasswordDue => "password-due",
            Self::NobodyChosen => "nobody-chosen",
            Self::TooManyChosen => "too-many-chosen",
            Self::TooManyAddresses => "too-many-addresses",
            Self::NotInvited => "not-invited",
            Self::EventUnknown => "event-unknown",
            Self::NameTaken => "name-taken",
            Self::NameDiffers => "name-differs",
            Self::ChangedMeanwhile => "changed-meanwhile",
            Self::MessageUnknown => "message-unknown",
            Self::MessageOnce => "message-once",
            Self::ImportUnknown => "import-unknown",
            Self::ImportRunning => "import-running",
            Self::ImportTooLarge => "import-too-large",
            Self::ImportEmpty => "import-empty",
            Self::ImportNoEmail => "import-no-email",
            Self::ImportUnreadable => "import-unreadable",
            Self::JobUnknown => "job-unknown",
            Self::CountDiffers => "count-differs",
            Self::SignedOut => "signed-out",
            Self::SessionUnknown => "session-unknown",
            Self::TooManyAccounts => "too-many-accounts",
            Self::TooManyAttempts => "too-many-attempts",
            Self::CodeInvalid => "code-invalid",
            Self::CodeElsewhere => "code-elsewhere",
            Self::CodeExpired => "code-expired",
            Self::FactorWrong => "factor-wrong",
            Self::FactorUnknown => "factor-unknown",
            Self::FactorNeeded => "factor-needed",
            Self::FactorRequired => "factor-required",
            Self::FactorOff => "factor-off",
            Self::FactorOver => "factor-over",
            Self::ChangesFrozen => "changes-frozen",
            Self::PhoneInvalid => "phone-invalid",
            Self::PhoneCountry => "phone-country",
            Self::SmsSpent => "sms-spent",
            Self::SmsOff => "sms-off",
            Self::SignInOver => "sign-in-over",
            Self::PasskeyWrong => "passkey-wrong",
            Self::PasskeyUnverified => "passkey-unverified",
            Self::PasskeyOver => "passkey-over",
            Self::PasskeyTaken => "passkey-taken",
            Self::PasskeyUnknown => "passkey-unknown",
            Self::PasskeyNameInvalid => "passkey-name-invalid",
            Self::TooManyPasskeys => "too-many-passkeys",
            Self::LastWayIn => "last-way-in",
            Self::LinkInvalid => "link-invalid",
            Self::LinkExpired => "link-expired",
            Self::LinkUsed => "link-used",
            Self::AlreadySetUp => "already-set-up",
            Self::SignUpClosed => "sign-up-closed",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::Unexpected => "unexpected",
            Self::CrossSite => "cross-site",
            Self::Malformed => "malformed",
        }
    }

    /// The HTTP status of a refusal with this code: 422 for what the person typed, else as RFC 9110 and RFC 6585 say.
    pub fn status(self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::TooManyAttempts | Self::SmsSpent => 429,
            Self::Busy | Self::Unavailable => 503,
            Self::Unexpected => 500,
            Self::CrossSite
            | Self::SignUpClosed
            | Self::FactorOff
            | Self::SmsOff
            | Self::ChangesFrozen
            | Self::NotInvited
            | Self::NotAllowed
            | Self::GivesMore
            | Self::OwnRights
            | Self::ViewingOnly
            | Self::OwnAccount
            | Self::TheyMayMore => 403,
            Self::RoleUnknown
            | Self::GroupUnknown
            | Self::ClaimUnknown
            | Self::PersonUnknown
            | Self::EventUnknown
            | Self::MessageUnknown
            | Self::ImportUnknown
            | Self::JobUnknown => 404,
            Self::AlreadySetUp
            | Self::LastAdministrator
            | Self::FactorRequired
            | Self::LastWayIn
            | Self::PasskeyTaken
            | Self::RoleBuiltIn
            | Self::SettingPinned
            | Self::PersonLocked
            | Self::NotViewable
            | Self::NothingWaits
            | Self::ImportRunning
            | Self::ChangedMeanwhile => 409,
            Self::ImportTooLarge => 413,
            Self::Malformed => 400,
            _ => 422,
        }
    }
}

impl Field {
    /// The public name of the field.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Emails => "emails",
            Self::Password => "password",
            Self::CurrentPassword => "current_password",
            Self::Code => "code",
            Self::Phone => "phone",
            Self::TimeZone => "time_zone",
            Self::Language => "language",
            Self::Description => "description",
            Self::Kind => "kind",
            Self::Value => "value",
            Self::Confirmation => "confirmation",
            Self::Setting(key) => key.field(),
            Self::Reason => "reason",
            Self::Hours => "hours",
            Self::Note => "note",
            Self::Count => "count",
        }
    }
}

/// One reason, and the field that it belongs to (`None`: the form as a whole).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The field, if it is one field's fault.
    pub field: Option<Field>,
    /// The reason.
    pub code: Code,
}

/// Why a request was refused: one fault or several.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Refusal {
    /// The reasons, in the order of the form's fields. Never empty in an [`crate::Error::Refused`].
    pub faults: Vec<Fault>,
    /// Seconds to wait before the next attempt, where waiting helps.
    pub retry_after: Option<u64>,
    /// With [`Code::ColourPale`]: the nearest colour that works.
    #[serde(default)]
    pub nearest: Option<Accent>,
}

impl Refusal {
    /// One fault of one field.
    pub fn field(field: Field, code: Code) -> Self {
        Self {
            faults: vec![Fault {
                field: Some(field),
                code,
            }],
            ..Self::default()
        }
    }

    /// One fault of the form as a whole.
    pub fn form(code: Code) -> Self {
        Self {
            faults: vec![Fault { field: None, code }],
            ..Self::default()
        }
    }

    /// A limit was reached; the wait is rounded up to whole seconds.
    pub fn too_many(retry_after: Duration) -> Self {
        let seconds = retry_after.as_millis().div_ceil(1000).max(1);
        Self {
            retry_after: u64::try_from(seconds).ok(),
            ..Self::form(Code::TooManyAttempts)
        }
    }

    /// The first code, which decides the status.
    pub fn code(&self) -> Code {
        self.faults.first().map_or(Code::Unexpected, |fault| fault.code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.faults.iter().enumerate() {
            let separator = if i == 0 { "" } else { ", " };
            match fault.field {
                Some(field) => write!(f, "{separator}{}: {}", field.as_str(), fault.code.as_str())?,
                None => write!(f, "{separator}{}", fault.code.as_str())?,
            }
        }
        Ok(())
    }
}

/// Collects the faults of a form, so that a person sees all of them at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Takes the value, or notes the fault and yields `None`.
    pub fn check<T>(&mut self, field: Field, checked: Result<T, Code>) -> Option<T> {
        checked.map_err(|code| self.add(field, code)).ok()
    }

    /// Notes a fault.
    pub fn add(&mut self, field: Field, code: Code) {
        self.0.push(Fault {
            field: Some(field),
            code,
        });
    }

    /// The error of a form that had a fault.
    pub fn into_error(self) -> crate::Error {
        crate::Error::Refused(
            self.into_refusal()
                .unwrap_or_else(|| Refusal::form(Code::Malformed)),
        )
    }

    /// The refusal, if there was a fault.
    pub fn into_refusal(self) -> Option<Refusal> {
        (!self.0.is_empty()).then_some(Refusal {
            faults: self.0,
            ..Refusal::default()
        })
    }
}
