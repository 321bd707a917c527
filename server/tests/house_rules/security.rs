//! What security asks of the sources as a whole, beyond what a compiler holds: asvs.toml says which requirement each
//! test is for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::sources::{code_lines, files, files_under, is_kind};
use crate::{expect_none, read, root};

/// The code of the product: what each Rust file under `folders` holds, without tests and comments, in lines with their
/// numbers.
fn product(folders: &[&str]) -> BTreeMap<String, Vec<(usize, String)>> {
    let all = folders.iter().flat_map(|folder| files_under(folder));
    let of_tests = |path: &String| path.ends_with("/tests.rs") || path.contains("/tests/");
    all.filter(|path| !of_tests(path))
        .map(|path| {
            let source = read(&path);
            // Tests stand at the end of their file.
            let code = source
                .split("#[cfg(test)]\nmod tests {")
                .next()
                .unwrap_or_default();
            let lines = code_lines(code).map(|(number, line)| (number, line.to_owned()));
            let lines = lines.collect();
            (path, lines)
        })
        .collect()
}

const SERVER: [&str; 3] = ["app/src", "domain/src", "server/src"];
const BROWSER: [&str; 2] = ["app/src", "frontend/src"];

/// The files of the product in which one of `words` stands.
fn files_that_say(folders: &[&str], words: &[&str]) -> BTreeSet<String> {
    let says = |lines: &Vec<(usize, String)>| {
        let mut lines = lines.iter();
        lines.any(|(_, line)| words.iter().any(|word| line.contains(word)))
    };
    let found = product(folders).into_iter().filter(|(_, lines)| says(lines));
    found.map(|(path, _)| path).collect()
}

/// Fails if `words` stand anywhere but in `known`, and if they don't stand there.
#[track_caller]
fn only_in(folders: &[&str], words: &[&str], known: &[&str]) {
    let found = files_that_say(folders, words);
    assert_eq!(
        found,
        known.iter().map(|path| (*path).to_owned()).collect(),
        "{words:?}"
    );
}

/// ASVS 1.2.4. A query of the domain is a literal, or it does not compile; what is left are copies of whole databases,
/// which write the names of the tables and columns that the database itself lists.
#[test]
fn every_query_is_one_static_text() {
    let db = read("domain/src/platform/db.rs");
    let rules = db.split("macro_rules! sql").nth(1).expect("the macro");
    let rules = rules.split("\n}").next().unwrap_or_default();
    let arms = rules.matches("=> {").count();
    assert!(
        arms >= 2 && rules.matches("$query:literal").count() == arms,
        "{rules}"
    );
    let makes = ["sqlx::query", "raw_sql", "QueryBuilder"];
    let known = [
        "domain/src/platform/db.rs",
        "domain/src/platform/db/copies.rs",
        "domain/src/platform/db/tables.rs",
    ];
    only_in(&SERVER, &makes, &known);
    only_in(&SERVER, &["AssertSqlSafe"], &["domain/src/platform/db/tables.rs"]);
}

/// ASVS 1.2.5.
#[test]
fn nothing_runs_a_command() {
    let words = [
        "process::Command",
        "Command::new(",
        "libc::exec",
        "rustix::process::exec",
    ];
    only_in(&SERVER, &words, &[]);
}

/// ASVS 1.3.6, 13.1.1, 13.2.4: what opens or takes a connection is listed in docs/security/network.md, and nothing else is.
#[test]
fn only_known_files_open_connections() {
    let words = [
        "TcpStream::connect",
        "TcpListener::bind",
        "UdpSocket",
        "UnixStream",
        "UnixListener",
        "lookup_host",
        "to_socket_addrs",
        "PgPoolOptions",
        "PgConnection",
        "fred::",
        "lettre::transport",
        "reqwest",
        "ureq::",
        "hyper::client",
        "hyper_util::client",
    ];
    let document = read("docs/security/network.md");
    let cells = document.split('`').filter(|name| is_kind(name, &["rs"]));
    let described: BTreeSet<String> = cells.map(str::to_owned).collect();
    assert_eq!(files_that_say(&SERVER, &words), described);
}

