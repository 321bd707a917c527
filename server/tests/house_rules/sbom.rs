//! The list of parts: every crate and npm package that the product is built of or with, as a CycloneDX 1.6 document. It is made from
//! Cargo.lock and the package-lock.json files alone, so the same commit always gives the same bytes (OWASP ASVS 5.0: 15.1.2).

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{expect_none, read, root};

const NPM_LOCKS: [&str; 2] = ["package-lock.json", "end2end/package-lock.json"];

#[derive(Deserialize)]
struct CargoLock {
    package: Vec<Crate>,
}

#[derive(Deserialize)]
struct Crate {
    name: String,
    version: String,
    source: Option<String>,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

#[derive(Deserialize)]
struct NpmLock {
    packages: BTreeMap<String, NpmPackage>,
}

#[derive(Deserialize)]
struct NpmPackage {
    version: Option<String>,
    integrity: Option<String>,
    license: Option<String>,
    /// It lies inside of another package, whose checksum holds for both.
    #[serde(default, rename = "inBundle")]
    in_bundle: bool,
}

impl Crate {
    /// What names it in all the world: a package URL, which says no host.
    fn purl(&self) -> String {
        format!("pkg:cargo/{}@{}", self.name, self.version)
    }

    /// What it needs, by package URL. A lock file says the version only where there are two.
    fn needs(&self, all: &[Self]) -> Vec<String> {
        let one = |text: &String| {
            let mut words = text.split(' ');
            let (name, version) = (words.next().unwrap_or_default(), words.next());
            all.iter()
                .find(|other| other.name == name && version.is_none_or(|version| other.version == version))
                .map(Self::purl)
        };
        self.dependencies.iter().filter_map(one).collect()
    }
}

fn crates() -> Vec<Crate> {
    let lock: CargoLock = toml::from_str(&read("Cargo.lock")).expect("Cargo.lock");
    lock.package
}

/// Name and package, of each lock file in turn. The entry without a path is our own.
fn npm() -> Vec<(String, NpmPackage)> {
    let mut all = Vec::new();
    for path in NPM_LOCKS {
        let lock: NpmLock = serde_json::from_str(&read(path)).expect(path);
        for (place, package) in lock.packages {
            if let Some((_, name)) = place.rsplit_once("node_modules/") {
                all.push((name.to_owned(), package));
            }
        }
    }
    all.sort_by(|(name, one), (other, two)| (name, &one.version).cmp(&(other, &two.version)));
    all.dedup_by(|(name, one), (other, two)| name == other && one.version == two.version);
    all
}

/// The document.
fn bill() -> Value {
    let crates = crates();
    let (own, foreign): (Vec<&Crate>, Vec<&Crate>) = crates.iter().partition(|part| part.source.is_none());
    let mut components: Vec<Value> = own
        .iter()
        .filter(|part| part.name != "server")
        .map(|part| json!({ "type": "library", "bom-ref": part.purl(), "name": part.name, "version": part.version }))
        .collect();
    components.extend(foreign.iter().map(|part| {
        json!({
            "type": "library", "bom-ref": part.purl(), "name": part.name, "version": part.version, "purl": part.purl(),
            "hashes": [{ "alg": "SHA-256", "content": part.checksum }],
        })
    }));
    components.extend(npm().iter().map(|(name, package)| {
        let version = package.version.as_deref().unwrap_or_default();
        let purl = format!("pkg:npm/{}@{version}", name.replace('@', "%40"));
        let licenses: Vec<Value> = package.license.iter().map(|id| json!({ "expression": id })).collect();
        json!({
            "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "scope": "excluded",
            "licenses": licenses,
            "properties": [{ "name": "npm:integrity", "value": package.integrity }],
        })
    }));
    let dependencies: Vec<Value> = crates
        .iter()
        .map(|part| json!({ "ref": part.purl(), "dependsOn": part.needs(&crates) }))
        .collect();
    let server = own.iter().find(|part| part.name == "server").expect("ourselves");
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": {
            "type": "application", "bom-ref": server.purl(), "name": "latchstring", "version": server.version,
        } },
        "components": components,
        "dependencies": dependencies,
    })
}

#[test]
fn every_part_is_listed_with_its_version_and_checksum_and_comes_from_one_registry() {
    let crates = crates();
    let mut faults = Vec::new();
    let registry = crates.iter().find_map(|part| part.source.as_deref());
    for part in crates.iter().filter(|part| part.source.is_some()) {
        if part.checksum.as_ref().is_none_or(|sum| sum.len() != 64) {
            faults.push(format!("{} has no checksum", part.purl()));
        }
        if part.source.as_deref() != registry
            || !registry.is_some_and(|source| source.starts_with("registry+"))
        {
            faults.push(format!("{} comes from elsewhere", part.purl()));
        }
    }
    for (name, package) in npm() {
        let sum = package.integrity.unwrap_or_default();
        if package.version.is_none() || !(package.in_bundle || sum.starts_with("sha512-")) {
            faults.push(format!("{name} (npm) has no version or no checksum"));
        }
    }
    let bill = bill();
    let listed = bill["components"].as_array().expect("components");
    let expected = crates.len() - 1 + npm().len();
    if listed.len() != expected {
        faults.push(format!("{} parts are listed of {expected}", listed.len()));
    }
    // Every reference leads to a part of the list, and none comes twice.
    let mut refs: Vec<&str> = listed
        .iter()
        .filter_map(|part| part["bom-ref"].as_str())
        .collect();
    refs.extend(bill["metadata"]["component"]["bom-ref"].as_str());
    refs.sort_unstable();
    for pair in refs.windows(2).filter(|pair| pair[0] == pair[1]) {
        faults.push(format!("{} is listed twice", pair[0]));
    }
    for dependency in bill["dependencies"].as_array().expect("dependencies") {
        for needed in dependency["dependsOn"].as_array().expect("a list") {
            if refs.binary_search(&needed.as_str().unwrap_or_default()).is_err() {
                faults.push(format!("{needed} is needed and not listed"));
            }
        }
    }
    expect_none("parts of the product", &faults);
}

#[test]
#[ignore = "writes target/sbom.cdx.json: script/sbom runs it"]
fn write_the_list_of_parts() {
    let text = serde_json::to_string_pretty(&bill()).expect("JSON");
    fs::create_dir_all(root().join("target")).expect("a folder");
    fs::write(root().join("target/sbom.cdx.json"), text + "\n").expect("a file");
}
