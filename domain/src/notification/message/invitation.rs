//! The mail of an invitation. It says who invites, and not to which roles: that stands on the page behind the link.

use super::greetable;
use super::letter::{Part, Wording};

/// What stands in it. `by`: what the inviter is called; a name that could pass for a link is not said.
pub(super) fn parts(w: &Wording<'_>, by: &str, link: &str, link_life: u64) -> Vec<Part> {
    let text = match greetable(by) {
        Some(by) => w.words.text_with(
            "mail-invitation-by",
            &[("name", &by), ("host", w.host), ("product", w.letterhead.product)],
        ),
        None => w.say("mail-invitation-text"),
    };
    let life = w.words.duration(link_life);
    vec![
        Part::Paragraph(text),
        Part::Button {
            label: w.say("mail-invitation-button"),
            link: link.to_owned(),
        },
        Part::Note(w.words.text_with("mail-invitation-life", &[("link-life", &life)])),
    ]
}
