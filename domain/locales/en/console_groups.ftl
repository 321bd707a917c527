groups-title = Groups
groups-text = People who belong together. Whoever is in a group has its roles.
groups-list = All groups
groups-empty-title = No groups yet
groups-empty-text = Make one for each team that shares a role: whoever joins the team gets it, and whoever leaves loses it.
groups-new = New group
groups-name-hint = Short: "Front desk".
groups-make-button = Make the group
groups-members = { $count ->
    [0] Nobody is in it
    [one] 1 person
   *[other] { $count } people
}
groups-done-removed = The group is removed. Whoever was in it keeps the roles of their own.
group-back = All groups
group-done-made = The group is made. Now give it roles, and put people into it.
group-done-changed = Saved.
group-roles-heading = What it gives
group-roles-empty = It gives no role yet.
group-role-give-label = Give it a role
group-role-give-button = Give
group-role-take-button = Take away
group-role-take-label = Take { $name } away from this group
group-role-none-left = It has every role there is.
group-members-heading = Who is in it
group-members-empty = Nobody is in it yet.
group-members-closed = You may not see people, so their names are not shown here.
group-member-add-label = Add somebody by their mail address
group-member-add-button = Add
group-member-expel-button = Take out
group-member-expel-label = Take { $name } out of this group
group-members-more = More people
group-members-first = Back to the first
group-name-heading = Its name
group-save-button = Save
group-remove-heading = Remove this group
group-remove-text = { $count ->
    [0] Nobody is in it.
    [one] 1 person loses what it gives, at once.
   *[other] { $count } people lose what it gives, at once.
} This can't be undone.
group-remove-button = Remove the group
