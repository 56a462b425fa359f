#!/usr/bin/env bash
# Packs everything into artifacts/packages, and uses the packages as a stranger would: in new projects outside the repository, whose own
# package cache gets ours from that folder (what they depend on may come from the user's cache). Runs the READMEs' code and the tool.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
root=$PWD feed=$PWD/artifacts/packages
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

fail() { printf '%s\n' "$*" >&2; exit 1; }

# Built apart from everything else: what was built without ContinuousIntegrationBuild holds paths of this machine.
rm -rf "$feed"
for project in src/Runtime src/Training src/Training.Torch src/Tables src/Evaluation src/Extensions src/MLNet src/All tools/leocvae; do
    dotnet pack -c Release "$project" -o "$feed" --artifacts-path artifacts/pack -p:ContinuousIntegrationBuild=true
done

for package in "$feed"/*.nupkg; do
    name=$(basename "$package" .0.1.0.nupkg)
    python3 - "$package" "$here/$name" <<'PYTHON'
import sys, zipfile
zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])
PYTHON
    for file in README.md icon.png; do
        [ -s "$here/$name/$file" ] || fail "$name: no $file"
    done
    ! grep -nE '\]\((/|\.|docs)' "$here/$name/README.md" || fail "$name: a link of its README leads nowhere outside the repository"
    for link in $(grep -oE '\]\(https://[^)]*/blob/main/[^)#]*' "$here/$name/README.md" | sed 's|.*/blob/main/||'); do
        [ -f "$link" ] || fail "$name: its README links $link, which isn't in the repository"
    done
    ! grep -rlF "$root" "$here/$name" || fail "$name: holds a path of this machine"
    ! grep -oE 'id="LeoCvae[^"]*" version="[^[][^"]*"' "$here/$name"/*.nuspec || fail "$name: takes other versions of our packages"
    grep -q '<repository type="git" url="https://' "$here/$name"/*.nuspec || fail "$name: no repository"
    case $name in
        leocvae | LeoCvae.All) ;;
        *) [ -s "$here/$name/lib/net10.0/$name.xml" ] && [ -s "$feed/$name.0.1.0.snupkg" ] || fail "$name: no documentation or symbols" ;;
    esac
done

# Nothing of the repository's build files reaches them there.
cat > "$here/nuget.config" <<XML
<configuration>
  <config><add key="globalPackagesFolder" value="$here/cache" /></config>
  <packageSources><add key="ours" value="$feed" /></packageSources>
  <fallbackPackageFolders><add key="dependencies" value="$(dotnet nuget locals global-packages --list | cut -d' ' -f2)" /></fallbackPackageFolders>
</configuration>
XML
echo '<Project />' | tee "$here/Directory.Build.props" > "$here/Directory.Build.targets"
cp tools/leocvae/Demo/breast-cancer.csv "$here/table.csv"

# The first C# block of a README.
code() { awk '/^```csharp/ { inside = 1; next } /^```/ { exit } inside' "$root/$1/README.md"; }

# name, package ..., then the program on standard input; runs beside the table.
run() {
    local name=$1 references='' package
    shift
    for package in "$@"; do references+="<PackageReference Include=\"$package\" Version=\"0.1.0\" />"; done
    mkdir -p "$here/projects/$name"
    cat > "$here/projects/$name/$name.csproj" <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable><TreatWarningsAsErrors>true</TreatWarningsAsErrors>
  </PropertyGroup>
  <ItemGroup>$references</ItemGroup>
</Project>
XML
    cat > "$here/projects/$name/Program.cs"
    dotnet build -c Release "$here/projects/$name" -o "$here/bin/$name"
    (cd "$here" && dotnet "bin/$name/$name.dll")
}

# A README's code, after a line that reads the table.
on_table() {
    code "$1" | grep '^using Leo'
    echo 'Table table = TableFile.Read("table.csv", target: "diagnosis");'
    code "$1" | grep -v '^using Leo'
}

run All LeoCvae.All < <(code src/All)
[ "$(wc -l < "$here/balanced.csv")" = 715 ] || fail 'LeoCvae.All: expected 357 rows of each class'
run Train LeoCvae.Training LeoCvae.Tables < <(on_table src/Training)
run Use LeoCvae.Runtime < <(code src/Runtime; echo 'Console.WriteLine($"{rows.RowCount} rows, {embedding.Columns} latent means, {entropy.Bits[0]:0.00} bits");')
run Read LeoCvae.Tables < <(code src/Tables)
run Evaluate LeoCvae.Evaluation LeoCvae.Tables < <(on_table src/Evaluation)

run MLNet LeoCvae.MLNet < <(code src/MLNet)
run Serve LeoCvae.Extensions < <(code src/Extensions)

# What an application grows by: three assemblies, no native library.
ls "$here/bin/Use"
bytes=$(cat "$here/bin/Use"/{LeoCvae.Runtime,Microsoft.ML.OnnxRuntime,System.Numerics.Tensors}.dll | wc -c)
[ "$bytes" -le 1500000 ] || fail "LeoCvae.Runtime adds $bytes bytes to an application, expected at most 1,500,000"
[ "$(ls "$here/bin/Use" | grep -vE '^Use$|^(Use|LeoCvae\.Runtime|Microsoft\.ML\.OnnxRuntime|System\.Numerics\.Tensors)\.' || true)" = '' ] || fail 'LeoCvae.Runtime brings more'
[ "$(dotnet msbuild "$here/projects/All" -getProperty:IlcInstructionSet -p:PublishAot=true -p:RuntimeIdentifier=linux-x64)" = x86-64-v3 ] ||
    fail 'Native AOT would leave out AVX2'

tool() { (cd "$here" && NUGET_PACKAGES=$here/cache "$@"); }
tool dotnet tool install leocvae --tool-path "$here/tools" --configfile "$here/nuget.config"
tool "$here/tools/leocvae" generate model --class malignant=5 --out rows.csv
tool "$here/tools/leocvae" evaluate table.csv --methods none,ros --classifiers logreg,lightgbm --folds 2
tool dotnet tool execute leocvae --yes --configfile "$here/nuget.config" -- inspect model
bytes=$(stat -c %s "$feed"/leocvae.0.1.0.nupkg)
[ "$bytes" -le 15000000 ] || fail "the tool's package has $bytes bytes, expected at most 15,000,000"
