# /admin/settings

settings-title = Settings
settings-text = What is changed here holds at once, on every server within a few seconds. What stands in the settings file or the environment is fixed there.
settings-read-only = You can read the settings. Changing them needs a permission that you don't have.
settings-save = Save
settings-done-saved = Saved. It holds from now on.
settings-done-same = Nothing was different, so nothing was changed.
settings-done-undone = Undone. What was before holds again.
settings-undo = Undo
settings-undo-label = Undo the last change: { $setting }
settings-somebody = Somebody who is gone

settings-sign-up-heading = Sign-up
settings-sign-up-text = Who may make an account. It also holds for sign-ups that wait for their proof.
settings-sign-in-heading = Signing in
settings-sign-in-text = Second factors and passwords. People with a role need a second factor whatever stands here, and passwords that people have go on working.
settings-sessions-heading = Sessions
settings-sessions-text = How long people stay signed in. Sessions that are older than you allow end at once.
settings-languages-heading = Languages
settings-languages-text = What pages, mails and text messages are written in. Whoever has another language gets the default one.
settings-logo-heading = Logo
settings-logo-text = On every page and in every mail, in the place of the mark. A logo at least twice as broad as it is high stands alone; beside others stands the name.
settings-logo-now = The logo that people see
settings-logo-none = People see the mark of the house.
settings-logo-upload = Upload
settings-logo-remove = Remove the logo
settings-attempts-heading = Attempts
settings-attempts-text = How often one network address may try. Raise a number where many people share an address, such as a school or a company. What protects one account does not change with it.
settings-branding-heading = Name and colour
settings-branding-text = What people see on every page and in every message.
settings-limits-heading = Text messages
settings-limits-text = Each costs money, so there is an end to them.

settings-check-title = Before this is saved
settings-check-text = Nothing has changed yet. This is what saving would do now.
settings-check-nothing = There is nothing to look at. Change a setting and save it.
settings-check-nobody = It reaches nobody.
settings-check-sessions = { $count ->
    [one] 1 session ends at once.
   *[other] { $count } sessions end at once.
}
settings-check-factor = { $count ->
    [one] 1 person has no second factor and must add one.
   *[other] { $count } people have no second factor and must add one.
}
settings-check-passkey = { $count ->
    [one] 1 person has no passkey and must make one.
   *[other] { $count } people have no passkey and must make one.
}
settings-check-outside = { $count ->
    [one] 1 person has an address of another domain. They keep their account.
   *[other] { $count } people have an address of another domain. They keep their accounts.
}
settings-check-language = { $count ->
    [one] 1 person reads a language that goes, and gets the default one.
   *[other] { $count } people read a language that goes, and get the default one.
}
settings-check-value = { $was } → { $becomes }
settings-check-button = Save it
settings-check-back = Back, without saving
settings-check-undo-title = Before this is undone
settings-check-undo-text = Nothing has changed yet. This is what undoing would do now.
settings-check-undo-button = Undo it
settings-check-undo-back = Back, without undoing

settings-history-heading = Changes
settings-history-none = Nothing has been changed here yet.
settings-history-what = Setting
settings-history-was = Before
settings-history-became = After
settings-history-who = Who and when
settings-history-undo = Undo
settings-history-default = default ({ $value })
settings-history-older = Older changes

## One setting

setting-default = Default: { $value }
setting-nothing = nothing
setting-pinned = Set in the file
setting-aside = What was chosen here does not hold
setting-changed = Changed by somebody who is gone
setting-changed-by = Changed by { $name }

setting-sign-up-label = Who may make an account
setting-sign-up-text = “Nobody” leaves the people whom an administrator adds. Whoever was invited can accept in any case.
setting-sign-up-open = Everybody
setting-sign-up-domains = Whoever has an address of some domains
setting-sign-up-invitation = Whoever was invited by mail
setting-sign-up-closed = Nobody
setting-sign-up-domains-label = Domains
setting-sign-up-domains-text = For “some domains”, with commas between. example.org is not mail.example.org.

