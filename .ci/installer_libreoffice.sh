#!/usr/bin/env bash
# Installs what PDF output needs: LibreOffice, fonts of the same widths as Word's, poppler. Does nothing where all is there.
# Exit code: 0 when LibreOffice is there at the end, 3 when it is not (Word documents are made all the same).
set -uo pipefail
cd "$(dirname "$0")/.."
. .ci/apt.sh

OLDEST=24.8
BACKPORTS=/etc/apt/sources.list.d/bookworm-backports.list

main() {
    local missing obstacle
    missing=$(list_missing)
    [ -n "$missing" ] || exit 0
    obstacle=$(apt_obstacle)
    if [ -n "$obstacle" ]; then
        conclude "$obstacle"
    fi
    say "Installation de $missing (quelques minutes la première fois)…"
    apt_update || conclude "« apt-get update » a échoué (détail : .ci/journal.log)"
    has_fonts || apt_install fontconfig fonts-liberation fonts-crosextra-carlito fonts-crosextra-caladea
    has_poppler || apt_install poppler-utils
    has_office || install_office
    conclude "apt n'a pas pu les installer (détail : .ci/journal.log)"
}

# What is still missing, in words.
list_missing() {
    local names=()
    has_office || names+=("LibreOffice $OLDEST ou plus récent")
    has_fonts || names+=("polices Carlito, Caladea et Liberation")
    has_poppler || names+=("poppler-utils")
    join_names "${names[@]}"
}

join_names() {
    local text=${1:-} name
    for name in "${@:2}"; do text+=", $name"; done
    printf '%s' "$text"
}

conclude() {
    local missing
    missing=$(list_missing)
    [ -z "$missing" ] && exit 0
    if has_office; then
        say "Il manque $missing, et $1 : les PDF seront produits, leur mise en page ou leur contrôle peut en souffrir."
        exit 0
    fi
    say "Il manque $missing, et $1 : les documents Word seront produits, pas les PDF. LibreOffice se télécharge sur libreoffice.org."
    exit 3
}

has_office() {
    local program
    for program in "${DLA_DOCS_SOFFICE:-}" soffice libreoffice /opt/libreoffice*/program/soffice /Applications/LibreOffice.app/Contents/MacOS/soffice; do
        if command -v "$program" >/dev/null && is_recent "$("$program" --version 2>/dev/null)"; then
            return
        fi
    done
    return 1
}

has_fonts() {
    local family
    command -v fc-list >/dev/null || return 1
    for family in Carlito Caladea "Liberation Sans"; do
        [ -n "$(fc-list "$family" 2>/dev/null)" ] || return 1
    done
}

has_poppler() { command -v pdftotext >/dev/null && command -v pdftoppm >/dev/null; }

# $1: any text with a version in it (« LibreOffice 25.2.3.2 », « 4:25.2.3-2+deb13u5 »).
is_recent() {
    [[ $1 =~ ([0-9]+)\.([0-9]+) ]] && (( BASH_REMATCH[1] * 100 + BASH_REMATCH[2] >= 2408 ))
}

install_office() {
    local package release=()
    package=$(office_package)
    if ! is_recent "$(candidate "$package")" && enable_backports; then
        release=(-t bookworm-backports)
    fi
    is_recent "$(candidate "$package" "${release[@]}")" && apt_install "${release[@]}" "$package"
}

# An office with windows is upgraded as such: its variant without windows would chase it away.
office_package() {
    if dpkg-query -W -f='${Status}' libreoffice-core 2>/dev/null | grep -q '^install ok'; then
        echo libreoffice-writer
    else
        echo libreoffice-writer-nogui
    fi
}

# The version apt would install of $1; further words go to apt-cache.
candidate() { LC_ALL=C apt-cache "${@:2}" policy "$1" | sed -n 's/^ *Candidate: //p'; }

# Debian 12 has LibreOffice 7.4, too old; its backports have a recent one, on the mirror that this machine already uses.
enable_backports() {
    [ "$(. /etc/os-release && echo "${VERSION_CODENAME:-}")" = bookworm ] || return 1
    if ! apt-get indextargets --format '$(RELEASE)' | grep -qx bookworm-backports; then
        say "Ajout de bookworm-backports aux sources d'apt ($BACKPORTS)…"
        backports_source | as_root tee "$BACKPORTS" >/dev/null 2>>"$JOURNAL"
        APT_UPDATED=
        apt_update
    fi
}

backports_source() {
    local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg signed=""
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Codename: bookworm' 'Component: main' | head -n 1)
    [ -f "$keyring" ] && signed="[signed-by=$keyring] "
    echo "deb $signed$mirror bookworm-backports main"
}

main
