-- Invitations: somebody who runs the server asks somebody else by mail to make an account.

-- An invitation. `token_hash`: SHA-256 of the token in the link that was mailed last. Of an address only one is open: the partial index
-- lets no second one be, whoever invites at the same time. `locale`: the language of its mail. `invited_by`: null once they are gone. `sent_by`: who mailed
-- the last link, which opens a shut door only while they may invite; null once they are gone.
-- `version` goes up with each link: whoever sends it again or revokes it says which one they saw.
create table invitations (
    id uuid primary key,
    email text not null,
    email_key text not null,
    token_hash bytea not null unique,
    locale text not null,
    invited_by uuid references users (id) on delete set null,
    sent_by uuid references users (id) on delete set null,
    version bigint not null default 1,
    created_at timestamptz not null,
    sent_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    accepted_by uuid references users (id) on delete cascade,
    revoked_at timestamptz
);
create unique index invitations_open on invitations (email_key) where accepted_at is null and revoked_at is null;
create index invitations_email_key on invitations (email_key, id);
create index invitations_invited_by on invitations (invited_by);
create index invitations_sent_by on invitations (sent_by);
create index invitations_accepted_by on invitations (accepted_by);
create index invitations_expires_at on invitations (expires_at);

-- The roles that whoever accepts it gets, as far as the inviter may still give them then.
create table invitation_roles (
    invitation_id uuid not null references invitations (id) on delete cascade,
    role_id text not null references roles (id) on delete cascade,
    primary key (invitation_id, role_id)
);
create index invitation_roles_role_id on invitation_roles (role_id);

-- What became of each address of a form that invited: for whoever sent it, for an hour. `lines`: JSON.
create table invitation_reports (
    id uuid primary key,
    author_id uuid not null references users (id) on delete cascade,
    lines text not null,
    created_at timestamptz not null
);
create index invitation_reports_author_id on invitation_reports (author_id);
create index invitation_reports_created_at on invitation_reports (created_at);
