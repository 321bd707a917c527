//! Every policy × everything that one may have × everything that one may have given.

use chrono::Duration;

use super::*;

fn policies() -> [(Policy, bool); 7] {
    let grace = Duration::days(7);
    let required = |least| Policy::Required { least, grace };
    let passkey_only = |least| Policy::PasskeyOnly { least, grace };
    [
        (Policy::Off, false),
        (Policy::Optional, false),
        (required(Aal::One), false),
        (required(Aal::Two), false),
        (required(Aal::Two), true),
        (passkey_only(Aal::One), false),
        (passkey_only(Aal::Two), true),
    ]
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (policy, staff) in policies() {
        for bits in 0..=u8::MAX {
            let is = |bit: u8| bits & (1 << bit) != 0;
            let enrolled = Enrolled {
                totp: is(0),
                sms: is(7),
                mail: is(1),
                recovery_codes: i64::from(is(2)),
                passkeys: i64::from(is(5)),
            };
            for given in [
                None,
                Some(Factor::Passkey),
                Some(Factor::Totp),
                Some(Factor::Sms),
                Some(Factor::Mail),
                Some(Factor::Recovery),
            ] {
                cases.push(Case {
                    staff,
                    policy,
                    enrolled,
                    is_two: is(6),
                    given,
                    trusted: is(3),
                    in_grace: is(4),
                });
            }
        }
    }
    // A passkey that was given, or lets in alone, is one that the person has.
    let uses_passkey = |case: &Case| case.is_two || case.given == Some(Factor::Passkey);
    cases.retain(|case| !uses_passkey(case) || case.enrolled.passkeys > 0);
    assert_eq!(cases.len(), 7616);
    cases
}

#[test]
fn whoever_has_a_factor_is_asked_for_it_under_every_policy() {
    for case in cases()
        .into_iter()
        .filter(|case| case.enrolled.any() && case.given.is_none() && !case.is_two)
    {
        let asked = matches!(case.owed(), Some(Owed::Factor(factors)) if !factors.is_empty());
        let always = case.staff || case.policy.is_passkey_only();
        assert_eq!(asked, always || !case.trusted, "{case:?}");
    }
}

#[test]
fn somebody_with_a_role_is_never_let_in_by_a_remembered_browser() {
    for case in cases()
        .into_iter()
        .filter(|case| case.staff && case.enrolled.any())
    {
        assert!(
            case.is_two || case.given.is_some() || case.owed().is_some(),
            "{case:?}"
        );
    }
}

#[test]
fn a_passkey_that_verified_its_holder_lets_in_alone_under_every_policy() {
    for case in cases().into_iter().filter(|case| case.is_two) {
        assert_eq!(case.owed(), None, "{case:?}");
    }
}

#[test]
fn a_passkey_is_asked_for_first_after_a_password() {
    for case in cases()
        .into_iter()
        .filter(|case| case.enrolled.passkeys > 0 && case.given.is_none() && !case.is_two && !case.trusted)
    {
        assert!(
            matches!(case.owed(), Some(Owed::Factor(factors)) if factors.first() == Some(&Factor::Passkey)),
            "{case:?}"
        );
    }
}

#[test]
fn whoever_must_have_a_factor_and_has_none_adds_one_when_the_days_are_over() {
    for case in cases().into_iter().filter(|case| !case.enrolled.any()) {
        let owed = match case.policy {
            Policy::Required { .. } if !case.in_grace => Some(Owed::Enrolment),
            Policy::PasskeyOnly { .. } if !case.in_grace => Some(Owed::Passkey),
            _ => None,
        };
        assert_eq!(case.owed(), owed, "{case:?}");
    }
}

#[test]
fn where_only_passkeys_let_in_nothing_else_does() {
    for case in cases().into_iter().filter(|case| case.policy.is_passkey_only()) {
        let with_passkey = case.is_two || case.given == Some(Factor::Passkey);
        let may_wait = case.enrolled.passkeys == 0 && case.in_grace;
        match case.owed() {
            None => assert!(with_passkey || may_wait, "{case:?}"),
            Some(Owed::Factor(factors)) if case.enrolled.passkeys > 0 => {
                assert_eq!(factors.first(), Some(&Factor::Passkey), "{case:?}");
                let rest = &factors[1..];
                assert!(rest.is_empty() || rest == [Factor::Recovery], "{case:?}");
            }
            Some(Owed::Factor(_)) => assert!(case.given.is_none(), "asked once: {case:?}"),
            Some(Owed::Passkey) => assert!(!with_passkey && !may_wait, "{case:?}"),
            Some(Owed::Enrolment) => panic!("an app is of no use: {case:?}"),
        }
    }
}

#[test]
fn a_recovery_code_leads_to_a_passkey_in_the_place_of_a_lost_one_and_an_app_does_not() {
    let only = |case: &Case| case.policy.is_passkey_only() && !case.is_two && case.enrolled.passkeys > 0;
    for case in cases().into_iter().filter(only) {
        let owed = case.owed();
        match case.given {
            Some(Factor::Passkey) => assert_eq!(owed, None, "{case:?}"),
            Some(Factor::Recovery) => assert_eq!(owed, Some(Owed::Passkey), "{case:?}"),
            _ => assert!(matches!(owed, Some(Owed::Factor(_))), "{case:?}"),
        }
    }
}

#[test]
fn codes_by_mail_are_not_enough_where_two_factors_must_be() {
    for case in cases()
        .into_iter()
        .filter(|case| case.policy.least() == Aal::Two && case.enrolled.best() == Aal::One && !case.in_grace)
    {
        assert!(case.owed().is_some(), "{case:?}");
    }
}

#[test]
fn a_text_message_is_not_asked_for_where_two_factors_must_be_and_there_is_better() {
    let asked = |case: &Case| match case.owed() {
        Some(Owed::Factor(factors)) => factors,
        _ => Vec::new(),
    };
    for case in cases().into_iter().filter(|case| case.enrolled.sms) {
        let better = case.enrolled.passkeys > 0 || case.enrolled.totp;
        if case.policy.least() == Aal::Two && better {
            assert!(!asked(&case).contains(&Factor::Sms), "{case:?}");
        }
    }
}

#[test]
fn aal2_is_two_different_factors() {
    let given = |amr| Given::recorded(UserId::nil(), amr);
    assert_eq!(with_factor("pwd", None), "pwd");
    assert_eq!(with_factor("pwd", given("pwd otp")), "pwd otp mfa");
    assert_eq!(with_factor("pwd", given("pwd sms")), "pwd sms mfa");
    assert_eq!(with_factor("pwd", given("pwd recovery")), "pwd recovery mfa");
    assert_eq!(with_factor("pwd", given("pwd mail")), "pwd mail");
    assert_eq!(with_factor("pwd", given("pwd hwk user")), "pwd hwk user mfa");
    assert_eq!(with_factor("pwd", given("pwd swk user")), "pwd swk user mfa");
    assert_eq!(
        with_factor("pwd otp mfa", given("otp")),
        "pwd otp mfa",
        "each once"
    );
}
