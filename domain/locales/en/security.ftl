# /account/security

security-title = Security
security-text = How you prove that it is you.
security-password-heading = Password
security-password-text = After a change, every other device is signed out. We tell you by mail.
security-no-password = You have no password: you sign in with a passkey. If you want one as well, we send you a link to choose it.
security-set-password = Choose a password
security-current-label = Current password
security-new-label = New password
security-password-button = Change the password
security-password-done = Your password is changed, and every other device is signed out.
