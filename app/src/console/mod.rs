//! `/admin` and the pages below it: what people with a role do. It has a router of its own, so that neither grows with the other.

pub mod dashboard;
pub mod frame;
pub mod group;
pub mod groups;
pub mod health;
pub mod jobs;
pub mod messages;
pub mod role;
pub mod roles;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};

use self::dashboard::DashboardPage;
use self::group::GroupPage;
use self::groups::GroupsPage;
use self::health::HealthPage;
use self::jobs::JobsPage;
use self::messages::MessagesPage;
use self::role::{NewRolePage, RolePage};
use self::roles::RolesPage;
use crate::error_page::NotFoundPage;

/// The routes of the console.
#[component]
pub fn ConsoleApp() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=NotFoundPage>
                <Route path=path!("/admin/groups") view=GroupsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/groups/:id") view=GroupPage ssr=SsrMode::Async/>
                <Route path=path!("/admin") view=DashboardPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/messages") view=MessagesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/jobs") view=JobsPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/health") view=HealthPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/roles") view=RolesPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/roles/new") view=NewRolePage ssr=SsrMode::Async/>
                <Route path=path!("/admin/roles/:id") view=RolePage ssr=SsrMode::Async/>
            </FlatRoutes>
        </Router>
    }
}
