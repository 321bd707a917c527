# /invitation: the link of an invitation

invitation-title = Your invitation
invitation-heading = You are invited
invitation-by = { $name } invites you to { $product }.
invitation-by-nobody = You are invited to { $product }.
invitation-roles = { $count ->
    [one] With it comes the role { $roles }.
   *[other] With it come the roles { $roles }.
}
invitation-second-step = Whoever has a role proves who they are in two steps.
invitation-address = Your account gets the address that this invitation came to:
invitation-button = Accept and make the account
invitation-replaces = This browser is signed in as { $email }. When you accept, the new account takes its place.
invitation-yours = It came to { $email }, which is the address of this account. Nothing else about the account changes.
invitation-accept = Accept
invitation-later = Not now: back to your account
invitation-has-account = It came to { $email }, which has an account here. Sign in to that account to accept.
invitation-other = This browser is signed in as { $email }. That account can't accept it.
invitation-sign-in-accept = Sign in to accept
invitation-not-me = You don't know what this is about? Close this page. Nothing happens.
invitation-saying = There is a place for you.
invitation-saying-note = Somebody left the door ajar.

## After it, and links that no longer work

invitation-open-account = Open your account
invitation-sign-in = Sign in
invitation-done-title = You accepted
invitation-done-text = What you were invited to is yours from now on. If you were asked to, you find the console in your account's menu.
invitation-used-title = This invitation was accepted
invitation-used-text = Each invitation works once. If it was you, sign in. If it wasn't, tell the people who run this server.
invitation-expired-title = This invitation is too old
invitation-expired-text = For safety, an invitation works for { $link-life }. Ask whoever invited you to send it again.
invitation-revoked-title = This invitation no longer holds
invitation-revoked-text = It was taken back, or whoever sent it no longer invites people here. If you think that is a mistake, ask the people who run this server for a new one.
invitation-invalid-title = This link doesn't work
invitation-invalid-text = Part of it may be missing, or a newer message has replaced it. Open the link in the newest message.
