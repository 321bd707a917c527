//! Files and requests that mean no good.

use axum::body::Body;
use axum::http::Request;
use domain::platform::jobs::run_due;
use domain::users::import::BYTES_MAX;

use super::{BCRYPT, bring, form, ida, make, report, send};
use crate::console::{appoint, make_role, staff};
use crate::house::{TestHouse, count, rows, tamper};

/// Each row is refused or skipped for its own reason, and stops no other.
#[tokio::test]
async fn each_row_says_why_it_is_not_made() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let long = "x".repeat(10 << 20);
    let mut file = format!(
        "email,name,email_verified,time_zone,state,roles,password_hash,created_at,Shoe size
IDA@Example.com,Ida,,,,,,,
ada@example.com,Ada,,,,,,,44
Ada@EXAMPLE.com,Ada again,,,,,,,
=HYPERLINK(\"\"x\"\")@example.com,Eve,,,,,,,
=cmd@example.com,Formula,,,,,,,
a@b@c,Eve,,,,,,,
n@example.com,https://evil.example,,,,,,,
v@example.com,Val,perhaps,,,,,,
z@example.com,Zoe,,Mars/Olympus,,,,,
s@example.com,Sue,,,deleted,,,,
r@example.com,Ray,,,,king,,,
h@example.com,Hal,,,,,{{SSHA}}W6ph5Mm5Pz8GgiULbPgzG37mj9g=,,
c@example.com,Cy,,,,,{},,
d@example.com,Dee,,,,,,2999-01-01T00:00:00Z,
few@example.com
{long},Big,,,,,,,
",
        BCRYPT.replace("$04$", "$31$")
    )
    .into_bytes();
    file.extend_from_slice(b"bad\xFF@example.com,Bad,,,,,,,\nnul\0@example.com,Nul,,,,,,,\n");
    let path = bring(&mut ida, &file).await;
    let lines = report(&mut ida, &path).await;
    let expected = [
        (2, "IDA@Example.com", "skipped", "exists"),
        (3, "ada@example.com", "ready", ""),
        (4, "Ada@EXAMPLE.com", "skipped", "twice"),
        (
            5,
            "'=HYPERLINK(\"\"\"\"x\"\"\"\")@example.com",
            "refused",
            "email",
        ),
        (6, "'=cmd@example.com", "ready", ""),
        (7, "a@b@c", "refused", "email"),
        (8, "n@example.com", "refused", "name"),
        (9, "v@example.com", "refused", "verified"),
        (10, "z@example.com", "refused", "time-zone"),
        (11, "s@example.com", "refused", "state"),
        (12, "r@example.com", "refused", "role-unknown"),
        (13, "h@example.com", "refused", "hash-unread"),
        (14, "c@example.com", "refused", "hash-costly"),
        (15, "d@example.com", "refused", "created-at"),
        (16, "", "refused", "columns"),
        (17, "", "refused", "too-long"),
        (18, "", "refused", "encoding"),
        (19, "nul@example.com", "refused", "email"),
    ];
    let expected = expected
        .map(|(line, email, outcome, reason)| format!("\"{line}\",\"{email}\",\"{outcome}\",\"{reason}\""));
    assert_eq!(lines, expected);
    // Who tried which file is known, though nobody was made: it tells which addresses have an account.
    assert_eq!(t.audited("people.import_tried").await, 1);
    let (detail,) = rows!(
        t,
        (String,),
        "select detail from audit_events where kind = 'people.import_tried'"
    )
    .remove(0);
    let id = path.rsplit('/').next().unwrap();
    assert_eq!(
        detail,
        format!(r#"{{"import":"{id}","ready":"2","refused":"14","rows":"18","skipped":"2"}}"#)
    );
    let page = ida.get(&path).await;
    assert_eq!(
        (
            page.text("stat-made"),
            page.text("stat-skipped"),
            page.text("stat-refused")
        ),
        ("Can be made2".into(), "Skipped2".into(), "Refused14".into())
    );
    assert!(page.text("ignored").contains("Shoe size"));
    assert_eq!(
        ida.get(&format!("{path}?rows=skipped"))
            .await
            .texts("import-row")
            .len(),
        2
    );
    assert_eq!(
        ida.get(&format!("{path}?rows=refused&after=18"))
            .await
            .texts("import-row")
            .len(),
        0
    );
    for query in [
        "?rows=made&after=x",
        "?after=-9223372036854775809",
        "?rows=%00&after=-5",
    ] {
        assert_eq!(ida.get(&format!("{path}{query}")).await.status, 200, "{query}");
    }
    let done = make(&t, &mut ida, &path).await;
    assert_eq!(done.text("import-over"), "Done: 2 people were made.");
    assert_eq!(
        rows!(
            t,
            (String,),
            "select name from users where email = 'ida@example.com'"
        ),
        [("Ida Rhodes".to_owned(),)]
    );
}

#[tokio::test]
async fn a_file_that_can_not_be_used_is_refused_and_leaves_nothing() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    ida.get("/admin/import").await;
    let deep = "[".repeat(1_000_000);
    let cases: Vec<(&[u8], &str)> = vec![
        (b"", "There is nobody in that file."),
        (b"email\n", "There is nobody in that file."),
        (b"\xFF\xFEe\0m\0", "has no column called email"),
        (b"name\nAda\n", "has no column called email"),
        (
            b"[{\"email\":\"ada@example.com\"}",
            "begins as JSON and is not whole",
        ),
        (deep.as_bytes(), "begins as JSON and is not whole"),
    ];
    for (file, sentence) in cases {
        let answer = send(&mut ida, form(file, true)).await;
        assert_eq!(
            (answer.status, answer.location().as_str()),
            (303, "/admin/import")
        );
        let page = ida.follow().await;
        assert!(
            page.text("form-error").contains(sentence),
            "{}",
            page.text("form-error")
        );
    }
    // One byte more than there may be. Half of it is rows, which go again.
    let mut large = b"email,name\n".to_vec();
    while large.len() <= BYTES_MAX {
        large.extend_from_slice(b"somebody@example.com,");
        large.extend(std::iter::repeat_n(b'x', 60_000));
        large.push(b'\n');
    }
    let answer = send(&mut ida, form(&large, true)).await;
    assert_eq!(answer.location(), "/admin/import");
    assert!(ida.follow().await.text("form-error").contains("64 MiB"));
    assert_eq!(
        count!(t, "select count(*) from imports") + count!(t, "select count(*) from import_rows"),
        0
    );
}

