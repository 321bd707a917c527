//! After the run: the ledger against the mails, the audit and the database.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use bench::Result;
use bench::database::Database;

use crate::ledger::{Deed, Entry};
use crate::stage::Stage;
use crate::world::World;

/// How long the queue may take to empty after the run.
const QUEUE: Duration = Duration::from_mins(2);

/// What became of one request, by the ledger.
struct Asked {
    person: String,
    deed: Deed,
    /// The id that the server gave it, if it said that it is done.
    done: Option<String>,
    /// It was refused: nothing was done.
    refused: bool,
}

/// Holds the whole run against its ledger. The database is asked itself, past any proxy.
pub async fn reach(stage: &Stage) -> Result<()> {
    let world = &stage.world;
    let asked = requests(world)?;
    single_use(world, &asked);
    let mut database = Database::open(&stage.database).await?;
    queue_is_empty(world, &mut database).await?;
    audit(world, &asked, &mut database).await?;
    chain(stage);
    mails(world, &asked);
    whole(world, &mut database).await?;
    sound(world, &mut database).await?;
    database.close().await
}

fn requests(world: &World) -> Result<BTreeMap<u64, Asked>> {
    let mut asked = BTreeMap::new();
    for entry in world.ledger.read()? {
        match entry {
            Entry::Asked { number, person, deed } => {
                let (done, refused) = (None, false);
                asked.insert(
                    number,
                    Asked {
                        person,
                        deed,
                        done,
                        refused,
                    },
                );
            }
            Entry::Answered {
                number,
                done,
                request,
                ..
            } => {
                if let Some(asked) = asked.get_mut(&number) {
                    asked.done = done.then_some(request);
                    asked.refused = !done;
                }
            }
            Entry::Open { .. } => {}
        }
    }
    world.count("requests in the ledger", asked.len() as u64);
    let done = asked.values().filter(|asked| asked.done.is_some()).count();
    world.count("requests acknowledged", done as u64);
    Ok(asked)
}

/// I4: no token did its work twice.
fn single_use(world: &World, asked: &BTreeMap<u64, Asked>) {
    let mut used: HashMap<&str, u32> = HashMap::new();
    for asked in asked.values().filter(|asked| asked.done.is_some()) {
        if let Deed::Verify { token } | Deed::Reset { token } = &asked.deed {
            *used.entry(token).or_default() += 1;
        }
    }
    for (token, times) in used.iter().filter(|(_, times)| **times > 1) {
        world.broken(format!("I4: the token {token} worked {times} times"));
    }
    world.count("single-use tokens used", used.len() as u64);
}

/// I3: nothing waits for ever, and nothing was given up.
async fn queue_is_empty(world: &World, database: &mut Database) -> Result<()> {
    let waits = "select count(*) from jobs where state in ('ready', 'running')";
    let emptied = async {
        while database.count(waits).await? > 0 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok::<_, bench::Failure>(())
    };
    if tokio::time::timeout(QUEUE, emptied).await.is_err() {
        let left = database.count(waits).await?;
        world.broken(format!("I3: {left} jobs still wait two minutes after the run"));
    }
    let dead = database
        .count("select count(*) from jobs where state = 'dead'")
        .await?;
    if dead > 0 {
        world.broken(format!("I3: {dead} jobs were given up"));
    }
    Ok(())
}

/// I7: one row for each security event that was acknowledged, and no second one.
async fn audit(world: &World, asked: &BTreeMap<u64, Asked>, database: &mut Database) -> Result<()> {
    let rows: Vec<(String, String)> = database.rows("select request_id, kind from audit_events").await?;
    world.count("rows of audit", rows.len() as u64);
    let mut found: HashMap<(String, String), u32> = HashMap::new();
    for row in rows {
        *found.entry(row).or_default() += 1;
    }
    for asked in asked.values() {
        let Some(request) = &asked.done else { continue };
        for kind in events(&asked.deed) {
            let times = found
                .get(&(request.clone(), (*kind).to_owned()))
                .copied()
                .unwrap_or(0);
            // Whoever is signed out already is told so again, and nothing happens.
            let none_is_fine = asked.deed == Deed::SignOut;
            if times != 1 && !(none_is_fine && times == 0) {
                world.broken(format!(
                    "I7: {kind} of {} stands {times} times in the audit",
                    asked.person
                ));
            }
        }
    }
    Ok(())
}

/// I7b: the audit is one chain, as the server's own command says.
fn chain(stage: &Stage) {
    // The way to the database may be a proxy of ours, which must go on meanwhile.
    match tokio::task::block_in_place(|| stage.house.run(&["audit", "verify"], "")) {
        Ok(_) => stage.world.count("audits that are whole", 1),
        Err(said) => stage.world.broken(format!("I7b: {said}")),
    }
}

