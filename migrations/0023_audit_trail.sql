-- Finding rows of the audit: see domain/src/audit/trail.

-- Pages go by id, which sorts by time, behind whatever is asked for. The one of `actor_id` alone is the beginning of its successor.
create index audit_events_kind on audit_events (kind, id);
create index audit_events_address on audit_events (address, id);
create index audit_events_request on audit_events (request_id, id);
create index audit_events_actor_id on audit_events (actor_id, id);
drop index audit_events_actor;

-- An examination of the whole chain, which somebody asked for in the console. `rows_done` of `rows_total` is how far it is; `report`
-- is what it found, as JSON. Kept for a year.
create table audit_checks (
    id uuid primary key,
    asked_at timestamptz not null,
    rows_total bigint not null default 0,
    rows_done bigint not null default 0,
    finished_at timestamptz,
    whole boolean,
    report text
);
