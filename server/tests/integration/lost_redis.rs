//! Redis goes away and comes back, while people are signed in. Only where the run has a Redis.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

use crate::house::{Browser, PASSWORD, TestHouse, variable};

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

/// A wire to Redis that can be cut: whoever is connected is thrown out, and nobody gets through.
struct Wire {
    address: SocketAddr,
    cut: watch::Sender<bool>,
}

impl Wire {
    async fn to(redis: &Url) -> Self {
        let target = format!("{}:{}", redis.host_str().unwrap(), redis.port().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, state) = watch::channel(false);
        let target: Arc<str> = target.into();
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut state, target) = (state.clone(), Arc::clone(&target));
                tokio::spawn(async move {
                    if *state.borrow() {
                        return;
                    }
                    let Ok(mut far) = TcpStream::connect(&*target).await else {
                        return;
                    };
                    tokio::select! {
                        _ = copy_bidirectional(&mut near, &mut far) => {}
                        _ = state.wait_for(|cut| *cut) => {}
                    }
                });
            }
        });
        Self { address, cut }
    }

    /// The URL of Redis at the near end.
    fn url(&self, redis: &Url) -> String {
        let mut url = redis.clone();
        url.set_ip_host(self.address.ip()).unwrap();
        url.set_port(Some(self.address.port())).unwrap();
        url.into()
    }
}

/// The Redis of this run, if it has one.
fn redis() -> Option<Url> {
    Some(Url::parse(&variable("LATCHSTRING_TEST_REDIS_URL")?).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_redis_signs_nobody_out_and_lets_nobody_stay() {
    let Some(redis) = redis() else { return };
    let wire = Wire::to(&redis).await;
    let t = TestHouse::with(&[("REDIS_URL", &wire.url(&redis))]).await;
    // A server whose Redis is not cut off: what it holds in copies must follow all the same.
    let other = t.second_node_with(&[("REDIS_URL", redis.as_str())]).await;
    let mut ada = t.member("Ada", ADA).await;
    let bob = t.member("Bob", BOB).await;
    let signed_in = async |person: &Browser| {
        (
            person.is_signed_in().await,
            person.on(&other).is_signed_in().await,
        )
    };
    assert_eq!(signed_in(&ada).await, (true, true));

    wire.cut.send(true).unwrap();
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

    wire.cut.send(false).unwrap();
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
