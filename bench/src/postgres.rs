//! A Postgres of our own, to be treated badly.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;
use crate::house::free_port;

/// A running Postgres. It is stopped and its files are deleted when this is dropped.
#[derive(Debug)]
pub struct Postgres {
    /// Where it listens.
    pub address: SocketAddr,
    folder: PathBuf,
    programs: PathBuf,
}

/// What it asks of clients: nothing that stays on this machine is a secret.
const PASSWORD: &str = "4f1c9d0a7be3";

impl Postgres {
    /// Makes and starts one in `folder`, which must not exist. A commit that was answered for outlives the death of any
    /// process (`synchronous_commit`); only that of the machine is not provided against (`fsync` is off).
    pub fn start(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let this = Self {
            address,
            folder: folder.canonicalize()?,
            programs: programs().ok_or("Postgres is not installed")?,
        };
        fs::write(this.folder.join("password"), PASSWORD)?;
        if rustix::process::geteuid().is_root() {
            run(Command::new("chown").arg("-R").arg("postgres").arg(&this.folder))?;
        }
        run(this.program("initdb").args([
            "--pgdata=data",
            "--username=postgres",
            "--auth=password",
            "--pwfile=password",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]))?;
        this.control("start", "fast")?;
        Ok(this)
    }

    /// The address of a database on it, as seen through `door`: its own, or that of a proxy.
    pub fn url(&self, door: SocketAddr, database: &str) -> String {
        format!("postgres://postgres:{PASSWORD}@{door}/{database}")
    }

    /// Stops it as a crash would, without a last word to the disk, and starts it again.
    pub fn restart_at_once(&self) -> Result<()> {
        self.control("restart", "immediate")
    }

    fn control(&self, what: &str, mode: &str) -> Result<()> {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c fsync=off \
             -c full_page_writes=off -c log_min_messages=warning",
            self.address.port()
        );
        run(self.program("pg_ctl").args([
            what,
            "--pgdata=data",
            "--log=postgres.log",
            "--wait",
            "--silent",
            &format!("--mode={mode}"),
            &format!("--options={options}"),
        ]))
    }

    /// Postgres refuses to run as root: root hands it to the user that its package has made.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = if rustix::process::geteuid().is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        command
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
        command
    }

    /// Its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("postgres.log")).unwrap_or_default()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = run(self
            .program("pg_ctl")
            .args(["stop", "--pgdata=data", "--mode=immediate", "--silent"]));
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder of the newest `initdb`, which Debian does not put on the path.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    found.sort();
    let packaged = found.pop().map(|(_, path)| path);
    let elsewhere = ["/usr/bin", "/usr/local/bin"].map(PathBuf::from);
    packaged
        .into_iter()
        .chain(elsewhere)
        .find(|path| path.join("initdb").is_file())
}

fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{command:?}: {status}").into())
    }
}
