//! Every test of the repository by its name, found in the sources: which file it is in, and whether it runs.

use std::collections::BTreeMap;

use crate::sources::{files, files_under};
use crate::{expect_none, read};

/// One test.
struct Found {
    file: String,
    /// Why it does not run, if it does not.
    idle: Option<String>,
}

/// The tests in Rust, each by its path: crate or kind of test, modules, name.
pub struct RustTests(BTreeMap<Vec<String>, Found>);

impl RustTests {
    pub fn find() -> Self {
        let mut tests = BTreeMap::new();
        for folder in ["app/src", "domain/src", "server/src", "server/tests"] {
            for file in files_under(folder) {
                let source = read(&file);
                let modules = modules(&file);
                let undeclared = undeclared(&file);
                for (name, idle) in tests_in(&source) {
                    let path = [modules.clone(), vec![name]].concat();
                    let idle = idle.or_else(|| undeclared.clone());
                    let file = file.clone();
                    tests.insert(path, Found { file, idle });
                }
            }
        }
        assert!(tests.len() > 300, "the tests were not found");
        Self(tests)
    }

    /// The file of the one test whose path ends like this.
    ///
    /// # Errors
    /// In words: there is no such test, there are several, or it does not run.
    pub fn file_of(&self, name: &str) -> Result<&str, String> {
        let end: Vec<&str> = name.split("::").collect();
        let ends_so = |path: &[String]| {
            path.len() >= end.len() && path.iter().rev().zip(end.iter().rev()).all(|(a, b)| a == b)
        };
        let mut found = self.0.iter().filter(|(path, _)| ends_so(path));
        match (found.next(), found.next()) {
            (None, _) => Err("is not there".to_owned()),
            (Some((one, _)), Some((other, _))) => {
                Err(format!("is {} and {}", one.join("::"), other.join("::")))
            }
            (Some((_, Found { idle: Some(why), .. })), None) => Err(format!("does not run: {why}")),
            (Some((_, test)), None) => Ok(&test.file),
        }
    }
}

/// The modules of a file, without those that only hold tests: `domain/src/users/email.rs` is `domain::users::email`.
fn modules(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").split('/');
    let left_out = ["src", "tests", "mod", "lib", "main"];
    let kept = path.filter(|part| !left_out.contains(part)).map(str::to_owned);
    let mut modules: Vec<String> = kept.collect();
    if file.starts_with("server/tests/") {
        modules.remove(0);
    }
    modules
}

/// Says so if no file declares this one as a module: then nothing compiles it.
fn undeclared(file: &str) -> Option<String> {
    let (folder, name) = file.rsplit_once('/')?;
    let name = name.trim_end_matches(".rs");
    let (folder, name) = match name {
        "lib" | "main" => return None,
        "mod" => folder.rsplit_once('/')?,
        _ => (folder, name),
    };
    let declares = |parent: &str| {
        let parent = crate::root().join(parent);
        let text = std::fs::read_to_string(parent).unwrap_or_default();
        let ends = format!("mod {name};");
        text.lines().map(str::trim).any(|line| {
            line.strip_suffix(&ends)
                .is_some_and(|before| before.is_empty() || before.starts_with("pub"))
        })
    };
    let parents = ["/mod.rs", "/lib.rs", "/main.rs", ".rs"];
    let is_declared = parents.iter().any(|end| declares(&format!("{folder}{end}")));
    (!is_declared).then(|| format!("nothing declares {file}"))
}

/// The tests of a source: their names, and why one does not run. Only what stands above every run counts: a test may
/// still look at the environment and pass over what a machine does not have.
fn tests_in(source: &str) -> Vec<(String, Option<String>)> {
    let mut tests = Vec::new();
    let mut attributes: Vec<&str> = Vec::new();
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            attributes.push(line);
            continue;
        }
        let function = line.trim_start_matches("async ").strip_prefix("fn ");
        let is_test = attributes
            .iter()
            .any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"));
        if let Some(function) = function.filter(|_| is_test) {
            let name = function.split('(').next().unwrap_or_default();
            let idle = attributes.iter().find(|line| {
                let by_choice = ["#[ignore", "#[cfg(", "#[cfg_attr("];
                let everywhere = **line == "#[cfg(unix)]";
                !everywhere && by_choice.iter().any(|start| line.starts_with(start))
            });
            tests.push((name.to_owned(), idle.map(|line| (*line).to_owned())));
        }
        // Comments and the rest of a long attribute may stand between the attributes and the function.
        if function.is_some() || line.is_empty() || line.ends_with(['{', '}', ';']) {
            attributes.clear();
        }
    }
    tests
}

