//! The job: killed, run twice, stopped, and without its permission.

use chrono::Duration;
use domain::audit::Origin;
use domain::job::{self, Job};
use domain::platform::jobs::run_due;
use uuid::Uuid;

use super::{BCRYPT, OLD_PASSWORD, bring, form, ida, make, report, send};
use crate::house::{TestHouse, count, rows, tamper};

/// So many people, as a file.
fn many(people: usize) -> String {
    let rows = (0..people).map(|n| format!("p{n}@example.com,Person {n},{BCRYPT}\n"));
    format!("email,name,password_hash\n{}", rows.collect::<String>())
}

async fn people(t: &TestHouse) -> i64 {
    count!(t, "select count(*) from users where email like 'p%'")
}

fn id_of(path: &str) -> Uuid {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_import_of_a_worker_that_died_goes_on_where_it_was() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let path = bring(&mut ida, many(450)).await;
    ida.get(&path).await;
    ida.submit("begin-button", &[]).await;
    // A worker that dies in the third batch: what it says to the database from there on never comes.
    if t.platform.db.kind() == "SQLite" {
        tamper!(
            t,
            "create trigger dies before insert on users when new.email = 'p250@example.com' begin select raise(abort, 'killed'); end"
        );
    } else {
        tamper!(
            t,
            "create function dies() returns trigger language plpgsql as 'begin if new.email = ''p250@example.com'' then raise exception ''killed''; end if; return new; end'"
        );
        tamper!(
            t,
            "create trigger dies before insert on users for each row execute function dies()"
        );
    }
    run_due(&t.platform).await.unwrap();
    assert_eq!(people(&t).await, 200, "two batches");
    let page = ida.fetch(&format!("{path}/progress")).await.json();
    assert_eq!(
        (
            page["done"].as_i64(),
            page["total"].as_i64(),
            page["ready"].as_bool()
        ),
        (Some(200), Some(450), Some(false))
    );
    assert!(ida.get(&path).await.has("import-going"));
    if t.platform.db.kind() == "SQLite" {
        tamper!(t, "drop trigger dies");
    } else {
        tamper!(t, "drop trigger dies on users");
    }
    // And once more, as a server leaves it that is cut off: leased.
    let until = t.clock.now() + Duration::seconds(30);
    tamper!(
        t,
        "update jobs set state = 'running', worker = id, lease_until = $1 where kind = 'import-people'",
        until
    );
    assert_eq!(
        (run_due(&t.platform).await.unwrap(), people(&t).await),
        (0, 200),
        "it is still leased"
    );
    t.clock.advance(Duration::seconds(31));
    run_due(&t.platform).await.unwrap();
    assert_eq!(people(&t).await, 450);
    assert_eq!(t.audited("user.imported").await, 450);
    assert_eq!(t.audited("people.imported").await, 1);
    assert_eq!(count!(t, "select made from imports"), 450);
    assert_eq!(
        count!(t, "select count(*) from passwords where phc like '$sealed$%'"),
        450
    );
    assert_eq!(count!(t, "select count(*) from sightings"), 451);
    let page = ida.get(&path).await;
    assert_eq!(page.text("import-over"), "Done: 450 people were made.");
    assert_eq!(
        t.browser()
            .sign_in("p449@example.com", OLD_PASSWORD)
            .await
            .location(),
        "/account"
    );
}

/// A lease that ran out while its worker lives: both work, and nobody is made twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_at_once_make_nobody_twice() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    let mut ida = ida(&t).await;
    let path = bring(&mut ida, many(350)).await;
    ida.get(&path).await;
    ida.submit("begin-button", &[]).await;
    let (import, by) = (
        id_of(&path),
        rows!(t, (Uuid,), "select asked_by from imports").remove(0).0,
    );
    let job = || Job::ImportPeople {
        import,
        by,
        origin: Origin::default(),
    };
    let (one, other) = tokio::join!(
        job::run(&t.platform, import, job()),
        job::run(&second.platform, import, job())
    );
    assert!(one.is_ok() && other.is_ok());
    run_due(&t.platform).await.unwrap();
    assert_eq!(
        (
            people(&t).await,
            t.audited("user.imported").await,
            t.audited("people.imported").await
        ),
        (350, 350, 1)
    );
    assert_eq!(count!(t, "select made from imports"), 350);
}

