# shellcheck shell=bash
# Sourced by the other scripts: paths, the compiler to use, messages, temporary databases.

set -euo pipefail

if ((BASH_VERSINFO[0] < 5)); then
  echo "error: bash 5 or newer is needed (this is $BASH_VERSION)" >&2
  exit 1
fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Everything that is made once per machine and not once per clone.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/latchstring
tools=$cache/tools

# Where cargo builds, as an absolute path.
target=${CARGO_TARGET_DIR:-target}
[[ $target == /* ]] || target=$root/$target

PATH=$root/node_modules/.bin:$tools/bin:$tools/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
export PATH

# ---- Messages -------------------------------------------------------------------------------

elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }
say() { printf '==> [%s] %s\n' "$(elapsed)" "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null; }

# ---- The compiler ---------------------------------------------------------------------------

# Uses the caller's RUSTUP_TOOLCHAIN, else the one that script/setup has noted, else the default.
use_rust() {
  local noted=$cache/toolchain sysroot
  if [[ -z ${RUSTUP_TOOLCHAIN:-} && -s $noted ]] &&
    RUSTUP_TOOLCHAIN=$(<"$noted") rustc --version &>/dev/null; then
    RUSTUP_TOOLCHAIN=$(<"$noted")
    export RUSTUP_TOOLCHAIN
  fi
  # Debian's Rust comes without a linker for wasm: LLVM's takes its place.
  sysroot=$(rustc --print sysroot 2>/dev/null) || return 0
  if ! compgen -G "$sysroot/lib/rustlib/*/bin/rust-lld" >/dev/null; then
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19
    use_lld
  fi
}

# Links the tests with LLVM's linker too: GNU's takes ten seconds where LLVM's takes one. The wrapper lies
# outside the clone, because cargo compiles everything anew when the path of the linker changes.
use_lld() {
  local wrapper=$tools/bin/cc-with-lld host
  [[ -x /usr/lib/llvm-19/bin/ld.lld ]] || return 0
  if [[ ! -x $wrapper ]]; then
    mkdir -p "$tools/bin"
    printf '#!/bin/sh\nexec cc -fuse-ld=lld -B/usr/lib/llvm-19/bin "$@"\n' >"$wrapper"
    chmod +x "$wrapper"
  fi
  host=$(rustc -vV | awk '/^host: / { print toupper($2) }')
  export "CARGO_TARGET_${host//-/_}_LINKER=$wrapper"
}

# Prints the version of the compiler in use, or nothing if there is none.
rust_version() { rustc --version 2>/dev/null | cut -d' ' -f2 || true; }

# Succeeds when the compiler in use is at least version $1 and can compile for the browser.
rust_ready() {
  at_least "$1" "$(rust_version)" &&
    compgen -G "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown/lib/libstd-*.rlib" >/dev/null
}

# Succeeds when version $2 is $1 or newer.
at_least() { [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n1) == "$1" ]]; }

# ---- The browser ----------------------------------------------------------------------------

# Prints the path of an installed Chromium or Chrome, or of the Chromium that Playwright fetched. The headless shell comes first: it has
# no window to draw, and takes a good third less of the processor.
find_browser() {
  local name
  for name in "${LATCHSTRING_BROWSER:-chromium-headless-shell}" chromium chromium-headless-shell google-chrome google-chrome-stable; do
    command -v "$name" && return
  done
  name=$(cd end2end && node -p 'require("@playwright/test").chromium.executablePath()' 2>/dev/null)
  command -v "$name"
}

# ---- Temporary databases ----------------------------------------------------------------------
# Each runs on a free port of 127.0.0.1 with a random password, keeps its files in its own
# temporary directory, and is stopped by stop_databases, which a script calls from its EXIT trap.

postgres_dir=''
redis_dir=''
redis_pid=''

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => {
    console.log(s.address().port); s.close() })'
}

random_password() { node -p 'require("crypto").randomBytes(16).toString("hex")'; }

# Prints the directory of initdb and pg_ctl, which Debian does not put on PATH.
postgres_bin() {
  local bin
  bin=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n1) ||
    bin=$(command -v initdb) || return 1
  dirname "$bin"
}

# Postgres refuses to run as root: root hands it to the user that its package has made.
as_postgres() (
  cd "$postgres_dir"
  if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
)

# Prints the folder for what nobody keeps: in memory, where the machine lends 4 GB of it as files, else /tmp. Tests make and
# remove databases by the thousand, and would wait for the file system of a disk more than for anything else.
scratch() {
  local free
  free=$(df --output=avail --block-size=1M /dev/shm 2>/dev/null | tail -n1)
  if [[ -w /dev/shm ]] && ((${free:-0} > 4000)); then echo /dev/shm; else echo /tmp; fi
}

# Starts Postgres and sets postgres_url. It keeps nothing safely, for tests only, unless $1 is `durable`.
start_postgres() {
  local port password bin folder risks
  if [[ ${1:-} == durable ]]; then
    folder=/tmp risks=''
  else
    folder=$(scratch) risks='-c fsync=off -c full_page_writes=off -c synchronous_commit=off'
  fi
  port=$(free_port)
  password=$(random_password)
  bin=$(postgres_bin)
  postgres_dir=$(mktemp -d "$folder/latchstring-postgres.XXXXXX")
  printf '%s\n' "$password" >"$postgres_dir/password"
  if ((EUID == 0)); then chown -R postgres "$postgres_dir"; fi

  as_postgres "$bin/initdb" --pgdata=data --username=postgres --auth=password --pwfile=password \
    --encoding=UTF8 --locale=C --no-sync >"$postgres_dir/initdb.log"
  as_postgres "$bin/pg_ctl" start --pgdata=data --log=postgres.log --wait --silent --options="\
    -p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 $risks" ||
    { cat "$postgres_dir/postgres.log" && die "Postgres did not start"; }
  # shellcheck disable=SC2034
  postgres_url=postgres://postgres:$password@127.0.0.1:$port/postgres
}

# Starts Redis and sets redis_url.
start_redis() {
  local port password try
  port=$(free_port)
  password=$(random_password)
  redis_dir=$(mktemp -d /tmp/latchstring-redis.XXXXXX)
  redis-server - >"$redis_dir/redis.log" <<END &
bind 127.0.0.1
port $port
requirepass $password
dir $redis_dir
save ""
END
  redis_pid=$!
  for try in {1..50}; do
    if (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    ((try < 50)) || { cat "$redis_dir/redis.log" && die "Redis did not start"; }
    sleep 0.1
  done
  # shellcheck disable=SC2034
  redis_url=redis://default:$password@127.0.0.1:$port
}

stop_databases() {
  if [[ -n $postgres_dir ]]; then
    as_postgres "$(postgres_bin)/pg_ctl" stop --pgdata=data --mode=immediate --silent || true
    rm -rf "$postgres_dir"
  fi
  if [[ -n $redis_pid ]]; then
    kill "$redis_pid" 2>/dev/null || true
    wait "$redis_pid" || true
  fi
  if [[ -n $redis_dir ]]; then rm -rf "$redis_dir"; fi
  postgres_dir='' redis_dir='' redis_pid=''
}
