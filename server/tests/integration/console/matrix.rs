//! Every route of the console by everybody (ASVS 8.2.1): nobody, a person, each role that comes with the program, and a role with one
//! permission, for each permission. Reading and writing apart.

use axum::body::Body;
use axum::http::Request;
use domain::authorization::Permission;
use domain::authorization::built_in::BuiltIn;
use domain::platform::jobs::run_due;
use server::routes::{Audience, ROUTES, RouteTag};

use super::{appoint, make_role, staff};
use crate::factors;
use crate::house::{Browser, TestHouse, rows, tamper};

/// What a route of the console asks for.
fn needs(route: &RouteTag) -> Option<Permission> {
    match route.audience {
        Audience::Console(needs) | Audience::ConsoleChange(needs) => Some(needs),
        _ => None,
    }
}

/// Whether the answer says that the visitor may not. Everything else, refusals of the fields too, comes after that question.
async fn is_denied(browser: &Browser, route: &RouteTag) -> bool {
    let path = route.path.replace("{id}", "00000000-0000-7000-8000-000000000000");
    let mut program = browser.scripted().moved();
    let answer = if route.method == "GET" {
        program.get(&path).await
    } else {
        let post = Request::builder()
            .method("POST")
            .uri(&path)
            .header("origin", "http://localhost:3000")
            .header("content-type", "application/x-www-form-urlencoded");
        program.send(post, Body::empty()).await
    };
    assert!(
        answer.status < 500,
        "{} {}: {}",
        route.method,
        route.path,
        answer.outline()
    );
    answer.status == 403
}

#[tokio::test]
async fn asvs_8_2_1_each_role_reaches_what_its_permissions_say_and_nothing_else() {
    let t = TestHouse::new().await;
    let routes: Vec<_> = ROUTES
        .iter()
        .filter_map(|route| Some((route, needs(route)?)))
        .collect();
    let mut visitor = staff(&t, "Eve Visitor", "eve@example.com", "auditor").await;
    let (mut asked, mut wrong) = (0, Vec::new());
    let mut check = async |who: String, browser: &Browser, may: &dyn Fn(Permission) -> bool| {
        for (route, needs) in &routes {
            asked += 1;
            if is_denied(browser, route).await == may(*needs) {
                wrong.push(format!("{who}: {} {}", route.method, route.path));
            }
        }
    };
    for role in BuiltIn::ALL {
        tamper!(t, "delete from user_roles");
        appoint(&t, "eve@example.com", role.id()).await;
        check(role.id().to_owned(), &visitor, &|permission| {
            role.allows(permission)
        })
        .await;
    }
    for one in Permission::ALL {
        tamper!(t, "delete from user_roles");
        let role = make_role(&t, one.as_str(), &[one.as_str()]).await;
        appoint(&t, "eve@example.com", &role).await;
        check(format!("only {}", one.as_str()), &visitor, &|permission| {
            permission == *one
        })
        .await;
    }
    tamper!(t, "delete from user_roles");
    check("a person".to_owned(), &visitor, &|_| false).await;
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(
        asked,
        routes.len() * (BuiltIn::ALL.len() + Permission::ALL.len() + 1)
    );
    visitor.sign_out().await;
    // Whoever might, has asked for work.
    run_due(&t.platform).await.unwrap();
}

/// ASVS 8.3.2 and CVE-like slips of a session that was good once: the next request after a role is gone is refused.
#[tokio::test]
async fn asvs_8_3_2_what_was_taken_away_is_gone_with_the_next_request() {
    let t = TestHouse::new().await;
    let mut eve = staff(&t, "Eve Visitor", "eve@example.com", "auditor").await;
    assert_eq!(eve.get("/admin/roles").await.status, 200);
    tamper!(t, "delete from user_roles");
    let page = eve.get("/admin/roles").await;
    assert_eq!(page.status, 403);
    let incident = page.text("incident-id");
    let noted = rows!(
        t,
        (String, String),
        "select request_id, detail from audit_events where kind = 'access.denied'"
    );
    assert_eq!(
        noted,
        [(
            incident,
            r#"{"because":"lacks","permission":"roles:read"}"#.to_owned()
        )]
    );
}

/// ASVS 6.3.3: a role is worth nothing to a session with a password alone.
#[tokio::test]
async fn asvs_6_3_3_a_password_alone_opens_no_console() {
    let t = TestHouse::new().await;
    let mut eve = t.member("Eve Visitor", "eve@example.com").await;
    appoint(&t, "eve@example.com", "administrator").await;
    let page = eve.get("/admin/roles").await;
    assert_eq!(page.status, 422, "{}", page.outline());
    assert_eq!(t.audited("access.denied").await, 1);
    // And refusals do not fill the audit.
    for _ in 0..40 {
        eve.get("/admin/roles").await;
    }
    assert_eq!(t.audited("access.denied").await, 20);
}

/// `latchstring user role`: the way out when no administrator is left who could do it.
#[tokio::test]
async fn the_operator_gives_and_takes_roles_but_not_the_last_administrator_s() {
    let t = TestHouse::new().await;
    let mut ida = t.member("Ida Rhodes", "ida@example.com").await;
    factors::add_app(&t, &mut ida).await;
    t.mails_to("ida@example.com").await;
    assert_eq!(ida.get("/admin/roles").await.status, 403);
    let said = t
        .operator(
            &["user", "role", "ida@example.com", "--give", "Administrator"],
            "",
        )
        .await;
    assert!(said.contains("ida@example.com has the role"), "{said}");
    assert_eq!(ida.get("/admin/roles").await.status, 200);
    let take = ["user", "role", "ida@example.com", "--take", "administrator"];
    let refused = t.tries(&take, &[], "").await;
    assert!(
        refused.code != Some(0) && refused.err.contains("Nobody would be left"),
        "{}",
        refused.err
    );
    t.member("Bob", "bob@example.com").await;
    t.operator(
        &["user", "role", "bob@example.com", "--give", "administrator"],
        "",
    )
    .await;
    t.operator(&take, "").await;
    assert_eq!(ida.get("/admin/roles").await.status, 403);
    assert_eq!(
        (t.audited("role.given").await, t.audited("role.taken").await),
        (2, 1)
    );
    let unknown = t
        .tries(&["user", "role", "bob@example.com", "--give", "king"], &[], "")
        .await;
    assert!(
        unknown.err.contains("There is no role `king`."),
        "{}",
        unknown.err
    );
}
