//! `/admin/import`: bringing in people from a file. The file is read as it arrives, and [`one`] shows what would become of its rows.

pub mod one;

use domain::authentication::session::SignedIn;
use domain::authorization::{May, right};
use domain::users::import::columns::Column;
use domain::users::import::{Import, State};
use leptos::prelude::*;

use crate::console::frame::{Console, console_page};
use crate::sign_in::with_next;
use crate::ui::form::SummaryOf;
use crate::ui::layout::Done;
use crate::ui::moment::Moment;
use crate::ui::page::go;
use crate::visit::{Visit, t, words};

/// The path of the page.
pub const HERE: &str = "/admin/import";
/// Where the file goes: a handler of the server, which reads it as it arrives.
const UPLOAD: &str = "/admin/import/upload";

/// The page. Whoever sees the form has just shown who they are: a file is not to be sent twice.
#[component]
pub fn ImportPage() -> impl IntoView {
    console_page(async |visit: Visit, person: SignedIn| {
        let (imports, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::UsersImport>| {
                Ok((Import::all(tx, may).await?, may.rights.clone()))
            })
            .await?;
        if !person.is_fresh(visit.platform.clock.now()) {
            return Ok(go(&with_next("/confirm", &visit.target)));
        }
        let has_all = rights.has_all();
        Ok(view! {
            <Console title=t("import-title") rights>
                <header>
                    <div>
                        <p class="small"><a href="/admin/users">{t("person-back")}</a></p>
                        <h1>{t("import-title")}</h1>
                        <p class="soft prose">{t("import-text")}</p>
                    </div>
                </header>
                <Done what="discarded" text=t("import-done-discarded")/>
                <Choose left=!has_all/>
                <Before imports/>
                <Columns/>
            </Console>
        }
        .into_any())
    })
}

/// The form with the file. It goes without JavaScript, and with it as well: the browser sends the file, not a script of ours. `left`: whether
/// passwords are left behind.
#[component]
fn Choose(left: bool) -> impl IntoView {
    let left =
        left.then(|| view! { <p class="note" data-testid="passwords-left">{t("import-passwords-left")}</p> });
    view! {
        <section class="card stack" aria-labelledby="choose">
            <h2 id="choose">{t("import-choose")}</h2>
            {left}
            <form class="form narrow" method="post" action=UPLOAD enctype="multipart/form-data">
                <SummaryOf action=UPLOAD/>
                // Before the file, so that it is known when the file is read.
                <label class="check">
                    <input type="checkbox" name="proven" value="on" aria-describedby="proven-hint" data-testid="proven-input"/>
                    <span>{t("import-proven")}</span>
                </label>
                <p class="hint" id="proven-hint">{t("import-proven-hint")}</p>
                <div class="field">
                    <label for="file">{t("import-file")}</label>
                    <input class="input" id="file" name="file" type="file" required accept=".csv,.json,.jsonl,.ndjson,text/csv,application/json"
                        aria-describedby="file-hint" data-testid="file-input"/>
                    <p class="hint" id="file-hint">{t("import-file-hint")}</p>
                </div>
                <button class="btn primary" data-testid="upload-button">{t("import-upload")}</button>
            </form>
        </section>
    }
}

/// What the same person brought in the last days.
#[component]
fn Before(imports: Vec<Import>) -> impl IntoView {
    let is_empty = imports.is_empty();
    let number = |number: i64| words().number(number.unsigned_abs());
    let rows = imports
        .into_iter()
        .map(|import| {
            view! {
                <tr data-testid="import">
                    <th scope="row"><a href=format!("{HERE}/{}", import.id)>{file_name(&import)}</a></th>
                    <td class="small"><Moment at=import.created_at/></td>
                    <td>{pill(import.state)}</td>
                    <td class="end">{number(import.rows_total)}</td>
                    <td class="end">{number(import.made)}</td>
                </tr>
            }
        })
        .collect_view();
    (!is_empty).then(|| {
        view! {
            <section class="stack" aria-labelledby="before">
                <h2 id="before">{t("import-before")}</h2>
                <p class="small soft">{t("import-before-text")}</p>
                <div class="card flush scroll" tabindex="0" role="group" aria-labelledby="before">
                    <table class="data">
                        <thead><tr>
                            <th scope="col">{t("import-file")}</th>
                            <th scope="col">{t("import-brought")}</th>
                            <th scope="col">{t("import-state")}</th>
                            <th scope="col" class="end">{t("import-rows")}</th>
                            <th scope="col" class="end">{t("import-made")}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

/// What a file may say.
#[component]
fn Columns() -> impl IntoView {
    let rows = Column::ALL
        .into_iter()
        .map(|column| {
            let own = column.names().first().copied().unwrap_or_default();
            let others = column.names().get(1..).unwrap_or_default().join(", ");
            let told = t(&format!("people-import-column-{}", own.replace('_', "-")));
            view! {
                <tr>
                    <th scope="row"><code>{own}</code></th>
                    <td>{told}</td>
                    <td class="extra small"><code>{others}</code></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="stack" aria-labelledby="columns">
            <h2 id="columns">{t("import-columns")}</h2>
            <p class="small soft prose">{t("import-columns-text")}</p>
            <div class="card flush scroll" tabindex="0" role="group" aria-labelledby="columns">
                <table class="data">
                    <thead><tr>
                        <th scope="col">{t("import-column-name")}</th>
                        <th scope="col">{t("import-column-what")}</th>
                        <th scope="col" class="extra">{t("import-column-others")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

/// What a file is called; one without a name has one all the same.
fn file_name(import: &Import) -> String {
    if import.file_name.trim().is_empty() {
        t("import-no-name")
    } else {
        import.file_name.clone()
    }
}

/// How far it is, in a word.
fn pill(state: State) -> impl IntoView {
    let class = match state {
        State::Done => "pill ok",
        State::Stopped => "pill warn",
        State::Reading | State::Read | State::Running => "pill",
    };
    view! { <span class=class data-testid="import-state">{t(&format!("people-import-state-{}", state.as_str()))}</span> }
}
