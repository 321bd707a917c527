# /account: the overview

account-title = Your account
account-kept = Your account stays. Nothing was erased.
account-welcome = Welcome, { $name }
account-administrator = You are an administrator of this server.
account-reopened = Your account was closed on { $date }. You signed in, so it is open again.
account-facts-heading = Your account
account-email = Email
account-email-proven = Confirmed
account-member-since = Member since
account-signed-in-since = Signed in since
account-this-device = This device
account-next-heading = Look after it
account-next-devices = Devices
account-next-devices-text =
    { $count ->
        [one] You are signed in on this device only.
       *[other] You are signed in on { $count } devices.
    }
account-next-activity = Activity
account-next-activity-text = Every sign-in and every change, to check now and then.
account-next-password = Password
account-next-password-text = Choose another one, if anybody else may know it.
account-refused =
    { $count ->
        [one] A sign-in to your account was refused in the last { $days }.
       *[other] { $count } sign-ins to your account were refused in the last { $days }.
    }
account-refused-advice = If you mistyped the password, all is well. If not, somebody tried: nobody got in, and a strong password keeps it that way.
account-refused-link = See what happened
account-shared-device = On a shared device, sign out when you are done.
account-device-label = Device
account-address = Address
account-signed-in-until = Signed in until
