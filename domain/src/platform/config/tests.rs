use super::*;
use crate::platform::settings::{Key, SignUp};

/// Sources with a file, an environment and flags, each as (name, value) or text.
fn sources(file: &str, environment: &[(&str, &str)], flags: &[(&str, &str)]) -> Sources {
    let pairs = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect()
    };
    Sources {
        file: (!file.is_empty()).then(|| (PathBuf::from("latchstring.toml"), file.to_owned())),
        environment: pairs(environment),
        flags: pairs(flags),
    }
}

fn lines(sources: &Sources) -> Vec<String> {
    match Config::load(sources) {
        Ok(config) => panic!("no fault, but {config:?}"),
        Err(faults) => faults.iter().map(ToString::to_string).collect(),
    }
}

fn loaded(sources: &Sources) -> Config {
    Config::load(sources).unwrap_or_else(|faults| {
        panic!(
            "{}",
            faults
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        )
    })
}

fn changeable(config: &Config) -> Settings {
    config.pinned.alone().expect("the settings are right")
}

/// What production needs at least.
const PRODUCTION: [(&str, &str); 3] = [
    ("LATCHSTRING_ENV", "production"),
    ("LATCHSTRING_PUBLIC_URL", "https://id.example.com"),
    (
        "LATCHSTRING_SMTP_URL",
        "smtps://mailer:Zg7-kkw2-Lq9x@mail.example.com",
    ),
];

fn production(more: &[(&str, &str)]) -> Sources {
    sources("", &[&PRODUCTION, more].concat(), &[])
}

#[test]
fn without_any_source_the_defaults_hold() {
    let config = loaded(&Sources::default());
    assert_eq!(config.environment, Environment::Development);
    assert!(!config.environment_chosen && !config.is_production());
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(config.public_url.as_str(), "http://localhost:3000/");
    assert_eq!(config.data_dir, PathBuf::from("./data"));
    assert_eq!(config.database_url.expose(), "sqlite://./data/latchstring.db");
    assert!(config.is_sqlite());
    assert!(config.database_read_url.is_none() && config.redis_url.is_none() && config.smtp_url.is_none());
    let settings = changeable(&config);
    assert_eq!(config.mail_from.to_string(), "no-reply@localhost");
    assert_eq!(config.sender_name(&settings).as_deref(), Some("Latchstring"));
    assert!(
        config.master_key.is_none() && config.metrics_listen.is_none() && settings.support_email.is_none()
    );
    assert!(config.rate_limits && config.trusted_proxies.is_empty());
    assert_eq!(
        (settings.product_name.as_str(), settings.sign_up),
        ("Latchstring", SignUp::Open)
    );
    assert_eq!(
        (config.log.format, config.log.filter.as_str()),
        (LogFormat::Pretty, "info")
    );
    assert_eq!(config.database.pool_size, 10);
    assert_eq!(config.database.acquire_timeout, Duration::from_secs(5));
    assert_eq!(config.database.statement_timeout, Duration::from_secs(5));
    let password = &config.password;
    assert_eq!((settings.password.min, settings.password.max), (15, 256));
    assert_eq!(
        (
            password.argon2_memory_kib,
            password.argon2_iterations,
            password.argon2_parallelism
        ),
        (19456, 2, 1)
    );
    assert_eq!((password.parallel, password.queue), (0, 64));
    let session = &settings.session;
    assert_eq!(
        (session.remember.num_days(), session.remember_idle.num_days()),
        (30, 7)
    );
    assert_eq!(
        (session.plain.num_hours(), session.plain_idle.num_minutes()),
        (24, 60)
    );
    assert_eq!(
        (
            session.administrator.num_hours(),
            session.administrator_idle.num_minutes()
        ),
        (12, 30)
    );
    assert_eq!(config.jobs.parallel, 4);
    assert_eq!(
        (config.jobs.lease, config.jobs.drain),
        (Duration::from_secs(30), Duration::from_secs(10))
    );
}

