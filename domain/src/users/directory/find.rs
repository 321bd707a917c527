//! The pages of the list: the queries, and which of them is used.

use chrono::{DateTime, Utc};

use super::FEW;
use super::filter::{Asked, Proves, State};
use super::listed::{Count, Listed, Page};
use super::mark::{Begin, Mark, Place};
use super::words::{self, WORDS, Word};
use crate::authorization::{May, right};
use crate::platform::db::{One, Tx};
use crate::users::user::UserId;
use crate::{Result, sql};

/// People on a page.
pub const PAGE: usize = 50;
/// Rows that are read for a page where many are asked for, in turn until the page is full. The last one is the most.
const STEPS: [i64; 3] = [64, 512, LOOKED_AT];
/// The most rows that are looked at for one page.
pub const LOOKED_AT: i64 = 4_096;

/// A person who was looked at.
#[derive(sqlx::FromRow)]
struct Found {
    /// All conditions hold.
    fits: bool,
    /// How many of the few there are.
    total: i64,
    #[sqlx(flatten)]
    person: Listed,
}

/// How many people each condition holds for, up to one more than [`FEW`]; nothing where it was not asked for.
#[derive(Debug, Default, sqlx::FromRow)]
struct Sizes {
    word1: i64,
    word2: i64,
    word3: i64,
    word4: i64,
    state: i64,
    role: i64,
    proves: i64,
    created: i64,
    seen: i64,
}

/// What is asked for, as the queries take it.
struct Conditions {
    state: Option<&'static str>,
    role: Option<String>,
    proves: Option<&'static str>,
    created: (DateTime<Utc>, DateTime<Utc>),
    seen: (DateTime<Utc>, DateTime<Utc>),
    words: Vec<Word>,
}

