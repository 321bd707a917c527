//! A small HTTP/1.1 client (RFC 9112) that can do what a good one must not: stop in the middle of a request, and hang
//! up before the answer.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The most headers that an answer may have.
const MAX_HEADERS: usize = 64;

/// One connection to the server, kept open between requests.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// What was read and belongs to no answer yet.
    unread: Vec<u8>,
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body, as it came: still compressed, if it was.
    pub body: Vec<u8>,
    /// The server closes the connection after this.
    pub last: bool,
    head: Vec<u8>,
}

/// How the end of a body is found (RFC 9112 §6.3).
enum Framing {
    Length(usize),
    Chunked,
    UntilClose,
}

impl Connection {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            unread: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends a request and waits for its answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.send(request).await?;
        self.receive().await
    }

    /// Sends bytes, whole requests or not.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Waits for the next answer. A connection that ends before it is [`ErrorKind::UnexpectedEof`].
    pub async fn receive(&mut self) -> Result<Answer> {
        let (length, status, framing, last) = loop {
            if let Some(head) = read_head(&self.unread)? {
                break head;
            }
            self.more().await?;
        };
        let head: Vec<u8> = self.unread.drain(..length).collect();
        let mut body = Vec::new();
        match framing {
            Framing::Length(length) => {
                while self.unread.len() < length {
                    self.more().await?;
                }
                body.extend(self.unread.drain(..length));
            }
            Framing::Chunked => self.chunks(&mut body).await?,
            Framing::UntilClose => {
                while self.more().await.is_ok() {}
                body.append(&mut self.unread);
            }
        }
        Ok(Answer {
            status,
            body,
            last,
            head,
        })
    }

    /// True while the server has not ended it, as far as can be seen without waiting.
    pub fn is_open(&self) -> bool {
        let mut nothing = [0; 1];
        matches!(self.stream.try_read(&mut nothing), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    async fn chunks(&mut self, body: &mut Vec<u8>) -> Result<()> {
        loop {
            let end = loop {
                if let Some(at) = self.unread.windows(2).position(|two| two == b"\r\n") {
                    break at;
                }
                self.more().await?;
            };
            let line = std::str::from_utf8(&self.unread[..end]).unwrap_or_default();
            let size = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)
                .map_err(|_| broken("a chunk has no size"))?;
            let whole = end + 2 + size + 2;
            while self.unread.len() < whole {
                self.more().await?;
            }
            body.extend_from_slice(&self.unread[end + 2..end + 2 + size]);
            self.unread.drain(..whole);
            if size == 0 {
                return Ok(());
            }
        }
    }

    async fn more(&mut self) -> Result<()> {
        match self.stream.read_buf(&mut self.unread).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

impl Answer {
    /// The first header of a name, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.find(name).next()
    }

    /// Every header of a name.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        self.find(name).collect()
    }

    fn find<'a, 'n>(&'a self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let text = std::str::from_utf8(&self.head).unwrap_or_default();
        text.lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .filter(move |(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The answer as it is passed on by a proxy, with its length written out.
    pub fn raw(&self) -> Vec<u8> {
        let head = String::from_utf8_lossy(&self.head);
        let framing = ["transfer-encoding:", "content-length:", "connection:"];
        let mut raw = String::new();
        for line in head.lines().filter(|line| !line.is_empty()) {
            let lower = line.to_ascii_lowercase();
            if !framing.iter().any(|name| lower.starts_with(name)) {
                raw.push_str(line);
                raw.push_str("\r\n");
            }
        }
        let mut raw = format!("{raw}content-length: {}\r\n\r\n", self.body.len()).into_bytes();
        raw.extend_from_slice(&self.body);
        raw
    }

    /// The body as text; what is no text is left out.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_default()
    }
}

/// Length, status, framing, and whether the connection ends, once the whole head is there.
fn read_head(bytes: &[u8]) -> Result<Option<(usize, u16, Framing, bool)>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let Ok(parsed) = response.parse(bytes) else {
        return Err(broken("the answer is no HTTP"));
    };
    let httparse::Status::Complete(length) = parsed else {
        return Ok(None);
    };
    let status = response.code.unwrap_or(0);
    let has = |name: &str, value: &[u8]| {
        response
            .headers
            .iter()
            .any(|header| header.name.eq_ignore_ascii_case(name) && header.value.eq_ignore_ascii_case(value))
    };
    let given = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let framing = if has("transfer-encoding", b"chunked") {
        Framing::Chunked
    } else if let Some(given) = given {
        let text = std::str::from_utf8(given.value).unwrap_or_default();
        Framing::Length(text.parse().map_err(|_| broken("the length is no number"))?)
    } else if matches!(status, 100..200 | 204 | 304) {
        Framing::Length(0)
    } else {
        Framing::UntilClose
    };
    let last = has("connection", b"close") || matches!(framing, Framing::UntilClose);
    Ok(Some((length, status, framing, last)))
}

fn broken(why: &str) -> Error {
    Error::new(ErrorKind::InvalidData, why.to_owned())
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    async fn answers(bytes: &'static [u8]) -> Result<Answer> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut connection = Connection::open(listener.local_addr().unwrap()).await.unwrap();
        let (mut peer, _) = listener.accept().await.unwrap();
        for part in bytes.chunks(7) {
            peer.write_all(part).await.unwrap();
        }
        drop(peer);
        connection.receive().await
    }

    #[tokio::test]
    async fn an_answer_is_read_however_its_end_is_marked() {
        let by_length = answers(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-one: 1\r\nX-One: 2\r\n\r\nhello")
            .await
            .unwrap();
        assert_eq!(
            (by_length.status, by_length.text(), by_length.last),
            (200, "hello", false)
        );
        assert_eq!(by_length.headers("x-ONE"), ["1", "2"]);
        let chunked = answers(b"HTTP/1.1 303 See Other\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n").await.unwrap();
        assert_eq!(
            (chunked.status, chunked.text(), chunked.last),
            (303, "hello", true)
        );
        let open = answers(b"HTTP/1.1 500 Oh\r\n\r\nhello").await.unwrap();
        assert_eq!((open.status, open.text(), open.last), (500, "hello", true));
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_none() {
        for bytes in [
            &b"HTTP/1.1 200 OK\r\ncontent-le"[..],
            b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhell",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhel",
        ] {
            assert_eq!(answers(bytes).await.unwrap_err().kind(), ErrorKind::UnexpectedEof);
        }
        assert_eq!(
            answers(b"hello?\r\n\r\n").await.unwrap_err().kind(),
            ErrorKind::InvalidData
        );
    }
}
