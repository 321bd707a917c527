//! Points at which the fault driver (`bench`, `script/faults`) lets this process die: before and after each begin and
//! each commit, each word to Redis, each mail. They are there in builds with debug assertions only; in a release build
//! every call is empty, and the setting that arms them is refused as unknown.
//!
//! A point is named by what happens there and by the line of code that asked for it, such as
//! `after commit, domain/src/authentication/sign_in.rs:120`: so a new transaction has its points without being listed.

use std::panic::Location;

/// Passes a point.
#[cfg_attr(
    not(debug_assertions),
    expect(unused_variables, reason = "empty in a release build")
)]
#[inline]
pub fn pass(what: &'static str, by: &'static Location<'static>) {
    #[cfg(debug_assertions)]
    armed::pass(what, by);
}

#[cfg(debug_assertions)]
pub use armed::take;

#[cfg(debug_assertions)]
mod armed {
    use std::collections::HashSet;
    use std::fs::{File, OpenOptions};
    use std::io::Write as _;
    use std::panic::Location;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::sync::{Mutex, OnceLock, PoisonError};

    use rustix::process::{Signal, getpid, kill_process};

    enum Plan {
        Note {
            file: File,
            seen: Mutex<HashSet<String>>,
        },
        Die {
            point: String,
            left: AtomicU32,
        },
    }

    static PLAN: OnceLock<Plan> = OnceLock::new();

    /// The setting: `none`, `note <file>` (write down each point that is passed), or `die <n> <point>` (end the process
    /// the n-th time that it is passed, without a last word, as SIGKILL does).
    const SETTING: &str = "LATCHSTRING_MISHAP";

    /// Takes the setting out of the environment, which a release build would not know, and arms the points.
    ///
    /// # Errors
    /// A sentence for the operator when it can't be read.
    pub fn take(mut environment: Vec<(String, String)>) -> Result<Vec<(String, String)>, String> {
        if let Some(at) = environment.iter().position(|(name, _)| name == SETTING) {
            let (_, setting) = environment.swap_remove(at);
            arm(&setting).map_err(|error| format!("{SETTING}: {error}"))?;
        }
        Ok(environment)
    }

    fn arm(setting: &str) -> Result<(), String> {
        let plan = match setting.split_once(' ') {
            None if setting == "none" => return Ok(()),
            Some(("note", path)) => {
                let file = OpenOptions::new().create(true).append(true).open(path);
                Plan::Note {
                    file: file.map_err(|error| format!("{path}: {error}"))?,
                    seen: Mutex::default(),
                }
            }
            Some(("die", rest)) => {
                let (times, point) = rest.split_once(' ').ok_or("die <n> <point>")?;
                Plan::Die {
                    point: point.to_owned(),
                    left: AtomicU32::new(times.parse().map_err(|_| "die <n> <point>")?),
                }
            }
            _ => return Err(format!("no mishap is called {setting}")),
        };
        let _ = PLAN.set(plan);
        Ok(())
    }

    pub(super) fn pass(what: &'static str, by: &'static Location<'static>) {
        let Some(plan) = PLAN.get() else { return };
        let here = format!("{what}, {}:{}", by.file(), by.line());
        match plan {
            Plan::Note { file, seen } => {
                if seen
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(here.clone())
                {
                    let _ = (&*file).write_all(format!("{here}\n").as_bytes());
                }
            }
            Plan::Die { point, left } => {
                if *point == here && left.fetch_sub(1, Ordering::SeqCst) == 1 {
                    let _ = kill_process(getpid(), Signal::KILL);
                }
            }
        }
    }
}