/// ASVS 1.4.1, 1.4.2: what the language holds is switched off nowhere, and numbers that overflow stop the request.
#[test]
fn our_own_code_is_safe_rust() {
    let workspace = read("Cargo.toml");
    assert!(workspace.contains("unsafe_code = \"deny\""));
    let release = workspace.split("[profile.release]").nth(1).unwrap_or_default();
    let release = release.split("\n[").next().unwrap_or_default();
    assert!(release.contains("overflow-checks = true"), "{release}");
    for part in ["app", "domain", "frontend", "server"] {
        let manifest = read(&format!("{part}/Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true"), "{part}");
    }
    let mut faults = Vec::new();
    for (path, lines) in product(&["app/src", "domain/src", "frontend/src", "server/src"]) {
        for (number, line) in lines {
            let words = [
                "unsafe {",
                "unsafe fn",
                "unsafe impl",
                "unsafe extern",
                "(unsafe_code",
            ];
            if words.iter().any(|word| line.contains(word)) {
                faults.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    expect_none("unsafe Rust", &faults);
}

/// ASVS 6.5.3, 11.5.1. In the browser nothing is random.
#[test]
fn only_one_file_draws_random_numbers() {
    let words = [
        "use rand::",
        " rand::",
        "(rand::",
        "getrandom",
        "OsRng",
        "thread_rng",
        "fastrand",
        "generate_key(",
        "generate_nonce(",
        "SaltString::generate",
        "RandomState",
        "Uuid::new_v4",
        "Uuid::now_v7",
        "Math::random",
    ];
    only_in(&SERVER, &words, &["domain/src/platform/entropy.rs"]);
    only_in(&["frontend/src", "app/src/islands"], &words, &[]);
}

/// ASVS 16.2.3: the log goes where docs/security/logs.md says. What the commands answer goes through one file.
#[test]
fn only_one_file_starts_logging() {
    only_in(
        &SERVER,
        &["tracing_subscriber::registry", "tracing_subscriber::fmt"],
        &["server/src/logs.rs"],
    );
    only_in(
        &SERVER,
        &["io::stderr"],
        &["server/src/cli/mod.rs", "server/src/logs.rs"],
    );
    only_in(&SERVER, &["io::stdout"], &["server/src/cli/mod.rs"]);
    // The link for the first administrator.
    only_in(&SERVER, &["print!(", "println!("], &["server/src/serve.rs"]);
    only_in(
        &SERVER,
        &["eprint!(", "eprintln!(", "syslog", "console::log"],
        &[],
    );
}

/// ASVS 11.2.1, 11.4.1, 12.1.1: rustls with ring speaks TLS 1.2 and 1.3 alone; what is broken is no dependency of ours.
#[test]
fn tls_and_cryptography_are_from_known_libraries() {
    let lock = read("Cargo.lock");
    let names: BTreeSet<&str> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .collect();
    assert!(names.contains("rustls") && names.contains("ring"));
    for other in [
        "openssl",
        "openssl-sys",
        "native-tls",
        "boring",
        "boring-sys",
        "gnutls",
        "mbedtls",
        "s2n-tls",
    ] {
        assert!(!names.contains(other), "{other}: TLS is rustls");
    }
    let known = [
        "argon2",
        "bcrypt",
        "chacha20poly1305",
        "getrandom",
        "hkdf",
        "hmac",
        "pbkdf2",
        "rand",
        "ring",
        "rustls-native-certs",
        "scrypt",
        "sha2",
        "subtle",
        "tokio-rustls",
        "webpki-roots",
        "zeroize",
    ];
    let cryptographic = [
        "aes",
        "argon",
        "bcrypt",
        "blake",
        "blowfish",
        "chacha",
        "cipher",
        "crypt",
        "curve",
        "des",
        "dsa",
        "ed25519",
        "getrandom",
        "hash",
        "hkdf",
        "hmac",
        "jwt",
        "jose",
        "k256",
        "md",
        "openssl",
        "p256",
        "pbkdf",
        "rand",
        "rc4",
        "ring",
        "rsa",
        "rustls",
        "scrypt",
        "sha",
        "signature",
        "sodium",
        "subtle",
        "tls",
        "tokio-rustls",
        "webpki",
        "x509",
        "zeroize",
    ];
    let mut used = BTreeSet::new();
    for part in ["app", "domain", "server"] {
        let manifest = read(&format!("{part}/Cargo.toml"));
        let whole = manifest.split("[dependencies]").nth(1).expect("dependencies");
        let product = whole.split("[dev-dependencies]").next().unwrap_or_default();
        let names = product
            .lines()
            .filter_map(|line| line.split(['.', ' ', '=']).next());
        let named = |name: &&str| cryptographic.iter().any(|word| name.starts_with(word));
        used.extend(names.filter(named).map(str::to_owned));
    }
    assert_eq!(used, known.iter().map(|name| (*name).to_owned()).collect());
}

/// ASVS 3.5.5, 3.7.1, 14.3.3: islands keep nothing, evaluate nothing, and speak with no other window.
#[test]
fn the_browser_s_code_evaluates_stores_and_posts_nothing() {
    let words = [
        "eval(",
        "Function::new",
        "local_storage",
        "session_storage",
        "localStorage",
        "sessionStorage",
        "indexed_db",
        "indexedDB",
        "post_message",
        "postMessage",
        "BroadcastChannel",
        "set_cookie(",
        "document.cookie",
        "service_worker",
        "serviceWorker",
        "inner_html",
        "insert_adjacent_html",
    ];
    let mut faults = Vec::new();
    for path in files_that_say(&["app/src/islands", "frontend/src"], &words) {
        faults.push(path);
    }
    let from_javascript = ["wasm_bindgen(inline_js", "wasm_bindgen(module", "js_sys::eval"];
    faults.extend(files_that_say(&BROWSER, &from_javascript));
    // The wasm can only call what these features bring.
    let manifest = read("app/Cargo.toml");
    let features = manifest.split("web-sys = {").nth(1).expect("web-sys");
    let features = features.split(']').next().unwrap_or_default();
    for feature in [
        "\"Storage\"",
        "\"IdbFactory\"",
        "\"MessageEvent\"",
        "\"BroadcastChannel\"",
        "\"HtmlDocument\"",
        "\"CookieStore\"",
        "\"ServiceWorker",
        "\"Worker\"",
        "\"WebSocket\"",
    ] {
        if features.contains(feature) {
            faults.push(format!("app/Cargo.toml: web-sys with {feature}"));
        }
    }
    let scripts = files();
    let scripts = scripts
        .iter()
        .filter(|path| path.starts_with("public/") || path.starts_with("app/"));
    faults.extend(
        scripts
            .filter(|path| is_kind(path, &["js", "mjs", "ts"]))
            .cloned(),
    );
    expect_none("what a browser's code must not do", &faults);
}

/// ASVS 13.3.1.
#[test]
fn no_file_holds_a_private_key() {
    let kinds = ["pem", "key", "p12", "pfx", "jks", "env", "der", "kdbx"];
    // In two halves, so that this file passes.
    let marks = [
        ["PRIVATE", " KEY-----"],
        ["AGE-SECRET", "-KEY-"],
        ["AKIA", "IOSFODNN"],
    ]
    .map(|halves| halves.concat());
    let mut faults = Vec::new();
    for path in files() {
        let name = path.rsplit('/').next().unwrap_or_default();
        if is_kind(&path, &kinds) || name.starts_with(".env") {
            faults.push(path);
            continue;
        }
        let text = std::fs::read_to_string(root().join(&path)).unwrap_or_default();
        if marks.iter().any(|mark| text.contains(mark.as_str())) {
            faults.push(path);
        }
    }
    expect_none("files with keys", &faults);
}

/// The columns of every table, by the migrations.
fn columns() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in files().into_iter().filter(|path| path.starts_with("migrations/")) {
        let mut table = None;
        for line in read(&path).lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match (words.as_slice(), table.as_deref()) {
                (["create", "table", name, ..], _) => table = Some((*name).to_owned()),
                (["alter", "table", name, "add", "column", column, ..], _) => {
                    found.insert(format!("{name}.{column}"));
                }
                ([")" | ");"], _) => table = None,
                (
                    [
                        "primary" | "unique" | "foreign" | "check" | "constraint" | "--",
                        ..,
                    ],
                    _,
                ) => {}
                ([column, _, ..], Some(name)) if line.starts_with("    ") => {
                    found.insert(format!("{name}.{column}"));
                }
                _ => {}
            }
        }
    }
    assert!(found.len() > 100, "the columns were not found");
    found
}

/// ASVS 14.1.1, 14.1.2: each column stands in one cell of docs/security/data.md, and nothing else does.
#[test]
fn every_column_has_a_class() {
    let document = read("docs/security/data.md");
    let table = document.split("## Every column").nth(1).expect("the table");
    let mut classed = BTreeSet::new();
    let mut faults = Vec::new();
    for row in table.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let names =
            |cell: &str| -> Vec<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
        let table = names(cells[0]).remove(0);
        assert_eq!(cells.len(), 4, "{row}");
        for column in cells[1..].iter().flat_map(|cell| names(cell)) {
            let column = format!("{table}.{column}");
            if !classed.insert(column.clone()) {
                faults.push(format!("{column} twice"));
            }
        }
    }
    let columns = columns();
    faults.extend(
        columns
            .difference(&classed)
            .map(|column| format!("{column} has no class")),
    );
    faults.extend(
        classed
            .difference(&columns)
            .map(|column| format!("{column} is no column")),
    );
    expect_none("docs/security/data.md", &faults);
}

