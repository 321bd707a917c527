//! Every policy × everything that one may have × everything that one may have given.

use chrono::Duration;

use super::*;

fn policies() -> [(Policy, bool); 5] {
    let grace = Duration::days(7);
    let required = |least| Policy::Required { least, grace };
    [
        (Policy::Off, false),
        (Policy::Optional, false),
        (required(Aal::One), false),
        (required(Aal::Two), false),
        (required(Aal::Two), true),
    ]
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (policy, administrator) in policies() {
        for bits in 0..32_u8 {
            let is = |bit: u8| bits & (1 << bit) != 0;
            let enrolled = Enrolled {
                totp: is(0),
                mail: is(1),
                recovery_codes: i64::from(is(2)),
            };
            for given in [
                None,
                Some(Factor::Totp),
                Some(Factor::Mail),
                Some(Factor::Recovery),
            ] {
                cases.push(Case {
                    administrator,
                    policy,
                    enrolled,
                    given,
                    trusted: is(3),
                    in_grace: is(4),
                });
            }
        }
    }
    assert_eq!(cases.len(), 640);
    cases
}

#[test]
fn whoever_has_a_factor_is_asked_for_it_under_every_policy() {
    for case in cases()
        .into_iter()
        .filter(|case| case.enrolled.any() && case.given.is_none())
    {
        let asked = matches!(case.owed(), Some(Owed::Factor(factors)) if !factors.is_empty());
        assert_eq!(asked, case.administrator || !case.trusted, "{case:?}");
    }
}

#[test]
fn an_administrator_is_never_let_in_by_a_remembered_browser() {
    for case in cases()
        .into_iter()
        .filter(|case| case.administrator && case.enrolled.any())
    {
        assert!(case.given.is_some() || case.owed().is_some(), "{case:?}");
    }
}

#[test]
fn whoever_must_have_a_factor_and_has_none_adds_one_when_the_days_are_over() {
    for case in cases().into_iter().filter(|case| !case.enrolled.any()) {
        let must = matches!(case.policy, Policy::Required { .. });
        let owed = (must && !case.in_grace).then_some(Owed::Enrolment);
        assert_eq!(case.owed(), owed, "{case:?}");
    }
}

#[test]
fn codes_by_mail_are_not_enough_where_two_factors_must_be() {
    for case in cases()
        .into_iter()
        .filter(|case| case.policy.least() == Aal::Two && !case.enrolled.totp && !case.in_grace)
    {
        assert!(case.owed().is_some(), "{case:?}");
    }
}

#[test]
fn aal2_is_two_different_factors() {
    assert_eq!(with_factor("pwd", None), "pwd");
    assert_eq!(with_factor("pwd", Some(Factor::Totp)), "pwd otp mfa");
    assert_eq!(with_factor("pwd", Some(Factor::Recovery)), "pwd recovery mfa");
    assert_eq!(with_factor("pwd", Some(Factor::Mail)), "pwd mail");
    assert_eq!(
        with_factor("pwd otp mfa", Some(Factor::Totp)),
        "pwd otp mfa",
        "each once"
    );
}
