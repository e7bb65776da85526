# shellcheck shell=bash
# Configures and builds one preset of CMakePresets.json under build/.

# Checkouts share compiled objects: paths below the checkout do not count.
export CCACHE_BASEDIR=$TWINGRAPH_ROOT
export CCACHE_NOHASHDIR=1
export CCACHE_SLOPPINESS=time_macros,include_file_mtime,include_file_ctime

# configure PRESET [-DNAME=VALUE ...]: does nothing where it was done before
# with the same options; ninja itself notices changed CMake files.
configure() {
  local preset=$1 directory stamp
  directory=$TWINGRAPH_ROOT/build/$preset
  stamp=$directory/.configured
  if [ ! -e "$directory/build.ninja" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$*" ]; then
    step "configuring $preset"
    mkdir -p "$directory"
    if ! cmake --preset "$@" >"$directory/configure.log" 2>&1; then
      tail -n 40 "$directory/configure.log" >&2
      die "cmake --preset $* failed; all of it: build/$preset/configure.log"
    fi
    printf '%s' "$*" >"$stamp"
  fi
}

# build PRESET [TARGET ...]: builds all, or the named targets.
build() {
  local preset=$1 targets=()
  shift
  if [ $# -gt 0 ]; then targets=(--target "$@"); fi
  step "building $preset${*:+: $*}"
  NINJA_STATUS='[%f/%t %es] ' cmake --build "build/$preset" -j "$JOBS" "${targets[@]}" |
    show_progress
}

# On a terminal as it is; in a log one line in forty, and all that is no
# progress line.
show_progress() {
  if [ -t 1 ]; then
    cat
  else
    awk '!/^\[[0-9]+\/[0-9]+ [0-9.]+s\]/ { print; fflush(); next }
         ++n % 40 == 1 { print; fflush() }
         { last = $0 }
         END { if (n % 40 != 1 && n > 0) print last }'
  fi
}

# The server and the tool as users run them, without tests.
build_release() {
  need_packages "to compile the server" "${PACKAGES_BUILD[@]}"
  configure release
  build release twingraph-server twingraph
}
