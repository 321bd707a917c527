//! The people of a run: about fifty requests a second, of every kind, until they are told to stop.

use std::time::Duration;

use bench::Result;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::person::Person;
use crate::world::World;

/// Workers, each with its own people: nobody does two things at once but where that is the point.
const WORKERS: u64 = 10;
/// People of one worker.
const PEOPLE: usize = 8;
/// The longest pause between two things that a worker does.
const PAUSE_MS: u64 = 300;
/// How long the mails of a run may take to come after it.
const MAIL: Duration = Duration::from_mins(2);

/// The load, under way.
pub struct Load {
    stop: watch::Sender<bool>,
    workers: Vec<JoinHandle<Result<Vec<Person>>>>,
}

impl Load {
    /// Begins. The same seed makes the same dice.
    pub fn begin(world: &World, seed: u64) -> Self {
        let (stop, stopped) = watch::channel(false);
        let workers = (0..WORKERS)
            .map(|number| {
                let dice = StdRng::seed_from_u64(seed.wrapping_mul(1000).wrapping_add(number));
                tokio::spawn(work(world.clone(), dice, stopped.clone()))
            })
            .collect();
        Self { stop, workers }
    }

    /// Ends, after whatever each is doing.
    pub async fn end(self) -> Result<Vec<Person>> {
        self.stop.send_replace(true);
        let mut people = Vec::new();
        for worker in self.workers {
            people.extend(worker.await??);
        }
        Ok(people)
    }
}

async fn work(world: World, mut dice: StdRng, stopped: watch::Receiver<bool>) -> Result<Vec<Person>> {
    let mut people: Vec<Person> = Vec::new();
    // Somebody whose password is only ever guessed at.
    let mut victim: Option<Person> = None;
    while !*stopped.borrow() {
        tokio::time::sleep(Duration::from_millis(dice.random_range(0..PAUSE_MS))).await;
        let room = people.len() < PEOPLE;
        match dice.random_range(0..10) {
            0 if room => people.extend(Person::sign_up(&world, &mut dice).await?),
            1 => match &mut victim {
                Some(victim) => victim.guess(&world).await?,
                none => *none = Person::sign_up(&world, &mut dice).await?,
            },
            _ if people.is_empty() => people.extend(Person::sign_up(&world, &mut dice).await?),
            _ => {
                let at = dice.random_range(0..people.len());
                people[at].step(&world, &mut dice).await?;
            }
        }
    }
    // A victim's own password is refused while guesses wait, rightly: nothing is asked of them at the end.
    Ok(people)
}

/// Waits until a mail came for everybody who waits for one.
pub async fn wait_for_mails(world: &World, people: &[Person]) {
    let missing = || {
        people
            .iter()
            .filter(|person| !person.is_member())
            .any(|person| world.mail.token(&person.email, "/sign-up/verify", 0).is_none())
    };
    let _ = tokio::time::timeout(MAIL, async {
        while missing() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    })
    .await;
}
