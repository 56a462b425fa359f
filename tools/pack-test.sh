#!/usr/bin/env bash
# Packs everything into artifacts/packages, and uses the packages as a stranger would: in new projects outside the repository, whose own
# package cache gets ours from that folder (what they depend on may come from the user's cache). Runs the READMEs' code and the tool, whose
# Native AOT build must write the bytes of the one for the JIT compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
root=$PWD feed=$PWD/artifacts/packages
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT

fail() { printf '%s\n' "$*" >&2; exit 1; }

# Built apart from everything else: what was built without ContinuousIntegrationBuild holds paths of this machine.
rm -rf "$feed"
for project in src/Runtime src/Training src/Training.Torch src/Tables src/Evaluation src/Extensions src/MLNet src/All; do
    dotnet pack -c Release "$project" -o "$feed" --artifacts-path artifacts/pack -p:ContinuousIntegrationBuild=true
done

# The tool: for any system, for this one by Native AOT, and the package that names the two; beside what follows, which seldom takes two cores.
for flavor in '-r any' '-r linux-x64' ''; do
    dotnet pack -c Release tools/leocvae $flavor -o "$feed" --artifacts-path artifacts/pack -p:ContinuousIntegrationBuild=true || exit
done > "$here/tool.log" 2>&1 &
packing=$!

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

packed=0
wait "$packing" || packed=$?
cat "$here/tool.log"
[ "$packed" = 0 ] || fail 'the tool could not be packed'

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
        leocvae* | LeoCvae.All) ;;
        *) [ -s "$here/$name/lib/net10.0/$name.xml" ] && [ -s "$feed/$name.0.1.0.snupkg" ] || fail "$name: no documentation or symbols" ;;
    esac
done

for package in "$feed"/leocvae.*.nupkg; do
    bytes=$(stat -c %s "$package")
    echo "$(basename "$package"): $bytes bytes"
    [ "$bytes" -le 15000000 ] || fail "$package has $bytes bytes, expected at most 15,000,000"
done

tool() { (cd "$here" && NUGET_PACKAGES=$here/cache "$@"); }
tool dotnet tool install leocvae --tool-path "$here/tools" --configfile "$here/nuget.config"
[ -z "$(find "$here/tools" -name '*.dll')" ] || fail 'expected the tool that Native AOT compiled to be installed'
tool dotnet dnx leocvae --yes --configfile "$here/nuget.config" inspect model
aot() { "$here/tools/leocvae" "$@"; }
# Native AOT's code has AVX2, the JIT compiler's AVX-512 where the processor does: no result depends on it.
jit() { dotnet "$here/leocvae.any/tools/net10.0/any/leocvae.dll" "$@"; }

# What a build writes and says, in a folder of its own: fits, numbers and categories, Parquet of every type, LightGBM.
use() {
    mkdir "$here/$1" && cd "$here/$1"
    local demo=$root/tools/leocvae/Demo types=$root/tests/Runtime.Tests/Oracles/parquet-types.parquet
    {
        "$1" --help
        "$1" oversample "$demo/breast-cancer.csv" --target diagnosis --out cancer.csv --save-model model --json
        "$1" generate model --count 1000 --out rows.parquet
        "$1" train "$demo/breast-cancer.csv" --target diagnosis --epochs 3 --with-reference --model kept
        "$1" embed model rows.parquet --out embedding.parquet
        "$1" oversample "$demo/loans.csv" --target outcome --epochs 20 --mark --out loans.tsv.gz
        "$1" score "$demo/loans.csv" --target outcome --out scores.csv
        "$1" inspect "$types" --json
        "$1" oversample "$types" --target y --epochs 3 --out types.parquet
        "$1" convert types.parquet types.csv
        "$1" convert types.csv again.parquet
        "$1" evaluate "$demo/breast-cancer.csv" --target diagnosis --methods none,smote --classifiers logreg,lightgbm,mlp,forest --folds 2 \
            --results results.json --report report.html --quiet
    } > said.txt 2>&1
}
(use aot) || { cat "$here/aot/said.txt"; fail 'the tool that Native AOT compiled failed'; }
(use jit) || { cat "$here/jit/said.txt"; fail 'the tool for any system failed'; }
diff -r "$here/aot" "$here/jit" || fail 'Native AOT and the JIT compiler write different bytes'
for build in aot jit; do
    refusal=$(cd "$here" && "$build" train table.csv --target diagnosis --model torch --engine torch --quiet 2>&1 || true)
    [[ $refusal == 'leocvae: '*TorchSharp*'a clone of its repository has it'* && $(wc -l <<< "$refusal") = 1 ]] || fail "$build said: $refusal"
done
