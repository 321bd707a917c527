//! The accent: the one colour that an operator chooses, and the shades that pages make of it.
//!
//! It is what buttons, links and focus rings have by day. Everything on a page stays readable with it (WCAG 2.2, 1.4.3 and 1.4.11): a
//! colour that would not is refused, with the nearest one that is not. What the night needs is worked out from it.
//! `server/tests/house_rules/contrast.rs` holds every shade against every ground of `style/tokens.css`.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::Code;

/// A colour: red, green, blue.
pub type Rgb = [u8; 3];

/// What text needs on its ground.
pub const TEXT: f64 = 4.5;
/// What a control needs.
pub const CONTROL: f64 = 3.0;

const WHITE: Rgb = [0xff, 0xff, 0xff];

/// A theme, as far as an accent stands on it: the colours of `style/tokens.css`.
struct Theme {
    /// The grounds that text in the accent and controls stand on, tints of other tones among them.
    grounds: [Rgb; 6],
    /// What a tint is mixed into.
    surface: Rgb,
    /// Text that stands on a tint.
    inks: [Rgb; 2],
    /// What stands on a button.
    on: Rgb,
    /// How much of the accent a tint has.
    tinted: f64,
    /// Away from the grounds: darker by day, lighter by night.
    towards: f64,
}

const DAY: Theme = Theme {
    grounds: [
        [0xfa, 0xf7, 0xf2],
        WHITE,
        [0xf3, 0xed, 0xe4],
        [0xe4, 0xf0, 0xe9],
        [0xfa, 0xf0, 0xd6],
        [0xfb, 0xe8, 0xe7],
    ],
    surface: WHITE,
    inks: [[0x22, 0x1c, 0x17], [0x5d, 0x52, 0x47]],
    on: WHITE,
    tinted: 0.12,
    towards: -1.0,
};

const NIGHT: Theme = Theme {
    grounds: [
        [0x15, 0x11, 0x0e],
        [0x1d, 0x18, 0x15],
        [0x10, 0x0c, 0x0a],
        [0x1a, 0x2a, 0x22],
        [0x2d, 0x25, 0x14],
        [0x35, 0x1c, 0x1c],
    ],
    surface: [0x1d, 0x18, 0x15],
    inks: [[0xf1, 0xe9, 0xde], [0xb9, 0xab, 0x9b]],
    on: [0x21, 0x12, 0x0a],
    tinted: 0.12,
    towards: 1.0,
};

/// The shades of one theme: the tokens that begin with `cord` in `style/tokens.css`, and the text on a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shades {
    /// Buttons, marks, the focus ring.
    pub cord: Rgb,
    /// Links, and a button under the pointer.
    pub strong: Rgb,
    /// A ground.
    pub tint: Rgb,
    /// Text on `cord` and `strong`.
    pub on: Rgb,
}

/// An accent that everything stays readable with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accent(Rgb);

impl Accent {
    /// The paper of the day.
    pub const DAY: Rgb = DAY.grounds[0];
    /// The paper of the night.
    pub const NIGHT: Rgb = NIGHT.grounds[0];

    /// Reads `#1d5fa8` or `1d5fa8`.
    ///
    /// # Errors
    /// [`Code::ColourInvalid`]; [`Code::ColourPale`] for one on which white text could not be read.
    pub fn parse(text: &str) -> Result<Self, Code> {
        let colour = read(text).ok_or(Code::ColourInvalid)?;
        if works(colour) {
            Ok(Self(colour))
        } else {
            Err(Code::ColourPale)
        }
    }

    /// The nearest to a colour that works: of the same hue, and only as much darker as it takes. `None`: that is no colour.
    pub fn nearest(text: &str) -> Option<Self> {
        let colour = read(text)?;
        if works(colour) {
            return Some(Self(colour));
        }
        let oklab = Oklab::of(colour);
        let (mut dark, mut light) = (0.0, oklab.lightness);
        // As fine as eight bits can tell.
        for _ in 0..12 {
            let middle = f64::midpoint(dark, light);
            if works(oklab.at(middle)) {
                dark = middle;
            } else {
                light = middle;
            }
        }
        Some(Self(oklab.at(dark)))
    }