#[test]
fn every_setting_is_documented_and_its_example_is_right() {
    let settings = Config::describe();
    let mut names: Vec<&str> = settings.iter().map(|setting| setting.env.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(
        names.len(),
        settings.len(),
        "two settings share a name in the environment"
    );
    for secret in SECRETS {
        assert!(
            settings
                .iter()
                .any(|setting| setting.key == secret && setting.secret),
            "{secret} is no setting"
        );
    }
    for setting in &settings {
        assert!(
            setting.doc.len() > 30 && setting.doc.ends_with('.'),
            "{}: {:?}",
            setting.key,
            setting.doc
        );
        let (section, name) = setting.key.rsplit_once('.').unwrap_or(("", &setting.key));
        let value = setting
            .example
            .strip_prefix(&format!("{name} = "))
            .expect(&setting.key);
        assert_ne!(
            value.trim_matches('"'),
            setting.default,
            "the example of {} is its default",
            setting.key
        );
        if value.contains("<output") {
            continue;
        }
        let file = if section.is_empty() {
            setting.example.to_owned()
        } else {
            format!("[{section}]\n{}", setting.example)
        };
        let mut environment = PRODUCTION.to_vec();
        environment.push((
            "LATCHSTRING_DATABASE_URL",
            "postgres://latchstring@db.example.com/latchstring",
        ));
        environment.retain(|(name, _)| *name != setting.env);
        if setting.key == "rate_limits" {
            environment[0].1 = "development";
        }
        loaded(&sources(&file, &environment, &[]));
    }
}

/// A wrong value is noticed everywhere: no setting is documented and then not read.
#[test]
fn every_setting_is_read() {
    for setting in Config::describe() {
        let faults = lines(&sources("", &[(&setting.env, "\u{1}")], &[]));
        assert_eq!(faults.len(), 1, "{}: {faults:?}", setting.key);
        assert!(
            faults[0].starts_with(&format!("{} ({}) holds ", setting.env, setting.key)),
            "{}",
            faults[0]
        );
        assert!(!faults[0].contains('\u{1}'), "{}", faults[0]);
    }
}

#[test]
fn each_wrong_value_is_told_in_one_line() {
    let address = "it should hold an address and port such as";
    for (name, value, line) in [
        (
            "ENV",
            "prod",
            "(env) holds `prod`; it should hold development or production",
        ),
        (
            "LISTEN",
            "foo",
            &format!("(listen) holds `foo`; {address} 127.0.0.1:3000"),
        ),
        (
            "LISTEN",
            "localhost:3000",
            &format!("(listen) holds `localhost:3000`; {address} 127.0.0.1:3000"),
        ),
        (
            "METRICS_LISTEN",
            "9100",
            &format!("(metrics_listen) holds `9100`; {address} 127.0.0.1:9100"),
        ),
        (
            "METRICS_LISTEN",
            "127.0.0.1:3000",
            "(metrics_listen) holds `127.0.0.1:3000`; it should hold another address or port than \
             LATCHSTRING_LISTEN \
             (listen)",
        ),
        (
            "PUBLIC_URL",
            "http://localhost:3000/auth",
            "(public_url) holds `http://localhost:3000/auth`; it should hold an http or https address \
             without path, such \
             as https://id.example.com",
        ),
        (
            "PUBLIC_URL",
            "https://me:hunter2@localhost",
            "(public_url) holds `https://[hidden]@localhost`; it should hold an http or https address \
             without path, such \
             as https://id.example.com",
        ),
        (
            "DATABASE_URL",
            "mysql://me:hunter2@db/x",
            "(database_url) holds a hidden `mysql://` address; it should hold sqlite:// and a path, or an \
             address such as \
             postgres://name:password@db.example.com/latchstring",
        ),
        (
            "DATABASE_URL",
            "sqlite://",
            "(database_url) holds a hidden `sqlite://` address; it should hold sqlite:// and a path, or an \
             address such \
             as postgres://name:password@db.example.com/latchstring",
        ),
        (
            "DATABASE_READ_URL",
            "postgres://replica/x",
            "(database_read_url) holds a hidden `postgres://` address; it should hold nothing while \
             LATCHSTRING_DATABASE_URL (database_url) is SQLite",
        ),
        (
            "REDIS_URL",
            "hunter2",
            "(redis_url) holds a hidden value; it should hold an address such as \
             redis://redis.example.com:6379/0",
        ),
        (
            "SMTP_URL",
            "smtp://mail.example.com?tls=maybe",
            "(smtp_url) holds a hidden `smtp://` address; it should hold an address such as \
             smtps://name:password@mail.example.com, or smtp://… with ?tls=required",
        ),
        (
            "MAIL_FROM",
            "nobody",
            "(mail_from) holds `nobody`; it should hold a mail address such as Example \
             <no-reply@example.com>",
        ),
        (
            "MASTER_KEY",
            "changeme",
            "(master_key) holds a hidden value; it should hold 32 random bytes as base64, such as `openssl \
             rand -base64 \
             32` prints",
        ),
        (
            "MASTER_KEY",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "(master_key) holds a hidden value; it should hold 32 random bytes as base64, such as `openssl \
             rand -base64 \
             32` prints",
        ),
        (
            "RATE_LIMITS",
            "no",
            "(rate_limits) holds `no`; it should hold on or off",
        ),
        (
            "TRUSTED_PROXIES",
            "10.0.0.0/8, ten, 0.0.0.0/0",
            "(trusted_proxies) holds `ten`, `0.0.0.0/0`; it should hold networks such as 10.0.0.0/8 or \
             addresses such as \
             127.0.0.1, but not the whole internet",
        ),
        (
            "PRODUCT_NAME",
            "a\nBcc: b",
            "(product_name) holds `a\\nBcc: b`; it should hold a name of 1 to 60 characters on one line",
        ),
        (
            "SUPPORT_EMAIL",
            "help",
            "(support_email) holds `help`; it should hold a mail address such as help@example.com",
        ),
        (
            "SIGN_UP",
            "yes",
            "(sign_up) holds `yes`; it should hold open, domains, invitation or closed",
        ),
        (
            "LOG_FORMAT",
            "xml",
            "(log.format) holds `xml`; it should hold auto, pretty or json",
        ),
        (
            "LOG_FILTER",
            "a b",
            "(log.filter) holds `a b`; it should hold a level such as info, or info,sqlx=warn",
        ),
        (
            "DATABASE_POOL_SIZE",
            "0",
            "(database.pool_size) holds `0`; it should hold a whole number of connections from 1 to 1000",
        ),
        (
            "DATABASE_ACQUIRE_TIMEOUT_SECONDS",
            "5s",
            "(database.acquire_timeout_seconds) holds `5s`; it should hold a whole number of seconds from 1 \
             to 60",
        ),
        (
            "PASSWORD_MIN_LENGTH",
            "8",
            "(password.min_length) holds `8`; it should hold a whole number of characters from 15 to 64",
        ),
        (
            "PASSWORD_ARGON2_PARALLELISM",
            "-1",
            "(password.argon2_parallelism) holds `-1`; it should hold a whole number of lanes from 1 to 16",
        ),
        (
            "SESSION_PLAIN_IDLE_MINUTES",
            "1441",
            "(session.plain_idle_minutes) holds `1441`; it should hold no longer a time than \
             session.plain_hours",
        ),
        (
            "JOBS_LEASE_SECONDS",
            "1.5",
            "(jobs.lease_seconds) holds `1.5`; it should hold a whole number of seconds from 15 to 600",
        ),
    ] {
        let name = format!("LATCHSTRING_{name}");
        assert_eq!(
            lines(&sources("", &[(&name, value)], &[])),
            [format!("{name} {line}")]
        );
    }
}

#[test]
fn what_the_operator_set_is_pinned_and_nothing_else() {
    let file = "sign_up = \"open\"\nsign_up_domains = [\"Example.org\", \"example.net\"]\n[session]\nplain_hours = 12";
    let config = loaded(&sources(
        file,
        &[("LATCHSTRING_ACCENT_COLOR", "1D5FA8")],
        &[("product_name", "flag")],
    ));
    let pinned = [
        Key::SignUp,
        Key::SignUpDomains,
        Key::Plain,
        Key::ProductName,
        Key::AccentColor,
    ];
    for key in Key::ALL {
        assert_eq!(config.pinned.has(*key), pinned.contains(key), "{}", key.as_str());
    }
    let settings = changeable(&config);
    assert_eq!(settings.text(Key::SignUpDomains), "example.org, example.net");
    assert_eq!(settings.text(Key::AccentColor), "#1d5fa8");
}

#[test]
fn a_value_of_the_wrong_shape_in_the_file_is_told() {
    for (file, line) in [
        (
            "listen = [\"a\", \"b\"]",
            "LATCHSTRING_LISTEN (listen) holds a list; it should hold an address and port such as \
             127.0.0.1:3000",
        ),
        (
            "[listen]\nport = 3000",
            "LATCHSTRING_LISTEN (listen) holds a section; it should hold an address and port such as \
             127.0.0.1:3000",
        ),
        (
            "listen = \"\"",
            "LATCHSTRING_LISTEN (listen) holds nothing; it should hold an address and port such as \
             127.0.0.1:3000",
        ),
        (
            "trusted_proxies = 10",
            "LATCHSTRING_TRUSTED_PROXIES (trusted_proxies) holds `10`; it should hold networks such as \
             10.0.0.0/8 or addresses such as 127.0.0.1, but not the whole internet",
        ),
        (
            "database = \"postgres://me:hunter2@db/x\"",
            "latchstring.toml holds `database` as a single setting; it should hold it as a section, which \
             begins with a line [database]",
        ),
        (
            "env = \"development\"\nmaster_key = hunter2",
            "latchstring.toml holds something that is not TOML (look at line 2, column 14); it should hold \
             lines such as listen = \"127.0.0.1:3000\", text in quotes, every name once",
        ),
    ] {
        assert_eq!(lines(&sources(file, &[], &[])), [line]);
    }
}

#[test]
fn a_long_value_is_cut() {
    let value = "é".repeat(1000);
    let line = lines(&sources("", &[("LATCHSTRING_LISTEN", &value)], &[])).remove(0);
    assert!(line.contains(&format!("`{}…`", "é".repeat(80))), "{line}");
}

#[test]
fn unknown_names_are_told_with_the_nearest_known_one() {
    let told = lines(&sources(
        "lisen = \"hunter2\"\n[database]\npoolsize = 3\n[databas]\npool_size = 4\n[zzz]\n",
        &[
            ("LATCHSTRING_PUBLIC_ULR", "hunter2"),
            ("LATCHSTRING_QQQ", "hunter2"),
            ("HOME", "/root"),
        ],
        &[("lissten", "hunter2")],
    ));
    assert_eq!(
        told,
        [
            "latchstring.toml holds `databas.pool_size`, which no setting is called; it should hold a known \
             name, perhaps `database.pool_size`",
            "latchstring.toml holds `database.poolsize`, which no setting is called; it should hold a known \
             name, perhaps `database.pool_size`",
            "latchstring.toml holds `lisen`, which no setting is called; it should hold a known name, \
             perhaps `listen`",
            "latchstring.toml holds `zzz`, which no setting is called; it should hold a known name \
             (README.md lists them)",
            "the environment holds `LATCHSTRING_PUBLIC_ULR`, which no setting is called; it should hold a \
             known name, perhaps `LATCHSTRING_PUBLIC_URL`",
            "the environment holds `LATCHSTRING_QQQ`, which no setting is called; it should hold a known \
             name (README.md lists them)",
            "the command line holds `lissten`, which no setting is called; it should hold a known name, \
             perhaps `listen`",
        ]
    );
}

#[test]
fn variables_of_others_with_our_prefix_are_passed_over() {
    loaded(&sources(
        "",
        &[
            ("LATCHSTRING_CONFIG", "/etc/latchstring.toml"),
            ("LATCHSTRING_TEST_DATABASE_URL", "postgres://localhost/postgres"),
            ("LATCHSTRING_SERVICE_HOST", "10.0.0.7"),
            ("LATCHSTRING_SERVICE_PORT_HTTP", "3000"),
            ("LATCHSTRING_PORT", "tcp://10.0.0.7:3000"),
            ("LATCHSTRING_PORT_3000_TCP_ADDR", "10.0.0.7"),
            ("LATCHSTRING_POSTGRES_PORT_5432_TCP", "tcp://10.0.0.8:5432"),
        ],
        &[],
    ));
    assert_eq!(lines(&sources("", &[("LATCHSTRING_PORT", "8080")], &[])).len(), 1);
}

#[test]
fn all_faults_are_told_at_once() {
    let told = lines(&sources(
        "colour = 1\nlisten = \"x\"\n[session]\nplain_hours = 0",
        &[
            ("LATCHSTRING_ENV", "production"),
            ("LATCHSTRING_RATE_LIMITS", "off"),
            ("LATCHSTRING_SIGNUP", "open"),
        ],
        &[("sign_up", "maybe")],
    ));
    let settings: Vec<&str> = told
        .iter()
        .filter_map(|line| line.split(" holds ").next())
        .collect();
    assert_eq!(
        settings,
        [
            "latchstring.toml",
            "the environment",
            "LATCHSTRING_LISTEN (listen)",
            "LATCHSTRING_SIGN_UP (sign_up)",
            "LATCHSTRING_SESSION_PLAIN_HOURS (session.plain_hours)",
            "LATCHSTRING_PUBLIC_URL (public_url)",
            "LATCHSTRING_RATE_LIMITS (rate_limits)",
            "LATCHSTRING_SMTP_URL (smtp_url)",
        ]
    );
}

#[test]
fn flags_win_over_the_environment_over_the_file_over_the_defaults() {
    let file = "product_name = \"file\"\nsign_up = \"closed\"\n[database]\npool_size = \
        2\nacquire_timeout_seconds = 2";
    let environment = [
        ("LATCHSTRING_PRODUCT_NAME", "environment"),
        ("LATCHSTRING_DATABASE_POOL_SIZE", "3"),
    ];
    let config = loaded(&sources(file, &environment, &[("product_name", "flag")]));
    let settings = changeable(&config);
    assert_eq!(settings.product_name, "flag");
    assert_eq!(config.database.pool_size, 3);
    assert_eq!(config.database.acquire_timeout, Duration::from_secs(2));
    assert_eq!(changeable(&config).sign_up, SignUp::Closed);
    assert_eq!(settings.password.min, 15);
}

#[test]
fn an_empty_variable_is_passed_over_and_an_empty_text_in_the_file_is_none() {
    let config = loaded(&sources(
        "redis_url = \"\"",
        &[("LATCHSTRING_LISTEN", ""), ("LATCHSTRING_ENV", " ")],
        &[],
    ));
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert!(config.redis_url.is_none() && !config.environment_chosen);
    let config = loaded(&sources(
        "sign_up = \"closed\"",
        &[("LATCHSTRING_SIGN_UP", "")],
        &[],
    ));
    assert_eq!(changeable(&config).sign_up, SignUp::Closed);
}

#[test]
fn values_are_read_in_all_their_forms() {
    let config = loaded(&sources(
        "trusted_proxies = [\"10.0.0.0/8\", \"::1\"]\nmail_from = \"Door <door@example.com>\"\nrate_limits \
         = false",
        &[
            ("LATCHSTRING_ENV", "development"),
            ("LATCHSTRING_DATA_DIR", "/var/a b%?#"),
        ],
        &[],
    ));
    let proxies: Vec<String> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["10.0.0.0/8", "::1/128"]);
    assert_eq!(config.mail_from.to_string(), "Door <door@example.com>");
    assert_eq!(config.sender_name(&changeable(&config)), None);
    assert!(!config.rate_limits && config.environment_chosen);
    assert_eq!(
        config.database_url.expose(),
        "sqlite:///var/a b%25%3F%23/latchstring.db"
    );

    let config = loaded(&sources(
        "",
        &[("LATCHSTRING_TRUSTED_PROXIES", " 127.0.0.1, fd00::/8,")],
        &[],
    ));
    let proxies: Vec<String> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["127.0.0.1/32", "fd00::/8"]);

    for url in [
        "postgres:///latchstring?host=/run/postgresql",
        "postgresql://db/x",
        "sqlite:data.db",
    ] {
        let config = loaded(&sources("", &[("LATCHSTRING_DATABASE_URL", url)], &[]));
        assert_eq!(config.database_url.expose(), url);
        assert_eq!(config.is_sqlite(), url.starts_with("sqlite"));
    }
}

