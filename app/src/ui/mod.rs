//! What pages are made of.

pub mod art;
pub mod chart;
pub mod copy;
pub mod factor;
pub mod form;
pub mod layout;
pub mod moment;
pub mod notice;
pub mod page;
pub mod passkey;
