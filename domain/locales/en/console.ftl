console-nav-label = Console
console-home-label = { $product }, to the first page of the console
console-to-account = Your account
console-link = Console
console-footer = Everything that is changed here is written into the audit.
console-group-people = House
console-nav-roles = Roles
console-nav-groups = Groups
