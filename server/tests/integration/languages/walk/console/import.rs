//! The walk through what brings people in from a file.

use axum::body::Body;
use axum::http::Request;
use domain::platform::jobs::run_due;
use domain::users::import::Reason;
use uuid::Uuid;

use super::super::Walker;
use super::LEA;
use crate::console::{appoint, make_role};
use crate::house::{Browser, rows, tamper};

impl Walker<'_> {
    pub(super) async fn import(&mut self, boss: &mut Browser) {
        self.open(boss, "/admin/import").await;
        self.brought(boss, "name\n7\n").await;
        let page = boss.follow().await;
        self.seen.push(page);
        self.open(boss, "/admin/import?done=discarded").await;
        // Nobody can be made of it.
        let path = self.brought(boss, "email\n7\n").await;
        self.open(boss, &path).await;
        for number in ["one", "two"] {
            let file = format!("email,nr\n{number}@example.net,1\n{number}.more@example.net,2\n");
            let path = self
                .brought(
                    boss,
                    if number == "one" {
                        "email\none@example.net\n"
                    } else {
                        &file
                    },
                )
                .await;
            self.open(boss, &path).await;
            boss.submit("begin-button", &[]).await;
            self.open(boss, &path).await;
            self.open(boss, "/admin/import").await;
            run_due(&self.t.platform).await.unwrap();
            self.open(boss, &path).await;
            self.open(boss, &format!("{path}?rows=skipped")).await;
        }
        // Somebody who may not bring passwords along.
        tamper!(self.t, "delete from user_roles where role_id = 'administrator'");
        let bringer = make_role(self.t, "Ca 7", &["users:import"]).await;
        appoint(self.t, LEA, &bringer).await;
        self.open(boss, "/admin/import").await;
        let path = self.brought(boss, "email\nthree@example.net\n").await;
        self.open(boss, &path).await;
        boss.submit("discard-button", &[]).await;
        tamper!(
            self.t,
            "delete from user_roles where role_id = $1",
            bringer.as_str()
        );
        appoint(self.t, LEA, "administrator").await;
        // Every reason there is, on two pages.
        for (number, reason) in (10_i64..).zip(Reason::ALL) {
            tamper!(
                self.t,
                "insert into import_rows (import_id, number, line, email, outcome, reason, has_password)
                 select id, $1, $1, '', 'refused', $2, false from imports where rows_total = 2",
                number,
                reason.as_str()
            );
        }
        for number in 100_i64..150 {
            tamper!(
                self.t,
                "insert into import_rows (import_id, number, line, email, outcome, reason, has_password)
                 select id, $1, $1, '', 'refused', 'email', false from imports where rows_total = 2",
                number
            );
        }
        self.open(boss, "/admin/import").await;
        let all = rows!(self.t, (Uuid,), "select id from imports where rows_total = 2");
        let path = format!("/admin/import/{}", all[0].0);
        self.open(boss, &path).await;
        tamper!(
            self.t,
            "update imports set state = 'stopped', made = 1 where rows_total = 2"
        );
        self.open(boss, &path).await;
        tamper!(
            self.t,
            "update imports set made = 2, file_name = '' where rows_total = 2"
        );
        self.open(boss, &path).await;
        tamper!(
            self.t,
            "update imports set state = 'reading' where rows_total = 2"
        );
        self.open(boss, &path).await;
        self.open(boss, "/admin/import").await;
        tamper!(self.t, "update imports set state = 'read' where rows_total = 2");
        self.open(boss, "/admin/import").await;
        tamper!(self.t, "delete from import_rows");
        tamper!(self.t, "delete from imports");
        tamper!(
            self.t,
            "delete from users where email like '%@example.net' and unproven_since is not null"
        );
    }

    /// Brings a file; the path that the answer leads to.
    async fn brought(&self, boss: &mut Browser, file: &str) -> String {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"7.csv\"\r\n\r\n{file}\r\n--b--\r\n"
        );
        let post = Request::builder()
            .method("POST")
            .uri("/admin/import/upload")
            .header("origin", "http://localhost:3000")
            .header("accept", "text/html")
            .header("content-type", "multipart/form-data; boundary=b");
        boss.send(post, Body::from(body)).await.location()
    }
}
