//! `/admin` and the pages below it: what people with a role do. It has a router of its own, so that neither grows with the other.

pub mod audit;
pub mod claim_values;
pub mod claims;
pub mod dashboard;
pub mod everybody;
pub mod frame;
pub mod group;
pub mod groups;
pub mod health;
pub mod import;
pub mod invitations;
pub mod jobs;
pub mod messages;
pub mod people;
pub mod people_bulk;
pub mod person;
pub mod role;
pub mod roles;
pub mod settings;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use self::audit::AuditPage;
use self::audit::chain::ChainPage;
use self::audit::row::AuditRowPage;
use self::claim_values::{PersonClaimsPage, RoleClaimsPage};
use self::claims::{ClaimPage, ClaimsPage};
use self::dashboard::DashboardPage;
use self::everybody::EverybodyPage;
use self::group::GroupPage;
use self::groups::GroupsPage;
use self::health::HealthPage;
use self::import::ImportPage;
use self::import::one::OneImportPage;
use self::invitations::InvitationsPage;
use self::invitations::new::InvitePage;
use self::jobs::JobsPage;
use self::messages::MessagesPage;
use self::people::PeoplePage;
use self::people_bulk::BulkPage;
use self::person::PersonPage;
use self::person::ask::{DeletePage, FactorPage, LockPage, RecoveryPage};
use self::person::edit::{EditPersonPage, NewPersonPage};
use self::person::roles::PersonRolesPage;
use self::person::view::ViewPage;
use self::role::{NewRolePage, RolePage};
use self::roles::RolesPage;
use self::settings::{CheckPage, SettingsPage};
use crate::error_page::NotFoundPage;

/// The routes of the console.
#[component]
pub fn ConsoleApp() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=NotFoundPage>
                <Route path=path!("/admin") view=DashboardPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit") view=AuditPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit/chain") view=ChainPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/claims") view=ClaimsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/groups") view=GroupsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/health") view=HealthPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/invitations") view=InvitationsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/invitations/new") view=InvitePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/import") view=ImportPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/jobs") view=JobsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/messages") view=MessagesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/roles") view=RolesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/roles/new") view=NewRolePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/settings") view=SettingsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/settings/check") view=CheckPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users") view=PeoplePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/bulk") view=BulkPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/everybody") view=EverybodyPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/new") view=NewPersonPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/audit/row/:id") view=AuditRowPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/claims/:id") view=ClaimPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/groups/:id") view=GroupPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/import/:id") view=OneImportPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/roles/:id") view=RolePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/roles/:id/claims") view=RoleClaimsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id") view=PersonPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id/claims") view=PersonClaimsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id/delete") view=DeletePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id/edit") view=EditPersonPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id/factor") view=FactorPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id/lock") view=LockPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id/recovery") view=RecoveryPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id/roles") view=PersonRolesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/users/:id/view") view=ViewPage ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}
