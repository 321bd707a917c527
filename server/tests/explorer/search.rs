//! Breadth first, on all cores: every state of one depth before any of the next, so the first broken rule has the shortest path.
//! Where a depth has more states than the width allows, a sample of them goes on, drawn by the seed.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use super::action::{Call, actions};
use super::digest::mix;
use super::flaws::Flaw;
use super::ground::Ground;
use super::stage::{Outcome, Stage};
use super::state::State;

/// How far to go.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Actions on a path, at most.
    pub depth: usize,
    /// Distinct states after which it is enough.
    pub states: usize,
    /// States of one depth that go on.
    pub width: usize,
    /// Which.
    pub seed: u64,
    /// Threads.
    pub threads: usize,
}

/// A broken rule, and how it was broken.
#[derive(Debug)]
pub struct Broken {
    pub rule: String,
    pub root: &'static str,
    pub path: Vec<String>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    pub states: usize,
    pub transitions: usize,
    pub requests: u64,
    pub depth: usize,
    /// How often each call led to another state.
    pub led_on: BTreeMap<String, usize>,
    /// How often each call was accepted with what is asked for, and how often it was refused, with whatever.
    pub tally: BTreeMap<String, [usize; 2]>,
    /// New states of each depth.
    pub by_depth: Vec<usize>,
    pub broken: Option<Broken>,
    pub seconds: f64,
}

struct Shared {
    seen: Vec<Mutex<HashSet<u128>>>,
    count: AtomicUsize,
    transitions: AtomicUsize,
    stop: AtomicBool,
    broken: Mutex<Option<Broken>>,
    led_on: Mutex<BTreeMap<String, usize>>,
    tally: Mutex<BTreeMap<String, [usize; 2]>>,
}

impl Shared {
    /// `true` for a state that nobody has seen.
    fn is_new(&self, digest: u128) -> bool {
        let shard = usize::try_from(digest % self.seen.len() as u128).unwrap();
        let new = self.seen[shard].lock().unwrap().insert(digest);
        if new {
            self.count.fetch_add(1, Ordering::Relaxed);
        }
        new
    }
}

impl Shared {
    /// Counts a call as accepted, if it was, led on, and was sent with what is asked for; or as refused.
    fn count_call(&self, call: Call, accepted: bool, outcome: &Outcome) {
        let column = match (accepted, outcome) {
            (true, Outcome::Next(_)) if call.is_honest() => 0,
            (false, _) => 1,
            _ => return,
        };
        self.tally.lock().unwrap().entry(call.label()).or_default()[column] += 1;
    }
}

/// Explores from all roots. Stops at the first broken rule.
pub fn explore(ground: &Ground, roots: Vec<State>, bounds: Bounds, flaw: Option<Flaw>) -> Found {
    let started = Instant::now();
    let shared = Shared {
        seen: (0..64).map(|_| Mutex::default()).collect(),
        count: AtomicUsize::new(0),
        transitions: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
        broken: Mutex::default(),
        led_on: Mutex::default(),
        tally: Mutex::default(),
    };
    let mut frontier: Vec<(u128, State)> = roots.into_iter().map(|root| (root.digest(), root)).collect();
    frontier.retain(|(digest, _)| shared.is_new(*digest));
    let mut found = Found {
        by_depth: vec![frontier.len()],
        ..Found::default()
    };
    let runtimes: Vec<_> = (0..bounds.threads).map(|_| runtime()).collect();
    let mut stages: Vec<Stage> = runtimes
        .iter()
        .zip(0..)
        .map(|(runtime, number)| runtime.block_on(Stage::new(ground, number, flaw, &[])))
        .collect();
    while found.depth < bounds.depth && !frontier.is_empty() && !shared.stop.load(Ordering::Relaxed) {
        sample(&mut frontier, bounds);
        let at = AtomicUsize::new(0);
        let next = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for (stage, runtime) in stages.iter_mut().zip(&runtimes) {
                let (shared, frontier, at, next) = (&shared, &frontier, &at, &next);
                scope.spawn(move || {
                    while let Some((digest, state)) = frontier.get(at.fetch_add(1, Ordering::Relaxed)) {
                        if shared.stop.load(Ordering::Relaxed) {
                            break;
                        }
                        let new = runtime.block_on(expand(stage, shared, state, *digest, bounds));
                        next.lock().unwrap().extend(new);
                    }
                });
            }
        });
        frontier = next.into_inner().unwrap();
        found.depth += 1;
        found.by_depth.push(frontier.len());
    }
    found.requests = stages.iter().map(|stage| stage.requests).sum();
    for (stage, runtime) in stages.into_iter().zip(&runtimes) {
        runtime.block_on(stage.close());
    }
    found.states = shared.count.into_inner();
    found.transitions = shared.transitions.into_inner();
    found.led_on = shared.led_on.into_inner().unwrap();
    found.tally = shared.tally.into_inner().unwrap();
    found.broken = shared.broken.into_inner().unwrap();
    found.seconds = started.elapsed().as_secs_f64();
    found
}

