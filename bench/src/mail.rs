//! A mail server on this machine, in whatever mood a test wants, and the mails that it took.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use crate::Result;

/// How the server treats a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Takes it.
    Takes,
    /// Hangs up at once: nobody is there.
    Refuses,
    /// Takes the connection and says nothing.
    Silent,
    /// Says each byte of its answers after this pause.
    Slow(Duration),
    /// Takes the whole mail, and hangs up instead of saying so.
    DropsAfterData,
}

/// One mail that was taken: what of it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address of the envelope.
    pub to: String,
    /// `Message-ID`: the same each time that one mail is sent.
    pub id: String,
    /// The path and the token of the first link that carries one.
    pub link: Option<(String, String)>,
}

/// The mail server. It ends with the runtime.
#[derive(Debug)]
pub struct MailServer {
    /// Where it listens.
    pub address: SocketAddr,
    mood: watch::Sender<Mood>,
    taken: Arc<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    mails: Mutex<Mails>,
    news: Notify,
}

#[derive(Debug, Default)]
struct Mails {
    all: Vec<Mail>,
    /// Which of them went to an address, oldest first.
    to: HashMap<String, Vec<usize>>,
}

impl Taken {
    fn lock(&self) -> MutexGuard<'_, Mails> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, mail: Mail) {
        let mut mails = self.lock();
        let at = mails.all.len();
        // A server that dies between the delivery and its note delivers again: that is no news to the one it is to.
        let known = mails.to.get(&mail.to).is_some_and(|to| {
            let same = |at: &usize| mails.all.get(*at).is_some_and(|old| old.link == mail.link);
            mail.link.is_some() && to.iter().any(same)
        });
        if !known {
            mails.to.entry(mail.to.clone()).or_default().push(at);
        }
        mails.all.push(mail);
        drop(mails);
        self.news.notify_waiters();
    }
}

impl MailServer {
    /// Starts one that takes every mail.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (mood, moods) = watch::channel(Mood::Takes);
        let taken = Arc::new(Taken::default());
        let shared = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, moods.clone(), Arc::clone(&shared)));
            }
        });
        Ok(Self { address, mood, taken })
    }

    /// The setting that names it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Changes the mood, for every connection from now on; those that are open end.
    pub fn set_mood(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// How many mails were taken so far, each time that one came.
    pub fn count(&self) -> usize {
        self.taken.lock().all.len()
    }

    /// Every mail, in the order in which they came.
    pub fn all(&self) -> Vec<Mail> {
        self.taken.lock().all.clone()
    }

    /// The token of the newest mail to an address whose link leads to `page`, among those after the first `since`.
    /// A mail that comes again counts from when it first came.
    pub fn token(&self, to: &str, page: &str, since: usize) -> Option<String> {
        let mails = self.taken.lock();
        let mut to = mails.to.get(to)?.iter().rev().take_while(|at| **at >= since);
        to.find_map(|at| match &mails.all.get(*at)?.link {
            Some((path, token)) if path == page => Some(token.clone()),
            _ => None,
        })
    }

    /// Waits for [`MailServer::token`].
    pub async fn wait_for_token(
        &self,
        to: &str,
        page: &str,
        since: usize,
        patience: Duration,
    ) -> Option<String> {
        let found = async {
            loop {
                let news = self.taken.news.notified();
                if let Some(token) = self.token(to, page, since) {
                    return token;
                }
                // A mail that comes between the look and this is seen after the pause.
                let _ = timeout(Duration::from_millis(50), news).await;
            }
        };
        timeout(patience, found).await.ok()
    }
}

/// One connection (RFC 5321). Ends when the client hangs up or the mood changes.
async fn talk(stream: TcpStream, mut moods: watch::Receiver<Mood>, taken: Arc<Taken>) {
    let mood = *moods.borrow_and_update();
    tokio::select! {
        _ = converse(stream, mood, &taken) => {}
        _ = moods.changed() => {}
    }
}

async fn converse(stream: TcpStream, mood: Mood, taken: &Taken) -> Option<()> {
    match mood {
        Mood::Refuses => return None,
        Mood::Silent => sleep(Duration::from_hours(1)).await,
        Mood::Takes | Mood::Slow(_) | Mood::DropsAfterData => {}
    }
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut to = String::new();
    let mut say = async |answer: &str| -> Option<()> {
        let line = format!("{answer}\r\n");
        let Mood::Slow(pause) = mood else {
            return writer.write_all(line.as_bytes()).await.ok();
        };
        for byte in line.as_bytes() {
            sleep(pause).await;
            writer.write_all(&[*byte]).await.ok()?;
        }
        Some(())
    };
    say("220 bench").await?;
    while let Some(line) = lines.next_line().await.ok()? {
        let word = line.split([' ', ':']).next().unwrap_or_default();
        match word.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => say("250 bench").await?,
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                address.clone_into(&mut to);
                say("250 fine").await?;
            }
            "DATA" => {
                say("354 go on").await?;
                let mut source = Vec::new();
                loop {
                    let line = lines.next_line().await.ok()??;
                    if line == "." {
                        break;
                    }
                    source.push(line);
                }
                taken.take(read_mail(std::mem::take(&mut to), &source));
                if mood == Mood::DropsAfterData {
                    return None;
                }
                say("250 taken").await?;
            }
            "QUIT" => return say("221 bye").await,
            _ => say("250 fine").await?,
        }
    }
    None
}

/// The id and the link, read past the soft breaks of quoted-printable (RFC 2045 §6.7).
fn read_mail(to: String, source: &[String]) -> Mail {
    let id = source.iter().find_map(|line| line.strip_prefix("Message-ID: "));
    let mut text = String::new();
    for line in source {
        if let Some(soft) = line.strip_suffix('=') {
            text.push_str(soft);
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    Mail {
        to,
        id: id.unwrap_or_default().trim().to_owned(),
        link: link(&text.replace("=3D", "=")),
    }
}

fn link(text: &str) -> Option<(String, String)> {
    let (before, after) = text.split_once("?token=")?;
    let (_, host_and_path) = before.rsplit_once("://")?;
    let path = host_and_path.get(host_and_path.find('/')?..)?;
    let is_end = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let token = after.get(..after.find(is_end).unwrap_or(after.len()))?;
    Some((path.to_owned(), token.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_past_soft_breaks() {
        let source = [
            "Message-ID: <1@example.com>",
            "",
            "Open https://id.example.com/sign-up/ver=",
            "ify?token=3Dabc-D=",
            "E_f within 24 hours.",
        ];
        let mail = read_mail("ada@example.com".to_owned(), &source.map(str::to_owned));
        assert_eq!(mail.id, "<1@example.com>");
        let link = mail.link.unwrap();
        assert_eq!(
            (link.0.as_str(), link.1.as_str()),
            ("/sign-up/verify", "abc-DE_f")
        );
        assert_eq!(read_mail(String::new(), &["Hello.".to_owned()]).link, None);
    }
}
