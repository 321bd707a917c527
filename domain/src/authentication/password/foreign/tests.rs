use super::{Foreign, NotTaken};

/// In what the vectors were made with: other people's programs (the `bcrypt`, `argon2-cffi` and `passlib` packages of Python, Django 5.2,
/// and Python's own `hashlib`).
const PASSWORD: &str = "Mật khẩu cũ 2019!";

/// What wrote it, and the hash of [`PASSWORD`].
const VECTORS: &[(&str, &str)] = &[
    (
        "bcrypt 2b",
        "$2b$04$QY/E.t1UzLeQ01snBNlTF.X5lQBLPKwDPbVAeWzN4k0EO7WlBkaAq",
    ),
    (
        "bcrypt 2a",
        "$2a$04$c3xAHdb0LfM/NrOCpb82Fu5bX60XZRQnLZC2/FVckP3532Lh4e.Xy",
    ),
    (
        "bcrypt 2y",
        "$2y$04$QY/E.t1UzLeQ01snBNlTF.X5lQBLPKwDPbVAeWzN4k0EO7WlBkaAq",
    ),
    (
        "Django bcrypt",
        "bcrypt$$2b$04$biCbZ1z.84J6Qzgi6vjwAu1stR6u/QpLmlqPEWSqdsSmJ0WD3Djl2",
    ),
    (
        "Django bcrypt_sha256",
        "bcrypt_sha256$$2b$04$WpkQbFC/I5ZZReLxUyxko.VdFHCal24iLsL99Mz9vgYs1aA3rhs3O",
    ),
    (
        "passlib scrypt",
        "$scrypt$ln=10,r=8,p=1$XGttTendW0sJYQxBKKXUug$ufKKnc1PdfgIYkBGD2Jzq72Vaii8AOVhYn6mLtY78/o",
    ),
    (
        "hashlib scrypt, two lanes",
        "$scrypt$ln=10,r=8,p=2$c2l4dGVlbiBieXRlcyAhIQ$g/GrCelCn+O0aU/3y9pnY7JckV6cHf8SZ8QbiF2vnRQ",
    ),
    (
        "passlib pbkdf2-sha256",
        "$pbkdf2-sha256$1000$Z4wxxhgDoDSGEML4/18rZQ$NoHLJsJ11nFaTdsmRsDfEDKEM0ZhRgR4DR5IN7MoGv8",
    ),
    (
        "passlib pbkdf2-sha512, with dots",
        "$pbkdf2-sha512$1000$n/PemzMmZAxBSInxvndOKQ$MCsWKTKXsHweJOGJsedGhNtJ3BW6Emw2wswkQXZIVyyOhuTWVFf/L4UaCOoSPDnbYv6YFnuEEJ5GYRq.Do87sQ",
    ),
    (
        "hashlib pbkdf2-sha256",
        "$pbkdf2-sha256$i=1000,l=32$c2l4dGVlbiBieXRlcyAhIQ$+0Bt2kGH86PWxKPMvPwq78aDpFeyb72iMc1SwYmb67U",
    ),
    (
        "hashlib pbkdf2-sha512, as Keycloak's recipe writes it",
        "$pbkdf2-sha512$i=1000$c2l4dGVlbiBieXRlcyAhIQ$6xLvszouOFecuY3BLkT8AgO1qU21feHYoUiGAvZG68ZfxDiUDWwEj5lS9mYgUvR+bUfFRrXS5TW78o8wC6oOgA",
    ),
    (
        "Django pbkdf2_sha256",
        "pbkdf2_sha256$1000$salzig$NJYd1AmsJBe6WW+GaBeajF4f0i8XDhqnJkxoY+D095U=",
    ),
    (
        "argon2-cffi argon2id",
        "$argon2id$v=19$m=64,t=1,p=2$c2l4dGVlbiBieXRlcyAhIQ$dqdXi01vF6JyrmX5XSxZVccyXWGIr19LIUfL0JwScEI",
    ),
    (
        "argon2-cffi argon2i",
        "$argon2i$v=19$m=64,t=1,p=2$c2l4dGVlbiBieXRlcyAhIQ$47VOnKLLnD8kcI/ewZCqpMotvO/uhiaupVjBKPgK7Vk",
    ),
    (
        "Django argon2",
        "argon2$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0$+qQ/QaJpvyEA9bVLAVLwEDua3o9vAweFP8FCYlOPjuk",
    ),
];

