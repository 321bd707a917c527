//! The flow explorer: breadth first over everything that sign-in, passkeys, reset, enrolment, step-up and the delayed way back accept, on the real router and a
//! real database, with a clock that moves. It looks for what no list of cases thinks of: an order of honest and dishonest steps
//! at the end of which somebody is in who should not be.
//!
//! # A state
//! What lies in the database (`rows.rs`: every table of the schema but the trail, the queue and the inbox), the cookies of two
//! browsers with the session and the sign-in that each had before (`state.rs`), what is true (`truth.rs`: whose password is
//! which, which codes and links are worth something, what was really proven in which flow), the time, and the settings. Two
//! states are one if they differ only in what was drawn at random, in the order of rows, and in moments between which no rule
//! distinguishes (`digest.rs`).
//!
//! # An action
//! One browser makes one call with one value (`action.rs`): the right one, none, nobody's, one that was right before, the other
//! person's, one of another flow; or puts a cookie of before or of the other browser into its jar; or looks at a page; or time
//! goes by. After it the queue is worked off and the mail is read. In the first states everything is tried; further on wrong
//! values take turns.
//!
//! # Restoring a state
//! The database is a file in memory. Triggers note the rows that an action touches, so an action costs the rows that it changed,
//! and going to another state the rows in which the two differ. Without Redis the product keeps nothing of a person in the
//! process but its limits by address; those are off here and on in `walks.rs`. Password hashes have the cheapest settings
//! that the product takes, as in the integration suite.
//!
//! # The oracle
//! `oracle.rs` compares the rows before and after an action with the truth, which is told from what was sent and never from what
//! the server thinks of it: a session needs the first factor of its person in that flow, and the second where there is one; AAL2 needs two
//! distinct ones; a password, a factor, a code set, a remembered browser change only at their level; an answer names nobody
//! else. Rules are upper bounds: the server may refuse more (limits), never less.
//!
//! `rules.rs` goes on with passkeys (one's own, by one's own device, once for each challenge; two factors only if it verified its
//! holder), the way back (after the wait, unless somebody stopped it or signed in) and the freeze (nothing changes). `moves.rs` has the
//! change of an address (by the link that went there, and back by the one that went to the old one), `arrivals.rs` accounts (by their
//! mailbox, under the password of whoever proved it) and the set-up (once).
//!
//! # What it gets to
//! Roots lie deep inside, so that long flows are a step or two away. Each run counts how often each call was accepted with what is
//! asked for, and fails if one never was. Somebody new is followed to their account's door and out again: in it they are as the others are
//! (`action.rs`). A double click on the proof of a sign-up and on the set-up is left to the integration suite.
//!
//! # Whether it bites
//! `flaws.rs` puts flaws in from outside; each must be found, with the shortest path.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod action;
mod arrivals;
mod claim;
#[path = "../integration/passkeys/device.rs"]
#[expect(
    dead_code,
    reason = "the device of the integration suite, of which this needs less"
)]
mod device;
mod digest;
mod factor;
mod facts;
mod flaws;
mod ground;
mod house;
mod keys;
mod leaks;
mod learn;
mod moves;
mod oracle;
mod pages;
mod rows;
mod rules;
mod search;
mod stage;
mod state;
mod truth;
mod typed;
mod value;
mod values;
mod walks;
mod way_back;

use std::num::NonZero;

use self::action::{Action, Call, Value};
use self::flaws::Flaw;
use self::ground::Ground;
use self::search::{Bounds, explore};
use self::stage::{Outcome, Stage};
use self::state::State;
use self::truth::Factor;

/// A number from the environment: `script/explore` sets them.
#[expect(
    clippy::disallowed_methods,
    reason = "the explorer's own settings have no other way in"
)]
fn number(name: &str, otherwise: usize) -> usize {
    let set = std::env::var(format!("LATCHSTRING_EXPLORE_{name}")).ok();
    set.map_or(otherwise, |set| set.parse().expect("a number"))
}

fn bounds() -> Bounds {
    Bounds {
        depth: number("DEPTH", 12),
        states: number("STATES", 2_000),
        width: number("WIDTH", 1_500),
        seed: number("SEED", 1) as u64,
        threads: std::thread::available_parallelism().map_or(2, NonZero::get),
    }
}

