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

## Notices: something about the account's security changed

mail-notice-origin = { $time }, from { $device }, address { $address }.
mail-notice-operator = { $time }, by the people who run { $host }.
mail-notice-alarm = Somebody else's doing?
mail-notice-alarm-link = This wasn't me
mail-notice-not-you = If it wasn't you, open the link above: it signs out every device and helps you to a new password.

mail-notice-password-set-subject = Your password was changed
mail-notice-password-set-heading = Your password was changed
mail-notice-password-set-why = The password of your account at { $host } was changed in your account's settings.
mail-notice-password-set-text = Every other device was signed out.

mail-notice-password-reset-subject = Your password was changed
mail-notice-password-reset-heading = Your password was changed
mail-notice-password-reset-why = The password of your account at { $host } was just changed.
mail-notice-password-reset-text = Every device was signed out. Sign in again with the new password.

mail-notice-new-device-subject = A new device signed in to your account
mail-notice-new-device-heading = A new device signed in
mail-notice-new-device-why = Somebody, probably you, signed in to your account at { $host } in a browser that was not used there before.
mail-notice-new-device-text = If it was you, there is nothing to do. You won't be told again about this browser.

## A second step

mail-factor-code-subject = Your code
mail-factor-code-heading = Your code
mail-factor-code-why = Somebody, probably you, gave the password of your account at { $host } and needs a code to go on.
mail-factor-code-text = Type this code where you are signing in:
mail-factor-code-life = It works once, for { $code-life }. We never ask for it by mail or by telephone.
mail-factor-code-not-you = If it wasn't you, somebody knows your password. Without the code they don't get in. Choose a new password soon.

# The text message with a code. Short: a message of up to 160 letters costs one.

sms-code = { $code } is your { $product } code. It works for { $life }. Don't give it to anybody, not even to us.

mail-notice-totp-added-subject = An authenticator app was added
mail-notice-totp-added-heading = An authenticator app was added
mail-notice-totp-added-why = An authenticator app was added to your account at { $host }.
mail-notice-totp-added-text = From now on, its codes are asked for at every sign-in. One that was added before no longer works.
mail-notice-totp-removed-subject = Your authenticator app was removed
mail-notice-totp-removed-heading = Your authenticator app was removed
mail-notice-totp-removed-why = The authenticator app was removed from your account at { $host }.
mail-notice-totp-removed-text = Its codes are no longer asked for.
mail-notice-sms-codes-added-subject = A phone number was added
mail-notice-sms-codes-added-heading = A phone number was added
mail-notice-sms-codes-added-why = A phone number was added to your account at { $host }, for codes by text message as a second step.
mail-notice-sms-codes-added-text = From now on we can send a code to that number when you sign in. A number that was there before gets none any more.
mail-notice-sms-codes-removed-subject = Your phone number was removed
mail-notice-sms-codes-removed-heading = Your phone number was removed
mail-notice-sms-codes-removed-why = The phone number was removed from your account at { $host }.
mail-notice-sms-codes-removed-text = No codes go out as text messages any more.
mail-notice-mail-codes-added-subject = Codes by mail were added
mail-notice-mail-codes-added-heading = Codes by mail were added
mail-notice-mail-codes-added-why = Codes by mail were added to your account at { $host } as a second step.
mail-notice-mail-codes-added-text = From now on we can send a code to this address at every sign-in.
mail-notice-mail-codes-removed-subject = Codes by mail were removed
mail-notice-mail-codes-removed-heading = Codes by mail were removed
mail-notice-mail-codes-removed-why = Codes by mail were removed from your account at { $host }.
mail-notice-mail-codes-removed-text = No codes are sent to this address any more.
mail-notice-passkey-added-subject = A passkey was added
mail-notice-passkey-added-heading = A passkey was added
mail-notice-passkey-added-why = A passkey was added to your account at { $host }.
mail-notice-passkey-added-text = It lets you in without a password. After a password, it is asked for as a second step.
mail-notice-passkey-removed-subject = A passkey was removed
mail-notice-passkey-removed-heading = A passkey was removed
mail-notice-passkey-removed-why = A passkey was removed from your account at { $host }.
mail-notice-passkey-removed-text = It no longer lets anybody in.
mail-notice-passkey-counter-subject = One of your passkeys may have been copied
mail-notice-passkey-counter-heading = One of your passkeys may have been copied
mail-notice-passkey-counter-why = A passkey of your account at { $host } counted backwards when it was used. That happens when there is a second copy of it, and seldom by a fault of the device.
mail-notice-passkey-counter-text = If you don't know why, remove that passkey in your account's settings and add a new one.
mail-notice-recovery-codes-made-subject = You have new recovery codes
mail-notice-recovery-codes-made-heading = You have new recovery codes
mail-notice-recovery-codes-made-why = New recovery codes were made for your account at { $host }.
mail-notice-recovery-codes-made-text = The ones before no longer work.
mail-notice-recovery-code-used-subject = A recovery code was used
mail-notice-recovery-code-used-heading = A recovery code was used
mail-notice-recovery-code-used-why = Somebody, probably you, used one of the recovery codes of your account at { $host }.
mail-notice-recovery-code-used-text = That code no longer works. If your phone is lost, replace the authenticator app in your account's settings.
mail-notice-factors-cleared-subject = Your second step was removed
mail-notice-factors-cleared-heading = Your second step was removed
mail-notice-factors-cleared-why = The people who run { $host } removed the second step of your account, and set a new password.
mail-notice-factors-cleared-text = Every device was signed out. Add a second step again once you are in.

