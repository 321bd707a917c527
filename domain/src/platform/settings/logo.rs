//! The logo: a picture that an operator uploads, in the place of the house's own mark.
//!
//! - **What comes in is never what goes out.** A PNG or JPEG of bounded size is decoded, made as small as it is ever shown, and written
//!   anew as PNG. Metadata, colour profiles, further frames and whatever a file was besides a picture stay behind (ASVS 5.2.2, 5.2.3, 5.2.6).
//!   An SVG is a document that may hold script, and is refused. One file is read at a time, so that memory has one bound.
//! - **Its name is made of its content**, so browsers keep it for ever, and a change has an address of its own.
//! - **The setting is a line of text** with the name and the size, in the same table as all others: who changed it, undo, two servers, and
//!   what is fixed are theirs. The bytes stand in `logos`, in the same transaction.

mod picture;

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use super::change;
use super::key::{Group, Key};
use crate::authorization::{Desk, May, right};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::{Code, Error, Result, sql};

use self::picture::Picture;
pub use self::picture::{BYTES_MAX, RATIO_MAX, SIDE_MAX, SIDE_MIN};

/// How many letters a name has: the first half of SHA-256, in hexadecimal.
const NAME_LENGTH: usize = 32;
/// Whose file is read just now.
static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);
/// How high it is shown, in CSS pixels; and how broad at most.
const SHOWN: (u32, u32) = (32, 160);

/// A logo that was uploaded: what pages need to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    name: String,
    width: u32,
    height: u32,
}

impl Logo {
    /// Reads what [`Logo::text`] writes.
    ///
    /// # Errors
    /// [`Code::Malformed`].
    pub fn parse(text: &str) -> Result<Self, Code> {
        let read = || {
            let (name, size) = text.split_once('-')?;
            let (width, height) = size.split_once('x')?;
            let logo = Self {
                name: name.to_owned(),
                width: width.parse().ok()?,
                height: height.parse().ok()?,
            };
            let sides = 1..=SIDE_MAX;
            let is_right = is_name(name) && sides.contains(&logo.width) && sides.contains(&logo.height);
            // In one form only.
            (is_right && logo.text() == text).then_some(logo)
        };
        read().ok_or(Code::Malformed)
    }

    /// As the setting holds it: `<name>-<width>x<height>`.
    pub fn text(&self) -> String {
        format!("{}-{}x{}", self.name, self.width, self.height)
    }

    /// Its path, the same for as long as the picture is.
    pub fn path(&self) -> String {
        format!("/logo/{}.png", self.name)
    }

    /// Breadth and height in its own pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// How large it is shown, in CSS pixels: as high as the mark, if it is not too broad for that.
    pub fn shown(&self) -> (u32, u32) {
        let (height, most) = SHOWN;
        let part = |side: u32, of: u32, other: u32| (side * of).div_ceil(other).max(1);
        let width = part(self.width, height, self.height);
        if width <= most {
            (width, height)
        } else {
            (most, part(self.height, most, self.width))
        }
    }

    /// So broad that it is taken to hold the name: then no name stands beside it.
    pub fn is_wordmark(&self) -> bool {
        self.width >= self.height * 2
    }
}

