# /account/activity, and the page behind "this wasn't me" there

activity-title = Activity
activity-text = What happened to the security of your account, the newest first.
activity-list = What happened
activity-here = This session
activity-refused = Refused
activity-not-me = This wasn't me
activity-not-me-label = This wasn't me: { $event }
activity-pages = Pages
activity-newer = Newer
activity-older = Older
activity-empty = Nothing has happened yet.

alarmed-title = This wasn't you?
alarmed-text = Then somebody else may know your password. In two steps the account is yours alone:
alarmed-step-devices = First, every other device is signed out, at once.
alarmed-step-password = Then you choose a new password. The old one stops working everywhere.
alarmed-button = Sign out all other devices
alarmed-cancel = It was me after all
alarmed-done = All other devices are signed out. Now choose a new password.

## A sentence for each event, by its name in the audit

event-unknown = Something happened
event-installation-set-up = Set up this server, and became its administrator
event-installation-setup-link-made = A set-up link was made
event-installation-key-rotated = The master key of this server was replaced
event-installation-backed-up = A backup of this server was made
event-installation-restored = This server was restored from a backup
event-installation-moved = This server moved to another database
event-sign-up-requested = An account was asked for
event-sign-up-completed = Created the account
event-sign-in-succeeded = Signed in
event-sign-in-failed = A sign-in was refused: wrong password
event-sign-in-throttled = A sign-in was refused: too many attempts
event-session-confirmed = Entered the password once more, to make a change
event-session-signed-out = Signed out
event-session-ended = Signed out another device
event-session-others-ended = Signed out all other devices
event-session-switched-to = Came back from another account in the same browser
event-account-alarm-raised = Answered a message with "this wasn't me": every device was signed out
event-password-rehashed = The password was stored more safely; it is the same
event-password-reset-requested = A link to choose a new password was asked for
event-password-changed = Changed the password
event-password-reset = Chose a new password by the link in a message
event-password-set-by-operator = The people who run this server set a new password
event-user-locked = The people who run this server locked the account
event-user-unlocked = The people who run this server unlocked the account
event-profile-changed = Changed the profile
event-email-change-requested = Another mail address was asked for
event-email-changed = The mail address was changed
event-email-change-undone = The change of the mail address was undone
event-account-closed = Closed the account for now
event-account-reopened = Opened the account again
event-export-asked = Asked for a copy of your data
event-export-made = The copy of your data was ready
event-export-fetched = Downloaded the copy of your data
event-erasure-asked = Asked for the account to be deleted
event-erasure-undone = Kept the account after all
event-erasure-done = An account was erased
