//! The policy, the comparison, and the queue.

use super::*;
use proptest::prelude::*;

fn settings() -> HashCost {
    HashCost {
        argon2_memory_kib: 8,
        argon2_iterations: 1,
        argon2_parallelism: 1,
        parallel: 1,
        queue: 2,
    }
}

fn hasher(settings: &HashCost) -> Hasher {
    let entropy = Entropy::seeded(7);
    let keys = Arc::new(Keys::parse(&Keys::generate(&entropy)).unwrap());
    Hasher::new(settings, keys, entropy).unwrap()
}

fn code(text: &str, identity: &[&str]) -> Option<Code> {
    let lengths = PasswordLengths { min: 15, max: 256 };
    Password::new(text, lengths, identity).err()
}

#[test]
fn length_counts_characters_and_has_both_bounds() {
    assert_eq!(code("fourteen chars", &[]), Some(Code::PasswordTooShort));
    assert_eq!(code("fifteen chars!!", &[]), None);
    assert_eq!(code(&"🦊🐻🐼".repeat(4), &[]), Some(Code::PasswordTooShort));
    assert_eq!(code("🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🦆", &[]), None);
    let long: String = (0..256)
        .map(|i| char::from(b'a' + u8::try_from(i * 7 % 26).unwrap()))
        .collect();
    assert_eq!(code(&long, &[]), None);
    assert_eq!(code(&format!("{long}x"), &[]), Some(Code::PasswordTooLong));
    assert_eq!(code(&"x".repeat(5000), &[]), Some(Code::PasswordTooLong));
    assert_eq!(code("", &[]), Some(Code::Required));
}

#[test]
fn what_everybody_uses_is_refused() {
    for text in [
        "aaaaaaaaaaaaaaaaa",
        "abababababababababab",
        "abcdefghijklmnop",
        "123456789012345",
        "987654321098765",
    ] {
        assert_eq!(code(text, &[]), Some(Code::PasswordCommon), "{text}");
    }
}

#[test]
fn ones_own_name_is_no_password_but_may_be_part_of_one() {
    let identity = [
        "Ada Lovelace",
        "ada.lovelace@example.com",
        "ada.lovelace",
        "Latchstring",
    ];
    for text in [
        "ada.lovelace1815",
        "AdaLovelace!2026",
        "ada.lovelace@example.com",
        "latchstringlatchstring",
    ] {
        assert_eq!(
            code(text, &identity),
            Some(Code::PasswordContainsIdentity),
            "{text}"
        );
    }
    assert_eq!(code("the engine of ada lovelace weaves", &identity), None);
}

async fn compare(hasher: &Hasher, password: &Password, stored: Option<&StoredPassword>) -> Verdict {
    let place = hasher.queue_up().unwrap();
    hasher.verify(place, password, stored).await.unwrap().verdict
}

/// A password, and its hash by bcrypt at the lowest cost.
fn foreign(hasher: &Hasher) -> (Password, StoredPassword) {
    let text = "$2b$04$QY/E.t1UzLeQ01snBNlTF.X5lQBLPKwDPbVAeWzN4k0EO7WlBkaAq";
    let stored = StoredPassword::foreign(text, &hasher.keys, &hasher.entropy).unwrap();
    (Password::typed("Mật khẩu cũ 2019!").unwrap(), stored.unwrap())
}

#[tokio::test]
async fn the_right_password_matches_and_no_other_does() {
    let hasher = hasher(&settings());
    let right = Password::typed("correct horse battery").unwrap();
    let stored = hasher.hash(&right).await.unwrap();
    assert!(
        stored.phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$"),
        "{}",
        stored.phc
    );
    assert_eq!(
        compare(&hasher, &right, Some(&stored)).await,
        Verdict::Match { stale: false }
    );
    for wrong in [
        "correct horse batterx",
        "Correct horse battery",
        "correct horse battery ",
        "correct horse battery\0",
        "correct horse",
    ] {
        let wrong = Password::typed(wrong).unwrap();
        assert_eq!(compare(&hasher, &wrong, Some(&stored)).await, Verdict::Mismatch);
    }
    assert_eq!(compare(&hasher, &right, None).await, Verdict::Mismatch);
    let long = Password::typed(&format!("{}a", "x".repeat(100))).unwrap();
    let other = Password::typed(&format!("{}b", "x".repeat(100))).unwrap();
    let stored = hasher.hash(&long).await.unwrap();
    assert_eq!(compare(&hasher, &other, Some(&stored)).await, Verdict::Mismatch);
}

