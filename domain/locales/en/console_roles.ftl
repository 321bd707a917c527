roles-title = Roles
roles-text = What people may do here besides looking after their own account.
roles-list = All roles
roles-new = New role
roles-built-in = Comes with { $product }
roles-count = { $count ->
    [one] 1 permission
   *[other] { $count } permissions
}
roles-holders = { $people ->
    [one] 1 person
   *[other] { $people } people
}, { $groups ->
    [one] 1 group
   *[other] { $groups } groups
}
roles-matrix-heading = Who may what
roles-matrix-permission = Permission
roles-yes = Yes
roles-no = No
roles-done-made = The role is made. Give it to people on their pages.
roles-done-changed = The role is changed, for everybody who has it.
roles-done-removed = The role is removed. Whoever had it has it no more.
role-administrator-name = Administrator
role-administrator-text = May do everything.
role-support-name = Support
role-support-text = Helps people: sees them, unlocks them, ends their sessions, sends messages again.
role-auditor-name = Auditor
role-auditor-text = Sees everything and changes nothing.
role-back = All roles
role-new-title = New role
role-new-text = Name it after what its people do. You can change it later.
role-form-label = The role
role-name-label = Name
role-name-hint = Short, as it stands beside people: "Night shift".
role-description-label = What it is for
role-description-hint = One sentence. May stay empty.
role-lacks = You can only give what you hold yourself. The rest is greyed out and stays as it is.
role-review-button = See what it will do
role-cancel = Back without changes
role-review-heading = This is what it will do
role-review-same = The permissions stay as they are.
role-review-gain = { $people ->
    [0] Whoever gets this role may from then on:
    [one] 1 person may from now on:
   *[other] { $people } people may from now on:
}
role-review-lose = { $people ->
    [0] Nobody has this role now. It will no longer let anybody:
    [one] 1 person may no longer, through this role:
   *[other] { $people } people may no longer, through this role:
}
role-review-back = Change it again
role-save-button = Save the role
role-held-heading = What it allows
role-held-text = This can't be changed here. To allow something else, make a role of your own.
role-done-factor = Saved. It counts from the next sign-in of whoever has the role.
role-asks-heading = What it asks for
role-asks-text = Beyond what the settings ask of everybody. Of several roles the strictest one counts.
role-asks-label = To come in
role-asks-required = A second factor
role-asks-passkey-only = A passkey, and nothing else
role-asks-button = Save
role-remove-heading = Remove this role
role-remove-text = { $people ->
    [0] Nobody has it.
    [one] 1 person loses what it allows, at once.
   *[other] { $people } people lose what it allows, at once.
} { $groups ->
    [0] No group has it.
    [one] It is taken from 1 group.
   *[other] It is taken from { $groups } groups.
} { $claims ->
    [0] It gives no value of a claim.
    [one] The value that it gives of 1 claim goes with it.
   *[other] The values that it gives of { $claims } claims go with it.
} This can't be undone.
role-remove-label = Type "{ $name }" to go on
role-remove-button = Remove the role
permission-group-console = Console
permission-group-users = People
permission-group-factors = Second factors
permission-group-sessions = Sessions
permission-group-roles = Roles and groups
permission-group-claims = Claims
permission-group-audit = Audit
permission-group-settings = Settings
permission-group-messages = Messages
permission-group-jobs = Jobs
permission-group-webhooks = Webhooks
permission-group-health = Health
permission-console-read = See the dashboard
permission-users-read = See people, their devices and what happened to them
permission-users-write = Add, edit, lock and unlock people
permission-users-delete = Erase accounts
permission-users-invite = Invite people
permission-users-import = Bring in people from a file; with their passwords only together with every other permission
permission-users-export = Take a list of people away
permission-users-impersonate = See somebody's pages as they see them
permission-factors-remove = Take away somebody's second factor
permission-sessions-end = End sessions of people
permission-roles-read = See roles, groups and claims
permission-roles-write = Make, edit and remove roles and groups
permission-roles-assign = Give roles to people and groups, and take them away
permission-claims-write = Define and remove claims, and set their values for people and roles one may change
permission-audit-read = See what happened
permission-audit-export = Take a copy of what happened away
permission-settings-read = See the settings
permission-settings-write = Change the settings
permission-messages-read = See what was sent, and why it failed
permission-messages-write = Send messages again
permission-jobs-read = See what waits to be done, and what failed
permission-jobs-write = Try jobs again, or give them up
permission-webhooks-read = See who is told what happens
permission-webhooks-write = Change who is told what happens
permission-health-read = See how the server is doing
