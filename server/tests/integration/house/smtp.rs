//! A mail server that says what the test wants.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail server on a port of this machine. It ends with the test's runtime.
pub struct Smtp {
    pub url: String,
    taken: Arc<AtomicUsize>,
}

impl Smtp {
    /// Takes every mail, each after this time.
    pub async fn that_takes_mail_after(wait: Duration) -> Self {
        Self::start("250 taken", wait).await
    }

    /// Answers each mail with this line.
    pub async fn that_says(answer: &'static str) -> Self {
        Self::start(answer, Duration::ZERO).await
    }

    /// Takes mail and never says so.
    pub async fn that_never_answers() -> Self {
        Self::start("250 taken", Duration::from_hours(1)).await
    }

    /// How many mails were taken.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }

    async fn start(answer: &'static str, wait: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let taken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, answer, wait, Arc::clone(&count)));
            }
        });
        Self { url, taken }
    }
}

/// One connection (RFC 5321). Ends when the client hangs up.
async fn talk(stream: TcpStream, answer: &str, wait: Duration, taken: Arc<AtomicUsize>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 test\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let word = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
        let reply = match word.as_str() {
            "EHLO" | "HELO" => "250 test",
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                while lines.next_line().await.ok()?? != "." {}
                tokio::time::sleep(wait).await;
                taken.fetch_add(usize::from(answer.starts_with('2')), Ordering::SeqCst);
                answer
            }
            "QUIT" => return writer.write_all(b"221 bye\r\n").await.ok(),
            _ => "250 fine",
        };
        writer.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
    }
    None
}
