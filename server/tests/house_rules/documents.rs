//! The documents say what the code says: tables between markers are made from the code, and what they point to is
//! there. `script/docs` writes the tables anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use chrono::Duration;
use domain::authentication::password::identity_words;
use domain::authentication::session::lifetimes;
use domain::authorization::Permission;
use domain::authorization::built_in::BuiltIn;
use domain::platform::config::{Config, Sources};
use domain::platform::limits;
use domain::platform::settings::{SessionTimes, Settings};
use domain::users::email::Email;
use server::routes::{Audience, ROUTES, RouteTag};

use crate::sources::{files, is_kind};
use crate::{expect_none, read, root};

/// A part of a document that is made from the code.
struct Table {
    path: &'static str,
    /// Stands in the markers around it: `<!-- name: begin -->`, `<!-- name: end -->`.
    name: &'static str,
    make: fn() -> String,
}

const TABLES: [Table; 10] = [
    Table {
        path: "README.md",
        name: "settings",
        make: settings,
    },
    Table {
        path: "ARCHITECTURE.md",
        name: "routes",
        make: routes,
    },
    Table {
        path: "docs/security/throttling.md",
        name: "limits",
        make: limits::as_markdown,
    },
    Table {
        path: "docs/security/sessions.md",
        name: "lifetimes",
        make: session_lifetimes,
    },
    Table {
        path: "docs/security/authentication.md",
        name: "password",
        make: password_rules,
    },
    Table {
        path: "docs/security/authentication.md",
        name: "context words",
        make: context_words,
    },
    Table {
        path: "docs/security/authorization.md",
        name: "permissions",
        make: permissions,
    },
    Table {
        path: "docs/security/authorization.md",
        name: "changes",
        make: crate::console_fields::as_markdown,
    },
    Table {
        path: "docs/security/logs.md",
        name: "events",
        make: crate::security::events_as_markdown,
    },
    Table {
        path: "docs/security/asvs.md",
        name: "asvs",
        make: crate::asvs::as_markdown,
    },
];

impl Table {
    /// The document around the table: what stands before it, in it, and behind it.
    fn split(&self, text: &str) -> [String; 3] {
        let (begin, end) = (
            format!("<!-- {}: begin -->\n", self.name),
            format!("<!-- {}: end -->", self.name),
        );
        let found = text
            .split_once(&begin)
            .and_then(|(before, rest)| Some((before, rest.split_once(&end)?)));
        let (before, (inside, after)) =
            found.unwrap_or_else(|| panic!("{} has no markers of `{}`", self.path, self.name));
        [
            format!("{before}{begin}"),
            inside.to_owned(),
            format!("{end}{after}"),
        ]
    }
}

#[test]
fn the_tables_are_those_of_the_code() {
    for table in TABLES {
        let [_, printed, _] = table.split(&read(table.path));
        let made = (table.make)();
        assert!(
            printed == made,
            "run script/docs: in {}, between the markers of `{}`, should stand:\n\n{made}",
            table.path,
            table.name
        );
    }
}

#[test]
#[ignore = "writes the documents: script/docs runs it"]
fn write_the_tables() {
    for table in TABLES {
        let [before, _, after] = table.split(&read(table.path));
        let text = format!("{before}{}{after}", (table.make)());
        fs::write(root().join(table.path), text).expect("a document");
    }
}

/// The defaults of what the console changes.
fn changeable() -> Settings {
    let settings = defaults().pinned.alone();
    settings.unwrap_or_else(|error| panic!("the defaults are wrong: {error}"))
}

fn defaults() -> Config {
    let config = Config::load(&Sources::default());
    config.unwrap_or_else(|faults| panic!("the defaults are wrong: {faults:?}"))
}

