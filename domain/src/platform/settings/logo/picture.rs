//! Makes a logo out of a file that somebody sent.

use std::fmt::Write as _;
use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::FilterType as Scaling;
use image::{DynamicImage, ImageDecoder, ImageEncoder as _, ImageError, ImageFormat, ImageReader, Limits};
use sha2::{Digest as _, Sha256};

use super::{Logo, NAME_LENGTH};
use crate::{Code, Result};

/// The most bytes of a file: 256 KiB.
pub const BYTES_MAX: usize = 256 * 1024;
/// The least pixels of a side.
pub const SIDE_MIN: u32 = 32;
/// The most pixels of a side.
pub const SIDE_MAX: u32 = 2048;
/// How many times as long as the other a side may be.
pub const RATIO_MAX: u32 = 8;

/// Breadth and height that are kept at most: three times what is shown, for the finest screens.
const KEPT: (u32, u32) = (480, 96);
/// What decoding may take, in bytes: the largest picture with 16 bits a channel twice. What a file has packed beside its picture, such as a
/// colour profile, counts as well.
const MEMORY_MAX: u64 = 64 * 1024 * 1024;

/// A logo that was read and made anew, with its PNG.
#[derive(Debug)]
pub(super) struct Picture {
    pub logo: Logo,
    pub png: Vec<u8>,
}

impl Picture {
    /// Reads a file. What kind it is says its content, whatever its name or the browser calls it (ASVS 5.2.2); how large it is says its
    /// header, before a pixel is decoded (ASVS 5.2.6).
    ///
    /// # Errors
    /// [`Code::Required`], [`Code::PictureHeavy`], [`Code::PictureKind`] or [`Code::PictureSize`].
    pub(super) fn read(file: &[u8]) -> Result<Self, Code> {
        if file.is_empty() {
            return Err(Code::Required);
        }
        if file.len() > BYTES_MAX {
            return Err(Code::PictureHeavy);
        }
        let mut decoder = decoder(file)?;
        check_size(decoder.dimensions())?;
        // A photograph that was taken with the phone on its side says so in its metadata, which stays behind.
        let orientation = decoder.orientation().map_err(|_| Code::PictureKind)?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Code::PictureKind)?;
        picture.apply_orientation(orientation);
        Self::make(&picture)
    }

    fn make(picture: &DynamicImage) -> Result<Self, Code> {
        let is_larger = picture.width() > KEPT.0 || picture.height() > KEPT.1;
        let small = is_larger.then(|| picture.resize(KEPT.0, KEPT.1, Scaling::CatmullRom));
        let pixels = small.as_ref().unwrap_or(picture).to_rgba8();
        let (width, height) = pixels.dimensions();
        let mut png = Vec::new();
        PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive)
            .write_image(&pixels, width, height, image::ExtendedColorType::Rgba8)
            .map_err(|_| Code::PictureKind)?;
        let mut name = String::with_capacity(NAME_LENGTH);
        for byte in &Sha256::digest(&png)[..NAME_LENGTH / 2] {
            // Writing into a text can't fail.
            let _ = write!(name, "{byte:02x}");
        }
        Ok(Self {
            logo: Logo { name, width, height },
            png,
        })
    }
}

/// What is about to decode a file, and has read its header. The limits hold from the first byte on: what stands in front of the picture is
/// unpacked with the header.
fn decoder(file: &[u8]) -> Result<impl ImageDecoder, Code> {
    let format = image::guess_format(file).map_err(|_| Code::PictureKind)?;
    // No others, however common: each is a decoder more, and not every one keeps to limits (WebP allocates what a chunk says it holds).
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg) {
        return Err(Code::PictureKind);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    reader.limits(limits);
    reader.into_decoder().map_err(|error| match error {
        ImageError::Limits(_) => Code::PictureSize,
        _ => Code::PictureKind,
    })
}

