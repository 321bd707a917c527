//! How each message reads: its parts, around the sentences that every message has.

use askama::Template;

use super::{Letterhead, Message, greetable, invitation, recovery, single_line};
use crate::platform::settings::Accent;
use crate::platform::settings::accent::Shades;
use crate::users::time_zone::TimeZone;
use crate::words::Words;

/// What both templates show. Every string is one line.
pub(super) struct Letter {
    language: &'static str,
    direction: &'static str,
    product: String,
    logo: Option<Picture>,
    day: Inks,
    night: Inks,
    pub(super) subject: String,
    heading: String,
    why: String,
    parts: Vec<Part>,
    not_you: String,
    fallback: String,
    footer: String,
}

impl Letter {
    /// Whether the name stands in words on top: not beside a logo that holds it.
    fn has_name(&self) -> bool {
        !self.logo.as_ref().is_some_and(|logo| logo.is_wordmark)
    }
}

/// The operator's logo.
pub(super) struct Picture {
    url: String,
    width: u32,
    height: u32,
    is_wordmark: bool,
}

/// What of a letter has the accent's colours: those of the pages, which are readable on the same grounds.
pub(super) struct Inks {
    cord: String,
    strong: String,
    on: String,
}

impl Inks {
    /// `own`: those of the house.
    fn of(shades: Option<Shades>, own: [&str; 3]) -> Self {
        let hex = |[red, green, blue]: [u8; 3]| format!("#{red:02x}{green:02x}{blue:02x}");
        let [cord, strong, on] = match shades {
            Some(shades) => [hex(shades.cord), hex(shades.strong), hex(shades.on)],
            None => own.map(str::to_owned),
        };
        Self { cord, strong, on }
    }
}

/// A part of a letter between why it came and what to do if it wasn't you.
pub(super) enum Part {
    Paragraph(String),
    Note(String),
    Button {
        label: String,
        link: String,
    },
    Link {
        text: String,
        label: String,
        link: String,
    },
    Code {
        text: String,
        code: String,
    },
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
pub(super) struct Html<'a> {
    pub(super) letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
pub(super) struct Text<'a> {
    pub(super) letter: &'a Letter,
}

impl Message {
    /// What a message says, part by part.
    pub(super) fn letter(&self, w: &Wording<'_>) -> Letter {
        match self {
            Self::SignUpVerify {
                name,
                link,
                code,
                link_life,
                code_life,
            } => w.letter(
                self.kind(),
                name,
                vec![
                    Part::Paragraph(w.say("mail-sign-up-verify-text")),
                    Part::Button {
                        label: w.say("mail-sign-up-verify-button"),
                        link: link.clone(),
                    },
                    Part::Code {
                        text: w.say("mail-sign-up-verify-code"),
                        code: single_line(code),
                    },
                    Part::Note(w.words.text_with(
                        "mail-sign-up-verify-life",
                        &[
                            ("link-life", &w.words.duration(*link_life)),
                            ("code-life", &w.words.duration(*code_life)),
                        ],
                    )),
                ],
            ),
            Self::SignUpKnown {
                name,
                sign_in_link,
                reset_link,
            } => w.letter(
                self.kind(),
                name,
                vec![
                    Part::Paragraph(w.say("mail-sign-up-known-text")),
                    Part::Button {
                        label: w.say("mail-sign-up-known-button"),
                        link: sign_in_link.clone(),
                    },
                    Part::Link {
                        text: w.say("mail-sign-up-known-reset"),
                        label: w.say("mail-sign-up-known-reset-link"),
                        link: reset_link.clone(),
                    },
                ],
            ),
            Self::Welcome { name, account_link } => w.letter(
                self.kind(),
                name,
                vec![
                    Part::Paragraph(w.say("mail-welcome-text")),
                    Part::Button {
                        label: w.say("mail-welcome-button"),
                        link: account_link.clone(),
                    },
                ],
            ),
            Self::PasswordReset {
                name,
                link,
                link_life,
            } => w.letter(
                self.kind(),
                name,
                vec![
                    Part::Paragraph(w.say("mail-password-reset-text")),
                    Part::Button {
                        label: w.say("mail-password-reset-button"),
                        link: link.clone(),
                    },
                    Part::Note(w.words.text_with(
                        "mail-password-reset-life",
                        &[("link-life", &w.words.duration(*link_life))],
                    )),
                ],
            ),
            Self::FactorCode {
                name,
                code,
                code_life,
            } => w.letter(
                self.kind(),
                name,
                vec![
                    Part::Code {
                        text: w.say("mail-factor-code-text"),
                        code: single_line(code),
                    },
                    Part::Note(w.words.text_with(
                        "mail-factor-code-life",
                        &[("code-life", &w.words.duration(*code_life))],
                    )),
                ],
            ),
            Self::SecurityNotice {
                name,
                notice: _,
                at,
                zone,
                user_agent,
                address,
                place,
                alarm_link,
            } => w.letter(
                self.kind(),
                name,
                vec![
                    Part::Paragraph(w.say(&format!("mail-{}-text", self.kind()))),
                    Part::Note(w.origin(
                        &w.words.moment_in(*at, TimeZone::chosen(zone.as_deref())),
                        user_agent,
                        (address, place.as_deref()),
                    )),
                    w.alarm(alarm_link),
                ],
            ),
            Self::Errand {
                name,
                errand,
                link,
                link_life,
                alarm_link,
            } => {
                let mut parts = errand.parts(w, link, *link_life);
                parts.extend(alarm_link.as_deref().map(|link| w.alarm(link)));
                w.letter(self.kind(), name, parts)
            }
            Self::Deed {
                name,
                deed,
                zone,
                link,
            } => w.letter(self.kind(), name, deed.parts(w, zone.as_deref(), link)),
            Self::Data {
                name,
                news: _,
                until,
                zone,
                link,
                alarm_link,
            } => {
                let until = w.words.moment_in(*until, TimeZone::chosen(zone.as_deref()));
                let text = w.words.text_with(
                    &format!("mail-{}-text", self.kind()),
                    &[("until", &until), ("host", w.host)],
                );
                let button = Part::Button {
                    label: w.say(&format!("mail-{}-button", self.kind())),
                    link: link.clone(),
                };
                let mut parts = vec![Part::Paragraph(text), button];
                parts.extend(alarm_link.as_deref().map(|link| w.alarm(link)));
                w.letter(self.kind(), name, parts)
            }
            Self::Recovery {
                name,
                news,
                at,
                zone,
                link,
                cancel_link,
            } => {
                let at = w.words.moment_in(*at, TimeZone::chosen(zone.as_deref()));
                let parts = news.parts(w, &at, link, cancel_link.as_deref());
                w.letter(self.kind(), name, parts)
            }
            Self::AlarmRaised {
                name,
                whose,
                until,
                zone,
                link,
            } => {
                let until = w.words.moment_in(*until, TimeZone::chosen(zone.as_deref()));
                w.letter(self.kind(), name, recovery::alarm_parts(w, whose, &until, link))
            }
            Self::Invitation { by, link, link_life } => {
                w.letter(self.kind(), "", invitation::parts(w, by, link, *link_life))
            }
            Self::SetupDone { name, account_link } => w.letter(
                self.kind(),
                name,
                vec![
                    Part::Paragraph(w.say("mail-set-up-done-text")),
                    Part::Button {
                        label: w.say("mail-set-up-done-button"),
                        link: account_link.clone(),
                    },
                ],
            ),
        }
    }
}

