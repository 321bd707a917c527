# Passkeys: on /sign-in, /sign-up, /sign-in/challenge, /confirm and /account

## What the browser may answer

passkey-unsupported = This browser can't use passkeys. Try a newer one, or choose another way.
passkey-cancelled = Nothing happened: the passkey was put away, or it took too long. Try again, or choose another way.
passkey-elsewhere = Passkeys don't work at this address. Open the page at its usual address, and try again.
passkey-taken = This device has a passkey for the account already. You can use that one.
passkey-failed = That didn't work, and it isn't your fault. Try again, or choose another way.
passkey-no-script = A passkey needs JavaScript, which is switched off in this browser. Switch it on, or choose another way.
passkey-no-script-short = To use a passkey here, switch JavaScript on.

## As a second step

factor-passkey-text = Use your passkey or your security key to show that it is you.
factor-passkey-button = Use a passkey
factor-passkey-way = Use a passkey or a security key

## On /account/security

passkeys-heading = Passkeys
passkeys-text = A passkey lets you in with your finger, your face or the code of your device, and nobody can guess it or trick you out of it. A password alone no longer opens your account once you have one.
passkeys-add = Add a passkey
passkeys-add-another = Add another passkey
passkey-unnamed = Passkey
passkey-synced = Kept by a password manager on your devices.
passkey-one-device = Kept on one device.
passkey-second-only = Works as a second step after your password: it has not checked yet who holds it.
passkey-last-used = Last used on
passkey-never-used = Not used yet.
passkey-rename = Rename
passkey-rename-label = Rename the passkey { $name }
passkey-name-label = Name
passkey-rename-button = Save the name
passkey-remove-label = Remove the passkey { $name }
passkey-done = Your passkey is added. From now on it lets you in.
passkey-renamed-done = The passkey has its new name.
passkey-removed-done = The passkey is removed. It no longer lets anybody in. Delete it on your device too.

## Adding one

passkey-title = Add a passkey
passkey-text = One click, and one touch of your device.
passkey-how = Your browser asks where to keep it: on this device, in a password manager, on your phone, or on a security key. We never see your finger, your face or the code.
passkey-create = Create a passkey

## The offer after a sign-in with a password

passkey-offer = Sign in without a password next time?
passkey-offer-text = With a passkey, a finger, your face or the code of your device is enough.
passkey-offer-decline = No, thank you
