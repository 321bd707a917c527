//! Passkeys: the devices of the two people, the challenges that browsers were given, and what is signed for them.
//!
//! The devices are those of the integration suite: written from the standard alone, on `ring`. A counter goes up with each
//! honest use; a copy of a key has the one that it was copied with.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use domain::platform::keys::TokenHash;
use serde_json::{Value as Json, json};

use super::action::{Ceremony, Value};
use super::device::{BE, BS, Device, Draft, Made, ORIGIN, UP, UV, b64, bytes};
use super::digest::{Cell, mark};
use super::truth::{Factor, Truth, literal};
use super::typed::{PERSONS, other};

/// How long a challenge may be answered.
const LIFE: Duration = Duration::minutes(5);
/// Where the server's passkeys belong to, in development.
const RP_ID: &str = "localhost";
/// The flag of an answer that brings a new key.
const NEW_KEY: u8 = 64;
/// The challenge of a browser that was given none.
const NOBODYS: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What kind of authenticator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Verifies its holder, and can be copied to their other devices.
    Phone,
    /// Verifies nobody, can't be copied, and counts.
    Key,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Phone, Self::Key];

    fn flags(self) -> u8 {
        match self {
            Self::Phone => UP | UV | BE | BS,
            Self::Key => UP,
        }
    }

    /// Whether an answer of it is two factors.
    pub fn verifies(self) -> bool {
        self == Self::Phone
    }
}

/// A passkey of a person.
#[derive(Debug, Clone)]
pub struct Passkey {
    /// Its id, as forms name it.
    pub row: String,
    pub at: DateTime<Utc>,
    /// The counter of its last honest use.
    pub counter: u32,
}

/// A challenge that a browser was given.
#[derive(Debug, Clone)]
pub struct Challenge {
    pub text: String,
    pub ceremony: Ceremony,
    /// The cookie of the browser.
    pub browser: String,
    /// The token of the flow, or the id of the session, that it is for.
    pub holder: String,
    pub at: DateTime<Utc>,
    pub spent: bool,
}

static DEVICES: LazyLock<[[Device; 2]; PERSONS]> = LazyLock::new(|| {
    let device = |kind: Kind| Device::saying(kind.flags(), u32::from(kind == Kind::Key));
    [(); PERSONS].map(|()| Kind::ALL.map(device))
});

/// A device of a person.
pub fn device(who: usize, kind: Kind) -> &'static Device {
    &DEVICES[who][kind as usize]
}

/// Whose device it is, by its id as SQL writes it.
pub fn device_of(id: &str) -> Option<(usize, Kind)> {
    let all = (0..PERSONS).flat_map(|who| Kind::ALL.map(|kind| (who, kind)));
    all.into_iter()
        .find(|(who, kind)| literal(&device(*who, *kind).id) == id)
}

/// A ceremony of one browser, for one sign-in or session.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub ceremony: Ceremony,
    pub browser: Option<&'a String>,
    pub holder: &'a str,
    pub now: DateTime<Utc>,
}

impl Place<'_> {
    fn has(&self, challenge: &Challenge) -> bool {
        challenge.ceremony == self.ceremony
            && Some(&challenge.browser) == self.browser
            && challenge.holder == self.holder
    }

    /// The challenge that a value is for, and whether it can be answered here and now.
    fn challenge(&self, truth: &Truth, value: Value) -> (String, bool) {
        let newest = |which: &dyn Fn(&Challenge) -> bool| {
            let found = truth.challenges.iter().rfind(|challenge| which(challenge));
            found.map(|challenge| challenge.text.clone())
        };
        let live = |challenge: &Challenge| !challenge.spent && self.now < challenge.at + LIFE;
        let found = match value {
            Value::Older => newest(&|challenge| challenge.ceremony == self.ceremony && challenge.spent),
            Value::Elsewhere => newest(&|challenge| !self.has(challenge) && live(challenge)),
            _ => newest(&|challenge| self.has(challenge) && live(challenge)),
        };
        let is_own = ![Value::Older, Value::Elsewhere].contains(&value) && found.is_some();
        (found.unwrap_or_else(|| NOBODYS.to_owned()), is_own)
    }
}

fn client(kind: &str, challenge: &str) -> Json {
    json!({ "type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": false })
}

