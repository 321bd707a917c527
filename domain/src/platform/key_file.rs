//! The file of the master keys: made once, readable by its owner alone.
//!
//! One key a line, as base64, the current one first. `next:` in front of a key says that a rotation has made it and that
//! nothing is sealed with it yet: servers that read it so can open with it before the first one seals with it.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use zeroize::Zeroizing;

use crate::platform::config::{Config, check_key_file_mode};
use crate::platform::entropy::Entropy;
use crate::platform::keys::Keys;
use crate::{Error, Result};

const NEXT: &str = "next:";

/// Text of a key.
pub type KeyText = Zeroizing<String>;

/// Where the key file lies.
pub fn path(config: &Config) -> PathBuf {
    config.data_dir.join("master.key")
}

/// Loads the keys from the settings or from the file. When neither is there, `make` decides: the file is made; or keys
/// are made up that are kept nowhere, for who only wants to look around.
///
/// # Errors
/// [`Error::Configuration`] when the key is malformed, or the file can't be read or made, or (in production) can be
/// read by others.
pub fn load(config: &Config, entropy: &Entropy, make: bool) -> Result<Keys> {
    if let Some(key) = &config.master_key {
        return Keys::parse(key.expose());
    }
    let file = KeyFile::of(config);
    if !file.path.exists() {
        if !make {
            return Keys::parse(&Keys::generate(entropy));
        }
        file.make(entropy)?;
    }
    // Read back: of two servers that start at once, one made the file, and both use that one.
    Keys::from_file(file)
}

/// The key file.
#[derive(Debug)]
pub struct KeyFile {
    path: PathBuf,
    /// Whether a file that others can read is refused.
    strict: bool,
    seen: Mutex<Option<Stamp>>,
}

/// What changes when the file does: it is never written in place.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    modified: Option<SystemTime>,
    length: u64,
}

/// What stands in the file.
#[derive(Clone)]
pub struct Content {
    /// The key that seals.
    pub current: KeyText,
    /// The key that will, once every server knows it.
    pub next: Option<KeyText>,
    /// Keys that only open, the newest first.
    pub older: Vec<KeyText>,
}

impl Content {
    /// Reads the file's text.
    ///
    /// # Errors
    /// [`Error::Configuration`] when there is no key in it, or something that is none.
    pub fn parse(text: &str) -> Result<Self> {
        let (mut plain, mut next) = (Vec::new(), None);
        for part in text
            .split([',', '\n', ' ', '\r', '\t'])
            .filter(|part| !part.is_empty())
        {
            let key = part.strip_prefix(NEXT);
            Keys::id_of(key.unwrap_or(part))?;
            match key {
                Some(key) => next = Some(Zeroizing::new(key.to_owned())),
                None => plain.push(Zeroizing::new(part.to_owned())),
            }
        }
        let mut plain = plain.into_iter();
        let current = plain
            .next()
            .ok_or_else(|| Error::Configuration("there is no master key".into()))?;
        Ok(Self {
            current,
            next,
            older: plain.collect(),
        })
    }

    /// As it stands in the file.
    pub fn text(&self) -> KeyText {
        let mut text = Zeroizing::new(format!("{}\n", *self.current));
        if let Some(next) = &self.next {
            text.push_str(NEXT);
            text.push_str(next);
            text.push('\n');
        }
        for key in &self.older {
            text.push_str(key);
            text.push('\n');
        }
        text
    }

    /// All keys in the order of a ring, as [`Keys::parse`] reads them.
    pub fn ring(&self) -> KeyText {
        let all: Vec<&str> = std::iter::once(&self.current)
            .chain(&self.next)
            .chain(&self.older)
            .map(|key| key.as_str())
            .collect();
        Zeroizing::new(all.join(","))
    }
}

impl KeyFile {
    /// The file of these settings.
    pub fn of(config: &Config) -> Self {
        Self {
            path: path(config),
            strict: config.is_production(),
            seen: Mutex::new(None),
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`Error::Configuration`] when it can't be read, may be read by others in production, or holds no keys.
    pub fn read(&self) -> Result<Content> {
        if self.strict
            && let Err(fault) = check_key_file_mode(&self.path)
        {
            return Err(Error::Configuration(fault.to_string()));
        }
        let text = std::fs::read_to_string(&self.path).map_err(|e| self.fault(&e))?;
        Content::parse(&Zeroizing::new(text))
    }

    /// The keys in it, and remembers how the file looked.
    pub(crate) fn ring(&self) -> Result<KeyText> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = stamp(&self.path).ok();
        Ok(self.read()?.ring())
    }

