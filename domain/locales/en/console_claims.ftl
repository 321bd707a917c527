claims-title = Claims
claims-text = What applications can be told about people beyond name and address: a plan, a cost center, the sites they work at. You define what there is; people and roles get values.
claims-no-right = A claim gives nobody a right on this server. What people may do here is said by roles alone.
claims-list = All claims
claims-empty-title = No claims yet
claims-empty-text = Define one when an application needs to know more about people than their name and address.
claims-new = New claim
claims-make-button = Define the claim
claims-done-made = The claim is defined. Give values to people and roles on their pages.
claims-done-changed = Saved.
claims-done-removed = The claim is removed, with every value of it.
claim-kind-text = Text
claim-kind-number = Whole number
claim-kind-boolean = Yes or no
claim-kind-list = List of text
claim-holders = Value of their own: { $people ->
    [one] 1 person
   *[other] { $people } people
}, { $roles ->
    [one] 1 role
   *[other] { $roles } roles
}
claim-name-label = Name
claim-name-hint = As applications will read it: small letters, digits and _, like cost_center. It can't be changed later.
claim-kind-label = What it holds
claim-kind-hint = It can't be changed later either.
claim-for-label = What it is for
claim-for-hint = One sentence for the people who fill it in. May stay empty.
claim-back = All claims
claim-describe-button = Save
claim-remove-heading = Remove this claim
claim-remove-text = { $people ->
    [0] No person
    [one] 1 person
   *[other] { $people } people
} and { $roles ->
    [0] no role
    [one] 1 role
   *[other] { $roles } roles
} lose the value that they have of it. Applications are no longer told. This can't be undone.
claim-remove-label = Type { $name } to remove it
claim-remove-button = Remove the claim
claims-of-none = No value so far.
claims-link = Change claims
claims-of-person-title = Claims of { $name }
claims-of-person-text = A value of their own counts before those of roles. Lists are put together from all of them.
claims-of-role-title = Claims of the role { $name }
claims-of-role-text = Whoever has the role has these values, unless they have one of their own, or a role whose name comes first gives another one. Lists are put together.
claims-of-empty = Define one first
claims-change = Change
claims-change-label = Change { $name }
claims-none = No value
claims-done-set = Saved.
claim-value-label = Value
claim-value-hint-text = One line of at most 200 characters. Empty it to take the value away.
claim-value-hint-number = A whole number. Empty it to take the value away.
claim-value-hint-boolean = “No value” takes it away.
claim-value-hint-list = One entry a line, at most 20. Empty it to take the value away.
claim-set-button = Save the value
claim-from = From: { $sources }.
claim-overruled = Does not count: { $sources }.
claim-own = the person
claim-through = role { $role }
