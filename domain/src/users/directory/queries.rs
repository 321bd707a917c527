//! The queries of the list: how many each condition holds for, the few, and the many. The conditions stand in two of them, word by
//! word, since a query is one static text.

use chrono::{DateTime, Utc};

use super::FEW;
use super::find::LOOKED_AT;
use super::listed::{Listed, RoleHeld};
use super::mark::Place;
use super::words::{WORDS, Word};
use crate::authorization::{May, right};
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Result, sql};

// Limits that stand in the queries as they are: the databases plan by them. Without, SQLite would go through a whole table to make a
// Bloom filter of it, and Postgres could hash one. By `cross join` SQLite keeps to the order of the tables, whatever it believes of
// their sizes; for Postgres it is a join like any other.
const _: () = assert!(FEW == 5_000 && LOOKED_AT == 3_000 && WORDS == 4);

/// A person who was looked at.
#[derive(sqlx::FromRow)]
pub(super) struct Found {
    /// All conditions hold.
    pub fits: bool,
    /// How many of the few there are.
    pub total: i64,
    #[sqlx(flatten)]
    pub person: Listed,
}

/// How many people each condition holds for, up to one more than [`FEW`]; nothing where it was not asked for.
#[derive(Debug, Default, sqlx::FromRow)]
pub(super) struct Sizes {
    pub word1: i64,
    pub word2: i64,
    pub word3: i64,
    pub word4: i64,
    pub state: i64,
    pub role: i64,
    pub proves: i64,
    pub created: i64,
    pub seen: i64,
}

/// What is asked for, as the queries take it.
pub(super) struct Conditions {
    pub state: Option<&'static str>,
    pub role: Option<String>,
    pub proves: Option<&'static str>,
    pub created: (DateTime<Utc>, DateTime<Utc>),
    pub seen: (DateTime<Utc>, DateTime<Utc>),
    pub words: Vec<Word>,
}

/// How the list is gone through for a page.
pub(super) struct Way {
    /// The name of the order in which rows are read.
    pub order: &'static str,
    /// Behind where.
    pub place: Place,
    /// How many people are on the page.
    pub size: usize,
}

impl Way {
    /// One more than is on the page tells whether there is a next one.
    fn one_more(&self) -> i64 {
        i64::try_from(self.size).unwrap_or(i64::MAX - 1) + 1
    }
}

