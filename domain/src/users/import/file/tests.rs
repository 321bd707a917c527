use super::{File, ROW_MAX, Reason, Row};
use crate::Code;
use crate::users::import::columns::Record;

type Said = (i64, Result<Record, Reason>);

/// Reads a file in pieces of this many bytes.
fn read_in(text: &[u8], piece: usize) -> Result<(Vec<Said>, String), Code> {
    let mut file = File::new();
    let mut rows: Vec<Row> = Vec::new();
    for bytes in text.chunks(piece) {
        file.feed(bytes, &mut rows)?;
    }
    file.finish(&mut rows)?;
    let said = rows.into_iter().map(|row| (row.line, row.record));
    Ok((said.collect(), file.ignored.lines()))
}

/// Reads it in one piece, byte by byte, and in between: the same each time.
fn read(text: impl AsRef<[u8]>) -> Result<(Vec<Said>, String), Code> {
    let text = text.as_ref();
    let whole = read_in(text, usize::MAX);
    for piece in [1, 2, 3, 7, 64, 4096] {
        let again = read_in(text, piece);
        assert!(whole == again, "in pieces of {piece}");
    }
    whole
}

/// The line and the address of each row, or why there is none.
fn mails(text: impl AsRef<[u8]>) -> Vec<(i64, Result<String, Reason>)> {
    let (rows, _) = read(text).unwrap();
    rows.into_iter()
        .map(|(line, record)| (line, record.map(|record| record.email)))
        .collect()
}

fn ok(line: i64, email: &str) -> (i64, Result<String, Reason>) {
    (line, Ok(email.to_owned()))
}

#[test]
fn comma_separated_values_as_programs_write_them() {
    let expected = [ok(2, "ada@example.com"), ok(3, "bob@example.com")];
    for text in [
        "email,name\nada@example.com,Ada\nbob@example.com,Bob\n",
        "email,name\r\nada@example.com,Ada\r\nbob@example.com,Bob",
        "\u{FEFF}email;name\r\nada@example.com;Ada\r\nbob@example.com;Bob\r\n",
        "E-Mail\tEMAIL\nx\tada@example.com\ny\tbob@example.com\n",
        "\"email\",\"name\"\n\"ada@example.com\",\"Ada, \"\"Countess\"\"\"\n bob@example.com ,\n",
    ] {
        assert_eq!(mails(text), expected, "{text:?}");
    }
    let text = "\u{FEFF}\r\n \nemail;name\nada@example.com;Ada\n";
    assert_eq!(mails(text), [ok(4, "ada@example.com")]);
    // A value may have lines of its own, and empty lines are none.
    let text = "email,name\n\n\"ada@example.com\",\"two\r\nlines\"\r\n\r\nbob@example.com,Bob\n";
    assert_eq!(mails(text), [ok(3, "ada@example.com"), ok(6, "bob@example.com")]);
    let (rows, ignored) = read("email,roles,Shoe size,id\na@b.c,\"support; Auditor|\",44,7\n").unwrap();
    assert_eq!(rows[0].1.as_ref().unwrap().roles, ["support", "Auditor"]);
    assert_eq!(ignored, "Shoe size\nid");
}

#[test]
fn a_row_that_is_none_stops_no_other() {
    let long = "x".repeat(3 * ROW_MAX);
    let many = ",".repeat(1_000);
    let mut text =
        format!("email,name\n{long},Ada\none@example.com\nthree@example.com,a,b\n{many}\n").into_bytes();
    text.extend_from_slice(
        b"\xFF\xFE@example.com,Ada\nada@example.com,\xC3\n\"a\0b@example.com\",Nul\nbob@example.com,Bob\n",
    );
    assert_eq!(
        mails(text),
        [
            (2, Err(Reason::TooLong)),
            (3, Err(Reason::Columns)),
            (4, Err(Reason::Columns)),
            (5, Err(Reason::TooLong)),
            (6, Err(Reason::Encoding)),
            (7, Err(Reason::Encoding)),
            ok(8, "a\0b@example.com"),
            ok(9, "bob@example.com"),
        ]
    );
    // A quote that never ends takes the rest along, and is one row.
    let text = format!(
        "email,name\nada@example.com,\"Ada\n{}",
        "bob@example.com,Bob\n".repeat(9_000)
    );
    assert_eq!(mails(text), [(2, Err(Reason::TooLong))]);
}

