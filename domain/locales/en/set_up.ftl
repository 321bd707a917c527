# /setup: the first administrator, and what the server finds out about itself.
# `check-…` messages are looked up by the name of the check; `doctor` and `/setup` say the same.

set-up-title = Set up
set-up-heading = Make yourself at home
set-up-text = This server has no people yet. The account you make here is its first administrator: it can see and change everything.
set-up-button = Create the administrator
set-up-link-life = The set-up link works once, for { $link-life }.
set-up-saying = A new house.
set-up-saying-note = You hold the first key.

## Links that no longer work

set-up-missing-title = Open the set-up link
set-up-missing-text = The server wrote a link to its log when it started. Open that link, or print a fresh one with this command:
set-up-used-title = This set-up link was used
set-up-used-text = Each set-up link works once. If it was you, sign in. If it wasn't, stop the server and look at its log before you go on.
set-up-expired-title = This set-up link is too old
set-up-expired-text = A set-up link works for { $link-life }. Print a fresh one on the server with this command:
set-up-invalid-title = This set-up link doesn't work
set-up-invalid-text = Part of it may be missing, or a newer link has replaced it. Print a fresh one on the server with this command:
set-up-already-title = This server is set up
set-up-already-text = It has an administrator. Sign in, or ask them to let you in.
set-up-already-button = Sign in

## The diagnosis

set-up-checks-heading = How the server is doing
set-up-checks-all-well = Everything it needs is in order.
set-up-checks-well =
    { $count ->
        [one] One thing in order
       *[other] { $count } things in order
    }
set-up-checks-to-mend =
    { $count ->
        [one] One thing needs mending. You can go on, and mend it later.
       *[other] { $count } things need mending. You can go on, and mend them later.
    }
check-state-ok = In order
check-state-warn = Worth a look
check-state-fail = Mend this
check-detail = The server said: { $detail }

check-database = Database
check-database-ok = It answers.
check-database-fail = It doesn't answer. Look at LATCHSTRING_DATABASE_URL, and whether the database is running and lets this server in.
check-migrations = Tables
check-migrations-ok = They are up to date.
check-migrations-fail =
    { $count ->
        [one] One migration has not been applied. Run: latchstring migrate
       *[other] { $count } migrations have not been applied. Run: latchstring migrate
    }
check-migrations-broken = They can't be brought up to date. Keep a copy of the database, then use the newest version that was ever started on it, and run: latchstring migrate
check-migrations-unknown = Nobody can tell while the database doesn't answer. Mend the database first.
check-cache = Cache and rate limits
check-cache-ok = Redis answers.
check-cache-local = Kept inside this process. That is right for one server; for several, set LATCHSTRING_REDIS_URL.
check-cache-away = Redis doesn't answer. Limits are kept inside this process until it does. Look at LATCHSTRING_REDIS_URL, and whether Redis is running.
check-mail = Mail
check-mail-ok = The mail server lets us in.
check-mail-caught = Caught in the development inbox; nothing is sent. To send mail, set LATCHSTRING_SMTP_URL.
check-mail-fail = The mail server doesn't let us in, so nobody can confirm an address. Look at LATCHSTRING_SMTP_URL: host, port, name and password.
check-mail-moving = No mail has been waiting for long.
check-mail-late =
    { $count ->
        [one] One mail has been waiting for more than 5 minutes. Look at LATCHSTRING_SMTP_URL and at the server's log, which says why.
       *[other] { $count } mails have been waiting for more than 5 minutes. Look at LATCHSTRING_SMTP_URL and at the server's log, which says why.
    }
check-mail-given-up =
    { $count ->
        [one] In the last 24 hours one mail was given up after many attempts. The server's log says why.
       *[other] In the last 24 hours { $count } mails were given up after many attempts. The server's log says why.
    }
check-mail-unknown = Nobody can tell how many mails wait while the database doesn't answer. Mend the database first.
check-clock = Clock
check-clock-ok = It agrees with the database's to within { $seconds } s.
check-clock-here = It shows a plausible date, and the database goes by the same clock.
check-clock-year = It says that this is the year { $year }. Set it, and switch on time synchronisation.
check-clock-database = It differs from the database's by { $seconds } s, so codes and links may expire too early. Switch on time synchronisation on both machines.
check-clock-browser = It differs from this browser's by { $seconds } s, so one of the two is wrong. Switch on time synchronisation on the server and on the device in front of you.
check-clock-unknown = It can't be compared while the database doesn't answer. Mend the database first.
check-key-file = Master key
check-key-file-ok = Only this server can read it. Keep a copy of { $path } somewhere safe: without it, what is sealed stays sealed.
check-key-file-environment = It comes from LATCHSTRING_MASTER_KEY. Keep a copy somewhere safe.
check-key-file-fail = Other accounts on this machine can get at it. Run: chmod 600 { $path }
check-key-file-owner = It belongs to another account than the server's. Run: chown { $owner } { $path }
check-key-file-missing = It can't be read, and without it what is sealed stays sealed. Put your copy of it back at { $path }, and let the server's account read it.
check-disk = Disk
check-disk-ok = { $megabytes } MB are free at { $path }.
check-disk-low = Only { $megabytes } MB are free at { $path }. Make room soon: without any, nobody can sign in.
check-disk-fail = It is as good as full: { $megabytes } MB are free at { $path }. Make room now, or move LATCHSTRING_DATA_DIR to a larger disk.
check-disk-unknown = Nobody can tell how much of it is free. Look whether LATCHSTRING_DATA_DIR is there and answers.
check-public-url = Public address
check-public-url-ok = This page was opened at { $url }, as it should be.
check-public-url-unseen = It is { $url }. Whether people reach the server there is seen when somebody opens /setup.
check-public-url-fail = The server calls itself { $url }, but this page was opened at { $seen }. Open it at { $url }; or, if people should type the other address, set LATCHSTRING_PUBLIC_URL to it and restart.
check-cookie = Sign-in cookie
check-cookie-ok = It travels encrypted, and only to this host.
check-cookie-plain = It travels without encryption. That is fine on this machine; for anybody else, serve { $product } over https.
check-cookie-exposed = It travels without encryption, so anybody on the way can sign in with it. Serve { $url } over https, and set LATCHSTRING_PUBLIC_URL to that address.
check-cookie-fail = This browser didn't send it back. Open this page at { $url }, and let the site keep cookies.
check-passkey = Passkeys
check-passkey-ok = They will belong to { $host }. If that name changes later, everyone needs a new passkey.
check-passkey-fail = Browsers refuse passkeys at { $url }. Set LATCHSTRING_PUBLIC_URL to a host name with https; only localhost may do without.
check-worker = Background work
check-worker-ok = Mails are sent and old data is cleaned up.
check-worker-fail = It has not moved for { $seconds } s, so no mail goes out. Restart the server, and look in its log for what stopped it.
check-worker-nowhere = No server has worked on this database in the last minute, so no mail goes out. Start one with: latchstring serve
check-worker-unknown = Nobody can tell while the database doesn't answer. Mend the database first.
check-start = Start
check-start-fail = The server can't start with these settings. Mend what the detail names.
