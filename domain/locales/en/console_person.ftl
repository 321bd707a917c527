# /admin/users/{id}, /admin/users/new, and the pages that ask before something is done to somebody's account

person-back = All people
person-cancel = Not now
person-never = Never
person-state-active = Active
person-state-locked = Locked
person-state-leaving = Being deleted
person-state-closed = Closed for now
person-state-unproven = Has not come yet
person-state-frozen = Changes closed
person-state-short = Second step due
person-state-administrator = Administrator
person-own = This is your own account, so nothing can be changed here.
person-own-link = Your own pages
person-more = This person may do something that you may not ({ $permission }), so you can't change anything here. Ask somebody who may do it too.
person-locked-since = Locked since
person-locked-until = It opens by itself at
person-locked-open-ended = It stays locked until somebody unlocks it.
person-unlock = Unlock
person-leaving = The account and what belongs to it are erased for good at
person-erasing = The account is being erased at this moment. Nothing can bring it back.
person-keep = Keep the account
person-unproven = Somebody made this account, and its holder has not opened the link yet. It was sent at
person-send-again = Send the link again
person-password-due = The password no longer signs in: a new one was asked for at
person-withdraw = Let the old one sign in again
person-recovery-waits = Somebody asked for a way back into this account. Its link is mailed at
person-recovery-sent = Somebody asked for a way back into this account. Its link was mailed at
person-shorten = Shorten the wait
person-frozen = Somebody said "this wasn't me", so nothing about the account's security can be changed before

person-overview-heading = At a glance
person-fact-address = Mail address
person-fact-since = Here since
person-fact-seen = Last seen
person-fact-password = Password
person-fact-language = Language
person-fact-zone = Time zone
person-fact-id = Id
person-address-proven = Proven
person-address-unproven = Not proven
person-address-wish = Wants { $email } instead, and has not confirmed it.
person-password-since = Set at
person-password-none = None
person-zone-browser = Their browser's
person-edit-link = Edit

person-deeds-heading = The account
person-reset-name = Link to a new password
person-reset-text = Goes to their address. Nothing changes until they use it, and nobody else gets to know the password.
person-reset-button = Send the link
person-demand-name = Ask for a new password
person-demand-text = The old one stops signing in. Whoever types it is mailed a link instead. Sessions and passkeys stay.
person-demand-button = Ask for it
person-view-name = See what they see
person-view-text = Shows you their pages for a quarter of an hour. You can change nothing there, and they are told.
person-view-link = View as …
person-view-title = See the account of { $name } as they see it
person-view-will = You see their pages for { $length }, and no longer, whatever you do there.
person-view-only = Nothing can be changed. Recovery codes, the copy of their data and every other secret stay hidden, and the console is closed meanwhile.
person-view-tell = They get a mail with your reason at once, and find your name and the reason in their activity.
person-view-audit = It is written into the audit, and so is everything that you try to change.
person-view-button = View as this person
person-lock-name = Lock
person-lock-text = Signs out every device, and lets nobody in until you unlock it or the time is over.
person-lock-link = Lock …
person-delete-name = Delete
person-delete-text = Erases the account in two weeks, unless somebody keeps it.
person-delete-link = Delete …

person-factors-heading = Second step
person-factors-none = None. A password is enough to sign in.
person-factors-short = They must have one, and are asked for it at their next sign-in.
person-factor-passkey = Passkey
person-factor-remove-label = Remove: { $factor }
person-codes-left = { $count ->
    [one] 1 recovery code is left.
   *[other] { $count } recovery codes are left.
}
person-used = Last used
person-unused = Never used

person-roles-heading = Roles
person-roles-none = None. They look after their own account and nothing else.
person-role-through = Through { $group }
person-role-has = Has it
person-roles-link = Change roles

person-sessions-heading = { $count ->
    [one] Signed in on 1 device
   *[other] Signed in on { $count } devices
}
person-sessions-none = Whoever signs in next shows up here.
person-session-device = Device
person-session-where = From
person-session-proven = Shown
person-session-one = One factor
person-session-two = Two factors
person-end-all = { $count ->
    [one] Sign it out
   *[other] Sign out all { $count }
}

