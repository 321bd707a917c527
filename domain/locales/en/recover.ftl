# /recover: the slow way back for somebody who has lost everything

recover-title = Get back in
recover-heading = Can't get in?
recover-text = If your password and your second step are both lost, there is a slow way back. It is slow so that nobody else can take it in your place.
recover-quick = Only the password is lost?
recover-quick-link = Choose a new one: that takes a minute
recover-step-told = We write at once to every address of your account. The message has a link that stops everything.
recover-step-wait = You wait { $wait }. Whoever signs in to the account in that time stops it: then nothing is lost.
recover-step-link = Then we mail you a link. It works once, for { $life }, and sets a new password or a new passkey. The second step and the recovery codes are removed, and every device is signed out.
recover-when = If you ask now, the link is mailed on { $time }.
recover-button = Ask for the way back
recover-saying = The long way round.
recover-saying-note = It ends at your own door.

## After asking: the same for a known and for an unknown address

recover-sent-title = Now you wait
recover-sent = If { $email } has an account here, we have written to every address of it.
recover-sent-somewhere = If the address you gave has an account here, we have written to every address of it.
recover-sent-when = If nobody asked before you, the link is mailed on { $time }. The message says exactly when.
recover-sent-stop = Found your phone or your codes after all? Sign in. That stops it, and nothing changes.
recover-sent-nothing = Nothing came? Look in the spam folder. Perhaps your account has another address.
recover-again = Try again

## The link at the end

recover-finish-title = Choose a new way in
recover-finish-text = The wait is over. This sets a new password for { $email }, or a passkey in its place.
recover-finish-gone = The second step, the passkeys and recovery codes of before, and the remembered browsers of the account are removed, and every device is signed out. Add a second step again once you are in.
recover-finish-button = Set the password
recover-finish-passkey = Make a passkey, without a password
recover-finish-passkey-next = With a password, you make a passkey when you sign in: nothing else opens your account.
recover-finish-not-me = You didn't ask for this? Open the link in the message that stops it.
recover-used-title = This link did its work already
recover-used-text = It works once. If you used it, sign in with the password or the passkey you chose. If you didn't, somebody else reads your mail: change the password of your mailbox first, then ask for a new password here.
recover-stopped-title = This was stopped
recover-stopped-text = Somebody signed in to the account, or stopped it by a link. Nothing has changed. If you still can't get in, ask again: the wait begins anew.
recover-expired-title = This link is too old
recover-expired-text = It worked for { $life }. Nothing has changed. Ask again: the wait begins anew.
recover-invalid-title = This link doesn't work
recover-invalid-text = Part of it may be missing, or a newer message has replaced it. Open the link in the newest message.
recover-ask-again = Ask for the way back

## The link that stops it

recover-cancel-title = Stop this?
recover-cancel-text = Somebody asked to get into your account without your password and your second step. On { $time } a link is mailed that sets a new password. If that wasn't you, or you can sign in again, stop it.
recover-cancel-button = Stop it
recover-cancel-mine = It was you, and you still can't get in? Then close this page, and wait.
recover-cancelled-title = It is stopped
recover-cancelled-text = Nothing has changed. If it wasn't you who asked, somebody may be able to read your mail: change the password of your mailbox.
recover-over-title = There is nothing to stop
recover-over-text = It was stopped already, or it is over. Sign in, or choose a new password, to see that the account is yours.

## In the account

recover-waits = Somebody asked to get into this account without your password and your second step. On { $time } a link is mailed that sets a new password.
recover-waits-text = If that wasn't you, or you no longer need it, stop it.
recover-stopped-here = Somebody had asked to get into your account without your password and your second step. You signed in, so that is stopped.
recover-cancelled-here = It is stopped. Nothing has changed.
frozen-note = Nothing about the security of this account can be changed until { $time }.
frozen-note-text = Somebody answered one of our messages with "this wasn't me". This keeps the account as it is until its owner is back.
