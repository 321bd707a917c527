//! The flags that every command takes, and the settings that they make with the file and the environment.

use std::path::PathBuf;

use clap::Args;
use domain::platform::config::{Config, Fault, Sources};

use crate::logs;

#[derive(Args)]
pub(super) struct Settings {
    /// The settings file [default: `LATCHSTRING_CONFIG`, else latchstring.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address to listen on
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The address that people open
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// Where data is kept
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// The database
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
}

/// Reads the settings.
///
/// # Errors
/// Every fault there is; never empty.
pub(super) fn load(settings: &Settings, environment: Vec<(String, String)>) -> Result<Config, Vec<Fault>> {
    let by_environment = environment
        .iter()
        .find(|(name, value)| name == "LATCHSTRING_CONFIG" && !value.is_empty());
    let named = settings
        .config
        .clone()
        .or_else(|| by_environment.map(|(_, path)| PathBuf::from(path)));
    let path = named.clone().unwrap_or_else(|| PathBuf::from("latchstring.toml"));
    let file = match std::fs::read_to_string(&path) {
        Ok(content) => Some((path, content)),
        Err(_) if named.is_none() => None,
        Err(error) => {
            return Err(vec![Fault {
                setting: format!("the settings file {}", path.display()),
                holds: format!("nothing that can be read ({error})"),
                should: "settings that the server's account can read".to_owned(),
            }]);
        }
    };
    let flags = [
        ("listen", &settings.listen),
        ("public_url", &settings.public_url),
        ("data_dir", &settings.data_dir),
        ("database_url", &settings.database_url),
    ];
    let flags = flags
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value.clone()?)))
        .collect();
    let config = Config::load(&Sources {
        file,
        environment,
        flags,
    })?;
    logs::check(&config.log).map_err(|fault| vec![fault])?;
    Ok(config)
}
