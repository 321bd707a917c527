# /forgot-password and /reset-password

forgot-title = Forgot the password
forgot-heading = Forgot the password?
forgot-text = Type the address of your account. We send a link there, and you choose a new password.
forgot-button = Send the link
forgot-remembered = Remembered it?
forgot-sign-in = Sign in

## After sending: the same for a known and for an unknown address

forgot-sent-title = Check your mail
forgot-sent = If { $email } has an account here, a message with a link is on its way to it.
forgot-sent-somewhere = If the address you gave has an account here, a message with a link is on its way to it.
forgot-sent-life = The link works once, for { $link-life }. Until you have chosen a new password, the old one stays as it is.
forgot-nothing-summary = Nothing came?
forgot-nothing = Give it a minute, and look in the spam folder. Of several messages, only the newest one has a link that works.
forgot-nothing-address = Perhaps your account has another address, or the one you typed had a slip in it. If nothing helps, ask the people who run this server.
forgot-again = Try again

## The link

reset-title = Choose a new password
reset-heading = Choose a new password
reset-text = It replaces the old password of { $email }, and every device is signed out.
reset-password-label = New password
reset-button = Set the password
reset-not-me = You didn't ask for this? Close this page. Your password stays as it is.

## Links that no longer work

reset-used-title = This link did its work already
reset-used-text = Each link works once. If you used it, sign in with the password you chose. If you didn't, somebody else did: ask for a new link now.
reset-expired-title = This link is too old
reset-expired-text = For safety, a link works for { $link-life }. Your password is as it was. Ask for a new link, and use that one.
reset-invalid-title = This link doesn't work
reset-invalid-text = Part of it may be missing, or a newer message has replaced it. Open the link in the newest message, or ask for a new one.
reset-new-link = Ask for a new link
reset-sign-in = Sign in

## What the door says
forgot-saying = Keys get lost.
forgot-saying-note = One message, and you cut a new one.
reset-saying = A new key.
reset-saying-note = The old one stops turning.
