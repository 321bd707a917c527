# /admin/import: bringing in people from a file

import-title = Import people
import-text = Bring in people from a file, with the passwords that they have elsewhere. You see what will become of each row before anything is done.
import-done-discarded = The file was thrown away, with all that was read of it.
import-choose = Choose a file
import-proven = The addresses in this file are proven
import-proven-hint = For files without a column email_verified. Whoever’s address is not proven comes in without a password, and sets one by “Forgot password”.
import-file = File
import-file-hint = CSV with a heading, or JSON: an array, or one object a line. At most 64 MiB and 250,000 rows.
import-upload = Try it out
import-before = What you brought
import-before-text = What became of each row can be read for a week. Nobody else sees it.
import-brought = Brought
import-state = State
import-rows = Rows
import-made = Made
import-no-name = A file without a name
import-columns = What a file may say
import-columns-text = Only the address is needed. Columns may stand in any order; those of other names are passed over.
import-column-name = Column
import-column-what = What it says
import-column-others = Also called
import-back = Import people
import-progress = How far it is
import-arrives = The file is being read: { $rows } rows so far.
import-next = What will happen
import-will-rehash = A password that somebody brings along works as it did. With the first sign-in it gets a hash of our own in place of the old one.
import-passwords-left = Passwords in the file are left behind: only somebody who may do everything here can bring them along. Whoever brings a password also knows it.
import-without-password = { $count ->
    [one] 1 person comes without a password, and sets one by “Forgot password”.
   *[other] { $number } people come without a password, and set one by “Forgot password”.
}
import-will-tell-nobody = Nobody gets a mail about it. Accounts that are here already stay as they are.
import-ignored = These columns are not read:
import-nobody = Nobody in this file can be made. Below stands why.
import-begin = { $count ->
    [one] Import 1 person
   *[other] Import { $number } people
}
import-discard = Throw the file away
import-going = People are being made
import-going-text = This goes on by itself, also when you leave this page.
import-steps = { $done } of { $total } rows
import-stop = Stop
import-stop-hint = Whoever was made stays.
import-over = { $count ->
    [one] Done: 1 person was made.
   *[other] Done: { $number } people were made.
}
import-stopped = { $count ->
    [one] Stopped. 1 person had been made by then, and stays.
   *[other] Stopped. { $number } people had been made by then, and stay.
}
import-rows-heading = Rows to look at
import-rows-text = Put these right in your file, and bring it in again: whoever was made is skipped then.
import-rows-none = None.
import-report = Report as CSV
import-more = Further rows
import-line = Line
import-why = Why
people-import-state-reading = Arriving
people-import-state-read = Tried out
people-import-state-running = Under way
people-import-state-done = Done
people-import-state-stopped = Stopped
people-import-outcome-ready = Can be made
people-import-outcome-made = Made
people-import-outcome-skipped = Skipped
people-import-outcome-refused = Refused
people-import-column-email = The email address. The one column that must be there.
people-import-column-email-verified = Whether the address was proven: true or false.
people-import-column-name = What the person is called. Without it, what stands before the @.
people-import-column-locale = The language, such as vi or en-GB. One that isn’t here becomes English.
people-import-column-time-zone = The time zone, such as Asia/Ho_Chi_Minh.
people-import-column-state = active or locked. Without it, active.
people-import-column-roles = Roles by their names, with semicolons between. Only those that you may give.
people-import-column-password-hash = A hash by bcrypt, scrypt, PBKDF2 or argon2.
people-import-column-created-at = When the account was made: RFC 3339, or milliseconds since 1970.
people-import-reason-exists = The address has an account
people-import-reason-twice = An earlier row has the same address
people-import-reason-email = Not an email address
people-import-reason-name = Not a name: a link, or signs that can’t be seen
people-import-reason-verified = email_verified is neither true nor false
people-import-reason-time-zone = Not a time zone that can be chosen
people-import-reason-state = state is neither active nor locked
people-import-reason-role-unknown = There is no such role
people-import-reason-role-not-yours = A role that you may not give
people-import-reason-hash-unread = A password hash of a form that we don’t read
people-import-reason-hash-costly = A password hash that would take too long to compare with
people-import-reason-created-at = created_at is not a moment of the past
people-import-reason-columns = More or fewer values than columns, or a column twice
people-import-reason-kind = A value of the wrong kind
people-import-reason-json = Not an object of JSON
people-import-reason-encoding = Not UTF-8
people-import-reason-too-long = Longer than 64 KiB
people-import-reason-stopped = The import was stopped before this row
