//! Authenticator apps: codes of six digits that change every 30 seconds (RFC 6238), with SHA-1, which every app can do.
//!
//! The secret is sealed for its owner. A code of the step before or after is taken too, for clocks that are a little off;
//! the last accepted step is kept, so no code is taken twice (NIST SP 800-63B-4 §3.1.4, ASVS 6.5.1).

use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};
use qrcode::{Color, QrCode};
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::factor::Factor;
use super::failures;
use super::proven::{Given, UsedUp};
use crate::platform::Platform;
use crate::platform::db::{One, Tx};
use crate::platform::keys::Keys;
use crate::users::user::{User, UserId};
use crate::{Error, Result, sql};

/// How long an app that is being added waits for its first code.
pub const ENROLMENT_LIFE: Duration = Duration::hours(1);

/// 160 bits, as RFC 4226 §4 recommends.
const SECRET: usize = 20;

/// The secret of one app, as it lies in the database.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub id: Uuid,
    pub sealed: Vec<u8>,
    pub last_step: i64,
}

/// An app that is being added: what the page shows.
pub struct Enrolment {
    /// The secret in base32, in groups of four.
    pub key: String,
    /// The same as an address that opens an app on this device.
    pub link: String,
    /// The same as a picture.
    pub squares: Squares,
}

/// A QR code.
pub struct Squares {
    /// How many squares wide and high, without a margin.
    pub width: usize,
    /// The dark ones, as the data of an SVG path.
    pub path: String,
}

/// The purpose of a person's secret: one that was moved to another row opens for nobody.
pub(crate) fn purpose(user: UserId) -> String {
    format!("totp secret {}", user.simple())
}

fn broken(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("an authenticator's secret: {error}"))
}

/// The generator of a secret. The issuer and the account may hold no colon.
fn generator(secret: &[u8], issuer: &str, account: &str) -> Result<Totp> {
    Builder::new()
        .with_secret(Secret::from(secret))
        .with_issuer(Some(issuer.replace(':', " ")))
        .with_account_name(account.replace(':', " "))
        .build()
        .map_err(broken)
}

