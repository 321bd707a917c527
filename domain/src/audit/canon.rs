//! The bytes that are hashed and signed: unambiguous, the same on both databases, and simple enough to be written again by
//! somebody else (`docs/security/audit.md`).
//!
//! A record is a list of fields. Each is `0` if there is no value, else `1`, the length (8 bytes, big endian), and the bytes. The
//! first one names the kind of record and its version, so that nothing signed or hashed for one purpose serves another.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// SHA-256.
pub type Hash = [u8; 32];

/// What a chain begins with, in place of the hash of a row before the first one.
pub const GENESIS: Hash = [0; 32];

/// A record in the making.
pub(super) struct Record(Vec<u8>);

impl Record {
    /// Begins a record of a kind, such as `latchstring audit row 1`.
    pub fn new(kind: &str) -> Self {
        Self(Vec::with_capacity(512)).text(Some(kind))
    }

    /// Bytes as they are.
    pub fn bytes(mut self, bytes: Option<&[u8]>) -> Self {
        if let Some(bytes) = bytes {
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            self.0.push(1);
            self.0.extend_from_slice(&length.to_be_bytes());
            self.0.extend_from_slice(bytes);
        } else {
            self.0.push(0);
        }
        self
    }

    /// Text in UTF-8.
    pub fn text(self, text: Option<&str>) -> Self {
        self.bytes(text.map(str::as_bytes))
    }

    /// An id in its 16 bytes.
    pub fn id(self, id: Option<Uuid>) -> Self {
        self.bytes(id.as_ref().map(|id| id.as_bytes().as_slice()))
    }

    /// A number in 8 bytes, big endian, two's complement.
    pub fn number(self, number: i64) -> Self {
        self.bytes(Some(&number.to_be_bytes()))
    }

    /// A moment: whole seconds since 1970 in 8 bytes like a number, then nanoseconds in 4 bytes, big endian.
    pub fn time(self, at: DateTime<Utc>) -> Self {
        let mut bytes = [0; 12];
        let (seconds, nanos) = bytes.split_at_mut(8);
        seconds.copy_from_slice(&at.timestamp().to_be_bytes());
        nanos.copy_from_slice(&at.timestamp_subsec_nanos().to_be_bytes());
        self.bytes(Some(&bytes))
    }

    /// The record itself, to be signed.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    /// Its SHA-256.
    pub fn hash(self) -> Hash {
        Sha256::digest(self.0).into()
    }
}

/// In hexadecimal, as reports and documents write hashes.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_records_have_the_same_bytes() {
        let records = [
            Record::new("a"),
            Record::new("a").text(None),
            Record::new("a").text(Some("")),
            Record::new("a").text(Some("bc")).text(Some("d")),
            Record::new("a").text(Some("b")).text(Some("cd")),
            Record::new("ab").text(Some("cd")),
            Record::new("a").number(1),
            Record::new("a").number(-1),
            Record::new("a").time(DateTime::UNIX_EPOCH),
        ];
        let all: Vec<Vec<u8>> = records.into_iter().map(Record::finish).collect();
        for (index, one) in all.iter().enumerate() {
            assert!(all[index + 1..].iter().all(|other| other != one));
        }
    }

    /// Holds the bytes still: whoever verifies an export has written them down too.
    #[test]
    fn a_record_is_written_as_the_document_says() {
        let at = DateTime::from_timestamp(1, 2).unwrap();
        let record = Record::new("k").text(Some("é")).bytes(None).number(3).time(at);
        let expected = "0100000000000000016b\
                        010000000000000002c3a9\
                        00\
                        0100000000000000080000000000000003\
                        01000000000000000c000000000000000100000002";
        assert_eq!(hex(&record.finish()), expected);
    }
}