fn check_size((width, height): (u32, u32)) -> Result<(), Code> {
    let (long, short) = (width.max(height), width.min(height));
    if short < SIDE_MIN || long > SIDE_MAX || long > short * RATIO_MAX {
        return Err(Code::PictureSize);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    fn painted(width: u32, height: u32) -> DynamicImage {
        let paint =
            |x: u32, y: u32| Rgba([(x % 251) as u8, (y % 241) as u8, 90, if x < 4 { 0 } else { 255 }]);
        DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, paint))
    }

    fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = if format == ImageFormat::Jpeg {
            DynamicImage::ImageRgb8(picture.to_rgb8())
        } else {
            picture.clone()
        };
        picture.write_to(&mut bytes, format).expect("a file");
        bytes.into_inner()
    }

    #[test]
    fn each_kind_becomes_a_png_that_is_small_enough() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            for ((width, height), kept) in [
                ((32, 32), (32, 32)),
                ((480, 96), (480, 96)),
                ((600, 100), (480, 80)),
                ((96, 300), (31, 96)),
                ((256, 32), (256, 32)),
            ] {
                let picture = Picture::read(&file(&painted(width, height), format)).expect("a logo");
                assert_eq!(picture.logo.size(), kept, "{format:?} {width}x{height}");
                assert_eq!(image::guess_format(&picture.png).ok(), Some(ImageFormat::Png));
                assert!(picture.png.len() <= BYTES_MAX);
                assert_eq!(Logo::parse(&picture.logo.text()).as_ref(), Ok(&picture.logo));
            }
        }
    }

    #[test]
    fn nothing_but_the_picture_is_kept() {
        let clean = file(&painted(64, 64), ImageFormat::Png);
        let mut both = clean.clone();
        both.extend_from_slice(b"PK\x03\x04<script>alert(1)</script>GPSLatitude");
        let (one, other) = (
            Picture::read(&clean).expect("a logo"),
            Picture::read(&both).expect("a logo"),
        );
        assert_eq!((one.png, one.logo), (other.png, other.logo));
    }

    #[test]
    fn what_is_no_picture_or_too_large_a_one_is_refused_by_its_content() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#;
        let png = file(&painted(64, 64), ImageFormat::Png);
        for (bytes, code) in [
            (Vec::new(), Code::Required),
            (svg.to_vec(), Code::PictureKind),
            (
                b"\xEF\xBB\xBF<?xml version=\"1.0\"?><svg/>".to_vec(),
                Code::PictureKind,
            ),
            (b"GIF89a\x20\x00\x20\x00\x00\x00\x00;".to_vec(), Code::PictureKind),
            (b"BM0000000000".to_vec(), Code::PictureKind),
            (b"%PDF-1.7".to_vec(), Code::PictureKind),
            (b"MZ\x90\x00".to_vec(), Code::PictureKind),
            (png[..png.len() / 2].to_vec(), Code::PictureKind),
            (png[..8].to_vec(), Code::PictureKind),
            (vec![0; BYTES_MAX + 1], Code::PictureHeavy),
            (file(&painted(31, 64), ImageFormat::Png), Code::PictureSize),
            (file(&painted(32, 257), ImageFormat::Png), Code::PictureSize),
            (file(&painted(2049, 300), ImageFormat::Png), Code::PictureSize),
        ] {
            assert_eq!(
                Picture::read(&bytes).map(drop),
                Err(code),
                "{:?}",
                &bytes[..bytes.len().min(20)]
            );
        }
    }

    /// A bomb: a small file whose header promises what would fill the memory. The header is enough to refuse it.
    #[test]
    fn a_header_that_promises_too_much_is_refused_before_anything_is_decoded() {
        let mut png = file(&painted(64, 64), ImageFormat::Png);
        // Width and height stand at bytes 16 to 24 of a PNG, and the check sum of that chunk behind its 17 bytes.
        png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        let sum = crc(&png[12..29]);
        png[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(Picture::read(&png).map(drop), Err(Code::PictureSize));
    }

    /// A decoder of WebP would take the 4 GiB that the second chunk says it holds, and the smallest WebP that there is shows that none
    /// looks: it would say that 1 × 1 is too small.
    #[test]
    fn a_webp_is_refused_before_anything_of_it_is_read() {
        let mut promises =
            b"RIFF\x7c\x01\x00\x00WEBPVP8X\x0a\x00\x00\x00\x08\x00\x00\x00\x3f\x00\x00\x3f\x00\x00".to_vec();
        promises.extend_from_slice(b"EXIF\xfe\xff\xff\xff");
        promises.resize(300, 0);
        let one_pixel = b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00";
        for file in [promises.as_slice(), one_pixel] {
            assert_eq!(image::guess_format(file).ok(), Some(ImageFormat::WebP));
            assert_eq!(Picture::read(file).map(drop), Err(Code::PictureKind));
        }
    }

    /// A bomb in front of the picture: a colour profile of some kilobytes that unpacks to more than decoding may take. It stays packed, and
    /// the picture is read without it, as without any profile.
    #[test]
    fn a_profile_that_unpacks_to_too_much_is_left_alone() {
        let painted = painted(64, 64).to_rgba8();
        let with_profile = |bytes: u64| {
            let mut file = Vec::new();
            let mut encoder = PngEncoder::new(&mut file);
            encoder
                .set_icc_profile(vec![0; usize::try_from(bytes).expect("a size")])
                .expect("a profile");
            encoder
                .write_image(&painted, 64, 64, image::ExtendedColorType::Rgba8)
                .expect("a file");
            assert!(file.len() <= BYTES_MAX, "{}", file.len());
            file
        };
        let profile_of = |file: &[u8]| {
            let mut decoder = decoder(file).expect("a picture");
            decoder
                .icc_profile()
                .expect("a header")
                .map(|profile| profile.len())
        };
        let (small, bomb) = (with_profile(1024), with_profile(MEMORY_MAX + 1));
        assert_eq!((profile_of(&small), profile_of(&bomb)), (Some(1024), None));
        let (small, bomb) = (Picture::read(&small), Picture::read(&bomb));
        assert_eq!(small.expect("a logo").png, bomb.expect("a logo").png);
    }

    fn crc(bytes: &[u8]) -> u32 {
        let mut sum = u32::MAX;
        for byte in bytes {
            sum ^= u32::from(*byte);
            for _ in 0..8 {
                sum = (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg());
            }
        }
        !sum
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Whatever comes, the answer is a picture or a refusal: nothing panics.
        #[test]
        fn a_damaged_file_does_no_harm(at in 0_usize..2_000, byte: u8, is_png: bool) {
            let format = if is_png { ImageFormat::Png } else { ImageFormat::Jpeg };
            let mut bytes = file(&painted(48, 40), format);
            let at = at % bytes.len();
            bytes[at] ^= byte;
            if let Ok(picture) = Picture::read(&bytes) {
                prop_assert!(picture.png.len() <= BYTES_MAX);
            }
        }
    }
}
