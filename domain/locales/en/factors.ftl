# The second factor: asked for at a sign-in and at /confirm, and looked after on /account/security

challenge-title = One more step
challenge-saying-note = The house knows the knock. Now the word.
challenge-button = Sign in
challenge-cancel = Sign in as somebody else
challenge-lost = All of it is lost?
challenge-lost-link = Get back in without it
challenge-enrol-title = Your account needs a second step
challenge-enrol-text = { $email } may only be used with an authenticator app: a free app on your phone that shows a new code every half minute. Add it now, and you are in.
challenge-passkey-title = Make a passkey
challenge-passkey-text = { $email } is opened with a passkey and with nothing else: your finger, your face or the code of your device. Make one now, and you are in.
challenge-passkey-elsewhere = It needs a device that can keep one, and JavaScript. You can also sign in on another device or in another browser, and make it there.

## What each factor is called, and what to do

factor-totp-text = Open your authenticator app and type the code that it shows.
factor-totp-label = Code from the app
factor-totp-hint = Six digits. Each code works once, for about half a minute.
factor-totp-way = Use a code from the authenticator app
factor-sms-text = We can send a text message with a code to your phone, { $phone }.
factor-sms-sent = We sent a text message with a code to your phone, { $phone }. Type it here.
factor-sms-label = Code from the text message
factor-sms-way = Get a code by text message
factor-sms-send = Send a code by text message
factor-sms-nothing-text = See whether the phone has a signal. Messages can take a minute or two.
factor-mail-text = We can send a code to { $email }.
factor-mail-sent = We sent a code to { $email }. Type it here.
factor-mail-label = Code from the message
factor-sent-hint = Six digits. The code works for { $life }, and only here.
factor-mail-way = Get a code by mail
factor-mail-send = Send me a code
factor-sent-new = A code is on its way. An earlier one no longer works.
factor-sent-nothing = Nothing has arrived?
factor-mail-nothing-text = Look into the folder for spam. Messages can take a few minutes.
factor-sent-again = Send a new code
factor-recovery-text = Type one of the recovery codes that you kept. It works once, and you keep the others.
factor-recovery-label = Recovery code
factor-recovery-hint = Sixteen letters and digits. Dashes and capitals make no difference.
factor-recovery-way = Use a recovery code
factor-other = Or do it another way:
factor-trust = Don't ask in this browser for 30 days

## On /account/security

factors-heading = Second step
factors-text = With a second step, a stolen password alone lets nobody in.
factors-passkey-only = Here a passkey lets you in, and nothing else does. A recovery code leads to a new passkey if you lose yours.
factors-required = Your account must have a passkey or an authenticator app.
passkey-required = Your account must have a passkey: soon nothing else will let you in.
factors-required-link = Add one now
factors-until = You can sign in without it until
factors-add = Add
factors-replace = Replace
factors-remove = Remove
factors-since = Added on
totp-name = Authenticator app
totp-none = A free app on your phone shows a new code every half minute.
totp-add-label = Add an authenticator app
totp-replace-label = Replace the authenticator app
totp-remove-label = Remove the authenticator app
totp-done = Your authenticator app is added. From now on you are asked for a code of it.
totp-removed-done = Your authenticator app is removed.
sms-codes-name = Codes by text message
sms-codes-none = We send a code to your mobile phone. Weaker than an app or a passkey: somebody who takes over your number gets the codes.
sms-codes-on = We send codes to { $phone }. Somebody who takes over your number gets them; a passkey or an app is safer.
sms-codes-off = Not available on this server: text messages can be intercepted, and phone numbers taken over. A passkey or an authenticator app is safer.
sms-codes-asleep = Codes would go to { $phone }, but this server sends no text messages at the moment.
sms-codes-add-label = Add codes by text message
sms-codes-replace-label = Replace the phone number
sms-codes-remove-label = Remove codes by text message
sms-codes-done = Your phone number is added. From now on you can be asked for a code that we send to it.
sms-codes-removed-done = Your phone number is removed.
mail-codes-name = Codes by mail
mail-codes-off = We send a code to your address. Better than nothing, and weaker than an app: whoever reads your mail reads the code.
mail-codes-on = We send a code to your address when you sign in.
mail-codes-add-label = Add codes by mail
mail-codes-remove-label = Remove codes by mail
mail-codes-done = From now on you are asked for a code by mail.
mail-codes-removed-done = You are no longer asked for codes by mail.
security-confirm-first = Show first that it is you

## Adding an app

totp-title = Add an authenticator app
totp-text = Two steps, less than a minute.
totp-picture = The key of this account as a QR code
totp-scan = First, scan this picture with the app.
totp-open = Open it in an app on this device
totp-type = If the app can't scan, type this key into it:
totp-confirm = Add the app
totp-cancel = Not now

## Adding a telephone

phone-title = Add codes by text message
phone-text = We send a code to your mobile phone now, and when you sign in.
phone-risk = Codes by text message stop most thieves, but not all: a text message can be intercepted, and somebody can talk your phone company into giving them your number.
phone-better = Safer, and as quick:
phone-label = Mobile number
phone-hint = With a plus sign and the code of the country, such as +84 91 234 56 78.
phone-hint-countries = With a plus sign and the code of the country. Messages go to { $countries }.
phone-hint-home = A number of { $country }.
phone-send = Send a code
phone-sent = We sent a text message with a code to { $phone }. Type it here.
phone-confirm = Add this number
phone-other = Use another number

## Recovery codes

codes-name = Recovery codes
codes-left =
    { $count ->
        [one] One is left. Make new ones soon.
       *[other] { $count } are left, for the day on which your phone is lost.
    }
codes-none = None is left. Make new ones, so that you can still get in without your phone.
codes-anew = Make new ones
codes-anew-label = Make new recovery codes
codes-title = Keep these codes
codes-text = If you lose your phone, each of them lets you in once. Keep them where the phone is not: on paper, or in a password manager.
codes-once = This is the only time that we can show them.
codes-copy = Copy all
codes-print = Print
codes-download = Download
codes-kept = I have kept them
codes-done = You have ten fresh recovery codes. The ones before no longer work.
codes-file = Recovery codes for { $host }. Each works once.

## Browsers that are not asked

trusted-heading = Remembered browsers
trusted-text = Here you are not asked for the second step for { $life } after you said so. A change of your security is confirmed all the same.
trusted-until = Not asked until
trusted-end = Ask again
trusted-end-label = Ask again on { $device }
trusted-done = That browser is asked again from now on.
