-- The language in which somebody signed up: of the mails to a waiting address, and of the account that comes of it.
alter table sign_ups add column locale text not null default 'en';