/// Text in a cell of a table: `<` begins no HTML, but stays as it is in code.
fn cell(text: &str) -> String {
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(index, part)| match index % 2 {
        0 => part.replace('<', "&lt;"),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("`").replace('|', "\\|")
}

fn settings() -> String {
    let mut text = String::from("| environment | file | default | meaning |\n|---|---|---|---|\n");
    for setting in Config::describe() {
        let default = match setting.default {
            "" => "not set".to_owned(),
            value => format!("`{value}`"),
        };
        let (name, file) = (setting.env, setting.key);
        let _ = writeln!(
            text,
            "| `{name}` | `{file}` | {default} | {} |",
            cell(&setting.doc)
        );
    }
    text
}

fn routes() -> String {
    let list = |audience: Audience, starts_session: bool| {
        let chosen = |tag: &&RouteTag| tag.audience == audience && tag.starts_session == starts_session;
        let routes: Vec<String> = ROUTES
            .iter()
            .filter(chosen)
            .map(|tag| format!("`{} {}`", tag.method, tag.path))
            .collect();
        routes.join(", ")
    };
    let console = |changes: bool| {
        let routes: Vec<String> = ROUTES
            .iter()
            .filter_map(|tag| match tag.audience {
                Audience::Console(needs) if !changes => Some((tag, needs)),
                Audience::ConsoleChange(needs) if changes => Some((tag, needs)),
                _ => None,
            })
            .map(|(tag, needs)| format!("`{} {}` {}", tag.method, tag.path, needs.as_str()))
            .collect();
        routes.join(", ")
    };
    let rows = [
        ("anybody", list(Audience::Public, false)),
        ("anybody; can start a session", list(Audience::Public, true)),
        ("whoever is signed in", list(Audience::SignedIn, false)),
        (
            "whoever proved it in the last ten minutes",
            list(Audience::Confirmed, false),
        ),
        (
            "whoever looks at an account as its owner sees it",
            list(Audience::Viewing, false),
        ),
        ("whoever has the permission", console(false)),
        (
            "whoever has it and proved it in the last ten minutes",
            console(true),
        ),
        ("the operator's machines", list(Audience::Operator, false)),
        ("this machine, in development", list(Audience::Development, false)),
    ];
    let mut text = String::from("| who | routes |\n|---|---|\n");
    for (who, routes) in rows {
        let _ = writeln!(text, "| {who} | {routes} |");
    }
    let printed = text.matches("`GET ").count() + text.matches("`POST ").count();
    assert_eq!(printed, ROUTES.len(), "a route that no row shows");
    text
}

fn permissions() -> String {
    let mut text = String::from("| permission | what it lets do |");
    let roles = BuiltIn::ALL.map(|role| format!(" {} |", role.id())).concat();
    let _ = writeln!(text, "{roles}\n|---|---|{}", "---|".repeat(BuiltIn::ALL.len()));
    for permission in Permission::ALL {
        let held = BuiltIn::ALL.map(|role| if role.allows(*permission) { " yes |" } else { " |" });
        let _ = writeln!(
            text,
            "| `{}` | {} |{}",
            permission.as_str(),
            permission.doc(),
            held.concat()
        );
    }
    text
}

fn in_words(time: Duration) -> String {
    let minutes = time.num_minutes();
    match (minutes / 60, minutes % 60) {
        (hours, 0) if hours > 24 && hours % 24 == 0 => format!("{} days", hours / 24),
        (hours, 0) if hours > 1 => format!("{hours} hours"),
        _ => format!("{minutes} minutes"),
    }
}

/// Who, with which of the two boxes: (who, remember, administrator, the settings).
const SESSIONS: [(&str, bool, bool, &str); 3] = [
    (
        "a person, with \"stay signed in\"",
        true,
        false,
        "`session.remember_idle_days`, `session.remember_days`",
    ),
    (
        "a person, without it",
        false,
        false,
        "`session.plain_idle_minutes`, `session.plain_hours`",
    ),
    (
        "an administrator, with or without it",
        true,
        true,
        "`session.administrator_idle_minutes`, `session.administrator_hours`",
    ),
];

fn session_lifetimes() -> String {
    let times: SessionTimes = changeable().session;
    assert_eq!(lifetimes(&times, true, true), lifetimes(&times, false, true));
    let mut text = String::from(
        "| whose session | ends unless used within | ends in any case after | settings |\n|---|---|---|---|\n",
    );
    for (who, remember, administrator, settings) in SESSIONS {
        let (idle, overall) = lifetimes(&times, remember, administrator);
        let (idle, overall) = (in_words(idle), in_words(overall));
        let _ = writeln!(text, "| {who} | {idle} | {overall} | {settings} |");
    }
    text
}

/// What docs/security/sessions.md says of NIST's limits is true of the defaults.
#[test]
fn sessions_keep_to_the_limits_of_nist() {
    let times = changeable().session;
    let (_, overall) = lifetimes(&times, true, false);
    assert!(overall <= Duration::days(30), "AAL1, section 2.1.3");
    for administrator in [false, true] {
        let (idle, overall) = lifetimes(&times, false, administrator);
        assert!(
            idle <= Duration::hours(1) && overall <= Duration::hours(24),
            "AAL2, section 2.2.3"
        );
    }
}

fn password_rules() -> String {
    let (rules, lengths) = (defaults().password, changeable().password);
    format!(
        "| rule | default | setting |\n|---|---|---|\n\
         | fewest characters | {} | `password.min_length` |\n\
         | most characters | {} | `password.max_length` |\n\
         | memory of one hash | {} KiB | `password.argon2_memory_kib` |\n\
         | passes over it | {} | `password.argon2_iterations` |\n\
         | lanes | {} | `password.argon2_parallelism` |\n\
         | requests that may wait for a hash | {} | `password.queue` |\n",
        lengths.min,
        lengths.max,
        rules.argon2_memory_kib,
        rules.argon2_iterations,
        rules.argon2_parallelism,
        rules.queue
    )
}

fn context_words() -> String {
    let email = Email::parse("local@host.example").unwrap_or_else(|code| panic!("{code:?}"));
    let mut text = String::from("| context word | example |\n|---|---|\n");
    for word in identity_words("Ada Lovelace", Some(&email), "Example Accounts") {
        let meaning = match word {
            "Ada Lovelace" => "the person's name",
            "Example Accounts" => "the name of the product (`product_name`)",
            "local@host.example" => "the whole mail address",
            "local" => "the mail address up to the `@`",
            other => panic!("a new kind of context word: {other}"),
        };
        let _ = writeln!(text, "| {meaning} | {word} |");
    }
    text
}

/// ASVS 6.1.3: each way in has its own section in docs/security/authentication.md, and no section is about another.
#[test]
fn every_way_in_is_described() {
    let text = read("docs/security/authentication.md");
    let described: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .collect();
    let ways: Vec<String> = ROUTES
        .iter()
        .filter(|tag| tag.starts_session)
        .map(|tag| format!("{} {}", tag.method, tag.path))
        .collect();
    assert_eq!(described, ways.iter().map(String::as_str).collect());
}

/// The names of the commands that `--help` lists.
fn commands(arguments: &[&str]) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_latchstring"))
        .args(arguments)
        .arg("--help")
        .output()
        .expect("the binary");
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    let list = help.split("Commands:\n").nth(1).unwrap_or_default();
    let list = list.lines().take_while(|line| line.starts_with("  "));
    list.filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(|name| [arguments, &[name]].concat().join(" "))
        .collect()
}

