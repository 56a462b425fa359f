#!/usr/bin/env bash
# Five minutes of load on the API, compiled by Native AOT: no request may fail, and memory has to stay flat.
#     bash samples/GenerateApi/soak.sh [SECONDS]
# Needs wrk. Ten rows as JSON a request, from 16 connections, and malformed requests beside them all the time.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-300} out=artifacts/api here=$(mktemp -d)
[ -x "$out/GenerateApi" ] || dotnet publish -c Release -r linux-x64 samples/GenerateApi -o "$out"

"$out/GenerateApi" --Model models/breast-cancer --urls http://127.0.0.1:0 > "$here/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$here"' EXIT
until address=$(grep -om1 'http://127.0.0.1:[0-9]*' "$here/log"); do kill -0 "$server"; sleep 0.1; done

cat > "$here/ten.lua" <<'LUA'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"counts": {"malignant": 5, "benign": 5}}'
LUA
cat > "$here/wrong.lua" <<'LUA'
local bodies = {'{', '{"counts": {"malign": 1}}', '{"counts": {"benign": -1}}', '{"counts": {"benign": 1e99}}', '\255\0', ''}
local next = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request()
    next = next % #bodies + 1
    return wrk.format(nil, nil, nil, bodies[next])
end
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() others = 0 end
function response(status) if status ~= 400 then others = others + 1 end end
function done() for _, thread in ipairs(threads) do print("answers other than 400: " .. thread:get("others")) end end
LUA
memory() { awk '/VmRSS/ { print $2 / 1024 }' "/proc/$server/status"; }
echo "load average $(cut -d' ' -f1 /proc/loadavg) on $(nproc) cores"
wrk -t1 -c16 -d5s -s "$here/ten.lua" "$address/generate" > /dev/null
echo "memory after 5 seconds: $(memory) MiB"
wrk -t1 -c1 -d"${seconds}s" -s "$here/wrong.lua" "$address/generate" > "$here/wrong" &
wrong=$!
wrk -t1 -c16 -d"${seconds}s" --latency -s "$here/ten.lua" "$address/generate" > "$here/ten" &
load=$!
while kill -0 "$load" 2>/dev/null; do sleep 15; echo "$(memory) MiB, load average $(cut -d' ' -f1 /proc/loadavg)"; done
wait "$load" "$wrong"
cat "$here/ten" "$here/wrong"
# wrk names them only where there are some; what is malformed isn't 2xx.
if grep -E 'Socket errors|Non-2xx' "$here/ten" || grep 'Socket errors' "$here/wrong"; then exit 1; fi
grep -q 'answers other than 400: 0$' "$here/wrong"
[ "$(curl -sf "$address/health")" = Healthy ]
echo "memory at the end: $(memory) MiB; healthy, no request failed"
