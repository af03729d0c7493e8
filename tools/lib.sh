# Shell functions shared by ./run, ./test and the tools. Sourced, not run:
#
#   . "$(dirname "$0")/tools/lib.sh"
#
# Packages are always named, never fetched by address: apt knows the machine's
# mirror. What Debian 12 does not have comes from another Debian suite on that
# same mirror, through an apt state of our own under build/apt/, so the
# machine's own package sources are never touched.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD_ROOT=$ROOT/build
# Suites that guests are made of, the best first: what one signed is not always
# what a mirror has.
GUEST_SUITES="trixie forky"
DEBIAN_KEYS=/usr/share/keyrings/debian-archive-keyring.gpg
export LC_ALL=C.UTF-8

say() { printf '%s\n' "pogo: $*" >&2; }
die() { say "$*"; exit 1; }

# logged NAME COMMAND...: runs the command with its output in build/NAME.log,
# which is shown if, and only if, it fails.
logged() {
    local log=$BUILD_ROOT/$1.log; shift
    mkdir -p "$BUILD_ROOT"
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 60 "$log" >&2
        say "that failed: $* (whole log: ${log#"$ROOT"/})"
        return 1
    fi
}

# stamped NAME TEXT: true where build/stamps/NAME says that TEXT is done.
stamped() {
    local text=
    [ -f "$BUILD_ROOT/stamps/$1" ] &&
        read -r text <"$BUILD_ROOT/stamps/$1" && [ "$text" = "$2" ]
}

stamp() {
    mkdir -p "$BUILD_ROOT/stamps"
    printf '%s\n' "$2" >"$BUILD_ROOT/stamps/$1"
}

unstamp() { rm -f "$BUILD_ROOT/stamps/$1"; }

# One build or fetch at a time in this tree: a second one waits for the first.
lock_tree() {
    mkdir -p "$BUILD_ROOT"
    exec 9>"$BUILD_ROOT/.lock"
    flock -n 9 || { say "waiting for another build in this folder"; flock 9; }
}

unlock_tree() { exec 9>&-; }

# install_packages NAME PACKAGE...: installs those that are missing, and
# remembers under NAME that it looked.
install_packages() {
    local name=$1 missing package sudo=; shift
    stamped "$name" "$*" && return
    command -v apt-get >/dev/null ||
        die "this machine has no apt-get: install the equivalents of these Debian packages: $*"
    missing=()
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" \
            = installed ] || missing+=("$package")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        if [ "$(id -u)" != 0 ]; then
            sudo=sudo
            command -v sudo >/dev/null &&
                { [ -t 0 ] && [ -t 2 ] || sudo -n true 2>/dev/null; } ||
                die "please install these Debian packages, which needs root: ${missing[*]}"
            sudo -v || die "please install these Debian packages, which needs root: ${missing[*]}"
        fi
        say "installing: ${missing[*]}"
        # An update may fail for one source of many: what counts is whether
        # the install then works.
        logged apt-update $sudo apt-get -q update || true
        logged apt-install $sudo env DEBIAN_FRONTEND=noninteractive \
            apt-get -qy -o DPkg::Lock::Timeout=300 \
            install --no-install-recommends "${missing[@]}" || exit 1
    fi
    stamp "$name" "$*"
}

# Addresses of the Debian mirrors that apt is set up to use on this machine:
# first those that say of themselves that they are Debian, then, as where no
# list of packages was fetched yet, those that have this Debian's name.
debian_mirrors() {
    local codename format='$(ORIGIN)|$(RELEASE)|$(COMPONENT)|$(REPO_URI)'
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    {
        apt-get indextargets --format "$format" \
            'Created-By: Packages' 'Origin: Debian' || true
        apt-get indextargets --no-release-info --format "$format" \
            'Created-By: Packages' || true
    } 2>/dev/null | awk -F'|' -v codename="$codename" '
        $3 == "main" && $4 !~ /^cdrom:/ && !seen[$4] &&
        ($2 == codename || $2 ~ /^(old)*stable$/) { seen[$4] = 1; print $4 }'
}

