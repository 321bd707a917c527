# /setup: the first administrator, and what the server finds out about itself.
# `check-…` messages are looked up by the name of the check; `doctor` and `/setup` say the same.

set-up-title = Set up
set-up-heading = Make yourself at home
set-up-text = This server has no people yet. The account you make here is its first administrator: it can see and change everything.
set-up-button = Create the administrator
set-up-link-life = The set-up link works once, for { $link-life }.

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
check-database-ok = It answers, and its tables are up to date.
check-database-fail = It doesn't answer. Look at LATCHSTRING_DATABASE_URL, and whether the database is running and lets this server in.
check-cache = Cache and rate limits
check-cache-ok = Redis answers.
check-cache-local = Kept inside this process. That is right for one server; for several, set LATCHSTRING_REDIS_URL.
check-cache-fail = Redis doesn't answer. Limits are kept inside this process until it does. Look at LATCHSTRING_REDIS_URL, and whether Redis is running.
check-mail = Mail
check-mail-ok = The mail server lets us in.
check-mail-caught = Caught in the development inbox; nothing is sent. To send mail, set LATCHSTRING_SMTP_URL.
check-mail-fail = The mail server doesn't let us in, so nobody can confirm an address. Look at LATCHSTRING_SMTP_URL: host, port, name and password.
check-clock = Clock
check-clock-ok = It agrees with the database's to within { $seconds } s.
check-clock-fail = It differs from the database's by { $seconds } s, so codes and links may expire too early. Switch on time synchronisation on both machines.
check-key-file = Master key
check-key-file-ok = Only this server can read it. Keep a copy somewhere safe: without it, what is sealed stays sealed.
check-key-file-environment = It comes from LATCHSTRING_MASTER_KEY. Keep a copy somewhere safe.
check-key-file-fail = Other accounts on this machine can read it, or it can't be read at all. Set its permissions to 0600 and its owner to the server's account.
check-public-url = Public address
check-public-url-ok = This page was opened at { $url }, as it should be.
check-public-url-fail = The server calls itself { $url }, but this page was opened at { $seen }. Set LATCHSTRING_PUBLIC_URL to the address that people type.
check-cookie = Sign-in cookie
check-cookie-ok = It travels encrypted, and only to this host.
check-cookie-plain = It travels without encryption. That is fine on this machine; for anybody else, serve { $product } over https.
check-cookie-fail = This browser didn't send it back. Open this page at { $url }, and let the site keep cookies.
check-passkey = Passkeys
check-passkey-ok = They will belong to { $host }. If that name changes later, everyone needs a new passkey.
check-passkey-fail = Browsers refuse passkeys at { $url }. Use a host name with https; only localhost may do without.
