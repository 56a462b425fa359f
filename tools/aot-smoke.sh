#!/usr/bin/env bash
# Publishes tests/AotSmoke with Native AOT, without and with ONNX Runtime, and runs it: it must print what the JIT compiler's code prints,
# and stay small. A warning of the AOT compiler is an error. Needs gcc or clang. Then builds it with ONNX Runtime's package for GPUs.
set -euo pipefail
cd "$(dirname "$0")/.."
out=artifacts/aot

# flavor, OnnxRuntimeNative, the most bytes without symbols
publish() {
    rm -rf "$out/$1"
    dotnet publish -c Release -r linux-x64 tests/AotSmoke -o "$out/$1" -p:OnnxRuntimeNative="$2"
    # Without the developer's files: what an application ships.
    rm -f "$out/$1"/*.dbg "$out/$1"/*.pdb "$out/$1"/*.xml
    expected=$(dotnet tests/AotSmoke/bin/Release/net10.0/linux-x64/LeoCvae.AotSmoke.dll)
    got=$("$out/$1/LeoCvae.AotSmoke")
    [ "$got" = "$expected" ] || { printf 'Native AOT printed\n%s\nthe JIT compiler\n%s\n' "$got" "$expected"; exit 1; }
    local bytes
    bytes=$(find "$out/$1" -maxdepth 1 -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
    printf '%s\n%s: %s bytes, at most %s\n' "$got" "$1" "$bytes" "$3"
    [ "$bytes" -le "$3" ]
}
publish managed none 4500000
[ -z "$(find "$out/managed" -name '*onnxruntime*')" ]
refusal=$("$out/managed/LeoCvae.AotSmoke" OnnxRuntime 2>&1 || true)
[[ $refusal == *'got OnnxRuntime, expected Managed: the application was built without ONNX Runtime'* ]] || { echo "$refusal"; exit 1; }
publish onnx cpu $((33 * 1024 * 1024))

# As far as a CPU allows: the package's own CPU provider gives the other package's rows, and the refusal names what is missing.
dotnet build -c Release -r linux-x64 tests/AotSmoke -o "$out/gpu" -p:OnnxRuntimeNative=gpu
dotnet "$out/gpu/LeoCvae.AotSmoke.dll" OnnxRuntime cpu
if ! ldconfig -p | grep -c 'libcublasLt\.so' > /dev/null; then
    refusal=$(dotnet "$out/gpu/LeoCvae.AotSmoke.dll" OnnxRuntime cuda 2>&1 || true)
    [[ $refusal == *'no CUDA: libcublasLt.so.'*", which ONNX Runtime's CUDA provider needs, isn't on this system"* && $refusal != *'[E:onnxruntime'* ]] ||
        { echo "$refusal"; exit 1; }
    [[ $(dotnet "$out/gpu/LeoCvae.AotSmoke.dll" OnnxRuntime auto) == "$(dotnet "$out/gpu/LeoCvae.AotSmoke.dll" OnnxRuntime)" ]]
fi
