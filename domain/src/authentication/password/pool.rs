//! The threads that hash, and the queue before them.
//!
//! They are threads of their own, because hashing takes all of a core for as long as it lasts: at a lower priority, so
//! that a core that hashes still answers requests at once, and each with memory of its own, because fresh allocations
//! of 19 MiB on many threads would stay with the allocator for ever.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use argon2::Block;
use tokio::sync::oneshot;

use crate::{Error, Result};

/// How much lower their priority is: beside the rest of the server a hash gets a third of the core, and all of it while
/// the rest is idle.
const NICE: i32 = 5;

type Task = Box<dyn FnOnce(&mut Vec<Block>) + Send>;

/// So many threads, and a queue. The threads end with the last clone.
#[derive(Clone)]
pub(super) struct Pool {
    tasks: Sender<Task>,
    taken: Arc<AtomicUsize>,
    threads: usize,
    queue: usize,
}

impl Pool {
    /// Starts the threads. At most `queue` tasks wait for one of them.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system gives no more threads.
    pub fn start(threads: usize, queue: usize) -> Result<Self> {
        let (tasks, given) = channel();
        let given = Arc::new(Mutex::new(given));
        for _ in 0..threads {
            let given = Arc::clone(&given);
            thread::Builder::new()
                .name("password".to_owned())
                .spawn(move || work(&given))
                .map_err(|error| Error::Internal(format!("no thread to hash passwords: {error}")))?;
        }
        Ok(Self {
            tasks,
            taken: Arc::default(),
            threads,
            queue,
        })
    }

    /// Takes a place: on a thread, or in the queue.
    ///
    /// # Errors
    /// [`Error::Busy`] when there is none.
    pub fn place(&self) -> Result<Place> {
        let before = self.taken.fetch_add(1, Ordering::SeqCst);
        let place = Place(Arc::clone(&self.taken));
        if before >= self.queue.saturating_add(self.threads) {
            metrics::counter!("latchstring_password_hash_refused_total").increment(1);
            return Err(Error::Busy {
                retry_after: Duration::from_secs(2),
            });
        }
        Ok(place)
    }

    /// How many places in the queue are taken.
    pub fn waiting(&self) -> usize {
        self.taken.load(Ordering::SeqCst).saturating_sub(self.threads)
    }

    /// Runs `work` when its turn has come. It is done also when the one who asked has gone.
    ///
    /// # Errors
    /// [`Error::Internal`] when it panicked.
    pub async fn run<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T> {
        let (done, wait) = oneshot::channel();
        let task = move |memory: &mut Vec<Block>| {
            let _place = place;
            let started = Instant::now();
            let result = work(memory);
            metrics::histogram!("latchstring_password_hash_seconds").record(started.elapsed().as_secs_f64());
            let _ = done.send(result);
        };
        let gone = || Error::Internal("password hashing ended early".into());
        self.tasks.send(Box::new(task)).map_err(|_| gone())?;
        wait.await.map_err(|_| gone())
    }
}

/// A place on a thread or in the queue; given back when dropped.
#[must_use]
#[derive(Debug)]
pub struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One thread: task after task, until nobody can give it another.
fn work(given: &Mutex<Receiver<Task>>) {
    // On Linux this is the priority of the thread alone. Where it is refused, it stays as it is.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(NICE);
    let mut memory = Vec::new();
    loop {
        let next = given.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(task) = next else { return };
        // Whoever waits for it learns of a panic from the silence.
        let _ = catch_unwind(AssertUnwindSafe(|| task(&mut memory)));
    }
}
