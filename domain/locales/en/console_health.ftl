# /admin/health

health-title = Health
health-well = All is well.
health-look =
    { $count ->
        [one] People get in; one thing is worth a look.
       *[other] People get in; { $count } things are worth a look.
    }
health-mend =
    { $count ->
        [one] One thing is to be mended.
       *[other] { $count } things are to be mended.
    }
health-looked-at = Looked at:
health-again = Look again
health-findings = What was looked at
health-servers = Servers that run
health-no-servers = No server gave a sign of life in the last minute.
health-mixed = Not all servers have the same version. That is fine while you update them; then it should end.
health-server = Listens at
health-process = Process
health-version = Version
health-seen = Last sign of life
health-database = Database and version
health-kind = Database
health-migrations = Migrations
health-migrations-text = { $applied } applied; the newest known here is { $newest }
health-backup = Last backup
health-no-backup = none that this server knows of
health-backup-text = Known are backups made with "latchstring backup". A copy that the database itself makes is not seen here.
health-this-version = This server
