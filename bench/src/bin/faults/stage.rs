//! Where a scenario plays: a server with its database, its mail server, and the people's world.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bench::Result;
use bench::house::House;
use bench::mail::MailServer;
use bench::postgres::Postgres;

use crate::ledger::Ledger;
use crate::world::World;

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One file.
    Sqlite,
    /// A server of its own.
    Postgres,
}

/// What every scenario gets.
pub struct Plan {
    /// The server's binary.
    pub binary: PathBuf,
    /// For databases, logs and the ledger.
    pub scratch: PathBuf,
    /// Everything that is left to chance follows from it.
    pub seed: u64,
}

/// A server and everything around it.
pub struct Stage {
    /// The server.
    pub house: House,
    /// Its people.
    pub world: World,
    /// Its mail server.
    pub mail: Arc<MailServer>,
    /// The address of the database itself, past any proxy.
    pub database: String,
    /// The Postgres, if it is on one.
    pub postgres: Option<Postgres>,
}

impl Plan {
    /// A stage of this name. `settings` are added to those that make a server quick and talkative; `{postgres}` in them
    /// stands for nothing: the database is chosen by `kind`.
    pub async fn stage(&self, name: &str, kind: Kind, settings: &[(&str, &str)]) -> Result<Stage> {
        let folder = self.folder(name, kind)?;
        let postgres = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(Postgres::start(&folder.join("postgres"))?),
        };
        let database = match &postgres {
            Some(postgres) => postgres.url(postgres.address, "postgres"),
            None => format!("sqlite://{}", folder.join("data/latchstring.db").display()),
        };
        let mail = Arc::new(MailServer::start().await?);
        let house = self.house(&folder.join("data"), &database, &mail, settings)?;
        // What a killed server had sent to Postgres may be carried out a moment later.
        let settle = Duration::from_millis(if kind == Kind::Postgres { 500 } else { 0 });
        let ledger = Ledger::begin(&folder.join("ledger.jsonl"))?;
        let world = World::new(house.address, &house.origin, Arc::clone(&mail), ledger, settle);
        Ok(Stage {
            house,
            world,
            mail,
            database,
            postgres,
        })
    }

    /// A server that hashes at little cost and takes over dead workers' jobs after 15 s.
    pub fn house(
        &self,
        folder: &Path,
        database: &str,
        mail: &MailServer,
        settings: &[(&str, &str)],
    ) -> Result<House> {
        let smtp = mail.url();
        let mut all = vec![
            ("ENV", "development"),
            ("DATABASE_URL", database),
            ("SMTP_URL", &smtp),
            ("RATE_LIMITS", "off"),
            ("PASSWORD_ARGON2_MEMORY_KIB", "8"),
            ("PASSWORD_ARGON2_ITERATIONS", "1"),
            ("JOBS_LEASE_SECONDS", "15"),
        ];
        all.extend(settings);
        House::new(&self.binary, folder, &all)
    }

    /// An empty folder for a scenario.
    pub fn folder(&self, name: &str, kind: Kind) -> Result<PathBuf> {
        let folder = self.scratch.join(format!("{name}-{}", kind.name()));
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

impl Kind {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}
