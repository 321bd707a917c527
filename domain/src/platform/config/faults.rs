//! What is wrong with a setting, in one line that never shows a secret.

use std::fmt;
use std::path::Path;

/// The longest excerpt of a wrong value that a fault shows, in characters.
const SHOWN: usize = 80;

/// Schemes that may be shown of a secret address; anything else before `://` could be a part of the secret.
const SCHEMES: [&str; 14] = [
    "file",
    "http",
    "https",
    "mariadb",
    "mongodb",
    "mssql",
    "mysql",
    "postgres",
    "postgresql",
    "redis",
    "rediss",
    "smtp",
    "smtps",
    "sqlite",
];

/// One wrong setting: what it is called, what it holds, and what it should hold instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The name in the environment and in the file, such as `LATCHSTRING_LISTEN (listen)`; or the source,
    /// such as the path of the file, when no known setting is meant.
    pub setting: String,
    /// What it holds now, fit to be printed: one line, secrets hidden.
    pub holds: String,
    /// What it should hold, with an example or the way to mend it.
    pub should: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} holds {}; it should hold {}",
            self.setting, self.holds, self.should
        )
    }
}

impl std::error::Error for Fault {}

/// A value as a fault shows it: in backquotes, on one line, cut at [`SHOWN`] characters, and without the name
/// and password of an address.
pub(super) fn quoted(value: &str) -> String {
    if value.is_empty() {
        return "nothing".to_owned();
    }
    let mut text = value.to_owned();
    if let (Some(scheme), Some(at)) = (text.find("://"), text.rfind('@'))
        && scheme + 3 < at
    {
        text.replace_range(scheme + 3..at, "[hidden]");
    }
    let mut shown = String::new();
    for (position, character) in text.chars().enumerate() {
        if position == SHOWN {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    format!("`{shown}`")
}

/// A secret as a fault shows it: at most the scheme of an address, never more.
pub(super) fn hidden(value: &str) -> String {
    let scheme = value
        .split_once("://")
        .map(|(scheme, _)| scheme)
        .filter(|scheme| SCHEMES.contains(scheme));
    match scheme {
        _ if value.is_empty() => "nothing".to_owned(),
        Some(scheme) => format!("a hidden `{scheme}://` address"),
        None => "a hidden value".to_owned(),
    }
}

/// The fault of a name that no setting has. `source` is where it stands, `known` all names it could have
/// meant.
pub(super) fn unknown<'a>(source: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Fault {
    let bare = |name: &str| name.to_lowercase().replace("latchstring_", "").replace('.', "_");
    let nearest = known
        .map(|candidate| (strsim::jaro_winkler(&bare(name), &bare(candidate)), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    Fault {
        setting: source.to_owned(),
        holds: format!("{}, which no setting is called", quoted(name)),
        should: match nearest {
            Some((_, candidate)) => format!("a known name, perhaps `{candidate}`"),
            None => "a known name (README.md lists them)".to_owned(),
        },
    }
}

/// Checks that the key file can be read by its owner alone (mode 0600 or less). Call it where the file is
/// read.
///
/// # Errors
/// A [`Fault`] with the command that mends it, also when the file is missing or cannot be looked at.
/// On systems without Unix modes only its presence is checked.
pub fn check_key_file_mode(path: &Path) -> Result<(), Fault> {
    let fault = |holds: String, should: String| Fault {
        setting: format!("key file {}", path.display()),
        holds,
        should,
    };
    let metadata = std::fs::metadata(path).map_err(|error| {
        fault(
            format!("nothing that can be read ({error})"),
            "the master key".to_owned(),
        )
    })?;
    if !metadata.is_file() {
        return Err(fault(
            "no file".to_owned(),
            "the master key, in a plain file".to_owned(),
        ));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(fault(
                format!("a key that others may read (mode {mode:04o})"),
                format!(
                    "a key that its owner alone may read: run `chmod 600 {}`",
                    path.display()
                ),
            ));
        }
    }
    Ok(())
}
