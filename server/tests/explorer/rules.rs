//! More of what must never be: passkeys, the delayed way back, and the freeze.

use chrono::Duration;

use super::action::{Call, Value};
use super::keys::device_of;
use super::oracle::Deed;
use super::truth::Factor;
use super::typed::Claim;

/// What is written a little before a notice belongs to it.
const LATE: Duration = Duration::minutes(1);

impl Deed<'_> {
    /// Passkeys come by their device's answer in a session that was just proven, and go so; or all with a recovery, or the
    /// newest with an alarm.
    pub fn passkeys(&self) -> Result<(), String> {
        let (added, changed, gone) = self.news("passkeys", "id");
        for row in added.values() {
            let who = self.who("passkeys", row);
            let (Claim::Added {
                who: proven, kind, ..
            }
            | Claim::Remade {
                who: proven, kind, ..
            }) = self.claim
            else {
                return Err(format!("a passkey of {} came from nowhere", self.name(who)));
            };
            let made = device_of(self.value("passkeys", row, "credential_id"));
            if *proven != who || made != Some((who, *kind)) {
                return Err(format!("a passkey of {} is another person's", self.name(who)));
            }
            let recovered = self.claim.recovered() == Some(who);
            if recovered && !kind.verifies() {
                return Err(format!("the only way in of {} verifies nobody", self.name(who)));
            }
            if !recovered && !self.is_fresh_as(who) {
                return Err(format!("passkeys of {} changed below its level", self.name(who)));
            }
        }
        for row in gone.values() {
            let who = self.who("passkeys", row);
            let device = device_of(self.value("passkeys", row, "credential_id"));
            let known = device.and_then(|(_, kind)| self.before.truth.people[who].passkeys.get(&kind));
            let allowed = match self.claim {
                Claim::Recovered { who: proven } | Claim::Remade { who: proven, .. } => *proven == who,
                Claim::MovedBack {
                    who: proven, asked, ..
                } => *proven == who && known.is_some_and(|passkey| passkey.at >= *asked),
                Claim::Alarm { who: proven, at, .. } => {
                    *proven == who && known.is_some_and(|passkey| passkey.at >= *at - LATE)
                }
                _ => matches!(self.action.call, Call::RemovePasskey { .. }) && self.is_fresh_as(who),
            };
            if !allowed {
                return Err(format!("passkeys of {} changed below its level", self.name(who)));
            }
        }
        let old = self.rows(&self.before.image, "passkeys", "id");
        for (id, row) in changed {
            let who = self.who("passkeys", row);
            for column in ["user_id", "credential_id", "public_key"] {
                if self.value("passkeys", row, column) != self.value("passkeys", old[id], column) {
                    return Err(format!("{column} of a passkey became another person's"));
                }
            }
            let count = |row| -> i64 { self.value("passkeys", row, "sign_count").parse().unwrap() };
            if count(row) < count(old[id]) {
                return Err(format!(
                    "the counter of a passkey of {} went back",
                    self.name(who)
                ));
            }
            let used = match self.claim {
                Claim::Passkey { who, kind, .. }
                | Claim::Second {
                    who,
                    factor: Factor::Passkey(kind),
                    ..
                }
                | Claim::Again {
                    who,
                    factor: Some((Factor::Passkey(kind), _)),
                    ..
                } => Some((*who, *kind)),
                _ => None,
            };
            if used.is_none() || used != device_of(self.value("passkeys", row, "credential_id")) {
                return Err(format!(
                    "a passkey of {} counts as used, and was not",
                    self.name(who)
                ));
            }
            self.copied(who)?;
        }
        Ok(())
    }

    /// A passkey that was used whose counter stood still: its owner is told.
    fn copied(&self, who: usize) -> Result<(), String> {
        let (Call::Answer { value, .. } | Call::ConfirmFactor { value, .. }) = self.action.call else {
            return Ok(());
        };
        let email = self.before.truth.people[who].email;
        let told = |link: &String| link.contains("/not-me?token=");
        let is_told = self
            .mails
            .iter()
            .any(|mail| mail.to == email && mail.links.iter().any(told));
        if value == Value::Copied && !is_told {
            return Err(format!(
                "a copy of a passkey of {} was used untold",
                self.name(who)
            ));
        }
        Ok(())
    }

    /// A recovery begins for who asked; its link is mailed after the wait; a sign-in stops it.
    pub fn recoveries(&self) -> Result<(), String> {
        let (truth, now) = (&self.before.truth, self.before.now);
        let (added, changed, _) = self.news("recoveries", "id");
        for row in added.values() {
            let who = self.who("recoveries", row);
            let asked = match (self.action.call, self.claim) {
                (Call::Recover { who: asked }, _) => asked == who,
                (_, Claim::Alarm { who: proven, .. }) => *proven == who,
                _ => false,
            };
            if !asked {
                return Err(format!("a recovery of {} began by itself", self.name(who)));
            }
        }
        for (id, row) in &changed {
            let who = self.who("recoveries", row);
            let known = truth.recoveries.iter().find(|recovery| recovery.id == *id);
            let has_link = self.value("recoveries", row, "link_hash") != "NULL";
            if has_link && known.is_some_and(|recovery| !recovery.is_due(now)) {
                return Err(format!(
                    "the link of a recovery of {} went out before its time",
                    self.name(who)
                ));
            }
            let may_end = self.action.call == Call::Round
                || matches!(self.action.call, Call::Recover { who: asked } if asked == who)
                || matches!(
                    self.claim,
                    // Whoever knows the password has lost nothing.
                    Claim::Recovered { who: proven }
                        | Claim::Remade { who: proven, .. }
                        | Claim::Stopped { who: proven }
                        | Claim::Alarm { who: proven, .. }
                        | Claim::Old { who: proven, .. }
                        if *proven == who
                )
                || self
                    .news("sessions", "id")
                    .0
                    .values()
                    .any(|session| self.who("sessions", session) == who);
            if !may_end {
                return Err(format!(
                    "a recovery of {} was touched by a stranger",
                    self.name(who)
                ));
            }
        }
        for session in self.news("sessions", "id").0.values() {
            let who = self.who("sessions", session);
            for row in self.rows(&self.after.image, "recoveries", "id").values() {
                let is_open = self.value("recoveries", row, "ended_at") == "NULL";
                let expires = self.value("recoveries", row, "expires_at").trim_matches('\'');
                let is_late = chrono::DateTime::parse_from_rfc3339(expires).is_ok_and(|at| at <= now);
                if self.who("recoveries", row) == who && is_open && !is_late {
                    return Err(format!(
                        "a sign-in of {} did not stop the recovery",
                        self.name(who)
                    ));
                }
            }
        }
        Ok(())
    }

    /// While an account is frozen nothing of it changes, but by a way back; and nothing else ends the freeze.
    pub fn frozen(&self) -> Result<(), String> {
        let (truth, now) = (&self.before.truth, self.before.now);
        for (who, person) in truth
            .people
            .iter()
            .enumerate()
            .filter(|(_, one)| one.is_frozen(now))
        {
            let way_back = matches!(
                self.claim,
                Claim::Recovered { who: proven }
                | Claim::Remade { who: proven, .. }
                | Claim::MovedBack { who: proven, .. }
                | Claim::Alarm { who: proven, .. }
                | Claim::Mailbox { who: proven, .. }
                    if *proven == who
            ) || self.begins(who);
            if way_back {
                continue;
            }
            let changes = [
                ("passwords", "user_id"),
                ("totps", "id"),
                ("mail_factors", "user_id"),
                ("phones", "id"),
                ("passkeys", "id"),
                ("recovery_codes", "id"),
                ("email_changes", "id"),
            ];
            for (table, key) in changes {
                let (added, changed, gone) = self.news(table, key);
                let changed = changed.values().filter(|_| table == "passwords");
                let mut all = added.values().chain(gone.values()).chain(changed);
                if all.any(|row| self.who(table, row) == who) {
                    return Err(format!("{table} of {} changed while it is frozen", person.name));
                }
            }
        }
        if let Claim::Alarm { who, .. } = self.claim
            && !self.news("alarms", "notice_id").0.is_empty()
        {
            let rows = self.rows(&self.after.image, "sessions", "id");
            if rows.values().any(|row| self.who("sessions", row) == *who) {
                return Err(format!("a session of {} outlived the alarm", self.name(*who)));
            }
        }
        Ok(())
    }
}
