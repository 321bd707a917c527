# Error pages: what happened, and what to do. Looked up by status as `error-<status>-…`.

error-incident = If you ask for help, give this number: { $id }

error-403-title = This door is closed to you
error-403-text = The request didn't come from a page of this server, or your account may not do this.
error-403-remedy = Open the page afresh and try again. If you should be able to do this, ask the people who run the server.
error-404-title = There is nothing here
error-404-text = The address may be mistyped, or the page has moved.
error-404-remedy = Check the address, or begin at the start page.
error-405-title = That doesn't work this way
error-405-text = This address exists, but it can't be asked like that.
error-405-remedy = Go back to the page you came from, and use its button.
error-408-title = That took too long
error-408-text = Your request didn't arrive whole in time. Nothing was changed.
error-408-remedy = Check the connection and try again.
error-413-title = That is too much at once
error-413-text = What was sent is larger than this page takes. Nothing was changed.
error-413-remedy = Shorten it and try again.
error-421-title = Wrong house
error-421-text = This server doesn't answer at the address you used.
error-421-remedy = Open it at { $url }.
error-429-title = Let's slow down
error-429-text = There were too many attempts from here.
error-429-remedy = Wait { $wait }, then try again. Nothing is lost.
error-500-title = Something broke here
error-500-text = It isn't your fault. What went wrong is written down.
error-500-remedy = Try again in a moment. If it happens again, tell the people who run the server.
error-503-title = Too busy just now
error-503-text = The server can't take this on at the moment. Nothing was changed.
error-503-remedy = Wait { $wait }, then try again.

# Refusals: one sentence per code, looked up as `refusal-<code>-<field>`, else as `refusal-<code>`.

refusal-required = Fill this in.
refusal-required-name = Type your name.
refusal-required-email = Type your email address.
refusal-required-password = Type a password.
refusal-required-code = Type the six digits from the message.
refusal-too-long = That is too long. Shorten it.
refusal-too-long-name = That name is too long. Use a shorter form of it.
refusal-too-long-email = That address is too long. Check it for something pasted by mistake.
refusal-email-invalid = That doesn't look like an email address. It should read like name@example.com.
refusal-name-invalid = That name can't be shown. Use letters, and leave out line breaks and invisible characters.
refusal-password-too-short = That password is too short. Use at least { $min } characters; a few unrelated words will do.
refusal-password-too-long = That password is too long. Use at most { $max } characters.
refusal-password-common = That password is on the lists that attackers try first. Choose another; a few unrelated words will do.
refusal-password-contains-identity = That password is mostly your own name or address, which is easy to guess. Choose something unrelated.
refusal-sign-in-mismatch = That email and password don't match. Check both, or reset the password.
refusal-password-wrong = That isn't your password. Check it, or choose a new one by mail.
refusal-password-same = That is the password you have. Choose another one.
refusal-signed-out = You are no longer signed in here. Sign in in another tab, then send this once more: what you typed is still here.
refusal-session-unknown = That device is no longer signed in. The list shows those that are.
refusal-too-many-accounts = This browser can't hold more accounts. Sign out of one of them first.
refusal-too-many-attempts = There were too many attempts. Wait { $wait }, then try again.
refusal-code-invalid = That code isn't right. Check the newest message, and type its six digits.
refusal-code-elsewhere = A code works only in the browser where you signed up. Here, open the link in the message instead.
refusal-code-expired = That code no longer works. Ask for a new message, and use the code in it.
refusal-link-invalid = That link doesn't work. Open the one in the newest message, or ask for a new one.
refusal-link-expired = That link is too old. Ask for a new one.
refusal-link-used = That link did its work already. Sign in, or ask for a new one.
refusal-already-set-up = This server has its administrator already. Sign in instead.
refusal-sign-up-closed = Sign-up is closed here. Ask the people who run this server for an account.
refusal-busy = The server is busy. Wait { $wait }, then try again. What you typed is still here.
refusal-unavailable = A part of the server is away for a moment. Try again shortly. Nothing was changed.
refusal-unexpected = Something broke here, and it isn't your fault. Try again; if it happens again, tell the people who run the server.
refusal-cross-site = This request didn't come from a page of this server. Open the page afresh and try again.
refusal-malformed = The server couldn't read that request. Open the page afresh and try again.
