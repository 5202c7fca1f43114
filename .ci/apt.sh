# Sourced by the installers: how a Debian package gets installed. Everything apt says goes to the journal; people read one French sentence.
JOURNAL="$PWD/.ci/journal.log"

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@" # nobody is there to type a password
    fi
}

# Prints why apt cannot be used; prints nothing when it can.
apt_obstacle() {
    if ! command -v apt-get >/dev/null; then
        echo "apt n'existe pas sur cette machine"
    elif [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        echo "il faut être administrateur et sudo n'est pas installé"
    elif ! as_root true 2>>"$JOURNAL"; then
        echo "il faut être administrateur et sudo le refuse"
    fi
}

apt_update() {
    [ -n "${APT_UPDATED:-}" ] || as_root apt-get -q update >>"$JOURNAL" 2>&1 || return 1
    APT_UPDATED=1
}

# --no-remove: what people already have on their machine is never taken away.
apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends --no-remove "$@" >>"$JOURNAL" 2>&1
}
