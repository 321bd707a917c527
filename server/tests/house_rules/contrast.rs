//! The contrast of the colours in `style/tokens.css` (WCAG 2.2, 1.4.3 and 1.4.11): text keeps 4.5:1, controls, the focus
//! ring and drawings keep 3:1, on every ground that they may stand on, in light and in dark.

use std::collections::BTreeMap;

use domain::platform::settings::Accent;

use crate::{expect_none, read};

const TEXT: f64 = 4.5;
const CONTROL: f64 = 3.0;

type Colour = [u8; 3];
type Colours = BTreeMap<String, Colour>;

/// The light list, and the dark one: the light one with what `@variant dark` changes.
fn lists() -> [(&'static str, Colours); 2] {
    let css = read("style/tokens.css");
    let (light, dark) = css.split_once("@variant dark {").expect("the dark list");
    let light = colours(light);
    let mut all = light.clone();
    all.extend(colours(dark));
    [("light", light), ("dark", all)]
}

/// The colours in lines such as `--paper: #faf7f2;`.
fn colours(css: &str) -> Colours {
    css.lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
            let digits = value.strip_suffix(';').filter(|digits| digits.len() == 6)?;
            let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
            Some((name.to_owned(), [red, green, blue]))
        })
        .collect()
}

/// Relative luminance, as WCAG 2.2 defines it.
fn luminance(colour: Colour) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let part = f64::from(channel) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// What may stand on what, and how much contrast it needs there.
fn pairs() -> Vec<(String, String, f64)> {
    let mut pairs = Vec::new();
    let mut add = |front: &str, ground: &str, least| pairs.push((front.to_owned(), ground.to_owned(), least));
    for ground in ["paper", "surface", "sunken"] {
        for text in [
            "ink",
            "ink-soft",
            "ink-faint",
            "cord-strong",
            "brick",
            "pine",
            "brass",
        ] {
            add(text, ground, TEXT);
        }
        for control in ["line-strong", "cord", "pine", "brass", "brick"] {
            add(control, ground, CONTROL);
        }
    }
    for tone in ["pine", "brass", "brick"] {
        add(tone, &format!("{tone}-tint"), TEXT);
        add("on-tone", tone, TEXT);
    }
    for tint in ["pine-tint", "brass-tint", "brick-tint", "cord-tint"] {
        for text in ["ink", "ink-soft", "cord-strong"] {
            add(text, tint, TEXT);
        }
        add("cord", tint, CONTROL);
    }
    add("on-cord", "cord", TEXT);
    add("on-cord", "cord-strong", TEXT);
    for ground in ["door", "door-line", "door-lit"] {
        add("door-ink", ground, TEXT);
        add("door-soft", ground, TEXT);
        add("door-cord", ground, CONTROL);
    }
    pairs
}

/// The door where the light falls on it: `style/layout.css` lays 10 % of the day's cord over the wood. Reckoned with 16 %,
/// so that the light may grow a little.
fn lit(door: Colour) -> Colour {
    let light = [0xe5_u8, 0x8a, 0x58];
    let mut mixed = door;
    for (channel, light) in mixed.iter_mut().zip(light) {
        let sum = (u32::from(light) * 16 + u32::from(*channel) * 84 + 50) / 100;
        *channel = u8::try_from(sum).unwrap_or(u8::MAX);
    }
    mixed
}

#[test]
fn everything_stands_out_from_its_ground_in_light_and_in_dark() {
    let mut faults = Vec::new();
    for (list, mut colours) in lists() {
        colours.insert("door-lit".to_owned(), lit(colours["door"]));
        for (front, ground, least) in pairs() {
            let colour = |name: &str| {
                *colours
                    .get(name)
                    .unwrap_or_else(|| panic!("style/tokens.css has no {name}"))
            };
            let found = contrast(colour(&front), colour(&ground));
            if found < least {
                faults.push(format!(
                    "{list}: {front} on {ground} has {found:.2}:1, needs {least}:1"
                ));
            }
        }
    }
    expect_none("colours that are too close", &faults);
}

/// Whatever accent an operator may choose, and whatever the nearest is to one that they may not: in place of the house's own cord.
#[test]
fn every_accent_stands_out_where_the_house_s_own_does() {
    let mut faults = Vec::new();
    let lists = lists();
    let steps = [0x00_u8, 0x22, 0x44, 0x66, 0x88, 0xaa, 0xcc, 0xee, 0xff];
    for number in 0..steps.len().pow(3) {
        let step =
            |place: usize| steps[number / steps.len().pow(u32::try_from(place).unwrap_or(0)) % steps.len()];
        let typed = format!("#{:02x}{:02x}{:02x}", step(0), step(1), step(2));
        let accent = Accent::nearest(&typed).unwrap_or_else(|| panic!("{typed}"));
        if let Ok(chosen) = Accent::parse(&typed) {
            assert_eq!(
                (chosen.hex(), chosen.by_day().cord),
                (typed.clone(), accent.by_day().cord)
            );
        }
        for ((list, mut colours), shades) in lists
            .clone()
            .into_iter()
            .zip([accent.by_day(), accent.by_night()])
        {
            for (name, colour) in [
                ("cord", shades.cord),
                ("cord-strong", shades.strong),
                ("cord-tint", shades.tint),
                ("on-cord", shades.on),
            ] {
                colours.insert(name.to_owned(), colour);
            }
            for (front, ground, least) in pairs() {
                if !(front.contains("cord") || ground.contains("cord")) || front == "door-cord" {
                    continue;
                }
                let found = contrast(colours[&front], colours[&ground]);
                if found < least {
                    faults.push(format!(
                        "{typed}, {list}: {front} on {ground} has {found:.2}:1, needs {least}:1"
                    ));
                }
            }
        }
    }
    expect_none("accents that are too close", &faults);
}

#[test]
fn contrast_is_reckoned_as_the_standard_does() {
    let [black, white, grey] = [[0; 3], [255; 3], [0x77; 3]];
    assert!((contrast(black, white) - 21.0).abs() < 0.001);
    assert!((contrast(white, white) - 1.0).abs() < 0.001);
    // The well-known grey that just misses 4.5:1 on white.
    assert!((contrast(grey, white) - 4.478).abs() < 0.001);
}