fn is_name(name: &str) -> bool {
    name.len() == NAME_LENGTH && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether somebody may upload one: asked before a byte of it is read.
///
/// # Errors
/// Refused as [`Desk::look`] says.
pub async fn allowed(desk: &Desk<'_>) -> Result<()> {
    desk.look(async |_tx, _may: &May<right::SettingsWrite>| Ok(()))
        .await
}

/// Makes the uploaded file the logo. `seen`: the last change of the logo that the form shows.
///
/// # Errors
/// Refused with [`Code::Required`] for an empty file, [`Code::PictureHeavy`], [`Code::PictureKind`] or [`Code::PictureSize`], or as
/// [`change::save`] says.
pub async fn upload(desk: &Desk<'_>, seen: i64, file: Vec<u8>) -> Result<()> {
    let broken = |error: &dyn std::fmt::Display| Error::Internal(format!("the picture: {error}"));
    let turn = ONE_AT_A_TIME.acquire().await.map_err(|error| broken(&error))?;
    // Some milliseconds of work for a picture of the largest size, of people who may change the settings.
    let made = tokio::task::spawn_blocking(move || Picture::read(&file)).await;
    drop(turn);
    let made = made.map_err(|error| broken(&error))?;
    let picture = made.map_err(|code| Error::field(crate::Field::Setting(Key::Logo), code))?;
    let typed = [(Key::Logo, picture.logo.text())].into();
    change::save_with(desk, (Group::Logo, seen), &typed, async |tx| {
        picture.keep(tx).await
    })
    .await
    .map(drop)
}

/// Goes back to the mark of the house.
///
/// # Errors
/// Refused as [`change::save`] says.
pub async fn remove(desk: &Desk<'_>, seen: i64) -> Result<()> {
    let typed = [(Key::Logo, String::new())].into();
    change::save(desk, (Group::Logo, seen), &typed).await.map(drop)
}

/// The PNG of this name, for anybody. `None`: there is none.
///
/// # Errors
/// [`Error::Database`].
pub async fn find(platform: &Platform, name: &str) -> Result<Option<Vec<u8>>> {
    if !is_name(name) {
        return Ok(None);
    }
    let found = platform
        .db
        .read(async |tx| sql!(tx, fetch_optional One<Vec<u8>>, "select png from logos where name = $1", name))
        .await?;
    Ok(found.map(|(png,)| png))
}

impl Picture {
    async fn keep(&self, tx: &mut Tx) -> Result<()> {
        let now = tx.now();
        sql!(tx, execute
            "insert into logos (name, png, made_at) values ($1, $2, $3)
             on conflict (name) do update set made_at = excluded.made_at",
            self.logo.name.as_str(), self.png.as_slice(), now)?;
        Ok(())
    }
}

/// Removes what was uploaded before this moment, does not hold, and would not come back by undo.
pub(crate) async fn clean_up(tx: &mut Tx, before: chrono::DateTime<chrono::Utc>) -> Result<()> {
    sql!(tx, execute
        "delete from logos where made_at <= $1 and not exists (
             select 1 from setting_changes c
             where c.version = (select max(v.version) from setting_changes v where v.key = 'logo')
             and (coalesce(c.was, '') like logos.name || '-%' or coalesce(c.became, '') like logos.name || '-%'))",
        before)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "0123456789abcdef0123456789abcdef";

    fn logo(width: u32, height: u32) -> Logo {
        Logo::parse(&format!("{NAME}-{width}x{height}")).expect("a logo")
    }

    #[test]
    fn the_setting_is_read_in_one_form_only() {
        let one = logo(320, 64);
        assert_eq!(one.text(), format!("{NAME}-320x64"));
        assert_eq!(one.path(), format!("/logo/{NAME}.png"));
        for text in [
            "",
            "-",
            NAME,
            &format!("{NAME}-320"),
            &format!("{NAME}-0x64"),
            &format!("{NAME}-+20x64"),
            &format!("{NAME}-020x64"),
            &format!("{NAME}-320x9999"),
            &format!("{}-320x64", NAME.to_uppercase()),
            "../../etc/passwd-1x1",
            &format!("{}%-1x1", &NAME[1..]),
        ] {
            assert_eq!(Logo::parse(text), Err(Code::Malformed), "{text:?}");
        }
    }

    #[test]
    fn it_is_as_high_as_the_mark_and_no_broader_than_the_bar_has_room() {
        for (size, shown, wordmark) in [
            ((96, 96), (32, 32), false),
            ((320, 64), (160, 32), true),
            ((480, 60), (160, 20), true),
            ((60, 96), (20, 32), false),
        ] {
            let logo = logo(size.0, size.1);
            assert_eq!((logo.shown(), logo.is_wordmark()), (shown, wordmark), "{size:?}");
        }
    }
}
