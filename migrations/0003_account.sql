-- Looking after an account.

-- `time_zone`: an IANA name, or null for the browser's. `deactivated_at`: the person has closed the account for now, and
-- opens it again by signing in. `erase_at`: the person has asked for it to be erased, and has until then to undo it.
alter table users add column time_zone text;
alter table users add column deactivated_at timestamptz;
alter table users add column erase_at timestamptz;
create index users_erase_at on users (erase_at);

-- A change of the mail address: confirmed at the new one, and undone from the old one for some time. Links as SHA-256.
create table email_changes (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    old_email text not null,
    old_email_key text not null,
    new_email text not null,
    new_email_key text not null,
    confirm_hash bytea not null unique,
    undo_hash bytea not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    confirmed_at timestamptz,
    undo_expires_at timestamptz,
    undone_at timestamptz
);
create index email_changes_user_id on email_changes (user_id);
create index email_changes_old on email_changes (old_email_key);
create index email_changes_expires_at on email_changes (expires_at);

-- "This wasn't me": which notice was answered so. A notice's link carries sealed what it is about; a row here means that
-- it did its work.
create table alarms (
    notice_id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    raised_at timestamptz not null
);
create index alarms_raised_at on alarms (raised_at);
