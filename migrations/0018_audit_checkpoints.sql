-- Signed checkpoints of the audit: see docs/security/audit.md.

-- What the chain came to at some moment, signed (Ed25519). `purpose`: `hourly`, or `anchor`, where the chain begins since older
-- rows were cut off. `events`: how many rows the chain had.
create table audit_checkpoints (
    id uuid primary key,
    purpose text not null,
    seq bigint not null,
    hash bytea not null,
    events bigint not null,
    at timestamptz not null,
    key_id text not null,
    signature bytea not null
);
create index audit_checkpoints_seq on audit_checkpoints (seq);
