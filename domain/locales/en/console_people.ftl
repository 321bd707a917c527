people-title = People
people-text = Everyone who can come in, and how they prove it.
people-import = Import
people-export = Export as CSV
people-export-chosen = Export those chosen
people-search-label = Search people
people-search-hint = Name, email address or id
people-search-button = Search
people-clear = Clear
people-state-label = State
people-state-any = Any state
people-state-active = Active
people-state-locked = Locked
people-state-closed = Closed
people-state-erasing = Waiting for erasure
people-role-label = Roles
people-role-any = Any role, or none
people-role-some = Some role
people-proves-label = Proves it with
people-proves-any = Any factor
people-proves-password = Password
people-proves-none = No second factor
people-proves-passkey = Passkey
people-proves-app = Authenticator app
people-proves-sms = Codes by text message
people-proves-mail = Codes by email
people-proves-nothing = Nothing yet
people-days = Days
people-created-from = Joined from
people-created-to = Joined up to
people-seen-from = Last seen from
people-seen-to = Last seen up to
people-days-hint = Days of UTC. With an end and no beginning, “last seen” includes those who never signed in.
people-count = { $number ->
    [one] 1 person
   *[other] { $count } people
}
people-count-more = More than { $count } people
people-name = Name
people-mail = Email
people-seen = Last seen
people-created = Joined
people-never = Never
people-today = Today
people-yesterday = Yesterday
people-days-ago = { $count } days ago
people-choose = Chosen
people-choose-one = Choose { $name }
people-nobody-heading = Nobody is found
people-nobody-text = Words are found by their beginnings, in any order. Try fewer of them, or leave out a filter.
people-further-heading = Nobody yet
people-further-text = We looked at { $count } people for this page. The next page looks further.
people-show-all = Show everyone
people-page-before = Previous page
people-page-after = Next page
people-pages = Pages
people-deed-group = With those chosen
people-deed-label = What to do
people-deed-lock = Lock
people-deed-unlock = Unlock
people-deed-end-sessions = Sign out everywhere
people-deed-give-role = Give the role { $role }
people-deed-button = Continue
people-done = Done for { $done } of { $of }. Each is in the audit.
people-bulk-label = What will happen
people-bulk-back = Back to the list
people-bulk-cancel = Cancel
people-bulk-nothing = Nothing would change for anybody you chose.
people-bulk-spared = { $people ->
    [one] Nothing changes for 1 person:
   *[other] Nothing changes for { $people } people:
}
people-bulk-oneself = That is you.
people-bulk-administrator = Only an administrator does that to an administrator.
people-bulk-lock-heading = Lock accounts
people-bulk-lock-text = { $people ->
    [one] 1 person can no longer sign in
   *[other] { $people } people can no longer sign in
}, and { $sessions ->
    [0] no session ends.
    [one] 1 session ends at once.
   *[other] { $sessions } sessions end at once.
} Unlocking undoes it, but for the sessions.
people-bulk-lock-button = { $people ->
    [one] Lock 1 account
   *[other] Lock { $people } accounts
}
people-bulk-lock-already = Locked already.
people-bulk-unlock-heading = Unlock accounts
people-bulk-unlock-text = { $people ->
    [one] 1 person can sign in again.
   *[other] { $people } people can sign in again.
} Failed attempts are forgotten.
people-bulk-unlock-button = { $people ->
    [one] Unlock 1 account
   *[other] Unlock { $people } accounts
}
people-bulk-unlock-already = Not locked.
people-bulk-end-sessions-heading = Sign people out everywhere
people-bulk-end-sessions-text = { $sessions ->
    [one] 1 session
   *[other] { $sessions } sessions
} of { $people ->
    [one] 1 person
   *[other] { $people } people
} { $sessions ->
    [one] ends
   *[other] end
} at once. They can sign in again, with their second factor on every device.
people-bulk-end-sessions-button = { $people ->
    [one] Sign out 1 person
   *[other] Sign out { $people } people
}
people-bulk-end-sessions-already = Signed in nowhere.
people-bulk-give-role-heading = Give the role { $role }
people-bulk-give-role-text = { $people ->
    [one] 1 person may from now on do what { $role } allows.
   *[other] { $people } people may from now on do what { $role } allows.
} They need a second factor for it, and their sessions become shorter.
people-bulk-give-role-button = { $people ->
    [one] Give it to 1 person
   *[other] Give it to { $people } people
}
people-bulk-give-role-already = Has this role already.
