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
check-state-skipped = Not looked at
check-state-ok = In order
check-state-warn = Worth a look
check-state-fail = Mend this
check-detail = The server said: { $detail }

check-database = Database
check-database-ok = It answers.
check-database-fail = It doesn't answer. Look at LATCHSTRING_DATABASE_URL, and whether the database is running and lets this server in.
check-database-login = It doesn't take our name or password. Look at them in LATCHSTRING_DATABASE_URL.
check-database-missing = The server answers, but has no database of this name. Make it with createdb, or mend the name in LATCHSTRING_DATABASE_URL.
check-database-readonly = It can be read and not written to, so nobody can sign in. Look at its rights, at the owner of its file, and whether LATCHSTRING_DATABASE_URL names a copy that is for reading only.
check-database-file = Its file can't be opened. The first start of the server makes it; after that, look at the path in LATCHSTRING_DATABASE_URL, and whether the server's account may write there.
check-database-broken = Its file is damaged, or is no database. Keep it aside, and bring back the last backup with: latchstring restore
check-database-full = Its disk is full. Make room now: nobody can sign in.
check-migrations = Tables
check-migrations-ok = They are up to date.
check-migrations-fail =
    { $count ->
        [one] One migration has not been applied. Run: latchstring migrate
       *[other] { $count } migrations have not been applied. Run: latchstring migrate
    }
