#!/usr/bin/env bash
# Runs a committed model in onnxruntime-node and compares with the C# runtime's outputs, then runs the JavaScript sample of
# docs/model-format.md against rows that the built command line generates:
#     bash tools/parity/check_node.sh models/breast-cancer tests/Runtime.Tests/Oracles/breast-cancer-golden.json
# Needs node and npm; installs onnxruntime-node into a temporary folder. Where that can't be had, says so and passes, but
# fails where the environment has CI=true.
set -euo pipefail
# ONNX Runtime would otherwise report to its makers; see src/Runtime/Model/OnnxTelemetry.cs.
export ORT_DISABLE_TELEMETRY=1
version=1.30.0

missing() {
    echo "check_node: $1, nothing was checked"
    [ "${CI:-}" = true ] && exit 1 || exit 0
}

command -v node >/dev/null && command -v npm >/dev/null || missing 'node or npm is missing'
modules=$(mktemp -d)
trap 'rm -rf "$modules"' EXIT
# Its install script would download further execution providers; the CPU's is in the package.
npm install --silent --ignore-scripts --no-save --no-audit --no-fund --prefix "$modules" "onnxruntime-node@$version" >/dev/null 2>&1 || missing "onnxruntime-node@$version can't be installed"
node "$(dirname "$0")/node/check.mjs" "$modules" "$@"
tools=$(cd "$(dirname "$0")/.." && pwd)
dotnet run -c Release --no-build --project "$tools/leocvae" -- generate "$1" --class malignant=200 --out "$modules/rows.csv" --quiet
node "$tools/parity/node/generate.mjs" "$modules" "$1" "$tools/../tests/Runtime.Tests/Oracles/counter-random.json" "$modules/rows.csv"
node "$tools/parity/node/mixed.mjs" table > "$modules/mixed.csv"
leocvae() { dotnet run -c Release --no-build --project "$tools/leocvae" -- "$@" --quiet; }
leocvae train "$modules/mixed.csv" --model "$modules/mixed" --epochs 20
class=$(sed -n '2s/.*,//p' "$modules/mixed.csv")
leocvae generate "$modules/mixed" --class "$class=300" --out "$modules/mixed-rows.csv"
node "$tools/parity/node/mixed.mjs" "$modules" "$modules/mixed" "$modules/mixed-rows.csv" 300
