//! How the messages read, and that nothing a person typed becomes markup, a header or a secret in a log.

mod branding;

use super::*;
use crate::words::Language;

fn verify(name: &str) -> Message {
    Message::SignUpVerify {
        name: name.to_owned(),
        link: "https://id.example.org/sign-up/verify?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y".into(),
        code: "012345".into(),
        link_life: 24 * 60 * 60,
        code_life: 10 * 60,
    }
}

fn all(name: &str) -> Vec<Message> {
    vec![
        verify(name),
        Message::SignUpKnown {
            name: name.to_owned(),
            sign_in_link: "https://id.example.org/sign-in".into(),
            reset_link: "https://id.example.org/forgot-password".into(),
        },
        Message::Welcome {
            name: name.to_owned(),
            account_link: "https://id.example.org/account".into(),
        },
        Message::PasswordReset {
            name: name.to_owned(),
            link: "https://id.example.org/reset-password?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y"
                .into(),
            link_life: 60 * 60,
        },
        Message::Invitation {
            by: name.to_owned(),
            link: "https://id.example.org/invitation?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y".into(),
            link_life: 7 * 24 * 60 * 60,
        },
        Message::SetupDone {
            name: name.to_owned(),
            account_link: "https://id.example.org/account".into(),
        },
    ]
    .into_iter()
    .chain(DataNews::ALL.iter().map(|news| Message::Data {
        name: name.to_owned(),
        news: *news,
        until: DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
        zone: None,
        link: "https://id.example.org/keep-account?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y".into(),
        alarm_link: Some(
            "https://id.example.org/not-me?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y".into(),
        ),
    }))
    .chain(Notice::ALL.iter().map(|notice| Message::SecurityNotice {
        place: None,
        name: name.to_owned(),
        notice: *notice,
        at: DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
        zone: None,
        user_agent: "Firefox on Linux".into(),
        address: "192.0.2.1".into(),
        alarm_link: "https://id.example.org/not-me?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y".into(),
    }))
    .chain(RecoveryNews::ALL.iter().map(|news| Message::Recovery {
        name: name.to_owned(),
        news: *news,
        at: DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
        zone: None,
        link: "https://id.example.org/recover/finish?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y".into(),
        cancel_link:
            (*news == RecoveryNews::Ready).then(|| "https://id.example.org/recover/cancel?token=AAAA".into()),
    }))
    .chain([Message::AlarmRaised {
        name: name.to_owned(),
        whose: "eda@example.org".into(),
        until: DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
        zone: None,
        link: "https://id.example.org/account".into(),
    }])
    .chain(Deed::all().into_iter().map(|deed| {
        let link = "https://id.example.org/reset-password?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y";
        Message::deed(deed, name, None, link.into())
    }))
    .chain(Errand::ALL.iter().map(|errand| {
        let link = "https://id.example.org/confirm-email?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y";
        Message::errand(*errand, name, link.into())
    }))
    .collect()
}

fn url(text: &str) -> Url {
    Url::parse(text).expect("a URL")
}

fn render(message: &Message) -> Rendered {
    render_in(Language::English, message)
}

fn render_in(language: Language, message: &Message) -> Rendered {
    let public_url = url("https://id.example.org");
    let letterhead = Letterhead {
        product: "Latchstring",
        public_url: &public_url,
        support: None,
        accent: None,
        logo: None,
    };
    message
        .render(Words::of(language), &letterhead)
        .expect("the message renders")
}

#[test]
fn a_sign_up_is_told_its_link_its_code_and_how_long_they_work() {
    let mail = render(&verify("Ada Lovelace"));
    assert_eq!(mail.subject, "Confirm your address");
    assert_eq!(mail.code.as_deref(), Some("012345"));
    for part in [&mail.text, &mail.html] {
        for promised in [
            "Hello Ada Lovelace. Somebody, probably you, asked for an account at id.example.org",
            "https://id.example.org/sign-up/verify?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y",
            "012345",
            "The link works for 24 hours, the code for 10 minutes.",
            "no account is made",
            "Sent by Latchstring at id.example.org",
        ] {
            assert!(part.contains(promised), "{promised:?} is missing in:\n{part}");
        }
    }
}

