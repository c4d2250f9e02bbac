#!/usr/bin/env bash
# fetch-native.sh VERSION FILE: gets libonnxruntime.so.1 out of the npm package onnxruntime-node.
set -euo pipefail
version=$1 file=$2
command -v npm >/dev/null || {
  echo "npm is needed to get the ONNX Runtime library. Or put libonnxruntime.so.1 of ONNX Runtime $version at $file" >&2
  exit 1
}
case $(uname -m) in
  x86_64) machine=x64 ;;
  aarch64) machine=arm64 ;;
  *) echo "the npm package onnxruntime-node has no library for $(uname -m)" >&2; exit 1 ;;
esac
mkdir -p "$(dirname "$file")"
folder=$(mktemp -d "$(dirname "$file")/new.XXXXXX")
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && npm pack --silent "onnxruntime-node@$version" >npm.log 2>&1) || { cat "$folder/npm.log" >&2; exit 1; }
tar -xzf "$folder/onnxruntime-node-$version.tgz" -C "$folder" --strip-components=5 "package/bin/napi-v6/linux/$machine/libonnxruntime.so.1"
mv "$folder/libonnxruntime.so.1" "$file"   # as a whole: several builds may fetch it at once
