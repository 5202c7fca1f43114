#!/usr/bin/env bash
# Makes .venv, or completes it, from the lock file given; make calls it when that file or
# pyproject.toml changed. A lock is installed as it is written: nothing is resolved anew, so that a
# release of tomorrow changes nothing today.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/apt.sh

main() {
    local python lock=$1
    python=$(find_python) || fail "Python 3.11 ou plus récent est introuvable : installez-le, ou indiquez-le par « make PYTHON=/chemin/vers/python3 … »."
    has_pip || make_venv "$python"
    say "Installation des bibliothèques Python dans .venv (la première fois, quelques minutes)…"
    pip_install --no-deps --require-hashes -r "$lock"
    pip_install --no-deps --no-build-isolation -e .
    .venv/bin/python -m pip check >>"$JOURNAL" 2>&1 \
        || fail "Les bibliothèques installées ne vont pas ensemble (détail : .ci/journal.log) : « make clean », puis recommencez."
}

find_python() {
    local candidate candidates=(python3 python3.14 python3.13 python3.12 python3.11)
    [ -z "${PYTHON:-}" ] || candidates=("$PYTHON")
    for candidate in "${candidates[@]}"; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

has_pip() { .venv/bin/python -c 'import pip' 2>/dev/null; }

make_venv() {
    local obstacle=""
    if ! has_ensurepip "$1"; then
        obstacle=$(install_ensurepip "$1")
    fi
    if has_ensurepip "$1"; then
        "$1" -m venv --clear .venv
    else
        borrow_pip "$1" >>"$JOURNAL" 2>&1 || fail "Il manque le paquet $(venv_package "$1"), et $obstacle : installez-le, puis recommencez."
    fi
}

# Debian ships Python without ensurepip, which venv needs.
has_ensurepip() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

venv_package() { "$1" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))'; }

# Prints why it could not.
install_ensurepip() {
    local obstacle
    obstacle=$(apt_obstacle)
    if [ -n "$obstacle" ]; then
        echo "$obstacle"
        return
    fi
    say "Installation de $(venv_package "$1")…"
    { apt_update && apt_install "$(venv_package "$1")"; } || echo "apt n'a pas pu l'installer (détail : .ci/journal.log)"
}

# Whoever may not install a Debian package may still download one: the pip in it runs as it is.
borrow_pip() {
    local folder wheel
    "$1" -m venv --clear --without-pip .venv
    folder=$(mktemp -d) || return
    mkdir -p "$folder/lists/partial" "$folder/archives/partial"
    (
        cd "$folder" || exit
        apt_here=(apt-get -q -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder")
        "${apt_here[@]}" update && "${apt_here[@]}" download python3-pip-whl && dpkg-deb -x python3-pip-whl_*.deb .
    )
    wheel=$(compgen -G "$folder/usr/share/python-wheels/pip-*.whl")
    .venv/bin/python "$wheel/pip" install --no-index "$wheel"
    rm -rf "$folder"
    has_pip
}

pip_install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@" 2>>"$JOURNAL" \
        || fail "L'installation des bibliothèques Python a échoué : vérifiez l'accès à Internet, puis recommencez (détail : .ci/journal.log)."
}

fail() {
    say "$*"
    exit 1
}

main "$@"
