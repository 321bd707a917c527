//! Made-up names in several scripts, with addresses at domains that are kept for documents (RFC 2606).

use std::collections::BTreeSet;

use super::Dice;

/// How names are made of a given and a family name, and the language of whoever has it.
struct Custom {
    given: &'static [(&'static str, &'static str)],
    family: &'static [(&'static str, &'static str)],
    /// The family's name comes first.
    family_first: bool,
    /// What stands between both.
    between: &'static str,
    locale: &'static str,
    /// How often, of a thousand.
    often: u64,
}

/// Each name as it is written, and as it stands in an address.
const CUSTOMS: [Custom; 7] = [
    Custom {
        given: &[
            ("Ada", "ada"),
            ("Grace", "grace"),
            ("Alan", "alan"),
            ("Barbara", "barbara"),
            ("Edsger", "edsger"),
            ("Frances", "frances"),
            ("Dennis", "dennis"),
            ("Margaret", "margaret"),
            ("Ken", "ken"),
            ("Radia", "radia"),
            ("John", "john"),
            ("Katherine", "katherine"),
            ("Leslie", "leslie"),
            ("Hedy", "hedy"),
            ("Niklaus", "niklaus"),
            ("Sophie", "sophie"),
            ("Tony", "tony"),
            ("Karen", "karen"),
            ("James", "james"),
            ("Mary", "mary"),
            ("Robert", "robert"),
            ("Linda", "linda"),
            ("Michael", "michael"),
            ("Emma", "emma"),
        ],
        family: &[
            ("Lovelace", "lovelace"),
            ("Hopper", "hopper"),
            ("Turing", "turing"),
            ("Liskov", "liskov"),
            ("Dijkstra", "dijkstra"),
            ("Allen", "allen"),
            ("Ritchie", "ritchie"),
            ("Hamilton", "hamilton"),
            ("Thompson", "thompson"),
            ("Perlman", "perlman"),
            ("Backus", "backus"),
            ("Johnson", "johnson"),
            ("Lamport", "lamport"),
            ("Wirth", "wirth"),
            ("Wilson", "wilson"),
            ("Hoare", "hoare"),
            ("Sparck-Jones", "sparckjones"),
            ("O'Neil", "oneil"),
            ("Smith", "smith"),
            ("Brown", "brown"),
            ("Taylor", "taylor"),
            ("Davies", "davies"),
            ("Evans", "evans"),
            ("Walker", "walker"),
            ("White", "white"),
            ("Hall", "hall"),
        ],
        family_first: false,
        between: " ",
        locale: "en",
        often: 380,
    },
    Custom {
        given: &[
            ("Minh Khai", "khai"),
            ("Văn Đức", "duc"),
            ("Thị Hoa", "hoa"),
            ("Quang Huy", "huy"),
            ("Ngọc Lan", "lan"),
            ("Thu Hà", "ha"),
            ("Hữu Phước", "phuoc"),
            ("Bảo Châu", "chau"),
            ("Thanh Tùng", "tung"),
            ("Mai Anh", "maianh"),
            ("Xuân Trường", "truong"),
            ("Diệu Linh", "linh"),
            ("Gia Bảo", "bao"),
            ("Khánh Vy", "vy"),
        ],
        family: &[
            ("Nguyễn", "nguyen"),
            ("Nguyễn", "nguyen"),
            ("Nguyễn", "nguyen"),
            ("Trần", "tran"),
            ("Lê", "le"),
            ("Phạm", "pham"),
            ("Hoàng", "hoang"),
            ("Đặng", "dang"),
            ("Võ", "vo"),
            ("Bùi", "bui"),
            ("Đỗ", "do"),
            ("Ngô", "ngo"),
        ],
        family_first: true,
        between: " ",
        locale: "vi",
        often: 250,
    },
    Custom {
        given: &[
            ("José", "jose"),
            ("María", "maria"),
            ("Zoë", "zoe"),
            ("François", "francois"),
            ("Jürgen", "juergen"),
            ("Åsa", "asa"),
            ("Søren", "soren"),
            ("Łukasz", "lukasz"),
            ("Işıl", "isil"),
            ("Élodie", "elodie"),
            ("Björn", "bjorn"),
            ("Inês", "ines"),
        ],
        family: &[
            ("García", "garcia"),
            ("Müller", "mueller"),
            ("Ødegård", "odegard"),
            ("Dvořák", "dvorak"),
            ("Weiß", "weiss"),
            ("Gonçalves", "goncalves"),
            ("Ångström", "angstrom"),
            ("Kowalczyk", "kowalczyk"),
            ("Şahin", "sahin"),
            ("Lefèvre", "lefevre"),
        ],
        family_first: false,
        between: " ",
        locale: "en",
        often: 170,
    },
    Custom {
        given: &[
            ("伟", "wei"),
            ("芳", "fang"),
            ("娜", "na"),
            ("秀英", "xiuying"),
            ("敏", "min"),
            ("静", "jing"),
            ("小龍", "xiaolong"),
            ("花子", "hanako"),
        ],
        family: &[
            ("王", "wang"),
            ("李", "li"),
            ("张", "zhang"),
            ("刘", "liu"),
            ("陈", "chen"),
            ("山田", "yamada"),
        ],
        family_first: true,
        between: "",
        locale: "en",
        often: 80,
    },
    Custom {
        given: &[
            ("민준", "minjun"),
            ("서연", "seoyeon"),
            ("지훈", "jihun"),
            ("수빈", "subin"),
            ("하은", "haeun"),
        ],
        family: &[
            ("김", "kim"),
            ("이", "lee"),
            ("박", "park"),
            ("최", "choi"),
            ("정", "jung"),
        ],
        family_first: true,
        between: "",
        locale: "en",
        often: 40,
    },
    Custom {
        given: &[
            ("محمد", "mohammed"),
            ("فاطمة", "fatima"),
            ("علي", "ali"),
            ("مريم", "maryam"),
            ("أحمد", "ahmed"),
            ("ليلى", "layla"),
        ],
        family: &[
            ("الخوارزمي", "alkhwarizmi"),
            ("ابن سينا", "ibnsina"),
            ("حسن", "hassan"),
            ("محفوظ", "mahfouz"),
            ("درويش", "darwish"),
        ],
        family_first: false,
        between: " ",
        locale: "en",
        often: 40,
    },
    Custom {
        given: &[
            ("Мария", "maria"),
            ("Андрей", "andrey"),
            ("Софья", "sofya"),
            ("Фёдор", "fyodor"),
            ("Леся", "lesya"),
            ("Юлія", "yuliya"),
        ],
        family: &[
            ("Ковалевская", "kovalevskaya"),
            ("Колмогоров", "kolmogorov"),
            ("Ляпунов", "lyapunov"),
            ("Шевченко", "shevchenko"),
            ("Ёлкин", "yolkin"),
        ],
        family_first: false,
        between: " ",
        locale: "en",
        often: 40,
    },
];

