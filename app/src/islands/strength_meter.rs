//! Says, while somebody types, whether a new password will do, and why not. The password stays in the browser; the
//! server has the last word, with its list of common passwords.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the meter says, from bad to good; `{}` stands for a number of characters.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StrengthWords {
    /// Fewer characters than needed.
    pub short: String,
    /// The same over and over, or a run along the keyboard.
    pub repeats: String,
    /// Mostly what stands in the other fields.
    pub identity: String,
    /// Long enough.
    pub good: String,
    /// Longer still.
    pub strong: String,
}

/// A meter for the field with the id `field`. `others` are the ids of fields that the password should not repeat.
#[island]
pub fn StrengthMeter(field: String, others: Vec<String>, min: usize, words: StrengthWords) -> impl IntoView {
    // Used in the browser only. (An attribute that differs between the two builds would change the island's id.)
    #[cfg(not(feature = "hydrate"))]
    let _ = (field, others, min, words);
    let score = RwSignal::new(0_u8);
    let said = RwSignal::new(String::new());
    let node = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        use wasm_bindgen::JsCast as _;
        use wasm_bindgen::prelude::Closure;
        let value = |id: &str| {
            let input = document()
                .get_element_by_id(id)?
                .dyn_into::<web_sys::HtmlInputElement>()
                .ok()?;
            Some(input.value())
        };
        let Some(input) = document().get_element_by_id(&field) else {
            return;
        };
        let (id, others, words) = (field.clone(), others.clone(), words.clone());
        let listener = Closure::<dyn Fn()>::new(move || {
            let password = value(&id).unwrap_or_default();
            let others: Vec<String> = others.iter().filter_map(|id| value(id)).collect();
            let (new_score, text) = judge(&password, &others, min, &words);
            score.set(new_score);
            said.set(text);
        });
        let _ = input.add_event_listener_with_callback("input", listener.as_ref().unchecked_ref());
        listener.forget();
    });
    view! {
        <div class="strength" data-testid="password-strength" node_ref=node data-score=move || score.get().to_string()
            hidden=move || score.get() == 0>
            <span class="bars" aria-hidden="true"><i></i><i></i><i></i><i></i></span>
            <p class="hint" role="status">{move || said.get()}</p>
        </div>
    }
}

/// The score (0 for nothing typed, 1 to 4) and the sentence. Letters are compared as ASCII has them: the tables of Unicode
/// would be a tenth of all that the browser loads.
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "it runs in the browser")
)]
fn judge(password: &str, others: &[String], min: usize, words: &StrengthWords) -> (u8, String) {
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
        let words = StrengthWords {
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
