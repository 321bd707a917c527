//! What moves in the browser. Each island adds to markup that works without it.
//!
//! An island has children and nothing else: what it needs to know stands in their attributes. So the wasm has neither a reader of
//! JSON nor a second copy of any markup, which were a quarter of it.

mod audit_tail;
mod copy_button;
#[cfg(feature = "hydrate")]
mod dom;
mod export_progress;
mod live_form;
mod local_time;
mod passkey;
mod print_button;
mod reveal_button;
mod strength_meter;

pub use audit_tail::AuditTail;
pub use copy_button::CopyButton;
pub use export_progress::ExportProgress;
pub use live_form::LiveForm;
pub use local_time::LocalTime;
pub use passkey::PasskeyCeremony;
pub use print_button::PrintButton;
pub use reveal_button::RevealButton;
pub use strength_meter::StrengthMeter;