#[test]
fn a_host_that_mail_cannot_come_from_asks_for_a_sender() {
    let environment = [
        ("LATCHSTRING_ENV", "development"),
        ("LATCHSTRING_PUBLIC_URL", "http://id.example.com."),
    ];
    assert_eq!(
        lines(&sources("", &environment, &[])),
        [
            "LATCHSTRING_MAIL_FROM (mail_from) holds nothing; it should hold a mail address, because the host of \
          public_url cannot stand in one"
        ]
    );
    loaded(&sources("mail_from = \"door@example.com\"", &environment, &[]));
    let config = loaded(&sources(
        "",
        &[("LATCHSTRING_PUBLIC_URL", "http://[::1]:3000")],
        &[],
    ));
    assert_eq!(config.mail_from.to_string(), "no-reply@[::1]");
}

#[test]
fn secrets_are_never_printed() {
    const CANARY: &str = "kanarienvogel";
    let secret = |scheme: &str| format!("{scheme}://me:{CANARY}@host.example.com/x");
    let (database, redis, smtp) = (secret("postgres"), secret("redis"), secret("smtps"));
    let key = "kanarienvogelkanarienvogelkanarienvogel0120=";
    let right = [
        ("LATCHSTRING_DATABASE_URL", database.as_str()),
        ("LATCHSTRING_DATABASE_READ_URL", &database),
        ("LATCHSTRING_REDIS_URL", &redis),
        ("LATCHSTRING_SMTP_URL", &smtp),
        ("LATCHSTRING_MASTER_KEY", key),
    ];
    let config = loaded(&sources("", &right, &[]));
    assert!(!format!("{config:?}{config:#?}").contains(CANARY));
    assert_eq!(config.master_key.as_ref().map(Secret::expose), Some(key));

    // Wrong in every way: in the environment, in the file, as a flag, and in a file that is not TOML.
    for wrong in [
        CANARY.to_owned(),
        secret("https"),
        format!("{CANARY}://x"),
        format!("{CANARY}\n"),
    ] {
        for setting in Config::describe().into_iter().filter(|setting| setting.secret) {
            let file = format!("{} = '''{wrong}'''", setting.key);
            for sources in [
                sources("", &[(&setting.env, &wrong)], &[]),
                sources("", &[], &[(&setting.key, &wrong)]),
                sources(&file, &[], &[]),
                sources(&format!("{} = {CANARY}", setting.key), &[], &[]),
                sources(&format!("{} = [\"{CANARY}\"]", setting.key), &[], &[]),
                sources(&format!("{file}\n{file}"), &[], &[]),
            ] {
                let faults = Config::load(&sources).expect_err("a wrong value");
                assert!(!format!("{faults:?}").contains(CANARY), "{faults:?}");
            }
        }
    }
}

