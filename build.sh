#!/usr/bin/env bash
# build.sh demo | test | bench VERB … | pack
# Each command does its own set-up first: it asks the package feed once whether it has Microsoft.ML and TorchSharp, remembers the answer
# in MLNetFrom.props (delete the file to ask again), and installs what is missing of the Debian packages that the command needs.
set -euo pipefail
cd "$(dirname "$0")"
# invariant: the SDK would ask for ICU, which nothing here needs
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1

usage() {
  cat <<'END'
usage: ./build.sh COMMAND
  demo          a VAE on Fashion-MNIST: samples, anomaly scores, oversampling, synthetic rows; pictures in out/
  test          builds everything and runs all tests
  bench VERB …  benchmarks: ./build.sh bench --help
  pack          the NuGet package, in artifacts/package
END
}

say() { echo "build.sh: $*" >&2; }
die() { say "$@"; exit 1; }

# Where the packages come from that there are polyfills for: all of them or none. Only the feed's own word that it lacks them means polyfills: a feed that
# does not answer is an error, and nothing is remembered.
choose_origin() {
  [ -z "${MLNetFrom:-}" ] || return 0
  if [ ! -f MLNetFrom.props ]; then
    local folder probe=artifacts/probe reason='found on the package feed'
    mkdir -p "$probe"
    {
      echo '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>'
      for folder in polyfills/*/; do echo "<PackageReference Include=\"$(basename "$folder")\" />"; done
      echo '<PackageReference Include="TorchSharp-cpu" /></ItemGroup></Project>'
    } >"$probe/Probe.csproj"
    local origin=packages
    if ! dotnet restore "$probe/Probe.csproj" -p:MLNetFrom=packages -v q >"$probe/log" 2>&1; then
      if ! grep -qE 'error NU110[123]' "$probe/log" || grep -qE 'error NU1301' "$probe/log"; then
        cat "$probe/log" >&2
        die 'the package feed could not be asked for Microsoft.ML and TorchSharp; see the messages above'
      fi
      origin=polyfills reason='the package feed does not have them'
    fi
    echo "<Project><PropertyGroup><MLNetFrom>$origin</MLNetFrom></PropertyGroup></Project>" >"$probe/props"
    mv "$probe/props" MLNetFrom.props
    say "Microsoft.ML and TorchSharp: $origin ($reason)"
  fi
  MLNetFrom=$(sed -n 's/.*<MLNetFrom>\(.*\)<\/MLNetFrom>.*/\1/p' MLNetFrom.props)
}

# Debian packages, of which only what is missing gets installed.
need() {
  local package missing=() root=()
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    [ -f .setup-done ] || die "this needs what Debian calls: $*. There is no apt-get here: install the like by other means," \
      "then 'touch .setup-done' to go on without this check"
    return 0
  fi
  for package; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "as root, please: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  say "installing ${missing[*]}"
  mkdir -p artifacts
  {
    "${root[@]}" apt-get update -q &&
      "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
  } >artifacts/apt.log 2>&1 </dev/null || { tail -5 artifacts/apt.log >&2; die "could not install ${missing[*]}; all of it: artifacts/apt.log"; }
}

setup() {
  command -v dotnet >/dev/null || die 'the .NET SDK 10 is needed: https://dotnet.microsoft.com/download'
  local sdk
  sdk=$(dotnet --version)
  [ "${sdk%%.*}" -ge 10 ] || die "the .NET SDK 10 is needed, this is $sdk: https://dotnet.microsoft.com/download"
  choose_origin
  if [ "$MLNetFrom" = polyfills ]; then
    need g++ make
    # the project polyfills/Microsoft.ML.OnnxRuntime takes its library from an npm package
    command -v npm >/dev/null || need npm
    [ -n "${TORCH_ROOT:-${LIBTORCH:-}}" ] || need libtorch-dev libopenblas0-openmp
  fi
}

build() {
  mkdir -p artifacts
  say "building $1"
  dotnet build "$1" -c Release -v q --nologo >artifacts/build.log 2>&1 || { cat artifacts/build.log >&2; die "$1 does not build"; }
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
  demo)
    setup
    [ $# -gt 0 ] || need dataset-fashion-mnist
    build samples/Demo/Demo.csproj
    dotnet samples/Demo/bin/Release/net10.0/Demo.dll "$@"
    ;;
  test)
    setup
    need dataset-fashion-mnist
    build MLGenerative.sln
    rm -rf artifacts/test
    # one thread per test that runs: the tests themselves are what runs side by side
    OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} dotnet test MLGenerative.sln -c Release --no-build --nologo -m:1 \
      --logger trx --results-directory artifacts/test "$@"
    ;;
  bench)
    setup
    for argument; do [ "$argument" != --against-pytorch ] || need python3-torch python3-sklearn; done
    build bench/MLGenerative.Bench.csproj
    # what is reported is what one core does, unless more are asked for
    OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} dotnet bench/bin/Release/net10.0/MLGenerative.Bench.dll "$@"
    ;;
  pack)
    setup
    [ "$MLNetFrom" = packages ] ||
      die 'pack needs the real Microsoft.ML and TorchSharp packages. This tree builds against its polyfills (MLNetFrom.props)' \
        'because the package feed lacks them, and such a build must not be shipped'
    rm -rf artifacts/package
    dotnet pack src/Estimators/Microsoft.ML.Generative.Estimators.csproj -c Release -v q -o artifacts/package
    ls artifacts/package/*
    ;;
  -h | --help | help) usage ;;
  *)
    [ -z "$command" ] || say "no such command: $command"
    usage >&2
    exit 2
    ;;
esac
