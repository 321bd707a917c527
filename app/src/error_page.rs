//! Error pages: what happened, what to do, and the number that leads to the log.

use domain::Error;
use domain::words::Words;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use crate::refused::refusal_of;
use crate::ui::layout::Hall;
use crate::visit::{Visit, t, t_with};

/// What an error page says.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    /// The HTTP status.
    pub status: u16,
    /// The request's id.
    pub incident: String,
    /// Seconds to wait, where waiting helps.
    pub retry_after: Option<u64>,
    /// The server's own address, for 421.
    pub url: String,
    /// Whether the browser may ask for the same address once more: it was opened, and not a form sent.
    pub may_repeat: bool,
}

impl ErrorPage {
    /// The status whose page is shown.
    fn nearest(&self) -> u16 {
        match self.status {
            known if KNOWN.contains(&known) => known,
            502 | 504 => 503,
            server if server >= 500 => 500,
            _ => 404,
        }
    }

    /// What happened and what to do, for a program to show; nothing where there is no page of this very status.
    pub fn sentences(&self, words: &Words) -> Option<String> {
        if self.nearest() != self.status {
            return None;
        }
        let [text, remedy] = ["text", "remedy"].map(|part| self.line(words, part));
        Some(format!("{text} {remedy}"))
    }

    fn line(&self, words: &Words, part: &str) -> String {
        let wait = words.duration(self.retry_after.unwrap_or(10));
        let arguments = [("wait", wait.as_str()), ("url", self.url.as_str())];
        words.text_with(&format!("error-{}-{part}", self.nearest()), &arguments)
    }

    /// What the page is called, in its heading and in the window's title.
    pub fn title(&self, words: &Words) -> String {
        words.text(&format!("error-{}-title", self.nearest()))
    }
}

/// The statuses that have a page of their own; the others are shown as the nearest of these.
const KNOWN: [u16; 9] = [403, 404, 405, 408, 413, 421, 429, 500, 503];

/// The page.
#[component]
pub fn ErrorView(
    /// What to say.
    page: ErrorPage,
    /// In which words.
    words: &'static Words,
) -> impl IntoView {
    let status = page.nearest();
    let (title, text, remedy) = (
        page.title(words),
        page.line(words, "text"),
        page.line(words, "remedy"),
    );
    let shut = matches!(status, 403 | 421 | 429 | 503);
    // To the very address that the browser shows.
    let again = (page.may_repeat && matches!(status, 429 | 500 | 503))
        .then(|| view! { <a class="btn primary" href="" data-testid="again-link">{t("go-again")}</a> });
    let home = if again.is_some() { "btn" } else { "btn primary" };
    let href = if status == 421 {
        page.url.clone()
    } else {
        "/".to_owned()
    };
    view! {
        <Hall title=title.clone() shut>
            <header>
                <p class="status">{page.status}</p>
                <h1 data-testid="error-title">{title}</h1>
                <p class="soft">{text}</p>
                <p class="soft">{remedy}</p>
            </header>
            <div class="row">
                {again}
                <a class=home href=href>{t("go-home")}</a>
            </div>
            <p class="small faint">
                {t_with("error-incident", &[("id", "")])}
                <code class="break" data-testid="incident-id">{page.incident.clone()}</code>
            </p>
        </Hall>
    }
}

/// Turns this page into the error page of a domain error.
pub fn refuse_page(error: Error) -> AnyView {
    let visit = Visit::current();
    let refusal = refusal_of(error);
    let page = ErrorPage {
        status: refusal.code().status(),
        incident: visit.origin.request_id.clone(),
        retry_after: refusal.retry_after,
        url: visit.platform.config.public_origin(),
        may_repeat: true,
    };
    respond(&page);
    view! { <ErrorView page words=visit.words/> }.into_any()
}

/// The page for a path that there is not.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    // Without a request (when the list of routes is made) there is nothing to show.
    Visit::try_current().map(|visit| {
        let page = ErrorPage {
            status: 404,
            incident: visit.origin.request_id.clone(),
            retry_after: None,
            url: String::new(),
            may_repeat: true,
        };
        respond(&page);
        view! { <ErrorView page words=visit.words/> }
    })
}

fn respond(page: &ErrorPage) {
    if let (Some(options), Ok(status)) = (
        use_context::<ResponseOptions>(),
        http::StatusCode::from_u16(page.status),
    ) {
        options.set_status(status);
        if let Some(seconds) = page.retry_after {
            options.insert_header(http::header::RETRY_AFTER, http::HeaderValue::from(seconds));
        }
    }
}