mail-notice-recovered-subject = You have your account back
mail-notice-recovered-heading = You have your account back
mail-notice-recovered-why = The wait was over, and a new password or a new passkey was set for your account at { $host } by the link that we mailed.
mail-notice-recovered-text = The second step, the passkeys of before and the recovery codes were removed, and every device was signed out. Sign in, and look at what your account has for a second step.

## The slow way back

mail-recovery-asked-subject = Somebody wants to get into your account
mail-recovery-asked-heading = A way back was asked for
mail-recovery-asked-why = Somebody, perhaps you, told us that they can't get into your account at { $host } any more, or answered one of our messages with "this wasn't me".
mail-recovery-asked-text = Nothing has changed yet. On { $time } we mail a link to the address of the account. It sets a new password, and removes the second step. If that is what you need, wait for it. Signing in stops it.
mail-recovery-asked-button = Stop it
mail-recovery-asked-not-you = If it wasn't you, stop it with the link above, or sign in. Somebody may be able to read your mail: change the password of your mailbox.

mail-recovery-hastened-subject = You get back into your account sooner
mail-recovery-hastened-heading = The wait is shorter
mail-recovery-hastened-why = The people who run { $host } shortened the wait for the way back into your account.
mail-recovery-hastened-text = On { $time } we mail a link to the address of the account. It sets a new password, and removes the second step. Signing in stops it.
mail-recovery-hastened-button = Stop it
mail-recovery-hastened-not-you = If it wasn't you, who asked for the way back and spoke with them, stop it at once with the link above, and tell the people who run { $host }.

mail-recovery-ready-subject = The wait is over: choose a new password
mail-recovery-ready-heading = Here is your way back
mail-recovery-ready-why = Somebody, probably you, asked for a way back into your account at { $host }, and nobody stopped it.
mail-recovery-ready-text = Open the link and choose a new password. It works once, until { $time }. The second step is removed, and every device is signed out.
mail-recovery-ready-button = Choose a new password
mail-recovery-ready-stop = You can sign in again, or never asked?
mail-recovery-ready-stop-link = Stop it
mail-recovery-ready-not-you = If it wasn't you, stop it now, and change the password of your mailbox.

mail-recovery-cancelled-subject = The way back was stopped
mail-recovery-cancelled-heading = The way back was stopped
mail-recovery-cancelled-why = Somebody had asked for a way back into your account at { $host }. Somebody, probably you, signed in or stopped it.
mail-recovery-cancelled-text = Nothing has changed: the password and the second step are as they were.
mail-recovery-cancelled-button = Sign in
mail-recovery-cancelled-not-you = If it wasn't you, and you still can't get in, choose a new password, or ask for the way back again.

