//! What becomes of a row, and why: closed sets, whose sentences stand in `console_import.ftl`.

macro_rules! words {
    ($(#[doc = $about:literal])* $name:ident: $($(#[doc = $doc:literal])* $variant:ident = $word:literal,)*) => {
        $(#[doc = $about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[doc = $doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word for it, in the database, in reports and in the names of messages.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The one with this word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    };
}

words! {
    /// What becomes of a row.
    Outcome:
    /// The person can be made.
    Ready = "ready",
    /// The person was made.
    Made = "made",
    /// Nothing is to be done.
    Skipped = "skipped",
    /// It can't be read, or may not be done.
    Refused = "refused",
}

words! {
    /// Why a row is skipped or refused.
    Reason:
    /// The address has an account, or is held for one that had it until lately.
    Exists = "exists",
    /// An earlier row has the address.
    Twice = "twice",
    /// No address, or none that mail can reach.
    Email = "email",
    /// Not a name.
    Name = "name",
    /// Neither yes nor no.
    Verified = "verified",
    /// Not a time zone that can be chosen.
    TimeZone = "time-zone",
    /// Neither `active` nor `locked`.
    State = "state",
    /// There is no such role.
    RoleUnknown = "role-unknown",
    /// Whoever brought the file may not give this role.
    RoleNotYours = "role-not-yours",
    /// A hash of a form that is not read here.
    HashUnread = "hash-unread",
    /// A hash that would take too long to compare with.
    HashCostly = "hash-costly",
    /// Not a moment of the past.
    CreatedAt = "created-at",
    /// More or fewer values than there are columns, or one column twice.
    Columns = "columns",
    /// A value of the wrong kind.
    Kind = "kind",
    /// Not an object of JSON.
    Json = "json",
    /// Not UTF-8.
    Encoding = "encoding",
    /// Longer than a row may be.
    TooLong = "too-long",
    /// The import was stopped before its turn came.
    Stopped = "stopped",
}
