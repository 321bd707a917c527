//! A file that only a passphrase opens, written and read in one pass, whatever its size.
//!
//! `magic (20) | argon2id: KiB, passes, lanes (3 × u32) | salt (16) | nonce prefix (19) | check (16) | chunks`
//!
//! The key comes from the passphrase by argon2id (RFC 9106). The chunks are 64 KiB each, the last one shorter, under
//! XChaCha20-Poly1305 with the header as associated data, in the STREAM construction (Hoang, Reyhanitabar, Rogaway and
//! Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015): the nonce is the prefix, the
//! number of the chunk and a mark on the last one. So chunks can't be changed, swapped, left out, or cut off at the end.
//! The check is derived from the key and tells a wrong passphrase from a damaged file.

use std::io::{self, BufRead, Read, Write};

use aead_stream::{NewStream as _, StreamBE32, StreamPrimitive as _};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{KeyInit as _, Payload};
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::platform::config::Secret;
use crate::platform::entropy::Entropy;

const MAGIC: &[u8; 20] = b"latchstring backup 1";
const SALT: usize = 16;
const PREFIX: usize = 19;
const CHECK: usize = 16;
const HEADER: usize = MAGIC.len() + 12 + SALT + PREFIX + CHECK;
/// Plain bytes of a chunk.
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;

/// What a passphrase costs to try: KiB, passes, lanes. RFC 9106 §4, the second recommended choice, in one lane.
const COST: (u32, u32, u32) = (64 * 1024, 3, 1);
/// The most that a file may ask for: a header is read before it can be trusted.
const MOST: (u32, u32, u32) = (1024 * 1024, 16, 16);

/// Why a file can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Something else.
    #[error("this is no backup of Latchstring")]
    NoBackup,
    /// Of a format that this version doesn't know.
    #[error("this backup was made by a newer version of Latchstring: use that version")]
    Newer,
    /// Another passphrase made it.
    #[error("the passphrase is not the one of this backup")]
    Passphrase,
    /// It ends too early.
    #[error("this backup is cut off: its end is missing")]
    CutOff,
    /// A byte was changed, or it ends in the middle of a chunk, which looks the same.
    #[error("this backup is damaged or cut off: it is not what was written")]
    Damaged,
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        Self::new(io::ErrorKind::InvalidData, fault)
    }
}

/// The chunks of one file, in their order.
struct Chunks {
    stream: StreamBE32<XChaCha20Poly1305>,
    header: [u8; HEADER],
    next: u32,
}

impl Chunks {
    fn new(cipher: XChaCha20Poly1305, prefix: [u8; PREFIX], header: [u8; HEADER]) -> Self {
        Self {
            stream: StreamBE32::from_aead(cipher, &prefix.into()),
            header,
            next: 0,
        }
    }

    fn step(&mut self) -> io::Result<()> {
        let next = self.next.checked_add(1);
        self.next = next.ok_or_else(|| io::Error::other("a backup of more than 256 TiB"))?;
        Ok(())
    }

    fn seal(&mut self, plain: &[u8], last: bool) -> io::Result<Vec<u8>> {
        let payload = Payload {
            msg: plain,
            aad: &self.header,
        };
        let sealed = self.stream.encrypt(self.next, last, payload);
        self.step()?;
        sealed.map_err(|_| io::Error::other("a chunk can't be sealed"))
    }

    fn open(&mut self, sealed: &[u8], last: bool) -> io::Result<Vec<u8>> {
        let attempt = |last| {
            let payload = Payload {
                msg: sealed,
                aad: &self.header,
            };
            self.stream
                .decrypt(self.next, last, payload)
                .map_err(|_| io::Error::from(Fault::Damaged))
        };
        let opened = match attempt(last) {
            // A whole chunk, but not the last one: what should follow is gone.
            Err(_) if last && attempt(false).is_ok() => Err(Fault::CutOff.into()),
            opened => opened,
        }?;
        self.step()?;
        Ok(opened)
    }
}

/// The key of the chunks, and what the header has to show that it is the right one.
fn derive(
    passphrase: &Secret,
    salt: &[u8],
    cost: (u32, u32, u32),
) -> io::Result<(XChaCha20Poly1305, [u8; CHECK])> {
    let failed = |error: argon2::Error| io::Error::other(format!("argon2: {error}"));
    let params = Params::new(cost.0, cost.1, cost.2, None).map_err(failed)?;
    let mut secret = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose().as_bytes(), salt, secret.as_mut())
        .map_err(failed)?;
    let derived = Hkdf::<Sha256>::new(Some(b"latchstring backup"), secret.as_slice());
    let (mut key, mut check) = (Zeroizing::new([0; 32]), [0; CHECK]);
    // It fails only for outputs over 8,160 bytes.
    let _ = derived.expand(b"chunks", key.as_mut());
    let _ = derived.expand(b"check", &mut check);
    let cipher = XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(io::Error::other)?;
    Ok((cipher, check))
}