#[test]
fn production_starts_with_a_public_url_and_a_mail_server() {
    let config = loaded(&production(&[("LATCHSTRING_LISTEN", "0.0.0.0:3000")]));
    assert!(config.is_production() && config.environment_chosen && config.secure_cookies());
    assert_eq!(config.log.format, LogFormat::Json);
    assert_eq!(config.mail_from.to_string(), "no-reply@id.example.com");
}

#[test]
fn production_refuses_unsafe_settings() {
    assert_eq!(
        lines(&sources("", &[("LATCHSTRING_ENV", "production")], &[])),
        [
            "LATCHSTRING_PUBLIC_URL (public_url) holds `http://localhost:3000`; it should hold an https \
             address in production, such as https://id.example.com",
            "LATCHSTRING_SMTP_URL (smtp_url) holds nothing; it should hold a mail server in production, \
             such as smtps://name:password@mail.example.com",
        ]
    );
    let known = "holds an address with a password that everybody knows; it should hold a password of its \
        own, such as `openssl rand -hex 32` prints";
    let clear = "LATCHSTRING_SMTP_URL (smtp_url) holds a hidden `smtp://` address; it should hold an \
        address with TLS in production: smtps://…, or smtp://…?tls=required (or, for a server that may lack \
        it, ?tls=opportunistic)";
    let memory = "LATCHSTRING_DATABASE_URL (database_url) holds a hidden value; it should hold a database \
        that outlives the process in production: a file or postgres://…";
    let database = format!("LATCHSTRING_DATABASE_URL (database_url) {known}");
    let redis = format!("LATCHSTRING_REDIS_URL (redis_url) {known}");
    let smtp = format!("LATCHSTRING_SMTP_URL (smtp_url) {known}");
    let hashing = "LATCHSTRING_PASSWORD_ARGON2_MEMORY_KIB (password.argon2_memory_kib) holds `9216`; it \
        should hold in production, with password.argon2_iterations, at least the strength of 19456 KiB and \
        2 iterations";
    for (name, value, line) in [
        (
            "RATE_LIMITS",
            "off",
            "LATCHSTRING_RATE_LIMITS (rate_limits) holds `off`; it should hold `on` in production",
        ),
        ("SMTP_URL", "smtp://mail.example.com:25", clear),
        ("DATABASE_URL", "sqlite::memory:", memory),
        ("DATABASE_URL", "postgres://me:changeme@db/x", &database),
        ("DATABASE_URL", "postgres://me:Change-Me!@db/x", &database),
        ("DATABASE_URL", "postgres://me:password123@db/x", &database),
        ("DATABASE_URL", "postgres://me:123456@db/x", &database),
        ("DATABASE_URL", "postgres://latch:latch@db/x", &database),
        ("DATABASE_URL", "postgres://me@db/x?password=postgres", &database),
        ("REDIS_URL", "redis://:secret@redis:6379", &redis),
        ("SMTP_URL", "smtps://me:password@mail.example.com", &smtp),
        ("PASSWORD_ARGON2_MEMORY_KIB", "9216", hashing),
    ] {
        assert_eq!(
            lines(&production(&[(&format!("LATCHSTRING_{name}"), value)])),
            [line]
        );
    }
}

