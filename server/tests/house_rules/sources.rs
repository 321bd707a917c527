//! What the files of the repository must not hold.

use std::fs;
use std::path::Path;

use server::routes::ROUTES;

use crate::{expect_none, read, root};

/// A file of more lines than this is two files.
const MOST_LINES: usize = 600;

/// Every file of the repository by its path from the root, new ones too, without what `.gitignore` names.
pub fn files() -> Vec<String> {
    let mut found = Vec::new();
    let ignored = fs::read_to_string(root().join(".gitignore")).expect(".gitignore");
    walk("", &ignored, &mut found);
    found.sort();
    assert!(found.len() > 100, "the files were not found");
    found
}

/// The Rust files of a folder.
pub fn files_under(folder: &str) -> Vec<String> {
    let found: Vec<String> = files()
        .into_iter()
        .filter(|path| Path::new(path).starts_with(folder) && is_kind(path, &["rs"]))
        .collect();
    assert!(!found.is_empty(), "{folder} is empty");
    found
}

fn walk(folder: &str, ignored: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(root().join(folder)).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() {
            name.clone()
        } else {
            format!("{folder}/{name}")
        };
        let is_ignored = name == ".git"
            || ignored.lines().any(|line| match line.strip_prefix('/') {
                Some(rooted) => rooted == path,
                None => line.trim_end_matches('/') == name,
            });
        let kind = entry.file_type().expect("the kind of a file");
        if is_ignored {
            continue;
        }
        if kind.is_dir() {
            walk(&path, ignored, found);
        } else if kind.is_file() {
            found.push(path);
        }
    }
}

/// Whether the name of a file ends in a dot and one of `kinds`.
pub fn is_kind(path: &str, kinds: &[&str]) -> bool {
    let kind = Path::new(path).extension().and_then(|kind| kind.to_str());
    kind.is_some_and(|kind| kinds.contains(&kind))
}

