//! A mail server that says what the test wants.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// A mail server on a port of this machine. It ends with the test's runtime.
pub struct Smtp {
    pub url: String,
    counts: Arc<Counts>,
}

/// What became of the mails.
struct Counts {
    taken: AtomicUsize,
    /// Those that wait for an answer, and the most that ever did at once.
    held: AtomicUsize,
    most: AtomicUsize,
    /// Leave to answer.
    leave: Semaphore,
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

    /// Takes every mail, each when it is [let go](Self::let_go).
    pub async fn that_holds_mail() -> Self {
        Self::serve("250 taken", Duration::ZERO, 0).await
    }

    /// How many mails were taken.
    pub fn taken(&self) -> usize {
        self.counts.taken.load(Ordering::SeqCst)
    }

    /// How many are held now.
    pub fn held(&self) -> usize {
        self.counts.held.load(Ordering::SeqCst)
    }

    /// How many were ever held at once.
    pub fn most_held(&self) -> usize {
        self.counts.most.load(Ordering::SeqCst)
    }

    /// Lets one mail go.
    pub fn let_go(&self) {
        self.counts.leave.add_permits(1);
    }

    async fn start(answer: &'static str, wait: Duration) -> Self {
        Self::serve(answer, wait, Semaphore::MAX_PERMITS).await
    }

    async fn serve(answer: &'static str, wait: Duration, leave: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let counts = Arc::new(Counts {
            taken: AtomicUsize::new(0),
            held: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            leave: Semaphore::new(leave),
        });
        let own = Arc::clone(&counts);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, answer, wait, Arc::clone(&own)));
            }
        });
        Self { url, counts }
    }
}

/// One connection (RFC 5321). Ends when the client hangs up.
async fn talk(stream: TcpStream, answer: &str, wait: Duration, counts: Arc<Counts>) -> Option<()> {
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
                let held = counts.held.fetch_add(1, Ordering::SeqCst) + 1;
                counts.most.fetch_max(held, Ordering::SeqCst);
                tokio::time::sleep(wait).await;
                counts.leave.acquire().await.ok()?.forget();
                counts.held.fetch_sub(1, Ordering::SeqCst);
                let taken = usize::from(answer.starts_with('2'));
                counts.taken.fetch_add(taken, Ordering::SeqCst);
                answer
            }
            "QUIT" => return writer.write_all(b"221 bye\r\n").await.ok(),
            _ => "250 fine",
        };
        writer.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
    }
    None
}
