//! Seals anew, under the current master key, what second factors keep sealed: the secrets of apps and the numbers of telephones, those
//! that are being added too.

use uuid::Uuid;
use zeroize::Zeroizing;

use super::{phone, totp};
use crate::platform::Platform;
use crate::platform::db::Tx;
use crate::users::user::UserId;
use crate::{Error, Result, sql};

/// Rows that are sealed anew in one transaction.
const BATCH: i64 = 100;

/// What is sealed, each in two tables: of what counts, and of what is being added.
#[derive(Clone, Copy)]
enum Kept {
    Secrets,
    Numbers,
}

/// A row in either table.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: UserId,
    sealed: Vec<u8>,
}

/// Seals everything anew. Returns how many values. Safe to repeat, and to stop at any time.
pub(crate) async fn reseal(platform: &Platform) -> Result<u64> {
    let mut resealed = 0;
    for kept in [Kept::Secrets, Kept::Numbers] {
        resealed += kept.reseal(platform).await?;
    }
    Ok(resealed)
}

impl Kept {
    async fn reseal(self, platform: &Platform) -> Result<u64> {
        let (mut after, mut resealed) = (Uuid::nil(), 0);
        loop {
            let batch = platform
                .db
                .read(async |tx| self.batch(tx, platform, after).await)
                .await?;
            let Some(last) = batch.last() else {
                return Ok(resealed);
            };
            after = last.id;
            resealed += platform
                .db
                .write(async |tx| {
                    let mut changed = 0;
                    for row in &batch {
                        changed += self.reseal_row(tx, row).await?;
                    }
                    Ok(changed)
                })
                .await?;
        }
    }

    /// Those that another key sealed, by their ids. Bytes 2 to 5 of what is sealed name its key.
    async fn batch(self, tx: &mut Tx, platform: &Platform, after: Uuid) -> Result<Vec<Row>> {
        let current = platform.keys.current_id();
        match self {
            Self::Secrets => sql!(tx, fetch_all Row,
                "select id, user_id, sealed from
                    (select id, user_id, sealed from totps union all select id, user_id, sealed from totp_enrolments) as all_secrets
                 where substr(sealed, 2, 4) <> $1 and id > $2 order by id limit $3",
                current.as_slice(), after, BATCH),
            Self::Numbers => sql!(tx, fetch_all Row,
                "select id, user_id, sealed from
                    (select id, user_id, sealed from phones union all select id, user_id, sealed from phone_enrolments) as all_numbers
                 where substr(sealed, 2, 4) <> $1 and id > $2 order by id limit $3",
                current.as_slice(), after, BATCH),
        }
    }

    /// One whose key nobody has stays as it is.
    async fn reseal_row(self, tx: &mut Tx, row: &Row) -> Result<u64> {
        let purpose = match self {
            Self::Secrets => totp::purpose(row.user_id),
            Self::Numbers => phone::purpose(row.user_id),
        };
        let plain = match tx.keys().open(&purpose, &row.sealed) {
            Ok(plain) => Zeroizing::new(plain),
            Err(Error::UnknownKey(_) | Error::Sealed) => return Ok(0),
            Err(error) => return Err(error),
        };
        let anew = tx.keys().seal(&purpose, &plain, tx.entropy())?;
        let (anew, old) = (anew.as_slice(), row.sealed.as_slice());
        Ok(match self {
            Self::Secrets => {
                sql!(tx, execute "update totps set sealed = $1 where id = $2 and sealed = $3", anew, row.id, old)?
                    + sql!(tx, execute "update totp_enrolments set sealed = $1 where id = $2 and sealed = $3", anew, row.id, old)?
            }
            Self::Numbers => {
                sql!(tx, execute "update phones set sealed = $1 where id = $2 and sealed = $3", anew, row.id, old)?
                    + sql!(tx, execute "update phone_enrolments set sealed = $1 where id = $2 and sealed = $3", anew, row.id, old)?
            }
        })
    }
}
