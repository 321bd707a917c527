# /admin/audit: what happened, for the people who run this server

audit-title = Audit
audit-text = Everything that happened to the security of people and of this server, the newest first. Nobody can change it unseen.
audit-chain-link = The chain
audit-nav-label = Pages of the audit

audit-filter-label = Which rows
audit-what = What
audit-what-all = Everything
audit-what-refused = Everything that was refused
audit-what-topics = A topic
audit-what-kinds = One kind of event
audit-topic-sign-ins = Getting in
audit-topic-sessions = Sessions and devices
audit-topic-passwords = Passwords
audit-topic-factors = Second steps and passkeys
audit-topic-accounts = Accounts
audit-topic-recoveries = The way back in
audit-topic-rights = Rights and roles
audit-topic-server = This server
audit-who = Who did it
audit-whom = To whose account
audit-person-hint = A mail address or an id
audit-address = From which address
audit-request = Incident id
audit-request-hint = As the error page shows it
audit-from = From
audit-until = Until
audit-zone = Times are those of { $zone }.
audit-show = Show
audit-clear = Show everything
audit-fault-event = There is no such event.
audit-fault-person = Nobody here has this address or id.
audit-fault-address = Type one network address, such as 203.0.113.7.
audit-fault-request = An incident id is shorter than that.
audit-fault-moment = Type a day and a time, such as 2026-11-23T06:15.
audit-fault-order = This is before the beginning.

audit-list = Rows
audit-column-when = When
audit-column-what = What
audit-column-who = Who
audit-column-whom = Account
audit-column-from = From
audit-refused = Refused
audit-as = { $who }, as { $whom }
audit-server = This server
audit-somebody = Not known
audit-gone = Somebody who was erased
audit-newer = Newer
audit-older = Older
audit-newest = The newest
audit-looked = Few rows are like that: this page has looked back to { $moment }.
audit-look-on = Look further back
audit-empty-title = Nothing here
audit-empty-text = No row is like that.
audit-empty-faults = Mend what is marked above, then rows show here.

audit-follow = Follow live
audit-follow-stop = Stop following
audit-follow-live = Following: what happens shows on top, within a second.
audit-follow-over = This has ended: you are signed out, or may not see the audit any more.
audit-follow-lost = The line is cut. It is tried again by itself.
audit-follow-busy = Nobody else can follow just now. Look at the newest rows instead.

audit-copy = Take a copy
audit-copy-text = Of all rows that fit, the oldest first. You are asked once more who you are, and the audit says that you took it. A copy that breaks off goes on behind the id of its last row: add &after= and that id to its address.
audit-copy-csv = CSV, for tables
audit-copy-jsonl = JSON Lines, for programs
audit-kept-for-ever = Rows are kept for ever, unless the setting audit_retention_days says otherwise.
audit-kept = { $days ->
    [one] Rows are kept for one day (audit_retention_days). Older ones go once an hour, up to a signed checkpoint.
   *[other] Rows are kept for { $days } days (audit_retention_days). Older ones go once an hour, up to a signed checkpoint.
}

## One row

audit-row-title = One event
audit-row-back = Back to the audit
audit-row-about = What happened
audit-row-kind = Event
audit-row-outcome = Outcome
audit-row-done = Done
audit-row-device = Browser
audit-row-session = Session
audit-row-request = Request
audit-row-place = Place in the chain
audit-row-no-place = None: it was put there past the program. The chain says more.
audit-row-hash = Hash
audit-row-emptied = An erasure took away whom this was about, and from where it came. That it happened, and when, stays proven.
audit-row-changes = What changed
audit-row-field = Value
audit-row-whole = As a whole
audit-row-before = Before
audit-row-after = After
audit-row-none = none
audit-row-more = Told besides
audit-row-others = Look around
audit-row-same-request = Everything of this request
audit-row-same-who = Everything that { $name } did
audit-row-same-whom = Everything that happened to the account of { $name }
audit-row-same-address = Everything from { $address }

## Why something was refused

