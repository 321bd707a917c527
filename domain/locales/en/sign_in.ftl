# /sign-in and /sign-out

sign-in-title = Sign in
sign-in-heading = Welcome back
sign-in-new-here = New here?
sign-in-create-account = Create an account
sign-in-forgot = Forgot it?
sign-in-forgot-label = Forgot it? Choose a new password
sign-in-remember = Keep me signed in on this device
sign-in-button = Sign in
sign-in-passkey = Sign in with a passkey
sign-in-recover = Can't get in?

## Why the person is here, in one line above the form

sign-in-notice-signed-out = You are signed out on this device.
sign-in-notice-closed = Your account is closed for now. Nothing is deleted: sign in whenever you want it back.
sign-in-notice-ready = Your account is ready. Sign in with the passkey that you have just made.
sign-in-notice-expired = You are no longer signed in here: you were away for a while, or the session was ended elsewhere. Sign in to go on where you were.
sign-in-notice-leaving = You are signed out everywhere, and your account will be erased in 14 days. To keep it, sign in before then, or open the link in the message that we sent you.
sign-in-notice-over = That sign-in took too long, or was ended. Nothing is lost: begin again.
sign-in-notice-recovered = You have your account back, and your new password is set. Sign in with it, and add a second step again.
sign-in-notice-recovered-passkey = You have your account back. Sign in with the passkey that you have just made; the old password no longer works.
sign-in-notice-reset = Your new password is set, and every device is signed out. Sign in with the new one.
sign-in-notice-next = Sign in first; then we take you to the page you asked for.

## Somebody is signed in already

sign-in-already-title = You are already signed in
sign-in-already-text = You are signed in as { $name }, with { $email }.
sign-in-already-continue = Continue as { $name }
sign-in-already-sign-out = Sign out and use another account

## /sign-out, when it is opened as a page

sign-out-title = Sign out?
sign-out-text = You are signed in as { $name }. To come back on this device, you will need to sign in again.
sign-out-button = Sign out
sign-out-stay = Stay signed in
sign-out-nobody-title = You are signed out
sign-out-nobody-text = Nobody is signed in on this device.
