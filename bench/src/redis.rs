//! A Redis of our own, to be treated badly.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Result;
use crate::house::free_port;

/// A Redis, running or not. It keeps nothing on the disk, and is killed when this is dropped.
#[derive(Debug)]
pub struct Redis {
    /// Where it listens; the same at each start.
    pub address: SocketAddr,
    child: Option<Child>,
}

impl Redis {
    /// Starts one on a free port.
    pub async fn start() -> Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        let mut this = Self { address, child: None };
        this.again().await?;
        Ok(this)
    }

    /// Starts it, empty, and waits until it answers.
    pub async fn again(&mut self) -> Result<()> {
        let port = self.address.port().to_string();
        let child = Command::new("redis-server")
            .args([
                "--bind",
                "127.0.0.1",
                "--port",
                &port,
                "--save",
                "",
                "--appendonly",
                "no",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        self.child = Some(child);
        for _ in 0..200 {
            if self.ask("PING").await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err("Redis did not start".into())
    }

    /// Ends it (SIGKILL), with all that it held.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Stops it in the middle of whatever it does (SIGSTOP), or lets it go on.
    pub fn freeze(&self, frozen: bool) {
        let pid = self
            .child
            .as_ref()
            .and_then(|child| i32::try_from(child.id()).ok());
        if let Some(pid) = pid.and_then(Pid::from_raw) {
            let _ = kill_process(pid, if frozen { Signal::STOP } else { Signal::CONT });
        }
    }

    /// Sends one command, written in words, and returns the first line of the answer.
    ///
    /// # Errors
    /// When it does not answer within a second, or with an error.
    pub async fn ask(&self, command: &str) -> Result<String> {
        let asked = async {
            let mut stream = TcpStream::connect(self.address).await?;
            stream.write_all(format!("{command}\r\n").as_bytes()).await?;
            let mut answer = vec![0; 4096];
            let length = stream.read(&mut answer).await?;
            let text = String::from_utf8_lossy(&answer[..length]).into_owned();
            Ok::<_, std::io::Error>(text.lines().next().unwrap_or_default().to_owned())
        };
        let answer = tokio::time::timeout(Duration::from_secs(1), asked).await??;
        if answer.is_empty() || answer.starts_with('-') {
            return Err(format!("Redis says {answer:?} to {command}").into());
        }
        Ok(answer)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.freeze(false);
        self.kill();
    }
}
