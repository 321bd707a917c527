# /not-me: the link "this wasn't me" in a message about the account

not-me-title = This wasn't you?
not-me-text = You had a message from us, written { $time }. If what it tells was somebody else's doing, close the door on them now:
not-me-step-devices = Every device is signed out of your account, yours too.
not-me-step-known = No browser counts as known any more, and older links to choose a password stop working.
not-me-step-freeze = For { $freeze }, nothing about the security of the account can be changed, by anybody.
not-me-step-recovery = If you can't get in even so, you get a way back after { $wait }. We tell the people who run this server, too.
not-me-step-mail = You get a new link by mail, to choose a new password. Use it right away: until then the old one still works.
not-me-button = Sign out every device
not-me-was-me = It was you after all? Then do nothing, and close this page.
not-me-saying = Pull the string in.
not-me-saying-note = Nobody comes in until you let them.
not-me-done-title = Every device is signed out
not-me-done-text = We sent you a link to choose a new password. Open it right away: until you do, the old password still works.
not-me-done-freeze = For { $freeze }, nothing about the security of the account can be changed. A second message tells of the way back, if you can't get in.
not-me-done-mailbox = If somebody else can read your mail, change the password of your mailbox first.
not-me-used-title = That is done already
not-me-used-text = Every device was signed out, and a link to choose a new password is in your mail. Ask for another one if you can't find it, or if it is too old.
not-me-expired-title = This link is too old
not-me-expired-text = It worked for { $link-life }. If something is wrong, choose a new password now: that signs out every device too.
not-me-invalid-title = This link doesn't work
not-me-invalid-text = It may have been cut on its way. Copy the whole address from the message, or choose a new password.
not-me-new-password = Choose a new password
