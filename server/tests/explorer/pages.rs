//! What is read off an answer: what it shows only once, or only to this browser.

use super::action::{Action, Ceremony};
use super::keys::Challenge;
use super::stage::{Answer, Stage};
use super::state::{CEREMONY, FLOW, SESSION, State};

impl Stage {
    /// Reads what is shown only once, or only to this browser: the key of an app, and recovery codes.
    pub async fn read_pages(
        &mut self,
        after: &mut State,
        action: Action,
        (key, codes): (Option<&'static str>, Option<usize>),
        answers: &mut Vec<Answer>,
    ) {
        if key.is_none() && codes.is_none() {
            return;
        }
        if let Some(path) = key {
            let answer = self.send(after.house, after, action, path, None).await;
            let key = texts(&answer.text, "totp-key")
                .pop()
                .map(|key| key.replace(' ', ""));
            let jar = &after.jars[action.by];
            if path.starts_with("/sign-in") {
                let flow = jar.get(FLOW).and_then(|token| after.truth.flows.get_mut(token));
                flow.expect("a flow").key = key;
            } else {
                let id = jar
                    .get(SESSION)
                    .and_then(|cookie| after.truth.cookies.get(cookie));
                let session = id.and_then(|id| after.truth.sessions.get_mut(id));
                session.expect("a session").key = key;
            }
            answers.push(answer);
        }
        if let Some(who) = codes {
            let answer = self
                .send(
                    after.house,
                    after,
                    action,
                    "/account/security/recovery-codes",
                    None,
                )
                .await;
            let codes = texts(&answer.text, "recovery-code");
            after.truth.people[who].codes = codes.into_iter().map(|code| (code, false)).collect();
            answers.push(answer);
        }
        self.settle(after.house, after).await;
    }
}

impl State {
    /// Reads the challenge that a browser was given.
    pub fn note_challenge(&mut self, by: usize, ceremony: Ceremony, answer: &Answer) {
        let jar = &self.jars[by];
        let options: serde_json::Value = serde_json::from_str(answer.body()).unwrap_or_default();
        let text = options["publicKey"]["challenge"].as_str();
        let (Some(text), Some(browser)) = (text, jar.get(CEREMONY)) else {
            return;
        };
        let holder = match ceremony {
            Ceremony::SignIn => None,
            Ceremony::Recover => {
                let who = self.truth.newest_way_back().map(|(who, _)| who);
                who.and_then(|who| Some(self.truth.recovery(who)?.id.clone()))
            }
            Ceremony::Challenge => jar.get(FLOW).cloned(),
            Ceremony::Confirm | Ceremony::Add => {
                let session = self.truth.session(jar.get(SESSION));
                session.map(|(id, _)| id.clone())
            }
        };
        let challenge = Challenge {
            text: text.to_owned(),
            ceremony,
            browser: browser.clone(),
            holder: holder.unwrap_or_default(),
            at: self.now,
            spent: false,
        };
        self.truth.challenges.push(challenge);
        self.truth.forget_old();
    }
}

/// The texts of the elements that a page calls `name`.
fn texts(page: &str, name: &str) -> Vec<String> {
    let mark = format!("data-testid=\"{name}\"");
    let found = page.split(&mark).skip(1).filter_map(|rest| {
        let text = rest.split_once('>')?.1;
        Some(text.split_once("</")?.0.replace("<!>", "").trim().to_owned())
    });
    found.collect()
}
