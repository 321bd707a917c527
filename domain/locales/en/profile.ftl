# /account/profile

profile-title = Profile
profile-text = What we call you, and how we show you times and words.
profile-you-heading = You
profile-zone-label = Time zone
profile-zone-browser = The one of your browser
profile-zone-other = Other
profile-zone-hint = In which zone we show times.
profile-language-label = Language
profile-language-hint = Of these pages, and of our mail to you.
profile-button = Save
profile-done = Saved.
profile-email-heading = Email
profile-email-text = You sign in with this address, and our mail goes there.
profile-email-change = Change the address
profile-email-done = Look into the mail of the new address: the link there makes it yours here.
profile-email-waiting = { $email } waits to be confirmed. The link that we sent there works until { $until }.
profile-close-heading = Close for now
profile-close-text = A pause: every device is signed out, and nothing is deleted. To open the account again, sign in.
profile-close-link = Close the account for now
