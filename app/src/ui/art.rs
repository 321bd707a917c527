//! The drawings: the mark, what hangs on the door, and the small icons.
//!
//! All of them are decoration beside words, so they are hidden from screen readers. Colours come
//! from `style/` through `currentColor`; nothing here needs a `style` attribute, which the
//! Content-Security-Policy would refuse.

use leptos::prelude::*;

use crate::visit::{logo, t};

/// The mark: a door plate, its hole, and the cord that hangs out of it.
///
/// The class `plate` lets the style sheet colour the plate apart from the cord.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="3 0 26 32" fill="none" stroke="currentColor" stroke-linecap="round" aria-hidden="true">
            <g class="plate">
                <path d="M12.9 23.25H12a7.5 7.5 0 0 1-7.5-7.5v-7a7.5 7.5 0 0 1 7.5-7.5h8a7.5 7.5 0 0 1 7.5 7.5v7a7.5 7.5 0 0 1-5.3 7.2" stroke-width="2.5"/>
                <path d="M16 9h.01" stroke-width="6.4"/>
            </g>
            <path d="M16 10c0 6.5 2.7 8.5 1.6 16.5" stroke-width="2.7"/>
            <path d="M17.5 28.2h.01" stroke-width="6"/>
        </svg>
    }
}

/// What stands in the corner of every page: the operator's logo or the mark, and the name, unless the logo holds it.
#[component]
pub fn Brand() -> impl IntoView {
    let name = t("product");
    let Some(logo) = logo() else {
        return view! { <Mark/>{name} }.into_any();
    };
    let (width, height) = logo.shown();
    let (alt, beside) = if logo.is_wordmark() {
        (name, None)
    } else {
        (String::new(), Some(name))
    };
    view! { <img class="logo" src=logo.path() width=width.to_string() height=height.to_string() alt=alt/>{beside} }.into_any()
}

/// What is on the door: the grain of the wood, and the plate with the latchstring.
///
/// `.door.shut` pulls the string in; `.door.cord-pull` moves it once.
#[component]
pub fn DoorArt() -> impl IntoView {
    view! {
        <svg class="grain" viewBox="0 0 400 800" preserveAspectRatio="none" fill="none" stroke="currentColor" aria-hidden="true">
            <path vector-effect="non-scaling-stroke" d="M22 0c-6 180 12 330 2 480s4 240 0 320M48 0c10 140-8 260 0 420s-10 260-2 380M76 0c-4 220 8 300 0 470s8 210 2 330M126 0c8 160-10 210-2 330s14 180-4 470M152 0c2 130-4 190-12 260s-6 130 8 190 6 220 2 350M156 280c-14 40-14 90 2 130 12-40 12-90-2-130ZM184 0c-6 150 4 240-2 300s8 250 2 500M224 0c6 240-8 420 2 800M252 0c-8 300 10 500-2 800M280 0c4 200-8 360 0 480s2 220-2 320M326 0c-8 200 8 330-2 540s8 170 4 260M352 0c4 170-4 300 6 400s10 110-2 190 2 140 0 210M354 500c14 30 14 70-2 110-12-40-12-80 2-110ZM380 0c6 300-8 380 0 800"/>
        </svg>
        <svg class="string" viewBox="0 0 120 400" fill="none" stroke-linecap="round" aria-hidden="true">
            <g stroke="#6b5846" stroke-width="3.5">
                <rect x="18" y="3" width="84" height="84" rx="25" fill="#000" fill-opacity=".2"/>
                <path d="M35 20h.1M85 20h.1M35 70h.1M85 70h.1" stroke-width="5.5"/>
                <circle cx="60" cy="41" r="13.5" fill="#0b0806"/>
            </g>
            <g class="cord" stroke="currentColor" stroke-width="8">
                <path class="rope" d="M67 53c2 60-28 96-20 156s38 60 28 128" stroke="#000" stroke-opacity=".26"/>
                <path class="rope" d="M60 41c0 66-30 98-22 160s38 60 29 126"/>
                <path class="twist" d="M60 41c0 66-30 98-22 160s38 60 29 126" stroke="#6e2f10" stroke-opacity=".38" stroke-linecap="butt" stroke-dasharray="1.3 5.7"/>
                <g class="end" stroke-width="3">
                    <path d="M74 350h.1" stroke="#000" stroke-opacity=".26" stroke-width="34"/>
                    <path d="m63 352-3 30M66 352l.5 34M69 352l4.5 29"/>
                    <path d="M66 341h.1" stroke="#c96f3d" stroke-width="34"/>
                    <path d="M57 335a10.5 10.5 0 0 1 6-4.5" stroke="#fff" stroke-opacity=".4"/>
                </g>
            </g>
        </svg>
    }
}

