-- Settings that were changed in the console. What the operator set in the file, the environment or a flag stays as it is there.

-- The value of each key that is not at its default, as text, as the file would have it. `version` is the change that made it so.
create table settings (
    key text primary key,
    value text not null,
    version bigint not null
);

-- Every change, numbered one after the other on the whole installation: the highest number tells a server whether what it holds is
-- still so. `was` and `became`: null is the default. `changed_by`: null is somebody who is gone.
create table setting_changes (
    version bigint primary key,
    key text not null,
    was text,
    became text,
    changed_by uuid references users (id) on delete set null,
    changed_at timestamptz not null
);
create index setting_changes_key on setting_changes (key, version);
create index setting_changes_changed_by on setting_changes (changed_by);