fn events(deed: &Deed) -> &'static [&'static str] {
    match deed {
        Deed::SignUp => &["sign_up.requested"],
        Deed::Verify { .. } => &["sign_up.completed", "sign_in.succeeded"],
        Deed::SignIn => &["sign_in.succeeded"],
        Deed::Guess => &[],
        Deed::SignOut => &["session.signed_out"],
        Deed::Forgot => &["password.reset_requested"],
        Deed::Reset { .. } => &["password.reset"],
    }
}

/// Where a mail belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    /// It brings what was asked for, a link, or says that it is done.
    Errand,
    /// It tells of a new password, or of a browser that is new to the account, with the link that says it wasn't me.
    Notice,
}

/// I3: each acknowledged change had its mails, and there is no mail of a change that never was.
fn mails(world: &World, asked: &BTreeMap<u64, Asked>) {
    let all = world.mail.all();
    let mut ids: HashMap<(&str, Kind), BTreeSet<&str>> = HashMap::new();
    for mail in &all {
        let is_notice = mail.link.as_ref().is_some_and(|(path, _)| path == "/not-me");
        let kind = if is_notice { Kind::Notice } else { Kind::Errand };
        ids.entry((&mail.to, kind)).or_default().insert(&mail.id);
    }
    // The fewest that must have come, and the most that may have.
    let mut owed: BTreeMap<(&str, Kind), (usize, usize)> = BTreeMap::new();
    for asked in asked.values().filter(|asked| !asked.refused) {
        let (kind, must) = match asked.deed {
            Deed::SignUp | Deed::Verify { .. } | Deed::Forgot => (Kind::Errand, true),
            Deed::Reset { .. } => (Kind::Notice, true),
            // Only from a browser that was never in this account.
            Deed::SignIn => (Kind::Notice, false),
            Deed::Guess | Deed::SignOut => continue,
        };
        let (least, most) = owed.entry((&asked.person, kind)).or_default();
        *least += usize::from(must && asked.done.is_some());
        *most += 1;
    }
    for ((person, kind), (least, most)) in &owed {
        let came = ids.get(&(*person, *kind)).map_or(0, BTreeSet::len);
        if came < *least {
            world.broken(format!("I3: {person} got {came} of {least} mails ({kind:?})"));
        }
        if came > *most {
            world.broken(format!(
                "I3: {person} got {came} mails and asked for {most} ({kind:?})"
            ));
        }
    }
    for (stranger, kind) in ids.keys().filter(|to| !owed.contains_key(*to)) {
        world.broken(format!(
            "I3: a mail went to {stranger}, who never asked ({kind:?})"
        ));
    }
    let different: usize = ids.values().map(BTreeSet::len).sum();
    world.count("mails", different as u64);
    world.count("mails that came again", (all.len() - different) as u64);
}

/// I2: no half of anything.
async fn whole(world: &World, database: &mut Database) -> Result<()> {
    let halves = [
        (
            "people without a password",
            "select count(*) from users u where not exists (select 1 from passwords p where p.user_id = u.id)",
        ),
        (
            "people without their row of audit",
            "select count(*) from users u where not exists
                (select 1 from audit_events a where a.subject_id = u.id and a.kind = 'sign_up.completed')",
        ),
        (
            "sign-ups without their row of audit",
            "select (select count(*) from sign_ups) - (select count(*) from audit_events where kind = 'sign_up.requested')",
        ),
        (
            "sign-ups that are used up and made nobody",
            "select count(*) from sign_ups s where s.consumed_at is not null
                and not exists (select 1 from users u where u.email_key = s.email_key)",
        ),
        (
            "sessions without their row of audit",
            "select count(*) from sessions s where not exists
                (select 1 from audit_events a where a.session_id = s.id and a.kind = 'sign_in.succeeded')",
        ),
        (
            "resets that are used up without their row of audit",
            "select (select count(*) from password_resets where consumed_at is not null)
                - (select count(*) from audit_events where kind = 'password.reset')",
        ),
    ];
    for (what, query) in halves {
        let found = database.count(query).await?;
        if found != 0 {
            world.broken(format!("I2: {found} {what}"));
        }
    }
    Ok(())
}

/// I8: the files are sound, and nobody sits in a transaction.
async fn sound(world: &World, database: &mut Database) -> Result<()> {
    if database.is_sqlite() {
        let said: Vec<(String,)> = database
            .rows("select integrity_check from pragma_integrity_check")
            .await?;
        if said != [("ok".to_owned(),)] {
            world.broken(format!("I8: integrity_check says {said:?}"));
        }
        let orphans = database
            .count("select count(*) from pragma_foreign_key_check")
            .await?;
        if orphans > 0 {
            world.broken(format!("I8: foreign_key_check finds {orphans}"));
        }
    } else {
        let idle = "select count(*) from pg_stat_activity where state like 'idle in transaction%'";
        let idle = database.count(idle).await?;
        if idle > 0 {
            world.broken(format!("I8: {idle} connections are idle in a transaction"));
        }
    }
    Ok(())
}
