everybody-title = Sign everybody out
everybody-text = For when you can't tell which sessions are in wrong hands: a backup that got out, a stolen laptop of an operator, a fault in something that sees cookies.
everybody-link = Sign everybody out
everybody-will-end = { $sessions ->
    [0] There is no session besides yours.
    [one] 1 session of { $people ->
        [one] 1 person
       *[other] { $people } people
    } ends, on every server, at once.
   *[other] { $sessions } sessions of { $people ->
        [one] 1 person
       *[other] { $people } people
    } end, on every server, at once.
}
everybody-will-begin = Sign-ins that are half done begin anew, and every browser is asked for the second step again.
everybody-will-tell = Nobody is mailed. People sign in again when they open their next page.
everybody-spared = Sessions of people with a role stay. Only an administrator ends those here.
everybody-keep = Keep me signed in here
everybody-keep-hint = Your other sessions end too.
everybody-name = Type { $name } to go on
everybody-button = Sign everybody out
everybody-cancel = Back without changes
everybody-done = { $count ->
    [0] There was no session to end.
    [one] Done. 1 session has ended.
   *[other] Done. { $count } sessions have ended.
}
