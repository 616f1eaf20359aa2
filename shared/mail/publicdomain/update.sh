#!/bin/sh
# Writes domains.txt.gz again from a version of the npm package free-email-domains:
#   ./update.sh 1.12.6
set -eu
version=${1:?the version of the package, as in 1.12.6}
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm pack --silent "free-email-domains@$version" >/dev/null
tar -xzf free-email-domains-*.tgz package/domains.json
node -e 'for (const d of JSON.parse(require("fs").readFileSync("package/domains.json"))) console.log(d.trim().toLowerCase())' |
	LC_ALL=C grep -E '^[a-z0-9.-]+\.[a-z0-9-]+$' | LC_ALL=C sort -u | gzip -9 -n >"$here/domains.txt.gz"
