-- The ground: people, passwords, sign-ups, sessions, limits, jobs, audit.
-- Written in the SQL that Postgres and SQLite share. Times are UTC; ids are UUIDv7; JSON is text.

-- A person who may sign in. `email` is as typed, `email_key` is what makes it unique (lower case, ASCII domain).
create table users (
    id uuid primary key,
    name text not null,
    email text not null,
    email_key text not null unique,
    locale text not null default 'en',
    administrator boolean not null default false,
    locked_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- The password of a person, if there is one: an argon2id PHC string, and which key peppered it.
create table passwords (
    user_id uuid primary key references users (id) on delete cascade,
    phc text not null,
    pepper_id bytea not null,
    updated_at timestamptz not null
);

-- A sign-up whose address is not proven yet. Several may wait for one address; they hinder nobody.
-- The link is stored as SHA-256, the 6-digit code as an HMAC bound to this row.
create table sign_ups (
    id uuid primary key,
    name text not null,
    email text not null,
    email_key text not null,
    phc text not null,
    pepper_id bytea not null,
    link_hash bytea not null unique,
    code_mac bytea not null,
    code_expires_at timestamptz not null,
    code_misses bigint not null default 0,
    code_blocked_until timestamptz,
    next_path text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    consumed_at timestamptz
);
create index sign_ups_expires_at on sign_ups (expires_at);

-- What one mail address bears, whoever asks: mails in an hour, guesses at codes in a day. The key is an HMAC.
create table sign_up_budgets (
    kind text not null,
    account_key bytea not null,
    taken bigint not null,
    began_at timestamptz not null,
    primary key (kind, account_key)
);

-- The one-time link that makes the first administrator.
create table setup_links (
    token_hash bytea primary key,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    consumed_at timestamptz
);

-- A single row, put in by the transaction that makes the first administrator: its primary key lets only one win.
create table installations (
    id bigint primary key,
    set_up_at timestamptz not null,
    set_up_by uuid not null
);

-- A signed-in browser. `token_hash` is SHA-256 of the cookie's token.
create table sessions (
    id uuid primary key,
    token_hash bytea not null unique,
    user_id uuid not null references users (id) on delete cascade,
    remember boolean not null,
    aal bigint not null,
    amr text not null,
    auth_time timestamptz not null,
    user_agent text not null,
    address text not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    idle_expires_at timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_user_id on sessions (user_id);
create index sessions_expires_at on sessions (expires_at);

-- A browser that signed in to an account before, known by a long-lived cookie (SHA-256 of its token).
create table known_devices (
    token_hash bytea not null,
    user_id uuid not null references users (id) on delete cascade,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    primary key (token_hash, user_id)
);
create index known_devices_user_id on known_devices (user_id);

-- Consecutive failed sign-ins of an account (an HMAC of the address, known or not), apart for each known device.
create table sign_in_failures (
    account_key bytea not null,
    device_key bytea not null,
    failures bigint not null,
    last_failed_at timestamptz not null,
    blocked_until timestamptz,
    primary key (account_key, device_key)
);

-- The durable queue. `payload` is sealed: it may hold links and codes.
create table jobs (
    id uuid primary key,
    kind text not null,
    payload bytea not null,
    state text not null,
    attempts bigint not null default 0,
    run_at timestamptz not null,
    lease_until timestamptz,
    worker uuid,
    last_error text,
    created_at timestamptz not null,
    finished_at timestamptz
);
create index jobs_due on jobs (state, run_at);

-- Recurring work and who does it: a lease for the leader, and when each task ran last.
create table leases (
    name text primary key,
    holder uuid not null,
    lease_until timestamptz not null,
    last_run_at timestamptz
);

-- What happened, in the order in which it happened. Rows are only added.
create table audit_events (
    id uuid primary key,
    at timestamptz not null,
    kind text not null,
    outcome text not null,
    actor_id uuid,
    subject_id uuid,
    session_id uuid,
    address text,
    user_agent text,
    request_id text,
    detail text not null
);
create index audit_events_subject on audit_events (subject_id, id);

-- Development only: mail and SMS that were caught instead of sent.
create table caught_messages (
    id uuid primary key,
    channel text not null,
    recipient text not null,
    subject text not null,
    body_text text not null,
    body_html text not null,
    links text not null,
    code text,
    created_at timestamptz not null
);
create index caught_messages_created_at on caught_messages (created_at);