/// The tests in the browser: the text of each file.
pub struct End2EndTests(BTreeMap<String, String>);

impl End2EndTests {
    pub fn find() -> Self {
        let specs = files().into_iter().filter(|path| path.ends_with(".spec.ts"));
        let specs: BTreeMap<_, _> = specs.map(|path| (path.clone(), read(&path))).collect();
        assert!(specs.len() > 5, "the tests in the browser were not found");
        Self(specs)
    }

    /// The file of `end2end/file: title`, where a title may go on with a name or tags.
    ///
    /// # Errors
    /// In words: there is no such test, or its file leaves some out.
    pub fn file_of(&self, name: &str) -> Result<&str, String> {
        let (file, title) = name.split_once(": ").ok_or("has no title")?;
        let path = file.replacen("end2end/", "end2end/tests/", 1) + ".spec.ts";
        let (path, text) = self.0.get_key_value(&path).ok_or("has no file")?;
        let begins = ["'", "`"].map(|quote| format!("test({quote}{title}"));
        let goes_on = |rest: &str| ["'", "`", ": ", " @"].iter().any(|end| rest.starts_with(end));
        let is_there = text.lines().map(str::trim).any(|line| {
            let rest = begins.iter().find_map(|begin| line.strip_prefix(begin.as_str()));
            rest.is_some_and(goes_on)
        });
        if !is_there {
            return Err("is not there".to_owned());
        }
        if [".skip(", ".fixme(", ".only("]
            .iter()
            .any(|word| text.contains(word))
        {
            return Err(format!("does not run: {path} leaves tests out"));
        }
        Ok(path)
    }
}

#[test]
fn tests_are_found_with_what_keeps_them_from_running() {
    let source = "    #[test]\n    fn one() {\n    }\n\n    #[tokio::test(flavor = \"multi_thread\")]\n    \
                  // Said.\n    async fn two() {\n    }\n\n    #[test]\n    #[ignore = \"slow\"]\n    fn three() {\n\
                  }\nfn helper() {\n}\n// #[test]\nfn four() {\n}\n#[cfg(windows)]\n#[test]\nfn five() {\n}\n";
    let found = tests_in(source);
    let names: Vec<(&str, bool)> = found
        .iter()
        .map(|(name, idle)| (name.as_str(), idle.is_none()))
        .collect();
    assert_eq!(
        names,
        [("one", true), ("two", true), ("three", false), ("five", false)]
    );
}

#[test]
fn a_name_leads_to_one_test_that_runs() {
    let tests = RustTests::find();
    let here = "asvs::tests_by_name::a_name_leads_to_one_test_that_runs";
    assert_eq!(
        tests.file_of(here),
        Ok("server/tests/house_rules/asvs/tests_by_name.rs")
    );
    let ignored = tests.file_of("documents::write_the_tables");
    assert!(ignored.is_err_and(|fault| fault.starts_with("does not run")));
    assert!(tests.file_of("documents::no_such_test").is_err());
    let twice = tests.file_of("looking_at_a_link_uses_nothing_up");
    assert!(
        twice.is_err_and(|fault| fault.contains(" and ")),
        "one of each journey"
    );
    let end2end = End2EndTests::find();
    assert!(
        end2end
            .file_of("end2end/script: scripts cannot read any cookie")
            .is_ok()
    );
    assert!(
        end2end
            .file_of("end2end/script: scripts cannot")
            .is_err_and(|fault| fault == "is not there")
    );
}

/// A file with tests that nothing declares looks as if it ran.
#[test]
fn every_file_with_tests_is_compiled() {
    let tests = RustTests::find();
    let idle = tests.0.values().filter_map(|test| test.idle.clone());
    let faults: Vec<String> = idle.filter(|why| why.starts_with("nothing")).collect();
    expect_none("files with tests that no module declares", &faults);
}