check-migrations-broken = They can't be brought up to date. Keep a copy of the database, then use the newest version that was ever started on it, and run: latchstring migrate
check-migrations-newer = A newer version of Latchstring has changed them: migration { $theirs }, and this one knows up to { $ours }. Use that version, or a newer one.
check-migrations-unknown = Nobody can tell while the database doesn't answer. Mend the database first.
check-cache = Cache and rate limits
check-cache-ok = Redis answers.
check-cache-local = Kept inside this process. That is right for one server; for several, set LATCHSTRING_REDIS_URL.
check-cache-away = Redis doesn't answer. Limits are kept inside this process until it does. Look at LATCHSTRING_REDIS_URL, and whether Redis is running.
check-cache-login = Redis doesn't take our name or password. Limits are kept inside this process. Mend them in LATCHSTRING_REDIS_URL.
check-mail = Mail
check-mail-ok = The mail server lets us in.
check-mail-caught = Caught in the development inbox; nothing is sent. To send mail, set LATCHSTRING_SMTP_URL.
check-mail-fail = The mail server doesn't let us in, so nobody can confirm an address. Look at LATCHSTRING_SMTP_URL: host, port, name and password.
check-mail-away = The mail server doesn't answer, so nobody can confirm an address. Look at host and port in LATCHSTRING_SMTP_URL, and whether a firewall is between.
check-mail-no-tls = There is no safe connection to the mail server, so no mail is sent. If it has STARTTLS, look at its certificate; for TLS from the first byte write smtps:// in LATCHSTRING_SMTP_URL; if it has none of these, use another server.
check-mail-login = The mail server doesn't take our name or password, so no mail is sent. Mend them in LATCHSTRING_SMTP_URL; what isn't a letter or a digit is written as %40 and the like.
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
check-sms = Text messages
check-sms-ok = The provider of text messages takes our account.
check-sms-login = The provider of text messages doesn't take our account, so no codes go out. Mend LATCHSTRING_SMS_ACCOUNT and LATCHSTRING_SMS_TOKEN.
check-sms-away = The provider of text messages doesn't answer, so no codes go out. Look at LATCHSTRING_SMS_URL, and whether a firewall is between.
check-sms-fail = The provider of text messages refuses, so no codes go out. Look at LATCHSTRING_SMS_URL and LATCHSTRING_SMS_ACCOUNT.
check-clock = Clock
check-clock-ok = It agrees with the database's to within { $seconds } s.
check-clock-here = It shows a plausible date, and the database goes by the same clock.
check-clock-year = It says that this is the year { $year }. Set it, and switch on time synchronisation.
check-clock-database = It differs from the database's by { $seconds } s, so codes and links may expire too early. Switch on time synchronisation on both machines.
check-clock-unknown = It can't be compared while the database doesn't answer. Mend the database first.
check-key-file = Master key
check-key-file-ok = Only this server can read it. Keep a copy of { $path } somewhere safe: without it, what is sealed stays sealed.
check-key-file-environment = It comes from LATCHSTRING_MASTER_KEY. Keep a copy somewhere safe.
check-key-file-fail = Other accounts on this machine can get at it. Run: chmod 600 { $path }
check-key-file-owner = It belongs to another account than the server's. Run: chown { $owner } { $path }
check-key-file-missing = It can't be read, and without it what is sealed stays sealed. Put your copy of it back at { $path }, and let the server's account read it.
check-key-file-none = There is none yet. The first start of the server makes it at { $path }.
check-key-file-wrong = This isn't the key of this database: it wants the key { $theirs }, and here is { $ours }. No password matches without it. Put the right one back: into the key file, or into LATCHSTRING_MASTER_KEY behind the present one and a comma.
check-key-file-damaged = The right key is here, and what is sealed in the database is damaged. Bring back the last backup with: latchstring restore
check-disk = Disk
check-disk-ok = { $megabytes } MB are free at { $path }.
check-disk-low = Only { $megabytes } MB are free at { $path }. Make room soon: without any, nobody can sign in.
check-disk-fail = It is as good as full: { $megabytes } MB are free at { $path }. Make room now, or move LATCHSTRING_DATA_DIR to a larger disk.
check-disk-unknown = Nobody can tell how much of it is free. Look whether LATCHSTRING_DATA_DIR is there and answers.
check-public-url = Public address
check-public-url-ok = This page was opened at { $url }, as it should be.
check-public-url-unseen = It is { $url }. Whether people reach the server there is seen when somebody opens /setup.
check-public-url-fail = The server calls itself { $url }, but this page was opened at { $seen }. Open it at { $url }; or, if people should type the other address, set LATCHSTRING_PUBLIC_URL to it and restart.
check-self-call = Way in
check-self-call-ok = The server called itself at { $url }, and was reached as it should be.
check-self-call-skipped = No server is running here, so nobody could answer at its public address. Start it, and run this again.
check-self-call-name = The name in { $url } isn't known here. Look at its DNS record.
check-self-call-away = The server can't reach itself at { $url }. If others can, pass over this: some networks don't let a machine call its own public address. Else look at its DNS record, the firewall and the proxy.
check-self-call-tls = The connection to { $url } isn't safe, so browsers refuse it too. Look at the proxy's certificate: its name, its dates, and whether the whole chain is sent.
check-self-call-redirect = { $url } leads on to { $to }. If that is where people should be, set LATCHSTRING_PUBLIC_URL to it; else let the proxy pass requests on to this server.
check-self-call-gateway = The proxy at { $url } answers, and doesn't reach this server. Let it pass requests on to { $listen }.
check-self-call-other = At { $url } answers something that isn't this server, or a server with another master key. Look at its DNS record and at the proxy: they should lead to { $listen }.
check-self-call-host = The proxy passes on { $seen } as Host, and should pass on what the browser sent, { $host }: nothing else is answered. In nginx: proxy_set_header Host $http_host;
check-self-call-for = The proxy at { $peer } doesn't say whom it asks for, so all people share its address and its limits. Let it set X-Forwarded-For. In nginx: proxy_set_header X-Forwarded-For $remote_addr;
check-self-call-for-broken = The proxy at { $peer } sends { $seen } as X-Forwarded-For, which isn't a bare address, so all people share its address and its limits. Let it send the address alone.
check-self-call-untrusted = The proxy at { $peer } isn't trusted, so all people share its address and its limits. Add { $peer } to LATCHSTRING_TRUSTED_PROXIES.
check-self-call-poser = The proxy at { $peer } passes on the X-Forwarded-For that a client sent, so anybody can pose as anybody. Let it set its own. In nginx: proxy_set_header X-Forwarded-For $remote_addr;
check-self-call-proto = The proxy at { $peer } doesn't say that it was reached by https. Let it set X-Forwarded-Proto. In nginx: proxy_set_header X-Forwarded-Proto $scheme;
check-cookie = Sign-in cookie
check-cookie-ok = It travels encrypted, and only to this host.
check-cookie-plain = It travels without encryption. That is fine on this machine; for anybody else, serve { $product } over https.
check-cookie-exposed = It travels without encryption, so anybody on the way can sign in with it. Serve { $url } over https, and set LATCHSTRING_PUBLIC_URL to that address.
check-cookie-fail = This browser didn't send it back. Open this page at { $url }, and let the site keep cookies.
check-passkey = Passkeys
check-passkey-ok = They will belong to { $host }. If that name changes later, everyone needs a new passkey.
check-passkey-fail = Browsers refuse passkeys at { $url }. Set LATCHSTRING_PUBLIC_URL to a host name with https; only localhost may do without.
check-passkey-related = Browsers know no passkeys at { $url }, which LATCHSTRING_PASSKEY_RELATED_ORIGINS names. Name a host there, not an address in numbers, or take it out.
check-passkey-wide = No passkey can belong to { $host }: too many names end so. Set LATCHSTRING_PASSKEY_RP_ID to your own domain, or leave it out.
check-passkey-elsewhere = They belong to { $host }, and people open { $url }. That works only in newer browsers, and only while https://{ $host }/.well-known/webauthn names { $url }. See to that, or take LATCHSTRING_PASSKEY_RP_ID away.
check-passkey-lost =
    { $count ->
        [one] One passkey belongs to { $theirs } and doesn't work at { $host }. Set LATCHSTRING_PASSKEY_RP_ID to { $theirs }, or let its owner add another one.
       *[other] { $count } passkeys belong to another name than { $host }, most of them to { $theirs }, and don't work here. Set LATCHSTRING_PASSKEY_RP_ID to { $theirs }, or let their owners add others.
    }
check-passkey-only =
    { $count ->
        [one] Nothing else lets people in, and one person has none yet. They make it when they sign in.
       *[other] Nothing else lets people in, and { $count } people have none yet. They make one when they sign in.
    }
check-places = Places
check-places-ok = The file { $path } says where addresses are. It is { $days } days old.
check-places-old = The file { $path } is { $days } days old, so it often names the wrong town. Fetch a newer one and restart the server.
check-places-unreadable = The file { $path } can't be read, so no places are shown. Put a file in MaxMind's format there, or take LATCHSTRING_PLACES_FILE away, and restart the server.
check-audit = Audit
check-audit-late = What happened was not signed for two hours. See whether it is whole with: latchstring audit verify

check-worker = Background work
check-worker-ok = Mails are sent and old data is cleaned up.
check-worker-fail = It has not moved for { $seconds } s, so no mail goes out. Restart the server, and look in its log for what stopped it.
check-worker-nowhere = No server has worked on this database in the last minute, so no mail goes out. Start one with: latchstring serve
check-worker-unknown = Nobody can tell while the database doesn't answer. Mend the database first.
check-settings = Settings
check-settings-fail = { $setting } holds { $holds }; it should hold { $should }.
check-start = Start
check-start-fail = The server can't start with these settings. Mend what the detail names.