/// The condition that the few are read by.
enum By<'a> {
    Word(&'a Word),
    Other(&'static str),
}

/// A page of the list, as `asked`, from `begin` on.
pub async fn page(tx: &mut Tx, _may: &May<right::UsersRead>, asked: &Asked, begin: Begin) -> Result<Page> {
    let Some(words) = words::read(&asked.search) else {
        return Ok(Page {
            people: Vec::new(),
            before: None,
            after: None,
            count: Count::Exactly(0),
        });
    };
    let conditions = Conditions::of(asked, words);
    let (begin, reads, place) = begin.place(tx, asked.sort, (asked.created, asked.seen)).await?;
    let order = reads.as_str();
    let (mut found, count, reached) = match conditions.few(tx, asked).await? {
        Some(by) => {
            let found = conditions.read_few(tx, order, &by, &place).await?;
            let total = found.first().map(|found| found.total);
            // Behind the last one there is nobody to say how many there are.
            (found, total.map_or(Count::Unknown, Count::Exactly), None)
        }
        None => conditions.walk(tx, order, &place, asked.is_everybody()).await?,
    };
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let mut people: Vec<Listed> = found.into_iter().map(|found| found.person).collect();
    let further = if more {
        people.last().map(Listed::mark)
    } else {
        reached
    };
    let (first, last) = match begin {
        Begin::Before(_) => {
            people.reverse();
            (further, people.last().map(Listed::mark))
        }
        Begin::After(_) => (people.first().map(Listed::mark), further),
        Begin::Start => (None, further),
    };
    let count = match count {
        Count::Unknown if begin == Begin::Start && last.is_none() => {
            Count::Exactly(people.len().try_into().unwrap_or(i64::MAX))
        }
        count => count,
    };
    Ok(Page {
        people,
        before: first,
        after: last,
        count,
    })
}

impl Conditions {
    fn of(asked: &Asked, words: Vec<Word>) -> Self {
        Self {
            state: asked.state.map(State::as_str),
            role: asked.role.clone(),
            proves: asked.proves.map(Proves::as_str),
            created: asked.created.times(),
            seen: asked.seen.times(),
            words,
        }
    }

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

    /// The condition that holds for the fewest people, if those are few.
    async fn few(&self, tx: &mut Tx, asked: &Asked) -> Result<Option<By<'_>>> {
        if asked.is_everybody() {
            return Ok(None);
        }
        let sizes = self.sizes(tx).await?;
        let of_words = [sizes.word1, sizes.word2, sizes.word3, sizes.word4];
        let of_words = self
            .words
            .iter()
            .zip(of_words)
            .map(|(word, size)| (size, By::Word(word)));
        let others = [
            // The other ones are known by what is missing, and no index lists that.
            (
                asked.state.is_some_and(|state| state != State::Active),
                sizes.state,
                "state",
            ),
            (asked.role.is_some(), sizes.role, "role"),
            (
                asked.proves.is_some_and(|proves| proves != Proves::Nothing),
                sizes.proves,
                "proves",
            ),
            (!asked.created.is_open(), sizes.created, "created"),
            (!asked.seen.is_open(), sizes.seen, "seen"),
        ];
        let others = others
            .into_iter()
            .filter(|(is_asked, ..)| *is_asked)
            .map(|(_, size, name)| (size, By::Other(name)));
        let fewest = of_words.chain(others).min_by_key(|(size, _)| *size);
        Ok(fewest.filter(|(size, _)| *size <= FEW).map(|(_, by)| by))
    }

    async fn sizes(&self, tx: &mut Tx) -> Result<Sizes> {
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

    /// Those behind `place` among the few whom a condition holds for, if all others hold too: one more than a page.
    async fn read_few(&self, tx: &mut Tx, order: &str, by: &By<'_>, place: &Place) -> Result<Vec<Found>> {
        let (by, word) = match by {
            By::Word(word) => ("word", Some(*word)),
            By::Other(name) => (*name, None),
        };
        let (first_id, last_id) = word.and_then(|word| word.ids).unzip();
        sql!(tx, fetch_all Found,
            "with few as materialized (
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
                union select user_id from sightings where $2 = 'seen' and seen_at >= $8 and seen_at < $9),
            fit as materialized (
                select u.id, u.created_at, u.name_key, u.mail_key, s.seen_at
                from few join users u on u.id = few.id join sightings s on s.user_id = few.id
                where ($3 is null
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
                        or (select 1 from user_terms t where t.user_id = u.id and t.term >= $16 and t.term < $17 limit 1) is not null)),
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
            from shown join users u on u.id = shown.id order by shown.place",
            order, by, self.state, self.role.as_deref(), self.proves, self.created.0, self.created.1, self.seen.0, self.seen.1,
            self.from(0), self.to(0), self.from(1), self.to(1), self.from(2), self.to(2), self.from(3), self.to(3),
            self.ids().0, self.ids().1, place.bytes.as_slice(), place.time, place.id,
            word.map(|word| word.from.as_slice()), word.map(|word| word.to.as_slice()), first_id, last_id, ONE_MORE)
    }

    /// Everybody behind `place`, in order, until a page is full; and where it ended, if that was early.
    async fn walk(
        &self,
        tx: &mut Tx,
        order: &str,
        place: &Place,
        everybody: bool,
    ) -> Result<(Vec<Found>, Count, Option<Mark>)> {
        let mut found = Vec::new();
        let mut reached = None;
        for most in STEPS {
            found = self.read_many(tx, order, most, place).await?;
            let last = found
                .last()
                .filter(|last| last.total == most)
                .map(|last| last.person.mark());
            found.retain(|found| found.fits);
            reached = last.filter(|_| found.len() <= PAGE);
            if reached.is_none() {
                break;
            }
        }
        let count = if everybody {
            count_everybody(tx).await?
        } else {
            Count::Unknown
        };
        Ok((found, count, reached))
    }

    /// Of the next `most` people behind `place`, whom all conditions hold for, and the last one in any case. `total` is the place
    /// where somebody stands.
    async fn read_many(&self, tx: &mut Tx, order: &str, most: i64, place: &Place) -> Result<Vec<Found>> {
        sql!(tx, fetch_all Found,
            "with next as materialized (
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
                    order by seen_at, user_id limit $2) as h),
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
                from next join users u on u.id = next.id join sightings s on s.user_id = next.id),
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
            from shown join users u on u.id = shown.id order by shown.place",
            order, most, self.state, self.role.as_deref(), self.proves, self.created.0, self.created.1, self.seen.0, self.seen.1,
            self.from(0), self.to(0), self.from(1), self.to(1), self.from(2), self.to(2), self.from(3), self.to(3),
            self.ids().0, self.ids().1, place.bytes.as_slice(), place.time, place.id, ONE_MORE)
    }
}

/// One more than a page, to know whether there is a next one.
const ONE_MORE: i64 = 51;
const _: () = assert!(PAGE + 1 == 51 && WORDS == 4);

/// How many accounts there are, without counting many.
async fn count_everybody(tx: &mut Tx) -> Result<Count> {
    let (many,) =
        sql!(tx, fetch_one One<i64>, "select count(*) from (select 1 from users limit $1) as x", FEW + 1)?;
    Ok(if many > FEW {
        Count::MoreThan(FEW)
    } else {
        Count::Exactly(many)
    })
}
