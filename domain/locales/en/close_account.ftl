# /account/close

close-title = Close the account for now
close-text = A pause, and nothing is deleted.
close-devices = Every device is signed out. We tell you by mail.
close-back = To open the account again, sign in. Everything is as it was.
close-button = Close it for now
close-cancel = Keep it open
