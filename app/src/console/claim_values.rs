//! What people and roles have of each claim: `/admin/users/{id}/claims`, `/admin/roles/{id}/claims`, and the card on the pages of both.
//! One value is changed at a time; which one stands in the address.

use domain::authorization::built_in::BuiltIn;
use domain::authorization::role::Role;
use domain::authorization::{Decision, May, Permission, Right, right};
use domain::users::claims::held::{self, Line};
use domain::users::claims::{Kind, Merged, Source, Value};
use domain::users::person::seen::Brief;
use domain::users::user::UserId;
use domain::{Code, Error, Field, Result};
use leptos::prelude::*;
use leptos::server_fn::ServerFn as _;
use leptos_router::hooks::use_params_map;
use uuid::Uuid;

use crate::console::claims::kind_name;
use crate::console::frame::{Console, console_page};
use crate::console::person::page_of;
use crate::console::roles::role_name;
use crate::refused::{Next, Refused};
use crate::sign_in::with_next;
use crate::ui::form::{Choices, Form, SelectField, Summary, TextArea, TextField};
use crate::ui::layout::Done;
use crate::ui::page::go;
use crate::visit::{Visit, t, t_with};

/// Gives a person another value of a claim, or with nothing typed takes it away.
#[server(endpoint = "admin-set-person-claim", prefix = "/api")]
pub async fn set_person_claim(
    #[server(default)] person: String,
    #[server(default)] claim: String,
    #[server(default)] was: String,
    #[server(default)] value: String,
) -> Result<Next, Refused> {
    let id = Uuid::parse_str(person.trim()).unwrap_or_default();
    held::set_for_person(&Visit::current().desk()?, id, &claim, (&was, &value)).await?;
    Ok(Next::to(format!("{}/claims?done=set", page_of(id))))
}

/// The same for a role, and so for whoever has it.
#[server(endpoint = "admin-set-role-claim", prefix = "/api")]
pub async fn set_role_claim(
    #[server(default)] role: String,
    #[server(default)] claim: String,
    #[server(default)] was: String,
    #[server(default)] value: String,
) -> Result<Next, Refused> {
    held::set_for_role(&Visit::current().desk()?, &role, &claim, (&was, &value)).await?;
    Ok(Next::to(format!("/admin/roles/{role}/claims?done=set")))
}

/// Whose values they are.
#[derive(Debug, Clone)]
pub enum Holder {
    /// A person's.
    Person(UserId),
    /// Those of whoever has the role.
    Role(String),
}

impl Holder {
    /// The page where they are changed.
    fn page(&self) -> String {
        match self {
            Self::Person(id) => format!("{}/claims", page_of(*id)),
            Self::Role(id) => format!("/admin/roles/{id}/claims"),
        }
    }

    /// The path that a change is posted to, and the hidden field that says whose.
    fn posts(&self) -> (&'static str, &'static str, String) {
        match self {
            Self::Person(id) => (SetPersonClaim::PATH, "person", id.to_string()),
            Self::Role(id) => (SetRoleClaim::PATH, "role", id.clone()),
        }
    }
}

/// The page of a person's values.
#[component]
pub fn PersonClaimsPage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    let id = Uuid::parse_str(&id).unwrap_or_default();
    console_page(async move |visit: Visit, person| {
        let (brief, lines, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::ClaimsWrite>| {
                let brief = Brief::of(tx, may, id).await?;
                Decision::claims_of_people(&may.rights).into_result()?;
                Ok((brief, held::of_person(tx, may, id).await?, may.rights.clone()))
            })
            .await?;
        if !brief.decision.allowed {
            return Ok(go(&page_of(id)));
        }
        if !person.is_fresh(visit.platform.clock.now()) {
            return Ok(go(&with_next("/confirm", &visit.target)));
        }
        let name = brief.facts.name;
        let may_define = rights.has(Permission::RolesRead);
        let title = t_with("claims-of-person-title", &[("name", &name)]);
        let chosen = chosen(&visit, &lines)?;
        Ok(view! {
            <Console title=title.clone() rights>
                <header>
                    <div>
                        <p class="small"><a href=page_of(id)>{name}</a></p>
                        <h1>{title}</h1>
                        <p class="soft">{t("claims-of-person-text")}</p>
                    </div>
                </header>
                <Values of=Holder::Person(id) lines chosen may_define/>
            </Console>
        }
        .into_any())
    })
}

