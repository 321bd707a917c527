//! Where to go after signing in: a path of this server, and nothing else (ASVS 3.7.2).

use url::Url;

/// A path with an optional query on this server: begins with exactly one `/`, and means no other host to any browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Takes a path as it stands in `next`, if it is a plain one; everything doubtful is no path.
    ///
    /// At most 1,024 bytes of visible ASCII (the browser's own encoding); no back-slash, no `//` and no dot segment,
    /// also not percent-encoded, because proxies and browsers disagree about those; no fragment.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 1024 || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return None;
        }
        let path = text.split_once('?').map_or(text, |(path, _)| path);
        let decoded = decode_twice(path)?;
        let plain = path.starts_with('/')
            && !decoded.contains("//")
            && !decoded
                .split('/')
                .any(|segment| segment == "." || segment == "..")
            && !decoded.contains(['\\', '@', ':', ';', '<', '>', '"'])
            && !text.contains(['\\', '#', '<', '>', '"'])
            && decoded.chars().all(|c| !c.is_control() && !c.is_whitespace());
        if !plain {
            return None;
        }
        // The browser's own rules have the last word.
        let base = Url::parse("https://latchstring.invalid").ok()?;
        let joined = base.join(text).ok()?;
        (joined.origin() == base.origin() && joined.username().is_empty()).then(|| Self(text.to_owned()))
    }

    /// The path, safe in a `Location` header and in a link.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Percent-decodes up to two times, as a chain of proxies may.
fn decode_twice(path: &str) -> Option<String> {
    let mut text = path.to_owned();
    for _ in 0..2 {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.as_bytes();
        while let Some((&byte, tail)) = rest.split_first() {
            if byte == b'%' {
                let hex = std::str::from_utf8(tail.get(..2)?).ok()?;
                bytes.push(u8::from_str_radix(hex, 16).ok()?);
                rest = tail.get(2..)?;
            } else {
                bytes.push(byte);
                rest = tail;
            }
        }
        text = String::from_utf8(bytes).ok()?;
        if !text.contains('%') {
            break;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_this_server_are_taken() {
        for path in [
            "/",
            "/account",
            "/account/sessions",
            "/admin/users/018f?tab=roles&x=%2Fy",
            "/a-b_c~d.e",
            "/caf%C3%A9",
        ] {
            assert_eq!(LocalPath::parse(path).map(|p| p.0).as_deref(), Some(path));
        }
    }

    #[test]
    fn seventy_ways_to_leave_the_house_are_refused() {
        let hostile = [
            "",
            " ",
            "account",
            "//evil.example",
            "///evil.example",
            "////evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example",
            "/\\/evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/\r/evil.example",
            "/ /evil.example",
            "\t//evil.example",
            "/%2F/evil.example",
            "/%2f%2fevil.example",
            "%2F%2Fevil.example",
            "/%5Cevil.example",
            "/%5c%5cevil.example",
            "/%09/evil.example",
            "/%0a/evil.example",
            "/%0d%0aLocation:%20https://evil.example",
            "/%252F%252Fevil.example",
            "/%255Cevil.example",
            "https://evil.example",
            "http://evil.example",
            "HTTPS://evil.example",
            "https:evil.example",
            "https:/evil.example",
            "https:///evil.example",
            "//evil.example/%2e%2e",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "blob:https://evil.example/x",
            "file:///etc/passwd",
            "ftp://evil.example",
            "mailto:a@evil.example",
            "/javascript:alert(1)",
            "//user@evil.example",
            "/@evil.example",
            "@evil.example",
            "https://localhost@evil.example",
            "https://localhost:3000@evil.example",
            "//localhost:80@evil.example",
            "//[::1]",
            "//127.1",
            "//2130706433",
            "//evil%E3%80%82example",
            "//evil。example",
            "/\u{FEFF}/evil.example",
            "/..//evil.example",
            "/.//evil.example",
            "/account/../../evil",
            "/./account",
            "/%2e%2e/evil",
            "/%2e%2e%2f%2e%2e",
            "/account/..;/admin",
            "/;@evil.example",
            "/<script>alert(1)</script>",
            "/\"onmouseover=alert(1)",
            "/account#//evil.example",
            "/\0",
            "/%00",
            "/%",
            "/%zz",
            "/%e",
            "/account\u{202E}",
            "／／evil.example",
            "/a//b",
        ];
        assert!(hostile.len() >= 70);
        for path in hostile {
            assert_eq!(LocalPath::parse(path), None, "{path:?}");
        }
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(1024))), None);
    }
}
