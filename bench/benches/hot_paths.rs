//! The hot paths one by one: `cargo bench -p bench`.

use axum::body::Body;
use axum::http::Request;
use divan::{Bencher, black_box};
use domain::authentication::local_path::LocalPath;
use domain::authentication::session::SessionToken;
use domain::platform::Platform;
use domain::platform::clock::Clock;
use domain::platform::config::{Config, Sources};
use domain::platform::entropy::Entropy;
use domain::platform::keys::Keys;
use domain::words::Words;
use http_body_util::BodyExt as _;
use server::routes::router;
use server::serve::house;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

fn main() {
    divan::main();
}

#[divan::bench]
fn session_token_hash() -> bool {
    let token = SessionToken::from_bytes(black_box([7; 16]));
    black_box(token.hash()).as_bytes().is_empty()
}

/// What a cookie of a refused form has, about.
const PLAIN: &[u8] = &[b'x'; 256];

#[divan::bench]
fn seal(bencher: Bencher<'_, '_>) {
    let (keys, entropy) = keys();
    bencher.bench(|| keys.seal("bench", black_box(PLAIN), &entropy));
}

#[divan::bench]
fn open(bencher: Bencher<'_, '_>) {
    let (keys, entropy) = keys();
    let sealed = keys.seal("bench", PLAIN, &entropy).expect("sealed");
    bencher.bench(|| keys.open("bench", black_box(&sealed)));
}

fn keys() -> (Keys, Entropy) {
    let entropy = Entropy::seeded(7);
    (Keys::parse(&Keys::generate(&entropy)).expect("keys"), entropy)
}

#[divan::bench(args = ["/account", "/account/sessions?after=1&before=2#here", "//evil.example", "/\\evil.example"])]
fn local_path(text: &str) -> bool {
    LocalPath::parse(black_box(text)).is_some()
}

#[divan::bench]
fn words_without_arguments() -> String {
    Words::for_language("en").text(black_box("sign-in-button"))
}

#[divan::bench]
fn words_with_arguments() -> String {
    Words::for_language("en").text_with(black_box("form-errors"), &[("count", "3")])
}

/// The whole server but the network: every layer, the page, its words.
#[divan::bench(args = ["/sign-in", "/sign-up", "/forgot-password", "/health/live", "/api/v1/session"])]
fn request(bencher: Bencher<'_, '_>, path: &str) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let sources = Sources {
        environment: vec![
            ("LATCHSTRING_ENV".into(), "development".into()),
            ("LATCHSTRING_DATA_DIR".into(), folder.path().display().to_string()),
        ],
        ..Sources::default()
    };
    let config = Config::load(&sources).unwrap_or_else(|_| panic!("the settings are right"));
    let platform = runtime.block_on(Platform::open(config, Clock::system(), Entropy::system()));
    let router = router(house(platform.expect("a platform")));
    bencher.bench(|| {
        runtime.block_on(async {
            let request = Request::get(path)
                .header("host", "localhost:3000")
                .header("accept", "text/html");
            let request = request.body(Body::empty()).expect("a request");
            let answer = router.clone().oneshot(request).await.expect("an answer");
            answer
                .into_body()
                .collect()
                .await
                .expect("a body")
                .to_bytes()
                .len()
        })
    });
}