person-history-heading = What happened
person-history-by = By { $name }
person-history-all = All of it

person-messages-heading = Messages
person-messages-none = Nothing was sent in the last 30 days.
person-messages-all = All messages to this address

person-notes-heading = Notes
person-notes-none = Nobody has written anything down.
person-note-label = A new note
person-note-hint = For everybody who looks after people here. The person gets it too, with a copy of their data.
person-note-button = Keep the note
person-note-gone = Somebody who is gone
person-note-remove-label = Remove the note by { $name }

person-done-made = The account is made, and its link is on the way.
person-done-edited = The changes are kept.
person-done-locked = The account is locked, and every device is signed out.
person-done-unlocked = The account is open again.
person-done-reset = The link is on the way.
person-done-again = The link is on the way. The one of before no longer works.
person-done-demanded = A new password is asked for. The person is told by mail.
person-done-withdrawn = The old password signs in again.
person-done-ended = Signed out.
person-done-factor = It is removed, and every device is signed out.
person-done-recovery = The wait is shorter. The person is told by mail.
person-done-deleted = The account is to be erased. Until then it can be kept, here or by the link in the person's mail.
person-done-kept = The account stays.
person-done-noted = The note is kept.
person-done-unnoted = The note is removed.
person-done-role = The roles are changed, from the next request on.
person-done-viewed = You are yourself again. What you saw changed nothing.

## Before something is done

person-reason-label = Why
person-reason-hint = One line. It goes into the audit, and into the person's copy of their data.
person-will-end = { $count ->
    [one] 1 device is signed out, at once.
   *[other] { $count } devices are signed out, at once.
}
person-will-tell = They are told by mail, without your name.
person-sure = Make sure first that it is them: a password and a mailbox are easier to steal than what you take away.

person-lock-title = Lock the account of { $name }
person-lock-will = Nobody can sign in to it, and open links in mails stop working.
person-lock-hours = For how long
person-lock-hours-hint = When the time is over, the account opens by itself.
person-lock-open = Until it is unlocked
person-lock-1 = 1 hour
person-lock-24 = 1 day
person-lock-168 = 7 days
person-lock-720 = 30 days
person-lock-button = Lock the account

person-factor-title = Remove a second step of { $name }
person-factor-will = This goes: { $factor }. With the last one the recovery codes go too.
person-factor-enrol = If they must have a second step and have none left, they add one at their next sign-in.
person-factor-button = Remove it

person-recovery-title = Shorten the wait of { $name }
person-recovery-will = The link is mailed sooner. Whoever opens it sets a new password, and every second step goes.
person-recovery-stops = A complete sign-in still stops it, and so does the link in the first mail.
person-recovery-hours = They still wait
person-recovery-hours-hint = From now on.
person-recovery-0 = Not at all
person-recovery-button = Shorten the wait

person-delete-title = Delete the account of { $name }
person-delete-will = In { $grace } the account and what belongs to it are erased for good.
person-delete-undo = Until then you can keep it here, and they by a link in their mail.
person-delete-email = Their mail address
person-delete-email-hint = To be sure, type { $email }
person-delete-button = Delete the account

person-edit-title = Edit { $name }
person-edit-text = They are told by mail, and can change it back. They change their mail address themselves.
person-zone-hint = For the times that they read, on pages and in mails.
person-language-hint = For their pages and mails.
person-edit-button = Keep the changes

person-new-title = A new account
person-new-text = They get a link by mail that works for { $life }: it shows that the address is theirs, and they choose their password. Give them roles afterwards.
person-new-button = Make the account

person-roles-title = Roles of { $name }
person-roles-text = A change is in force with the next request, and the person is told by mail.
person-roles-more = Allows more than you may
person-role-give = Give
person-role-give-label = Give the role { $role }
person-role-take = Take away
person-role-take-label = Take the role { $role } away