/// A small icon, drawn in the colour of the text around it.
#[component]
pub fn Icon(
    /// Which one.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg
            class=glyph.class()
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="1.8"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=glyph.path()/>
        </svg>
    }
}

/// The icons that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// Show what is typed.
    Eye,
    /// Hide what is typed.
    EyeOff,
    /// Look at this.
    Alert,
    /// Done, or fine.
    Check,
    /// Worth knowing.
    Info,
    /// A mail.
    Mail,
    /// A text message.
    Message,
    /// A passkey or another secret.
    Key,
    /// A computer.
    Laptop,
    /// A telephone.
    Phone,
    /// Leads on; turns round where people read from right to left.
    Arrow,
    /// Copy to the clipboard.
    Copy,
    /// A time, or a wait.
    Clock,
    /// Somebody.
    Person,
}

impl Glyph {
    fn class(self) -> &'static str {
        match self {
            Self::Arrow => "icon turn",
            _ => "icon",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Eye => {
                "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM9 12a3 3 0 1 0 6 0 3 3 0 1 0-6 0"
            }
            Self::EyeOff => {
                "M9.9 5.7A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-2.6 3.3M6.2 7.1A16 16 0 0 0 2.5 12s3.5 6.5 9.5 6.5a9 9 0 0 0 4.8-1.4M9.9 9.9a3 3 0 0 0 4.2 4.2M3.5 3.5l17 17"
            }
            Self::Alert => "M12 3.5 21.5 20h-19L12 3.5ZM12 10v4.5M12 17.3v.1",
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Info => "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M12 11v5.5M12 7.7v.1",
            Self::Mail => {
                "M5.5 5h13A2.5 2.5 0 0 1 21 7.5v9a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 16.5v-9A2.5 2.5 0 0 1 5.5 5ZM3.5 7.5l8.5 6 8.5-6"
            }
            Self::Message => {
                "M6 4.5h12A2.5 2.5 0 0 1 20.5 7v7a2.5 2.5 0 0 1-2.5 2.5h-6L7.5 20v-3.5H6A2.5 2.5 0 0 1 3.5 14V7A2.5 2.5 0 0 1 6 4.5ZM8.5 10.5v.1M12 10.5v.1M15.5 10.5v.1"
            }
            Self::Key => {
                "M3.5 15.5a4.5 4.5 0 1 0 9 0 4.5 4.5 0 1 0-9 0M11.2 12.3 19.5 4M16 7.5l3 3M13.3 10.2l2 2"
            }
            Self::Laptop => "M6.5 5h11a2 2 0 0 1 2 2v8.5h-15V7a2 2 0 0 1 2-2ZM2.5 19h19",
            Self::Phone => {
                "M9.5 2.5h5A2.5 2.5 0 0 1 17 5v14a2.5 2.5 0 0 1-2.5 2.5h-5A2.5 2.5 0 0 1 7 19V5a2.5 2.5 0 0 1 2.5-2.5ZM11 18.5h2"
            }
            Self::Arrow => "M5 12h14M13 6l6 6-6 6",
            Self::Copy => {
                "M11 8.5h6.5A2.5 2.5 0 0 1 20 11v6.5a2.5 2.5 0 0 1-2.5 2.5H11a2.5 2.5 0 0 1-2.5-2.5V11A2.5 2.5 0 0 1 11 8.5ZM15.5 5.5A2 2 0 0 0 13.5 4H6a2 2 0 0 0-2 2v7.5a2 2 0 0 0 1.5 2"
            }
            Self::Clock => "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M12 7v5.3l3.3 2",
            Self::Person => "M8 8a4 4 0 1 0 8 0 4 4 0 1 0-8 0M4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
        }
    }
}