/// ASVS 6.4.2.
#[test]
fn no_column_holds_a_hint_or_a_secret_question() {
    let words = ["hint", "question", "answer", "maiden", "reminder"];
    let asks = |column: &&String| words.iter().any(|word| column.contains(word));
    let faults: Vec<String> = columns().iter().filter(asks).cloned().collect();
    expect_none("columns", &faults);
}

/// ASVS 2.1.1: every field that a server function takes has a row in docs/security/fields.md, and no other has.
#[test]
fn every_field_is_described() {
    let mut taken = BTreeSet::new();
    for path in files_under("app/src") {
        for argument in read(&path).split("#[server(default)] ").skip(1) {
            taken.extend(argument.split(':').next().map(str::to_owned));
        }
    }
    // `POST /language` is no server function.
    taken.insert("lang".to_owned());
    // Nor are the forms with a file.
    taken.extend(["logo", "file", "proven"].map(str::to_owned));
    let document = read("docs/security/fields.md");
    let rows = document.lines().filter(|line| line.starts_with("| `"));
    let names = rows.filter_map(|row| row.split('|').nth(1));
    let names = names.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let described: BTreeSet<String> = names.map(str::to_owned).collect();
    assert_eq!(taken, described);
}

/// ASVS 16.4.2, as far as our own code goes: rows of the audit are added, and only an erasure takes the person out. What others
/// change, `latchstring audit verify` finds.
#[test]
fn only_an_erasure_changes_the_audit() {
    let changes = [
        "update audit_events",
        "delete from audit_events",
        "drop table audit_events",
    ];
    let erasure = "domain/src/users/erasure/wipe.rs";
    // The one gives rows from before the chain their places, the other one lets go of what is older than it is kept.
    let (adoption, retention) = ("domain/src/audit/adopt.rs", "domain/src/audit/retention.rs");
    only_in(&SERVER, &changes, &[erasure, adoption, retention]);
    only_in(&SERVER, &["update audit_events"], &[erasure, adoption]);
    only_in(&SERVER, &["delete from audit_events"], &[retention]);
    only_in(
        &SERVER,
        &["insert into audit_events"],
        &["domain/src/audit/chain.rs"],
    );
}

