# /dev/inbox: mail and text messages caught in development

dev-inbox-title = Inbox
dev-inbox-heading = Caught messages
dev-inbox-text = In development, mail and text messages stay on this machine. Here they are, newest first.
dev-inbox-empty-title = Nothing caught yet
dev-inbox-empty-text = Sign up with any address: the message to it appears here.
dev-inbox-sign-up = Try the sign-up
dev-inbox-to = To { $to }
dev-inbox-email = Email
dev-inbox-sms = Text message
dev-inbox-code = Code
dev-inbox-links = Links
dev-inbox-html = As it looks
dev-inbox-json = As JSON
dev-inbox-all = All messages
