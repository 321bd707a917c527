-- Passkeys: keys that a device keeps for one person and one server (WebAuthn level 3).

-- One passkey. `public_key`: COSE key as JSON, no secret. `verifies`: it has shown that it asks for a PIN, a finger or a
-- face, so it lets somebody in alone. `backup_eligible` never changes; `backed_up` does. `sign_count` is the highest that
-- was seen. `aaguid` says which kind of authenticator it is, if it says so.
create table passkeys (
    id uuid primary key,
    user_id uuid not null references users (id) on delete cascade,
    credential_id bytea not null unique,
    public_key text not null,
    name text not null,
    aaguid uuid not null,
    transports text not null,
    verifies boolean not null,
    backup_eligible boolean not null,
    backed_up boolean not null,
    sign_count bigint not null,
    created_at timestamptz not null,
    last_used_at timestamptz
);
create index passkeys_user_id on passkeys (user_id);

-- A challenge that a browser was given: for one purpose, one use and five minutes. It is found by its own hash, in the
-- browser that holds the cookie of `browser_hash`; `holder_id` is the sign-in or the session that it is for, and nil where
-- there is none. `state` is what the answer is checked against.
create table passkey_challenges (
    challenge_hash bytea primary key,
    purpose text not null,
    browser_hash bytea not null,
    holder_id uuid not null,
    user_id uuid references users (id) on delete cascade,
    state text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    consumed_at timestamptz
);
create index passkey_challenges_user_id on passkey_challenges (user_id);
create index passkey_challenges_expires_at on passkey_challenges (expires_at);

-- A sign-up with a passkey in place of a password: the passkey, as JSON, and the id that its account will have.
alter table sign_ups add column passkey text;
-- The person does not want to be offered a passkey after signing in with a password.
alter table users add column passkey_offer_declined_at timestamptz;
