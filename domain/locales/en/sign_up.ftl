# /sign-up and /sign-up/verify

sign-up-title = Create an account
sign-up-heading = Create an account
sign-up-have-account = Already have one?
sign-up-sign-in = Sign in
sign-up-button = Create the account
sign-up-passkey = Use a passkey, without a password
sign-up-passkey-only = Accounts here are opened with a passkey. Use one right away, or choose a password and make the passkey once your address is proven.
sign-up-domains = Only addresses of { $domains } can have an account here.
sign-up-closed-title = Sign-up is closed
sign-up-closed-text = New accounts are made by the people who run this server. Ask them for one, or sign in if you have one.
sign-up-invitation-title = By invitation only
sign-up-invitation-text = New accounts are for people who were invited by mail. If you were, open the link in that message. If you have an account, sign in.

## Check your mail: the same for a known and for an unknown address

check-mail-title = Check your mail
check-mail-sent = We sent a message to { $email }. Open its link, or type its code here.
check-mail-sent-somewhere = We sent a message to the address you gave. Open its link. In the browser where you signed up, you can type its code instead.
check-mail-code-label = Code from the message
check-mail-code-hint = Six digits. The code works for { $code-life }, the link for { $link-life }.
check-mail-button = Confirm the address
check-mail-nothing = No message yet? Give it a minute, and look in the spam folder.
check-mail-resend = Send it again
check-mail-resent = If a sign-up is waiting for this address, a new message is on its way. Only the newest code works.
check-mail-wrong-address = Wrong address?
check-mail-start-again = Start again

## The link, opened in the browser that signed up: one button

verify-title = Confirm your address
verify-heading = One click left
verify-text = Confirm that { $email } is yours. Your account is then ready, and you are signed in.
verify-button = Confirm and sign in

## The link, opened in another browser: only the owner of the mailbox may know the password

verify-elsewhere-heading = Choose your password again
verify-elsewhere-text = This is not the browser that asked for the account. So that nobody but you knows the password of { $email }, choose it here: the same one as before, or a new one.
verify-elsewhere-not-me = You didn't ask for an account? Close this page. Nothing is made.
verify-elsewhere-button = Set the password and sign in

## Links and codes that no longer work

verify-used-title = This link did its work already
verify-used-text = Each link works once. If you used it, your account is ready: sign in.
verify-used-button = Sign in
verify-expired-title = This link is too old
verify-expired-text = For safety, a link works for { $link-life }. No account was made. Sign up again, and we send a new one.
verify-expired-button = Sign up again
verify-invalid-title = This link doesn't work
verify-invalid-text = Part of it may be missing, or a newer message has replaced it. Open the link in the newest message, or type the code from it.
verify-invalid-button = Type the code

## What the door says
sign-up-saying = You are welcome here.
sign-up-saying-note = Three things, one message, and the door is yours.
check-mail-saying = One message, and you're in.
check-mail-saying-note = It proves that the address is yours.
check-mail-nothing-summary = Nothing came?
verify-saying = The door is open.
verify-saying-note = One step, and you're inside.
