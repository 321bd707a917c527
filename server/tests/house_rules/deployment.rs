//! What the files for operators promise: the image, the examples of proxies, Docker Compose.

use crate::sources::{files, is_kind};
use crate::{expect_none, read};

/// The words after each directive of this name in a configuration of nginx.
fn directives<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.lines()
        .map(str::trim)
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.strip_suffix(';'))
        .collect()
}

/// ASVS 12.1.1, 12.1.2. Caddy speaks nothing else unless it is told to.
#[test]
fn the_proxies_speak_tls_1_2_and_1_3_alone() {
    let nginx = read("deploy/nginx.conf");
    assert_eq!(directives(&nginx, "ssl_protocols"), ["TLSv1.2 TLSv1.3"]);
    // Of TLS 1.2 only suites with forward secrecy and authenticated encryption.
    assert_eq!(directives(&nginx, "ssl_ciphers"), ["ECDHE+AESGCM:ECDHE+CHACHA20"]);
    let plain = directives(&nginx, "listen");
    let plain: Vec<&str> = plain
        .into_iter()
        .filter(|listen| !listen.contains("ssl"))
        .collect();
    assert_eq!(plain, ["80", "[::]:80"]);
    let to_https = directives(&nginx, "return");
    assert!(
        to_https.contains(&"301 https://id.example.com$request_uri"),
        "{to_https:?}"
    );
    let caddy = read("deploy/Caddyfile");
    for weaker in [
        "protocols",
        "ciphers",
        "tls_insecure",
        "tls internal",
        "auto_https",
        "http://",
    ] {
        assert!(!caddy.contains(weaker), "{weaker}");
    }
}

/// ASVS 13.2.3: what an operator copies asks for a password, and brings none.
#[test]
fn no_example_has_a_password() {
    let mut faults = Vec::new();
    let examples = files().into_iter().filter(|path| {
        path.starts_with("deploy/")
            || path == "Dockerfile"
            || path == "domain/src/platform/latchstring.default.toml"
    });
    for path in examples.filter(|path| !is_kind(path, &["md"])) {
        for (index, line) in read(&path).lines().enumerate() {
            if has_password(line) {
                faults.push(format!("{path}:{}: {}", index + 1, line.trim()));
            }
        }
    }
    expect_none("passwords in examples", &faults);
    // The search finds some.
    for bad in [
        "POSTGRES_PASSWORD: postgres",
        "POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:-changeme}",
        "DATABASE_URL: postgres://latchstring:secret@db/latchstring",
        "requirepass hunter2",
        "ENV LATCHSTRING_MASTER_KEY=abc",
    ] {
        assert!(has_password(bad), "{bad}");
    }
}

/// Whether a line sets a password or a key to something that is not left to the operator: empty, asked for with `:?`, or
/// in angle brackets.
fn has_password(line: &str) -> bool {
    let left_open = |value: &str| {
        let value = value.trim_start_matches(['=', ' ']).trim().trim_matches('"');
        value.is_empty()
            || (value.starts_with("${") && (value.contains(":?") || value.contains(":-}")))
            || value.starts_with('<')
            || value.starts_with("$$")
    };
    let line = line.trim();
    // A comment that is no example is prose.
    if line.starts_with('#') && !line.contains("://") && !line.starts_with("# Example:") {
        return false;
    }
    let set = line
        .trim_start_matches("# Example:")
        .trim_start_matches("ENV ")
        .trim_start_matches("- ")
        .trim()
        .split_once([':', '=', ' ']);
    let of_secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        let words = [
            "password",
            "passwd",
            "requirepass",
            "auth",
            "secret",
            "master_key",
        ];
        words.iter().any(|word| name.ends_with(word))
    };
    let plainly = set.is_some_and(|(name, value)| of_secret(name.trim()) && !left_open(value));
    // A password in an address: between the colon and the at-sign.
    let in_address = line.split("://").skip(1).any(|rest| {
        let authority = match rest.split_once("}@") {
            Some((before, _)) if before.contains("${") => return !before.contains(":?"),
            _ => rest.split(['/', ' ', '"', '}', ',']).next().unwrap_or_default(),
        };
        let password = authority
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':'));
        password.is_some_and(|(_, password)| !left_open(password) && password != "password")
    });
    plainly || in_address
}

/// ASVS 13.4.1: the image holds the binary and what it needs, from folders that the build made for it.
#[test]
fn the_image_holds_no_source_control() {
    let ignored = read(".dockerignore");
    let mut rules = ignored
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    assert_eq!(rules.next(), Some("*"), "nothing comes in but what is named");
    for rule in rules {
        assert!(
            !rule.starts_with("!.git") && rule != "!." && !rule.starts_with("!*"),
            "{rule}"
        );
    }
    let dockerfile = read("Dockerfile");
    let last = dockerfile.rsplit("\nFROM ").next().expect("a stage");
    assert!(last.starts_with("scratch\n"), "{last}");
    let copies: Vec<&str> = last
        .lines()
        .filter(|line| line.starts_with("COPY ") || line.starts_with("ADD "))
        .collect();
    let known = [
        "COPY --from=build /image /",
        "COPY --from=build --chown=65532:65532 /owned /",
    ];
    assert_eq!(copies, known);
    assert!(last.contains("\nUSER 65532:65532\n"));
}

/// ASVS 13.2.2, as far as the machine goes: an account of its own that may do next to nothing.
#[test]
fn the_server_s_account_has_few_rights() {
    let unit = read("deploy/latchstring.service");
    for line in [
        "User=latchstring",
        "UMask=0077",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "AmbientCapabilities=",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateDevices=yes",
        "StateDirectoryMode=0700",
        "LimitCORE=0",
    ] {
        assert!(
            unit.lines().any(|own| own == line),
            "latchstring.service without {line}"
        );
    }
    let compose = read("deploy/compose.yaml");
    let app = compose.split("\n  app:\n").nth(1).expect("the server");
    let app = app.split("\n  postgres:\n").next().unwrap_or_default();
    for line in [
        "    read_only: true",
        "    cap_drop: [ALL]",
        "    security_opt: [\"no-new-privileges:true\"]",
        "      - 127.0.0.1:3000:3000",
    ] {
        assert!(
            app.lines().any(|own| own == line),
            "the server in compose.yaml without {line}"
        );
    }
    assert!(
        compose.contains("  back:\n    internal: true"),
        "the database can reach the world"
    );
    assert!(!compose.contains("privileged:"));
}