mail-alarm-raised-subject = Somebody said "this wasn't me"
mail-alarm-raised-heading = An alarm was raised
mail-alarm-raised-why = You are an administrator of { $host }, where somebody answered a message about their account with "this wasn't me".
mail-alarm-raised-text = The account is { $whose }. Every device of it was signed out, nothing about its security can be changed until { $until }, and its owner has a way back. Look at what happened there, and ask its owner if you can. If somebody has taken it over, lock it.
mail-alarm-raised-button = Open { $host }
mail-alarm-raised-not-you = If it wasn't you, whom this was meant for, tell the people who run { $host }.

## A person's data

mail-export-ready-subject = Your data is ready
mail-export-ready-heading = Your data is ready
mail-export-ready-why = You asked for a copy of what { $host } keeps about you.
mail-export-ready-text = Sign in and fetch it before { $until }. After that it is deleted, and you can ask for a new one.
mail-export-ready-button = Fetch your data
mail-export-ready-not-you = If it wasn't you, somebody else is signed in to your account. Change your password: that signs out every other device.

mail-erasure-asked-subject = Your account will be erased
mail-erasure-asked-heading = Your account will be erased
mail-erasure-asked-why = You asked for your account at { $host } to be deleted.
mail-erasure-asked-text = Every device was signed out. On { $until } the account and what belongs to it are erased for good. Until then you can change your mind.
mail-erasure-asked-button = Keep the account
mail-erasure-asked-not-you = If it wasn't you, somebody else knows your password. Keep the account with the link above, then choose a new password.
mail-erasure-asked-by-operator-subject = Your account will be erased
mail-erasure-asked-by-operator-heading = Your account will be erased
mail-erasure-asked-by-operator-why = The people who run { $host } asked for your account there to be deleted.
mail-erasure-asked-by-operator-text = Every device was signed out. On { $until } the account and what belongs to it are erased for good. Until then you can keep it.
mail-erasure-asked-by-operator-button = Keep the account
mail-erasure-asked-by-operator-not-you = If you don't know why, ask the people who run { $host }.

mail-erasure-soon-subject = Last day: your account will be erased
mail-erasure-soon-heading = One day is left
mail-erasure-soon-why = Your account at { $host } is to be deleted, as was asked for two weeks ago.
mail-erasure-soon-text = It is erased for good on { $until }. After that nobody can bring it back. If you still want it gone, do nothing.
mail-erasure-soon-button = Keep the account
mail-erasure-soon-not-you = If it wasn't you, keep the account with the link above, then choose a new password, or ask the people who run { $host }.

mail-erasure-undone-subject = Your account stays
mail-erasure-undone-heading = Your account stays
mail-erasure-undone-why = Your account at { $host } was to be erased, and now it is kept.
mail-erasure-undone-text = Nothing was erased. Sign in as you always did.
mail-erasure-undone-button = Sign in
mail-erasure-undone-not-you = If it wasn't you, somebody else can read your mail or knows your password. Change the password of your mailbox first; then choose a new one here.

mail-erased-subject = Your account is erased
mail-erased-heading = Goodbye, and thank you
mail-erased-why = As was asked for two weeks ago, your account at { $host } is being erased now.
mail-erased-text = This is the last message we send you. Your address is free: you can sign up with it again whenever you like.
mail-erased-button = Sign up again
mail-erased-not-you = If it wasn't you, tell the people who run { $host }. The account can't be brought back.

mail-set-up-done-subject = You are the administrator of { $host }
mail-set-up-done-heading = The house is yours
mail-set-up-done-why = The set-up link of { $host } was used, and this address is now its first administrator.
mail-set-up-done-text = Your account can see and change everything there. Keep its password to yourself, and keep a copy of the master key somewhere safe.
mail-set-up-done-button = Open your account
mail-set-up-done-not-you = If it wasn't you, somebody else found the set-up link. Stop the server now, and look at its log before you start it again.