/// The lines of a source with their numbers, without comments.
pub fn code_lines(source: &str) -> impl Iterator<Item = (usize, &str)> {
    source
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Fails where the code under `folder` holds one of `words`.
#[track_caller]
fn nothing_says(folder: &str, words: &[&str], why: &str) {
    let mut faults = Vec::new();
    for path in files_under(folder) {
        for (number, line) in code_lines(&read(&path)) {
            if words.iter().any(|word| line.contains(word)) {
                faults.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    expect_none(why, &faults);
}

/// The arguments of every `#[server(…)]` on a function, with the path of its file.
fn server_functions() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in files_under("app/src") {
        let source = read(&path);
        assert!(
            !code_lines(&source).any(|(_, line)| line.trim() == "#[server]"),
            "{path}: a server function without an endpoint"
        );
        for rest in source.split("#[server(").skip(1) {
            let arguments = rest.split(")]").next().unwrap_or_default();
            // `#[server(default)]` belongs to an argument.
            if arguments != "default" {
                found.push((path.clone(), arguments.to_owned()));
            }
        }
    }
    assert!(!found.is_empty(), "no server function was found");
    found
}

#[test]
fn every_server_function_has_a_fixed_address_that_is_in_the_list_of_routes() {
    let mut addresses: Vec<String> = server_functions()
        .into_iter()
        .map(|(path, arguments)| {
            assert!(arguments.contains("prefix = \"/api\""), "{path}: {arguments}");
            let endpoint = arguments
                .split_once("endpoint = \"")
                .and_then(|(_, rest)| rest.split('"').next());
            let endpoint = endpoint.unwrap_or_else(|| panic!("{path}: {arguments} has no endpoint"));
            format!("/api/{endpoint}")
        })
        .collect();
    let mut listed: Vec<&str> = ROUTES
        .iter()
        .filter(|route| route.path.starts_with("/api/") && !route.path.starts_with("/api/v1/"))
        .map(|route| {
            assert_eq!(route.method, "POST", "{}", route.path);
            route.path
        })
        .collect();
    addresses.sort();
    listed.sort_unstable();
    assert_eq!(addresses, listed);
}

#[test]
fn no_server_function_answers_to_get() {
    let why = "a request that changes something is a POST, or SameSite=Lax is no help";
    nothing_says("app/src", &["GetUrl", "GetCbor"], why);
    for (path, arguments) in server_functions() {
        assert!(!arguments.contains("input"), "{path}: {arguments}: {why}");
    }
}

#[test]
fn only_the_database_begins_and_ends_transactions() {
    let why = "a transaction is what `Db::write` gives: only so is it certain to come to its end";
    let begins = ["\"begin", "\"commit", "\"rollback", "\"savepoint"];
    let mut faults = Vec::new();
    for path in files_under("domain/src")
        .into_iter()
        .filter(|path| path != "domain/src/platform/db.rs")
    {
        for (number, line) in code_lines(&read(&path)) {
            if begins.iter().any(|word| line.to_lowercase().contains(word)) {
                faults.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    expect_none(why, &faults);
}

#[test]
fn no_flaw_of_the_explorer_can_be_shipped() {
    let why = "the flaws that are put in on purpose are triggers and a cache of server/tests/explorer/flaws.rs, and nowhere else";
    for folder in ["domain/src", "app/src", "server/src"] {
        nothing_says(
            folder,
            &["create trigger", "feature = \"flaws\"", "cfg(flaws)"],
            why,
        );
    }
    for path in files().iter().filter(|path| path.starts_with("migrations/")) {
        assert!(!read(path).contains("create trigger"), "{path}: {why}");
    }
}

#[test]
fn no_page_writes_raw_html_or_a_style_attribute() {
    let why = "text must be escaped, and the Content-Security-Policy refuses style attributes";
    nothing_says(
        "app/src",
        &["inner_html", "set_outer_html", "style=\"", "style=("],
        why,
    );
}

#[test]
fn islands_are_the_same_tokens_in_both_builds() {
    let mut faults = Vec::new();
    for path in files_under("app/src") {
        let source = read(&path);
        let lines: Vec<&str> = source.lines().map(str::trim).collect();
        for (index, _) in lines.iter().enumerate().filter(|(_, line)| **line == "#[island]") {
            let is_attribute = |line: &&&str| line.starts_with("#[") || line.starts_with("//");
            let before = lines.iter().take(index).rev().take_while(is_attribute);
            let after = lines.iter().skip(index).take_while(is_attribute);
            faults.extend(
                before
                    .chain(after)
                    .filter(|line| line.starts_with("#[cfg"))
                    .map(|line| format!("{path}:{}: {line}", index + 1)),
            );
        }
    }
    expect_none(
        "attributes that give an island two ids, so that it never wakes",
        &faults,
    );
}

#[test]
fn every_table_says_what_it_is_for() {
    let mut faults = Vec::new();
    for path in files().into_iter().filter(|path| path.starts_with("migrations/")) {
        let text = read(&path);
        let mut above = "";
        for line in text.lines() {
            if line.starts_with("create table") && !above.starts_with("--") {
                faults.push(format!("{path}: {line}"));
            }
            above = line;
        }
    }
    expect_none("tables without a comment above them", &faults);
}

#[test]
fn nothing_names_a_machine_or_the_host_of_a_registry() {
    // In two halves, so that this file passes.
    let forbidden = [
        ["/ro", "ot/"],
        ["/ho", "me/"],
        ["/Us", "ers/"],
        ["/wo", "rk/"],
        ["registry.npm", "js.org"],
        ["index.crates", ".io"],
        ["static.crates", ".io"],
        ["pypi", ".org"],
        ["files.python", "hosted.org"],
        ["proxy.golang", ".org"],
        ["deb.debian", ".org"],
    ]
    .map(|halves| halves.concat());
    let mut faults = Vec::new();
    for path in files() {
        // Pictures and other data are no text.
        let Ok(text) = fs::read_to_string(root().join(&path)) else {
            continue;
        };
        for (index, line) in text.lines().enumerate() {
            if forbidden.iter().any(|word| line.contains(word.as_str())) {
                let line: String = line.trim().chars().take(120).collect();
                faults.push(format!("{path}:{}: {line}", index + 1));
            }
        }
    }
    expect_none("lines that only hold on one machine", &faults);
}

#[test]
fn no_file_is_too_long() {
    // Tests are lists of cases, and a style sheet is a list of parts: both are read by searching, not from end to end.
    let written_by_hand = ["rs", "ts", "sql", "ftl", "md", "toml", "html", "sh", "yml"];
    let faults: Vec<String> = files()
        .into_iter()
        .filter(|path| is_kind(path, &written_by_hand) || path.starts_with("script/"))
        .filter(|path| !path.ends_with("/tests.rs"))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    expect_none(&format!("files of more than {MOST_LINES} lines"), &faults);
}

#[test]
fn every_measurement_is_described_where_it_is_read() {
    let name_in = |text: &str| {
        let rest = text.split_once("\"latchstring_")?.1;
        let name = rest.split('"').next().filter(|name| !name.is_empty())?;
        Some(format!("latchstring_{name}"))
    };
    let metrics = read("server/src/metrics.rs");
    let described: Vec<String> = metrics.split("describe_").skip(1).filter_map(name_in).collect();
    let mut faults = Vec::new();
    let mut measured = 0;
    for path in ["app/src", "domain/src", "server/src"]
        .into_iter()
        .flat_map(files_under)
    {
        for (number, line) in code_lines(&read(&path)) {
            let Some(name) = name_in(line) else { continue };
            measured += 1;
            if !described.contains(&name) {
                faults.push(format!("{path}:{number}: {name}"));
            }
        }
    }
    assert!(measured > 30, "only {measured} were found");
    expect_none(
        "a measurement without a word of help in server/src/metrics.rs",
        &faults,
    );
}
