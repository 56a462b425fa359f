#!/usr/bin/env bash
# Runs the samples as their users do: rows in node, and the page in headless Chromium, with a screenshot.
#     bash samples/javascript/check.sh models/breast-cancer [SCREENSHOT.png]
# Needs node and npm; where one can't be had, says so and passes, but fails where the environment has CI=true. Without Chromium the page
# isn't looked at, and that is said.
set -euo pipefail
export ORT_DISABLE_TELEMETRY=1
version=1.30.0 model=$(realpath "$1") screenshot=${2:-} here=$(cd "$(dirname "$0")" && pwd)

missing() {
    echo "samples/javascript: $1, nothing was checked"
    [ "${CI:-}" = true ] && exit 1 || exit 0
}

for tool in node npm; do command -v "$tool" >/dev/null || missing "$tool is missing"; done
site=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$site"' EXIT
npm install --silent --ignore-scripts --no-save --no-audit --no-fund --prefix "$site" "onnxruntime-node@$version" "onnxruntime-web@$version" >/dev/null 2>&1 ||
    missing "onnxruntime $version can't be installed"

MODULES=$site node "$here/node.mjs" "$model" "$(node -p "require('$model/model.json').classes[0]")" 50 > "$site/rows.ndjson"
node "$here/valid.mjs" "$model" < "$site/rows.ndjson"

command -v chromium >/dev/null || { echo "samples/javascript: chromium is missing, the page was not looked at"; exit 0; }
cp "$here"/index.html "$here"/rows.mjs "$site"
cp -r "$model" "$site/model"
mkdir "$site/ort" && cp "$site"/node_modules/onnxruntime-web/dist/ort{.wasm.min.mjs,-wasm-simd-threaded.mjs,-wasm-simd-threaded.wasm} "$site/ort"
node "$here/serve.mjs" "$site" > "$site/port" &
server=$!
until [ -s "$site/port" ]; do sleep 0.1; done
page="http://127.0.0.1:$(cat "$site/port")/index.html"
browse() { timeout 120 chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$site/profile" --window-size=1200,900 \
    --virtual-time-budget=60000 "$@" "$page" 2>/dev/null; }
browse --dump-dom > "$site/dom.html"
rows=$(grep -o 'data-rows="[0-9]*"' "$site/dom.html" | tr -dc 0-9)
cells=$(grep -o '<td>' "$site/dom.html" | wc -l) bars=$(grep -o '<rect ' "$site/dom.html" | wc -l)
[ "${rows:-0}" -gt 0 ] && [ "$cells" -gt 20 ] && [ "$bars" -gt 20 ] || { echo "the page made no rows: got ${rows:-0} rows, $cells cells, $bars bars"; exit 1; }
echo "page: $rows rows, $cells cells in the table, $bars bars"
[ -z "$screenshot" ] || browse --screenshot="$(realpath "$screenshot")" >/dev/null
