//! The zip of an export: the files, and a README that explains each of them in the person's language.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::platform::Platform;
use crate::users::export::files::Person;
use crate::words::Words;
use crate::{Error, Result};

/// What goes into the zip, in order.
pub(super) struct Archive {
    readme: String,
    files: Vec<(&'static str, String)>,
}

impl Archive {
    /// An empty one, with the head of its README.
    pub fn new(platform: &Platform, words: &Words, person: &Person) -> Self {
        let settings = platform.settings();
        let product = settings.product_name.as_str();
        let host = platform.config.public_authority();
        let title = words.text_with("export-readme-title", &[("product", product), ("host", &host)]);
        let time = words.moment(platform.clock.now());
        let made = words.text_with(
            "export-readme-made",
            &[("name", &person.name), ("email", &person.email), ("time", &time)],
        );
        let rule = "=".repeat(title.chars().count());
        let paragraphs = [
            format!("{title}\n{rule}"),
            made,
            words.text("export-readme-format"),
            words.text("export-readme-left-out"),
            words.text("export-readme-files"),
        ];
        Self {
            readme: paragraphs.join("\n\n") + "\n",
            files: Vec::new(),
        }
    }

    /// Adds a file, and what it is to the README.
    pub fn add(&mut self, name: &'static str, what: String, content: String) {
        self.readme += &["\n", name, "\n    ", &what, "\n"].concat();
        self.files.push((name, content));
    }

    /// Packs it. Off the runtime's threads: compressing takes its time.
    ///
    /// # Errors
    /// [`Error::Internal`] when it can't be packed.
    pub async fn zip(self) -> Result<Vec<u8>> {
        let failed = |said: String| Error::Internal(format!("an archive: {said}"));
        tokio::task::spawn_blocking(move || self.pack())
            .await
            .map_err(|error| failed(error.to_string()))?
            .map_err(|error| failed(error.to_string()))
    }

    fn pack(self) -> zip::result::ZipResult<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().unix_permissions(0o600);
        for (name, content) in [("README.txt", self.readme)].into_iter().chain(self.files) {
            zip.start_file(name, options)?;
            zip.write_all(content.as_bytes())?;
        }
        Ok(zip.finish()?.into_inner())
    }
}
