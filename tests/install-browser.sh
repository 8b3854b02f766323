#!/usr/bin/env bash
# Installs Debian's Chromium, which the browser test drives, where it is missing and we may.
# Without it the browser test is skipped on a developer's machine, and CI fails.
set -uo pipefail

browser=/usr/bin/chromium
[ -x "$browser" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's chromium for the browser test…"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
    [ -x "$browser" ] && exit 0
fi

echo "The browser test needs $browser and it could not be installed." \
     "As root: apt-get update && apt-get install chromium fonts-dejavu-core" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
