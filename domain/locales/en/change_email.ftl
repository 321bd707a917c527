# /account/email, /confirm-email, /undo-email

email-title = Change the address
email-now = Your account has { $email }.
email-text = We send a link to the new address, which works for { $link-life }. Until somebody opens it, nothing changes. After that, the old address can still take the account back for { $undo-life }.
email-new-label = New address
email-button = Send the link
email-cancel = Never mind

confirm-email-title = Confirm the new address
confirm-email-text = The account of { $from } gets { $to } instead.
confirm-email-button = Confirm the address
confirm-email-not-me = Not your account? Close this page, and nothing changes.
confirm-email-done-title = The account has its new address
confirm-email-done-text = From now on, sign in with it. The password is the same as before.
confirm-email-used-text = Each link works once. If you used it, the account has the new address.
confirm-email-expired-text = For safety, a link works for { $link-life }. The account keeps the address it had. Ask for a new link, and use that one.
confirm-email-invalid-text = Perhaps it was cut when it was copied, or a newer message has another one. Open the newest message, and use the link in it.
confirm-email-again = Ask for a new link

undo-email-title = Take the account back
undo-email-text = It gets { $to } again. Every device is signed out, the password stops working, and we mail you a link to choose a new one.
undo-email-button = Take it back
undo-email-was-me = Was it you who changed the address? Then close this page, and all stays as it is.
undo-email-done-title = The account is back
undo-email-done-text = It has its old address again, and every device is signed out. We sent you a link there: open it, and choose a new password.
undo-email-used-text = If you used it, the account has its old address again: look for our newest message, and choose a new password.
undo-email-expired-text = An address can be taken back for { $link-life }. If somebody else has your account, ask the people who run this server.
undo-email-invalid-text = Perhaps it was cut when it was copied. Open the message again, and use the whole link.

change-email-used-title = This link did its work already
change-email-expired-title = This link is too old
change-email-invalid-title = This link doesn't work
change-email-open = Open your account
change-email-sign-in = Go to the sign-in page
