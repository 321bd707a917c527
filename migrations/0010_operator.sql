-- What the operator's commands go by: the database's own secrets, and who runs on it.

-- Secrets of this database, sealed with the master key. `index` is what names are looked up by (counts of an account), so
-- that a new master key forgets none of them; it also shows whether a server has the right master key.
create table sealed_secrets (
    name text primary key,
    sealed bytea not null,
    created_at timestamptz not null
);

-- Counted from here on under that secret: what was counted under a master key is found by nobody any more.
delete from sign_in_failures;
delete from sign_up_budgets;

-- The servers that run on this database, each with a sign of life every 20 s. `key_ids`: the master keys that it has, in
-- hexadecimal, the current one first.
create table servers (
    id uuid primary key,
    listen text not null,
    process bigint not null,
    version text not null,
    key_ids text not null,
    started_at timestamptz not null,
    seen_at timestamptz not null
);