    /// Gives the keys to `take` if the file has changed since the last time, and says what that returned. Others wait
    /// meanwhile, so whoever comes out of here knows the newest keys.
    pub(crate) fn if_changed(&self, take: impl FnOnce(Result<KeyText>) -> bool) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // A file that is gone for a moment is no reason to forget its keys.
        let Ok(now) = stamp(&self.path) else {
            return false;
        };
        if seen.as_ref() == Some(&now) {
            return false;
        }
        *seen = Some(now);
        take(self.read().map(|content| content.ring()))
    }

    /// Puts `content` in its place, in one step: whoever reads it sees the old one or the new one, whatever crashes. The
    /// owner stays the same, also when root does it.
    ///
    /// # Errors
    /// [`Error::Configuration`] when it can't be written.
    pub fn replace(&self, content: &Content, entropy: &Entropy) -> Result<()> {
        let draft = self.draft(&content.text(), entropy).map_err(|e| self.fault(&e))?;
        let replaced = keep_owner(&self.path, &draft)
            .and_then(|()| std::fs::rename(&draft, &self.path))
            .and_then(|()| sync_folder(&self.path));
        replaced.map_err(|e| {
            let _ = std::fs::remove_file(&draft);
            self.fault(&e)
        })
    }

    /// Keeps others from changing it until the lock is dropped.
    ///
    /// # Errors
    /// [`Error::Configuration`] when somebody else is at it.
    pub fn lock(&self) -> Result<File> {
        let path = self.path.with_extension("key.lock");
        let file = private()
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| self.fault(&e))?;
        keep_owner(&self.path, &path).map_err(|e| self.fault(&e))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(_) => Err(Error::Configuration(
                "somebody else is changing the master key right now".into(),
            )),
        }
    }

    /// Writes a first key under a name of its own, then links it into place, which fails if another server was faster:
    /// the file is never seen half written.
    fn make(&self, entropy: &Entropy) -> Result<()> {
        let content = Content {
            current: Keys::generate(entropy),
            next: None,
            older: Vec::new(),
        };
        self.put_if_missing(&content, entropy).map(drop)
    }

    /// Makes the file, unless there is one; says whether it did.
    ///
    /// # Errors
    /// [`Error::Configuration`] when it can't be written.
    pub fn put_if_missing(&self, content: &Content, entropy: &Entropy) -> Result<bool> {
        let draft = self.draft(&content.text(), entropy).map_err(|e| self.fault(&e))?;
        let linked = std::fs::hard_link(&draft, &self.path);
        let _ = std::fs::remove_file(&draft);
        match linked {
            Ok(()) => sync_folder(&self.path).map(|()| true).map_err(|e| self.fault(&e)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(self.fault(&error)),
        }
    }

    fn draft(&self, text: &str, entropy: &Entropy) -> std::io::Result<PathBuf> {
        let number = u64::from_ne_bytes(entropy.bytes());
        let draft = self.path.with_extension(format!("key.{number:016x}"));
        let mut file = private().create_new(true).open(&draft)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        if written.is_err() {
            let _ = std::fs::remove_file(&draft);
        }
        written.map(|()| draft)
    }

    fn fault(&self, error: &std::io::Error) -> Error {
        Error::Configuration(format!("the key file {}: {error}", self.path.display()))
    }
}

fn stamp(path: &Path) -> std::io::Result<Stamp> {
    let found = std::fs::metadata(path)?;
    Ok(Stamp {
        #[cfg(unix)]
        inode: std::os::unix::fs::MetadataExt::ino(&found),
        #[cfg(not(unix))]
        inode: 0,
        modified: found.modified().ok(),
        length: found.len(),
    })
}

