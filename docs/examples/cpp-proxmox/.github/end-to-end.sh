#!/bin/sh
# The life of a container, by the runtime that was just built: create, start, kill, delete.
# Usage: end-to-end.sh RUNTIME
set -eu

runtime=$(realpath "$1")
folder=$(mktemp -d)
# Two jobs of one machine must not meet.
name="e2e-${GITHUB_RUN_ID:-0}-${GITHUB_RUN_ATTEMPT:-0}-$$"

run() {
  sudo "$runtime" --root "$folder/state" "$@"
}

# Whatever happens, no container and no mount is left for the next job.
clean() {
  run delete --force "$name" 2> /dev/null || true
  sudo rm -rf "$folder"
}
trap clean EXIT
trap 'exit 130' INT TERM

mkdir -p "$folder/bundle/rootfs/bin"
cp "$(command -v busybox)" "$folder/bundle/rootfs/bin/sleep"
cd "$folder/bundle"
run spec
# A job has no terminal; and what is to be killed must not have ended by itself.
sudo sed -i -e 's/"terminal": true/"terminal": false/' -e 's/^\([[:space:]]*\)"sh"$/\1"sleep", "60"/' config.json
run create --bundle "$folder/bundle" "$name"
run start "$name"
run kill "$name" KILL
run delete "$name"
echo "$name lived and died as it should"