why-heading = Why this was refused
why-rule = Rule
why-permission = Permission
why-unknown-permission = One that this version does not know.
why-given-by = Roles that give it
why-given-by-none = No role gives it.
why-held-now = They have it by now.
why-not-held = They still don't have it.
why-lacks = No role of theirs gave the permission.
why-needs-second-factor = They had the right, but this session had not shown a second step. They can show it and try again.
why-gives-more = They wanted to give somebody what they don't hold themselves.
why-last-administrator = It would have left nobody who may do everything.
why-own-rights = They wanted to change their own rights.
why-built-in-role = Roles that come with the program can't be changed.
why-viewing = They were looking at somebody's account as its owner sees it. Nothing can be changed meanwhile, by anybody.
why-other = A rule that this version does not know said no.
why-sign-in-nobody = Nobody has the address that was typed. They were told only that it does not match.
why-sign-in-no-password = The account has no password: its person signs in with a passkey. They were told only that it does not match.
why-sign-in-password = The password was another one.
why-sign-in-locked = The password was right, and the account is locked. They were told only that it does not match. Unlock it if that is over.
why-sign-in-outrun = The password was changed, or the account locked, while it was looked at.
why-sign-in-throttled = There were too many failures for this account, so nothing was looked at. It opens again by itself; whoever knows the password can wait, or choose a new one by mail.
why-sign-in-factor = The password was right. The second step was not.
why-sign-in-factor-throttled = There were too many wrong answers to the second step, so nothing was looked at.
why-sign-in-passkey = The passkey is not known here any more, its account is locked, or what it answered does not fit.
why-sign-in-passkey-unverified = The passkey was right, but its device did not check who holds it.
why-sign-in-unknown = This was written by a version that did not note the reason.

## The chain

chain-title = The chain
chain-text = Each row holds a hash of itself and of the one before it. Once an hour what it comes to is signed. So no row can be changed, left out or put in unseen.
chain-rows = Rows
chain-rows-span = { $first } to { $last }
chain-signed = Signed up to row
chain-checked = Examined last
chain-never = never
chain-key = Key
chain-check-heading = Examination
chain-whole = The audit is whole: { $rows } rows, { $first } to { $last }.
chain-erased = { $count ->
    [one] One of them was emptied by an erasure.
   *[other] { $count } of them were emptied by erasures.
}
chain-broken = The audit does not hold. Somebody changed it past the program.
chain-broken-remedy = Keep a copy of the database as it is, find out who could write to it, and compare with a checkpoint that you kept elsewhere: latchstring audit verify --checkpoint FILE.
chain-more = { $count ->
    [one] And one place more.
   *[other] And { $count } places more.
}
chain-none = Nobody has asked for an examination yet.
chain-going = The rows are being examined, one by one.
chain-steps = { $done } of { $total } rows
chain-look-again = Look again
chain-progress = How far the examination is
chain-lost = The last examination did not end. Ask for another one.
chain-ask = Examine all rows now
chain-ask-hint = It goes on by itself; nobody has to wait for it.
chain-asked = Asked for. The result shows here.
chain-checkpoints-heading = Checkpoints
chain-checkpoints-text = The last day's. Keep one a day where this server can't write, by: latchstring audit checkpoint
chain-checkpoints-none = None yet: the first one is signed within an hour.
chain-column-row = Row
chain-column-signed = Signed
chain-column-kind = Kind
chain-column-holds = Signature
chain-hourly = hourly
chain-anchor = beginning of the chain
chain-holds = holds
chain-holds-not = does not hold
chain-kept-heading = How long rows are kept

## Sentences of events that read differently for an operator than for the person

told-installation-set-up = Set up this server, and became its administrator
told-sign-in-failed = A sign-in was refused
told-session-confirmed = Showed once more who they are, to make a change
told-factors-cleared-by-operator = An operator removed every second step
told-password-set-by-operator = An operator set a new password
told-user-locked = Locked the account
told-user-unlocked = Unlocked the account
told-view-began = Began to look at an account as its owner sees it
told-view-ended = Stopped looking at an account
told-view-refused = Tried to change something while looking at an account
told-recovery-hastened-by-operator = An operator shortened the wait for the way back
told-export-asked = Asked for a copy of their data
told-export-made = The copy of the data was ready
told-export-fetched = Downloaded the copy of their data