#[tokio::test]
async fn what_is_no_form_with_a_file_is_refused() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    ida.get("/admin/import").await;
    let whole = form(b"email\nada@example.com\n", true);
    let bodies: Vec<(Vec<u8>, u16)> = vec![
        (Vec::new(), 400),
        (b"--other\r\n".to_vec(), 400),
        // Broken off in the middle of the file.
        (whole[..whole.len() - 20].to_vec(), 400),
        (
            b"--b0undary\r\nContent-Disposition: form-data; name=\"proven\"\r\n\r\non\r\n--b0undary--\r\n"
                .to_vec(),
            303,
        ),
        (
            [
                b"--b0undary\r\nContent-Disposition: form-data; name=\"proven\"\r\n\r\n".to_vec(),
                vec![b'x'; 1000],
                b"\r\n--b0undary--\r\n".to_vec(),
            ]
            .concat(),
            303,
        ),
    ];
    for (body, status) in bodies {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        assert_eq!(send(&mut ida, body).await.status, status, "{shown}");
    }
    for (kind, status) in [
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data", 415),
        ("text/csv", 415),
    ] {
        let post = Request::builder()
            .method("POST")
            .uri("/admin/import/upload")
            .header("origin", "http://localhost:3000")
            .header("content-type", kind);
        assert_eq!(
            ida.send(post, Body::from("email\nada@example.com\n"))
                .await
                .status,
            status,
            "{kind}"
        );
    }
    // Not from our own page.
    for origin in ["https://evil.example", "null"] {
        let post = Request::builder()
            .method("POST")
            .uri("/admin/import/upload")
            .header("origin", origin)
            .header("content-type", "multipart/form-data; boundary=b0undary");
        assert_eq!(ida.send(post, Body::from(whole.clone())).await.status, 403);
    }
    assert_eq!(count!(t, "select count(*) from imports"), 0);
}

