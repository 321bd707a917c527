//! Keeps tower-sessions' records: the truth in our database, a copy in Redis when there is one.
//!
//! The cookie's token is hashed before it reaches either, so neither a dump of the database nor of Redis lets anybody
//! in. The row is made by the domain, in the transaction that signs somebody in; [`SessionStore::create`] only gives
//! the record the token that the domain chose.
//!
//! Redis is a cache and never the truth. A copy lives for a minute; whoever ends a session first puts a fence in its
//! place (`domain::authentication::session::fence`), so that no copy outlives its row, whatever crashes in between.
//! A fence, a miss and a Redis that does not answer all lead to the database. So does the fence of everybody
//! (`domain::authentication::everybody`), of which is asked with each copy, in the same command.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::authentication::everybody;
use domain::authentication::session::{SessionToken, SignedIn};
use domain::platform::Platform;
use domain::platform::keys::TokenHash;
use domain::platform::redis::{Commands, KeysInterface as _};
use serde::Deserialize as _;
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
/// The life of a record: the domain's limits decide, it only has to lie behind them.
const FAR_OFF: time::Duration = time::Duration::days(365);

/// The store.
#[derive(Clone)]
pub struct Sessions {
    platform: Platform,
    copies: Option<Copies>,
}

/// The copies in Redis.
#[derive(Clone)]
struct Copies {
    store: RedisStore<Commands>,
    /// The same Redis, for what the store has no word for.
    commands: Commands,
    /// Whether two keys may lie apart.
    is_cluster: bool,
    /// Where the fence of everybody stands, if it stands.
    everybody: Id,
}

impl Copies {
    /// The copy under this key, if there is one. One command, but for a cluster, which may keep the two keys apart: there it
    /// is two, under way at once.
    ///
    /// # Errors
    /// Where a fence stands, the session's own or everybody's, and when Redis does not answer.
    async fn read(&self, key: &Id) -> Result<Option<Record>> {
        let fenced = || Error::Backend("the sessions of everybody are fenced off".to_owned());
        if self.is_cluster {
            let (copy, everybody) = tokio::join!(self.store.load(key), self.store.load(&self.everybody));
            return match everybody {
                Ok(None) => copy,
                _ => Err(fenced()),
            };
        }
        let keys = vec![key.to_string(), self.everybody.to_string()];
        let found = self
            .commands
            .mget::<(Option<Vec<u8>>, Option<Vec<u8>>), _>(keys)
            .await;
        let (copy, everybody) = found.map_err(|error| Error::Backend(error.to_string()))?;
        if everybody.is_some() {
            return Err(fenced());
        }
        // As the store writes it. A fence is empty, which is no record.
        copy.map(|copy| rmp_serde::from_slice(&copy))
            .transpose()
            .map_err(|error| Error::Decode(error.to_string()))
    }
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
        // Without the place of that fence there are no copies either: the database is asked.
        let everybody = everybody::token(&platform.keys).ok();
        let copies = platform
            .redis
            .as_ref()
            .zip(everybody)
            .map(|(redis, everybody)| Copies {
                store: RedisStore::new(redis.pool().clone()),
                commands: redis.pool().clone(),
                is_cluster: redis.is_cluster(),
                everybody: hidden(&everybody),
            });
        Self { platform, copies }
    }

    /// Who is signed in by the token of a cookie: from the copy, or from the row, of which a copy is made then.
    ///
    /// # Errors
    /// [`Error::Database`](domain::Error::Database) when the row can't be read.
    pub async fn find(&self, id: Id) -> domain::Result<Option<SignedIn>> {
        let Some(copies) = &self.copies else {
            return self.read_row(id).await;
        };
        let key = hidden(&hash(id));
        let copy = copies.read(&key).await;
        if let Ok(Some(copy)) = &copy
            && let Some(signed_in) = signed_in(copy)
        {
            metrics::counter!("latchstring_session_reads_total", "from" => "cache").increment(1);
            return Ok(Some(signed_in));
        }
        let found = self.read_row(id).await?;
        // An error is a fence, or a Redis that is away: then no copy is made.
        if let (Ok(None), Some(found)) = (copy, &found)
            && let Ok(mut copy) = record(key, found, COPY_LIFE)
        {
            let _ = copies.store.create(&mut copy).await;
        }
        Ok(found)
    }

    async fn read_row(&self, id: Id) -> domain::Result<Option<SignedIn>> {
        metrics::counter!("latchstring_session_reads_total", "from" => "database").increment(1);
        let (hash, settings) = (hash(id), self.platform.settings());
        self.platform
            .db
            .read(async |tx| SignedIn::find(tx, &settings.session, hash).await)
            .await
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

    /// Asked when the session's cookie changes: who only wants to know who is signed in calls [`Sessions::find`].
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = self.find(*id).await.map_err(backend)?;
        found
            .map(|signed_in| record(*id, &signed_in, FAR_OFF))
            .transpose()
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

fn record(id: Id, signed_in: &SignedIn, life: time::Duration) -> Result<Record> {
    let value = serde_json::to_value(signed_in).map_err(|e| Error::Encode(e.to_string()))?;
    Ok(Record {
        id,
        data: [(SIGNED_IN.to_owned(), value)].into(),
        expiry_date: time::OffsetDateTime::now_utc() + life,
    })
}

fn signed_in(copy: &Record) -> Option<SignedIn> {
    SignedIn::deserialize(copy.data.get(SIGNED_IN)?).ok()
}

/// What the database knows of the token of a cookie.
pub fn hash(id: Id) -> TokenHash {
    SessionToken::from_bytes(id.0.to_le_bytes()).hash()
}

/// The key in Redis: half of the hash, in the form of an id.
fn hidden(hash: &TokenHash) -> Id {
    let mut half = [0; 16];
    half.copy_from_slice(hash.as_bytes().get(..16).unwrap_or(&[0; 16]));
    Id(i128::from_le_bytes(half))
}

fn backend(error: domain::Error) -> Error {
    Error::Backend(error.to_string())
}
