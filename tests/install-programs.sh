#!/usr/bin/env bash
# Installs from Debian what the tests drive, where it is missing and we may: Chromium (the page), LibreOffice
# (old Word, PDF made of Word), Tesseract with Vietnamese (scans).
# Without them those tests are skipped on a developer's machine, and CI fails.
set -uo pipefail

missing=()
[ -x /usr/bin/chromium ] || missing+=(chromium fonts-dejavu-core)
command -v soffice >/dev/null || missing+=(libreoffice-writer libreoffice-calc libreoffice-impress fonts-liberation)
{ command -v tesseract && tesseract --list-langs | grep -qx vie; } >/dev/null 2>&1 || missing+=(tesseract-ocr tesseract-ocr-vie tesseract-ocr-osd fonts-dejavu-core)
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests: ${missing[*]}…"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
fi

echo "Some tests need ${missing[*]}, which could not be installed." \
     "As root: apt-get update && apt-get install ${missing[*]}" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