    /// As the setting holds it.
    pub fn hex(self) -> String {
        format!("#{}", digits(self.0))
    }

    /// As it stands in an address: without the `#`.
    pub fn name(self) -> String {
        digits(self.0)
    }

    /// The shades of the day.
    pub fn by_day(self) -> Shades {
        DAY.shades(self.0)
    }

    /// The shades of the night.
    pub fn by_night(self) -> Shades {
        // The same hue, as light as the house's own cord is at night.
        let oklab = Oklab::of(self.0);
        NIGHT.shades(oklab.at(oklab.lightness.max(0.70)))
    }

    /// A style sheet that puts the shades in place of the house's own. Unlayered, so that it wins over `@layer theme`; what decides between
    /// day and night is as in `style/tokens.css`.
    pub fn css(self) -> String {
        let (day, night) = (self.by_day().tokens(), self.by_night().tokens());
        format!(
            ":root{{{day}}}\
             @media screen and (prefers-color-scheme:dark){{:root:not([data-theme=\"light\"]){{{night}}}}}\
             @media screen{{:root[data-theme=\"dark\"]{{{night}}}}}\n"
        )
    }
}

impl Shades {
    fn tokens(self) -> String {
        let mut text = String::new();
        for (name, colour) in [
            ("cord", self.cord),
            ("cord-strong", self.strong),
            ("cord-tint", self.tint),
            ("on-cord", self.on),
        ] {
            // Writing into a text can't fail.
            let _ = write!(text, "--{name}:#{};", digits(colour));
        }
        text
    }
}

impl Theme {
    fn shades(&self, accent: Rgb) -> Shades {
        let cord = self.away(accent, |colour| self.carries_a_control(colour));
        let tint = mix(self.surface, cord, self.tinted);
        let tint = self.back(tint, |tint| {
            self.inks.iter().all(|ink| contrast(*ink, tint) >= TEXT) && contrast(cord, tint) >= CONTROL
        });
        let strong = self.away(cord, |colour| {
            self.grounds
                .iter()
                .chain([&tint, &self.on])
                .all(|ground| contrast(colour, *ground) >= TEXT)
        });
        Shades {
            cord,
            strong,
            tint,
            on: self.on,
        }
    }

    fn carries_a_control(&self, colour: Rgb) -> bool {
        contrast(colour, self.on) >= TEXT
            && self
                .grounds
                .iter()
                .all(|ground| contrast(colour, *ground) >= CONTROL)
    }

    /// The nearest to a colour, away from the grounds, that is good enough.
    fn away(&self, colour: Rgb, good: impl Fn(Rgb) -> bool) -> Rgb {
        let oklab = Oklab::of(colour);
        let steps = (0..=200).map(|step| {
            let lightness = (oklab.lightness + self.towards * f64::from(step) * 0.005).clamp(0.0, 1.0);
            if step == 0 { colour } else { oklab.at(lightness) }
        });
        first_good(steps, good, colour)
    }

    /// The nearest to a tint, back to the surface that it was mixed into.
    fn back(&self, tint: Rgb, good: impl Fn(Rgb) -> bool) -> Rgb {
        let steps = (0..=20).map(|step| mix(tint, self.surface, f64::from(step) * 0.05));
        first_good(steps, good, self.surface)
    }
}

fn first_good(mut colours: impl Iterator<Item = Rgb>, good: impl Fn(Rgb) -> bool, otherwise: Rgb) -> Rgb {
    colours.find(|colour| good(*colour)).unwrap_or(otherwise)
}

/// Whether a colour can be the accent by day as it is.
fn works(colour: Rgb) -> bool {
    DAY.carries_a_control(colour)
}

fn read(text: &str) -> Option<Rgb> {
    let text = text.trim();
    let digits = text.strip_prefix('#').unwrap_or(text);
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some([red, green, blue])
}

fn digits([red, green, blue]: Rgb) -> String {
    format!("{red:02x}{green:02x}{blue:02x}")
}

/// A channel as light: from 0 to 1.
fn linear(channel: u8) -> f64 {
    let part = f64::from(channel) / 255.0;
    if part <= 0.04045 {
        part / 12.92
    } else {
        ((part + 0.055) / 1.055).powf(2.4)
    }
}