#[test]
fn production_allows_what_is_safe_enough() {
    for (name, value) in [
        ("SMTP_URL", "smtp://127.0.0.1:2525"),
        ("SMTP_URL", "smtp://localhost"),
        (
            "SMTP_URL",
            "smtp://me:Zg7-kkw2-Lq9x@mail.example.com?tls=required",
        ),
        ("SMTP_URL", "smtp://mail?tls=opportunistic"),
        ("DATABASE_URL", "postgres://me@db/x"),
        ("DATABASE_URL", "postgres://me:839204617384920571039482@db/x"),
        ("DATABASE_URL", "postgres://me:secretariat-horse@db/x"),
        ("REDIS_URL", "redis://redis:6379"),
        ("PASSWORD_ARGON2_MEMORY_KIB", "47104"),
    ] {
        loaded(&production(&[(&format!("LATCHSTRING_{name}"), value)]));
    }
}

#[test]
fn the_default_environment_stays_on_this_machine_unless_it_was_chosen() {
    let exposed = [
        ("LATCHSTRING_LISTEN", "0.0.0.0:3000"),
        ("LATCHSTRING_PUBLIC_URL", "http://id.example.com"),
    ];
    let choose = "while LATCHSTRING_ENV is not set; set LATCHSTRING_ENV=production, or \
        LATCHSTRING_ENV=development if you mean it";
    assert_eq!(
        lines(&sources("", &exposed, &[])),
        [
            format!(
                "LATCHSTRING_LISTEN (listen) holds `0.0.0.0:3000`; it should hold a loopback address such \
                 as 127.0.0.1:3000 {choose}"
            ),
            format!(
                "LATCHSTRING_PUBLIC_URL (public_url) holds `http://id.example.com`; it should hold an \
                 address on localhost such as http://localhost:3000 {choose}"
            ),
        ]
    );
    loaded(&sources(
        "",
        &[&exposed[..], &[("LATCHSTRING_ENV", "development")]].concat(),
        &[],
    ));
    loaded(&sources("env = \"development\"", &exposed, &[]));
    loaded(&sources("", &exposed, &[("env", "development")]));
    for url in ["http://127.0.0.1:4000", "http://[::1]:4000", "https://localhost"] {
        loaded(&sources(
            "",
            &[("LATCHSTRING_PUBLIC_URL", url), ("LATCHSTRING_LISTEN", "[::1]:0")],
            &[],
        ));
    }
    assert_eq!(
        lines(&sources(
            "",
            &[("LATCHSTRING_PUBLIC_URL", "http://localhost.example.com")],
            &[]
        ))
        .len(),
        1
    );
}

