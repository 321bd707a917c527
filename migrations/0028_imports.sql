-- People brought in from a file.

-- A file that somebody brought. `asked_by`: whose it is, and nobody else sees it; null: the command line. `state`: 'reading' while
-- it arrives, 'read' when it was tried, 'running' while its people are made, then 'done', or 'stopped' by whoever asked, or because they
-- may no longer. `ignored`: names of columns that nobody reads, one a line. `rows_done`: the number of the last row that was gone
-- through. Everything about it goes at `expires_at`.
create table imports (
    id uuid primary key,
    asked_by uuid references users (id) on delete cascade,
    file_name text not null,
    state text not null,
    ignored text not null default '',
    rows_total bigint not null default 0,
    rows_done bigint not null default 0,
    made bigint not null default 0,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    finished_at timestamptz,
    expires_at timestamptz not null
);
create index imports_asked_by on imports (asked_by, id);
create index imports_expires_at on imports (expires_at);

-- A row of it. `line`: where it begins in the file. `email`: as it stands there, cut; `email_key`: what makes it unique, if it is an
-- address. `outcome`: 'ready' to be made, 'made', 'skipped' or 'refused', and the `reason`. `sealed`: the person, password hash and all,
-- until they are made. `user_id`: whom it became.
create table import_rows (
    import_id uuid not null references imports (id) on delete cascade,
    number bigint not null,
    line bigint not null,
    email text not null,
    email_key text,
    outcome text not null,
    reason text,
    has_password boolean not null,
    sealed bytea,
    user_id uuid references users (id) on delete cascade,
    primary key (import_id, number)
);
create index import_rows_email_key on import_rows (email_key, import_id);
create index import_rows_user_id on import_rows (user_id);
create index import_rows_outcome on import_rows (import_id, outcome, number);

-- Whether anybody still has a hash from elsewhere is asked at each sign-in.
create index passwords_foreign on passwords (user_id) where substr(phc, 1, 8) = '$sealed$';
