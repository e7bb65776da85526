# shellcheck shell=bash disable=SC2034
# Installs the Debian packages that a job needs and the machine lacks.

# What compiles the product.
readonly PACKAGES_BUILD=(
  g++ cmake ninja-build ccache lld pkg-config
  libgrpc++-dev protobuf-compiler protobuf-compiler-grpc libprotobuf-dev
  libabsl-dev librocksdb-dev rapidjson-dev libspdlog-dev libcli11-dev
  libxxhash-dev libzstd-dev libssl-dev)
# What compiles and runs its tests, beside that.
readonly PACKAGES_TEST=(
  libgtest-dev libgmock-dev python3 git universal-ctags clang-19 libclang-rt-19-dev
  clang-format-19 shellcheck)
# What the end-to-end tests build their tools with.
readonly PACKAGES_TOOLS=(golang-go python3-venv ca-certificates)
# The second compiler: tidy, fuzzing.
readonly PACKAGES_CLANG=(clang-19 clang-tidy-19 libclang-rt-19-dev)
# What the benchmarks need.
readonly PACKAGES_BENCH=(libbenchmark-dev)

# missing_packages PACKAGE...: prints those that are not installed.
missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' "$@" 2>/dev/null |
    sed -n 's/ ii *$//p') || true
  for package in "$@"; do
    grep -qxF -- "$package" <<<"$installed" || printf '%s\n' "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "needs root or sudo for: $*"
  fi
}

apt_get() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=600 "$@"
}

# need_packages WHY PACKAGE...: says what is missing and why, and installs it.
# Touches neither network nor package lists when nothing is missing.
need_packages() {
  local why=$1 log missing
  shift
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}: $why"
  log=$(mktemp)
  if ! { apt_get update &&
    apt_get install --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "could not install ${missing[*]} ($why)"
  fi
  rm -f "$log"
}
