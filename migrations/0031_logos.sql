-- Logos that were uploaded in the console, as PNG that the server made anew. `name` is made of the content; the setting `logo` says which one
-- holds. Pages and messages of before go on showing theirs for a while. `made_at`: when it was last uploaded.
create table logos (
    name text primary key,
    png bytea not null,
    made_at timestamptz not null
);
