-- The list of people: what it is searched and sorted by. See domain/src/users/directory/mod.rs.

-- The name and the address as the list sorts by them: folded (lower case, without accents), as bytes, so that both databases sort
-- them alike whatever their collation is. Null: not taken up yet, which a server does when it starts.
alter table users add column name_key bytea;
alter table users add column mail_key bytea;
create index users_not_taken_up on users (id) where name_key is null;
create index users_created on users (created_at, id);
create index users_name on users (name_key, id);
create index users_mail on users (mail_key, id);
create index users_locked on users (id) where locked_at is not null;
create index users_closed on users (id) where deactivated_at is not null;
create index users_erasing on users (id) where erase_at is not null;

-- What a person is found by: the words of their name and their address, folded, each up to the end of what it stands in. A search
-- looks for terms that begin with what was typed.
create table user_terms (
    term bytea not null,
    user_id uuid not null references users (id) on delete cascade,
    primary key (term, user_id)
);
create index user_terms_user on user_terms (user_id, term);

-- When a person was last here, to the hour; the beginning of 1970: never. Apart from `users`, since it is written often.
create table sightings (
    user_id uuid primary key references users (id) on delete cascade,
    seen_at timestamptz not null
);
create index sightings_seen on sightings (seen_at, user_id);

insert into sightings (user_id, seen_at)
    select id, coalesce((select max(last_seen_at) from sessions where user_id = users.id), '1970-01-01T00:00:00+00:00') from users;
