#!/usr/bin/env bash
# Makes .venv, or completes it, from the lock file given; make calls it when that file or
# pyproject.toml changed. A lock is installed as it is written: nothing is resolved anew, so that a
# release of tomorrow changes nothing today.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/apt.sh

main() {
    local python lock=${1:-}
    [ -n "$lock" ] || fail "Dites quel verrou installer : « make dossier » et « make test » le font, ou « bash .ci/installer_python.sh requirements.lock »."
    [ -f "$lock" ] || fail "« $lock » manque dans ce dossier : reprenez-le du dépôt (« git checkout -- $lock »)."
    python=$(find_python) || fail "$(no_python)"
    stands "$python" || make_venv "$python"
    say "Installation des bibliothèques Python dans .venv (la première fois, quelques minutes)…"
    pip_install "$lock" --no-deps --require-hashes -r "$lock"
    pip_install "$lock" --no-deps --no-build-isolation -e .
    .venv/bin/python -m pip check >>"$JOURNAL" 2>&1 \
        || fail "Les bibliothèques installées ne vont pas ensemble (détail : .ci/journal.log) : « make clean », puis recommencez."
    nothing_lost
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

no_python() {
    if [ -n "${PYTHON:-}" ]; then
        echo "« $PYTHON » ne lance pas un Python 3.11 ou plus récent : corrigez « PYTHON=$PYTHON », ou ôtez-le pour prendre celui de la machine."
    else
        echo "Python 3.11 ou plus récent est introuvable : installez-le, ou indiquez-le par « make PYTHON=/chemin/vers/python3 … »."
    fi
}

# .venv was made here (copied or moved, its programs are those of another folder), and by the Python
# that is asked for, when one is.
stands() {
    has_pip && grep -qsF "$(pwd -P)/.venv" .venv/bin/activate || return 1
    [ -z "${PYTHON:-}" ] || [ "$(identity .venv/bin/python)" = "$(identity "$1")" ]
}

identity() { "$1" -c 'import sys; print(sys.version, sys.base_prefix)'; }

has_pip() { .venv/bin/python -c 'import pip' 2>/dev/null; }

make_venv() {
    local obstacle=""
    [ ! -L .venv ] || rm .venv # what it leads to belongs to another folder
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
    local lock=$1 said
    shift
    said=$(mktemp)
    if .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@" >>"$JOURNAL" 2>"$said"; then
        cat "$said" >>"$JOURNAL"
        rm -f "$said"
        return
    fi
    cat "$said" >>"$JOURNAL"
    fail "L'installation des bibliothèques Python a échoué : $(cause "$lock" "$(cat "$said"; rm -f "$said")") (détail : .ci/journal.log)."
}

# Without network pip says too that it finds no version: what it says of the network comes first.
cause() {
    local lock=$1 said=$2 missing
    missing=$(sed -n 's/.*No matching distribution found for \([^ ]*\).*/\1/p' <<<"$said" | head -n 1)
    case $said in
        *"DO NOT MATCH THE HASHES"*) echo "ce qui a été reçu n'est pas ce que « $lock » attend, l'empreinte diffère. Reprenez le verrou du dépôt (« git checkout -- $lock ») ; si elle diffère encore, n'installez pas ce paquet" ;;
        *"Retrying ("* | *"onnection"* | *"name resolution"* | *"timed out"* | *"SSLError"*) echo "vérifiez l'accès à Internet, puis recommencez" ;;
        *"No space left"*) echo "le disque est plein ; faites de la place, puis recommencez" ;;
        *"No matching distribution"*) echo "« $missing », que « $lock » demande, ne se trouve pas pour ce Python. Reprenez le verrou du dépôt (« git checkout -- $lock »), ou prenez un autre Python (« make PYTHON=python3.13 … »)" ;;
        *) echo "pip en dit la raison dans le journal. « make clean », puis recommencez" ;;
    esac
}

# pip believes what is written of a library, whether its files are there or not.
nothing_lost() {
    local lost
    lost=$(.venv/bin/python - <<'EOF'
from importlib.metadata import distributions

for one in distributions():
    modules = (file for file in one.files or () if file.suffix == ".py")
    if not all(file.locate().exists() for file in modules):
        print(one.name)
EOF
    )
    [ -z "$lost" ] || fail "Des fichiers manquent dans .venv à ${lost//$'\n'/, } : « make clean », puis recommencez."
}

fail() {
    say "$*"
    exit 1
}

main "$@"
