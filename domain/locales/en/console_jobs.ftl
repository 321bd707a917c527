# /admin/jobs

jobs-title = Jobs
jobs-text = Work that is done outside of requests: what waits, and what was given up after many attempts.
jobs-waiting = Waiting
jobs-running = Running
jobs-dead = Given up
jobs-oldest = Due since
jobs-nothing-waits = nothing is due
jobs-queue = The queue, by kind
jobs-kind = Job
jobs-unknown = Of another version
jobs-dead-label =
    { $count ->
        [one] { $kind }: look at the one that was given up
       *[other] { $kind }: look at the { $count } that were given up
    }
jobs-dead-heading = Given up
jobs-dead-of = Given up: { $kind }
jobs-all-kinds = All kinds
jobs-none-dead = No job was given up.
jobs-pages = Pages
jobs-no-reason = No reason was written down.
jobs-tried =
    { $count ->
        [one] tried once
       *[other] tried { $count } times
    }
jobs-retry = Try again
jobs-retry-label = Try again: { $kind }, { $id }
jobs-discard = Discard
jobs-discard-label = Discard: { $kind }, { $id }
jobs-all-heading = All of this kind
jobs-retry-all =
    { $count ->
        [one] Try the one again
       *[other] Try all { $count } again
    }
jobs-discard-all-text =
    { $count ->
        [one] Or discard it. One job is deleted; that can't be undone.
       *[other] Or discard them. { $count } jobs are deleted; that can't be undone.
    }
jobs-count-label = How many are to be deleted? Type { $count }
jobs-discard-all =
    { $count ->
        [one] Discard one job
       *[other] Discard { $count } jobs
    }
jobs-recurring = What comes again and again
jobs-every = Every
jobs-last = Last
jobs-next = Next
jobs-never = not yet
jobs-done-retried = They are in the queue again.
jobs-done-discarded = They are deleted.

## What a job does, by its kind, and what is lost when it is discarded

job-send-mail = Send a mail
job-send-sms = Send a text message
job-request-password-reset = Look up who wants a new password
job-request-recovery = Look up who wants back in
job-look-after-recoveries = Mail the links of recoveries
job-fence-sessions = Clear copies of ended sessions
job-export-data = Make a copy of somebody's data
job-look-after-erasures = Remind of erasures, and begin them
job-erase-account = Erase an account
job-look-after-locks = Unlock accounts whose time is over
job-check-audit = Examine the chain of the audit
job-import-people = Make the people of a file
job-clean-up = Delete what has expired
job-look-after-figures = Count what has happened
job-look-after-audit = Sign the audit
job-lost-look-after-locks = Discarded, nothing is lost: it comes again within minutes.
job-lost-check-audit = Discarded, the examination is never done; ask for another.
job-lost-unknown = Nobody knows here what is lost with it: another version of this server made it.
job-lost-send-mail = Discarded, the mail is never sent.
job-lost-send-sms = Discarded, the code is never sent; the person can ask for another.
job-lost-request-password-reset = Discarded, no link is mailed; the person can ask again.
job-lost-request-recovery = Discarded, the recovery does not begin; the person can ask again.
job-lost-look-after-recoveries = Discarded, nothing is lost: the next one does its work.
job-lost-fence-sessions = Discarded, nothing is lost after a minute: by then the copies are gone.
job-lost-export-data = Discarded, the copy is never made; the person can ask for another.
job-lost-look-after-erasures = Discarded, nothing is lost: the next one does its work.
job-lost-erase-account = Discarded, the account stays until the next look at erasures, which begins it again.
job-lost-import-people = Discarded, the rest of the file is never made; stop the import on its page, and bring in the file again.
job-lost-clean-up = Discarded, nothing is lost: the next one does its work.
job-lost-look-after-figures = Discarded, nothing is lost: the next one does its work.
job-lost-look-after-audit = Discarded, nothing is lost: the next one does its work.
