-- A person's copy of their data, and the erasure of an account.

-- A copy that somebody asked for: made step by step by a job, kept for a day from when it is ready. The partial index lets
-- only one be under way for a person; `expires_at` moves when it is ready, and before that bounds the waiting.
create table exports (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    asked_at timestamptz not null,
    steps_done bigint not null default 0,
    steps_total bigint not null,
    bytes bigint,
    ready_at timestamptz,
    expires_at timestamptz not null
);
create unique index exports_under_way on exports (user_id) where ready_at is null;
create index exports_user_id on exports (user_id);
create index exports_expires_at on exports (expires_at);

-- The archive of an export in sealed pieces: any server may hand it out, and none holds it whole in one row.
create table export_pieces (
    export_id uuid not null references exports (id) on delete cascade,
    number bigint not null,
    sealed bytea not null,
    primary key (export_id, number)
);

-- `erase_reminded_at`: the mail of the last day was sent. `erasing_as`: the erasure has begun and can't be undone; it is the
-- random id that takes the person's place in the audit, and goes with the row.
alter table users add column erase_reminded_at timestamptz;
alter table users add column erasing_as uuid;
create index audit_events_actor on audit_events (actor_id);