#[tokio::test]
async fn who_may_not_who_is_not_signed_in_and_who_was_away_for_long() {
    let t = TestHouse::new().await;
    let body = || form(b"email\nada@example.com\n", true);
    assert_eq!(
        send(&mut t.browser(), body()).await.location(),
        "/sign-in?next=%2Fadmin%2Fimport"
    );
    let mut sam = staff(&t, "Sam", "sam@example.com", "support").await;
    assert_eq!(send(&mut sam, body()).await.status, 403);
    assert_eq!(sam.get("/admin/import").await.status, 403);
    let mut ida = ida(&t).await;
    t.clock.advance(chrono::Duration::minutes(11));
    assert_eq!(
        send(&mut ida, body()).await.location(),
        "/confirm?next=%2Fadmin%2Fimport"
    );
    assert_eq!(
        ida.get("/admin/import").await.location(),
        "/confirm?next=%2Fadmin%2Fimport"
    );
    assert_eq!(count!(t, "select count(*) from imports"), 0);
}

/// ASVS 8.2.2: what somebody else brought is as if it were not there.
#[tokio::test]
async fn asvs_8_2_2_nobody_gets_at_another_one_s_file() {
    let t = TestHouse::new().await;
    let mut ida = ida(&t).await;
    let path = bring(&mut ida, "email\nada@example.com\n").await;
    let id = path.rsplit('/').next().unwrap().to_owned();
    let mut eve = staff(&t, "Eve", "eve@example.com", "administrator").await;
    eve.get("/admin/import").await;
    for id in [
        id.as_str(),
        "00000000-0000-7000-8000-000000000000",
        "",
        "x",
        "' or 1=1 --",
    ] {
        let shown = url::form_urlencoded::byte_serialize(id.as_bytes())
            .collect::<String>()
            .replace('+', "%20");
        if !id.is_empty() {
            for page in ["", "/progress", "/report.csv"] {
                assert_eq!(
                    eve.get(&format!("/admin/import/{shown}{page}")).await.status,
                    404,
                    "{id}{page}"
                );
            }
        }
        for deed in ["begin", "stop", "discard"] {
            let mut script = eve.scripted();
            let answer = script
                .post(&format!("/api/admin-{deed}-import"), &[("import", id)])
                .await;
            assert_eq!(answer.status, 404, "{deed} {id}");
        }
    }
    run_due(&t.platform).await.unwrap();
    assert_eq!(ida.get(&path).await.text("import-state"), "Tried out");
    assert_eq!(
        count!(t, "select count(*) from users where email = 'ada@example.com'"),
        0
    );
    assert_eq!(eve.get("/admin/import").await.texts("import").len(), 0);
}

/// Nobody gives by a file what they may not give by hand.
#[tokio::test]
async fn a_role_is_given_only_by_who_holds_what_it_allows() {
    let t = TestHouse::new().await;
    let bringer = make_role(&t, "Bringer", &["users:import", "roles:assign", "audit:read"]).await;
    let plain = make_role(&t, "Plain", &["users:import", "audit:read"]).await;
    make_role(&t, "Reader", &["audit:read"]).await;
    let mut eve = staff(&t, "Eve", "eve@example.com", &bringer).await;
    let file = "email,roles\na@example.com,Administrator\nb@example.com,support\nc@example.com,READER\nd@example.com,reader;administrator\ne@example.com,\n";
    let said = |lines: Vec<String>| {
        lines
            .into_iter()
            .map(|line| line.split(',').skip(2).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    let path = bring(&mut eve, file).await;
    let no = "\"refused\" \"role-not-yours\"";
    assert_eq!(
        said(report(&mut eve, &path).await),
        [no, no, "\"ready\" \"\"", no, "\"ready\" \"\""]
    );
    make(&t, &mut eve, &path).await;
    let given = rows!(
        t,
        (String, bool, bool),
        "select u.email, u.staff, u.administrator from users u join user_roles r on r.user_id = u.id where r.granted_by is not null"
    );
    assert_eq!(given, [("c@example.com".to_owned(), true, false)]);
    assert_eq!(t.audited("role.given").await, 1);
    // Without the permission to give roles, no role at all.
    tamper!(t, "delete from user_roles where role_id = $1", bringer.as_str());
    appoint(&t, "eve@example.com", &plain).await;
    let path = bring(&mut eve, "email,roles\nf@example.com,reader\n").await;
    assert_eq!(said(report(&mut eve, &path).await), [no]);
    assert!(ida_page_has_no_button(&mut eve, &path).await);
}

async fn ida_page_has_no_button(browser: &mut crate::house::Browser, path: &str) -> bool {
    !browser.get(path).await.has("begin-button")
}