#[test]
fn the_readme_has_every_command_of_the_binary_and_no_other() {
    let groups = ["audit", "dev", "key", "role", "session", "user"];
    let mut expected: BTreeSet<String> = commands(&[]).into_iter().collect();
    for group in groups {
        assert!(expected.remove(group), "there are no commands of {group}");
        expected.extend(commands(&[group]));
    }
    assert!(expected.len() > 5, "the commands were not found: {expected:?}");
    let readme = read("README.md");
    let rows = readme
        .lines()
        .filter_map(|line| line.strip_prefix("| `latchstring "));
    let described: BTreeSet<String> = rows
        .filter_map(|rest| rest.split('`').next())
        .map(|command| {
            let words = command
                .split(' ')
                .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
            words
                .filter(|word| !word.starts_with('-'))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    assert_eq!(described, expected);
}

#[test]
fn what_the_documents_point_to_is_there() {
    let tops = [
        "app/",
        "domain/",
        "server/",
        "frontend/",
        "migrations/",
        "style/",
        "public/",
        "end2end/",
        "script/",
        "docs/",
    ];
    let mut faults = Vec::new();
    for path in files().into_iter().filter(|path| is_kind(path, &["md"])) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let text = read(&path);
        // Links: relative to the document.
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            let is_local = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
            if is_local && !root().join(folder).join(target).exists() {
                faults.push(format!("{path}: a link to {target}"));
            }
        }
        // Names of files in the text: from the root.
        for name in text.split('`').skip(1).step_by(2) {
            let is_path = tops.iter().any(|top| name.starts_with(top))
                && !name.contains(['*', '<', '{', '…', ' ', ':', '\n']);
            if is_path && !root().join(name).exists() {
                faults.push(format!("{path}: `{name}`"));
            }
        }
    }
    expect_none("files that documents name and that are not there", &faults);
}

#[test]
fn the_architecture_fits_into_two_hundred_lines() {
    let lines = read("ARCHITECTURE.md").lines().count();
    assert!(lines < 200, "it has {lines}");
}

/// ASVS 15.1.1: times within which faults of parts are mended, by severity, and within which parts are renewed without any.
#[test]
fn security_md_says_how_soon_faults_and_parts_are_mended() {
    let text = read("SECURITY.md");
    let (_, rest) = text
        .split_once("## How soon a fault is mended")
        .expect("the section");
    let section = rest.split("\n## ").next().unwrap_or_default();
    let mut days = Vec::new();
    for severity in ["critical", "high", "medium", "low"] {
        let row = section
            .lines()
            .find(|line| line.starts_with(&format!("| {severity}")));
        let cell = row.and_then(|row| row.rsplit('|').nth(1)).unwrap_or_default();
        let number = cell
            .trim()
            .strip_suffix(" days")
            .and_then(|number| number.parse::<u32>().ok());
        days.push(number.unwrap_or_else(|| panic!("{severity} has no time")));
    }
    assert!(days.is_sorted() && days[0] <= 7, "{days:?}");
    for said in [
        "for dependencies alike",
        "is renewed at least every 90 days",
        "script/check-deps",
    ] {
        assert!(section.contains(said), "{said}");
    }
}
