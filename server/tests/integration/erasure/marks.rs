//! The search for what is left of a person: every column of every table, every key of Redis, every file of the data
//! directory. Before the erasure the marks must be found, so that the search itself is tried; after it, none may be.

mod left;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::platform::Platform;
use domain::platform::redis::Script;
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use uuid::Uuid;

use self::left::asked_for_more;
use super::{delete, look_after};
use crate::house::{Browser, PASSWORD, TestHouse, count, rows, tamper};

const NAME: &str = "Zuleika Obermann-Quist";
const EMAIL: &str = "Zuleika.Obermann@Example.com";
const FORMER: &str = "z.quist@example.net";
const ASKED: &str = "obermann.new@example.org";
const AGENT: &str = "Mozilla/5.0 (Quistograph 7.1; Obermann) Firefox/140.0";

/// What names the person, in lower case where it is text.
struct Marks(Vec<(&'static str, Vec<u8>)>);

impl Marks {
    fn of(id: Uuid, address: IpAddr, sessions: &[Uuid]) -> Self {
        let mut marks = vec![
            ("the name", NAME.to_lowercase().into_bytes()),
            ("the address", EMAIL.to_lowercase().into_bytes()),
            ("the former address", FORMER.into()),
            ("the address that was asked for", ASKED.into()),
            ("the browser", AGENT.to_lowercase().into_bytes()),
            ("the network address", address.to_string().into_bytes()),
        ];
        for (what, id) in [("the id", &id)]
            .into_iter()
            .chain(sessions.iter().map(|id| ("a session's id", id)))
        {
            marks.push((what, id.to_string().into_bytes()));
            marks.push((what, id.simple().to_string().into_bytes()));
            marks.push((what, id.as_bytes().to_vec()));
            // Lower case, because it is looked for there.
            for encoded in [
                STANDARD.encode(id.as_bytes()),
                URL_SAFE_NO_PAD.encode(id.as_bytes()),
            ] {
                marks.push((what, encoded.to_lowercase().into_bytes()));
            }
        }
        Self(marks)
    }

    /// Which of them stand in these bytes. Ids as bytes are looked for as they are, all else in lower case.
    fn found_in(&self, bytes: &[u8]) -> BTreeSet<&'static str> {
        let lower = bytes.to_ascii_lowercase();
        let holds = |mark: &[u8]| {
            let within = if mark.is_ascii() { lower.as_slice() } else { bytes };
            within.windows(mark.len()).any(|window| window == mark)
        };
        self.0
            .iter()
            .filter(|(_, mark)| holds(mark))
            .map(|(what, _)| *what)
            .collect()
    }

    /// Everything that is found, by where it is found.
    async fn search(&self, platform: &Platform) -> BTreeMap<String, BTreeSet<&'static str>> {
        let mut found = BTreeMap::new();
        for (place, values) in all_columns(platform).await {
            let here: BTreeSet<_> = values.iter().flat_map(|value| self.found_in(value)).collect();
            if !here.is_empty() {
                found.insert(place, here);
            }
        }
        for (what, mark) in &self.0 {
            if in_redis(platform, mark).await {
                found.entry("Redis".to_owned()).or_default().insert(*what);
            }
        }
        self.search_files(&platform.config.data_dir, &mut found);
        found
    }

    fn search_files(&self, folder: &Path, found: &mut BTreeMap<String, BTreeSet<&'static str>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.search_files(&path, found);
                continue;
            }
            let here = self.found_in(&std::fs::read(&path).unwrap());
            if !here.is_empty() {
                found.insert(format!("file {}", path.file_name().unwrap().display()), here);
            }
        }
    }
}

/// Every value of every column of every table, as the schema of the database lists them.
pub async fn all_columns(platform: &Platform) -> BTreeMap<String, Vec<Vec<u8>>> {
    let url = platform.config.database_url.expose().to_owned();
    let mut all = BTreeMap::new();
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        let columns: Vec<(String, String)> = sqlx::query_as(
            "select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        for (table, column) in columns {
            let query = format!("select coalesce(hex(cast(\"{column}\" as blob)), '') from \"{table}\"");
            let rows: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(query))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            all.insert(
                format!("{table}.{column}"),
                rows.iter().map(|(hex,)| unhex(hex)).collect(),
            );
        }
        connection.close().await.unwrap();
    } else {
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let columns: Vec<(String, String, String)> = sqlx::query_as(
            "select table_name::text, column_name::text, data_type::text from information_schema.columns
             where table_schema = 'public'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        for (table, column, kind) in columns {
            let bytes = match kind.as_str() {
                "bytea" => format!("\"{column}\""),
                _ => format!("convert_to(\"{column}\"::text, 'UTF8')"),
            };
            let query = format!("select coalesce(encode({bytes}, 'hex'), '') from \"{table}\"");
            let rows: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(query))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            all.insert(
                format!("{table}.{column}"),
                rows.iter().map(|(hex,)| unhex(hex)).collect(),
            );
        }
        connection.close().await.unwrap();
    }
    assert!(all.len() > 90, "only {} columns were found", all.len());
    all
}

