-- What operators do to an account.

-- `lock_reason`: why it is locked, in a line, as the operator wrote it; `locked_until`: when the lock ends by itself, null: when an
-- operator ends it. `unproven_since`: an operator made the account, and nobody has shown yet that the address is theirs.
alter table users add column lock_reason text;
alter table users add column locked_until timestamptz;
alter table users add column unproven_since timestamptz;
create index users_locked_until on users (locked_until) where locked_until is not null;

-- `due_since`: an operator wants another password. Since then this one lets nobody in: it leads to a mail with a link.
alter table passwords add column due_since timestamptz;

-- What operators write down about a person, for each other. `author_id`: null once the author is gone.
create table person_notes (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    author_id uuid references users (id) on delete set null,
    body text not null,
    created_at timestamptz not null
);
create index person_notes_user_id on person_notes (user_id, id);
create index person_notes_author_id on person_notes (author_id);
