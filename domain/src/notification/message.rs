//! The messages, with typed arguments, and how each reads as mail.
//!
//! A message is a [`Letter`]: why it came, what to do, what to do if it wasn't you. One template makes HTML of it and
//! one plain text, so the two can't say different things, and a new message needs words only. The wording is in
//! `locales/*/mail.ftl`.

use std::fmt;

use askama::Template;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::words::Words;
use crate::{Error, Result};

/// What somebody is told by mail. Holds links and codes, so its [`fmt::Debug`] shows the kind only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "kebab-case")]
pub enum Message {
    /// An account was asked for with an unknown address: prove that it is yours.
    SignUpVerify {
        /// The name as it was typed by whoever signed up: not proven, see [`greetable`].
        name: String,
        /// The page that the single-use link opens.
        link: String,
        /// The six digits that do the same.
        code: String,
        /// How long the link works, in seconds.
        link_life: u64,
        /// How long the code works, in seconds.
        code_life: u64,
    },
    /// An account was asked for with an address that has one.
    SignUpKnown {
        /// The name of the account, not the one that was typed.
        name: String,
        /// The sign-in page.
        sign_in_link: String,
        /// The page that asks for a new password.
        reset_link: String,
    },
    /// The address was proven, and the account exists.
    Welcome {
        /// The person's name.
        name: String,
        /// The account's page.
        account_link: String,
    },
    /// The first administrator was made.
    SetupDone {
        /// The administrator's name.
        name: String,
        /// The account's page.
        account_link: String,
    },
}

/// Which server writes: what stands above and below every message.
#[derive(Debug, Clone, Copy)]
pub struct Letterhead<'a> {
    /// The name that the operator gave the server.
    pub product: &'a str,
    /// The server's own address, whose host every message names, so that nobody needs to wonder who wrote.
    pub public_url: &'a Url,
    /// Where people find help, if anywhere.
    pub support: Option<&'a str>,
}

/// A message as it leaves: both parts say the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line without control characters.
    pub subject: String,
    /// The plain text part.
    pub text: String,
    /// The HTML part, whole, with everything escaped that a person typed.
    pub html: String,
    /// The code in the message, if it has one; for the dev inbox.
    pub code: Option<String>,
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// What both templates show. Every string is one line.
struct Letter {
    language: String,
    direction: &'static str,
    product: String,
    subject: String,
    heading: String,
    why: String,
    parts: Vec<Part>,
    not_you: String,
    fallback: String,
    footer: String,
}

/// A part of a letter between why it came and what to do if it wasn't you.
enum Part {
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
struct Html<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Text<'a> {
    letter: &'a Letter,
}

