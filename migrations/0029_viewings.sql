-- Looking at an account as its owner sees it: see domain/src/authentication/viewing.rs.

-- A look that goes on, or that is over and waits to be swept up. `user_id`: whose account; `operator_id`: who looks; `reason`: why, in a
-- line. What is over stays known in the audit.
create table viewings (
    id uuid primary key,
    operator_id uuid not null references users (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    reason text not null,
    began_at timestamptz not null,
    expires_at timestamptz not null
);
create index viewings_operator_id on viewings (operator_id);
create index viewings_user_id on viewings (user_id);
create index viewings_expires_at on viewings (expires_at);

-- The look that this session of an operator is in. No reference: once the look is gone the session still opens nothing of its own,
-- until its operator says that they have come back.
alter table sessions add column viewing_id uuid;
