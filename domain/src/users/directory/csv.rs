//! The list as a file: comma-separated values (RFC 4180), made page by page, so that a million people take no more memory than fifty.

use chrono::SecondsFormat;

use super::filter::Asked;
use super::find::read;
use super::listed::Listed;
use super::mark::{Begin, Mark};
use crate::Result;
use crate::audit::{Entry, Event};
use crate::authorization::{Desk, May, right};
use crate::users::user::UserId;

/// People that are read at a time.
const PIECE: usize = 500;

/// The first line.
pub const HEAD: &str = "id,name,email,state,proves,roles,created_at,last_seen_at\r\n";

/// Asks whether they may take it away at all.
///
/// # Errors
/// Refused with [`Code::NotAllowed`](crate::Code::NotAllowed) or [`Code::FactorNeeded`](crate::Code::FactorNeeded).
pub async fn allowed(desk: &Desk<'_>) -> Result<()> {
    desk.look(async |_tx, _may: &May<right::UsersExport>| Ok(()))
        .await
}

/// Notes that somebody takes the list away, before they get any of it. What was searched for may name somebody, so the audit has only by
/// what was chosen.
///
/// # Errors
/// As [`allowed`].
pub async fn begin(desk: &Desk<'_>, asked: &Asked) -> Result<()> {
    let fields = asked.fields();
    let chosen = fields
        .iter()
        .filter(|(name, _)| *name != "sort")
        .map(|(name, _)| *name);
    let chosen = chosen.collect::<Vec<_>>().join(" ");
    desk.change(async |tx, may: &May<right::UsersExport>| {
        let detail = [("chosen_by", chosen.as_str())];
        tx.audit(Entry::by(Event::PeopleExported, may.actor, desk.origin).with(&detail))
            .await
    })
    .await
}

/// The next lines, and where those after them begin; `None`: these were the last. The permission is asked for with each piece.
pub async fn piece(desk: &Desk<'_>, asked: &Asked, begin: Begin) -> Result<(String, Option<Mark>)> {
    desk.look(async |tx, _may: &May<right::UsersExport>| {
        let page = read(tx, asked, begin, PIECE).await?;
        Ok((page.people.iter().map(line).collect(), page.after))
    })
    .await
}

/// The lines of these people, as far as they are there.
pub async fn chosen(desk: &Desk<'_>, ids: &[UserId]) -> Result<String> {
    desk.change(async |tx, may: &May<right::UsersExport>| {
        let mut lines = String::from(HEAD);
        for id in ids {
            let asked = Asked {
                search: id.to_string(),
                ..Asked::default()
            };
            let page = read(tx, &asked, Begin::Start, 1).await?;
            lines.extend(page.people.iter().map(line));
        }
        let detail = [("chosen_by", "selection")];
        tx.audit(Entry::by(Event::PeopleExported, may.actor, desk.origin).with(&detail))
            .await?;
        Ok(lines)
    })
    .await
}

fn line(person: &Listed) -> String {
    let proves: Vec<_> = person.proves().into_iter().map(super::Proves::as_str).collect();
    let roles: Vec<_> = person.roles().into_iter().map(|role| role.name).collect();
    let time = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let cells = [
        person.id.to_string(),
        person.name.clone(),
        person.email.clone(),
        person.state().as_str().to_owned(),
        proves.join(" "),
        roles.join("; "),
        time(person.created_at),
        person.last_seen().map(time).unwrap_or_default(),
    ];
    cells.map(|text| cell(&text)).join(",") + "\r\n"
}

/// A value in quotes. What a spreadsheet would take for a formula gets an apostrophe in front, which it shows as text (ASVS 1.2.10).
pub(crate) fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠']);
    format!(
        "\"{}{}\"",
        if is_formula { "'" } else { "" },
        text.replace('"', "\"\"")
    )
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn asvs_1_2_10_no_cell_is_a_formula_and_none_ends_early() {
        for (text, expected) in [
            ("Ada", "\"Ada\""),
            ("", "\"\""),
            (
                "Ada \"Countess\" Lovelace, née Byron",
                "\"Ada \"\"Countess\"\" Lovelace, née Byron\"",
            ),
            (
                "=HYPERLINK(\"https://evil.example\")",
                "\"'=HYPERLINK(\"\"https://evil.example\"\")\"",
            ),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("＝1", "\"'＝1\""),
            ("a=b", "\"a=b\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