#[test]
fn times_are_told_on_the_clocks_of_the_person() {
    let told = |zone: Option<&str>| {
        render(&Message::SecurityNotice {
            place: None,
            name: "Ada".into(),
            notice: Notice::NewDevice,
            at: DateTime::from_timestamp(1_800_000_000, 0).expect("a time"),
            zone: zone.map(str::to_owned),
            user_agent: String::new(),
            address: "192.0.2.1".into(),
            alarm_link: "https://id.example.org/not-me?token=AAAA".into(),
        })
        .text
    };
    assert!(told(Some("Europe/Berlin")).contains("15 January 2027, 09:00 CET"));
    for without in [None, Some("Mars/Olympus")] {
        assert!(told(without).contains("15 January 2027, 08:00 UTC"));
    }
}

#[test]
fn the_plain_text_reads_like_a_letter() {
    let expected = "\
Hello Ada. Somebody, probably you, asked for an account at id.example.org with this address.

One click shows that the address is yours, and your account is ready.

Confirm the address:
https://id.example.org/sign-up/verify?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y

Or type this code on the page where you signed up:

    012345

The link works for 24 hours, the code for 10 minutes.

If it wasn't you, do nothing. Without the link or the code, no account is made.

-- \n\
Sent by Latchstring at id.example.org. Nobody reads replies to this message.";
    assert_eq!(render(&verify("Ada")).text.trim_end(), expected);
}

#[test]
fn a_known_address_is_told_where_to_sign_in_and_how_to_choose_a_new_password() {
    let mail = render(&all("Ada")[1]);
    assert_eq!(mail.subject, "You already have an account");
    assert_eq!(mail.code, None);
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("https://id.example.org/sign-in"));
        assert!(part.contains("https://id.example.org/forgot-password"));
        assert!(part.contains("Nothing has changed."));
    }
}

#[test]
fn a_reset_is_told_its_link_and_how_long_it_works() {
    let mail = render(&all("Ada")[3]);
    assert_eq!(
        (mail.subject.as_str(), mail.code.as_deref()),
        ("Choose a new password", None)
    );
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("asked for a new password for your account at id.example.org"));
        assert!(part.contains("/reset-password?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y"));
        assert!(part.contains("The link works once, for an hour."));
    }
}

#[test]
fn each_message_says_first_why_it_came_and_last_what_to_do_if_it_was_not_you() {
    for message in all("Ada") {
        let mail = render(&message);
        let first = mail.text.lines().next().expect("a first line");
        // Nobody knows yet what an invited person is called.
        let hello = match message {
            Message::Invitation { .. } => "Hello. ",
            _ => "Hello Ada. ",
        };
        assert!(first.starts_with(hello) && first.len() > 40, "{first}");
        let last = mail
            .text
            .split("\n\n-- ")
            .next()
            .and_then(|body| body.lines().last());
        assert!(
            // What an operator did was never you: there it says whom to ask.
            last.is_some_and(|line| line.starts_with("If it wasn't you, ") || line.starts_with("If you ")),
            "{last:?}"
        );
        assert!(
            !mail.text.contains("mail-") && !mail.html.contains(">mail-"),
            "an id shows:\n{}",
            mail.text
        );
        assert!(!mail.text.contains("\n\n\n"), "a gap in:\n{}", mail.text);
        assert!(
            !mail.text.contains('{') && !mail.html.contains("{ $"),
            "an argument is missing"
        );
    }
}

#[test]
fn in_every_language_each_message_is_whole_and_its_own() {
    for message in all("Ada") {
        let mails = Language::ALL.map(|language| {
            let mail = render_in(language, &message);
            for part in [&mail.text, &mail.html] {
                let is_id = |word: &str| word.starts_with("mail-") || word.starts_with("duration-");
                let mut words = part.split(|c: char| c.is_whitespace() || c == '<' || c == '>');
                assert!(!words.any(is_id), "an id shows:\n{part}");
                assert!(!part.contains("{ $"), "an argument is missing:\n{part}");
            }
            assert!(mail.html.contains(&format!("<html lang=\"{}\"", language.tag())));
            mail
        });
        let [english, vietnamese] = mails;
        assert_ne!(english.subject, vietnamese.subject);
    }
}

