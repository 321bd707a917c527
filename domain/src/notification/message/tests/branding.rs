//! What of a message is the operator's: the accent and the logo.

use super::*;
use crate::platform::settings::accent::{CONTROL, Rgb, TEXT, contrast};

const NAME: &str = "0123456789abcdef0123456789abcdef";

/// The HTML of a message with a button, a link and a code.
fn html(accent: Option<Accent>, logo: Option<&Logo>) -> String {
    let public_url = url("https://id.example.org");
    let letterhead = Letterhead {
        product: "Ann & Co",
        public_url: &public_url,
        support: None,
        accent,
        logo,
    };
    let messages = all("Ada").into_iter();
    let rendered = messages.map(|message| {
        let mail = message.render(Words::of(Language::English), &letterhead);
        mail.expect("the message renders").html
    });
    rendered.collect()
}

/// The colours in a text.
fn colours(html: &str) -> Vec<&str> {
    let all = html.split('#').skip(1).filter_map(|rest| rest.get(..6));
    all.filter(|colour| colour.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .collect()
}

#[test]
fn the_html_uses_the_colours_of_the_tokens_and_loads_nothing() {
    let tokens = include_str!("../../../../../style/tokens.css");
    let html = html(None, None);
    for colour in colours(&html) {
        assert!(tokens.contains(colour), "#{colour} is not in tokens.css");
    }
    let template = include_str!("../../../../templates/mail/letter.html");
    for fetched in ["<link", "url(", "@import", "<script", "http:"] {
        assert!(!template.contains(fetched), "{fetched}");
    }
    assert!(!html.contains("<img"));
}

#[test]
fn an_accent_colours_what_the_house_s_own_did_and_stays_readable_by_day_and_by_night() {
    for chosen in ["#1d5fa8", "#7a1fa2", "#0b6b3a", "#000000"] {
        let accent = Accent::parse(chosen).expect("an accent");
        let html = html(Some(accent), None);
        for own in ["a8481f", "e58a58"] {
            assert!(!html.contains(own), "{own} with {chosen}");
        }
        let hex = |[red, green, blue]: Rgb| format!("#{red:02x}{green:02x}{blue:02x}");
        let (day, night) = (accent.by_day(), accent.by_night());
        for shade in [day.cord, day.strong, day.on, night.cord, night.strong, night.on] {
            assert!(html.contains(&hex(shade)), "{chosen}: {}", hex(shade));
        }
        // The grounds of a letter: its paper, and its card.
        for (shades, grounds) in [
            (day, [Accent::DAY, [0xff, 0xff, 0xff]]),
            (night, [Accent::NIGHT, [0x1d, 0x18, 0x15]]),
        ] {
            assert!(contrast(shades.on, shades.cord) >= TEXT, "{chosen}");
            for ground in grounds {
                assert!(contrast(shades.strong, ground) >= TEXT, "{chosen}");
                assert!(contrast(shades.cord, ground) >= CONTROL, "{chosen}");
            }
        }
    }
}

#[test]
fn a_logo_is_one_picture_of_our_own_with_the_name_for_whoever_sees_none() {
    for (size, alt, name_beside) in [("320x64", "Ann &#38; Co", false), ("64x64", "", true)] {
        let logo = Logo::parse(&format!("{NAME}-{size}")).expect("a logo");
        let html = html(None, Some(&logo));
        let pictures: Vec<&str> = html.split("<img ").skip(1).collect();
        assert_eq!(pictures.len(), all("Ada").len(), "one in each message");
        for picture in pictures {
            assert!(
                picture.starts_with(&format!("src=\"https://id.example.org/logo/{NAME}.png\" width=")),
                "{picture}"
            );
            assert!(picture.contains(&format!("alt=\"{alt}\"")), "{picture}");
        }
        assert_eq!(html.contains(">Ann &#38; Co</td>"), name_beside, "{size}");
    }
}
