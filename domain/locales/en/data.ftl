# /account/data: a copy of one's data, and deleting the account; /keep-account: undoing that

data-title = Your data
data-text = Take a copy of it, or leave for good.

data-export-heading = Download your data
data-export-text = A zip of everything that is kept about you, in files that people and programs can read, with a note that explains each. Passwords and other secrets are not in it.
data-export-button = Make a copy
data-export-again = Make a new copy
data-export-again-hint = It takes the place of this one.
data-export-making = Your copy is being made. We mail you when it is ready; you can leave this page.
data-export-progress = Progress
data-export-steps = Step { $done } of { $total }
data-export-check = Check again
data-export-ready = Your copy is ready. It can be fetched until:
data-export-download = Download ({ $size })
data-size-kilobytes = { $count } KB
data-size-megabytes = { $count } MB

data-delete-heading = Delete your account
data-delete-text = You have 14 days to change your mind. After that nobody can bring it back.
data-delete-goes = What goes: your name and address, your password, every session and every device we know, and all else that belongs to you. You are signed out everywhere at once.
data-delete-stays = What stays: that something happened, and when, in the server's log of security events, without your name, your address or where you were. Copies that the people who run the server have backed up go when those backups do.
data-delete-again = Afterwards the address is free, and you can sign up with it again.
data-delete-confirm = To go on, type { $email }
data-delete-button = Delete my account

keep-title = Your account will be erased
keep-text = It is erased for good on:
keep-text-hint = Until then, one click keeps it as it is.
keep-button = Keep my account
keep-sign-out = Sign out
keep-invalid-title = There is nothing to keep here
keep-invalid-text = The link was cut, or the account is gone. If you still have an account, sign in to it; else you can sign up again.
keep-kept-title = Your account stays
keep-kept-text = Nothing was erased. Sign in as you always did.
keep-sign-in = Sign in
keep-saying = Must you go?
keep-saying-note = The door stays on the latch for two weeks.

## README.txt in the archive

export-readme-title = Your data at { $product } ({ $host })
export-readme-made = Made for { $name } ({ $email }) on { $time }.
export-readme-format = All times are in UTC. The files are JSON: any text editor opens them, and programs can read them.
export-readme-left-out = Left out is what could let somebody in: passwords, codes, links and the tokens of sessions. They are stored only in a form that can't be read back. Of security events, the newest 50,000 are in here.
export-readme-files = The files:
export-file-profile = Who you are here: your name, address and language, and since when.
export-file-sign-in = When you set your password, asked for a new one, or told us that something wasn't you.
export-file-sessions = The browsers that are signed in now: which, from where, since when and until when.
export-file-devices = The browsers that signed in before and are remembered, by when. We know no more about them.
export-file-activity = What happened with your account, the newest first: when, from which address, with which browser.
export-file-email-changes = When you changed your address, from which to which.
export-file-sign-ups = When somebody asked for an account with your address.
export-file-invitations = When somebody invited your address, and whether you accepted.
export-file-claims = What applications are told about you, and where it comes from.
export-file-notes = What the people who run this server wrote down about you.
export-file-messages = Which messages were sent to you in the last 30 days, without what stood in them.