mail-notice-email-asked-subject = Your account may get another address
mail-notice-email-asked-heading = Your account may get another address
mail-notice-email-asked-why = Somebody, probably you, wants to move your account at { $host } to another address.
mail-notice-email-asked-text = Nothing has changed yet: first the other address has to be confirmed.
mail-notice-account-closed-subject = Your account is closed for now
mail-notice-account-closed-heading = Your account is closed for now
mail-notice-account-closed-why = Your account at { $host } was closed for now, in its own settings.
mail-notice-account-closed-text = Every device was signed out, and nothing is deleted. Sign in whenever you want it back.
mail-notice-account-reopened-subject = Your account is open again
mail-notice-account-reopened-heading = Welcome back
mail-notice-account-reopened-why = Somebody, probably you, signed in to your closed account at { $host }, and so it is open again.
mail-notice-account-reopened-text = Everything is as it was.

## Another mail address

mail-email-confirm-subject = Confirm your new address
mail-email-confirm-heading = Confirm your new address
mail-email-confirm-why = Somebody, probably you, wants to use this address for an account at { $host }.
mail-email-confirm-text = One click shows that the address is yours. From then on, the account has it.
mail-email-confirm-button = Confirm the address
mail-email-confirm-life = The link works once, for { $link-life }.
mail-email-confirm-not-you = If it wasn't you, do nothing. Without the link, nothing changes.

mail-email-taken-subject = Somebody wanted to use your address
mail-email-taken-heading = Your address stays with your account
mail-email-taken-why = Somebody, perhaps you, wanted to move another account at { $host } to this address. It has an account already.
mail-email-taken-text = Nothing has changed. If you have two accounts and want this address for the other one, give this one another address first.
mail-email-taken-button = Open your account
mail-email-taken-not-you = If it wasn't you, do nothing. Your account is as it was.

mail-email-held-subject = Somebody wanted to use your address
mail-email-held-heading = This address is kept for you
mail-email-held-why = Somebody, perhaps you, wanted to use this address for an account at { $host }.
mail-email-held-text = Your account had this address until lately, and can still be moved back to it. So for now nobody else gets it.
mail-email-held-button = Sign in with the newer address
mail-email-held-not-you = If it wasn't you, do nothing. If you didn't move your account away from here either, open the link in our message about that.

mail-email-changed-subject = Your account has another address now
mail-email-changed-heading = Your account has another address now
mail-email-changed-why = Your account at { $host } was moved from this address to another one, which was confirmed.
mail-email-changed-text = If that was you, there is nothing to do. If not, take the account back: it gets this address again, every device is signed out, and you choose a new password.
mail-email-changed-button = Take the account back
mail-email-changed-life = The link works once, for { $link-life }.
mail-email-changed-not-you = If it wasn't you, open the link above soon: later it can't be undone here.

mail-email-arrived-subject = Your account has this address now
mail-email-arrived-heading = Your account has this address now
mail-email-arrived-why = This address was confirmed for your account at { $host }.
mail-email-arrived-text = From now on, sign in with it. Your password is the same as before.
mail-email-arrived-button = Open your account
mail-email-arrived-not-you = If it wasn't you, somebody else can read your mail. Change the password of your mailbox first; then tell the people who run { $host }.

mail-email-undone-subject = Your account is back
mail-email-undone-heading = Your account is back
mail-email-undone-why = The change of the address of your account at { $host } was undone: it has this address again.
mail-email-undone-text = Every device was signed out, and the old password no longer works. Choose a new one.
mail-email-undone-button = Choose a new password
mail-email-undone-life = The link works once, for { $link-life }. Later, ask for a new one at the sign-in page.
mail-email-undone-not-you = If it wasn't you, somebody else can read your mail. Change the password of your mailbox first; then choose a new password here.

## What the people who run the server did

mail-account-made-subject = You have an account at { $host }
mail-account-made-heading = Your account is waiting
mail-account-made-why = The people who run { $host } made an account there for you, with this address.
mail-account-made-text = Open the link and choose a password. That also shows that the address is yours.
mail-account-made-button = Choose a password
mail-account-made-life = The link works once, for { $link-life }.
mail-account-made-not-you = If you expected no account, do nothing: without the link nobody can use it. Or ask the people who run { $host }.

