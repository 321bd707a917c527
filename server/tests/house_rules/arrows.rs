//! `frontend → app(hydrate)` · `server → app(ssr) + domain` · `app –ssr only→ domain` · `domain` → nobody.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::sources::{code_lines, files_under};
use crate::{expect_none, read, root};

/// What the domain must not know: how it is reached and how it is shown. Each also stands for the crates whose names
/// go on with `_` or `-`.
const WEB: [&str; 10] = [
    "app",
    "server",
    "frontend",
    "axum",
    "leptos",
    "hyper",
    "tower",
    "http",
    "wasm-bindgen",
    "web-sys",
];

/// The manifest of each crate, as cargo reads it.
fn manifests() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo's JSON");
    metadata["packages"].as_array().expect("packages").clone()
}

fn manifest(name: &str) -> Value {
    let found = manifests().into_iter().find(|package| package["name"] == name);
    found.unwrap_or_else(|| panic!("there is no crate {name}"))
}

/// The dependencies of a crate of every kind (normal, for tests, for the build).
fn dependencies(package: &Value) -> Vec<&Value> {
    package["dependencies"]
        .as_array()
        .expect("dependencies")
        .iter()
        .collect()
}

fn names(package: &Value) -> BTreeSet<&str> {
    dependencies(package)
        .into_iter()
        .filter_map(|dependency| dependency["name"].as_str())
        .collect()
}

/// The dependencies that are in what is shipped, and not only in its tests.
fn shipped(package: &Value) -> BTreeSet<&str> {
    dependencies(package)
        .into_iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .filter_map(|dependency| dependency["name"].as_str())
        .collect()
}

fn strings(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// Everything that a feature turns on within its crate.
fn turned_on<'a>(package: &'a Value, feature: &'a str) -> BTreeSet<&'a str> {
    let mut on = BTreeSet::new();
    let mut open = vec![feature];
    while let Some(next) = open.pop() {
        if on.insert(next) {
            open.extend(strings(&package["features"][next]));
        }
    }
    on
}

#[test]
fn there_are_five_crates_and_each_knows_only_those_it_may() {
    let ours = ["app", "bench", "domain", "frontend", "server"];
    let found = manifests();
    let found: BTreeSet<&str> = found
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    assert_eq!(found, BTreeSet::from(ours), "a new crate needs its arrows here");
    let may = [
        ("domain", vec![]),
        ("app", vec!["domain"]),
        ("server", vec!["app", "domain"]),
        ("frontend", vec!["app"]),
    ];
    for (name, allowed) in may {
        let package = manifest(name);
        let known: Vec<&str> = names(&package).into_iter().filter(|n| ours.contains(n)).collect();
        assert_eq!(known, allowed, "what {name} depends on");
    }
    // Loads and faults come from outside; only the measurements of single functions call them.
    let bench = manifest("bench");
    assert!(
        shipped(&bench).iter().all(|name| !ours.contains(name)),
        "bench drives the binary"
    );
}

#[test]
fn the_domain_depends_on_nothing_of_the_web() {
    let package = manifest("domain");
    let known: Vec<&str> = names(&package)
        .into_iter()
        .filter(|name| {
            WEB.iter()
                .any(|web| name.split(['-', '_']).next() == Some(web) || name == web)
        })
        .collect();
    assert!(known.is_empty(), "domain depends on {known:?}");
}

#[test]
fn the_domain_does_not_even_name_axum_or_leptos() {
    let mut faults = Vec::new();
    for path in files_under("domain/src") {
        for (number, line) in code_lines(&read(&path)) {
            let line = line.to_lowercase();
            if ["axum", "leptos", "tower_sessions"]
                .iter()
                .any(|name| line.contains(name))
            {
                faults.push(format!("{path}:{number}: {line}"));
            }
        }
    }
    expect_none("lines of the domain that name the web", &faults);
}

#[test]
fn only_pages_on_the_server_know_the_domain() {
    let app = manifest("app");
    let domain = dependencies(&app)
        .into_iter()
        .find(|dependency| dependency["name"] == "domain");
    assert_eq!(domain.expect("the dependency")["optional"], true);
    assert!(turned_on(&app, "ssr").contains("dep:domain"));
    for feature in ["hydrate", "default"] {
        let on = turned_on(&app, feature);
        let reaches = on
            .iter()
            .any(|name| matches!(*name, "ssr" | "domain" | "dep:domain"));
        assert!(
            !reaches,
            "the feature {feature} of app brings the domain into the browser"
        );
    }
}

#[test]
fn the_browser_gets_the_islands_and_the_server_the_pages() {
    let features = |package: &Value| {
        let app = dependencies(package)
            .into_iter()
            .find(|dependency| dependency["name"] == "app")
            .cloned();
        let app = app.expect("a dependency on app");
        strings(&app["features"])
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(features(&manifest("frontend")), ["hydrate"]);
    assert_eq!(features(&manifest("server")), ["ssr"]);
}

#[test]
fn sql_passwords_and_mail_stay_in_the_domain() {
    for name in ["app", "server", "frontend"] {
        let package = manifest(name);
        for kept in ["sqlx", "argon2", "bcrypt", "lettre", "chacha20poly1305"] {
            assert!(!shipped(&package).contains(kept), "{name} depends on {kept}");
        }
    }
}
