//! The checks that need the settings and the disk alone.

use std::path::Path;

use url::{Host, Url};

use super::Visit;
use super::finding::Verdict;
use crate::notification::message::single_line;
use crate::platform::config::{Config, check_key_file_mode};
use crate::platform::key_file as key_files;

/// Free bytes below which the disk is worth a look, and below which it is as good as full.
const DISK_LOW: (u64, u64) = (512 << 20, 64 << 20);

pub(super) async fn key_file(config: &Config) -> Verdict {
    if config.master_key.is_some() {
        return Verdict::ok("check-key-file-environment");
    }
    let (path, folder) = (key_files::path(config), config.data_dir.clone());
    let looked = tokio::task::spawn_blocking(move || key_file_at(&path, &folder)).await;
    looked.unwrap_or_else(|error| Verdict::fail("check-key-file-missing").because(error))
}

/// There is neither a key nor a database: nothing is lost.
pub(super) fn no_key_yet(config: &Config) -> Verdict {
    Verdict::skipped("check-key-file-none").with("path", key_files::path(config).display())
}

fn key_file_at(path: &Path, folder: &Path) -> Verdict {
    if let Err(error) = std::fs::metadata(path) {
        return Verdict::fail("check-key-file-missing")
            .with("path", path.display())
            .because(error);
    }
    if let Err(fault) = check_key_file_mode(path) {
        return Verdict::fail("check-key-file-fail")
            .with("path", path.display())
            .because(fault);
    }
    match foreign_owner(path, folder) {
        Ok(None) => Verdict::ok("check-key-file-ok").with("path", path.display()),
        Ok(Some((is, should))) => Verdict::fail("check-key-file-owner")
            .with("path", path.display())
            .with("owner", should)
            .because(format!("it belongs to user {is}")),
        Err(error) => Verdict::fail("check-key-file-missing")
            .with("path", path.display())
            .because(error),
    }
}

/// The owner that the file has and the one it should have, as user ids, if these differ. It should be whoever runs
/// this; root, which may run `doctor` beside the server, goes by the owner of the folder.
#[cfg(unix)]
fn foreign_owner(path: &Path, folder: &Path) -> std::io::Result<Option<(u32, u32)>> {
    use std::os::unix::fs::MetadataExt as _;

    let me = rustix::process::geteuid();
    let should = if me.is_root() {
        std::fs::metadata(folder)?.uid()
    } else {
        me.as_raw()
    };
    let is = std::fs::metadata(path)?.uid();
    Ok((is != should).then_some((is, should)))
}

#[cfg(not(unix))]
fn foreign_owner(_: &Path, _: &Path) -> std::io::Result<Option<(u32, u32)>> {
    Ok(None)
}

pub(super) async fn disk(config: &Config) -> Verdict {
    let folder = config.data_dir.clone();
    match tokio::task::spawn_blocking(move || free_bytes(&folder)).await {
        Ok(Ok(free)) => judge_disk(free, &config.data_dir),
        Ok(Err(error)) => Verdict::warn("check-disk-unknown").because(error),
        Err(error) => Verdict::warn("check-disk-unknown").because(error),
    }
}

pub(super) fn judge_disk(free: u64, folder: &Path) -> Verdict {
    let verdict = match free {
        free if free < DISK_LOW.1 => Verdict::fail("check-disk-fail"),
        free if free < DISK_LOW.0 => Verdict::warn("check-disk-low"),
        _ => Verdict::ok("check-disk-ok"),
    };
    verdict
        .with("megabytes", free >> 20)
        .with("path", folder.display())
}

/// What an ordinary user may still write.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> std::io::Result<u64> {
    let found = rustix::fs::statvfs(folder)?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> std::io::Result<u64> {
    Err(std::io::ErrorKind::Unsupported.into())
}

pub(super) fn public_url(config: &Config, visit: Option<&Visit<'_>>) -> Verdict {
    let url = config.public_origin();
    match visit.and_then(|visit| visit.seen_origin).map(as_origin) {
        None => Verdict::ok("check-public-url-unseen").with("url", url),
        Some(seen) if seen == url => Verdict::ok("check-public-url-ok").with("url", url),
        Some(seen) => Verdict::fail("check-public-url-fail")
            .with("url", url)
            .with("seen", seen),
    }
}

/// As browsers write an origin. What is none is cut to one short line: it came with a request.
fn as_origin(seen: &str) -> String {
    let origin = Url::parse(seen)
        .ok()
        .map(|url| url.origin())
        .filter(url::Origin::is_tuple);
    let text = origin.map_or_else(|| single_line(seen), |origin| origin.ascii_serialization());
    text.chars().take(200).collect()
}

pub(super) fn cookie(config: &Config, product: &str, visit: Option<&Visit<'_>>) -> Verdict {
    if visit.and_then(|visit| visit.cookie_came_back) == Some(false) {
        return Verdict::fail("check-cookie-fail").with("url", config.public_origin());
    }
    if config.secure_cookies() {
        Verdict::ok("check-cookie-ok")
    } else if is_this_machine(&config.public_url) {
        Verdict::ok("check-cookie-plain").with("product", product)
    } else {
        Verdict::warn("check-cookie-exposed").with("url", config.public_origin())
    }
}

/// A passkey belongs to a domain name, never to an IP address, and exists in secure contexts only (WebAuthn level 3, "RP ID"
/// in §4 and the effective domain in §5.1.3): https, or this machine by name.
///
/// It belongs to this host, or to a domain above it. Another one works where a browser asks that domain itself which pages may use its
/// passkeys (§5.11): so that is a warning with what it takes, and no fault.
pub(super) fn passkey(config: &Config) -> Verdict {
    let (url, id) = (&config.public_url, config.passkey_rp_id());
    let named = matches!(url.host(), Some(Host::Domain(_)));
    if !named || !(url.scheme() == "https" || is_this_machine(url)) {
        return Verdict::fail("check-passkey-fail").with("url", config.public_origin());
    }
    let mut related = config.passkey_related_origins.iter();
    if let Some(address) = related.find(|origin| !matches!(origin.host(), Some(Host::Domain(_)))) {
        return Verdict::fail("check-passkey-related").with("url", address.origin().ascii_serialization());
    }
    let host = config.public_host();
    let is_above = host.strip_suffix(id).is_some_and(|below| below.ends_with('.'));
    if host == id || (is_above && id.contains('.')) {
        Verdict::ok("check-passkey-ok").with("host", id)
    } else if is_above {
        // Nobody's domain: every name of the internet that ends so would share it.
        Verdict::fail("check-passkey-wide").with("host", id)
    } else {
        Verdict::warn("check-passkey-elsewhere")
            .with("host", id)
            .with("url", config.public_origin())
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