/// For writing, and for the owner's eyes alone.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Gives `to` the owner of `from`, if these differ: a key file that root has written is one that the server can't read.
fn keep_owner(from: &Path, to: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, chown};
        let (is, should) = (std::fs::metadata(to)?, std::fs::metadata(from)?);
        if is.uid() != should.uid() {
            chown(to, Some(should.uid()), Some(should.gid()))?;
        }
    }
    Ok(())
}

/// Makes the new name last: without it, a power cut may bring the old file back.
fn sync_folder(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> (KeyFile, Entropy, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let file = KeyFile {
            path: folder.path().join("master.key"),
            strict: true,
            seen: Mutex::new(None),
        };
        (file, Entropy::seeded(5), folder)
    }

    #[test]
    fn what_is_written_reads_back_and_a_key_that_comes_next_is_not_the_current_one() {
        let (file, entropy, folder) = file();
        file.make(&entropy).unwrap();
        let mut content = file.read().unwrap();
        let first = content.current.clone();
        assert!(content.next.is_none() && content.older.is_empty());
        content.next = Some(Keys::generate(&entropy));
        content.older = vec![Keys::generate(&entropy), Keys::generate(&entropy)];
        file.replace(&content, &entropy).unwrap();
        let read = file.read().unwrap();
        assert_eq!((&read.next, &read.older), (&content.next, &content.older));
        let keys = Keys::parse(&read.ring()).unwrap();
        assert_eq!(keys.current_id(), Keys::id_of(&first).unwrap());
        assert_eq!(keys.ids().len(), 4);
        // The first key is written once.
        assert!(!file.put_if_missing(&content, &entropy).unwrap());
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            1,
            "no draft is left"
        );
    }

    #[test]
    fn a_file_without_a_current_key_is_refused() {
        let key = Keys::generate(&Entropy::seeded(1));
        for text in ["", "\n", "next:", "c2hvcnQ=", &format!("next:{}", *key)] {
            assert!(Content::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_change_of_the_file_is_seen_once_and_only_one_may_change_it() {
        let (file, entropy, _folder) = file();
        file.make(&entropy).unwrap();
        let keys = Keys::from_file(KeyFile {
            path: file.path.clone(),
            strict: true,
            seen: Mutex::new(None),
        })
        .unwrap();
        let old = keys.current_id();
        assert!(!keys.refresh());
        let lock = file.lock().unwrap();
        assert!(file.lock().is_err());
        let mut content = file.read().unwrap();
        content.older = vec![std::mem::replace(&mut content.current, Keys::generate(&entropy))];
        file.replace(&content, &entropy).unwrap();
        drop(lock);
        assert!(file.lock().is_ok());
        assert!(keys.refresh() && !keys.refresh());
        assert_eq!(keys.ids().len(), 2);
        assert_ne!(keys.current_id(), old);
        // What was taken out stays until the next start; nonsense changes nothing.
        content.older.clear();
        file.replace(&content, &entropy).unwrap();
        assert!(keys.refresh() && keys.ids().contains(&old));
        std::fs::write(&file.path, "nonsense").unwrap();
        assert!(!keys.refresh() && keys.ids().len() == 2);
        std::fs::remove_file(&file.path).unwrap();
        assert!(!keys.refresh() && keys.ids().len() == 2);
    }

    /// What somebody else sealed with a key that was just added opens at once.
    #[test]
    fn an_unknown_key_is_looked_for_in_the_file() {
        let (file, entropy, _folder) = file();
        file.make(&entropy).unwrap();
        let open = || {
            let file = KeyFile {
                path: file.path.clone(),
                strict: true,
                seen: Mutex::new(None),
            };
            Keys::from_file(file).unwrap()
        };
        let behind = open();
        let mut content = file.read().unwrap();
        content.older = vec![std::mem::replace(&mut content.current, Keys::generate(&entropy))];
        file.replace(&content, &entropy).unwrap();
        let ahead = open();
        let sealed = ahead.seal("p", b"x", &entropy).unwrap();
        assert_eq!(behind.open("p", &sealed).unwrap(), b"x");
        assert!(behind.verify_tag("m", b"x", &ahead.tag("m", b"x")));
        let stranger = Keys::parse(&Keys::generate(&entropy)).unwrap();
        let foreign = stranger.seal("p", b"x", &entropy).unwrap();
        assert!(matches!(behind.open("p", &foreign), Err(Error::UnknownKey(_))));
    }
}
