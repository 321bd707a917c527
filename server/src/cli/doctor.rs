//! `latchstring doctor` and `latchstring probe`.

use std::process::ExitCode;
use std::time::Duration;

use domain::platform::Platform;
use domain::platform::clock::Clock;
use domain::platform::config::{Config, Fault};
use domain::platform::doctor::{self, Finding, Status};
use domain::platform::entropy::Entropy;
use domain::words::Words;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{Failure, say};

/// Examines the set-up. Fails when something must be mended.
pub(super) async fn examine(config: Config, json: bool) -> Result<ExitCode, Failure> {
    let findings = match Platform::open_as_it_is(config.clone(), Clock::system(), Entropy::system()).await {
        Ok(platform) => doctor::examine(&platform, None).await,
        Err(error) => doctor::examine_unopened(&config, &error).await,
    };
    report(&findings, json)
}

/// The settings are wrong: names each fault as a finding.
pub(super) fn report_faults(faults: &[Fault], json: bool) -> Result<ExitCode, Failure> {
    report(&doctor::examine_unsettled(faults), json)
}

fn report(findings: &[Finding], json: bool) -> Result<ExitCode, Failure> {
    if json {
        say(serde_json::to_string_pretty(findings)?)?;
    } else {
        let words = Words::for_language("en");
        for finding in findings {
            let mark = match finding.status {
                Status::Skipped => "skip",
                Status::Ok => "ok  ",
                Status::Warn => "look",
                Status::Fail => "MEND",
            };
            say(format!(
                "{mark}  {}: {}",
                finding.title(words),
                finding.text(words)
            ))?;
            if let Some(detail) = &finding.detail {
                say(format!("      {detail}"))?;
            }
        }
    }
    Ok(if Status::worst(findings) == Status::Fail {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Asks `/health/live` over a plain connection.
pub(super) async fn probe(config: &Config) -> ExitCode {
    let asked = async {
        let mut stream = TcpStream::connect(config.listen).await?;
        stream
            .write_all(b"GET /health/live HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            .await?;
        let mut answer = Vec::new();
        stream.take(4096).read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer.starts_with(b"HTTP/1.1 200"))
    };
    match tokio::time::timeout(Duration::from_secs(3), asked).await {
        Ok(Ok(true)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
