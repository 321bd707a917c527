# /confirm: the password or the second step once more, before a sensitive change

confirm-title = Is it you?
confirm-text = What comes next matters, so show once more that it is you. After that you won't be asked for { $life }.
confirm-button = Go on
confirm-cancel = Never mind
confirm-saying = Who's there?
confirm-saying-note = The house asks twice before it opens the chest.
