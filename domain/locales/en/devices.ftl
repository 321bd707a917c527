# /account/sessions

devices-title = Devices
devices-text = Where you are signed in. End whatever you don't recognise or no longer use.
devices-this = This device
devices-local-network = local network
devices-first-seen = Signed in
devices-last-seen = Last used
devices-until = Signed out at the latest
devices-stays = Stays signed in until
devices-end = Sign out
devices-end-label = Sign out { $device }
devices-sign-out-label = Sign out of this device
devices-ended = That device is signed out.
devices-others-heading = Everywhere else
devices-others-text = If you lost a device, or somebody else may have used one, sign out of all but this one.
devices-others-button = Sign out all other devices
devices-others-done = All other devices are signed out.
devices-alone = You are signed in nowhere else.
