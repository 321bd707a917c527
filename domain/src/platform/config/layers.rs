//! The four layers of settings (defaults, file, environment, flags) and the reading of single values out of
//! them.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use figment::providers::{Format as _, Serialized, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Profile, Provider as _};

use super::faults::{Fault, hidden, quoted, unknown};
use super::{DEFAULTS, Setting, Sources, describe};

/// All layers, and the faults found so far: at most one for each setting, so that one mistake is told once.
pub(super) struct Layers {
    figment: Figment,
    settings: Vec<Setting>,
    chosen: BTreeSet<String>,
    pub(super) faults: Vec<Fault>,
}

impl Layers {
    /// Puts the layers on top of each other; names that no setting has become faults.
    pub(super) fn new(sources: &Sources) -> Self {
        let mut layers = Self {
            figment: Figment::from(Toml::string(DEFAULTS)),
            settings: describe(),
            chosen: BTreeSet::new(),
            faults: Vec::new(),
        };
        if let Some((path, content)) = &sources.file {
            layers.add_file(&path.display().to_string(), content);
        }
        layers.add_environment(&sources.environment);
        layers.add_flags(&sources.flags);
        layers
    }

    fn add_file(&mut self, name: &str, content: &str) {
        match Toml::string(content).data() {
            Ok(mut profiles) => {
                self.add_table(name, "", profiles.remove(&Profile::Default).unwrap_or_default());
            }
            Err(error) => {
                // Only the first line: the others quote the file, and the file may hold secrets.
                let error = error.to_string();
                let place = error
                    .lines()
                    .next()
                    .and_then(|line| line.split_once(" at "))
                    .map_or("", |(_, at)| at);
                let place = if place.starts_with("line ") {
                    format!(" (look at {place})")
                } else {
                    String::new()
                };
                self.faults.push(Fault {
                    setting: name.to_owned(),
                    holds: format!("something that is not TOML{place}"),
                    should: "lines such as listen = \"127.0.0.1:3000\", text in quotes, every name once"
                        .to_owned(),
                });
            }
        }
    }

    fn add_table(&mut self, file: &str, prefix: &str, table: Dict) {
        for (name, value) in table {
            let key = if prefix.is_empty() {
                name
            } else {
                format!("{prefix}.{name}")
            };
            let is_section = self
                .settings
                .iter()
                .any(|setting| setting.key.starts_with(&format!("{key}.")));
            match value {
                value if self.setting(&key).is_some() => self.put(&key, value),
                Value::Dict(_, inner) if is_section || !inner.is_empty() => self.add_table(file, &key, inner),
                _ if is_section => self.faults.push(Fault {
                    setting: file.to_owned(),
                    holds: format!("`{key}` as a single setting"),
                    should: format!("it as a section, which begins with a line [{key}]"),
                }),
                _ => self.add_unknown(file, &key, |setting| &setting.key),
            }
        }
    }

    fn add_environment(&mut self, pairs: &[(String, String)]) {
        for (name, value) in pairs {
            let key = self
                .settings
                .iter()
                .find(|setting| setting.env == *name)
                .map(|setting| setting.key.clone());
            match key {
                // Compose files and the like pass empty variables for what nobody set.
                Some(_) if value.trim().is_empty() => {}
                Some(key) => self.put(&key, value),
                None if !name.starts_with("LATCHSTRING_") || is_foreign(name, value) => {}
                None => self.add_unknown("the environment", name, |setting| &setting.env),
            }
        }
    }

    fn add_flags(&mut self, pairs: &[(String, String)]) {
        for (key, value) in pairs {
            if self.setting(key).is_some() {
                self.put(key, value);
            } else {
                self.add_unknown("the command line", key, |setting| &setting.key);
            }
        }
    }

    fn add_unknown(&mut self, source: &str, name: &str, names: impl Fn(&Setting) -> &String) {
        let fault = unknown(
            source,
            name,
            self.settings.iter().map(|setting| names(setting).as_str()),
        );
        self.faults.push(fault);
    }

    fn put(&mut self, key: &str, value: impl serde::Serialize) {
        let figment = std::mem::take(&mut self.figment);
        self.figment = figment.merge(Serialized::default(key, value));
        self.chosen.insert(key.to_owned());
    }

    fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    /// Whether the file, the environment or a flag sets this key, be it to its default.
    pub(super) fn is_chosen(&self, key: &str) -> bool {
        self.chosen.contains(key)
    }

    fn value(&self, key: &str) -> serde_json::Value {
        self.figment
            .find_value(key)
            .ok()
            .and_then(|value| value.deserialize().ok())
            .unwrap_or_default()
    }