#[test]
fn the_plain_text_reads_like_a_letter_in_vietnamese_too() {
    let expected = "\
Chào An. Có người, chắc là bạn, vừa đăng ký tài khoản tại id.example.org bằng địa chỉ này.

Chỉ một lần bấm là xác nhận xong, và tài khoản sẵn sàng.

Xác nhận địa chỉ:
https://id.example.org/sign-up/verify?token=Zm9yZXN0LXBhdGgtd2l0aC1hLXdvb2Rlbi1kb29y

Hoặc nhập mã này vào trang mà bạn đã đăng ký:

    012345

Liên kết dùng được trong 24 giờ, mã trong 10 phút.

Nếu không phải bạn thì không cần làm gì. Không có liên kết hay mã này, chẳng tài khoản nào được tạo.

-- \n\
Latchstring tại id.example.org gửi thư này. Không ai đọc thư trả lời.";
    let mail = render_in(Language::Vietnamese, &verify("An"));
    assert_eq!(mail.text.trim_end(), expected);
    assert_eq!(mail.subject, "Xác nhận địa chỉ của bạn");
}

#[test]
fn both_parts_hold_the_same_links() {
    for message in all("Ada") {
        let mail = render(&message);
        let hrefs: Vec<&str> = mail
            .html
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(!hrefs.is_empty());
        for href in hrefs {
            assert!(
                mail.text.lines().any(|line| line == href),
                "{href} is not in:\n{}",
                mail.text
            );
        }
    }
}

#[test]
fn what_a_person_typed_is_text_and_never_markup_or_template() {
    for message in all("<script>alert('x')</script> \"&") {
        let mail = render(&message);
        assert!(!mail.html.contains("<script"), "{}", mail.html);
        assert!(mail.html.contains("&#60;script&#62;") || mail.html.contains("&lt;script&gt;"));
        assert!(mail.text.contains("<script>"), "plain text stays as typed");
    }
    for message in all("{{7*7}} { $host } {% raw %}") {
        let mail = render(&message);
        for part in [&mail.text, &mail.html] {
            assert!(part.contains("{{7*7}} { $host } {% raw %}"), "{part}");
        }
    }
}

#[test]
fn a_line_break_in_a_name_ends_no_line() {
    for message in all("Ada\r\nBcc: everyone@example.net\u{2028}X\u{0}") {
        let mail = render(&message);
        assert!(!mail.subject.contains(char::is_control));
        assert!(!mail.text.contains("Bcc"), "an address in a name is not repeated");
    }
    assert_eq!(
        single_line("Ada\r\nBcc:\tall\u{2029}x\u{7f}\u{202e}"),
        "Ada Bcc: all x"
    );
}

#[test]
fn a_name_that_mail_programs_would_link_is_left_out() {
    for name in [
        "Ada",
        "J.R.R. Tolkien",
        "José Ñ.",
        "Sammy Davis Jr.",
        "李小龍",
        "{{7*7}}",
    ] {
        assert_eq!(greetable(name).as_deref(), Some(name));
    }
    let long = "free money ".repeat(8);
    for name in [
        "",
        " \r\n",
        "Win at evil.example",
        "https://evil",
        "a@b",
        "see evil.рф",
        &long,
    ] {
        assert_eq!(greetable(name), None, "{name:?}");
    }
    assert!(
        render(&verify("Win at evil.example"))
            .text
            .starts_with("Hello. Somebody")
    );
}

#[test]
fn neither_a_message_nor_what_was_rendered_shows_its_secrets_in_a_log_line() {
    let shown = format!("{:?} {:?}", verify("Ada"), render(&verify("Ada")));
    for secret in ["012345", "token", "Ada"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn a_message_comes_back_from_the_queue_as_it_went_in() {
    for message in all("Ada") {
        let queued = serde_json::to_string(&message).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Message>(&queued).expect("a message"),
            message
        );
    }
}

#[test]
fn the_port_is_named_where_it_is_not_the_usual_one() {
    assert_eq!(
        host_of(&url("http://localhost:3000/")).as_deref(),
        Some("localhost:3000")
    );
    assert_eq!(
        host_of(&url("https://id.example.org")).as_deref(),
        Some("id.example.org")
    );
    assert_eq!(host_of(&url("mailto:ada@example.org")), None);
}

#[test]
fn the_operators_name_and_help_address_stand_in_every_message() {
    let public_url = url("http://localhost:3000");
    let letterhead = Letterhead {
        product: "Ann & Co",
        public_url: &public_url,
        support: Some("help@example.org"),
        accent: None,
        logo: None,
    };
    for message in all("Ada") {
        let mail = message
            .render(Words::of(Language::English), &letterhead)
            .expect("the message renders");
        let footer = "Sent by Ann & Co at localhost:3000. Nobody reads replies to this message; \
                      for help, write to help@example.org.";
        assert!(mail.text.trim_end().ends_with(footer), "{}", mail.text);
        assert!(!mail.html.contains("Ann & Co"), "escaped");
    }
}
