//! Logs: fields, not prose; pretty in development, one JSON object per line in production. Never a secret, never a
//! mail's body: a test runs the journeys with marked secrets and searches every line.

use std::fmt::{Debug, Result};

use domain::platform::config::{Fault, Log, LogFormat};
use tracing::Subscriber;
use tracing::field::Field;
use tracing_subscriber::field::MakeExt as _;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::{Writer, debug_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// Without the span of the sessions' library, which would stand in each line in place of the request's, with its id.
const AT_LEAST: &str = "tower_sessions=warn";

/// Looks whether the filter can be read, which the domain does not know.
///
/// # Errors
/// The fault of `log.filter`.
pub fn check(log: &Log) -> std::result::Result<(), Fault> {
    if filter(&log.filter).is_some() {
        return Ok(());
    }
    Err(Fault {
        setting: "LATCHSTRING_LOG_FILTER (log.filter)".to_owned(),
        holds: format!("`{}`", log.filter.chars().take(80).collect::<String>()),
        should: "a level such as info, or info,sqlx=warn".to_owned(),
    })
}

/// The filter that this text describes, if it describes one.
fn filter(text: &str) -> Option<EnvFilter> {
    // The library takes a word that is no level for a module: `inof` would write nothing but what a module of that name says.
    let is_typo = |part: &str| !part.contains('=') && part.parse::<LevelFilter>().is_err();
    if !text.contains('[') && text.split(',').any(is_typo) {
        return None;
    }
    EnvFilter::try_new(format!("{AT_LEAST},{text}")).ok()
}

/// Starts logging to standard error. The filter was [checked](check) before; one that can't be read would become `info`.
pub fn start(log: &Log) {
    let filter = filter(&log.filter).unwrap_or_else(|| EnvFilter::new(format!("{AT_LEAST},info")));
    let registry = tracing_subscriber::registry().with(filter);
    let started = match log.format {
        LogFormat::Json => registry.with(json(std::io::stderr)).try_init(),
        LogFormat::Pretty => registry.with(pretty(std::io::stderr)).try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

/// For programs: one JSON object a line, with the time in UTC (RFC 3339).
fn json<S, W>(writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(writer)
}

/// For somebody at a terminal.
fn pretty<S, W>(writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fmt::layer()
        .compact()
        .with_target(false)
        .fmt_fields(debug_fn(plain_field).delimited(" "))
        .with_writer(writer)
}

/// One field, with control characters written out: the library leaves them in what is logged by its `Display`, so a
/// name or the answer of a mail server could begin a line or change a colour (ASVS 16.4.1).
fn plain_field(writer: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> Result {
    if field.name() != "message" {
        write!(writer, "{}=", field.name())?;
    }
    for character in format!("{value:?}").chars() {
        if character.is_control() {
            write!(writer, "{}", character.escape_default())?;
        } else {
            writer.write_char(character)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What was written.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Kept {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    /// What would begin a line, end an object, or turn what follows red.
    const FORGED: &str =
        "Ada\n2026-01-01T00:00:00Z ERROR forged\r\n\u{1b}[31mred\u{9b}2J\",\"level\":\"ERROR";

    /// One event in a request's span, with the forgery in each way in which a value is logged.
    fn log(layer: impl Layer<tracing_subscriber::Registry> + Send + Sync) {
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::with_default(subscriber, || {
            let error = io::Error::other(FORGED);
            let span = tracing::info_span!("request", request_id = "0190", agent = %FORGED);
            span.in_scope(|| {
                tracing::warn!(text = FORGED, shown = %FORGED, kept = ?FORGED, error = %error, "said: {FORGED}");
            });
        });
    }

    #[test]
    fn a_filter_that_would_not_do_what_it_says_is_refused_with_its_remedy() {
        let log = |filter: &str| Log {
            format: LogFormat::Json,
            filter: filter.to_owned(),
        };
        for right in [
            "info",
            "WARN",
            "off",
            "info,sqlx=warn",
            "domain::platform=trace,error",
            "info,[request{method=GET}]=debug",
        ] {
            assert_eq!(check(&log(right)), Ok(()), "{right}");
        }
        for wrong in ["inof", "info,sqlx=lots", "info,debgu", "=info=", "info,[request"] {
            let fault = check(&log(wrong)).unwrap_err().to_string();
            assert_eq!(
                fault,
                format!(
                    "LATCHSTRING_LOG_FILTER (log.filter) holds `{wrong}`; it should hold a level such as info, or info,sqlx=warn"
                )
            );
        }
    }

    #[test]
    fn each_event_is_one_line_of_json_with_its_time_in_utc_its_level_and_its_request() {
        let kept = Kept::default();
        let writer = kept.clone();
        log(json(move || writer.clone()));
        let text = kept.text();
        assert_eq!(text.matches('\n').count(), 1, "{text}");
        assert!(text.ends_with('\n'));
        let event: serde_json::Value = serde_json::from_str(&text).unwrap();
        let time = event["timestamp"].as_str().unwrap();
        assert!(
            time.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(time).is_ok(),
            "{time}"
        );
        assert_eq!(event["level"], "WARN");
        assert_eq!(event["span"]["request_id"], "0190");
        // All of it stays in its own field.
        for field in [
            &event["text"],
            &event["shown"],
            &event["error"],
            &event["span"]["agent"],
        ] {
            assert_eq!(field, FORGED);
        }
        assert_eq!(event["message"], format!("said: {FORGED}"));
        assert!(!text.contains('\u{1b}'), "{text}");
    }

    #[test]
    fn nobody_writes_a_line_or_a_colour_of_their_own_into_the_log_of_development() {
        let kept = Kept::default();
        let writer = kept.clone();
        log(pretty(move || writer.clone()));
        let text = kept.text();
        assert_eq!(text.matches('\n').count(), 1, "{text}");
        assert!(!text.contains('\r'), "{text}");
        assert!(
            !text.contains("\u{1b}[31m") && !text.contains('\u{9b}'),
            "{text:?}"
        );
        for part in [
            "WARN",
            "text=\"Ada",
            "shown=Ada",
            "error=Ada",
            "said: Ada",
            "request_id=\"0190\"",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }
}
