# Several accounts in one browser: the menu in the header, and what the sign-in page offers

menu-label = Your accounts: { $email }
menu-others = Other accounts in this browser
menu-switch-label = Go on as { $name }, { $email }
menu-add = Add another account
menu-sign-out-all = Sign out of all accounts

sign-in-add-heading = Add another account
sign-in-add-text = You stay signed in as { $name }. Afterwards you can go from one account to the other in the menu.
sign-in-add-back = Back to your account
sign-in-waiting-heading = Go on where you were
sign-in-waiting-button = Continue as { $name }
sign-in-waiting-or = or sign in with another account
sign-in-notice-signed-out-all = You are signed out of all accounts on this device.