/// Plays everything that can be done in a state.
async fn expand(
    stage: &mut Stage,
    shared: &Shared,
    state: &State,
    digest: u128,
    bounds: Bounds,
) -> Vec<(u128, State)> {
    let mut new = Vec::new();
    let dice = mix(u64::try_from(digest & u128::from(u64::MAX)).unwrap(), bounds.seed);
    for action in actions(state, dice) {
        shared.transitions.fetch_add(1, Ordering::Relaxed);
        let outcome = stage.play(state, action).await;
        shared.count_call(action.call, stage.accepted, &outcome);
        match outcome {
            Outcome::Same => {}
            Outcome::Next(next) => {
                let digest_after = next.digest();
                if digest_after == digest {
                    continue;
                }
                *shared
                    .led_on
                    .lock()
                    .unwrap()
                    .entry(action.call.name())
                    .or_default() += 1;
                if shared.is_new(digest_after) {
                    new.push((digest_after, *next));
                }
            }
            Outcome::Broken(rule) => {
                shared.stop.store(true, Ordering::Relaxed);
                let mut path: Vec<String> = state.story().iter().map(ToString::to_string).collect();
                path.push(action.to_string());
                let mut broken = shared.broken.lock().unwrap();
                broken.get_or_insert(Broken {
                    rule,
                    root: state.root,
                    path,
                });
                break;
            }
        }
        if shared.count.load(Ordering::Relaxed) >= bounds.states {
            shared.stop.store(true, Ordering::Relaxed);
            break;
        }
    }
    new
}

/// Of too many states, those whose digest with the seed is lowest: the same ones in each run.
fn sample(frontier: &mut Vec<(u128, State)>, bounds: Bounds) {
    frontier.sort_by_cached_key(|(digest, _)| mix(u64::try_from(digest >> 64).unwrap(), bounds.seed));
    frontier.truncate(bounds.width);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

impl Found {
    /// The calls that were never accepted with what is asked for.
    pub fn never_accepted(&self) -> Vec<String> {
        let honest = Call::all()
            .into_iter()
            .filter(|call| call.is_request() && call.is_honest());
        let labels = honest.map(Call::label);
        labels
            .filter(|label| self.tally.get(label).is_none_or(|[accepted, _]| *accepted == 0))
            .collect()
    }

    /// In a few lines.
    pub fn report(&self) -> String {
        let mut text = format!(
            "{} distinct states to depth {} by {} actions and {} requests in {:.0} s: {:.0} states a second\nnew states by depth: {:?}\n",
            self.states,
            self.depth,
            self.transitions,
            self.requests,
            self.seconds,
            f64::from(u32::try_from(self.states).unwrap_or(u32::MAX)) / self.seconds,
            self.by_depth,
        );
        let _ = writeln!(text, "how often a call led to another state: {:?}", self.led_on);
        let _ = writeln!(
            text,
            "accepted when honest, and refused, by call: {:?}",
            self.tally
        );
        if let Some(broken) = &self.broken {
            let _ = writeln!(text, "BROKEN: {}\n  from: {}", broken.rule, broken.root);
            for (number, step) in broken.path.iter().enumerate() {
                let _ = writeln!(text, "  {}. {step}", number + 1);
            }
        }
        text
    }
}
