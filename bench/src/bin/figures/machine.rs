//! The machine: what it is, and what it can do without the server.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use bench::Result;

use crate::report::Machine;

/// What this machine is, without its name.
pub fn describe(scratch: &Path) -> Result<Machine> {
    let processors = fs::read_to_string("/proc/cpuinfo")?;
    let models = || processors.lines().filter(|line| line.starts_with("model name"));
    let value = |line: &str| line.split_once(": ").map(|(_, value)| value.trim().to_owned());
    let memory = fs::read_to_string("/proc/meminfo")?;
    let memory = memory
        .lines()
        .next()
        .and_then(|line| line.split_whitespace().nth(1))
        .unwrap_or("0");
    let load = fs::read_to_string("/proc/loadavg")?;
    Ok(Machine {
        processor: models().next().and_then(value).unwrap_or_default(),
        cores: processors
            .lines()
            .filter(|line| line.starts_with("processor"))
            .count(),
        memory: memory.parse::<u64>()? / 1024,
        kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?
            .trim()
            .to_owned(),
        disk_sync_ms: disk_sync(scratch)?,
        load_before: load.split(' ').next().unwrap_or_default().parse()?,
    })
}

/// The median time of a small write that reaches the disk, in milliseconds: each commit on SQLite costs one.
fn disk_sync(scratch: &Path) -> Result<f64> {
    let path = scratch.join("sync");
    let mut file = File::create(&path)?;
    let mut took = Vec::new();
    for _ in 0..50 {
        file.write_all(&[7; 4096])?;
        let started = Instant::now();
        file.sync_data()?;
        took.push(started.elapsed());
    }
    fs::remove_file(path)?;
    took.sort_unstable();
    Ok((took[25].as_secs_f64() * 100_000.0).round() / 100.0)
}

/// How many passwords argon2 hashes in a second on the core that this runs on, with the server's parameters.
#[expect(clippy::cast_precision_loss, reason = "a count of hashes")]
pub fn argon2_rate(seconds: u64) -> Result<f64> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| error.to_string())?;
    let mut memory = vec![Block::new(); params.block_count()];
    let argon2 = Argon2::new_with_secret(&[7; 32], Algorithm::Argon2id, Version::V0x13, params)
        .map_err(|error| error.to_string())?;
    let (started, mut hashes, mut out) = (Instant::now(), 0_u64, [0; 32]);
    while started.elapsed() < Duration::from_secs(seconds) {
        argon2
            .hash_password_into_with_memory(b"quiet harbour before dawn", &[9; 16], &mut out, &mut memory)
            .map_err(|error| error.to_string())?;
        hashes += 1;
    }
    Ok(hashes as f64 / started.elapsed().as_secs_f64())
}

/// The same, on a core of choice: in a process of its own.
pub fn argon2_rate_on(core: usize, seconds: u64) -> Result<f64> {
    let output = Command::new("taskset")
        .args(["--cpu-list", &core.to_string()])
        .arg(std::env::current_exe()?)
        // What the command line asks for and this does not need.
        .args(["--scratch", ".", "argon2", &seconds.to_string()])
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}
