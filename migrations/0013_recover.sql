-- The way back for somebody who has lost everything, and what "this wasn't me" closes.

-- A wish to get back in. `begun_by`: `person` (the form) or `alarm` ("this wasn't me"). It waits until `due_at`; then a link
-- is mailed (`link_hash`: SHA-256) that works until `expires_at`. `outcome`, once it has ended: `used`, `cancelled`,
-- `signed-in`, `expired`, or `replaced` by an alarm or an operator. A person has at most one that has not ended.
create table recoveries (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    begun_by text not null,
    link_hash bytea unique,
    created_at timestamptz not null,
    due_at timestamptz not null,
    expires_at timestamptz,
    ended_at timestamptz,
    outcome text
);
create index recoveries_user_id on recoveries (user_id);
create unique index recoveries_open on recoveries (user_id) where ended_at is null;
create index recoveries_due_at on recoveries (due_at);

-- Until when nothing about the account's security may be changed.
alter table users add column frozen_until timestamptz;
