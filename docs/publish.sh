#!/bin/sh
# Publishes the site when its sources have changed, or when something in it has come due.
set -eu
cd "${SITE:-/srv/mr/site}"
last=${LAST:-/srv/mr/last}                  # the commit and the time of the build that was published last
git pull --quiet --rebase --autostash
head=$(git rev-parse HEAD)
if [ -e "$last" ]; then
    read -r commit built <"$last" || :      # an empty file means: build
    if [ "${commit:-}" = "$head" ] && anslag due --since "$built" >/dev/null; then exit 0; fi
fi
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
anslag build --quiet --now "$now"
rsync --recursive --checksum --delete-after --exclude .gitkeep public/ "${TARGET:-server:/srv/www/mr/}"
git add addresses.lock                      # the addresses that are public from now on
git diff --cached --quiet || git commit --quiet --message "What is published"
[ -z "$(git rev-list '@{u}..HEAD')" ] || git push --quiet
echo "$(git rev-parse HEAD) $now" >"$last.new" && mv "$last.new" "$last"
