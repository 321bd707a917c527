//! A file as it arrives, piece by piece, taken apart into rows. However long it is, no more of it is held than one row.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::columns::{Heading, Ignored, Record};
use super::reason::Reason;
use crate::Code;

/// The longest row, in bytes.
pub const ROW_MAX: usize = 64 << 10;
/// The most columns.
const COLUMNS_MAX: usize = 200;
/// How deep objects may lie in each other.
const DEPTH_MAX: usize = 32;

/// A row, and what it says.
pub(super) struct Row {
    /// The line of the file that it begins on, from 1.
    pub line: i64,
    pub record: Result<Record, Reason>,
}

/// A file that is being read.
pub(super) struct File {
    shape: Shape,
    pub ignored: Ignored,
    /// The line that the next byte is on.
    line: i64,
}

enum Shape {
    /// Too little has arrived to tell.
    Unknown(Vec<u8>),
    Csv(Box<Csv>),
    /// One object a line.
    Lines(Held),
    /// An array of objects.
    Array(Array),
}

/// What has arrived of a row.
#[derive(Default)]
struct Held {
    bytes: Vec<u8>,
    /// It is longer than it may be: the rest is dropped.
    over: bool,
    line: i64,
}

struct Csv {
    reader: Reader,
    heading: Option<Heading>,
    out: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    ended: usize,
    over: bool,
    /// The line of the row that is being read; 0: between two.
    began: i64,
}

#[derive(Default)]
struct Array {
    held: Held,
    at: At,
    depth: usize,
    too_deep: bool,
    in_string: bool,
    escaped: bool,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum At {
    /// Before the first bracket.
    #[default]
    Outside,
    /// An element may begin, or the array end.
    First,
    /// An element must begin.
    Next,
    /// In an element.
    Within,
    /// Behind one.
    After,
    /// Behind the last bracket.
    End,
}

impl File {
    pub fn new() -> Self {
        Self {
            shape: Shape::Unknown(Vec::new()),
            ignored: Ignored::default(),
            line: 1,
        }
    }

    /// Reads on; `rows` gets what is whole.
    ///
    /// # Errors
    /// [`Code::ImportUnreadable`] or [`Code::ImportNoEmail`]: nothing of this file can be used.
    pub fn feed(&mut self, bytes: &[u8], rows: &mut Vec<Row>) -> Result<(), Code> {
        if let Shape::Unknown(held) = &mut self.shape {
            // Whether the first line has ended: where nothing new has come to tell by, it is not looked for again.
            let mut has_line = false;
            for byte in bytes {
                // What comes before the first letter says nothing.
                if b" \r\n".contains(byte) && without_mark(held).is_empty() {
                    self.line += i64::from(*byte == b'\n');
                } else {
                    has_line |= b"\r\n".contains(byte);
                    held.push(*byte);
                }
            }
            let Some(shape) = Shape::tell(held, has_line || held.len() >= ROW_MAX) else {
                return Ok(());
            };
            let held = std::mem::take(held);
            self.shape = shape;
            return self.take(without_mark(&held), rows);
        }
        self.take(bytes, rows)
    }

    /// Reads what is left when the file is over.
    ///
    /// # Errors
    /// As [`File::feed`]; [`Code::ImportEmpty`] when there was nothing in it.
    pub fn finish(&mut self, rows: &mut Vec<Row>) -> Result<(), Code> {
        if let Shape::Unknown(held) = &mut self.shape {
            let held = std::mem::take(held);
            self.shape = Shape::tell(&held, true).ok_or(Code::ImportEmpty)?;
            self.take(without_mark(&held), rows)?;
        }
        match &mut self.shape {
            Shape::Unknown(_) => Ok(()),
            Shape::Csv(csv) => csv.finish(&mut self.ignored, rows),
            Shape::Lines(held) => {
                held.give(&mut self.ignored, rows);
                Ok(())
            }
            Shape::Array(array) if array.at == At::End => Ok(()),
            Shape::Array(_) => Err(Code::ImportUnreadable),
        }
    }

    fn take(&mut self, bytes: &[u8], rows: &mut Vec<Row>) -> Result<(), Code> {
        match &mut self.shape {
            Shape::Unknown(_) => Ok(()),
            Shape::Csv(csv) => csv.take(bytes, &mut self.line, &mut self.ignored, rows),
            Shape::Lines(held) => {
                for byte in bytes {
                    if *byte == b'\n' {
                        held.give(&mut self.ignored, rows);
                        self.line += 1;
                    } else {
                        held.push(*byte, self.line);
                    }
                }
                Ok(())
            }
            Shape::Array(array) => {
                for byte in bytes {
                    array.take(*byte, self.line, &mut self.ignored, rows)?;
                    self.line += i64::from(*byte == b'\n');
                }
                Ok(())
            }
        }
    }
}

/// Without the mark that some programs begin a text with (U+FEFF).
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

impl Shape {
    /// Tells by the first letter, and for comma-separated values by the first line, if that may be there as a whole. `None`: more must
    /// arrive.
    fn tell(held: &[u8], has_line: bool) -> Option<Self> {
        let text = without_mark(held);
        match text.first()? {
            b'[' => return Some(Self::Array(Array::default())),
            b'{' => return Some(Self::Lines(Held::default())),
            _ if !has_line => return None,
            _ => {}
        }
        let end = text.iter().position(|byte| b"\r\n".contains(byte));
        let first = &text[..end.unwrap_or(text.len())];
        let many = |sign: u8| first.split(|byte| *byte == sign).count();
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .rev()
            .max_by_key(|sign| many(*sign));
        Some(Self::Csv(Box::new(Csv::new(delimiter.unwrap_or(b',')))))
    }
}

impl Held {
    fn push(&mut self, byte: u8, line: i64) {
        if self.bytes.is_empty() {
            if byte.is_ascii_whitespace() {
                return;
            }
            self.line = line;
        }
        if self.bytes.len() < ROW_MAX {
            self.bytes.push(byte);
        } else {
            self.over = true;
        }
    }