setting-second-factor-label = Second factor
setting-second-factor-text = Whoever has one is always asked for it.
setting-second-factor-off = Nobody can add one
setting-second-factor-optional = Whoever wants one
setting-second-factor-required = Everybody must have one
setting-second-factor-passkey-only = A passkey is the only way in
setting-second-factor-grace-days-label = Days without one
setting-second-factor-grace-days-text = How long somebody who must have one gets in without, from the first time it is asked of them.
setting-min-length-label = Shortest password, in characters
setting-min-length-text = For new passwords. NIST asks for 15.
setting-max-length-label = Longest password, in characters
setting-max-length-text = For new passwords. At least 64, so that a sentence fits.
setting-recovery-wait-hours-label = Way back without anything, in hours
setting-recovery-wait-hours-text = How long somebody waits who lost the password and every second factor, while every address of theirs is told.

setting-session-remember-days-label = With “keep me signed in”, at most, in days
setting-session-remember-days-text = From signing in to the end, in any case.
setting-session-remember-idle-days-label = The same without use, in days
setting-session-remember-idle-days-text = Ends a session that nobody uses.
setting-session-plain-hours-label = Without it, at most, in hours
setting-session-plain-hours-text = From signing in to the end, in any case.
setting-session-plain-idle-minutes-label = The same without use, in minutes
setting-session-plain-idle-minutes-text = Ends a session that nobody uses.
setting-session-administrator-hours-label = People with a role, at most, in hours
setting-session-administrator-hours-text = Whatever they ticked when they signed in.
setting-session-administrator-idle-minutes-label = The same without use, in minutes
setting-session-administrator-idle-minutes-text = You are one of them: a short time signs you out soon.

setting-languages-label = Languages that people can choose
setting-languages-text = Somebody whose language goes gets the default one, and theirs again when it comes back.
setting-default-language-label = Default language
setting-default-language-text = For whoever reads none of them. It must be one of them.

setting-logo-label = Logo
setting-logo-file-label = A picture
setting-logo-text = PNG or JPEG of at most 256 KB, 32 to 2048 pixels a side. It stands on a light ground, by night too. What is beside the picture in the file, such as where a photo was taken, is not kept.
setting-logo-size = a picture of { $width } × { $height }

setting-limits-sign-in-label = Signing in, in a minute
setting-limits-sign-in-text = Each password that is typed anywhere counts. 5 to 100.
setting-limits-sign-up-label = Signing up, in five minutes
setting-limits-sign-up-text = Each sends a mail to an address that somebody typed. 3 to 30.
setting-limits-reset-label = Forgotten passwords, in a minute
setting-limits-reset-text = Asking for a link, and setting the new password with it. 3 to 50.
setting-limits-recover-label = The way back without anything, in a minute
setting-limits-recover-text = Asking for it, and setting the new password at its end. 3 to 50.
setting-limits-code-label = Codes typed, in a minute
setting-limits-code-text = Over all sign-ups and sign-ins of the address. 10 to 300.
setting-limits-passkey-label = Passkeys asked for, in a minute
setting-limits-passkey-text = Opening the sign-in page asks for one. 20 to 600.
setting-limits-unsafe-label = Changes of any kind, in a minute
setting-limits-unsafe-text = Everything but looking at pages. 60 to 1200.

setting-product-name-label = Name
setting-product-name-text = 1 to 60 characters.
setting-accent-color-label = Accent colour
setting-accent-color-text = Of buttons and links, like #1d5fa8. White text must be readable on it. The shades for the night follow from it. Empty: the colour of the house.
setting-accent-sample = A button and a link by day and by night
setting-support-email-label = Address for help
setting-support-email-text = Shown to people who need a person. Empty: none is shown.

setting-sms-per-person-per-day-label = For one person in 24 hours
setting-sms-per-person-per-day-text = Also to one number, whoever asks.
setting-sms-per-day-label = Of the whole server in 24 hours
setting-sms-per-day-text = Then people use another way.
