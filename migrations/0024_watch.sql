-- What the console shows of the house: figures, messages, the queue.

-- What happened in each quarter of an hour (`at`: its beginning), counted from the audit. Every zone in use is a multiple of a quarter
-- of an hour from UTC, so everybody's days can be put together from these rows. Quarters in which nothing happened have none.
create table tallies (
    at timestamptz primary key,
    sign_ups bigint not null,
    sign_ins bigint not null,
    two_factor bigint not null,
    failed bigint not null,
    throttled bigint not null
);

-- Up to which place of the audit it is counted: one row, `audit`, from the first count on.
create table tally_heads (
    name text primary key,
    seq bigint not null
);

-- How many sessions there were at a moment: open ones, and of these how many were used in the day, the week and the month before.
create table session_counts (
    at timestamptz primary key,
    open bigint not null,
    day bigint not null,
    week bigint not null,
    month bigint not null
);

-- What was sent: who it was for, and how it went; never what stood in it. `id` is the job's. `recipient`: the mail address, or the last
-- digits of a telephone. `user_id`: whose account it is about, if there is one. `state`: `waiting`, `sent`, `failed`, `discarded`.
create table messages (
    id uuid primary key,
    channel text not null,
    kind text not null,
    user_id uuid references users (id) on delete cascade,
    recipient text not null,
    recipient_key text not null,
    state text not null,
    attempts bigint not null default 0,
    last_error text,
    created_at timestamptz not null,
    ended_at timestamptz
);
create index messages_state on messages (state, id);
create index messages_user_id on messages (user_id, id);
create index messages_recipient_key on messages (recipient_key, id);

-- What the queue holds of each kind, without a look at what is done.
create index jobs_open on jobs (kind, state, run_at) where state <> 'done';
create index jobs_dead on jobs (id) where state = 'dead';
create index jobs_dead_kind on jobs (kind, id) where state = 'dead';

-- Who has to wait because of wrong passwords and codes. `failures >= 100`: until a new password is set.
create index sign_in_failures_blocked on sign_in_failures (blocked_until) where blocked_until is not null;
create index sign_in_failures_stopped on sign_in_failures (account_key) where failures >= 100;
create index factor_failures_blocked on factor_failures (blocked_until) where blocked_until is not null;

-- The sign-up that a message was about; the last backup.
create index sign_ups_email_key on sign_ups (email_key);
create index audit_events_backups on audit_events (at) where kind = 'installation.backed_up';
