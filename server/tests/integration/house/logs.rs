//! Keeps every log line of the run, so that secrets can be searched in them.

use std::io::{Result, Write};
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::EnvFilter;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static ONCE: Once = Once::new();

struct Keep;

impl Write for Keep {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
        lines.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Starts keeping what our own code and the database driver log, down to the finest level.
pub fn capture() {
    ONCE.call_once(|| {
        let started = tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(
                "info,domain=trace,app=trace,server=trace,sqlx=debug",
            ))
            .with_ansi(false)
            .with_writer(|| Keep)
            .try_init();
        started.expect("the suite starts logging once");
    });
}

/// All lines so far.
pub fn captured() -> String {
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    String::from_utf8_lossy(&lines).into_owned()
}
