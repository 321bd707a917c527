-- Claims: what applications are told of people beyond what every account has.

-- What there is to tell. `kind`: 'text', 'number', 'boolean' or 'list'; it stays as it was made, so every value fits. `version` begins at a
-- number by chance, so that a claim that is made anew under an old name is not taken for the one that was there.
create table claims (
    name text primary key,
    kind text not null,
    description text not null default '',
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- What a person has by themselves, as JSON of the claim's kind.
create table user_claims (
    user_id uuid not null references users (id) on delete cascade,
    claim text not null references claims (name) on delete cascade,
    value text not null,
    set_at timestamptz not null,
    primary key (user_id, claim)
);
create index user_claims_claim on user_claims (claim);

-- What whoever has a role has through it.
create table role_claims (
    role_id text not null references roles (id) on delete cascade,
    claim text not null references claims (name) on delete cascade,
    value text not null,
    set_at timestamptz not null,
    primary key (role_id, claim)
);
create index role_claims_claim on role_claims (claim);
