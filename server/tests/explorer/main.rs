//! The flow explorer: breadth first over everything that sign-in, reset, enrolment and step-up accept, on the real router and a real
//! database, with a clock that moves. It looks for what no list of cases thinks of: an order of honest and dishonest steps at the
//! end of which somebody is in who should not be.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod action;
mod digest;
mod flaws;
mod ground;
mod learn;
mod oracle;
mod rows;
mod search;
mod stage;
mod state;
mod truth;
mod typed;

use self::ground::Ground;
use self::search::{Bounds, explore};
use self::flaws::Flaw;

fn prepare() -> (Ground, Vec<state::State>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ground = Ground::make().await;
        let roots = ground.roots().await;
        (ground, roots)
    })
}

#[test]
fn no_order_of_steps_lets_anybody_in_who_should_not_be() {
    let (ground, roots) = prepare();
    let bounds = Bounds { depth: 12, states: 3_000, width: 500, seed: 1, threads: 2 };
    let found = explore(&ground, roots, bounds, None);
    println!("{}", found.report());
    assert!(found.broken.is_none());
}

#[test]
fn each_flaw_that_is_put_in_is_found() {
    let (ground, roots) = prepare();
    for flaw in Flaw::ALL {
        let bounds = Bounds { depth: 12, states: 100_000, width: 2000, seed: 1, threads: 2 };
        let found = explore(&ground, roots.clone(), bounds, Some(flaw));
        println!("{}: {}", flaw.name(), found.report());
        assert!(found.broken.is_some());
    }
}
