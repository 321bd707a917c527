-- What a role asks of whoever has it, beyond what the setting `second_factor` asks of everybody.

-- 'required': a factor that makes AAL2, as of everybody who has a role; 'passkey_only': a passkey, and nothing else.
alter table roles add column second_factor text not null default 'required';

-- Has a role with 'passkey_only', by themselves or through a group. Brought in line with each change, as `staff` is.
alter table users add column passkey_only boolean not null default false;

-- The browser that the first post of a form asked not to be asked in again: its cookie was lost with the first answer.
alter table sent_forms add column trusted_id uuid;