impl Message {
    /// The kind, in kebab-case, as message ids, logs and metrics have it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::SignUpVerify { .. } => "sign-up-verify",
            Self::SignUpKnown { .. } => "sign-up-known",
            Self::Welcome { .. } => "welcome",
            Self::SetupDone { .. } => "set-up-done",
        }
    }

    /// Renders the message in the language of `words`.
    ///
    /// # Errors
    /// [`Error::Mail`] when the public URL has no host or a template fails.
    pub fn render(&self, words: &Words, letterhead: &Letterhead<'_>) -> Result<Rendered> {
        let host = host_of(letterhead.public_url)
            .ok_or_else(|| Error::Mail("the public URL has no host to put into a message".into()))?;
        let letter = self.letter(&Wording {
            words,
            letterhead,
            host: &host,
        });
        let failed = |error: askama::Error| Error::Mail(format!("{}: {error}", self.kind()));
        Ok(Rendered {
            text: Text { letter: &letter }.render().map_err(failed)?,
            html: Html { letter: &letter }.render().map_err(failed)?,
            code: self.code().map(str::to_owned),
            subject: letter.subject,
        })
    }

    /// The code in the message, if it has one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::SignUpVerify { code, .. } => Some(code),
            Self::SignUpKnown { .. } | Self::Welcome { .. } | Self::SetupDone { .. } => None,
        }
    }

    fn letter(&self, w: &Wording<'_>) -> Letter {
        match self {
            Self::SignUpVerify {
                name,
                link,
                code,
                link_life,
                code_life,
            } => w.letter(
                name,
                [
                    "mail-sign-up-verify-subject",
                    "mail-sign-up-verify-heading",
                    "mail-sign-up-verify-why",
                    "mail-sign-up-verify-not-you",
                ],
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
                name,
                [
                    "mail-sign-up-known-subject",
                    "mail-sign-up-known-heading",
                    "mail-sign-up-known-why",
                    "mail-sign-up-known-not-you",
                ],
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
                name,
                [
                    "mail-welcome-subject",
                    "mail-welcome-heading",
                    "mail-welcome-why",
                    "mail-welcome-not-you",
                ],
                vec![
                    Part::Paragraph(w.say("mail-welcome-text")),
                    Part::Button {
                        label: w.say("mail-welcome-button"),
                        link: account_link.clone(),
                    },
                ],
            ),
            Self::SetupDone { name, account_link } => w.letter(
                name,
                [
                    "mail-set-up-done-subject",
                    "mail-set-up-done-heading",
                    "mail-set-up-done-why",
                    "mail-set-up-done-not-you",
                ],
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
struct Wording<'a> {
    words: &'a Words,
    letterhead: &'a Letterhead<'a>,
    host: &'a str,
}

impl Wording<'_> {
    fn say(&self, id: &str) -> String {
        self.words
            .text_with(id, &[("host", self.host), ("product", self.letterhead.product)])
    }

    fn letter(&self, name: &str, [subject, heading, why, not_you]: [&str; 4], parts: Vec<Part>) -> Letter {
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
        Letter {
            language: self.words.language(),
            direction: self.words.direction(),
            product: single_line(self.letterhead.product),
            subject: single_line(&self.say(subject)),
            heading: self.say(heading),
            why: format!("{greeting} {}", self.say(why)),
            parts,
            not_you: self.say(not_you),
            fallback: self.words.text("mail-link-fallback"),
            footer,
        }
    }
}

/// Host and port of a URL, as people know the server.
fn host_of(public_url: &Url) -> Option<String> {
    let host = public_url.host_str()?;
    Some(
        public_url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
    )
}

/// The value on one line: control characters, line and paragraph separators become spaces, and marks that turn the
/// reading direction go. No header can be ended early by it (CWE-93).
pub fn single_line(value: &str) -> String {
    let spaced: String = value
        .chars()
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name on one line if a message may call somebody by it. Whoever signs up chooses the name that goes to an
/// address which need not be theirs: what a mail program would turn into a link, or what is a sentence rather than a
/// name, must not travel under our sender.
pub fn greetable(name: &str) -> Option<String> {
    const LONGEST: usize = 60;
    let name = single_line(name);
    let like_an_address = name.contains("://")
        || name.contains('@')
        || name.split_whitespace().any(|word| {
            // A dot between a letter or digit and two or more letters: `evil.example`, not `J.R.R.` or `Jr.`
            word.match_indices('.').any(|(at, _)| {
                let before = word[..at].chars().next_back().is_some_and(char::is_alphanumeric);
                let after = word[at + 1..].chars().take_while(|c| c.is_alphabetic()).count();
                before && after >= 2
            })
        });
    (!name.is_empty() && name.chars().count() <= LONGEST && !like_an_address).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verify(name: &str) -> Message {
        Message::SignUpVerify {
            name: name.to_owned(),
            link: "https://id.example.org/sign-up/verify?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y"
                .into(),
            code: "012345".into(),
            link_life: 24 * 60 * 60,
            code_life: 10 * 60,
        }
    }

    fn all(name: &str) -> Vec<Message> {
        vec![
            verify(name),
            Message::SignUpKnown {
                name: name.to_owned(),
                sign_in_link: "https://id.example.org/sign-in".into(),
                reset_link: "https://id.example.org/forgot-password".into(),
            },
            Message::Welcome {
                name: name.to_owned(),
                account_link: "https://id.example.org/account".into(),
            },
            Message::SetupDone {
                name: name.to_owned(),
                account_link: "https://id.example.org/account".into(),
            },
        ]
    }

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    fn render(message: &Message) -> Rendered {
        let public_url = url("https://id.example.org");
        let letterhead = Letterhead {
            product: "Latchstring",
            public_url: &public_url,
            support: None,
        };
        message
            .render(Words::for_language("en"), &letterhead)
            .expect("the message renders")
    }

    #[test]
    fn a_sign_up_is_told_its_link_its_code_and_how_long_they_work() {
        let mail = render(&verify("Ada Lovelace"));
        assert_eq!(mail.subject, "Confirm your address");
        assert_eq!(mail.code.as_deref(), Some("012345"));
        for part in [&mail.text, &mail.html] {
            for promised in [
                "Hello Ada Lovelace. Somebody, probably you, asked for an account at id.example.org",
                "https://id.example.org/sign-up/verify?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y",
                "012345",
                "The link works for 24 hours, the code for 10 minutes.",
                "no account is made",
                "Sent by Latchstring at id.example.org",
            ] {
                assert!(part.contains(promised), "{promised:?} is missing in:\n{part}");
            }
        }
    }

    #[test]
    fn the_plain_text_reads_like_a_letter() {
        let expected = "\
Hello Ada. Somebody, probably you, asked for an account at id.example.org with this address.

One click shows that the address is yours, and your account is ready.

Confirm the address:
https://id.example.org/sign-up/verify?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y

Or type this code on the page where you signed up:

    012345

The link works for 24 hours, the code for 10 minutes.

If it wasn't you, do nothing. Without the link or the code, no account is made.

-- \n\
Sent by Latchstring at id.example.org. Nobody reads replies to this message.";
        assert_eq!(render(&verify("Ada")).text.trim_end(), expected);
    }

    #[test]
    fn a_known_address_is_told_where_to_sign_in_and_how_to_choose_a_new_password() {
        let mail = render(&all("Ada")[1]);
        assert_eq!(mail.subject, "You already have an account");
        assert_eq!(mail.code, None);
        for part in [&mail.text, &mail.html] {
            assert!(part.contains("https://id.example.org/sign-in"));
            assert!(part.contains("https://id.example.org/forgot-password"));
            assert!(part.contains("Nothing has changed."));
        }
    }

    #[test]
    fn each_message_says_first_why_it_came_and_last_what_to_do_if_it_was_not_you() {
        for message in all("Ada") {
            let mail = render(&message);
            let first = mail.text.lines().next().expect("a first line");
            assert!(first.starts_with("Hello Ada. ") && first.len() > 40, "{first}");
            let last = mail
                .text
                .split("\n\n-- ")
                .next()
                .and_then(|body| body.lines().last());
            assert!(
                last.is_some_and(|line| line.starts_with("If it wasn't you, ")),
                "{last:?}"
            );
            assert!(
                !mail.text.contains("mail-") && !mail.html.contains(">mail-"),
                "an id shows:\n{}",
                mail.text
            );
            assert!(!mail.text.contains("\n\n\n"), "a gap in:\n{}", mail.text);
            assert!(
                !mail.text.contains('{') && !mail.html.contains("{ $"),
                "an argument is missing"
            );
        }
    }

    #[test]
    fn both_parts_hold_the_same_links() {
        for message in all("Ada") {
            let mail = render(&message);
            let hrefs: Vec<&str> = mail
                .html
                .split("href=\"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .collect();
            assert!(!hrefs.is_empty());
            for href in hrefs {
                assert!(
                    mail.text.lines().any(|line| line == href),
                    "{href} is not in:\n{}",
                    mail.text
                );
            }
        }
    }

    #[test]
    fn what_a_person_typed_is_text_and_never_markup_or_template() {
        for message in all("<script>alert('x')</script> \"&") {
            let mail = render(&message);
            assert!(!mail.html.contains("<script"), "{}", mail.html);
            assert!(mail.html.contains("&#60;script&#62;") || mail.html.contains("&lt;script&gt;"));
            assert!(mail.text.contains("<script>"), "plain text stays as typed");
        }
        for message in all("{{7*7}} { $host } {% raw %}") {
            let mail = render(&message);
            for part in [&mail.text, &mail.html] {
                assert!(part.contains("Hello {{7*7}} { $host } {% raw %}."), "{part}");
            }
        }
    }

    #[test]
    fn a_line_break_in_a_name_ends_no_line() {
        for message in all("Ada\r\nBcc: everyone@example.net\u{2028}X\u{0}") {
            let mail = render(&message);
            assert!(!mail.subject.contains(char::is_control));
            assert!(!mail.text.contains("Bcc"), "an address in a name is not repeated");
        }
        assert_eq!(
            single_line("Ada\r\nBcc:\tall\u{2029}x\u{7f}\u{202e}"),
            "Ada Bcc: all x"
        );
    }

    #[test]
    fn a_name_that_mail_programs_would_link_is_left_out() {
        for name in [
            "Ada",
            "J.R.R. Tolkien",
            "José Ñ.",
            "Sammy Davis Jr.",
            "李小龍",
            "{{7*7}}",
        ] {
            assert_eq!(greetable(name).as_deref(), Some(name));
        }
        let long = "free money ".repeat(8);
        for name in [
            "",
            " \r\n",
            "Win at evil.example",
            "https://evil",
            "a@b",
            "see evil.рф",
            &long,
        ] {
            assert_eq!(greetable(name), None, "{name:?}");
        }
        assert!(
            render(&verify("Win at evil.example"))
                .text
                .starts_with("Hello. Somebody")
        );
    }

    #[test]
    fn neither_a_message_nor_what_was_rendered_shows_its_secrets_in_a_log_line() {
        let shown = format!("{:?} {:?}", verify("Ada"), render(&verify("Ada")));
        for secret in ["012345", "token", "Ada"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn a_message_comes_back_from_the_queue_as_it_went_in() {
        for message in all("Ada") {
            let queued = serde_json::to_string(&message).expect("JSON");
            assert_eq!(
                serde_json::from_str::<Message>(&queued).expect("a message"),
                message
            );
        }
    }

    #[test]
    fn the_port_is_named_where_it_is_not_the_usual_one() {
        assert_eq!(
            host_of(&url("http://localhost:3000/")).as_deref(),
            Some("localhost:3000")
        );
        assert_eq!(
            host_of(&url("https://id.example.org")).as_deref(),
            Some("id.example.org")
        );
        assert_eq!(host_of(&url("mailto:ada@example.org")), None);
    }

    #[test]
    fn the_operators_name_and_help_address_stand_in_every_message() {
        let public_url = url("http://localhost:3000");
        let letterhead = Letterhead {
            product: "Ann & Co",
            public_url: &public_url,
            support: Some("help@example.org"),
        };
        for message in all("Ada") {
            let mail = message
                .render(Words::for_language("en"), &letterhead)
                .expect("the message renders");
            let footer = "Sent by Ann & Co at localhost:3000. Nobody reads replies to this message; \
                          for help, write to help@example.org.";
            assert!(mail.text.trim_end().ends_with(footer), "{}", mail.text);
            assert!(!mail.html.contains("Ann & Co"), "escaped");
        }
    }

    #[test]
    fn the_html_uses_the_colours_of_the_tokens_and_loads_nothing() {
        let template = include_str!("../../templates/mail/letter.html");
        let tokens = include_str!("../../../style/tokens.css");
        for colour in template.split('#').skip(1).filter_map(|rest| rest.get(..6)) {
            if colour.bytes().all(|b| b.is_ascii_hexdigit()) {
                assert!(tokens.contains(colour), "#{colour} is not in tokens.css");
            }
        }
        for fetched in ["<img", "<link", "url(", "@import", "<script", "http:"] {
            assert!(!template.contains(fetched), "{fetched}");
        }
    }
}
