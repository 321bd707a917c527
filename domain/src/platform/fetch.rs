//! One request over HTTP/1.1: for the server's call to itself, and for the provider of text messages. A page's client
//! would bring a thousand lines for what is needed here: no redirects, no compression, no reuse, at most [`MOST`] bytes.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

/// The longest answer that is read, its head included, in bytes.
const MOST: usize = 64 * 1024;

/// What is asked. Nothing in it may hold a line break but the body.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    /// The method.
    pub method: &'a str,
    /// Path and query.
    pub target: &'a str,
    /// Headers beside `Host`, `User-Agent`, `Content-Length` and `Connection`.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body; empty for none.
    pub body: &'a str,
    /// How long one address of the host is tried before the next.
    pub connect: Duration,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Why there is no answer, in words for the operator. None of them quotes the question.
#[derive(Debug)]
pub(crate) enum Unreached {
    /// The name of the host has no address.
    Name(String),
    /// Nobody takes the connection.
    Connection(String),
    /// The connection ended before the answer: what was asked may have been done.
    Cut(String),
    /// There is no trusted TLS.
    Tls(String),
    /// What answers doesn't speak HTTP/1.
    NoHttp,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Whom to trust: the authorities that browsers trust, and those of this machine.
pub(crate) fn public_trust() -> ClientConfig {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    // A machine without a store of its own is no fault: then the former do.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    trust(roots)
}

pub(crate) fn trust(roots: RootCertStore) -> ClientConfig {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    #[expect(clippy::expect_used, reason = "ring has cipher suites for both versions")]
    let builder = builder
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3");
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// Asks the host of `url`. Takes as long as it takes: the caller has the clock.
pub(crate) async fn ask(url: &Url, ask: Ask<'_>, trust: ClientConfig) -> Result<Reply, Unreached> {
    let stream = connect(url, ask.connect).await?;
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    let host = url.host_str().unwrap_or_default();
    let mut request = format!(
        "{} {} HTTP/1.1\r\nhost: {host}{port}\r\nuser-agent: latchstring\r\nconnection: close\r\n",
        ask.method, ask.target
    );
    for (name, value) in ask.headers {
        let _ = write!(request, "{name}: {value}\r\n");
    }
    if !ask.body.is_empty() {
        let _ = write!(request, "content-length: {}\r\n", ask.body.len());
    }
    let _ = write!(request, "\r\n{}", ask.body);
    if url.scheme() != "https" {
        return talk(stream, &request).await;
    }
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
        .map_err(|error| Unreached::Tls(error.to_string()))?;
    let encrypted = TlsConnector::from(Arc::new(trust)).connect(name, stream).await;
    talk(
        encrypted.map_err(|error| Unreached::Tls(error.to_string()))?,
        &request,
    )
    .await
}

async fn connect(url: &Url, patience: Duration) -> Result<TcpStream, Unreached> {
    let port = url.port_or_known_default().unwrap_or(80);
    let addresses: Vec<_> = match url.host() {
        Some(Host::Ipv4(address)) => vec![(address, port).into()],
        Some(Host::Ipv6(address)) => vec![(address, port).into()],
        Some(Host::Domain(name)) => tokio::net::lookup_host((name, port))
            .await
            .map_err(|error| Unreached::Name(error.to_string()))?
            .collect(),
        None => Vec::new(),
    };
    let mut last = Unreached::Name("the name has no address".to_owned());
    for address in addresses {
        last = Unreached::Connection(
            match tokio::time::timeout(patience, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => format!("{address}: {error}"),
                Err(_) => format!("{address}: no answer within {} s", patience.as_secs()),
            },
        );
    }
    Err(last)
}

async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> Result<Reply, Unreached> {
    let broken = |error: std::io::Error| Unreached::Cut(error.to_string());
    stream.write_all(request.as_bytes()).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    let mut came = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(reply) = parse(&came, false)? {
            return Ok(reply);
        }
        let read = match stream.read(&mut buffer).await {
            // Some servers end TLS without saying so; what came before it counts.
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => 0,
            read => read.map_err(broken)?,
        };
        if read == 0 || came.len() > MOST {
            return parse(&came, true)?.ok_or_else(|| {
                Unreached::Cut("the connection ended in the middle of the answer".to_owned())
            });
        }
        came.extend_from_slice(buffer.get(..read).unwrap_or_default());
    }
}

/// Reads an answer (RFC 9112 §4 and §6); `None` while it isn't whole. `ended`: nothing more comes.
fn parse(came: &[u8], ended: bool) -> Result<Option<Reply>, Unreached> {
    let magic = b"HTTP/1.";
    if !came.iter().zip(magic).all(|(is, should)| is == should) || (ended && came.len() < magic.len()) {
        return Err(Unreached::NoHttp);
    }
    let Some(end) = came.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let (head, body) = (
        String::from_utf8_lossy(came.get(..end).unwrap_or_default()).into_owned(),
        came.get(end + 4..).unwrap_or_default(),
    );
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|code| code.parse().ok())
        .ok_or(Unreached::NoHttp)?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut reply = Reply {
        status,
        headers,
        body: Vec::new(),
    };
    let length = reply
        .header("content-length")
        .and_then(|length| length.parse::<usize>().ok());
    let is_chunked = reply
        .header("transfer-encoding")
        .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"));
    let whole = match (is_chunked, length) {
        (true, _) => unchunk(body),
        (false, Some(length)) if body.len() >= length => body.get(..length).map(<[u8]>::to_vec),
        _ => None,
    };
    reply.body = match whole {
        Some(body) => body,
        None if ended => body.to_vec(),
        None => return Ok(None),
    };
    Ok(Some(reply))
}

/// Puts chunks together (RFC 9112 §7.1); `None` until the last one is there.
fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(rest.get(..end)?).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        rest = rest.get(end + 2..)?;
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size.checked_add(2)?..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it was whole before the end, and its body.
    fn read(text: &str) -> Option<(bool, u16, String)> {
        let early = parse(text.as_bytes(), false).ok()?;
        let is_whole = early.is_some();
        let reply = early.or(parse(text.as_bytes(), true).ok()?)?;
        Some((is_whole, reply.status, String::from_utf8(reply.body).unwrap()))
    }

    #[test]
    fn answers_are_read_by_their_length_in_chunks_or_to_the_end() {
        let yes = |whole, status, body: &str| Some((whole, status, body.to_owned()));
        for (text, expected) in [
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc",
                yes(true, 200, "ab"),
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
                yes(false, 200, "abc"),
            ),
            ("HTTP/1.0 404\r\n\r\nabc", yes(false, 404, "abc")),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n",
                yes(true, 200, "abc0123456789"),
            ),
            (
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
                yes(false, 200, "ffffffffffffffff\r\nabc"),
            ),
            ("HTTP/1.1 200 OK\r\ncontent-length", None),
            ("HTTP/1.1 two\r\n\r\n", None),
            ("SSH-2.0-OpenSSH\r\n\r\n", None),
            ("HTT", None),
            ("", None),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }
}
