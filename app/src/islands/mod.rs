//! What moves in the browser. Each island adds to markup that works without it.

mod copy_button;
mod export_progress;
mod live_form;
mod local_time;
mod passkey;
mod print_button;
mod reveal_button;
mod strength_meter;

pub use copy_button::CopyButton;
pub use export_progress::ExportProgress;
pub use live_form::{LiveForm, LiveFormWords};
pub use local_time::LocalTime;
pub use passkey::{PasskeyCeremony, PasskeyWords};
pub use print_button::PrintButton;
pub use reveal_button::RevealButton;
pub use strength_meter::{StrengthMeter, StrengthWords};