/// Seals what is written to it. Without [`Writer::finish`] the file stays cut off.
pub struct Writer<W: Write> {
    out: W,
    chunks: Chunks,
    plain: Zeroizing<Vec<u8>>,
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    pub fn begin(mut out: W, passphrase: &Secret, entropy: &Entropy) -> io::Result<Self> {
        let salt: [u8; SALT] = entropy.bytes();
        let (cipher, check) = derive(passphrase, &salt, COST)?;
        let prefix: [u8; PREFIX] = entropy.bytes();
        let cost = [COST.0, COST.1, COST.2].map(u32::to_be_bytes).concat();
        let header = [MAGIC.as_slice(), &cost, &salt, &prefix, &check].concat();
        out.write_all(&header)?;
        Ok(Self {
            out,
            chunks: Chunks::new(
                cipher,
                prefix,
                header
                    .try_into()
                    .map_err(|_| io::Error::other("a header of another length"))?,
            ),
            plain: Zeroizing::new(Vec::with_capacity(CHUNK)),
        })
    }

    /// Writes the last chunk, and gives back what lies below.
    pub fn finish(mut self) -> io::Result<W> {
        let sealed = self.chunks.seal(&self.plain, true)?;
        self.out.write_all(&sealed)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk is sealed when more comes: only then it is clear that it isn't the last.
        if self.plain.len() == CHUNK {
            let sealed = self.chunks.seal(&self.plain, false)?;
            self.out.write_all(&sealed)?;
            self.plain.clear();
        }
        let taken = bytes.len().min(CHUNK - self.plain.len());
        self.plain
            .extend_from_slice(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Opens what a [`Writer`] wrote. Each byte that it gives has been checked.
pub struct Reader<R: BufRead> {
    from: R,
    chunks: Chunks,
    plain: Zeroizing<Vec<u8>>,
    read: usize,
    ended: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads the beginning of a file.
    ///
    /// # Errors
    /// [`Fault`] inside the [`io::Error`].
    pub fn begin(mut from: R, passphrase: &Secret) -> io::Result<Self> {
        let mut header = [0; HEADER];
        let came = fill(&mut from, &mut header)?;
        let (magic, rest) = header.split_at(MAGIC.len());
        match magic.split_last() {
            _ if magic == MAGIC => {}
            Some((_, name)) if MAGIC.starts_with(name) && came >= MAGIC.len() => {
                return Err(Fault::Newer.into());
            }
            _ => return Err(Fault::NoBackup.into()),
        }
        if came < HEADER {
            return Err(Fault::CutOff.into());
        }
        let number = |at: usize| {
            let four = rest.get(at..at + 4).and_then(|four| four.try_into().ok());
            u32::from_be_bytes(four.unwrap_or_default())
        };
        let cost = (number(0), number(4), number(8));
        if cost.0 > MOST.0 || cost.1 > MOST.1 || cost.2 > MOST.2 {
            return Err(Fault::Damaged.into());
        }
        let salt = rest.get(12..12 + SALT).unwrap_or_default();
        // A cost that argon2 refuses was never written by us.
        let (cipher, check) = derive(passphrase, salt, cost).map_err(|_| Fault::Damaged)?;
        let shown = header.get(HEADER - CHECK..).unwrap_or_default();
        if !bool::from(check.ct_eq(shown)) {
            return Err(Fault::Passphrase.into());
        }
        let mut prefix = [0; PREFIX];
        prefix.copy_from_slice(rest.get(12 + SALT..12 + SALT + PREFIX).ok_or(Fault::Damaged)?);
        Ok(Self {
            from,
            chunks: Chunks::new(cipher, prefix, header),
            plain: Zeroizing::default(),
            read: 0,
            ended: false,
        })
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let mut sealed = vec![0; CHUNK + TAG];
        let came = fill(&mut self.from, &mut sealed)?;
        let sealed = sealed.get(..came).unwrap_or_default();
        self.ended = self.from.fill_buf()?.is_empty();
        if came < TAG {
            return Err(Fault::CutOff.into());
        }
        self.plain = Zeroizing::new(self.chunks.open(sealed, self.ended)?);
        self.read = 0;
        Ok(())
    }
}

impl<R: BufRead> Read for Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.read == self.plain.len() {
            if self.ended {
                return Ok(0);
            }
            self.next_chunk()?;
        }
        let rest = self.plain.get(self.read..).unwrap_or_default();
        let given = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..given), rest.get(..given)) {
            to.copy_from_slice(from);
        }
        self.read += given;
        Ok(given)
    }
}