/// On Postgres each waits for the addresses that the other is making.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_files_with_the_same_people_in_opposite_orders_make_each_once() {
    let t = TestHouse::new().await;
    let second = t.second_node().await;
    // Before any file is begun: what waits is done whenever somebody gets a mail.
    let mut bosses = Vec::new();
    for email in ["ida@example.com", "eve@example.com"] {
        bosses.push(crate::console::staff(&t, "Boss", email, "administrator").await);
    }
    let mut rows: Vec<_> = (0..90)
        .map(|n| format!("p{n}@example.com,Person {n}\n"))
        .collect();
    let mut jobs = Vec::new();
    for boss in &mut bosses {
        let path = bring(boss, format!("email,name\n{}", rows.concat())).await;
        boss.get(&path).await;
        boss.submit("begin-button", &[]).await;
        let import = id_of(&path);
        let by = rows!(t, (Uuid,), "select asked_by from imports where id = $1", import)[0].0;
        let origin = Origin::default();
        jobs.push((import, Job::ImportPeople { import, by, origin }));
        rows.reverse();
    }
    let (other, one) = (jobs.pop().unwrap(), jobs.pop().unwrap());
    let (one, other) = tokio::join!(
        job::run(&t.platform, one.0, one.1),
        job::run(&second.platform, other.0, other.1)
    );
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    run_due(&t.platform).await.unwrap();
    assert_eq!((people(&t).await, t.audited("user.imported").await), (90, 90));
    assert_eq!(
        count!(
            t,
            "select count(*) from import_rows where outcome = 'skipped' and reason = 'exists'"
        ),
        90
    );
}

#[tokio::test]
async fn a_second_click_does_nothing_more() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let path = bring(&mut ida, many(3)).await;
    ida.get(&path).await;
    let mut twice = ida.clone();
    assert_eq!(ida.submit("begin-button", &[]).await.location(), path);
    assert_eq!(twice.submit("begin-button", &[]).await.location(), path);
    assert_eq!(
        count!(t, "select count(*) from jobs where kind = 'import-people'"),
        1
    );
    // A file that is under way is not thrown away, and no other begins beside it.
    let id = id_of(&path).to_string();
    ida.get(&path).await;
    let mut script = ida.scripted();
    let answer = script.post("/api/admin-discard-import", &[("import", &id)]).await;
    assert_eq!(
        (answer.status, answer.json()["title"].as_str()),
        (409, Some("import-running"))
    );
    ida.get("/admin/import").await;
    assert_eq!(
        send(&mut ida, form(b"email\nx@example.com\n", true))
            .await
            .location(),
        "/admin/import"
    );
    assert!(ida.follow().await.text("form-error").contains("still being made"));
    run_due(&t.platform).await.unwrap();
    assert_eq!(people(&t).await, 3);
    // Begun again when it is done: nothing.
    assert_eq!(
        twice
            .post("/api/admin-begin-import", &[("import", &id)])
            .await
            .location(),
        path
    );
    run_due(&t.platform).await.unwrap();
    assert_eq!((people(&t).await, t.audited("people.import_begun").await), (3, 1));
}

#[tokio::test]
async fn a_second_file_takes_the_place_of_one_that_was_not_begun() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let first = bring(&mut ida, "email\na@example.com\n").await;
    let second = bring(&mut ida, "email\nb@example.com\n").await;
    assert_eq!(ida.get(&first).await.status, 404);
    assert_eq!(count!(t, "select count(*) from import_rows"), 1);
    ida.get(&second).await;
    assert_eq!(
        ida.submit("discard-button", &[]).await.location(),
        "/admin/import?done=discarded"
    );
    assert_eq!(
        count!(t, "select count(*) from imports") + count!(t, "select count(*) from import_rows"),
        0
    );
}

#[tokio::test]
async fn who_stops_it_keeps_who_was_made_and_the_rest_forgets_its_hashes() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let path = bring(&mut ida, many(5)).await;
    ida.get(&path).await;
    ida.submit("begin-button", &[]).await;
    tamper!(t, "update imports set rows_done = 2");
    ida.get(&path).await;
    assert_eq!(ida.submit("stop-button", &[]).await.location(), path);
    run_due(&t.platform).await.unwrap();
    assert_eq!(people(&t).await, 0);
    assert!(ida.get(&path).await.text("import-over").starts_with("Stopped."));
    assert_eq!(
        count!(t, "select count(*) from import_rows where sealed is not null"),
        0
    );
    assert!(report(&mut ida, &path).await[4].ends_with("\"skipped\",\"stopped\""));
    assert_eq!(t.audited("people.imported").await, 1);
}