#[test]
fn what_other_programs_hashed_fits_its_password_and_no_other() {
    for (by, text) in VECTORS {
        let hash = Foreign::parse(text).unwrap_or_else(|why| panic!("{by}: {why:?}"));
        assert!(hash.fits(PASSWORD.as_bytes()).unwrap(), "{by}");
        for wrong in ["mật khẩu cũ 2019!", "Mật khẩu cũ 2019", "", "Mật khẩu cũ 2019! "] {
            assert!(!hash.fits(wrong.as_bytes()).unwrap(), "{by}: {wrong:?}");
        }
        assert!(
            Foreign::parse(&format!(" {text}\r\n")).is_ok(),
            "{by}: white space"
        );
    }
}

#[test]
fn a_hash_that_would_keep_a_thread_busy_or_its_memory_full_is_refused() {
    let (salt, hash) = (
        "c2l4dGVlbiBieXRlcyAhIQ",
        "dqdXi01vF6JyrmX5XSxZVccyXWGIr19LIUfL0JwScEI",
    );
    let bcrypt = |cost: u32| format!("$2b${cost:02}$QY/E.t1UzLeQ01snBNlTF.X5lQBLPKwDPbVAeWzN4k0EO7WlBkaAq");
    let costly = [
        bcrypt(31),
        bcrypt(15),
        bcrypt(3),
        format!("$argon2id$v=19$m=67108864,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=131073,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=65536,t=9,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=64,t=4294967295,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=99999999999999999999,t=1,p=1${salt}${hash}"),
        format!("$argon2i$v=19$m=1024,t=1,p=17${salt}${hash}"),
        format!("$scrypt$ln=18,r=8,p=1${salt}${hash}"),
        format!("$scrypt$ln=63,r=8,p=1${salt}${hash}"),
        format!("$scrypt$ln=10,r=8,p=1000${salt}${hash}"),
        format!("$scrypt$ln=1,r=1073741824,p=1${salt}${hash}"),
        format!("$pbkdf2-sha256$i=2000001${salt}${hash}"),
        format!("$pbkdf2-sha512$4294967296${salt}${hash}"),
        format!("pbkdf2_sha256$99999999$salzig${hash}="),
        // Each block of a hash takes all rounds: this one has two.
        format!("$pbkdf2-sha256$i=1000001${salt}${}", "A".repeat(86)),
        // The lanes of scrypt take memory too.
        format!("$scrypt$ln=1,r=1024,p=1024${salt}${hash}"),
    ];
    for text in costly {
        assert_eq!(Foreign::parse(&text).err(), Some(NotTaken::Costly), "{text}");
    }
    // As others ask for by default.
    for text in [
        bcrypt(14),
        format!("$argon2id$v=19$m=65536,t=3,p=4${salt}${hash}"),
        format!("$argon2id$v=19$m=102400,t=2,p=8${salt}${hash}"),
        format!("$argon2id$v=19$m=7168,t=5,p=1${salt}${hash}"),
        format!("$scrypt$ln=17,r=8,p=1${salt}${hash}"),
        format!("$scrypt$ln=13,r=8,p=10${salt}${hash}"),
        format!("$pbkdf2-sha256$i=1200000${salt}${hash}"),
        format!("$pbkdf2-sha512$i=1200000${salt}${}", "A".repeat(86)),
    ] {
        assert!(Foreign::parse(&text).is_ok(), "{text}");
    }
}

