//! ASVS 8.1.2: which fields each change of the console writes, and with which permission, as docs/security/authorization.md prints it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use server::routes::{Audience, ROUTES};

use crate::sources::files_under;
use crate::{expect_none, read};

/// The server functions of the console by their paths, each with the fields that it reads, in the order of the code.
fn changes() -> BTreeMap<String, Vec<String>> {
    let mut found = BTreeMap::new();
    for path in files_under("app/src/console") {
        let source = read(&path);
        for function in source.split("#[server(endpoint = \"").skip(1) {
            let (endpoint, rest) = function.split_once('"').expect("an endpoint");
            let arguments = rest.split("-> Result<").next().unwrap_or_default();
            let fields = arguments.split("#[server(default)] ").skip(1);
            let fields = fields
                .filter_map(|field| field.split(':').next())
                .map(str::to_owned);
            found.insert(format!("/api/{endpoint}"), fields.collect());
        }
    }
    // Forms with a file, which no server function takes.
    for (path, fields) in [
        ("/admin/import/upload", ["proven", "file"]),
        ("/admin/settings/logo", ["seen", "logo"]),
    ] {
        found.insert(path.to_owned(), fields.map(str::to_owned).to_vec());
    }
    found
}

/// The permission that each change of the console takes, by its path; a change is what is posted.
fn permissions() -> BTreeMap<&'static str, &'static str> {
    let tags = ROUTES.iter().filter(|tag| tag.method == "POST");
    tags.filter_map(|tag| match tag.audience {
        Audience::Console(needs) | Audience::ConsoleChange(needs) => Some((tag.path, needs.as_str())),
        _ => None,
    })
    .collect()
}

/// The table: by permission, in the order of the alphabet.
pub fn as_markdown() -> String {
    let fields = changes();
    let mut rows: Vec<_> = permissions()
        .into_iter()
        .map(|(path, needs)| (needs, path, fields.get(path).cloned().unwrap_or_default()))
        .collect();
    rows.sort();
    let mut text = String::from("| permission | change | fields that it reads |\n|---|---|---|\n");
    for (needs, path, fields) in rows {
        let fields: Vec<_> = fields.iter().map(|field| format!("`{field}`")).collect();
        let _ = writeln!(text, "| `{needs}` | `{path}` | {} |", fields.join(", "));
    }
    text
}

#[test]
fn asvs_8_1_2_every_change_of_the_console_is_written_down_with_its_fields_and_its_permission() {
    let (changes, permissions) = (changes(), permissions());
    let mut faults = Vec::new();
    for path in changes.keys() {
        if !permissions.contains_key(path.as_str()) {
            faults.push(format!("{path} has no permission"));
        }
    }
    for path in permissions.keys() {
        if !changes.contains_key(*path) {
            faults.push(format!("{path} has no server function in app/src/console"));
        }
    }
    expect_none("changes of the console", &faults);
    assert!(
        changes.len() > 40,
        "the functions were not found: {}",
        changes.len()
    );
    let table = as_markdown();
    assert!(
        table.contains("| `sessions:end` | `/api/admin-sign-everybody-out` | `keep`, `confirmation` |"),
        "{table}"
    );
}