/// ASVS 8.3.2: a permission that was taken away holds from the next batch on.
#[tokio::test]
async fn asvs_8_3_2_without_the_permission_the_job_stops() {
    let t = TestHouse::new().await;
    for change in ["role", "lock", "leaving"] {
        let email = format!("{change}@example.com");
        let mut boss = crate::console::staff(&t, "Boss", &email, "administrator").await;
        let path = bring(&mut boss, many(3)).await;
        boss.get(&path).await;
        boss.submit("begin-button", &[]).await;
        if change == "role" {
            tamper!(t, "delete from user_roles");
        } else if change == "leaving" {
            let later = t.clock.now() + Duration::days(7);
            tamper!(
                t,
                "update users set erase_at = $1 where email = $2",
                later,
                email.as_str()
            );
        } else {
            let now = t.clock.now();
            tamper!(
                t,
                "update users set locked_at = $1 where email = $2",
                now,
                email.as_str()
            );
        }
        run_due(&t.platform).await.unwrap();
        assert_eq!(people(&t).await, 0, "{change}");
        assert_eq!(
            rows!(t, (String,), "select state from imports order by id desc limit 1"),
            [("stopped".to_owned(),)]
        );
        assert_eq!(
            count!(t, "select count(*) from import_rows where sealed is not null"),
            0
        );
    }
}

/// What happened between the dry run and the deed: the deed decides.
#[tokio::test]
async fn an_address_that_got_an_account_meanwhile_is_skipped() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let path = bring(
        &mut ida,
        "email,name\nada@example.com,Not Ada\nheld@example.com,Held\n",
    )
    .await;
    t.member("Ada", "ada@example.com").await;
    let held = t.clock.now() + Duration::hours(1);
    tamper!(t, "insert into email_changes (id, user_id, old_email, old_email_key, new_email, new_email_key, confirm_hash, undo_hash,
            created_at, expires_at, confirmed_at, undo_expires_at)
        select id, id, 'held@example.com', 'held@example.com', 'x@example.com', 'x@example.com', $1, $2, $3, $3, $3, $3 from users where email = 'ada@example.com'",
        vec![1_u8; 32], vec![2_u8; 32], held);
    make(&t, &mut ida, &path).await;
    let lines = report(&mut ida, &path).await;
    assert_eq!(
        lines,
        [
            "\"2\",\"ada@example.com\",\"skipped\",\"exists\"",
            "\"3\",\"held@example.com\",\"skipped\",\"exists\""
        ]
    );
    assert_eq!(
        rows!(
            t,
            (String,),
            "select name from users where email = 'ada@example.com'"
        ),
        [("Ada".to_owned(),)]
    );
    assert_eq!(
        count!(t, "select count(*) from users where email = 'held@example.com'"),
        0
    );
}

#[tokio::test]
async fn what_became_of_it_goes_after_a_week_and_with_the_person() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let path = bring(&mut ida, many(2)).await;
    make(&t, &mut ida, &path).await;
    tamper!(t, "delete from users where email = 'p0@example.com'");
    assert_eq!(count!(t, "select count(*) from import_rows"), 1);
    let clean_up = async |t: &TestHouse| {
        domain::platform::clean_up::run(&t.platform).await.unwrap();
        count!(t, "select count(*) from imports")
    };
    t.clock.advance(Duration::days(7) - Duration::seconds(1));
    assert_eq!(clean_up(&t).await, 1);
    t.clock.advance(Duration::seconds(1));
    assert_eq!(clean_up(&t).await, 0);
    assert_eq!(people(&t).await, 1);
}

#[tokio::test]
async fn the_command_line_tries_a_file_and_makes_its_people() {
    let t = TestHouse::new().await;
    t.admin().await;
    let file = t.folder().join("people.jsonl");
    std::fs::write(&file, format!("{{\"email\":\"ada@example.com\",\"roles\":[\"auditor\"],\"passwordHash\":\"{BCRYPT}\"}}\n{{\"email\":\"nobody\"}}\n")).unwrap();
    let file = file.to_str().unwrap();
    let said = t
        .operator(&["user", "import", file, "--dry-run", "--proven"], "")
        .await;
    assert!(
        said.contains("1 can be made, 0 skipped, 1 refused.")
            && said.contains("\"2\",\"\",\"refused\",\"email\""),
        "{said}"
    );
    assert_eq!(count!(t, "select count(*) from users"), 1);
    let said = t.operator(&["user", "import", file, "--proven"], "").await;
    assert!(said.contains("1 made, 0 skipped, 1 refused."), "{said}");
    let said = t.operator(&["user", "import", file], "").await;
    assert!(said.contains("0 made, 1 skipped, 1 refused."), "{said}");
    assert_eq!(
        count!(t, "select count(*) from user_roles where role_id = 'auditor'"),
        1
    );
    t.clock.advance(Duration::minutes(1));
    let mut ada = t.browser();
    let answer = ada.sign_in("ada@example.com", OLD_PASSWORD).await;
    assert_eq!(answer.location(), "/account");
    assert_eq!(
        ada.get("/admin/audit").await.status,
        422,
        "a role needs a second factor"
    );
    let refused = t.tries(&["user", "import", "/nowhere/people.csv"], &[], "").await;
    assert!(
        refused.code != Some(0) && refused.err.contains("can't be read"),
        "{}",
        refused.err
    );
}