/// The page of a role's values.
#[component]
pub fn RoleClaimsPage() -> impl IntoView {
    let id = use_params_map().read_untracked().get("id").unwrap_or_default();
    console_page(async move |visit: Visit, person| {
        let (role, people, lines, rights) = visit
            .desk()?
            .look(async |tx, may: &May<right::ClaimsWrite>| {
                let role = Role::to_claim(tx, may, &id).await?;
                held::may_set_for_role(tx, may, &id).await?.into_result()?;
                let people = role.reach(tx, may).await?;
                Ok((
                    role,
                    people,
                    held::of_role(tx, may, &id).await?,
                    may.rights.clone(),
                ))
            })
            .await?;
        if !person.is_fresh(visit.platform.clock.now()) {
            return Ok(go(&with_next("/confirm", &visit.target)));
        }
        let name = role_name(&role);
        let may_define = rights.has(Permission::RolesRead);
        let title = t_with("claims-of-role-title", &[("name", &name)]);
        let chosen = chosen(&visit, &lines)?;
        Ok(view! {
            <Console title=title.clone() rights>
                <header>
                    <div>
                        <p class="small"><a href=format!("/admin/roles/{}", role.id)>{name}</a></p>
                        <h1>{title}</h1>
                        <p class="soft">{t("claims-of-role-text")}</p>
                    </div>
                </header>
                <Values of=Holder::Role(role.id) lines chosen may_define reach=people/>
            </Console>
        }
        .into_any())
    })
}

/// The claim that the address names.
fn chosen(visit: &Visit, lines: &[Line]) -> Result<Option<Line>> {
    let Some(name) = visit.query.get("claim") else {
        return Ok(None);
    };
    let found = lines.iter().find(|line| line.claim.name == *name).cloned();
    found.map(Some).ok_or_else(|| Error::form(Code::ClaimUnknown))
}

/// The form for the one that is chosen, and all of them.
#[component]
fn Values(
    of: Holder,
    lines: Vec<Line>,
    chosen: Option<Line>,
    /// Whether the visitor may see the page of definitions.
    may_define: bool,
    /// How many people have the role.
    #[prop(optional)]
    reach: Option<i64>,
) -> impl IntoView {
    let none = lines.is_empty();
    let page = of.page();
    let is_person = matches!(of, Holder::Person(_));
    let rows = lines
        .iter()
        .map(|line| {
            let name = line.claim.name.clone();
            let value = counts(line, is_person);
            let from = line.merged.as_ref().map(from);
            let label = t_with("claims-change-label", &[("name", &name)]);
            view! {
                <li>
                    <div class="stack tight">
                        <p class="row"><code class="strong break">{name.clone()}</code><span class="small faint">{kind_name(line.claim.kind)}</span></p>
                        {value.map_or_else(|| view! { <p>{t("claims-none")}</p> }.into_any(), shown)}
                        {from}
                        {(!line.claim.description.is_empty()).then(|| view! { <p class="small soft">{line.claim.description.clone()}</p> })}
                    </div>
                    <a class="btn sm" href=format!("{page}?claim={name}") aria-label=label data-testid="change-claim-link">{t("claims-change")}</a>
                </li>
            }
        })
        .collect_view();
    let list = if none {
        view! {
            <div class="empty">
                <h2>{t("claims-empty-title")}</h2>
                {may_define.then(|| view! { <p><a href="/admin/claims">{t("claims-of-empty")}</a></p> })}
            </div>
        }
        .into_any()
    } else {
        view! { <ul class="things deeds" data-testid="claim-values">{rows}</ul> }.into_any()
    };
    view! {
        <Done what="set" text=t("claims-done-set")/>
        {chosen.is_none().then(|| view! { <Summary/> })}
        {chosen.map(|line| view! { <ValueForm of=of.clone() line reach/> })}
        <section class="card" aria-label=t("claims-list")>{list}</section>
    }
}

/// The form for one value. Its field depends on what the claim holds.
#[component]
fn ValueForm(of: Holder, line: Line, reach: Option<i64>) -> impl IntoView {
    let (action, whose, id) = of.posts();
    let (was, kind, name) = (line.was(), line.claim.kind, line.claim.name);
    let typed = line.own.as_ref().map(Value::as_typed).unwrap_or_default();
    let label = t("claim-value-label");
    let reach = reach.map(|people| t_with("claim-reach", &[("people", &people.to_string())]));
    let hint = t(&format!("claim-value-hint-{}", kind.as_str()));
    let field = match kind {
        Kind::Text | Kind::Number => {
            view! { <TextField field=Field::Value label autocomplete="off" hint value=typed optional=true/> }
                .into_any()
        }
        Kind::List => {
            view! { <TextArea field=Field::Value label hint value=typed optional=true/> }.into_any()
        }
        Kind::Boolean => {
            let options = [("", "claims-none"), ("true", "roles-yes"), ("false", "roles-no")];
            let options = options.map(|(value, text)| (value.to_owned(), t(text)));
            let choices = vec![Choices {
                group: None,
                options: options.into(),
            }];
            view! { <SelectField field=Field::Value label hint choices value=typed/> }.into_any()
        }
    };
    view! {
        <section class="card stack" aria-labelledby="claim-value">
            <h2 id="claim-value" class="break">{t_with("claims-change-label", &[("name", &name)])}</h2>
            {(!line.claim.description.is_empty()).then(|| view! { <p class="soft">{line.claim.description.clone()}</p> })}
            {line.merged.as_ref().map(from)}
            {reach.map(|text| view! { <p class="note" data-testid="will-do">{text}</p> })}
            <div class="narrow">
                <Form action>
                    <input type="hidden" name=whose value=id/>
                    <input type="hidden" name="claim" value=name/>
                    <input type="hidden" name="was" value=was/>
                    {field}
                    <div class="row">
                        <button class="btn primary" data-testid="set-claim-button">{t("claim-set-button")}</button>
                        <a class="btn quiet" href=of.page()>{t("role-cancel")}</a>
                    </div>
                </Form>
            </div>
        </section>
    }
}

