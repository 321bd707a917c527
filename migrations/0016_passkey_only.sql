-- A passkey as the only way in, and which domain a passkey belongs to.

-- Until when somebody without a passkey still gets in where a passkey is the only way in; null: it was never asked of them.
alter table users add column passkey_grace_until timestamptz;
-- The domain that the passkey was made for (WebAuthn level 3, "RP ID"): a browser uses it for no other. Null: it was made before
-- this was kept, and not used since.
alter table passkeys add column rp_id text;
