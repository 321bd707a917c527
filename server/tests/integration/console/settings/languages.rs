//! Which languages are offered: on pages, at the door, in accounts and in mails.

use domain::platform::settings::refresh;

use super::{PAGE, boss, changed};
use crate::house::{Browser, PASSWORD, Page, TestHouse, rows};

const LANGUAGES: &str = "/api/admin-settings-languages";
const AN: &str = "an@example.org";

/// Sends the form with these boxes ticked.
async fn offer(browser: &mut Browser, boxes: &[&str], default: &str) -> Page {
    let page = browser.get(PAGE).await;
    let form = page.form("save-languages-button");
    let seen = form.fields.iter().find(|(name, _)| name == "seen").unwrap();
    let mut fields = vec![
        ("seen", seen.1.as_str()),
        ("languages[]", ""),
        ("sure", "yes"),
        ("default_language", default),
    ];
    fields.extend(boxes.iter().map(|word| ("languages[]", *word)));
    browser.post(LANGUAGES, &fields).await
}

async fn spoken(browser: &mut Browser, path: &str) -> String {
    browser.get(path).await.header("content-language").to_owned()
}

#[tokio::test]
async fn a_language_that_goes_is_spoken_nowhere_and_comes_back_to_whom_it_was() {
    let t = TestHouse::new().await;
    let other = t.second_node().await;
    let mut ida = boss(&t).await;
    let mut an = t.browser().reading("vi");
    an.sign_up("Nguyễn Thị An", AN, PASSWORD).await;
    let code = t.code_for(AN).await;
    an.type_code(&code).await;
    assert_eq!(t.mail_to(AN).await.subject, "Tài khoản của bạn đã sẵn sàng");
    assert_eq!(spoken(&mut an, "/account").await, "vi");

    let saved = offer(&mut ida, &["en"], "en").await;
    assert_eq!(saved.location(), "/admin/settings?done=saved");
    // Who has it in their account, chose it at the door, or whose browser asks for it.
    assert_eq!(spoken(&mut an, "/account").await, "en");
    let mut chose = t.browser();
    chose.jar.insert("latchstring-lang".to_owned(), "vi".to_owned());
    assert_eq!(spoken(&mut chose, "/sign-in").await, "en");
    let mut reader = t.browser().reading("vi,en;q=0.1");
    let door = reader.get("/sign-in").await;
    assert_eq!(door.header("content-language"), "en");
    assert!(!door.has("language-vi"), "there is nothing to choose");
    assert_eq!(reader.post("/language", &[("lang", "vi")]).await.status, 400);
    assert_eq!(spoken(&mut reader, "/nothing-here").await, "en");
    // Their mails, and a sign-up that begins now.
    an.sign_out().await;
    t.browser().sign_in(AN, PASSWORD).await;
    let told = async || {
        let mails = t.new_device_mails_to(AN).await;
        let english = mails
            .iter()
            .filter(|mail| mail.subject.contains("signed in"))
            .count();
        (english, mails.len())
    };
    assert_eq!(told().await, (1, 1));
    reader.sign_up("Bình", "binh@example.org", PASSWORD).await;
    let code = t.code_for("binh@example.org").await;
    assert_eq!(reader.type_code(&code).await.location(), "/account");
    assert_eq!(
        t.mail_to("binh@example.org").await.subject,
        "Your account is ready"
    );
    // No form takes it.
    let profile = [("name", "Bình"), ("language", "vi")];
    let refused = reader.scripted().post("/api/save-profile", &profile).await;
    assert_eq!(refused.faults(), ["language: language-unknown"]);

    // The other server, when it has looked.
    let mut there = t.browser().reading("vi").on(&other);
    assert_eq!(spoken(&mut there, "/sign-in").await, "vi");
    refresh(&other.platform).await.unwrap();
    assert_eq!(spoken(&mut there, "/sign-in").await, "en");

    // Nothing of anybody's account was changed, so it comes back by undo.
    let locales = rows!(
        t,
        (String,),
        "select locale from users where email = 'an@example.org'"
    );
    assert_eq!(locales[0].0, "vi");
    ida.get(PAGE).await;
    let undone = ida.submit("undo-languages", &[]).await;
    assert_eq!(undone.location(), "/admin/settings?done=undone");
    let mut an = t.browser();
    an.sign_in(AN, PASSWORD).await;
    assert_eq!(spoken(&mut an, "/account").await, "vi");
    assert_eq!(told().await, (1, 2));
}

#[tokio::test]
async fn whoever_reads_none_of_them_gets_the_default() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    changed(&mut ida, "languages", &[("default_language", "vi")]).await;
    for (asked, answered) in [
        ("fr", "vi"),
        ("*", "vi"),
        ("", "vi"),
        ("en-GB", "en"),
        ("fr, en;q=0.1", "en"),
    ] {
        let mut browser = t.browser().reading(asked);
        assert_eq!(spoken(&mut browser, "/sign-in").await, answered, "{asked:?}");
    }
    // What the operator's command line makes has it, too.
    assert_eq!(t.platform.settings().languages.default.tag(), "vi");
    let only = offer(&mut ida, &["vi"], "vi").await;
    assert_eq!(only.location(), "/admin/settings?done=saved");
    assert_eq!(spoken(&mut ida, "/admin/settings").await, "vi");
    assert_eq!(spoken(&mut t.browser().reading("en"), "/sign-in").await, "vi");
}

#[tokio::test]
async fn there_is_always_one_and_the_default_is_among_them() {
    let t = TestHouse::new().await;
    let mut ida = boss(&t).await;
    let cases: [(&[&str], &str, &str); 5] = [
        (&[], "en", "languages: required"),
        (&["vi"], "en", "default_language: language-not-offered"),
        (&["tlh"], "en", "languages: language-unknown"),
        (&["en"], "tlh", "default_language: language-unknown"),
        (&["en"], "", "default_language: language-unknown"),
    ];
    for (boxes, default, fault) in cases {
        let refused = offer(&mut ida.scripted(), boxes, default).await;
        assert_eq!((refused.status, refused.faults()), (422, vec![fault.to_owned()]));
    }
    // Without JavaScript the boxes are shown again as they were ticked.
    let refused = offer(&mut ida, &["vi"], "en").await;
    assert_eq!(refused.location(), PAGE);
    let page = ida.follow().await;
    assert!(page.text("settings-languages").contains("must be one of those"));
    let form = page.form("save-languages-button");
    let ticked: Vec<_> = form
        .fields
        .iter()
        .filter(|(name, _)| name == "languages[]")
        .collect();
    let ticked: Vec<&str> = ticked.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(ticked, ["", "vi"]);
    // A form without the boxes leaves them as they are.
    let same = ida
        .scripted()
        .post(LANGUAGES, &[("default_language", "en")])
        .await;
    assert_eq!(same.status, 200, "{}", same.outline());
    assert_eq!(t.platform.settings().version, 0);
}

#[tokio::test]
async fn what_the_operator_fixed_stays() {
    let t = TestHouse::with(&[("LANGUAGES", "vi"), ("DEFAULT_LANGUAGE", "vi")]).await;
    assert_eq!(spoken(&mut t.browser().reading("en"), "/sign-in").await, "vi");
    let mut ida = t.admin().await;
    crate::factors::add_app(&t, &mut ida).await;
    t.mails_to("ida@example.com").await;
    let mut program = ida.scripted();
    program.get(PAGE).await;
    let typed = [("languages[]", "en"), ("languages[]", "vi")];
    let refused = program.post(LANGUAGES, &typed).await;
    assert_eq!(refused.faults(), ["languages: setting-pinned"]);
}
