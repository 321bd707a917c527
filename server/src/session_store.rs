//! Keeps tower-sessions' records: the truth in our database, a copy in Redis when there is one.
//!
//! The cookie's token is hashed before it reaches either, so neither a dump of the database nor of Redis lets anybody
//! in. The row is made by the domain, in the transaction that signs somebody in; [`SessionStore::create`] only gives
//! the record the token that the domain chose.
//!
//! Redis is a cache and never the truth. A copy lives for a minute; whoever ends a session first puts a fence in its
//! place (`domain::authentication::session::fence`), so that no copy outlives its row, whatever crashes in between.
//! A fence, a miss and a Redis that does not answer all lead to the database.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::authentication::session::{SessionToken, SignedIn};
use domain::platform::Platform;
use domain::platform::keys::TokenHash;
use domain::platform::redis::Commands;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions_redis_store::RedisStore;

/// The key of a record under which the [`SignedIn`] stands.
pub const SIGNED_IN: &str = "signed_in";
/// The key of a new record under which the domain's token stands, until the store has taken it as the id.
pub const ADOPT: &str = "adopt";

/// How long Redis keeps a copy.
const COPY_LIFE: time::Duration = time::Duration::seconds(60);

/// The store.
#[derive(Clone)]
pub struct Sessions {
    platform: Platform,
    copies: Option<RedisStore<Commands>>,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions")
            .field("copies", &self.copies.is_some())
            .finish_non_exhaustive()
    }
}

impl Sessions {
    /// A store over the platform's database, and its Redis if it has one.
    pub fn new(platform: Platform) -> Self {
        let copies = platform
            .redis
            .as_ref()
            .map(|redis| RedisStore::new(redis.pool().clone()));
        Self { platform, copies }
    }

    async fn read_row(&self, id: Id) -> Result<Option<Record>> {
        metrics::counter!("latchstring_session_reads_total", "from" => "database").increment(1);
        let hash = hash(id);
        let found = self
            .platform
            .db
            .read(async |tx| SignedIn::find(tx, hash).await)
            .await
            .map_err(backend)?;
        found.map(|signed_in| record(id, &signed_in)).transpose()
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let token = record
            .data
            .remove(ADOPT)
            .and_then(|token| URL_SAFE_NO_PAD.decode(token.as_str()?).ok());
        let token: Option<[u8; 16]> = token.and_then(|token| token.try_into().ok());
        let token = token.ok_or_else(|| Error::Encode("a session begins with the domain's token".into()))?;
        record.id = Id(i128::from_le_bytes(token));
        Ok(())
    }

    /// The row is the truth, and its changes are the domain's: nothing that tower-sessions saves goes anywhere.
    async fn save(&self, _: &Record) -> Result<()> {
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(copies) = &self.copies else {
            return self.read_row(*id).await;
        };
        match copies.load(&hidden(*id)).await {
            Ok(Some(copy)) => {
                metrics::counter!("latchstring_session_reads_total", "from" => "cache").increment(1);
                Ok(Some(Record { id: *id, ..copy }))
            }
            Ok(None) => {
                let found = self.read_row(*id).await?;
                if let Some(found) = &found {
                    let expiry_date = time::OffsetDateTime::now_utc() + COPY_LIFE;
                    let mut copy = Record {
                        id: hidden(*id),
                        data: found.data.clone(),
                        expiry_date,
                    };
                    let _ = copies.create(&mut copy).await;
                }
                Ok(found)
            }
            // A fence, or a Redis that is away.
            Err(_) => self.read_row(*id).await,
        }
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let hash = hash(*id);
        domain::authentication::session::fence(&self.platform, &[hash.as_bytes().to_vec()]).await;
        self.platform
            .db
            .write(async |tx| SignedIn::end_by_token(tx, hash).await)
            .await
            .map_err(backend)
    }
}

fn record(id: Id, signed_in: &SignedIn) -> Result<Record> {
    let value = serde_json::to_value(signed_in).map_err(|e| Error::Encode(e.to_string()))?;
    // The domain's limits decide; this date only has to lie behind them.
    let expiry_date = time::OffsetDateTime::now_utc() + time::Duration::days(365);
    Ok(Record {
        id,
        data: [(SIGNED_IN.to_owned(), value)].into(),
        expiry_date,
    })
}

/// What the database knows of the token of a cookie.
pub fn hash(id: Id) -> TokenHash {
    SessionToken::from_bytes(id.0.to_le_bytes()).hash()
}

/// The key in Redis: half of the hash, in the form of an id.
fn hidden(id: Id) -> Id {
    let mut half = [0; 16];
    half.copy_from_slice(hash(id).as_bytes().get(..16).unwrap_or(&[0; 16]));
    Id(i128::from_le_bytes(half))
}

fn backend(error: domain::Error) -> Error {
    Error::Backend(error.to_string())
}
