//! The files of the pages: script, wasm, styles, icons.
//!
//! A release build carries them in the binary, compressed ahead; a development build reads them from `target/site`.
//! Their address holds a hash of all of them, so browsers keep them for ever and never mix two builds.

use std::borrow::Cow;
use std::collections::HashMap;

use axum::body::Body;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::platform::settings::Accent;
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use crate::http::accepts;
use crate::http::error_pages::refuse;
use crate::routes::House;

/// Made by `cargo leptos build`.
#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

/// The files that have a fixed address.
pub const ROOT_FILES: [&str; 4] = [
    "/favicon.ico",
    "/favicon.svg",
    "/apple-touch-icon.png",
    "/robots.txt",
];

/// For what stands at an address that holds the hash of its build.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// One file and its compressed forms.
struct File {
    kind: HeaderValue,
    plain: Cow<'static, [u8]>,
    brotli: Option<Cow<'static, [u8]>>,
    gzip: Option<Cow<'static, [u8]>>,
}

/// All files, by path.
pub struct Assets {
    files: HashMap<String, File>,
    build: String,
}

impl Assets {
    /// Loads them all; they are a few hundred kilobytes.
    pub fn load() -> Self {
        let take = |path: &str| Site::get(path).map(|file| file.data);
        let mut files = HashMap::new();
        let mut names: Vec<String> = Site::iter().map(Cow::into_owned).collect();
        names.sort();
        let mut hash = Sha256::new();
        for name in names.iter().filter(|name| !is_compressed(name)) {
            let Some(plain) = take(name) else { continue };
            hash.update(name.as_bytes());
            hash.update(&plain);
            let kind = mime_guess::from_path(name).first_or_octet_stream();
            let kind = match kind.type_().as_str() {
                "text" => format!("{kind}; charset=utf-8"),
                _ => kind.to_string(),
            };
            let file = File {
                kind: HeaderValue::from_str(&kind)
                    .unwrap_or(HeaderValue::from_static("application/octet-stream")),
                brotli: take(&format!("{name}.br")),
                gzip: take(&format!("{name}.gz")),
                plain,
            };
            files.insert(format!("/{name}"), file);
        }
        let mut first = [0; 8];
        first.copy_from_slice(hash.finalize().get(..8).unwrap_or(&[0; 8]));
        let build = format!("{:016x}", u64::from_be_bytes(first));
        Self { files, build }
    }

    /// The folder that pages load from: `pkg/` and the hash of the build.
    pub fn folder(&self) -> String {
        format!("pkg/{}", self.build)
    }

    /// A file of a build; `None`: it is of another build, or of none.
    fn of_build(&self, build: &str, file: &str, headers: &HeaderMap) -> Option<Response> {
        if build != self.build {
            return None;
        }
        accent(file).or_else(|| self.respond(&format!("/pkg/{file}"), headers, FOR_EVER))
    }

    fn respond(&self, path: &str, headers: &HeaderMap, cache: &'static str) -> Option<Response> {
        let file = self.files.get(path)?;
        let (bytes, encoding) = match (&file.brotli, &file.gzip) {
            (Some(brotli), _) if accepts(headers, "br") => (brotli, Some("br")),
            (_, Some(gzip)) if accepts(headers, "gzip") => (gzip, Some("gzip")),
            _ => (&file.plain, None),
        };
        let body = match bytes {
            Cow::Borrowed(bytes) => Body::from(*bytes),
            Cow::Owned(bytes) => Body::from(bytes.clone()),
        };
        let mut response = body.into_response();
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, file.kind.clone());
        answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(encoding) = encoding {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Some(response)
    }
}

fn is_compressed(name: &str) -> bool {
    let extension = std::path::Path::new(name)
        .extension()
        .and_then(std::ffi::OsStr::to_str);
    matches!(extension, Some("br" | "gz"))
}

/// `GET /pkg/{build}/{*file}`. A page of an older build asks for files that are gone: 404, and the page works without.
pub async fn file(
    State(house): State<House>,
    Path((build, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let found = house.assets.of_build(&build, &file, &headers);
    found.unwrap_or_else(|| refuse(StatusCode::NOT_FOUND, None))
}

/// `accent/1d5fa8.css`: the shades of an accent. They follow from the colour and the build alone, so every server has them, and browsers
/// keep them for ever; of a colour that nobody may choose there is none.
fn accent(file: &str) -> Option<Response> {
    let name = file.strip_prefix("accent/")?.strip_suffix(".css")?;
    let accent = Accent::parse(name).ok().filter(|accent| accent.name() == name)?;
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, FOR_EVER),
    ];
    Some((headers, accent.css()).into_response())
}

/// The files of [`ROOT_FILES`].
pub async fn root_file(
    State(house): State<House>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Response {
    let found = house
        .assets
        .respond(uri.path(), &headers, "public, max-age=86400");
    found.unwrap_or_else(|| refuse(StatusCode::NOT_FOUND, None))
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    const BUILD: &str = "0123456789abcdef";

    fn assets() -> Assets {
        let script = File {
            kind: HeaderValue::from_static("text/javascript; charset=utf-8"),
            plain: Cow::Borrowed(b"plain"),
            brotli: Some(Cow::Borrowed(b"brotli")),
            gzip: Some(Cow::Borrowed(b"gzip")),
        };
        let picture = File {
            kind: HeaderValue::from_static("image/png"),
            plain: Cow::Borrowed(b"picture"),
            brotli: None,
            gzip: None,
        };
        Assets {
            files: HashMap::from([
                ("/pkg/house.js".to_owned(), script),
                ("/pkg/house.png".to_owned(), picture),
            ]),
            build: BUILD.to_owned(),
        }
    }

    /// The body, its encoding, how long it is kept and what it depends on.
    async fn asked(file: &str, accepted: &'static str) -> [String; 4] {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        let response = assets().of_build(BUILD, file, &headers).unwrap();
        let told = |name: &header::HeaderName| {
            let value = response.headers().get(name);
            value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
        };
        let (encoding, kept, vary) = (
            told(&header::CONTENT_ENCODING),
            told(&header::CACHE_CONTROL),
            told(&header::VARY),
        );
        let body = to_bytes(response.into_body(), 1024).await.unwrap();
        [String::from_utf8(body.to_vec()).unwrap(), encoding, kept, vary]
    }

    #[tokio::test]
    async fn a_file_goes_out_in_the_best_form_that_its_reader_takes_and_says_which() {
        let kept = "public, max-age=31536000, immutable";
        for (file, accepted, body, encoding) in [
            ("house.js", "gzip, deflate, br, zstd", "brotli", "br"),
            ("house.js", "gzip", "gzip", "gzip"),
            ("house.js", "br;q=0, gzip", "gzip", "gzip"),
            ("house.js", "identity", "plain", ""),
            ("house.png", "gzip, br", "picture", ""),
        ] {
            assert_eq!(
                asked(file, accepted).await,
                [body, encoding, kept, "accept-encoding"],
                "{file} for {accepted}"
            );
        }
    }

    #[test]
    fn a_file_of_another_build_is_not_there() {
        let (assets, headers) = (assets(), HeaderMap::new());
        for (build, file) in [
            ("fedcba9876543210", "house.js"),
            ("fedcba9876543210", "accent/1d5fa8.css"),
            (BUILD, "none.js"),
        ] {
            assert!(assets.of_build(build, file, &headers).is_none(), "{build}/{file}");
        }
        let accent = assets.of_build(BUILD, "accent/1d5fa8.css", &headers).unwrap();
        assert_eq!(accent.headers()[header::CACHE_CONTROL], FOR_EVER);
    }
}