#[test]
fn origin_host_and_cookies_follow_the_public_url() {
    for (url, origin, host, authority, cookie) in [
        (
            "http://localhost:3000",
            "http://localhost:3000",
            "localhost",
            "localhost:3000",
            "latchstring",
        ),
        (
            "http://[::1]:3000/",
            "http://[::1]:3000",
            "[::1]",
            "[::1]:3000",
            "latchstring",
        ),
        (
            "https://ID.example.com:443",
            "https://id.example.com",
            "id.example.com",
            "id.example.com",
            "__Host-latchstring",
        ),
        (
            "https://id.example.com:8443",
            "https://id.example.com:8443",
            "id.example.com",
            "id.example.com:8443",
            "__Host-latchstring",
        ),
    ] {
        let config = loaded(&sources(
            "env = \"development\"",
            &[("LATCHSTRING_PUBLIC_URL", url)],
            &[],
        ));
        assert_eq!(config.public_origin(), origin);
        assert_eq!(config.public_host(), host);
        assert_eq!(config.public_authority(), authority);
        assert_eq!(config.cookie_name(""), cookie);
        assert_eq!(config.cookie_name("-flow"), format!("{cookie}-flow"));
    }
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let shown = path.display().to_string();
    let missing = check_key_file_mode(&path).unwrap_err().to_string();
    assert!(
        missing.starts_with(&format!("key file {shown} holds nothing that can be read (")),
        "{missing}"
    );
    std::fs::write(&path, "k").unwrap();
    for (mode, safe) in [
        (0o600, true),
        (0o400, true),
        (0o640, false),
        (0o644, false),
        (0o604, false),
        (0o620, false),
    ] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let result = check_key_file_mode(&path);
        assert_eq!(result.is_ok(), safe, "{mode:o}: {result:?}");
    }
    assert_eq!(
        check_key_file_mode(&path).unwrap_err().to_string(),
        format!(
            "key file {shown} holds a key that others may read (mode 0620); it should hold a key that its \
             owner alone may read: run `chmod 600 {shown}`"
        )
    );
}