    /// The value as text, whether it was written as text, number or yes/no; nothing for lists and tables.
    fn text(&self, key: &str) -> Option<String> {
        match self.value(key) {
            serde_json::Value::String(text) => Some(text.trim().to_owned()),
            value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_)) => Some(value.to_string()),
            _ => None,
        }
    }

    /// The value as one text: of a list, its elements with commas between.
    pub(super) fn line(&self, key: &str) -> String {
        match self.value(key) {
            serde_json::Value::Array(values) => {
                let texts = values
                    .iter()
                    .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                texts.collect::<Vec<_>>().join(", ")
            }
            // What is neither is refused: no setting is read out of a section.
            serde_json::Value::Object(_) => "{}".to_owned(),
            _ => self.text(key).unwrap_or_default(),
        }
    }

    /// Adds a fault of a setting by what it holds, unless it has one already.
    pub(super) fn refuse(&mut self, key: &str, should: impl Into<String>) {
        let holds = match (self.text(key), self.value(key)) {
            (Some(text), _) if self.setting(key).is_some_and(|setting| setting.secret) => hidden(&text),
            (Some(text), _) => quoted(&text),
            (None, serde_json::Value::Array(_)) => "a list".to_owned(),
            (None, _) => "a section".to_owned(),
        };
        self.refuse_as(key, holds, should);
    }

    /// As [`Layers::refuse`], for when only a part of what the setting holds is wrong; `holds` must show no
    /// secret.
    pub(super) fn refuse_as(&mut self, key: &str, holds: String, should: impl Into<String>) {
        let Some(setting) = self.setting(key) else { return };
        let fault = Fault {
            setting: format!("{} ({key})", setting.env),
            holds,
            should: should.into(),
        };
        if !self.faults.iter().any(|other| other.setting == fault.setting) {
            self.faults.push(fault);
        }
    }

    /// A setting that always has a value. A wrong one is noted as a fault, and the default goes on in its
    /// place so that the rest can be checked.
    pub(super) fn required<T>(
        &mut self,
        key: &str,
        should: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        if let Some(value) = self.text(key).as_deref().and_then(&parse) {
            return Some(value);
        }
        self.refuse(key, should);
        self.setting(key).and_then(|setting| parse(setting.default))
    }

    /// A setting that may be missing: empty is none. A wrong value is noted as a fault.
    pub(super) fn optional<T>(
        &mut self,
        key: &str,
        should: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(key);
        if text.as_deref() == Some("") {
            return None;
        }
        let value = text.as_deref().and_then(parse);
        if value.is_none() {
            self.refuse(key, should);
        }
        value
    }

    /// A whole number within a range; `unit` is a plural such as `seconds`.
    pub(super) fn number<T>(&mut self, key: &str, unit: &str, range: RangeInclusive<T>) -> Option<T>
    where
        T: FromStr + PartialOrd + Display,
    {
        let should = format!(
            "a whole number of {unit} from {} to {}",
            range.start(),
            range.end()
        );
        self.required(key, &should, |text| {
            text.parse().ok().filter(|number| range.contains(number))
        })
    }

    /// A list: an array in the file, or one text separated by commas. Each wrong element is shown.
    pub(super) fn list<T>(&mut self, key: &str, should: &str, parse: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let texts: Vec<String> = match self.value(key) {
            serde_json::Value::Array(values) => values
                .into_iter()
                .map(|value| {
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), |text| text.trim().to_owned())
                })
                .collect(),
            serde_json::Value::String(text) => text
                .split(',')
                .map(|part| part.trim().to_owned())
                .filter(|part| !part.is_empty())
                .collect(),
            _ => {
                self.refuse(key, should);
                return Vec::new();
            }
        };
        let mut wrong = Vec::new();
        let mut values = Vec::new();
        for text in &texts {
            match parse(text) {
                Some(value) => values.push(value),
                None => wrong.push(quoted(text)),
            }
        }
        if !wrong.is_empty() {
            self.refuse_as(key, wrong.join(", "), should);
        }
        values
    }
}

/// Whether a variable with our prefix is no setting: the path of the file, the passphrase of a backup, what the tests read, or what
/// Kubernetes gives to every container of a namespace in which a service is called `latchstring` or
/// `latchstring-…`.
fn is_foreign(name: &str, value: &str) -> bool {
    ["LATCHSTRING_CONFIG", "LATCHSTRING_BACKUP_PASSPHRASE"].contains(&name)
        || name.starts_with("LATCHSTRING_TEST_")
        || name.ends_with("_SERVICE_HOST")
        || name.contains("_SERVICE_PORT")
        || (name.contains("_PORT_")
            && ["_TCP", "_UDP", "_SCTP"]
                .iter()
                .any(|protocol| name.contains(protocol)))
        || (name.ends_with("_PORT")
            && ["tcp://", "udp://", "sctp://"]
                .iter()
                .any(|scheme| value.starts_with(scheme)))
}