fn unhex(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// Whether a key of Redis, or what is under it, holds these bytes. Other tests use the same Redis; the marks are ours.
pub async fn in_redis(platform: &Platform, mark: &[u8]) -> bool {
    let Some(redis) = &platform.redis else {
        return false;
    };
    let escaped = mark
        .iter()
        .map(|byte| format!("\\{byte:03}"))
        .collect::<Vec<_>>()
        .concat();
    let source = format!(
        "local mark, found, cursor = '{escaped}', 0, '0'
         local function look(text) if string.find(string.lower(text), mark, 1, true) or string.find(text, mark, 1, true) then found = found + 1 end end
         repeat
           local page = redis.call('scan', cursor, 'count', 1000)
           cursor = page[1]
           for _, key in ipairs(page[2]) do
             look(key)
             local kind = redis.call('type', key).ok
             if kind == 'string' then look(redis.call('get', key))
             elseif kind == 'list' then for _, item in ipairs(redis.call('lrange', key, 0, -1)) do look(item) end
             elseif kind == 'hash' then for _, item in ipairs(redis.call('hgetall', key)) do look(item) end
             elseif kind == 'set' then for _, item in ipairs(redis.call('smembers', key)) do look(item) end
             elseif kind == 'zset' then for _, item in ipairs(redis.call('zrange', key, 0, -1)) do look(item) end
             elseif kind ~= 'none' then error('a key of an unknown kind') end
           end
         until cursor == '0'
         return found"
    );
    // A test's script lives as long as the test.
    let script: &'static Script = Box::leak(Box::new(Script::new(Box::leak(source.into_boxed_str()))));
    redis.run(script, "any", []).await.unwrap() > 0
}

/// A browser that is somewhere nobody else is, under a name that nobody else has.
fn unlike_any_other(t: &TestHouse) -> Browser {
    let mut browser = t.browser();
    AGENT.clone_into(&mut browser.user_agent);
    // A network for tests (RFC 2544); three digits, so that none is the beginning of another.
    let part = |t: &TestHouse| 100 + t.dice(100);
    browser.address = format!("198.18.{}.{}", part(t), part(t)).parse().unwrap();
    browser
}

/// A person who has left something wherever a person can, and has asked for all of it to be erased.
async fn who_was_everywhere(t: &TestHouse) -> (Browser, Uuid) {
    let mut zuleika = unlike_any_other(t);
    zuleika.sign_up(NAME, EMAIL, PASSWORD).await;
    let code = t.code_for(EMAIL).await;
    zuleika.type_code(&code).await;
    zuleika.sign_out().await;
    zuleika.sign_up(NAME, EMAIL, PASSWORD).await;
    zuleika.sign_in(EMAIL, "not the right password").await;
    zuleika.get("/forgot-password").await;
    zuleika
        .submit("forgot-password-button", &[("email", EMAIL)])
        .await;
    zuleika.sign_in(EMAIL, PASSWORD).await;
    t.mails_to(EMAIL).await;
    let id = rows!(t, (Uuid,), "select id from users where name = $1", NAME)
        .remove(0)
        .0;

    // What other pages write, as they write it.
    let now = t.clock.now();
    let new_id = || t.platform.entropy.uuid_v7(now);
    let group = new_id();
    tamper!(
        t,
        "insert into people_groups (id, name, name_key, created_at, updated_at) values ($1, 'A group', 'a group', $2, $2)",
        group,
        now
    );
    tamper!(
        t,
        "insert into group_members (group_id, user_id, added_at) values ($1, $2, $3)",
        group,
        id,
        now
    );
    tamper!(
        t,
        "insert into user_roles (user_id, role_id, granted_at) values ($1, 'auditor', $2)",
        id,
        now
    );
    let soon = now + chrono::Duration::hours(1);
    tamper!(t, "insert into email_changes (id, user_id, old_email, old_email_key, new_email, new_email_key, confirm_hash, undo_hash,
            created_at, expires_at) values ($1, $2, $3, $3, $4, $4, $5, $6, $7, $8)",
        new_id(), id, FORMER, ASKED, vec![1_u8; 32], vec![2_u8; 32], now, soon);
    tamper!(
        t,
        "insert into password_resets (id, user_id, link_hash, created_at, expires_at, consumed_at) values ($1, $2, $3, $4, $5, $4)",
        new_id(),
        id,
        vec![3_u8; 32],
        now,
        soon
    );
    tamper!(
        t,
        "insert into alarms (notice_id, user_id, raised_at) values ($1, $2, $3)",
        new_id(),
        id,
        now
    );
    tamper!(
        t,
        "insert into recoveries (id, user_id, begun_by, link_hash, created_at, due_at, expires_at, ended_at, outcome)
         values ($1, $2, 'person', $3, $4, $4, $5, $4, 'used')",
        new_id(),
        id,
        vec![12_u8; 32],
        now,
        soon
    );

    zuleika.get("/account/data").await;
    zuleika.submit("export-button", &[]).await;
    t.mails_to(EMAIL).await;
    assert_eq!(delete(&mut zuleika, EMAIL).await.location(), "/sign-in?leaving=1");
    // A job that waits, one that was given up, and what a mail server said of it.
    zuleika.get("/forgot-password").await;
    zuleika
        .submit("forgot-password-button", &[("email", EMAIL)])
        .await;
    tamper!(
        t,
        "update jobs set run_at = $1 where kind = 'request-password-reset' and state = 'ready'",
        soon + chrono::Duration::days(90)
    );
    tamper!(
        t,
        "update jobs set state = 'dead', last_error = $1 where kind = 'send-mail' and state = 'ready'",
        format!("550 no mailbox for {EMAIL}")
    );
    // A failure that no success clears: without the cookie of the device.
    let mut mistyped = zuleika.clone();
    mistyped.jar.clear();
    mistyped.sign_in(EMAIL, "not the right password").await;
    // Signed in again in the last days.
    zuleika.sign_in(EMAIL, PASSWORD).await;
    zuleika.get("/keep-account").await;
    (zuleika, id)
}

