//! `/admin/users/{id}/view`: asks before somebody looks at a person's account as they see it, and wants a reason.

use domain::Result;
use domain::authentication::viewing::{LENGTH, begin};
use domain::authorization::right;
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;

use super::ask::{Head, ReasonField, WillDo};
use super::{brief, elsewhere, id_in_path, id_of, page_of};
use crate::console::frame::{Console, console_page};
use crate::refused::{Next, Refused};
use crate::ui::form::Form;
use crate::visit::{Visit, t, t_with, words};

/// Begins to look at an account as its person sees it.
#[server(endpoint = "admin-view-as", prefix = "/api")]
pub async fn view_as(
    #[server(default)] person: String,
    #[server(default)] reason: String,
) -> Result<Next, Refused> {
    let visit = Visit::current();
    let (operator, asker) = (visit.signed_in.as_ref(), visit.asker());
    let (token, session) = begin(&visit.platform, operator, id_of(&person), &reason, &asker).await?;
    visit.session.adopt(token, session).await?;
    Ok(Next::to("/account"))
}

/// The page.
#[component]
pub fn ViewPage() -> impl IntoView {
    let id = id_in_path();
    console_page(async move |visit: Visit, person| {
        let (brief, rights) = brief::<right::UsersImpersonate>(&visit, id).await?;
        if let Some(elsewhere) = elsewhere(&visit, &person, &brief) {
            return Ok(elsewhere);
        }
        let facts = brief.facts;
        let title = t_with("person-view-title", &[("name", &facts.name)]);
        let length = words().duration(LENGTH.num_seconds().unsigned_abs());
        let lines = vec![
            t_with("person-view-will", &[("length", &length)]).into_any(),
            t("person-view-only").into_any(),
            t("person-view-tell").into_any(),
            t("person-view-audit").into_any(),
        ];
        let back = page_of(facts.id);
        Ok(view! {
            <Console title=title.clone() rights>
                <Head facts=facts.clone() title/>
                <section class="card stack">
                    <WillDo lines/>
                    <div class="narrow">
                        <Form action=ViewAs::PATH once=true>
                            <ReasonField/>
                            <input type="hidden" name="person" value=facts.id.to_string()/>
                            <div class="row">
                                <button class="btn primary" data-testid="view-button">{t("person-view-button")}</button>
                                <a class="btn quiet" href=back>{t("person-cancel")}</a>
                            </div>
                        </Form>
                    </div>
                </section>
            </Console>
        }
        .into_any())
    })
}