/// The words, and the arguments that any message may use.
pub(super) struct Wording<'a> {
    pub(super) words: &'a Words,
    pub(super) letterhead: &'a Letterhead<'a>,
    pub(super) host: &'a str,
}

impl Wording<'_> {
    pub(super) fn say(&self, id: &str) -> String {
        self.words
            .text_with(id, &[("host", self.host), ("product", self.letterhead.product)])
    }

    /// The link for whoever knows nothing of what a message tells.
    fn alarm(&self, link: &str) -> Part {
        Part::Link {
            text: self.say("mail-notice-alarm"),
            label: self.say("mail-notice-alarm-link"),
            link: link.to_owned(),
        }
    }

    /// When and where from. Without an address it was no browser, but an operator: where they sit is nobody's business.
    fn origin(&self, time: &str, user_agent: &str, (address, place): (&str, Option<&str>)) -> String {
        if address.is_empty() {
            return self
                .words
                .text_with("mail-notice-operator", &[("time", time), ("host", self.host)]);
        }
        let (device, address) = (self.words.device(user_agent), with_place(address, place));
        let from = [("time", time), ("device", &device), ("address", &address)];
        self.words.text_with("mail-notice-origin", &from)
    }

    /// The four sentences that every message of a kind has, around its parts.
    fn letter(&self, kind: &str, name: &str, parts: Vec<Part>) -> Letter {
        let own = |part: &str| self.say(&format!("mail-{kind}-{part}"));
        let greeting = match greetable(name) {
            Some(name) => self.words.text_with("mail-greeting", &[("name", &name)]),
            None => self.words.text("mail-greeting-nameless"),
        };
        let footer = match self.letterhead.support {
            Some(support) => self.words.text_with(
                "mail-footer-support",
                &[
                    ("host", self.host),
                    ("product", self.letterhead.product),
                    ("support", support),
                ],
            ),
            None => self.say("mail-footer"),
        };
        let accent = self.letterhead.accent;
        Letter {
            language: self.words.tag(),
            direction: self.words.direction(),
            product: single_line(self.letterhead.product),
            logo: self.letterhead.logo.and_then(|logo| {
                let (width, height) = logo.shown();
                Some(Picture {
                    url: self.letterhead.public_url.join(&logo.path()).ok()?.to_string(),
                    width,
                    height,
                    is_wordmark: logo.is_wordmark(),
                })
            }),
            day: Inks::of(accent.map(Accent::by_day), ["#a8481f", "#a8481f", "#ffffff"]),
            night: Inks::of(accent.map(Accent::by_night), ["#e58a58", "#e58a58", "#21120a"]),
            subject: single_line(&own("subject")),
            heading: own("heading"),
            why: format!("{greeting} {}", own("why")),
            parts,
            not_you: if kind.starts_with("notice-") {
                self.say("mail-notice-not-you")
            } else {
                own("not-you")
            },
            fallback: self.words.text("mail-link-fallback"),
            footer,
        }
    }
}

/// An address, with its place where that is known.
fn with_place(address: &str, place: Option<&str>) -> String {
    place.map_or_else(|| address.to_owned(), |place| format!("{address} · {place}"))
}