mail-invitation-subject = You are invited to { $product }
mail-invitation-heading = You are invited
mail-invitation-why = The people who run { $host } would like to have you there.
mail-invitation-by = { $name } invites you to { $product } at { $host }. Open the link to see what for, and to accept.
mail-invitation-text = You are invited to { $product } at { $host }. Open the link to see what for, and to accept.
mail-invitation-button = See the invitation
mail-invitation-life = The link works once, for { $link-life }. It is for this address only: don't pass it on.
mail-invitation-not-you = If you expected no invitation, do nothing: nothing happens until somebody opens the link and accepts.

mail-reset-link-subject = Choose a new password
mail-reset-link-heading = Choose a new password
mail-reset-link-why = The people who run { $host } send you this link, so that you can choose a new password for your account there.
mail-reset-link-text = Open the link and choose one. Until then, the old password stays as it is. Nobody but you gets to know the new one.
mail-reset-link-button = Choose a new password
mail-reset-link-life = The link works once, for { $link-life }.
mail-reset-link-not-you = If you asked nobody for it, do nothing: without the link, nobody can change your password.

mail-locked-subject = Your account was locked
mail-locked-heading = Your account is locked
mail-locked-why = The people who run { $host } locked your account there.
mail-locked-text = Every device was signed out, and nobody can sign in until they unlock it.
mail-locked-button = Open { $host }
mail-locked-not-you = If you don't know why, ask the people who run { $host }.

mail-locked-until-subject = Your account was locked for some time
mail-locked-until-heading = Your account is locked for some time
mail-locked-until-why = The people who run { $host } locked your account there.
mail-locked-until-text = Every device was signed out. From { $until } on you can sign in again.
mail-locked-until-button = Open { $host }
mail-locked-until-not-you = If you don't know why, ask the people who run { $host }.

mail-unlocked-subject = Your account is open again
mail-unlocked-heading = Your account is open again
mail-unlocked-why = Your account at { $host } was locked, and is open again.
mail-unlocked-text = Sign in as you always did.
mail-unlocked-button = Sign in
mail-unlocked-not-you = If you don't know why it was locked, ask the people who run { $host }.

mail-sessions-ended-subject = You were signed out
mail-sessions-ended-heading = You were signed out
mail-sessions-ended-why = The people who run { $host } signed your account out on one or more devices.
mail-sessions-ended-text = Your password and your second step are as they were. Sign in again where you need it.
mail-sessions-ended-button = Sign in
mail-sessions-ended-not-you = If you don't know why, ask the people who run { $host }.

mail-password-due-subject = Please choose a new password
mail-password-due-heading = Please choose a new password
mail-password-due-why = The people who run { $host } ask you to choose a new password for your account there.
mail-password-due-text = The one that you have no longer signs you in. Where you are signed in, you stay so.
mail-password-due-button = Get a link
mail-password-due-not-you = If you don't know why, ask the people who run { $host }.

mail-edited-subject = Your profile was changed
mail-edited-heading = Your profile was changed
mail-edited-why = The people who run { $host } changed the name, the time zone or the language of your account there.
mail-edited-text = Look whether it is right. You can change it back yourself.
mail-edited-button = Open your profile
mail-edited-not-you = If you don't know why, ask the people who run { $host }.

mail-viewed-subject = Somebody looked at your account
mail-viewed-heading = Somebody looked at your account
mail-viewed-why = One of the people who run { $host } looks at the pages of your account as you see them.
mail-viewed-text = Their reason: “{ $reason }”. It lasts { $life } at most. They can change nothing, and see no password, no code and no secret. Your activity says who it was.
mail-viewed-button = Open your activity
mail-viewed-not-you = If you don't know why, ask the people who run { $host }.

mail-role-given-subject = You have a new role
mail-role-given-heading = You have a new role
mail-role-given-why = The people who run { $host } gave your account there a role.
mail-role-given-text = The role is { $role }. With it you need a second step to sign in, and you are signed out sooner when you are away.
mail-role-given-button = Open your account
mail-role-given-not-you = If you don't know why, ask the people who run { $host }.

mail-role-taken-subject = You have one role less
mail-role-taken-heading = You have one role less
mail-role-taken-why = The people who run { $host } took a role away from your account there.
mail-role-taken-text = The role was { $role }. Everything else is as it was.
mail-role-taken-button = Open your account
mail-role-taken-not-you = If you don't know why, ask the people who run { $host }.