/// Each kind of event with its variant, and what the code says of it.
fn kinds_of_events() -> Vec<(String, String, String)> {
    let source = read("domain/src/audit/mod.rs");
    let variants = source.split("pub enum Event {").nth(1).expect("the events");
    let variants = variants.split("\n}").next().unwrap_or_default();
    let mut said = BTreeMap::new();
    let mut comment = String::new();
    for line in variants.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("/// ") {
            let _ = write!(comment, "{}{text}", if comment.is_empty() { "" } else { " " });
        } else if let Some(variant) = line.strip_suffix(',') {
            said.insert(variant.to_owned(), std::mem::take(&mut comment));
        }
    }
    let names = source.split("match self {").nth(1).expect("the names");
    let names = names.split("\n        }").next().unwrap_or_default();
    let kinds: Vec<_> = names
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \""))
        .map(|(variant, kind)| {
            let text = said
                .remove(variant)
                .unwrap_or_else(|| panic!("no variant {variant}"));
            (variant.to_owned(), kind.trim_end_matches("\",").to_owned(), text)
        })
        .collect();
    assert!(
        said.is_empty() && kinds.len() > 30,
        "events without a name: {said:?}"
    );
    kinds
}

/// The table of docs/security/logs.md.
pub fn events_as_markdown() -> String {
    let mut text = String::from("| event | when |\n|---|---|\n");
    for (_, kind, said) in kinds_of_events() {
        let _ = writeln!(text, "| `{kind}` | {} |", said.trim_end_matches('.'));
    }
    text
}

/// ASVS 16.1.1, 16.3.3: no event is only a promise.
#[test]
fn every_event_is_written_somewhere() {
    let mut faults = Vec::new();
    for (variant, kind, _) in kinds_of_events() {
        let ends = [")", ",", ";", "\n", " ", "."].map(|end| format!("Event::{variant}{end}"));
        let written = product(&["domain/src", "server/src"])
            .into_iter()
            .any(|(path, lines)| {
                let text: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
                let text = text.join("\n") + "\n";
                path != "domain/src/audit/mod.rs" && ends.iter().any(|end| text.contains(end))
            });
        if !written {
            faults.push(kind);
        }
    }
    expect_none("events that nothing writes", &faults);
}