    /// Gives what it holds as a row, if there is anything, and begins anew.
    fn give(&mut self, ignored: &mut Ignored, rows: &mut Vec<Row>) {
        if !self.bytes.is_empty() {
            let record = if self.over {
                Err(Reason::TooLong)
            } else {
                Record::of_json(&self.bytes, ignored)
            };
            rows.push(Row {
                line: self.line,
                record,
            });
        }
        self.bytes.clear();
        self.over = false;
    }
}

impl Array {
    /// One letter. What stands between brackets and quotes is only counted here; what it says is read when it is whole.
    fn take(&mut self, byte: u8, line: i64, ignored: &mut Ignored, rows: &mut Vec<Row>) -> Result<(), Code> {
        let is_space = byte.is_ascii_whitespace();
        match self.at {
            At::Within => return self.within(byte, line, ignored, rows),
            _ if is_space => {}
            At::Outside if byte == b'[' => self.at = At::First,
            At::First | At::After if byte == b']' => self.at = At::End,
            At::After if byte == b',' => self.at = At::Next,
            At::First | At::Next if !b",]}:".contains(&byte) => {
                self.at = At::Within;
                return self.within(byte, line, ignored, rows);
            }
            _ => return Err(Code::ImportUnreadable),
        }
        Ok(())
    }

    fn within(
        &mut self,
        byte: u8,
        line: i64,
        ignored: &mut Ignored,
        rows: &mut Vec<Row>,
    ) -> Result<(), Code> {
        if self.depth == 0 && !self.in_string && (b",]".contains(&byte) || byte.is_ascii_whitespace()) {
            // The end of something that has no end of its own: a number, a word.
            self.end(ignored, rows);
            return self.take(byte, line, ignored, rows);
        }
        self.held.push(byte, line);
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return Ok(());
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => {
                self.depth += 1;
                self.too_deep |= self.depth > DEPTH_MAX;
            }
            b'}' | b']' => {
                self.depth = self.depth.checked_sub(1).ok_or(Code::ImportUnreadable)?;
                if self.depth == 0 {
                    self.end(ignored, rows);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, ignored: &mut Ignored, rows: &mut Vec<Row>) {
        if self.too_deep {
            rows.push(Row {
                line: self.held.line,
                record: Err(Reason::Json),
            });
            self.held = Held::default();
        } else {
            self.held.give(ignored, rows);
        }
        self.too_deep = false;
        self.at = At::After;
    }
}

impl Csv {
    fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            heading: None,
            out: vec![0; ROW_MAX],
            filled: 0,
            ends: vec![0; COLUMNS_MAX],
            ended: 0,
            over: false,
            began: 0,
        }
    }

    fn take(
        &mut self,
        mut bytes: &[u8],
        line: &mut i64,
        ignored: &mut Ignored,
        rows: &mut Vec<Row>,
    ) -> Result<(), Code> {
        while let Some(first) = bytes.first() {
            if self.began == 0 {
                // Between two rows: empty lines, and the second half of a line's end.
                if b"\r\n".contains(first) {
                    *line += i64::from(*first == b'\n');
                    bytes = &bytes[1..];
                    continue;
                }
                self.began = *line;
            }
            let read = self.read(bytes);
            let (done, rest) = bytes.split_at(read.1);
            let breaks = done.split(|byte| *byte == b'\n').count() - 1;
            *line += i64::try_from(breaks).unwrap_or(0);
            bytes = rest;
            if matches!(read.0, ReadRecordResult::Record) {
                self.end(ignored, rows)?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, ignored: &mut Ignored, rows: &mut Vec<Row>) -> Result<(), Code> {
        while self.began != 0 {
            match self.read(&[]).0 {
                ReadRecordResult::Record => self.end(ignored, rows)?,
                ReadRecordResult::End => break,
                _ => {}
            }
        }
        if self.heading.is_none() {
            return Err(Code::ImportNoEmail);
        }
        Ok(())
    }

    /// One step: how it ended, and how many bytes it took.
    fn read(&mut self, bytes: &[u8]) -> (ReadRecordResult, usize) {
        let (result, taken, filled, ended) =
            self.reader
                .read_record(bytes, &mut self.out[self.filled..], &mut self.ends[self.ended..]);
        self.filled += filled;
        self.ended += ended;
        if matches!(
            result,
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull
        ) {
            // Too long: what comes is read and dropped.
            self.over = true;
            self.filled = 0;
            self.ended = 0;
        }
        (result, taken)
    }

    fn end(&mut self, ignored: &mut Ignored, rows: &mut Vec<Row>) -> Result<(), Code> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        let values: Vec<&[u8]> = begins
            .zip(&self.ends[..self.ended])
            .map(|(begin, end)| self.out.get(begin..*end).unwrap_or_default())
            .collect();
        match &self.heading {
            None if self.over => return Err(Code::ImportNoEmail),
            None => {
                let heading = Heading::read(values.into_iter(), ignored);
                self.heading = Some(heading.ok_or(Code::ImportNoEmail)?);
            }
            Some(heading) => rows.push(Row {
                line: self.began,
                record: if self.over {
                    Err(Reason::TooLong)
                } else {
                    heading.record(values.into_iter())
                },
            }),
        }
        self.over = false;
        self.filled = 0;
        self.ended = 0;
        self.began = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
