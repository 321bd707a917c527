# /admin

dashboard-title = Dashboard
dashboard-text = How sign-ins are going, and what wants attention.
dashboard-period-label = Period
dashboard-period-day = 24 hours
dashboard-period-week = 7 days
dashboard-period-month = 30 days

## What wants attention

dashboard-attention = What wants attention
dashboard-all-well = Nothing wants attention now.
dashboard-look = Have a look
dashboard-look-label = Have a look: { $what }
dashboard-alarms =
    { $count ->
        [one] One person said "this wasn't me" in the last 7 days
       *[other] { $count } people said "this wasn't me" in the last 7 days
    }
dashboard-alarms-text = Their sessions were ended and their account is closed for changes. Look at what happened there, and whether it is one attacker.
dashboard-messages =
    { $count ->
        [one] One message was given up
       *[other] { $count } messages were given up
    }
dashboard-messages-text = Each says why. Mend what the mail server or the provider complains about, then send them again.
dashboard-jobs =
    { $count ->
        [one] One job was given up
       *[other] { $count } jobs were given up
    }
dashboard-jobs-text = Each says why. When the reason is mended, have them tried again.
dashboard-stopped =
    { $count ->
        [one] One account takes no password any more
       *[other] { $count } accounts take no password any more
    }
dashboard-stopped-text = A hundred wrong ones in a row. Whoever owns the account gets in again with "forgot password".
dashboard-throttled =
    { $count ->
        [one] One account has to wait after wrong passwords or codes
       *[other] { $count } accounts have to wait after wrong passwords or codes
    }
dashboard-throttled-text = They get in again by themselves, 15 minutes later at most. Many at once may be somebody who guesses.
dashboard-recoveries =
    { $count ->
        [one] One person is getting back into their account without any factor
       *[other] { $count } people are getting back into their account without any factor
    }
dashboard-recoveries-text = Nothing to do: they wait, and the owner was told by mail and can stop it.

## Figures

dashboard-sums-label = Figures: { $period }
dashboard-incomplete = More has happened than is counted yet. The figures are complete in some minutes.
dashboard-sign-ins = Sign-ins
dashboard-succeeded = { $share } of all attempts
dashboard-none = no attempt yet
dashboard-sign-ups = New people
dashboard-sign-ups-note = with a proven address
dashboard-failures = Refused
dashboard-failures-note = { $count } without a look
dashboard-factor = Two factors
dashboard-factor-note = of all sign-ins
dashboard-sessions = Sessions in use
dashboard-sessions-note = of { $count } open now
dashboard-sessions-never = not counted yet
dashboard-sessions-at = Sessions were counted:
dashboard-nothing = –

## Charts

dashboard-charts = Hour by hour, day by day
dashboard-zone = The clock is the one of { $zone }.
dashboard-chart-sign-ins = Sign-ins
dashboard-chart-failures = Refused attempts
dashboard-chart-sign-ups = New people
dashboard-chart-factor = Sign-ins with two factors
dashboard-chart-factor-note = The share of all sign-ins; a gap is a time without any.
dashboard-chart-sessions = Open sessions
dashboard-wrong = Wrong
dashboard-throttled-head = Without a look
chart-table = The numbers
chart-point = { $when }: { $what }
chart-most = Most: { $what }, { $when }.
chart-none = None in this time.
chart-percent = { $number }%
chart-hour = Hour from
chart-day = Day
chart-hour-of = { $day }, { $hour }
chart-day-of = { $day } { $month }
