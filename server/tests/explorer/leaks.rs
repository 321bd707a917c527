//! What an answer may say: another person's data never.

use super::action::{Call, Ceremony};
use super::device::b64;
use super::keys::{Kind, device};
use super::oracle::Deed;
use super::state::{FLOW, SESSION};
use super::typed::{NEW, shown_by};

impl Deed<'_> {
    /// An answer names nobody but who is there, whose link it is, or who was typed.
    pub fn leaks(&self, answer: &str) -> Result<(), String> {
        let (jar, truth) = (&self.before.jars[self.action.by], &self.before.truth);
        for (who, person) in truth.people.iter().enumerate() {
            let mut secrets = vec![person.email, person.name, person.other, person.number];
            secrets.extend(person.codes.iter().map(|(code, _)| code.as_str()));
            let passkeys: Vec<String> = person
                .passkeys
                .keys()
                .map(|kind: &Kind| b64(&device(who, *kind).id))
                .collect();
            secrets.extend(passkeys.iter().map(String::as_str));
            let Some(found) = secrets.into_iter().find(|secret| answer.contains(secret)) else {
                continue;
            };
            let is_in = truth
                .session(jar.get(SESSION))
                .is_some_and(|(_, session)| session.who == who);
            let came_in = self
                .after
                .truth
                .session(self.after.jars[self.action.by].get(SESSION));
            let is_at_door = truth
                .flow(jar.get(FLOW), self.before.now)
                .is_some_and(|(_, flow)| flow.who == who);
            let is_typed = match self.action.call {
                Call::SignIn { who: typed, .. }
                | Call::Forgot { who: typed }
                | Call::Recover { who: typed }
                | Call::FinishRecovery { who: typed, .. }
                | Call::FinishByPasskey { who: typed, .. }
                | Call::SetUp { who: typed, .. }
                | Call::Reset { who: typed, .. } => typed == who,
                Call::SignUp(_) | Call::VerifyLink(_) | Call::VerifyCode(_) => who == NEW,
                Call::AskPasskey(Ceremony::Recover) => {
                    truth.newest_way_back().is_some_and(|(of, _)| of == who)
                }
                Call::Look(page) => shown_by(truth, page).is_some_and(|(of, _)| of == who),
                _ => false,
            };
            if !(is_in || is_at_door || is_typed || came_in.is_some_and(|(_, session)| session.who == who)) {
                return Err(format!("an answer to somebody else says {found}"));
            }
        }
        Ok(())
    }
}