fn prepare() -> (Ground, Vec<State>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let ground = Ground::make().await;
        let roots = Box::pin(ground.roots()).await;
        (ground, roots)
    })
}

#[test]
fn no_order_of_steps_lets_anybody_in_who_should_not_be() {
    let (ground, roots) = prepare();
    let found = explore(&ground, roots, bounds(), None);
    let report = found.report();
    println!("{report}");
    assert!(found.broken.is_none(), "{report}");
    assert!(
        found.states >= bounds().states || found.depth == bounds().depth,
        "{report}"
    );
    // An explorer that gets nowhere would find nothing either.
    for call in [
        "SignIn",
        "Answer",
        "Enrol",
        "Reset",
        "ConfirmPassword",
        "ConfirmFactor",
        "ChangePassword",
        "ConfirmApp",
        "AskPasskey",
        "PasskeySignIn",
        "AddPasskey",
        "RemovePasskey",
        "Recover",
        "FinishRecovery",
        "CancelRecovery",
        "StopRecovery",
        "NotMe",
        "ConfirmPhone",
        "FinishByPasskey",
        "ConfirmMove",
        "UndoMove",
        "VerifyLink",
        "VerifyCode",
        "SetUp",
    ] {
        assert!(
            found.led_on.contains_key(call),
            "{call} never led anywhere: {report}"
        );
    }
    // Each way of each call, once the paths are long enough for it.
    let missing = found.never_accepted();
    assert!(
        bounds().states < 20_000 || missing.is_empty(),
        "never accepted: {missing:?}\n{report}"
    );
}

#[test]
fn each_flaw_that_is_put_in_is_found() {
    let (ground, roots) = prepare();
    for flaw in Flaw::ALL {
        let found = explore(
            &ground,
            flaw.roots(&roots),
            Bounds {
                states: 50_000,
                ..bounds()
            },
            Some(flaw),
        );
        println!("{}: {}", flaw.name(), found.report());
        let broken = found
            .broken
            .unwrap_or_else(|| panic!("{} was not found", flaw.name()));
        println!("where {}: {}", broken.root, broken.path.join(", "));
        assert!(
            broken.rule.contains(flaw.breaks()),
            "{}: {}",
            flaw.name(),
            broken.rule
        );
        assert!(
            broken.path.len() <= 3,
            "there is a shorter path: {:?}",
            broken.path
        );
    }
}

#[test]
fn with_the_true_limits_the_rules_hold_too() {
    let (ground, roots) = prepare();
    let steps = walks::walk(&ground, &roots, number("WALKS", 6), number("SEED", 1) as u64);
    println!("{steps} steps");
}

/// Two orders of steps that the explorer would need hours for; each was a fault once.
#[test]
fn what_was_found_stays_mended() {
    let (ground, roots) = prepare();
    let root = roots
        .iter()
        .find(|root| root.root.contains("both are signed in"))
        .unwrap();
    let ada = |by, call| Action { by, call };
    let right = Value::Right;
    // A password made a second factor fresh that was given twelve minutes ago.
    let kept_fresh = vec![
        ada(0, Call::Wait(360)),
        ada(0, Call::ChangePassword(right)),
        ada(0, Call::Wait(360)),
        ada(0, Call::RemoveApp),
    ];
    // A session that had given a factor which was gone counted as having given the next one.
    let stood_for = vec![
        ada(1, Call::SignIn { who: 0, value: right }),
        ada(
            1,
            Call::Answer {
                factor: Factor::App,
                value: right,
                trust: false,
            },
        ),
        ada(1, Call::RemoveApp),
        ada(0, Call::Wait(660)),
        ada(0, Call::ConfirmPassword(right)),
        ada(1, Call::ConfirmPassword(right)),
        ada(1, Call::BeginApp),
        ada(1, Call::ConfirmApp(right)),
        ada(0, Call::NewCodes),
    ];
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for path in [kept_fresh, stood_for] {
        runtime.block_on(async {
            let mut stage = Stage::new(&ground, 77, None, &[]).await;
            let (last, path) = path.split_last().unwrap();
            let state = stage.follow("a path", root, path).await;
            match stage.play(&state, *last).await {
                Outcome::Broken(rule) => panic!("{path:?}, {last}: {rule}"),
                Outcome::Same | Outcome::Next(_) => stage.close().await,
            }
        });
    }
}