#[test]
fn what_is_no_hash_of_a_known_form_is_refused() {
    let (salt, hash) = (
        "c2l4dGVlbiBieXRlcyAhIQ",
        "dqdXi01vF6JyrmX5XSxZVccyXWGIr19LIUfL0JwScEI",
    );
    let long = "x".repeat(600);
    let unread = [
        String::new(),
        "password".into(),
        "5f4dcc3b5aa765d61d8327deb882cf99".into(),
        "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=".into(),
        "$1$salt$hash".into(),
        "$6$rounds=5000$salt$hash".into(),
        "$2x$04$QY/E.t1UzLeQ01snBNlTF.X5lQBLPKwDPbVAeWzN4k0EO7WlBkaAq".into(),
        "$2b$04$QY/E.t1UzLeQ01snBNlTF.X5lQBLPKwDPbVAeWzN4k0EO7WlBkaA".into(),
        "$2b$04$QY/E.t1UzLeQ01snBNlTF.X5lQBLPKwDPbVAeWzN4k0EO7WlBkaA\0".into(),
        "$2b$0é$QY/E.t1UzLeQ01snBNlTF.X5lQBLPKwDPbVAeWzN4k0EO7WlBkaA".into(),
        "bcrypt$".into(),
        format!("$argon2d$v=19$m=64,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=20$m=64,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=64,t=1,p=1,data=AAAA${salt}${hash}"),
        format!("$argon2id$v=19$m=64,t=1${salt}${hash}"),
        format!("$argon2id$v=19$m=+64,t=1,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=64,t=0,p=1${salt}${hash}"),
        format!("$argon2id$v=19$m=64,t=1,p=0${salt}${hash}"),
        format!("$argon2id$v=19$m=64,t=1,p=1$AAAA${hash}"),
        format!("$argon2id$v=19$m=64,t=1,p=1${salt}"),
        // A hash of one byte fits one password in 256; of none, each.
        format!("$pbkdf2-sha256$i=1${salt}$AA"),
        format!("$pbkdf2-sha256$i=1${salt}$"),
        format!("$scrypt$ln=4,r=1,p=1${salt}$AAAAAAAAAAAAAAAAAAAA"),
        format!("$pbkdf2-sha256$i=0${salt}${hash}"),
        format!("$pbkdf2-sha256$i=1,l=33${salt}${hash}"),
        format!("$pbkdf2-sha1$i=1${salt}${hash}"),
        format!("$scrypt$ln=0,r=8,p=1${salt}${hash}"),
        format!("$scrypt$ln=4,r=0,p=1${salt}${hash}"),
        format!("$scrypt$r=8,ln=4,p=1${salt}${hash}"),
        format!("$scrypt$ln=4,r=8,p=1${salt}${hash}$more"),
        format!("$scrypt$ln=4,r=8,p=1$!!!${hash}"),
        format!("pbkdf2_sha256$1$salzig${long}"),
        // Ours, sealed: nobody brings that along.
        "$sealed$AAAA".into(),
    ];
    for text in unread {
        assert_eq!(Foreign::parse(&text).err(), Some(NotTaken::Unread), "{text}");
    }
}

/// bcrypt reads 72 bytes and no more, everywhere: a longer password lets in as it did before.
#[test]
fn of_a_password_that_is_longer_than_bcrypt_reads_the_beginning_counts() {
    let hash = Foreign::parse(VECTORS[0].1).unwrap();
    let long = "a".repeat(100);
    assert!(!hash.fits(long.as_bytes()).unwrap());
    // "correct horse battery staple ", three times: 87 bytes, hashed by libxcrypt.
    let hash = Foreign::parse("$2b$04$QY/E.t1UzLeQ01snBNlTF.Z5RQHmRFlwjRKu935OlO0Sr3OueP3ZK").unwrap();
    let whole = "correct horse battery staple ".repeat(3);
    for typed in [whole.as_bytes(), &whole.as_bytes()[..72]] {
        assert!(hash.fits(typed).unwrap() && !hash.reads_all_of(typed));
    }
    assert!(!hash.fits(&whole.as_bytes()[..71]).unwrap());
    for (text, reads) in [(VECTORS[0].1, false), (VECTORS[4].1, true), (VECTORS[5].1, true)] {
        let hash = Foreign::parse(text).unwrap();
        assert!(hash.reads_all_of(&[b'a'; 71]));
        assert_eq!(hash.reads_all_of(&[b'a'; 72]), reads, "{text}");
        assert_eq!(hash.reads_all_of(b"a\0a"), reads, "{text}");
    }
}
