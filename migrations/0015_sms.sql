-- Codes by text message as a second factor.

-- The telephone of a person, proven by a code that was sent to it: the number is sealed for its owner.
create table phones (
    user_id uuid primary key references users (id) on delete cascade,
    id uuid not null,
    sealed bytea not null,
    created_at timestamptz not null
);

-- A telephone that is being added, in one session (`holder_id`): it counts for nothing until the code that was sent to it
-- was typed there.
create table phone_enrolments (
    holder_id uuid primary key,
    id uuid not null,
    user_id uuid not null references users (id) on delete cascade,
    sealed bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index phone_enrolments_user_id on phone_enrolments (user_id);
create index phone_enrolments_expires_at on phone_enrolments (expires_at);

-- How many text messages went out since `began_at`: for a person, to a number, and from the server (`kind`). `account_key` is
-- an HMAC, so that the row names nobody.
create table text_budgets (
    kind text not null,
    account_key bytea not null,
    taken bigint not null,
    began_at timestamptz not null,
    primary key (kind, account_key)
);

-- The table's name is from when mail was the only way: since then it holds the newest code that was sent for a sign-in or a
-- session by any way, and says by which: `mail`, `sms`, or `new-phone` for a telephone that is being added.
alter table mail_codes add column channel text not null default 'mail';
