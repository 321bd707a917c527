# /admin/invitations and /admin/invitations/new

invitations-title = Invitations
invitations-text = Who was asked to come in, by whom, and how that stands. An invitation is kept for a month after its link is too old.
invitations-new = Invite people
invitations-list = Invitations, the newest first
invitations-pages = Pages
invitations-older = Older
invitations-newest = Newest
invitations-who = Invited
invitations-by = By
invitations-by-gone = Somebody who is gone
invitations-sent = Sent
invitations-state = State
invitations-deeds = What you can do
invitations-state-any = Any state
invitations-state-waiting = Waiting
invitations-state-expired = Expired
invitations-state-accepted = Accepted
invitations-state-revoked = Revoked
invitations-until = Until
invitations-since = Since
invitations-with-roles = With { $roles }
invitations-to-placeholder = Whole address
invitations-filter = Show
invitations-all = Show all
invitations-none-title = None is like that
invitations-none-text = Ask for another address or another state.
invitations-empty-title = Nobody is invited
invitations-empty-text = Type the addresses, and each gets a link that works once.
invitations-resend = Send again
invitations-resend-label = Send { $email } a new link; the old one stops working
invitations-revoke = Revoke
invitations-revoke-label = Revoke the invitation of { $email }: its link stops working
invitations-done-again = A new link is on its way. The old one works no more.
invitations-done-revoked = The invitation is revoked. Its link does nothing any more.

## What became of each address

invitations-report-heading = What became of it
invitations-report = { $sent } of { $of } invited.
invitations-report-line = Typed
invitations-report-outcome = Outcome
invitations-outcome-invited = Invited
invitations-outcome-waiting = An invitation waits there already
invitations-outcome-twice = Stands further up
invitations-outcome-own = Your own address
invitations-outcome-full = Too many mails went there; try again in an hour
invitations-outcome-invalid = Not a mail address

## The form

invite-back = All invitations
invite-text = Each address gets a link that works once, for { $life }. Whoever opens it chooses a name and a password, or signs in if there is an account.
invite-emails-label = Mail addresses
invite-emails-hint = One a line, at most { $most }.
invite-roles-label = Roles they get
invite-roles-hint = Leave all empty for people who only need an account. You can give what you hold yourself; should you lose it before they accept, they get the account without it.
invite-no-roles = Whoever accepts gets an account without a role: you may not give roles.
invite-language-label = Language of the message
invite-language-hint = Whoever has an account gets it in their own.
invite-button = Send the invitations
