-- The audit as a chain: see docs/security/audit.md.

-- `seq` is the place in the chain, without gaps; `hash` holds the row, and the row before it by its hash. What is about a person
-- enters the hash as `commitment`, a hash with `salt`, so that an erasure can take it away: it empties the salt and these fields,
-- and the chain still holds. `was` and `became` are values before and after a change, as JSON. Rows from before this migration
-- get their places when the server starts (`domain/src/audit/adopt.rs`).
alter table audit_events add column seq bigint;
alter table audit_events add column salt bytea;
alter table audit_events add column commitment bytea;
alter table audit_events add column hash bytea;
alter table audit_events add column was text;
alter table audit_events add column became text;
create unique index audit_events_seq on audit_events (seq);

-- The end of the chain: one row, which every transaction that audits changes as its last act. `adopted_at`: since when all rows
-- have a place.
create table audit_head (
    name text primary key,
    seq bigint not null,
    hash bytea not null,
    adopted_at timestamptz
);
