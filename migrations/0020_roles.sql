-- Who may do what in the console. Permissions are a closed list in code; roles are rows.

-- A role. Those that come with the program have a name for their id, and their permissions are those of the code. `name_key` is
-- what makes the name unique (lower case). `version` goes up with each change: whoever writes says which one they saw.
create table roles (
    id text primary key,
    name text not null,
    name_key text not null unique,
    description text not null default '',
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- The permissions of a role that somebody made.
create table role_permissions (
    role_id text not null references roles (id) on delete cascade,
    permission text not null,
    primary key (role_id, permission)
);

-- A group of people, who have its roles.
create table people_groups (
    id uuid primary key,
    name text not null,
    name_key text not null unique,
    description text not null default '',
    version bigint not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

-- Who is in a group.
create table group_members (
    group_id uuid not null references people_groups (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    added_at timestamptz not null,
    primary key (group_id, user_id)
);
create index group_members_user_id on group_members (user_id);

-- What a group gives to whoever is in it.
create table group_roles (
    group_id uuid not null references people_groups (id) on delete cascade,
    role_id text not null references roles (id) on delete cascade,
    primary key (group_id, role_id)
);
create index group_roles_role_id on group_roles (role_id);

-- Who has a role by themselves. `granted_by`: who gave it; null: the program, or somebody who is gone.
create table user_roles (
    user_id uuid not null references users (id) on delete cascade,
    role_id text not null references roles (id) on delete cascade,
    granted_by uuid,
    granted_at timestamptz not null,
    primary key (user_id, role_id)
);
create index user_roles_role_id on user_roles (role_id);

insert into roles (id, name, name_key, created_at, updated_at) values
    ('administrator', 'Administrator', 'administrator', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
    ('support', 'Support', 'support', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
    ('auditor', 'Auditor', 'auditor', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');

insert into user_roles (user_id, role_id, granted_at)
    select id, 'administrator', updated_at from users where administrator;

-- Has any role, by themselves or through a group: has a console, and must have a second factor. Brought in line with each change, as
-- `administrator` is, so that a request learns it from one row.
alter table users add column staff boolean not null default false;
update users set staff = administrator;
create index users_staff on users (id) where staff;
