#!/usr/bin/env bash
# Runs the samples of one file as their users do, on the demo's table and the committed model.
set -euo pipefail
cd "$(dirname "$0")/.."
table=tools/leocvae/Demo/breast-cancer.csv here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

# sample, what it prints (a regular expression), arguments ...
run() {
    local printed
    printed=$(dotnet run -c Release "samples/$1.cs" "${@:3}")
    printf '%s: %s\n' "$1" "$printed"
    [[ $printed =~ $2 ]] || { echo "expected $2"; exit 1; }
}
run oversample '569 rows, 714 with the synthetic ones' "$table" diagnosis "$here/balanced.csv"
[ "$(wc -l < "$here/balanced.csv")" = 715 ]
run mlnet '714 with the synthetic ones.*5 folds: 0\.9[0-9]+ without, 0\.9[0-9]+ with' "$table"
run vectors '114 new rows: [0-9.]+ % of the 10 nearest' "$table" diagnosis

# As it is deployed: compiled by Native AOT, beside its model.
dotnet publish samples/handler.cs -o "$here/function"
cp -r models/breast-cancer "$here/function/model"
answer() { printf '%s' "$1" | "$here/function/handler"; }
answer '{"counts": {"malignant": 2, "benign": 1}, "seed": 7}' | python3 -c '
import json, sys
rows = json.load(sys.stdin)["rows"]
assert [row["diagnosis"] for row in rows] == ["malignant", "malignant", "benign"], rows
assert all(len(row) == 31 for row in rows), rows'
for wrong in '' '[]' null '{}' '{"counts": null}' '{"counts": {"malign": 1}}' '{"counts": {"benign": -1}}' \
    '{"counts": {"benign": 20000}}' '{"counts": {}, "sed": 1}'; do
    ! said=$(answer "$wrong") && [[ $said == '{"error":"'* ]] || { echo "handler: got $said for $wrong, expected an error"; exit 1; }
done