const HOSTS: [&str; 8] = [
    "example.com",
    "example.com",
    "example.com",
    "example.org",
    "example.net",
    "mail.example.com",
    "uni.example.org",
    "works.example.net",
];

/// Draws names.
pub(super) struct Names {
    /// Addresses that somebody has; `None`: there were people before, and every address has a number.
    taken: Option<BTreeSet<String>>,
}

impl Names {
    /// `before`: how many people there were before.
    pub fn new(before: usize) -> Self {
        Self {
            taken: (before == 0).then(BTreeSet::new),
        }
    }

    /// A name, an address that only the person of this `number` has, and a language. Who comes first has the plain address.
    pub fn draw(&mut self, dice: &Dice, number: usize) -> (String, String, &'static str) {
        let mut drawn = dice.below(CUSTOMS.iter().map(|custom| custom.often).sum());
        let mut chosen = &CUSTOMS[0];
        for custom in &CUSTOMS {
            chosen = custom;
            if drawn < custom.often {
                break;
            }
            drawn -= custom.often;
        }
        let (given, family) = (dice.pick(chosen.given), dice.pick(chosen.family));
        let (first, last) = if chosen.family_first {
            (family, given)
        } else {
            (given, family)
        };
        let name = format!("{}{}{}", first.0, chosen.between, last.0);
        let local = match dice.below(4) {
            0 => format!("{}{}", given.1, family.1),
            1 => format!("{}_{}", family.1, given.1),
            2 => format!("{}.{}", family.1, given.1),
            _ => format!("{}.{}", given.1, family.1),
        };
        let host = dice.pick(&HOSTS);
        let plain = format!("{local}@{host}");
        let is_free = self
            .taken
            .as_mut()
            .is_some_and(|taken| taken.insert(plain.clone()));
        let mail = if is_free {
            plain
        } else {
            format!("{local}{number}@{host}")
        };
        (name, mail, chosen.locale)
    }
}