/// The condition that the few are read by.
pub(super) enum By<'a> {
    Word(&'a Word),
    Other(&'static str),
}

impl Conditions {
    fn from(&self, word: usize) -> Option<&[u8]> {
        self.words.get(word).map(|word| word.from.as_slice())
    }

    fn to(&self, word: usize) -> Option<&[u8]> {
        self.words.get(word).map(|word| word.to.as_slice())
    }

    /// The first and the last id that the first word could be the beginning of.
    fn ids(&self) -> (Option<UserId>, Option<UserId>) {
        self.words.first().and_then(|word| word.ids).unzip()
    }

    pub(super) async fn sizes(&self, tx: &mut Tx) -> Result<Sizes> {
        sql!(tx, fetch_one Sizes,
            "select
                (select count(*) from (select 1 from user_terms where term >= $1 and term < $2 limit $9) as x)
                    + (select count(*) from (select 1 from users where id >= $17 and id <= $18 limit $9) as x) as word1,
                (select count(*) from (select 1 from user_terms where term >= $3 and term < $4 limit $9) as x) as word2,
                (select count(*) from (select 1 from user_terms where term >= $5 and term < $6 limit $9) as x) as word3,
                (select count(*) from (select 1 from user_terms where term >= $7 and term < $8 limit $9) as x) as word4,
                (select count(*) from (select 1 from users where $10 = 'locked' and locked_at is not null limit $9) as x)
                    + (select count(*) from (select 1 from users where $10 = 'closed' and deactivated_at is not null limit $9) as x)
                    + (select count(*) from (select 1 from users where $10 = 'erasing' and erase_at is not null limit $9) as x) as state,
                (select count(*) from (select 1 from users where $11 = 'any' and staff limit $9) as x)
                    + (select count(*) from (select 1 from user_roles where role_id = $11 limit $9) as x)
                    + (select count(*) from (select 1 from group_roles g join group_members m on m.group_id = g.group_id
                        where g.role_id = $11 limit $9) as x) as role,
                (select count(*) from (select 1 from passkeys where $12 = 'passkey' limit $9) as x)
                    + (select count(*) from (select 1 from totps where $12 = 'app' limit $9) as x)
                    + (select count(*) from (select 1 from phones where $12 = 'sms' limit $9) as x)
                    + (select count(*) from (select 1 from mail_factors where $12 = 'mail' limit $9) as x) as proves,
                (select count(*) from (select 1 from users where created_at >= $13 and created_at < $14 limit $9) as x) as created,
                (select count(*) from (select 1 from sightings where seen_at >= $15 and seen_at < $16 limit $9) as x) as seen",
            self.from(0), self.to(0), self.from(1), self.to(1), self.from(2), self.to(2), self.from(3), self.to(3), FEW + 1,
            self.state, self.role.as_deref(), self.proves, self.created.0, self.created.1, self.seen.0, self.seen.1,
            self.ids().0, self.ids().1)
    }

    /// Those behind a place among the few whom a condition holds for, if all others hold too: one more than a page.
    pub(super) async fn read_few(&self, tx: &mut Tx, way: &Way, by: &By<'_>) -> Result<Vec<Found>> {
        let (by, word) = match by {
            By::Word(word) => ("word", Some(*word)),
            By::Other(name) => (*name, None),
        };
        let (first_id, last_id) = word.and_then(|word| word.ids).unzip();
        sql!(tx, fetch_all Found,
            "with few as materialized (select id from (
                select user_id as id from user_terms where $2 = 'word' and term >= $23 and term < $24
                union select id from users where $2 = 'word' and id >= $25 and id <= $26
                union select id from users where $2 = 'state' and $3 = 'locked' and locked_at is not null
                union select id from users where $2 = 'state' and $3 = 'closed' and deactivated_at is not null
                union select id from users where $2 = 'state' and $3 = 'erasing' and erase_at is not null
                union select id from users where $2 = 'role' and $4 = 'any' and staff
                union select user_id from user_roles where $2 = 'role' and role_id = $4
                union select m.user_id from group_roles g join group_members m on m.group_id = g.group_id
                    where $2 = 'role' and g.role_id = $4
                union select user_id from passkeys where $2 = 'proves' and $5 = 'passkey'
                union select user_id from totps where $2 = 'proves' and $5 = 'app'
                union select user_id from phones where $2 = 'proves' and $5 = 'sms'
                union select user_id from mail_factors where $2 = 'proves' and $5 = 'mail'
                union select id from users where $2 = 'created' and created_at >= $6 and created_at < $7
                union select user_id from sightings where $2 = 'seen' and seen_at >= $8 and seen_at < $9) as x limit 5000),
            judged as materialized (
                select u.id, u.created_at, u.name_key, u.mail_key, s.seen_at, case when
                    ($3 is null
                        or ($3 = 'active' and u.locked_at is null and u.deactivated_at is null and u.erase_at is null)
                        or ($3 = 'locked' and u.locked_at is not null) or ($3 = 'closed' and u.deactivated_at is not null)
                        or ($3 = 'erasing' and u.erase_at is not null))
                    and ($4 is null or ($4 = 'any' and u.staff)
                        or (select 1 from user_roles r where r.user_id = u.id and r.role_id = $4 limit 1) is not null
                        or (select 1 from group_members m join group_roles g on g.group_id = m.group_id
                            where m.user_id = u.id and g.role_id = $4 limit 1) is not null)
                    and ($5 is null
                        or ($5 = 'passkey' and (select 1 from passkeys p where p.user_id = u.id limit 1) is not null)
                        or ($5 = 'app' and (select 1 from totps t where t.user_id = u.id limit 1) is not null)
                        or ($5 = 'sms' and (select 1 from phones n where n.user_id = u.id limit 1) is not null)
                        or ($5 = 'mail' and (select 1 from mail_factors c where c.user_id = u.id limit 1) is not null)
                        or ($5 = 'none' and (select 1 from passkeys p where p.user_id = u.id limit 1) is null
                            and (select 1 from totps t where t.user_id = u.id limit 1) is null
                            and (select 1 from phones n where n.user_id = u.id limit 1) is null
                            and (select 1 from mail_factors c where c.user_id = u.id limit 1) is null))
                    and u.created_at >= $6 and u.created_at < $7 and s.seen_at >= $8 and s.seen_at < $9
                    and ($10 is null or (u.id >= $18 and u.id <= $19)
                        or (select 1 from user_terms t where t.user_id = u.id and t.term >= $10 and t.term < $11 limit 1) is not null)
                    and ($12 is null
                        or (select 1 from user_terms t where t.user_id = u.id and t.term >= $12 and t.term < $13 limit 1) is not null)
                    and ($14 is null
                        or (select 1 from user_terms t where t.user_id = u.id and t.term >= $14 and t.term < $15 limit 1) is not null)
                    and ($16 is null
                        or (select 1 from user_terms t where t.user_id = u.id and t.term >= $16 and t.term < $17 limit 1) is not null)
                    then true else false end as fits
                from few cross join users u cross join sightings s where u.id = few.id and s.user_id = few.id),
            fit as materialized (select id, created_at, name_key, mail_key, seen_at from judged where fits),
            shown as materialized (
                select id, seen_at, row_number() over (order by
                    case when $1 = 'oldest' then created_at end, case when $1 = 'newest' then created_at end desc,
                    case when $1 = 'name' then name_key end, case when $1 = 'name-back' then name_key end desc,
                    case when $1 = 'mail' then mail_key end, case when $1 = 'mail-back' then mail_key end desc,
                    case when $1 = 'seen-back' then seen_at end, case when $1 = 'seen' then seen_at end desc,
                    case when $1 in ('oldest', 'name', 'mail', 'seen-back') then id end,
                    case when $1 in ('newest', 'name-back', 'mail-back', 'seen') then id end desc) as place
                from fit
                where ($1 = 'oldest' and (created_at, id) > ($21, $22)) or ($1 = 'newest' and (created_at, id) < ($21, $22))
                    or ($1 = 'name' and (name_key, id) > ($20, $22)) or ($1 = 'name-back' and (name_key, id) < ($20, $22))
                    or ($1 = 'mail' and (mail_key, id) > ($20, $22)) or ($1 = 'mail-back' and (mail_key, id) < ($20, $22))
                    or ($1 = 'seen-back' and (seen_at, id) > ($21, $22)) or ($1 = 'seen' and (seen_at, id) < ($21, $22))
                order by place limit $27)
            select true as fits, (select count(*) from fit) as total,
                u.id, u.name, u.email, u.created_at, shown.seen_at, u.locked_at, u.deactivated_at, u.erase_at,
                exists (select 1 from passwords w where w.user_id = u.id) as has_password,
                exists (select 1 from passkeys p where p.user_id = u.id) as has_passkey,
                exists (select 1 from totps t where t.user_id = u.id) as has_app,
                exists (select 1 from phones n where n.user_id = u.id) as has_phone,
                exists (select 1 from mail_factors c where c.user_id = u.id) as has_mail_codes,
                case when u.staff then (select string_agg(r.id || ' ' || r.name, '\n' order by r.name_key) from roles r where r.id in (
                    select role_id from user_roles where user_id = u.id
                    union select g.role_id from group_roles g join group_members m on m.group_id = g.group_id
                        where m.user_id = u.id)) end as roles
            from shown cross join users u where u.id = shown.id order by shown.place",
            way.order, by, self.state, self.role.as_deref(), self.proves, self.created.0, self.created.1, self.seen.0, self.seen.1,
            self.from(0), self.to(0), self.from(1), self.to(1), self.from(2), self.to(2), self.from(3), self.to(3),
            self.ids().0, self.ids().1, way.place.bytes.as_slice(), way.place.time, way.place.id,
            word.map(|word| word.from.as_slice()), word.map(|word| word.to.as_slice()), first_id, last_id, way.one_more())
    }

    /// Of the next `most` people behind a place, whom all conditions hold for, and the last one in any case. `total` is the place
    /// where somebody stands.
    pub(super) async fn read_many(&self, tx: &mut Tx, way: &Way, most: i64) -> Result<Vec<Found>> {
        sql!(tx, fetch_all Found,
            "with next as materialized (select id, place from (
                select * from (select id, row_number() over (order by created_at desc, id desc) as place from users
                    where $1 = 'newest' and created_at >= $6 and (created_at, id) < ($21, $22)
                    order by created_at desc, id desc limit $2) as a
                union all select * from (select id, row_number() over (order by created_at, id) as place from users
                    where $1 = 'oldest' and created_at < $7 and (created_at, id) > ($21, $22)
                    order by created_at, id limit $2) as b
                union all select * from (select id, row_number() over (order by name_key, id) as place from users
                    where $1 = 'name' and (name_key, id) > ($20, $22) order by name_key, id limit $2) as c
                union all select * from (select id, row_number() over (order by name_key desc, id desc) as place from users
                    where $1 = 'name-back' and (name_key, id) < ($20, $22) order by name_key desc, id desc limit $2) as d
                union all select * from (select id, row_number() over (order by mail_key, id) as place from users
                    where $1 = 'mail' and (mail_key, id) > ($20, $22) order by mail_key, id limit $2) as e
                union all select * from (select id, row_number() over (order by mail_key desc, id desc) as place from users
                    where $1 = 'mail-back' and (mail_key, id) < ($20, $22) order by mail_key desc, id desc limit $2) as f
                union all select * from (select user_id as id, row_number() over (order by seen_at desc, user_id desc) as place
                    from sightings where $1 = 'seen' and seen_at >= $8 and (seen_at, user_id) < ($21, $22)
                    order by seen_at desc, user_id desc limit $2) as g
                union all select * from (select user_id as id, row_number() over (order by seen_at, user_id) as place
                    from sightings where $1 = 'seen-back' and seen_at < $9 and (seen_at, user_id) > ($21, $22)
                    order by seen_at, user_id limit $2) as h) as x limit 3000),
            judged as materialized (
                select u.id, next.place, s.seen_at, case when
                    ($3 is null
                        or ($3 = 'active' and u.locked_at is null and u.deactivated_at is null and u.erase_at is null)
                        or ($3 = 'locked' and u.locked_at is not null) or ($3 = 'closed' and u.deactivated_at is not null)
                        or ($3 = 'erasing' and u.erase_at is not null))
                    and ($4 is null or ($4 = 'any' and u.staff)
                        or (select 1 from user_roles r where r.user_id = u.id and r.role_id = $4 limit 1) is not null
                        or (select 1 from group_members m join group_roles g on g.group_id = m.group_id
                            where m.user_id = u.id and g.role_id = $4 limit 1) is not null)
                    and ($5 is null
                        or ($5 = 'passkey' and (select 1 from passkeys p where p.user_id = u.id limit 1) is not null)
                        or ($5 = 'app' and (select 1 from totps t where t.user_id = u.id limit 1) is not null)
                        or ($5 = 'sms' and (select 1 from phones n where n.user_id = u.id limit 1) is not null)
                        or ($5 = 'mail' and (select 1 from mail_factors c where c.user_id = u.id limit 1) is not null)
                        or ($5 = 'none' and (select 1 from passkeys p where p.user_id = u.id limit 1) is null
                            and (select 1 from totps t where t.user_id = u.id limit 1) is null
                            and (select 1 from phones n where n.user_id = u.id limit 1) is null
                            and (select 1 from mail_factors c where c.user_id = u.id limit 1) is null))
                    and u.created_at >= $6 and u.created_at < $7 and s.seen_at >= $8 and s.seen_at < $9
                    and ($10 is null or (u.id >= $18 and u.id <= $19)
                        or (select 1 from user_terms t where t.user_id = u.id and t.term >= $10 and t.term < $11 limit 1) is not null)
                    and ($12 is null
                        or (select 1 from user_terms t where t.user_id = u.id and t.term >= $12 and t.term < $13 limit 1) is not null)
                    and ($14 is null
                        or (select 1 from user_terms t where t.user_id = u.id and t.term >= $14 and t.term < $15 limit 1) is not null)
                    and ($16 is null
                        or (select 1 from user_terms t where t.user_id = u.id and t.term >= $16 and t.term < $17 limit 1) is not null)
                    then true else false end as fits
                from next cross join users u cross join sightings s where u.id = next.id and s.user_id = next.id),
            shown as materialized (
                select id, place, seen_at, fits from judged where fits or place = $2 order by place limit $23)
            select shown.fits, shown.place as total,
                u.id, u.name, u.email, u.created_at, shown.seen_at, u.locked_at, u.deactivated_at, u.erase_at,
                exists (select 1 from passwords w where w.user_id = u.id) as has_password,
                exists (select 1 from passkeys p where p.user_id = u.id) as has_passkey,
                exists (select 1 from totps t where t.user_id = u.id) as has_app,
                exists (select 1 from phones n where n.user_id = u.id) as has_phone,
                exists (select 1 from mail_factors c where c.user_id = u.id) as has_mail_codes,
                case when u.staff then (select string_agg(r.id || ' ' || r.name, '\n' order by r.name_key) from roles r where r.id in (
                    select role_id from user_roles where user_id = u.id
                    union select g.role_id from group_roles g join group_members m on m.group_id = g.group_id
                        where m.user_id = u.id)) end as roles
            from shown cross join users u where u.id = shown.id order by shown.place",
            way.order, most, self.state, self.role.as_deref(), self.proves, self.created.0, self.created.1, self.seen.0, self.seen.1,
            self.from(0), self.to(0), self.from(1), self.to(1), self.from(2), self.to(2), self.from(3), self.to(3),
            self.ids().0, self.ids().1, way.place.bytes.as_slice(), way.place.time, way.place.id, way.one_more())
    }
}

/// How many accounts there are, up to one more than [`FEW`].
pub(super) async fn count_everybody(tx: &mut Tx) -> Result<i64> {
    let (many,) =
        sql!(tx, fetch_one One<i64>, "select count(*) from (select 1 from users limit $1) as x", FEW + 1)?;
    Ok(many)
}

/// Every role, by name: those whom the list shows have them.
pub async fn roles(tx: &mut Tx, _may: &May<right::UsersRead>) -> Result<Vec<RoleHeld>> {
    sql!(tx, fetch_all RoleHeld, "select id, name from roles order by name_key, id")
}
