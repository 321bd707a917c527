//! Editing what an account says of its holder. Two operators at once are told: nothing is overwritten silently.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::tell;
use crate::audit::{Entry, Event};
use crate::authorization::{Desk, May, right};
use crate::notification::message::Deed;
use crate::platform::keys::TokenHash;
use crate::users::profile::{Profile, Typed};
use crate::users::user::UserId;
use crate::words::Language;
use crate::{Code, Error, Result};

/// Writes name, time zone and language of a person, where they are still as `seen` says: [`Facts::version`](super::seen::Facts::version).
/// Their sessions on every device show it with the next request.
///
/// # Errors
/// Refused with one fault per field, as [`Desk::act_on`] says, or with [`Code::ChangedMeanwhile`].
pub async fn edit(desk: &Desk<'_>, person: UserId, seen: &str, typed: &Typed) -> Result<()> {
    desk.act_on_sessions(person, async |tx, may: &May<right::UsersWrite>, before| {
        let mut languages = desk.platform.settings().languages.clone();
        // What they have may stay, though it is not offered any more.
        languages.all.extend(Language::parse(&before.locale));
        let profile = Profile::read(typed, &languages)?;
        if version_of(&before.name, before.time_zone.as_deref(), &before.locale) != seen {
            return Err(Error::form(Code::ChangedMeanwhile));
        }
        let changed = profile.differences(before).join(" ");
        if changed.is_empty() {
            return Ok(());
        }
        profile.write_over(tx, person).await?;
        let detail = [("changed", changed.as_str())];
        let changes = profile.changes(before);
        let entry = Entry::by(Event::EditedByOperator, may.actor, desk.origin).to(person);
        tx.audit(entry.with(&detail).changing(&changes)).await?;
        tell(tx, desk.platform, before, Deed::Edited).await
    })
    .await
}

/// What stands for the three values in a form, whatever the clocks of two servers say.
pub(super) fn version_of(name: &str, time_zone: Option<&str>, language: &str) -> String {
    let values = serde_json::json!([name, time_zone, language]).to_string();
    URL_SAFE_NO_PAD.encode(TokenHash::of(values.as_bytes()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn each_other_value_is_another_version() {
        let all = [
            version_of("Ada", None, "en"),
            version_of("Ada", None, "vi"),
            version_of("Ada", Some("UTC"), "en"),
            version_of("Ada UTC", None, "en"),
            version_of("Ada\",\"UTC", None, "en"),
        ];
        for (i, one) in all.iter().enumerate() {
            assert_eq!(all.iter().position(|other| other == one), Some(i));
            assert_eq!(one.len(), 43);
        }
    }
}