/// What a device of `who` answers, and, if that is right here, the challenge.
pub fn assertion(
    truth: &Truth,
    place: &Place<'_>,
    who: usize,
    kind: Kind,
    value: Value,
) -> (String, Option<String>) {
    if value == Value::Empty {
        return (String::new(), None);
    }
    let (challenge, is_own) = place.challenge(truth, value);
    let passkey = truth.people[who].passkeys.get(&kind);
    // Somebody else's device, which says that it is this person's: by its own name, or by the name of theirs.
    let signer = match value {
        Value::Others | Value::Wrong => device(other(who), kind),
        _ => device(who, kind),
    };
    let counter = match kind {
        Kind::Phone => 0,
        Kind::Key if value == Value::Copied => 1,
        Kind::Key => passkey.map_or(1, |passkey| passkey.counter) + 1,
    };
    let draft = Draft {
        client: client("webauthn.get", &challenge),
        rp_id: RP_ID.to_owned(),
        flags: kind.flags(),
        counter,
        holder: Some(holder(truth, who)),
        made: Made::default(),
    };
    let mut answer = signer.signed(&draft);
    if value == Value::Wrong {
        let id = json!(b64(&device(who, kind).id));
        (answer["id"], answer["rawId"]) = (id.clone(), id);
    }
    let is_right = is_own && passkey.is_some() && [Value::Right, Value::Copied].contains(&value);
    (answer.to_string(), is_right.then_some(challenge))
}

/// A new passkey of `who`, and, if it is right here, the challenge.
pub fn creation(
    truth: &Truth,
    place: &Place<'_>,
    who: usize,
    kind: Kind,
    value: Value,
) -> (String, Option<String>) {
    if value == Value::Empty {
        return (String::new(), None);
    }
    let (challenge, is_own) = place.challenge(truth, value);
    let maker = if value == Value::Others { other(who) } else { who };
    let purpose = if value == Value::Wrong {
        "webauthn.get"
    } else {
        "webauthn.create"
    };
    let draft = Draft {
        client: client(purpose, &challenge),
        rp_id: RP_ID.to_owned(),
        flags: kind.flags() | NEW_KEY,
        counter: u32::from(kind == Kind::Key),
        holder: None,
        made: Made::default(),
    };
    let is_right = is_own && value == Value::Right;
    (
        device(maker, kind).created(&draft).to_string(),
        is_right.then_some(challenge),
    )
}

/// The same answer, but for the flag that its device verified its holder: what a server sees that does not look at the flag.
pub fn as_verified(answer: &str) -> String {
    let Ok(answer) = serde_json::from_str::<Json>(answer) else {
        return answer.to_owned();
    };
    let part = |name: &str| answer["response"][name].as_str().map(bytes);
    let signer = device_of(&literal(&bytes(answer["id"].as_str().unwrap_or_default())));
    let (Some(data), Some(client), Some((who, kind))) =
        (part("authenticatorData"), part("clientDataJSON"), signer)
    else {
        return answer.to_string();
    };
    let draft = Draft {
        client: serde_json::from_slice(&client).unwrap(),
        rp_id: RP_ID.to_owned(),
        flags: data[32] | UV,
        counter: u32::from_be_bytes(data[33..37].try_into().unwrap()),
        holder: part("userHandle"),
        made: Made::default(),
    };
    device(who, kind).signed(&draft).to_string()
}

/// A person, as the server names them to devices.
fn holder(truth: &Truth, who: usize) -> Vec<u8> {
    let id = truth.people[who]
        .id
        .trim_start_matches("X'")
        .trim_end_matches('\'');
    let pairs = id.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

impl Truth {
    /// Notes that a passkey of a person answered a challenge.
    pub fn use_challenge(&mut self, who: usize, kind: Kind, challenge: &str) {
        for known in &mut self.challenges {
            known.spent |= known.text == challenge;
        }
        if let Some(passkey) = self.people[who].passkeys.get_mut(&kind) {
            passkey.counter += 1;
        }
    }

    /// What of the passkeys is part of a state.
    pub fn passkey_facts(&self) -> Vec<(u64, Vec<Cell>)> {
        let mut facts = Vec::new();
        for person in &self.people {
            for (kind, passkey) in &person.passkeys {
                let cells = vec![
                    Cell::Mark(mark(&person.id)),
                    Cell::Word(*kind as u64),
                    Cell::Time(passkey.at.timestamp()),
                ];
                facts.push((108, cells));
            }
        }
        for challenge in &self.challenges {
            let hash = TokenHash::of(&bytes(&challenge.text));
            let cells = vec![
                Cell::Mark(mark(&literal(hash.as_bytes()))),
                Cell::Word(u64::from(challenge.spent)),
            ];
            facts.push((109, cells));
        }
        facts
    }
}

impl From<Kind> for Factor {
    fn from(kind: Kind) -> Self {
        Self::Passkey(kind)
    }
}
