//! Walks with the true limits: they live in the process, so such a path can't be restored, only walked. Each walk has a stage
//! of its own, whose limits begin fresh, and draws one action after the other by the seed.

use super::action::actions;
use super::digest::mix;
use super::ground::Ground;
use super::stage::{Outcome, Stage};
use super::state::State;

/// Actions of one walk.
const STEPS: usize = 120;

/// Walks from each root in turn; says how many actions were played.
///
/// # Panics
/// When a rule is broken.
pub fn walk(ground: &Ground, roots: &[State], walks: usize, seed: u64) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut steps = 0;
    for (number, root) in roots.iter().cycle().take(walks).enumerate() {
        runtime.block_on(async {
            let mut stage = Stage::new(ground, number as u64, None, &[("RATE_LIMITS", "on")]).await;
            let (mut state, mut dice) = (root.clone(), mix(seed, number as u64));
            for _ in 0..STEPS {
                dice = mix(dice, 7);
                // The clock may move as often as it likes: nothing has to come to an end here.
                state.waits = 0;
                let choice = actions(&state, dice);
                let action = choice[usize::try_from(dice >> 33).unwrap() % choice.len()];
                match stage.play(&state, action).await {
                    Outcome::Next(next) => state = *next,
                    Outcome::Same => {}
                    Outcome::Broken(rule) => {
                        panic!("{rule}\nfrom: {}\n{:#?}\nthen {action}", root.root, state.story())
                    }
                }
                steps += 1;
            }
            stage.close().await;
        });
    }
    steps
}
