-- A second factor: what somebody has to show besides the password, and a sign-in that waits for it.

-- A sign-in in progress: `token_hash` is SHA-256 of a cookie of its own, so it is bound to the browser in which the first
-- factor was proven. `proven`: what was, in the values of RFC 8176, separated by spaces. What is still owed is never
-- stored: it is worked out anew at each step. `beside`: the account is added to the one that the browser is in.
create table sign_ins (
    id uuid primary key,
    token_hash bytea not null unique,
    user_id uuid not null references users (id) on delete cascade,
    proven text not null,
    remember boolean not null,
    beside boolean not null,
    is_first boolean not null,
    next_path text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz
);
create index sign_ins_user_id on sign_ins (user_id);
create index sign_ins_expires_at on sign_ins (expires_at);

-- An authenticator app (RFC 6238). The secret is sealed for its owner; `last_step` is the last time step that was
-- accepted, so that no code is accepted twice.
create table totps (
    id uuid primary key,
    user_id uuid not null unique references users (id) on delete cascade,
    sealed bytea not null,
    last_step bigint not null,
    created_at timestamptz not null
);

-- An authenticator app that is being added, in one sign-in or one session (`holder_id`): it counts for nothing until a
-- code of it was typed there. Apart for each holder, so that whoever saw one knows no other one.
create table totp_enrolments (
    holder_id uuid primary key,
    id uuid not null,
    user_id uuid not null references users (id) on delete cascade,
    sealed bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index totp_enrolments_user_id on totp_enrolments (user_id);
create index totp_enrolments_expires_at on totp_enrolments (expires_at);

-- Codes by mail as a second factor: a row means that the person wants to be asked for them.
create table mail_factors (
    user_id uuid primary key references users (id) on delete cascade,
    created_at timestamptz not null
);

-- The newest code that was mailed for one sign-in or for one session (`holder_id`), as an HMAC bound to both.
create table mail_codes (
    holder_id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    code_mac bytea not null,
    misses bigint not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    consumed_at timestamptz
);
create index mail_codes_user_id on mail_codes (user_id);
create index mail_codes_expires_at on mail_codes (expires_at);

-- Recovery codes: argon2id, as passwords. Those of one set have one salt, so that a typed one is hashed once.
create table recovery_codes (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    phc text not null,
    pepper_id bytea not null,
    created_at timestamptz not null,
    used_at timestamptz
);
create index recovery_codes_user_id on recovery_codes (user_id);

-- Consecutive wrong answers of a person to one factor. Not forgotten by waiting (NIST SP 800-63B-4, 3.2.2).
create table factor_failures (
    user_id uuid not null references users (id) on delete cascade,
    factor text not null,
    failures bigint not null,
    last_failed_at timestamptz not null,
    blocked_until timestamptz,
    primary key (user_id, factor)
);

-- A browser that isn't asked for the second factor for some time, known by a cookie of its own (SHA-256 of its token).
create table trusted_devices (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    token_hash bytea not null,
    user_agent text not null,
    created_at timestamptz not null,
    last_used_at timestamptz not null,
    expires_at timestamptz not null
);
create unique index trusted_devices_token on trusted_devices (token_hash, user_id);
create index trusted_devices_user_id on trusted_devices (user_id);
create index trusted_devices_expires_at on trusted_devices (expires_at);

-- Until when somebody who must have a second factor gets in without one. Set when it is first asked of them.
alter table users add column factor_grace_until timestamptz;
