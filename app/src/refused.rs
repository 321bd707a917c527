//! How a domain error leaves a server function, and the sentences that a person reads.

use chrono::TimeDelta;
use domain::authentication::session::SignedIn;
use domain::platform::settings::{Accent, Kind};
use domain::words::Words;
use domain::{Code, Error, Fault, Field, Refusal};
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use crate::visit::{Flash, Visit};

/// The error of every server function: codes only, so that neither a secret nor free text can travel in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused(pub Refusal);

/// The success of every form: where to go next, a path of this server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// The path.
    pub location: String,
}

impl Next {
    /// Goes to a path of this server.
    pub fn to(location: impl Into<String>) -> Self {
        Self {
            location: location.into(),
        }
    }
}

impl FromServerFnError for Refused {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        let code = match &error {
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Code::Malformed,
            _ => Code::Unexpected,
        };
        tracing::debug!(code = code.as_str(), "a server function was called wrongly");
        Self(Refusal::form(code))
    }
}

/// The boundary: what is no refusal is logged here, once, inside the request's span, and becomes a code.
impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self(refusal_of(error))
    }
}

/// What a person is told of an error. Anything but a refusal is logged.
pub fn refusal_of(error: Error) -> Refusal {
    match error {
        Error::Refused(refusal) => refusal,
        Error::Busy { retry_after } => Refusal {
            retry_after: Some(retry_after.as_secs().max(1)),
            ..Refusal::form(Code::Busy)
        },
        error if error.is_unavailable() => {
            tracing::error!(%error, "a part of the server is away");
            Refusal {
                retry_after: Some(5),
                ..Refusal::form(Code::Unavailable)
            }
        }
        error => {
            tracing::error!(%error, "a request failed");
            Refusal::form(Code::Unexpected)
        }
    }
}

/// The sentence for a fault.
pub fn sentence(words: &Words, visit: Option<&Visit>, fault: &Fault, refusal: &Refusal) -> String {
    let retry_after = refusal.retry_after;
    let wait = words.duration(retry_after.unwrap_or(1));
    let (min, max) = match (fault.field, visit) {
        (Some(Field::Setting(key)), _) => match key.kind() {
            Kind::Number { least, most, .. } => (least.to_string(), most.to_string()),
            _ => Default::default(),
        },
        (_, Some(visit)) => {
            let lengths = visit.settings.password;
            (lengths.min.to_string(), lengths.max.to_string())
        }
        (_, None) => Default::default(),
    };
    let domains = visit.map_or_else(String::new, |visit| visit.settings.domains().join(", "));
    let nearest = refusal.nearest.map(Accent::hex).unwrap_or_default();
    let until = match (visit, retry_after) {
        (Some(visit), Some(left)) if fault.code == Code::ChangesFrozen => {
            let zone = visit.reader().and_then(SignedIn::zone);
            let left = TimeDelta::try_seconds(left.cast_signed()).unwrap_or_default();
            words.moment_in(visit.platform.clock.now() + left, zone)
        }
        _ => String::new(),
    };
    words.refusal(
        fault.code,
        fault.field,
        &[
            ("wait", &wait),
            ("min", &min),
            ("max", &max),
            ("until", &until),
            ("domains", &domains),
            ("nearest", &nearest),
        ],
    )
}

/// The sentence of the first fault of a field.
pub fn field_sentence(visit: &Visit, flash: &Flash, field: Field) -> Option<String> {
    let refusal = &flash.refusal;
    let fault = refusal.faults.iter().find(|fault| fault.field == Some(field))?;
    Some(sentence(visit.words, Some(visit), fault, refusal))
}
