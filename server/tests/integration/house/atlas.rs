//! A file of places in the format `mmdb` (<https://maxmind.github.io/MaxMind-DB/>), small enough to be written by hand: networks of
//! version 4, each with names by language.

use std::net::Ipv4Addr;

/// A name by language.
pub type Names<'a> = &'a [(&'a str, &'a str)];

/// A network, its city and its country.
pub struct Entry<'a> {
    pub network: (Ipv4Addr, u8),
    pub city: Names<'a>,
    pub country: Names<'a>,
}

/// The bytes of a file that was made at `epoch`, in seconds.
pub fn atlas(epoch: u64, entries: &[Entry<'_>]) -> Vec<u8> {
    // Each node has a left and a right record; a leaf is the number of its entry.
    #[derive(Clone, Copy)]
    enum Record {
        Nothing,
        Node(usize),
        Entry(usize),
    }
    let mut nodes = vec![[Record::Nothing; 2]];
    for (number, entry) in entries.iter().enumerate() {
        let (address, length) = entry.network;
        let mut at = 0;
        for depth in 0..length {
            let bit = usize::from(u32::from(address) >> (31 - depth) & 1 == 1);
            if depth + 1 == length {
                nodes[at][bit] = Record::Entry(number);
            } else if let Record::Node(next) = nodes[at][bit] {
                at = next;
            } else {
                nodes.push([Record::Nothing; 2]);
                let next = nodes.len() - 1;
                nodes[at][bit] = Record::Node(next);
                at = next;
            }
        }
    }

    let (mut data, mut starts) = (Vec::new(), Vec::new());
    for entry in entries {
        starts.push(data.len());
        map(&mut data, 2);
        for (key, names) in [("city", entry.city), ("country", entry.country)] {
            text(&mut data, key);
            map(&mut data, 1);
            text(&mut data, "names");
            map(&mut data, names.len());
            for (language, name) in names {
                text(&mut data, language);
                text(&mut data, name);
            }
        }
    }

    let mut file = Vec::new();
    for record in nodes.iter().flatten() {
        let value = match record {
            Record::Nothing => nodes.len(),
            Record::Node(node) => *node,
            Record::Entry(number) => nodes.len() + 16 + starts[*number],
        };
        file.extend(&u32::try_from(value).unwrap().to_be_bytes()[1..]);
    }
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    map(&mut file, 9);
    for (key, value) in [
        ("binary_format_major_version", 2),
        ("binary_format_minor_version", 0),
        ("ip_version", 4),
        ("record_size", 24),
    ] {
        text(&mut file, key);
        number(&mut file, 5, value);
    }
    text(&mut file, "node_count");
    number(&mut file, 6, nodes.len() as u64);
    text(&mut file, "build_epoch");
    number(&mut file, 9, epoch);
    text(&mut file, "database_type");
    text(&mut file, "Test-City");
    text(&mut file, "languages");
    file.extend([0x00, 0x04]); // an empty array
    text(&mut file, "description");
    map(&mut file, 0);
    file
}

fn map(data: &mut Vec<u8>, pairs: usize) {
    assert!(pairs < 29);
    data.push(0b1110_0000 | u8::try_from(pairs).unwrap());
}

fn text(data: &mut Vec<u8>, text: &str) {
    assert!(text.len() < 29, "longer texts have their length elsewhere");
    data.push(0b0100_0000 | u8::try_from(text.len()).unwrap());
    data.extend(text.as_bytes());
}

/// An unsigned number of a type: 5 and 6 are 16 and 32 bits; 9, of the extended types, 64.
fn number(data: &mut Vec<u8>, kind: u8, value: u64) {
    let bytes = value.to_be_bytes();
    let bytes = &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..];
    let length = u8::try_from(bytes.len()).unwrap();
    if kind < 8 {
        data.push(kind << 5 | length);
    } else {
        data.extend([length, kind - 7]);
    }
    data.extend(bytes);
}
