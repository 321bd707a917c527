//! The server's binary as a process of its own: started, asked, killed, measured.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::Result;
use crate::browser::Browser;
use crate::http::Connection;

/// How long a start may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// One server, running or not. It is killed when this is dropped.
#[derive(Debug)]
pub struct House {
    /// Where it listens; the same at each start.
    pub address: SocketAddr,
    /// The origin of its public URL.
    pub origin: String,
    /// What it keeps.
    pub folder: PathBuf,
    binary: PathBuf,
    environment: Vec<(String, String)>,
    /// The core that it must stay on.
    core: Option<usize>,
    child: Option<Child>,
}

impl House {
    /// A server that keeps its data in `folder` and listens on a free port. `settings` are named without `LATCHSTRING_`.
    pub fn new(binary: &Path, folder: &Path, settings: &[(&str, &str)]) -> Result<Self> {
        let port = free_port()?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let own = [
            ("LISTEN", address.to_string()),
            ("DATA_DIR", folder.display().to_string()),
            ("TRUSTED_PROXIES", "127.0.0.1".to_owned()),
        ];
        let mut environment: Vec<(String, String)> = own
            .into_iter()
            .chain(settings.iter().map(|(name, value)| (*name, (*value).to_owned())))
            .map(|(name, value)| (format!("LATCHSTRING_{name}"), value))
            .collect();
        let named = environment
            .iter()
            .find(|(name, _)| name == "LATCHSTRING_PUBLIC_URL");
        let origin = named.map_or_else(|| format!("http://localhost:{port}"), |(_, url)| url.clone());
        if named.is_none() {
            environment.push(("LATCHSTRING_PUBLIC_URL".to_owned(), origin.clone()));
        }
        fs::create_dir_all(folder)?;
        Ok(Self {
            address,
            origin,
            folder: folder.to_owned(),
            binary: binary.to_owned(),
            environment,
            core: None,
            child: None,
        })
    }

    /// Keeps it on one core.
    #[must_use]
    pub fn on_core(mut self, core: usize) -> Self {
        self.core = Some(core);
        self
    }

    /// Sets or replaces a setting, for the next start.
    pub fn set(&mut self, name: &str, value: &str) {
        let name = format!("LATCHSTRING_{name}");
        self.environment.retain(|(given, _)| *given != name);
        self.environment.push((name, value.to_owned()));
    }

    /// Lets a library move its clock by what stands in `offset` (libfaketime), from the next start on.
    pub fn preload(&mut self, library: &Path, offset: &Path) {
        let named = [
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", offset.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ];
        self.environment
            .extend(named.map(|(name, value)| (name.to_owned(), value)));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = match self.core {
            Some(core) => {
                let mut pinned = Command::new("taskset");
                pinned.args(["--cpu-list", &core.to_string()]).arg(&self.binary);
                pinned
            }
            None => Command::new(&self.binary),
        };
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts it, and waits until `/health/ready` says 200: how long that took, from the call of `exec`.
    ///
    /// # Errors
    /// When it ends, or is not ready within 30 s; with the end of its log.
    pub async fn start(&mut self) -> Result<Duration> {
        let started = self.launch()?;
        self.until_ready().await?;
        Ok(started.elapsed())
    }

    /// Starts it and does not wait.
    pub fn launch(&mut self) -> Result<Instant> {
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log_path())?;
        let mut command = self.command(&["serve"]);
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let started = Instant::now();
        self.child = Some(command.spawn()?);
        Ok(started)
    }

    /// Waits until `/health/ready` says 200.
    pub async fn until_ready(&mut self) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        let ask = Browser::new(self.address, &self.origin, Ipv4Addr::LOCALHOST)
            .get_bytes("/health/ready", "connection: close\r\n");
        while Instant::now() < until {
            if let Ok(mut connection) = Connection::open(self.address).await
                && let Ok(answer) = connection.ask(&ask).await
                && answer.status == 200
            {
                return Ok(());
            }
            if self.has_ended() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Err(format!("the server did not get ready:\n{}", self.end_of_log()).into())
    }

    /// True when the process is gone, or was never started.
    pub fn has_ended(&mut self) -> bool {
        match &mut self.child {
            Some(child) => !matches!(child.try_wait(), Ok(None)),
            None => true,
        }
    }

    /// Ends it as a power cut would (SIGKILL).
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Asks it to stop (SIGTERM), and waits for that: how long it took.
    ///
    /// # Errors
    /// When it doesn't stop within 30 s.
    pub async fn stop(&mut self) -> Result<Duration> {
        let started = Instant::now();
        self.signal(Signal::TERM);
        while started.elapsed() < PATIENCE {
            if self.has_ended() {
                self.child = None;
                return Ok(started.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Err("the server did not stop".into())
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = self.pid() {
            let _ = kill_process(pid, signal);
        }
    }

    fn pid(&self) -> Option<Pid> {
        let id = i32::try_from(self.child.as_ref()?.id()).ok()?;
        Pid::from_raw(id)
    }

    /// The memory that it has in use, and the most that it ever had, in KiB (`VmRSS`, `VmHWM`).
    pub fn memory(&self) -> Option<(u64, u64)> {
        let pid = self.child.as_ref()?.id();
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let read = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse().ok()
        };
        Some((read("VmRSS:")?, read("VmHWM:")?))
    }

    /// The processor time that it has used, in seconds.
    pub fn processor_time(&self) -> Option<f64> {
        let pid = self.child.as_ref()?.id();
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // After the name, which may hold anything, `utime` and `stime` are the 12th and 13th fields, in hundredths.
        let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
        let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
        Some(ticks / 100.0)
    }

    /// Runs another command of the binary, on the same data.
    ///
    /// # Errors
    /// When it fails; with what it said.
    pub fn run(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut command = self.command(arguments);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes())?;
        }
        let output = child.wait_with_output()?;
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        if output.status.success() {
            Ok(said)
        } else {
            Err(format!("{arguments:?}: {said}").into())
        }
    }

    /// Where its log is: standard output and error of every start.
    pub fn log_path(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// The last lines of the log.
    pub fn end_of_log(&self) -> String {
        let read = || -> std::io::Result<String> {
            let mut file = File::open(self.log_path())?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(4000)))?;
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        read().unwrap_or_default()
    }

    /// A browser at some address of its own, before this server.
    pub fn browser(&self, number: u32) -> Browser {
        Browser::new(self.address, &self.origin, client_address(number))
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
    }
}

/// An address for the n-th client, in a network that is set aside for such measurements (RFC 2544).
pub fn client_address(number: u32) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(198, 18, 0, 0)) + number % 0x2_0000)
}

/// A port that is free now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
