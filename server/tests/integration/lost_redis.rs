//! Redis goes away and comes back, while people are signed in. Only where the run has a Redis.

use crate::factors::{answer, at_challenge, other_than, with_app};
use crate::house::{Browser, PASSWORD, TestHouse, Wire};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_redis_signs_nobody_out_and_lets_nobody_stay() {
    let Some(wire) = Wire::to_redis().await else {
        return;
    };
    let t = TestHouse::with(&[("REDIS_URL", &wire.url())]).await;
    // A server whose Redis is not cut off: what it holds in copies must follow all the same.
    let other = t.second_node_with(&[("REDIS_URL", wire.redis.as_str())]).await;
    let mut ada = t.member("Ada", ADA).await;
    let bob = t.member("Bob", BOB).await;
    let signed_in = async |person: &Browser| {
        (
            person.is_signed_in().await,
            person.on(&other).is_signed_in().await,
        )
    };
    assert_eq!(signed_in(&ada).await, (true, true));

    wire.cut(true);
    assert_eq!(signed_in(&ada).await, (true, true));
    assert_eq!(signed_in(&bob).await, (true, true));
    let mut eve = t.browser();
    assert_eq!(
        eve.sign_in(BOB, PASSWORD).await.location(),
        "/account",
        "people sign in without Redis"
    );
    let thief = ada.clone();
    ada.sign_out().await;
    assert!(!thief.is_signed_in().await, "here it holds at once");

    wire.cut(false);
    // The fence waits in the queue until Redis is back.
    t.mails_to(ADA).await;
    for _ in 0..100 {
        if !thief.on(&other).is_signed_in().await {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        t.mails_to(ADA).await;
    }
    assert_eq!(signed_in(&thief).await, (false, false));
    assert_eq!(signed_in(&bob).await, (true, true));
    t.ignore_jobs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_of_before_a_lost_redis_count_while_it_is_away_and_when_it_is_back() {
    let Some(wire) = Wire::to_redis().await else {
        return;
    };
    let t = TestHouse::with(&[("REDIS_URL", &wire.url())]).await;
    let (_, app, _) = with_app(&t, "Ada", ADA).await;
    let mut thief = t.script();
    at_challenge(&mut thief, ADA).await;
    for (is_away, guesses) in [(false, 2), (true, 2), (false, 1)] {
        wire.cut(is_away);
        for _ in 0..guesses {
            let wrong = other_than(&app.code(&t));
            assert_eq!(answer(&mut thief, "totp", wrong).await.status, 422, "{is_away}");
        }
    }
    let right = app.code(&t);
    let page = answer(&mut thief, "totp", &right).await;
    assert_eq!(page.status, 429, "five were looked at, whoever counts");
    t.ignore_jobs();
}
