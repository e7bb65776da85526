# shellcheck shell=bash
# Sourced first by every script: strict mode, where the project is, Debian's own
# tools, and how a script speaks.
#
#   begin NAME      at the top: the name in messages and on the last line
#   step TEXT       what happens now; named when it fails
#   say TEXT        a line for people
#   result TEXT     what the last line says on success
#
# Whatever happens, the last line on standard output begins with "NAME: ".

set -euo pipefail

TWINGRAPH_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly TWINGRAPH_ROOT

# The project is built with Debian's compilers and libraries whatever else is
# installed on the machine: other toolchains stay out of sight.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
unset CC CXX CPP CFLAGS CXXFLAGS CPPFLAGS LDFLAGS CPATH C_INCLUDE_PATH \
  CPLUS_INCLUDE_PATH LIBRARY_PATH LD_LIBRARY_PATH LD_PRELOAD PKG_CONFIG_PATH \
  PYTHONPATH PYTHONHOME VIRTUAL_ENV GOROOT GOPATH GOBIN GOENV \
  CMAKE_PREFIX_PATH CMAKE_GENERATOR CMAKE_TOOLCHAIN_FILE CTEST_PARALLEL_LEVEL
export LC_ALL=C.UTF-8

# What is made once and kept between runs and checkouts: tools, Python
# environment, compiler cache.
TWINGRAPH_CACHE=${TWINGRAPH_CACHE:-${XDG_CACHE_HOME:-${HOME:-$TWINGRAPH_ROOT/.cache}/.cache}/twingraph}
export TWINGRAPH_CACHE

JOBS=${JOBS:-$(nproc)}

script_name=
script_step=
script_result=
script_start=$SECONDS

begin() {
  script_name=$1
  script_start=$SECONDS
  trap finish EXIT
  cd "$TWINGRAPH_ROOT"
}

say() { printf '%s\n' "$*"; }

step() {
  script_step=$1
  say "== $1"
}

result() { script_result=$1; }

# Prints a reason and ends the script.
die() {
  printf '%s: %s\n' "${script_name:-twingraph}" "$*" >&2
  exit 1
}

finish() {
  local code=$?
  if [ "$code" = 0 ]; then
    say "$script_name: ${script_result:-ok ($((SECONDS - script_start)) s)}"
  else
    say "$script_name: ${script_result:-failed${script_step:+: $script_step} (exit $code)}"
  fi
}

# The comment that a script begins with: its help.
show_help() {
  awk 'NR > 1 && !/^#/ { exit } NR > 1 { sub(/^# ?/, ""); print }' "$1"
}

# The one-line descriptions that the files of a folder begin with, as a table:
# each has a second line "# What it proves."
list_entries() {
  local file
  for file in "$1"/*; do
    if [ -f "$file" ] && [ -x "$file" ]; then
      printf '  %-14s %s\n' "$(basename "$file")" "$(sed -n '2s/^# *//p' "$file")"
    fi
  done
}
