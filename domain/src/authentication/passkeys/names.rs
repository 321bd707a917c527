//! Names of authenticators by their AAGUID, so that a new passkey is called after what keeps it. A modest list of the ones
//! that most people have, written from what their makers publish; what is not on it begins without a name, and the page
//! says "Passkey". Nobody vouches for an AAGUID, so nothing but the first name depends on it.

use uuid::{Uuid, uuid};

const NAMES: &[(Uuid, &str)] = &[
    // Password managers and platforms.
    (uuid!("fbfc3007-154e-4ecc-8c0b-6e020557d7bd"), "Apple Passwords"),
    (uuid!("dd4ec289-e01d-41c9-bb89-70fa845d4bf2"), "iCloud Keychain"),
    (
        uuid!("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4"),
        "Google Password Manager",
    ),
    (uuid!("adce0002-35bc-c60a-648b-0b25f1f05503"), "Chrome on Mac"),
    (uuid!("b5397666-4885-aa6b-cebf-e52262a439a2"), "Chromium"),
    (uuid!("771b48fd-d3d4-4f74-9232-fc157ab0507a"), "Edge on Mac"),
    (uuid!("08987058-cadc-4b81-b6e1-30de50dcbe96"), "Windows Hello"),
    (uuid!("9ddd1817-af5a-4672-a2b9-3e3dd95000a9"), "Windows Hello"),
    (uuid!("6028b017-b1d4-4c02-b4b3-afcdafc96bb2"), "Windows Hello"),
    (uuid!("53414d53-554e-4700-0000-000000000000"), "Samsung Pass"),
    (uuid!("bada5566-a7aa-401f-bd96-45619a55120d"), "1Password"),
    (uuid!("d548826e-79b4-db40-a3d8-11116f7e8349"), "Bitwarden"),
    (uuid!("531126d6-e717-415c-9320-3d9aa6981239"), "Dashlane"),
    (uuid!("f3809540-7f14-49c1-a8b3-8f813b225541"), "Enpass"),
    (uuid!("fdb141b2-5d84-443e-8a35-4698c205a502"), "KeePassXC"),
    (uuid!("0ea242b4-43c4-4a1b-8b17-dd6d0b6baec6"), "Keeper"),
    (uuid!("b84e4048-15dc-4dd0-8640-f4f60813c8af"), "NordPass"),
    (uuid!("50726f74-6f6e-5061-7373-50726f746f6e"), "Proton Pass"),
    // Security keys.
    (uuid!("cb69481e-8ff7-4039-93ec-0a2729a154a8"), "YubiKey 5"),
    (uuid!("ee882879-721c-4913-9775-3dfcce97072a"), "YubiKey 5"),
    (uuid!("fa2b99dc-9e39-4257-8f92-4a30d23c4118"), "YubiKey 5 NFC"),
    (uuid!("2fc0579f-8113-47ea-b116-bb5a8db9202a"), "YubiKey 5 NFC"),
    (uuid!("c5ef55ff-ad9a-4b9f-b580-adebafe026d0"), "YubiKey 5Ci"),
    (uuid!("73bb0cd4-e502-49b8-9c6f-b59445bf720b"), "YubiKey 5 FIPS"),
    (
        uuid!("c1f9a0bc-1dd2-404a-b27f-8e29047a43fd"),
        "YubiKey 5 NFC FIPS",
    ),
    (uuid!("85203421-48f9-4355-9bc8-8a53846e5083"), "YubiKey 5Ci FIPS"),
    (uuid!("d8522d9f-575b-4866-88a9-ba99fa02f35b"), "YubiKey Bio"),
    (
        uuid!("f8a011f3-8c0a-4d15-8006-17111f9edc7d"),
        "Security Key by Yubico",
    ),
    (
        uuid!("b92c3f9a-c014-4056-887f-140a2501163b"),
        "Security Key by Yubico",
    ),
    (
        uuid!("6d44ba9b-f6ec-2e49-b930-0c8fe920cb73"),
        "Security Key NFC by Yubico",
    ),
    (
        uuid!("149a2021-8ef6-4133-96b8-81f8d5b7f1f5"),
        "Security Key NFC by Yubico",
    ),
    (uuid!("42b4fb4a-2866-43b2-9bf7-6c6669c2e5d3"), "Google Titan"),
    (uuid!("8876631b-d4a0-427f-5773-0ec71c9e0279"), "Solo"),
    (uuid!("77010bd7-212a-4fc9-b236-d2ca5e9d4084"), "Feitian BioPass"),
    (uuid!("833b721a-ff5f-4d00-bb2e-bdda3ec01e29"), "Feitian ePass"),
];

/// What this kind of authenticator is called, if it is on the list. Brand names: the same in every language.
pub fn of(aaguid: Uuid) -> Option<&'static str> {
    NAMES.iter().find(|(id, _)| *id == aaguid).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_authenticator_stands_here_once_and_nil_is_none() {
        let ids: BTreeSet<Uuid> = NAMES.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids.len(), NAMES.len());
        assert_eq!(of(Uuid::nil()), None);
    }

    #[test]
    fn every_name_is_one_that_a_person_could_have_typed() {
        for (_, name) in NAMES {
            assert!(crate::users::name::Name::parse(name).is_ok(), "{name}");
            assert!(name.chars().count() <= super::super::row::LONGEST_NAME, "{name}");
        }
    }
}
