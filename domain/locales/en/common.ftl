# What stands on every page.

# The name that the operator gave the server; every call may pass it, unused arguments do no harm.
product = { $product }
page-title = { $page } · { $product }
skip-to-content = Skip to the content
home-label = { $product }, home
door-line = The latchstring is out.
door-note = Come in; the house knows you.
door-shut-line = The latchstring is in.
door-shut-note = The door stays shut just now.

## Fields that several forms share

name-label = Name
name-hint = What we should call you.
email-label = Email
email-hint = We send a message there to make sure it is yours.
password-label = Password
password-new-hint = At least { $min } characters. A few unrelated words make a good one.
password-show = Show
password-show-label = Show the password
password-hide = Hide
password-hide-label = Hide the password

## A form on its way

form-errors =
    { $count ->
        [one] One thing needs another look.
       *[other] { $count } things need another look.
    }
form-slow = This takes longer than usual. Nothing is lost: wait a little, or try again.
form-offline = This device seems to be offline. What you typed is still here: try again when you are connected.

## The frame

account-nav-label = Your account
account-nav-overview = Overview
account-nav-profile = Profile
account-nav-security = Security
account-nav-devices = Devices
account-nav-activity = Activity
account-nav-data = Your data

sign-out = Sign out
account-link = Your account
signed-in-as = Signed in as { $name }
footer-note = A house you host yourself.
development-notice = Development: mail stays here.
development-inbox-link = Open the inbox
go-home = Go to the start page
go-again = Try again
languages-label = Language

## A browser, as it names itself

device = { $browser } on { $system }
device-unknown = A browser we don't recognise

## Lengths of time. The count is rounded up by the caller.

duration-moment = a moment
duration-seconds =
    { $count ->
        [one] a second
       *[other] { $count } seconds
    }
duration-minutes =
    { $count ->
        [one] a minute
       *[other] { $count } minutes
    }
duration-hours =
    { $count ->
        [one] an hour
       *[other] { $count } hours
    }
duration-days =
    { $count ->
        [one] a day
       *[other] { $count } days
    }

## Dates and numbers, where the server writes them: in UTC, for whoever has no JavaScript

date = { $day } { $month } { $year }
moment = { $date }, { $time } UTC
moment-in = { $date }, { $time }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
# Between thousands.
thousands-mark = ,

## The meter below a new password
strength-short = Not long enough yet: { $count } to go.
strength-repeats = It repeats itself, or runs along the keyboard. Mix it up.
strength-identity = That is mostly your own name or address.
strength-good = Good. It will do.
strength-strong = Strong. Nobody has the time to guess it.
copy = Copy
copied = Copied
toast-close = Close
