#!/usr/bin/env bash
# Builds the site of the docs and the public API into artifacts/site, from a Release build. A warning fails.
set -euo pipefail
cd "$(dirname "$0")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
rm -rf artifacts/pages artifacts/site
url=$(dotnet msbuild src/Runtime -getProperty:RepositoryUrl)
python3 tools/site/pages.py artifacts/pages "$url"
dotnet tool restore
dotnet docfx tools/site/docfx.json --warningsAsErrors
for page in index docs/method samples/index api/LeoCvae.LeoModel CHANGELOG; do [ -s "artifacts/site/$page.html" ]; done
echo "$(find artifacts/site -name '*.html' | wc -l) pages in artifacts/site"
