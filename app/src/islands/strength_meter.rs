//! Says, while somebody types, whether a new password will do, and why not. The password stays in the browser; the
//! server has the last word, with its list of common passwords.

use leptos::prelude::*;

/// What the meter says, from bad to good; `{}` stands for a number of characters.
struct Words {
    /// Fewer characters than needed.
    short: String,
    /// The same over and over, or a run along the keyboard.
    repeats: String,
    /// Mostly what stands in the other fields.
    identity: String,
    /// Long enough.
    good: String,
    /// Longer still.
    strong: String,
}

/// Wakes the `.strength` in it, for the field whose id is its `data-field`. `data-min` is the fewest characters; the words are
/// `data-short` and so on. What stands in the fields `name` and `email` should not be repeated.
#[island]
pub fn StrengthMeter(children: Children) -> impl IntoView {
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    super::dom::wake(node, browser::enliven);
    view! { <div class="contents" node_ref=node>{children()}</div> }
}

#[cfg(feature = "hydrate")]
mod browser {
    use web_sys::{HtmlElement, HtmlInputElement};

    use super::{Words, judge};
    use crate::islands::dom::{attribute, by_id, find, on};

    pub fn enliven(root: &HtmlElement) {
        let Some(meter) = find::<HtmlElement>(root, ".strength") else {
            return;
        };
        let said = |name| attribute(&meter, name);
        let words = Words {
            short: said("data-short"),
            repeats: said("data-repeats"),
            identity: said("data-identity"),
            good: said("data-good"),
            strong: said("data-strong"),
        };
        let min = said("data-min").parse().unwrap_or_default();
        let Some(input) = by_id::<HtmlInputElement>(&said("data-field")) else {
            return;
        };
        on(&input.clone(), "input", move |_| {
            let value = |id: &&str| Some(by_id::<HtmlInputElement>(id)?.value());
            let others: Vec<String> = ["name", "email"].iter().filter_map(value).collect();
            let (score, text) = judge(&input.value(), &others, min, &words);
            let _ = meter.set_attribute("data-score", &score.to_string());
            meter.set_hidden(score == 0);
            if let Some(line) = find::<HtmlElement>(&meter, "p") {
                line.set_text_content(Some(&text));
            }
        });
    }
}

/// The score (0 for nothing typed, 1 to 4) and the sentence. Letters are compared as ASCII has them: the tables of Unicode
/// would be a tenth of all that the browser loads.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "it runs in the browser")
)]
fn judge(password: &str, others: &[String], min: usize, words: &Words) -> (u8, String) {
    let characters: Vec<char> = password.to_ascii_lowercase().chars().collect();
    let length = characters.len();
    if length == 0 {
        return (0, String::new());
    }
    let is_new = |(at, c): &(usize, &char)| !characters.iter().take(*at).any(|earlier| earlier == *c);
    let distinct = characters.iter().enumerate().filter(is_new).count();
    let runs = characters
        .windows(2)
        .filter(|w| matches!(w, [a, b] if (*a as u32).abs_diff(*b as u32) <= 1))
        .count();
    let squeeze = |text: &str| {
        text.to_ascii_lowercase()
            .chars()
            .filter(|c| !c.is_ascii_whitespace() && !c.is_ascii_punctuation())
            .collect::<String>()
    };
    let squeezed = squeeze(password);
    let is_identity = others
        .iter()
        .flat_map(|text| [squeeze(text), squeeze(text.split('@').next().unwrap_or_default())])
        .any(|word| {
            word.chars().count() >= 3
                && squeezed.contains(&word)
                && squeezed.replace(&word, "").chars().count() <= 4
        });
    if length < min {
        let missing = (min - length).to_string();
        return (
            if length * 2 < min { 1 } else { 2 },
            words.short.replace("{}", &missing),
        );
    }
    if is_identity {
        return (1, words.identity.clone());
    }
    if distinct < 6 || runs * 2 > length {
        return (1, words.repeats.clone());
    }
    if length >= min + 8 {
        (4, words.strong.clone())
    } else {
        (3, words.good.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meter_says_why() {
        let words = Words {
            short: "{} more".into(),
            repeats: "repeats".into(),
            identity: "identity".into(),
            good: "good".into(),
            strong: "strong".into(),
        };
        let judge = |password: &str| {
            judge(
                password,
                &["Ada Lovelace".into(), "ada.l@example.com".into()],
                15,
                &words,
            )
        };
        assert_eq!(judge(""), (0, String::new()));
        assert_eq!(judge("abc"), (1, "12 more".into()));
        assert_eq!(judge("twelve chars"), (2, "3 more".into()));
        assert_eq!(judge("aaaaaaaaaaaaaaaaaaaa"), (1, "repeats".into()));
        assert_eq!(judge("abcdefghijklmnopqrs"), (1, "repeats".into()));
        assert_eq!(judge("ada lovelace 1815"), (1, "identity".into()));
        assert_eq!(judge("seven grey otters"), (3, "good".into()));
        assert_eq!(judge("seven grey otters paint a boat"), (4, "strong".into()));
    }
}
