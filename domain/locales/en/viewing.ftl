# The line above an account that somebody looks at as its owner sees it, and /viewing

viewing-label = You are looking at somebody's account
viewing-line = You are looking at the account of { $whom }, as { $who }.
viewing-left = { $left } left, until
viewing-only-looking = You can look around. Nothing can be changed, and secrets are not shown.
viewing-reason = Why, as they read it too: { $reason }
viewing-stop = Stop looking
viewing-shut-title = This stays shut while you look
viewing-shut-text = You are looking at the account of { $name }. Nothing can be changed meanwhile, secrets are not shown, and the console is closed.
viewing-shut-remedy = Stop looking, and you are back in your own account.
viewing-on = Go on with { $name }
viewing-over-title = You no longer see their account
viewing-over-text = The time is up, or the account or your roles changed meanwhile. You are still signed in as yourself.
viewing-back = Back to your own account
