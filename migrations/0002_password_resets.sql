-- Resetting a forgotten password.

-- A link by which a person chooses a new password, stored as SHA-256. Of an account only the newest is open: the
-- partial index lets no second one be, whoever asks at the same time, and a used one stays to say that it was used.
create table password_resets (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    link_hash bytea not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    consumed_at timestamptz
);
create unique index password_resets_open on password_resets (user_id) where consumed_at is null;
create index password_resets_expires_at on password_resets (expires_at);