/// The time step that a code belongs to, if it is right now.
pub(super) fn step_of(
    keys: &Keys,
    user: UserId,
    sealed: &[u8],
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<i64>> {
    let secret = Zeroizing::new(keys.open(&purpose(user), sealed)?);
    let now = u64::try_from(now.timestamp()).unwrap_or(0);
    let step = generator(&secret, "", "")?.check(code, now);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

impl Row {
    /// The app of a person.
    pub async fn of(tx: &mut Tx, user: UserId) -> Result<Option<Self>> {
        sql!(tx, fetch_optional Self, "select id, sealed, last_step from totps where user_id = $1", user)
    }
}

/// Uses a step up, once: of many at once, one changes the row.
pub(super) async fn use_up(tx: &mut Tx, id: Uuid, step: i64) -> Result<Option<UsedUp>> {
    let changed =
        sql!(tx, execute "update totps set last_step = $1 where id = $2 and last_step < $1", step, id)?;
    Ok(UsedUp::by(changed))
}

/// Begins to add an app in a sign-in or a session. One that was begun there and is still open stays: a page that is
/// opened twice shows one key.
pub(in crate::authentication) async fn begin(tx: &mut Tx, user: UserId, holder: Uuid) -> Result<()> {
    let secret: Zeroizing<[u8; SECRET]> = Zeroizing::new(tx.entropy().bytes());
    let sealed = tx.keys().seal(&purpose(user), secret.as_slice(), tx.entropy())?;
    let (id, now) = (tx.new_id(), tx.now());
    sql!(tx, execute
        "insert into totp_enrolments (holder_id, id, user_id, sealed, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
         on conflict (holder_id) do update set id = excluded.id, user_id = excluded.user_id, sealed = excluded.sealed,
            created_at = excluded.created_at, expires_at = excluded.expires_at
            where totp_enrolments.expires_at <= excluded.created_at",
        holder, id, user, sealed, now, now + ENROLMENT_LIFE)?;
    Ok(())
}

/// What is being added in a sign-in or a session, if anything.
pub(in crate::authentication) async fn begun(
    tx: &mut Tx,
    platform: &Platform,
    user: &User,
    holder: Uuid,
) -> Result<Option<Enrolment>> {
    let Some(open) = Open::of(tx, user.id, holder).await? else {
        return Ok(None);
    };
    let secret = Zeroizing::new(tx.keys().open(&purpose(user.id), &open.sealed)?);
    let totp = generator(&secret, &platform.config.product_name, &user.email)?;
    let link = totp.to_url().map_err(broken)?;
    Ok(Some(Enrolment {
        key: in_groups(&totp.secret().to_base32()),
        squares: Squares::of(&link)?,
        link,
    }))
}

/// An enrolment under way.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Open {
    id: Uuid,
    sealed: Vec<u8>,
}

impl Open {
    pub async fn of(tx: &mut Tx, user: UserId, holder: Uuid) -> Result<Option<Self>> {
        let now = tx.now();
        sql!(tx, fetch_optional Self,
            "select id, sealed from totp_enrolments where holder_id = $1 and user_id = $2 and expires_at > $3",
            holder, user, now)
    }

    /// The step of a code of this app, if it is right now.
    pub fn step_of(&self, platform: &Platform, user: UserId, code: &str) -> Result<Option<i64>> {
        step_of(&platform.keys, user, &self.sealed, code, platform.clock.now())
    }

    /// Makes the app the person's, in place of the one that they had. `None`: it was added a moment ago, or begun anew.
    pub async fn confirm(self, tx: &mut Tx, user: UserId, step: i64) -> Result<Option<Given>> {
        let (id, now) = (tx.new_id(), tx.now());
        let gone = sql!(tx, execute "delete from totp_enrolments where id = $1 and user_id = $2 and expires_at > $3",
            self.id, user, now)?;
        let Some(used) = UsedUp::by(gone) else {
            return Ok(None);
        };
        sql!(tx, execute "delete from totp_enrolments where user_id = $1", user)?;
        sql!(tx, execute
            "insert into totps (id, user_id, sealed, last_step, created_at) values ($1, $2, $3, $4, $5)
             on conflict (user_id) do update set id = excluded.id, sealed = excluded.sealed, last_step = excluded.last_step,
                created_at = excluded.created_at",
            id, user, self.sealed, step, now)?;
        failures::clear(tx, user, Factor::Totp).await?;
        Ok(Some(Given::new(user, Factor::Totp, &used)))
    }
}

/// Takes the app of a person away; `false`: there was none.
pub(super) async fn remove(tx: &mut Tx, user: UserId) -> Result<bool> {
    sql!(tx, execute "delete from totp_enrolments where user_id = $1", user)?;
    Ok(sql!(tx, execute "delete from totps where user_id = $1", user)? == 1)
}

/// When the person added their app.
pub(super) async fn added_at(tx: &mut Tx, user: UserId) -> Result<Option<DateTime<Utc>>> {
    let found =
        sql!(tx, fetch_optional One<DateTime<Utc>>, "select created_at from totps where user_id = $1", user)?;
    Ok(found.map(|(at,)| at))
}

impl Squares {
    fn of(text: &str) -> Result<Self> {
        let code = QrCode::new(text).map_err(broken)?;
        let width = code.width();
        let mut path = String::new();
        for (y, row) in code.to_colors().chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run.first() == Some(&Color::Dark) {
                    let length = run.len();
                    let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
                }
                x += run.len();
            }
        }
        Ok(Self { width, path })
    }
}

fn in_groups(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::entropy::Entropy;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_vectors_of_rfc_6238_come_out() {
        // Appendix B, SHA-1: the last six digits of the eight.
        let totp = generator(b"12345678901234567890", "", "").unwrap();
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.check(code, time), Some(time / 30), "{time}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_more() {
        let entropy = Entropy::seeded(3);
        let keys = Keys::parse(&Keys::generate(&entropy)).unwrap();
        let (ada, bob) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = keys
            .seal(&purpose(ada), b"12345678901234567890", &entropy)
            .unwrap();
        // 287082 belongs to the second step, which lasts from 30 to 59.
        for (time, taken) in [(0, true), (30, true), (59, true), (89, true), (90, false)] {
            let step = step_of(&keys, ada, &sealed, "287082", at(time)).unwrap();
            assert_eq!(step.is_some(), taken, "{time}");
        }
        for code in ["", "28708", "2870820", "+28708", "２８７０８２", "287083"] {
            assert_eq!(
                step_of(&keys, ada, &sealed, code, at(59)).unwrap(),
                None,
                "{code}"
            );
        }
        assert!(
            step_of(&keys, bob, &sealed, "287082", at(59)).is_err(),
            "sealed for its owner"
        );
    }

    #[test]
    fn the_picture_and_the_key_say_the_same() {
        let totp = generator(b"12345678901234567890", "A: B", "ada@example.com").unwrap();
        let link = totp.to_url().unwrap();
        assert!(
            link.starts_with("otpauth://totp/A%20%20B:ada%40example.com?secret=GEZDGNBV"),
            "{link}"
        );
        let squares = Squares::of(&link).unwrap();
        assert!(
            squares.width >= 21 && squares.path.starts_with("M0 0h7v1h-7z"),
            "{}",
            squares.path
        );
        assert_eq!(in_groups("ABCDEFGH"), "ABCD EFGH");
    }
}