#[test]
fn a_file_without_addresses_is_refused_whole() {
    for text in [
        "name\nAda\n",
        "ada@example.com,Ada\nbob@example.com,Bob\n",
        "email,mail\na@b.c,d@e.f\n",
        "\u{FF}\u{FE}e\0m\0a\0i\0l\0",
        "just a text",
        "<?xml version=\"1.0\"?><email/>",
    ] {
        assert_eq!(read(text).err(), Some(Code::ImportNoEmail), "{text:?}");
    }
    let wide = vec![b'x'; ROW_MAX * 3];
    assert_eq!(read(wide).err(), Some(Code::ImportNoEmail));
    for text in ["", " \r\n ", "\u{FEFF}"] {
        assert_eq!(read(text).err(), Some(Code::ImportEmpty), "{text:?}");
    }
    assert!(mails("email\n").is_empty());
}

#[test]
fn json_as_an_array_and_as_lines() {
    let expected = [ok(1, "ada@example.com"), ok(2, "bob@example.com")];
    for text in [
        "{\"email\":\"ada@example.com\"}\n{\"email\":\"bob@example.com\"}\n",
        "{\"email\":\"ada@example.com\"}\r\n{\"email\":\"bob@example.com\",\"name\":null}",
        "[{\"email\":\"ada@example.com\"},\n{\"email\":\"bob@example.com\"}]",
        "\u{FEFF} [ {\"email\":\"ada@example.com\",\"x\":\"]}\\\"{[\"}\n, {\"email\":\"bob@example.com\",\"y\":[{}]} ] \n",
    ] {
        assert_eq!(mails(text), expected, "{text:?}");
    }
    let (rows, ignored) = read(
        r#"[{"email":"a@b.c","emailVerified":true,"roles":["support","x"],"createdTimestamp":1700000000000,
            "credentials":[{"type":"password"}],"id":7}]"#,
    )
    .unwrap();
    let record = rows[0].1.as_ref().unwrap();
    assert_eq!(
        (record.email_verified.as_str(), record.created_at.as_str()),
        ("true", "1700000000000")
    );
    assert_eq!(record.roles, ["support", "x"]);
    assert_eq!(ignored, "credentials\nid");
    assert!(read("[]").unwrap().0.is_empty());
}

#[test]
fn what_is_no_person_in_json_is_one_refused_row() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = format!(
        "{{\"email\":\"a@b.c\",\"x\":{}{}}}",
        "[".repeat(40),
        "]".repeat(40)
    );
    let long = format!("{{\"email\":\"{}\"}}", "x".repeat(ROW_MAX));
    let elements = [
        ("7", Reason::Json),
        ("\"a@b.c\"", Reason::Json),
        ("null", Reason::Json),
        ("[1,2]", Reason::Json),
        ("{\"email\":7}", Reason::Kind),
        ("{\"email\":{\"email\":\"a@b.c\"}}", Reason::Kind),
        ("{\"email\":\"a@b.c\",\"roles\":[7]}", Reason::Kind),
        ("{\"email\":\"a@b.c\",\"roles\":{}}", Reason::Kind),
        ("{\"email\":\"a@b.c\",\"email_verified\":1}", Reason::Kind),
        ("{\"email\":\"a@b.c\",\"mail\":\"d@e.f\"}", Reason::Columns),
        ("{\"email\":\"a@b.c\",}", Reason::Json),
        ("{\"email\":\"\\ud800\"}", Reason::Json),
        (nested.as_str(), Reason::Json),
        (deep.as_str(), Reason::Json),
        (long.as_str(), Reason::TooLong),
    ];
    for (element, reason) in elements {
        let shown: String = element.chars().take(60).collect();
        assert_eq!(
            mails(format!("[{element},\n{{\"email\":\"ok@example.com\"}}]")),
            [(1, Err(reason)), ok(2, "ok@example.com")],
            "{shown}"
        );
        // By itself a line is no deeper than what reads it lets it be.
        if element.starts_with('{') && element != nested {
            assert_eq!(
                mails(format!("{{}}\n{element}\n{{\"email\":\"ok@example.com\"}}")),
                [ok(1, ""), (2, Err(reason)), ok(3, "ok@example.com")],
                "{shown}, as a line"
            );
        }
    }
    assert_eq!(
        mails(b"{\"email\":\"\xFF\"}\n{\"email\":\"ok@example.com\"}"),
        [(1, Err(Reason::Encoding)), ok(2, "ok@example.com")]
    );
}

#[test]
fn an_array_that_is_not_whole_is_refused_whole() {
    for text in [
        "[",
        "[{\"email\":\"a@b.c\"}",
        "[{\"email\":\"a@b.c\"},",
        "[{\"email\":\"a@b.c\"},]",
        "[{\"email\":\"a@b.c\"} {\"email\":\"d@e.f\"}]",
        "[{\"email\":\"a@b.c\"}] {\"email\":\"d@e.f\"}",
        "[,]",
        "[}]",
        "[{\"email\":\"a@b.c]",
        "[[",
    ] {
        assert_eq!(read(text).err(), Some(Code::ImportUnreadable), "{text:?}");
    }
}
