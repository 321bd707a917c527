//! The list of all settings, read out of the default file and its comments.

use super::{DEFAULTS, SECRETS};

/// One setting as the default file documents it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The name in the file, with its section: `listen`, `database.pool_size`.
    pub key: String,
    /// The name in the environment: `LATCHSTRING_DATABASE_POOL_SIZE`.
    pub env: String,
    /// The default as text; empty if it is not set.
    pub default: &'static str,
    /// What it means, its unit and its limits, without the example.
    pub doc: String,
    /// A line for the file, such as `pool_size = 20`.
    pub example: &'static str,
    /// Whether its value is never shown.
    pub secret: bool,
}

/// The default file, line by line: a setting's comment stands right above it.
pub(super) fn describe() -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut section = String::new();
    let mut comment: Vec<&'static str> = Vec::new();
    for line in DEFAULTS.lines() {
        if let Some(text) = line.strip_prefix('#') {
            comment.push(text.trim());
            continue;
        }
        let comment = std::mem::take(&mut comment);
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((name, default)) = line.split_once(" = ") {
            let key = format!("{section}{name}");
            let example = comment
                .iter()
                .find_map(|text| text.strip_prefix("Example: "))
                .unwrap_or_default();
            let doc: Vec<&str> = comment
                .into_iter()
                .filter(|text| !text.starts_with("Example: "))
                .collect();
            settings.push(Setting {
                env: format!("LATCHSTRING_{}", key.replace('.', "_").to_uppercase()),
                secret: SECRETS.contains(&key.as_str()),
                key,
                default: if default == "[]" {
                    ""
                } else {
                    default.trim_matches('"')
                },
                doc: doc.join(" "),
                example,
            });
        }
    }
    settings
}