# suite_apt SUITE ARCH TOOL ARGS...: an apt tool on the state of one suite.
# ${APT_STATUS} names the dpkg status it believes in; by default an empty one.
suite_apt() {
    local suite=$1 arch=$2 tool=$3 state=$BUILD_ROOT/apt/$1-$2; shift 3
    "$tool" -q \
        -o "Dir::State=$state" -o "Dir::State::lists=$state/lists" \
        -o "Dir::State::status=${APT_STATUS:-$state/status}" \
        -o "Dir::Cache=$state/cache" \
        -o "Dir::Cache::archives=$state/cache/archives" \
        -o "Dir::Etc::SourceList=$state/sources.list" \
        -o "Dir::Etc::SourceParts=/dev/null" -o "Dir::Etc::Preferences=/dev/null" \
        -o "Dir::Etc::PreferencesParts=/dev/null" \
        -o "APT::Architecture=$arch" -o "APT::Architectures=$arch" \
        -o "APT::Sandbox::User=$(id -un)" -o "APT::Get::AllowUnauthenticated=0" \
        -o "Acquire::Languages=none" -o "Acquire::Retries=3" \
        -o "APT::Update::Post-Invoke::=" -o "DPkg::Post-Invoke::=" "$@"
}

# suite_update SUITE ARCH: fetches the suite's lists of packages. A suite with
# a dash, as bookworm-backports, is used together with the one it extends.
suite_update() {
    local suite=$1 arch=$2 state=$BUILD_ROOT/apt/$1-$2 mirror s mirrors
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    touch "$state/status"
    mirrors=$(debian_mirrors)
    [ -n "$mirrors" ] ||
        die "apt has no Debian source on this machine: add one to /etc/apt/sources.list"
    [ -r "$DEBIAN_KEYS" ] || die "please install debian-archive-keyring"
    for mirror in $mirrors; do
        for s in $(printf '%s\n' "${suite%%-*}" "$suite" | uniq); do
            echo "deb [signed-by=$DEBIAN_KEYS] $mirror $s main"
        done >"$state/sources.list"
        if suite_apt "$suite" "$arch" apt-get update \
            -o APT::Update::Error-Mode=any >"$state/update.log" 2>&1; then
            touch "$state/updated"
            return
        fi
    done
    tail -n 20 "$state/update.log" >&2
    die "the package lists of Debian $suite ($arch) could not be fetched"
}

# first_suite ARCH SUITE...: prints the first of the suites whose lists can be
# had, freshly: names and versions of packages change.
first_suite() {
    local arch=$1 suite log; shift
    log=$BUILD_ROOT/suite.log
    for suite in "$@"; do
        (suite_update "$suite" "$arch" 2>"$log") && { echo "$suite"; return; }
        say "$(tail -n 1 "$log" | cut -d' ' -f2-)"
    done
    return 1
}

# fetch_closure SUITE ARCH FOLDER PACKAGE...: puts the packages and all that
# they depend on into FOLDER, packed. SUITE's lists must have been fetched.
fetch_closure() {
    local suite=$1 arch=$2 folder=$3 state=$BUILD_ROOT/apt/$1-$2; shift 3
    mkdir -p "$folder/partial"
    suite_apt "$suite" "$arch" apt-get -y --no-install-recommends \
        -o "Dir::Cache::archives=$folder" -o Debug::NoLocking=true \
        -o Binary::apt-get::Keep-Downloaded-Packages=1 \
        install --download-only "$@" >"$state/download.log" 2>&1 || {
        tail -n 20 "$state/download.log" >&2
        die "these packages of Debian $suite ($arch) could not be fetched: $*"
    }
    rm -r "$folder/partial"
}

# fetch_packages SUITE ARCH FOLDER PACKAGE...: unpacks packages, by name and
# without what they depend on, into FOLDER.
fetch_packages() {
    local suite=$1 arch=$2 folder=$3 state=$BUILD_ROOT/apt/$1-$2 deb; shift 3
    local debs=$state/debs.$$
    [ -f "$state/updated" ] || suite_update "$suite" "$arch"
    rm -rf "$debs"; mkdir -p "$debs" "$folder"
    # Lists that have aged name packages that are gone: renew them once.
    if ! (cd "$debs" && suite_apt "$suite" "$arch" apt-get download "$@") \
        >"$state/download.log" 2>&1; then
        suite_update "$suite" "$arch"
        (cd "$debs" && suite_apt "$suite" "$arch" apt-get download "$@") \
            >"$state/download.log" 2>&1 || {
            tail -n 20 "$state/download.log" >&2
            die "these packages of Debian $suite ($arch) could not be fetched: $*"
        }
    fi
    for deb in "$debs"/*.deb; do
        dpkg-deb -x "$deb" "$folder" || die "cannot unpack $deb"
    done
    rm -rf "$debs"
}
