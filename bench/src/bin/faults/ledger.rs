//! What was asked and what was acknowledged, on the disk before anything else happens.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

use bench::Result;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

/// What somebody wants done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "kebab-case")]
pub enum Deed {
    /// An account.
    SignUp,
    /// The account, by the link in the mail.
    Verify {
        /// The link's token.
        token: String,
    },
    /// A session, by the right password.
    SignIn,
    /// A session, by a wrong password.
    Guess,
    /// The end of a session.
    SignOut,
    /// A link to reset the password.
    Forgot,
    /// A new password, by that link.
    Reset {
        /// The link's token.
        token: String,
    },
}

/// One line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub enum Entry {
    /// Written before the request is sent.
    Asked {
        /// Its number.
        number: u64,
        /// The mail address of who asks.
        person: String,
        /// What for.
        #[serde(flatten)]
        deed: Deed,
    },
    /// Written before anything else is done with the answer.
    Answered {
        /// Of which request.
        number: u64,
        /// The status.
        status: u16,
        /// The server says that it is done.
        done: bool,
        /// The id that the server gave the request.
        request: String,
    },
    /// No answer came, or one that leaves open whether it was done.
    Open {
        /// Of which request.
        number: u64,
    },
}

/// The ledger. Lines that come together go to the disk together.
#[derive(Debug, Clone)]
pub struct Ledger {
    lines: Sender<(Entry, oneshot::Sender<()>)>,
    path: PathBuf,
}

impl Ledger {
    /// Begins an empty one.
    pub fn begin(path: &Path) -> Result<Self> {
        let file = File::create(path)?;
        let (lines, given) = channel();
        std::thread::spawn(move || keep(file, &given));
        Ok(Self {
            lines,
            path: path.to_owned(),
        })
    }

    /// Writes a line; returns when it is on the disk.
    pub async fn write(&self, entry: Entry) -> Result<()> {
        let (written, wait) = oneshot::channel();
        self.lines
            .send((entry, written))
            .map_err(|_| "the ledger is closed")?;
        wait.await.map_err(|_| "the ledger could not be written".into())
    }

    /// Reads it back from the disk.
    pub fn read(&self) -> Result<Vec<Entry>> {
        fs::read_to_string(&self.path)?
            .lines()
            .map(|line| Ok(serde_json::from_str(line)?))
            .collect()
    }
}

fn keep(mut file: File, given: &Receiver<(Entry, oneshot::Sender<()>)>) {
    while let Ok(first) = given.recv() {
        let together: Vec<_> = std::iter::once(first).chain(given.try_iter()).collect();
        let mut text = String::new();
        for (entry, _) in &together {
            text.push_str(&serde_json::to_string(entry).unwrap_or_default());
            text.push('\n');
        }
        if file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_data())
            .is_err()
        {
            return;
        }
        for (_, written) in together {
            let _ = written.send(());
        }
    }
}
