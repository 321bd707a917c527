# Mail. `…-why` is the first line: why it came. `…-not-you` is the last: what to do if it wasn't you.

mail-greeting = Hello { $name }.
mail-greeting-nameless = Hello.
mail-link-fallback = If the button doesn't work, open this address:
mail-footer = Sent by { $product } at { $host }. Nobody reads replies to this message.
mail-footer-support = Sent by { $product } at { $host }. Nobody reads replies to this message; for help, write to { $support }.

mail-sign-up-verify-subject = Confirm your address
mail-sign-up-verify-heading = Confirm your address
mail-sign-up-verify-why = Somebody, probably you, asked for an account at { $host } with this address.
mail-sign-up-verify-text = One click shows that the address is yours, and your account is ready.
mail-sign-up-verify-button = Confirm the address
mail-sign-up-verify-code = Or type this code on the page where you signed up:
mail-sign-up-verify-life = The link works for { $link-life }, the code for { $code-life }.
mail-sign-up-verify-not-you = If it wasn't you, do nothing. Without the link or the code, no account is made.

mail-sign-up-known-subject = You already have an account
mail-sign-up-known-heading = You already have an account
mail-sign-up-known-why = Somebody, perhaps you, asked for a new account at { $host } with this address. It has one already.
mail-sign-up-known-text = Nothing has changed. Sign in with the password you have.
mail-sign-up-known-button = Sign in
mail-sign-up-known-reset = Forgot the password?
mail-sign-up-known-reset-link = Choose a new one
mail-sign-up-known-not-you = If it wasn't you, do nothing. Your account and its password are as they were.

mail-welcome-subject = Your account is ready
mail-welcome-heading = Welcome in
mail-welcome-why = You confirmed this address, and your account at { $host } is ready.
mail-welcome-text = From now on, sign in with this address and your password.
mail-welcome-button = Open your account
mail-welcome-not-you = If it wasn't you, somebody else can read your mail. Change the password of your mailbox first; then tell the people who run { $host }.

mail-password-reset-subject = Choose a new password
mail-password-reset-heading = Choose a new password
mail-password-reset-why = Somebody, probably you, asked for a new password for your account at { $host }.
mail-password-reset-text = Open the link and choose one. Until then, the old password stays as it is.
mail-password-reset-button = Choose a new password
mail-password-reset-life = The link works once, for { $link-life }. If you asked more than once, only the newest message has a link that works.
mail-password-reset-not-you = If it wasn't you, do nothing. Without the link, nobody can change your password.

mail-password-changed-subject = Your password was changed
mail-password-changed-heading = Your password was changed
mail-password-changed-why = The password of your account at { $host } was just changed.
mail-password-changed-text = Every device was signed out. Sign in again with the new password.
mail-password-changed-button = Sign in
mail-password-changed-reset = Is the new password not yours?
mail-password-changed-reset-link = Choose another one
mail-password-changed-not-you = If it wasn't you, somebody else can read your mail. Change the password of your mailbox first; then choose another password here, and tell the people who run { $host }.

## Notices: something about the account's security changed

mail-notice-origin = { $time }, from { $device }, address { $address }.
mail-notice-alarm = Somebody else's doing?
mail-notice-alarm-link = This wasn't me
mail-notice-not-you = If it wasn't you, open the link above: it signs out every device and helps you to a new password.

mail-notice-password-set-subject = Your password was changed
mail-notice-password-set-heading = Your password was changed
mail-notice-password-set-why = The password of your account at { $host } was changed in your account's settings.
mail-notice-password-set-text = Every other device was signed out.

mail-notice-new-device-subject = A new device signed in to your account
mail-notice-new-device-heading = A new device signed in
mail-notice-new-device-why = Somebody, probably you, signed in to your account at { $host } in a browser that was not used there before.
mail-notice-new-device-text = If it was you, there is nothing to do. You won't be told again about this browser.

mail-set-up-done-subject = You are the administrator of { $host }
mail-set-up-done-heading = The house is yours
mail-set-up-done-why = The set-up link of { $host } was used, and this address is now its first administrator.
mail-set-up-done-text = Your account can see and change everything there. Keep its password to yourself, and keep a copy of the master key somewhere safe.
mail-set-up-done-button = Open your account
mail-set-up-done-not-you = If it wasn't you, somebody else found the set-up link. Stop the server now, and look at its log before you start it again.