/// Reads until the buffer is full or nothing more comes.
fn fill(from: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut came = 0;
    while let Some(rest) = buffer.get_mut(came..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) => break,
            Ok(more) => came += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(came)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::new("correct horse battery staple")
    }

    fn write(plain: &[u8]) -> Vec<u8> {
        let mut writer = Writer::begin(Vec::new(), &secret(), &Entropy::seeded(4)).unwrap();
        writer.write_all(plain).unwrap();
        writer.finish().unwrap()
    }

    fn read(file: &[u8], passphrase: &Secret) -> Result<Vec<u8>, Fault> {
        let mut plain = Vec::new();
        let read = Reader::begin(file, passphrase).and_then(|mut reader| reader.read_to_end(&mut plain));
        read.map(|_| plain).map_err(|error| {
            let fault = error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>());
            *fault.unwrap_or_else(|| panic!("{error}"))
        })
    }

    #[test]
    fn what_is_written_reads_back_whatever_its_length() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 77] {
            let plain: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let file = write(&plain);
            assert_eq!(read(&file, &secret()).unwrap(), plain, "{length}");
            assert!(
                !file
                    .windows(16)
                    .any(|part| plain.windows(16).take(9).any(|own| own == part))
            );
        }
    }

    /// ASVS 11.4.4, RFC 9106 §4.
    #[test]
    fn a_passphrase_is_stretched_under_a_salt_of_its_own() {
        let entropy = Entropy::seeded(5);
        let header = || {
            let writer = Writer::begin(Vec::new(), &secret(), &entropy).unwrap();
            writer.finish().unwrap()[..HEADER].to_vec()
        };
        let (one, other) = (header(), header());
        let cost: Vec<u32> = one[MAGIC.len()..MAGIC.len() + 12]
            .chunks(4)
            .map(|bytes| u32::from_be_bytes(bytes.try_into().unwrap()))
            .collect();
        assert_eq!(cost, [64 * 1024, 3, 1]);
        let salt = MAGIC.len() + 12..MAGIC.len() + 12 + SALT;
        assert_ne!(one[salt.clone()], other[salt]);
        assert_ne!(
            one[HEADER - CHECK..],
            other[HEADER - CHECK..],
            "so the key is another one, too"
        );
    }

    #[test]
    fn every_fault_is_told_by_its_name() {
        let file = write(&vec![7; 2 * CHUNK + 100]);
        assert_eq!(
            read(&file, &Secret::new("another passphrase")),
            Err(Fault::Passphrase)
        );
        assert_eq!(read(b"", &secret()), Err(Fault::NoBackup));
        assert_eq!(
            read(b"SQLite format 3\0 and so on and on", &secret()),
            Err(Fault::NoBackup)
        );
        let mut newer = file.clone();
        newer[MAGIC.len() - 1] = b'2';
        assert_eq!(read(&newer, &secret()), Err(Fault::Newer));
        for end in [
            HEADER - 1,
            HEADER,
            HEADER + 5,
            HEADER + CHUNK + TAG,
            HEADER + 2 * (CHUNK + TAG),
        ] {
            assert_eq!(read(&file[..end], &secret()), Err(Fault::CutOff), "cut at {end}");
        }
        for end in [HEADER + 99, HEADER + CHUNK + TAG + 99, file.len() - 1] {
            assert_eq!(read(&file[..end], &secret()), Err(Fault::Damaged), "cut at {end}");
        }
        let mut expensive = file.clone();
        expensive[MAGIC.len()] = 0xff;
        assert_eq!(read(&expensive, &secret()), Err(Fault::Damaged));
        // One bit in each part of the chunks, a chunk in another's place, and something behind the end.
        for at in [HEADER, HEADER + CHUNK, HEADER + CHUNK + TAG + 3] {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert_eq!(read(&changed, &secret()), Err(Fault::Damaged), "changed at {at}");
        }
        let (head, chunks) = file.split_at(HEADER);
        let (first, rest) = chunks.split_at(CHUNK + TAG);
        let (second, last) = rest.split_at(CHUNK + TAG);
        assert_eq!(
            read(&[head, second, first, last].concat(), &secret()),
            Err(Fault::Damaged)
        );
        assert_eq!(
            read(&[&file[..], b"more"].concat(), &secret()),
            Err(Fault::Damaged)
        );
    }
}