#[tokio::test]
async fn composed_and_decomposed_forms_are_one_password() {
    let hasher = hasher(&settings());
    let stored = hasher
        .hash(&Password::typed("caf\u{e9} au lait, merci").unwrap())
        .await
        .unwrap();
    let decomposed = Password::typed("cafe\u{301} au lait, merci").unwrap();
    assert_eq!(
        compare(&hasher, &decomposed, Some(&stored)).await,
        Verdict::Match { stale: false }
    );
}

#[tokio::test]
async fn a_hash_of_older_settings_still_matches_and_is_stale() {
    let entropy = Entropy::seeded(7);
    let keys = Arc::new(Keys::parse(&Keys::generate(&entropy)).unwrap());
    let old = Hasher::new(&settings(), Arc::clone(&keys), entropy.clone()).unwrap();
    let stronger = HashCost {
        argon2_iterations: 2,
        ..settings()
    };
    let new = Hasher::new(&stronger, keys, entropy).unwrap();
    let password = Password::typed("correct horse battery").unwrap();
    let stored = old.hash(&password).await.unwrap();
    assert_eq!(
        compare(&new, &password, Some(&stored)).await,
        Verdict::Match { stale: true }
    );
}

#[tokio::test]
async fn a_place_that_is_not_used_is_given_back() {
    let hasher = hasher(&HashCost {
        parallel: 2,
        queue: 1,
        ..settings()
    });
    let places: Vec<_> = (0..3).map(|_| hasher.queue_up().unwrap()).collect();
    assert!(
        hasher.queue_up().is_err(),
        "two can be compared, and one waits, before any has begun"
    );
    drop(places);
    assert!(hasher.queue_up().is_ok());
}

#[tokio::test]
async fn past_the_queue_the_answer_is_busy_and_places_come_back() {
    let hasher = hasher(&settings());
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let place = hasher.queue_up().unwrap();
    let pool = hasher.pool.clone();
    let first = tokio::spawn(async move { pool.run(place, move |_| wait.recv().is_ok()).await });
    let password = Password::typed("correct horse battery").unwrap();
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let (hasher, password) = (hasher.clone(), password.clone());
            tokio::spawn(async move { hasher.hash(&password).await.is_ok() })
        })
        .collect();
    while hasher.waiting() < 2 {
        tokio::task::yield_now().await;
    }
    assert!(matches!(hasher.hash(&password).await, Err(Error::Busy { .. })));
    go_on.send(()).unwrap();
    assert!(first.await.unwrap().unwrap());
    for task in waiting {
        assert!(task.await.unwrap());
    }
    assert!(hasher.hash(&password).await.is_ok());
    assert_eq!(hasher.waiting(), 0);
}

