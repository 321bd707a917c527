# /admin/messages

messages-title = Messages
messages-text = What was sent in the last 30 days, to whom, and how that went. What stood in a message is not kept.
messages-list = Messages, the newest first
messages-pages = Pages
messages-older = Older
messages-newest = Newest
messages-empty = No message is like that.
messages-what = About
messages-to = To
messages-when = Written
messages-state = State
messages-deeds = What you can do
messages-state-any = Any state
messages-state-waiting = Waiting
messages-state-sent = Sent
messages-state-failed = Given up
messages-state-discarded = Discarded
messages-to-placeholder = Whole address
messages-filter = Show
messages-attempts =
    { $count ->
        [one] one attempt
       *[other] { $count } attempts
    }
messages-anew = Send a new one
messages-again = Try again
messages-again-label = Send again: { $what }, to { $to }
messages-discard = Discard
messages-discard-label = Discard: { $what }, to { $to }
messages-done-again = It is on its way.
messages-done-discarded = The message is discarded and won't be sent.
message-sms-code = Code by text message
