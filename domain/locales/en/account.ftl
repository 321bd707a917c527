# /account: the overview

account-title = Your account
account-welcome = Welcome, { $name }
account-administrator = You are an administrator of this server.
account-reopened = Your account was closed on { $date }. You signed in, so it is open again.
account-facts-heading = Your account
account-email = Email
account-email-proven = Confirmed
account-member-since = Member since
account-signed-in-since = Signed in since
account-this-device = This device
account-next-heading = Good to know
account-next-shared-device = On a shared device, sign out when you are done.
account-next-unknown = Is something here not yours? Sign out, and choose a new password.
account-device-label = Device
account-address = Address
account-signed-in-until = Signed in until