/// A comparison that does not end stands for one that takes long.
#[tokio::test]
async fn however_many_hashes_from_elsewhere_are_compared_ours_go_on() {
    let hasher = hasher(&HashCost {
        queue: 64,
        ..settings()
    });
    let (password, stored) = foreign(&hasher);
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let first = hasher.gate.hold_up(move || wait.recv().is_ok());
    let (done, mut results) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..64 {
        let (hasher, password, stored, done) =
            (hasher.clone(), password.clone(), stored.clone(), done.clone());
        tokio::spawn(async move {
            let place = hasher.queue_up().unwrap();
            let result = hasher.verify(place, &password, Some(&stored)).await;
            done.send(result.map(|compared| compared.verdict)).unwrap();
        });
    }
    // The gate has eight who wait; everybody else is told to come back, while nothing moves.
    for _ in 0..64 - gate::WAITING {
        let refused = results.recv().await.unwrap();
        assert!(matches!(refused, Err(Error::Busy { .. })), "{refused:?}");
    }
    let ours = hasher.hash(&password).await.unwrap();
    assert_eq!(
        compare(&hasher, &password, Some(&ours)).await,
        Verdict::Match { stale: false }
    );
    assert_eq!(compare(&hasher, &password, None).await, Verdict::Mismatch);
    go_on.send(()).unwrap();
    assert!(first.await.unwrap().unwrap());
    for _ in 0..gate::WAITING {
        let let_in = results.recv().await.unwrap().unwrap();
        assert_eq!(let_in, Verdict::Match { stale: true });
    }
    assert_eq!(
        compare(&hasher, &password, Some(&stored)).await,
        Verdict::Match { stale: true }
    );
}

/// Others hashed what a keyboard sent.
#[tokio::test]
async fn a_hash_from_elsewhere_may_be_of_another_form_of_the_same_letters() {
    let hasher = hasher(&settings());
    // "Mật khẩu cũ 2019!" in NFD, by Python's hashlib.
    let text = "$pbkdf2-sha256$i=10$c2l4dGVlbiBieXRlcyAhIQ$mIrMdJfGP5+YiGM4Rz+UcSDTuWNJudQkipnHu3qN7F4";
    let stored = StoredPassword::foreign(text, &hasher.keys, &hasher.entropy);
    let stored = stored.unwrap().unwrap();
    let composed = "Mật khẩu cũ 2019!".nfc().collect::<String>();
    let decomposed = composed.nfd().collect::<String>();
    assert_ne!(composed, decomposed);
    let typed = Password::typed(&decomposed).unwrap();
    assert_eq!(
        compare(&hasher, &typed, Some(&stored)).await,
        Verdict::Match { stale: true }
    );
    // The one of ours that takes its place is of NFC, however it is typed.
    let ours = hasher.hash(&typed).await.unwrap();
    for form in [&composed, &decomposed] {
        let typed = Password::typed(form).unwrap();
        let verdict = compare(&hasher, &typed, Some(&ours)).await;
        assert_eq!(verdict, Verdict::Match { stale: false });
    }
}

#[tokio::test]
async fn of_a_password_that_bcrypt_did_not_read_to_its_end_no_hash_is_made() {
    let hasher = hasher(&settings());
    // "correct horse battery staple ", three times, by libxcrypt.
    let text = "$2b$04$QY/E.t1UzLeQ01snBNlTF.Z5RQHmRFlwjRKu935OlO0Sr3OueP3ZK";
    let stored = StoredPassword::foreign(text, &hasher.keys, &hasher.entropy);
    let stored = stored.unwrap().unwrap();
    let typed = Password::typed(&"correct horse battery staple ".repeat(3)).unwrap();
    assert_eq!(
        compare(&hasher, &typed, Some(&stored)).await,
        Verdict::Match { stale: false }
    );
}

#[tokio::test]
async fn a_thread_survives_a_panic() {
    let hasher = hasher(&settings());
    let place = hasher.queue_up().unwrap();
    let panicked: Result<()> = hasher.pool.run(place, |_| panic!("as if argon2 had")).await;
    assert!(panicked.is_err());
    let password = Password::typed("correct horse battery").unwrap();
    assert!(hasher.hash(&password).await.is_ok());
}

proptest! {
    #[test]
    fn any_characters_are_taken(text in "\\PC{24,60}") {
        // No composition rules: what is long enough and no repetition is a password.
        let distinct = text.chars().collect::<std::collections::HashSet<_>>().len();
        prop_assume!(distinct > 12);
        prop_assert_eq!(code(&text, &[]), None);
    }
}
