-- A form that works once, and what it did: for the second post of a double click. `mark` is SHA-256 of a cookie of the browser
-- with what the form proves. `session_id`: the session that it began, if it let somebody in.
create table sent_forms (
    mark bytea primary key,
    user_id uuid not null references users (id) on delete cascade,
    session_id uuid,
    next_path text,
    repeats bigint not null default 0,
    sent_at timestamptz not null
);
create index sent_forms_user_id on sent_forms (user_id);