#[tokio::test]
async fn nothing_of_a_person_is_left_anywhere() {
    let t = TestHouse::new().await;
    let other = t.member("Ada", "ada@example.com").await;
    let (zuleika, id) = who_was_everywhere(&t).await;
    asked_for_more(&t, id).await;
    let sessions: Vec<Uuid> = rows!(
        t,
        (Option<Uuid>,),
        "select distinct session_id from audit_events where actor_id = $1",
        id
    )
    .into_iter()
    .filter_map(|(id,)| id)
    .collect();
    let marks = Marks::of(id, zuleika.address, &sessions);

    // The search finds what is there, and there is something in every table that is about people.
    let before = marks.search(&t.platform).await;
    let in_all: BTreeSet<&str> = before.values().flatten().copied().collect();
    let every: BTreeSet<&str> = marks.0.iter().map(|(what, _)| *what).collect();
    assert_eq!(in_all, every, "{before:#?}");
    for column in all_columns(&t.platform)
        .await
        .into_keys()
        .filter(|column| column.ends_with(".user_id"))
    {
        assert!(
            before.contains_key(&column),
            "{column}: let this person have a row there, and see that it goes"
        );
    }
    for place in [
        "users.email_key",
        "audit_events.actor_id",
        "audit_events.subject_id",
        "audit_events.user_agent",
        "audit_events.address",
        "sign_ups.email_key",
        "invitations.email_key",
        "invitations.invited_by",
        "invitations.sent_by",
        "invitations.accepted_by",
        "invitation_reports.lines",
        "messages.recipient",
        "caught_messages.recipient",
        "jobs.last_error",
    ] {
        assert!(before.contains_key(place), "{place}: {before:#?}");
    }
    assert_eq!(before.contains_key("Redis"), t.has_redis());
    assert_eq!(
        before.keys().any(|place| place.starts_with("file ")),
        t.platform.db.kind() == "SQLite"
    );
    assert!(count!(t, "select count(*) from sign_in_failures") > 0);
    let events = count!(
        t,
        "select count(*) from audit_events where actor_id = $1 or subject_id = $1",
        id
    );

    let due = t.clock.now();
    tamper!(t, "update users set erase_at = $1 where id = $2", due, id);
    look_after(&t.platform).await;

    let after = marks.search(&t.platform).await;
    assert!(after.is_empty(), "this is left: {after:#?}");
    assert_eq!(count!(t, "select count(*) from jobs where state <> 'done'"), 0);
    assert_eq!(count!(t, "select count(*) from sign_in_failures"), 0);
    assert_eq!(
        count!(t, "select count(*) from sign_up_budgets where taken > 2"),
        0
    );
    // What happened is still known, under one name that leads nowhere.
    let pseudonyms = rows!(
        t,
        (Option<Uuid>,),
        "select distinct subject_id from audit_events
        where subject_id is not null and subject_id not in (select id from users)"
    );
    assert_eq!(pseudonyms.len(), 1);
    let kept = count!(
        t,
        "select count(*) from audit_events where subject_id = $1",
        pseudonyms[0].0
    );
    assert_eq!(kept, events + 1, "and that they were erased");

    // Nobody else lost anything.
    assert!(other.is_signed_in().await);
    assert_eq!(count!(t, "select count(*) from users"), 1);
    assert!(
        count!(
            t,
            "select count(*) from audit_events where actor_id in (select id from users) and address <> ''"
        ) > 1
    );
}
