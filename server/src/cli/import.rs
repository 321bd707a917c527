//! `latchstring user import`: people from a file, by the operator of the machine, who may give each role.

use std::path::Path;

use domain::audit::Origin;
use domain::platform::Platform;
use domain::users::import::{self, Outcome, State, Upload};
use domain::{Code, Error};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

use super::{Failure, complain, say};

/// Bytes that are read at a time.
const PIECE: usize = 64 << 10;

/// Reads the file, prints what would become of rows that are not made, and makes the people unless it is a `dry_run`. What was read is
/// kept for a week, as in the console.
pub(super) async fn run(
    platform: &Platform,
    file: &Path,
    (dry_run, proven): (bool, bool),
    origin: &Origin,
) -> Result<(), Failure> {
    let id = read(platform, (file, proven), origin).await?;
    if !dry_run {
        let import = import::by_operator(platform, id, origin).await?;
        if import.state != State::Done {
            return Err("The import was stopped before its end.".into());
        }
    }
    let (mut after, mut counts) = (Some(0), [0_u64; 4]);
    say(import::csv_head().trim_end())?;
    while let Some(from) = after {
        let (lines, next) = import::report_to_operator(platform, id, from).await?;
        for line in &lines {
            let at = Outcome::ALL.iter().position(|outcome| *outcome == line.outcome);
            if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
                *count += 1;
            }
            if matches!(line.outcome, Outcome::Skipped | Outcome::Refused) {
                say(line.as_csv().trim_end())?;
            }
        }
        after = next;
    }
    let [ready, made, skipped, refused] = counts;
    let (people, done) = if dry_run {
        (ready, "can be made")
    } else {
        (made, "made")
    };
    complain(format!("{people} {done}, {skipped} skipped, {refused} refused."));
    Ok(())
}

async fn read(platform: &Platform, (path, proven): (&Path, bool), origin: &Origin) -> Result<Uuid, Failure> {
    let unreadable = |error: std::io::Error| format!("{} can't be read: {error}.", path.display());
    let mut file = File::open(path).await.map_err(unreadable)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut upload = Upload::by_operator(platform, (&name, proven), origin)
        .await
        .map_err(told)?;
    let mut piece = vec![0; PIECE];
    let read = loop {
        match file.read(&mut piece).await {
            Ok(0) => break upload.finish(platform).await.map_err(told),
            Ok(bytes) => {
                if let Err(error) = upload.feed(platform, &piece[..bytes]).await {
                    break Err(told(error));
                }
            }
            Err(error) => break Err(unreadable(error).into()),
        }
    };
    if read.is_err() {
        upload.abandon(platform).await?;
    }
    read
}

/// Why a file is refused, for the operator.
fn told(error: Error) -> Failure {
    let Error::Refused(refusal) = &error else {
        return error.into();
    };
    match refusal.code() {
        Code::ChangedMeanwhile => "Another import by the command line took the place of this one.",
        Code::ImportTooLarge => "The file has more than 64 MiB, or more than 250,000 rows. Split it.",
        Code::ImportEmpty => "There is nobody in the file.",
        Code::ImportNoEmail => "The file has no column `email`, or the same column twice.",
        Code::ImportUnreadable => "The file begins as JSON and is not whole.",
        _ => return error.into(),
    }
    .into()
}