fn channel(linear: f64) -> u8 {
    let part = if linear <= 0.003_130_8 {
        linear * 12.92
    } else {
        1.055 * linear.powf(1.0 / 2.4) - 0.055
    };
    rounded(part * 255.0)
}

/// Relative luminance, as WCAG 2.2 defines it.
fn luminance(colour: Rgb) -> f64 {
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The contrast of two colours, from 1 to 21.
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// So much of `other` in `one`, as a style sheet mixes them: in sRGB.
fn mix(one: Rgb, other: Rgb, part: f64) -> Rgb {
    let mut mixed = one;
    for (channel, to) in mixed.iter_mut().zip(other) {
        let from = f64::from(*channel);
        *channel = rounded(from + (f64::from(to) - from) * part);
    }
    mixed
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0–255 before"
)]
fn rounded(channel: f64) -> u8 {
    channel.round().clamp(0.0, 255.0) as u8
}

/// A colour by how light it looks, and its hue: Oklab (Björn Ottosson, "A perceptual color space for image processing", 2020; also CSS
/// Color 4, §9.2).
struct Oklab {
    lightness: f64,
    a: f64,
    b: f64,
}

impl Oklab {
    fn of(colour: Rgb) -> Self {
        let [red, green, blue] = colour.map(linear);
        let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let medium = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        Self {
            lightness: 0.210_454_255_3 * long + 0.793_617_785_0 * medium - 0.004_072_046_8 * short,
            a: 1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short,
            b: 0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short,
        }
    }

    /// The colour of this hue that is so light. What no screen shows loses colour until one does.
    fn at(&self, lightness: f64) -> Rgb {
        let mut part = 1.0;
        for _ in 0..=20 {
            let linear = self.linear_at(lightness, part);
            if linear.iter().all(|light| (-0.000_5..=1.000_5).contains(light)) {
                return linear.map(channel);
            }
            part -= 0.05;
        }
        self.linear_at(lightness, 0.0).map(channel)
    }

    fn linear_at(&self, lightness: f64, part: f64) -> [f64; 3] {
        let (a, b) = (self.a * part, self.b * part);
        let long = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let medium = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let short = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        [
            4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short,
            -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short,
            -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_colour_or_too_pale_is_refused_with_what_is_near() {
        for text in [
            "",
            "#",
            "red",
            "#fff",
            "#12345",
            "#1234567",
            "#12345g",
            "#+12345",
            "0x1234",
            "#１２３４５６",
        ] {
            assert_eq!(Accent::parse(text), Err(Code::ColourInvalid), "{text:?}");
            assert_eq!(Accent::nearest(text), None, "{text:?}");
        }
        assert_eq!(
            Accent::parse(" #1D5FA8 ").map(Accent::hex),
            Ok("#1d5fa8".to_owned())
        );
        for pale in ["#ffffff", "#ffd400", "#ff69b4", "#00ff00", "#7fb2ff", "#e58a58"] {
            assert_eq!(Accent::parse(pale), Err(Code::ColourPale), "{pale}");
            let near = Accent::nearest(pale).expect("one");
            assert_eq!(Accent::parse(&near.hex()), Ok(near), "{pale}");
            // Not darker than it must be.
            assert!(contrast(near.0, WHITE) < 5.0, "{pale} {}", near.hex());
        }
    }

    #[test]
    fn the_house_keeps_its_own_colours_where_its_own_cord_is_chosen() {
        let cord = Accent::parse("#a8481f").expect("the house's own");
        assert_eq!(cord.by_day().cord, [0xa8, 0x48, 0x1f]);
        assert!(cord.css().starts_with(":root{--cord:#a8481f;"));
    }

    #[test]
    fn oklab_goes_there_and_back() {
        for colour in [
            [0, 0, 0],
            [255, 255, 255],
            [255, 0, 0],
            [0, 255, 0],
            [0, 0, 255],
            [29, 95, 168],
            [1, 2, 3],
        ] {
            let oklab = Oklab::of(colour);
            assert_eq!(oklab.at(oklab.lightness), colour);
        }
        assert!((Oklab::of(WHITE).lightness - 1.0).abs() < 0.000_1);
    }
}