/// What counts in the end: of a person what is merged, of a role what it has.
fn counts(line: &Line, is_person: bool) -> Option<&Value> {
    match (is_person, &line.merged) {
        (true, merged) => merged.as_ref()?.value.as_ref(),
        (false, _) => line.own.as_ref(),
    }
}

/// A value as it is read. Entries of a list may hold commas: each is an item of its own.
fn shown(value: &Value) -> AnyView {
    let text = match value {
        Value::Boolean(true) => t("roles-yes"),
        Value::Boolean(false) => t("roles-no"),
        Value::Text(_) | Value::Number(_) => value.as_typed(),
        Value::List(entries) => {
            let entries = entries
                .iter()
                .map(|entry| view! { <li class="break">{entry.clone()}</li> });
            return view! { <ul class="dots">{entries.collect_view()}</ul> }.into_any();
        }
    };
    view! { <p class="break">{text}</p> }.into_any()
}

/// Where a value comes from, whose don't count because of it, and whose there is no room for.
fn from(merged: &Merged) -> AnyView {
    let said = [
        ("claim-from", &merged.from),
        ("claim-overruled", &merged.overruled),
        ("claim-left-out", &merged.left_out),
    ];
    let said = said.into_iter().filter(|(_, sources)| !sources.is_empty());
    let said: Vec<_> = said
        .map(|(id, sources)| {
            let sources = sources.iter().map(source).collect::<Vec<_>>().join(", ");
            t_with(id, &[("sources", &sources)])
        })
        .collect();
    view! { <p class="small soft">{said.join(" ")}</p> }.into_any()
}

fn source(source: &Source) -> String {
    match source {
        Source::Own => t("claim-own"),
        Source::Role { id, name, .. } => {
            let name = BuiltIn::parse(id)
                .map_or_else(|| name.clone(), |role| t(&format!("role-{}-name", role.id())));
            t_with("claim-through", &[("role", &name)])
        }
    }
}

/// What a person or a role has, on their page. Nothing where no claim is defined.
#[component]
pub fn ClaimsCard(
    /// Whose.
    of: Holder,
    /// Every claim.
    lines: Vec<Line>,
    /// Whether the visitor may change them.
    may_write: bool,
) -> impl IntoView {
    if lines.is_empty() {
        return None;
    }
    let is_person = matches!(of, Holder::Person(_));
    let rows: Vec<_> = lines
        .iter()
        .filter_map(|line| {
            let value = counts(line, is_person);
            if value.is_none() && line.merged.is_none() {
                return None;
            }
            let value = value.map_or_else(|| view! { <p>{t("claims-none")}</p> }.into_any(), shown);
            let from = line.merged.as_ref().map(from);
            Some(view! {
                <div><dt><code class="break">{line.claim.name.clone()}</code></dt><dd>{value}{from}</dd></div>
            })
        })
        .collect();
    let none = rows.is_empty();
    let edit = may_write.then(|| {
        view! { <div><a class="btn sm" href=of.page() data-testid="claims-link">{t("claims-link")}</a></div> }
    });
    Some(view! {
        <section class="card stack" aria-labelledby="claims">
            <h2 id="claims">{t("claims-title")}</h2>
            {none.then(|| view! { <p class="soft">{t("claims-of-none")}</p> })}
            {(!none).then(|| view! { <dl class="facts" data-testid="claims">{rows}</dl> })}
            {edit}
        </section>
    })
}

/// What the pages of people and roles show, for who may see them.
pub async fn lines_of<R: Right>(
    tx: &mut domain::platform::db::Tx,
    may: &May<R>,
    of: &Holder,
) -> Result<Vec<Line>> {
    match of {
        Holder::Person(id) => held::of_person(tx, may, *id).await,
        Holder::Role(id) => held::of_role(tx, may, id).await,
    }
}
