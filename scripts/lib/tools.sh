# shellcheck shell=bash
# The tools of other projects that the tests use, built or fetched once by
# their registries' ordinary clients and kept in $TWINGRAPH_CACHE. Several runs
# may ask at the same time.

readonly GRPCURL_VERSION=v1.9.1
# The newest buf that Debian's Go 1.19 compiles.
readonly BUF_VERSION=v1.26.1

# go_tool NAME PACKAGE VERSION: builds a Go program; its path is in $go_tool.
go_tool() {
  local name=$1 package=$2 version=$3 work
  go_tool=$TWINGRAPH_CACHE/bin/$name-$version
  [ ! -x "$go_tool" ] || return 0
  need_packages "to build $name" "${PACKAGES_TOOLS[@]}"
  mkdir -p "$TWINGRAPH_CACHE/bin"
  exec 8>"$TWINGRAPH_CACHE/bin/$name.lock"
  flock 8
  if [ ! -x "$go_tool" ]; then
    step "building $name $version with $(go version | cut -d' ' -f3)"
    work=$(mktemp -d)
    if ! GOPATH=$work/path GOCACHE=$work/cache GOBIN=$work/bin \
      GOFLAGS='-buildvcs=false -modcacherw' \
      go install -p "$JOBS" "$package@$version" >"$work/log" 2>&1; then
      tail -n 20 "$work/log" >&2
      rm -rf "$work"
      die "could not build $name $version"
    fi
    mv "$work/bin/$name" "$go_tool"
    rm -rf "$work"
  fi
  exec 8>&-
}

need_grpcurl() {
  go_tool grpcurl github.com/fullstorydev/grpcurl/cmd/grpcurl "$GRPCURL_VERSION"
  export TWINGRAPH_GRPCURL=$go_tool
}

need_buf() {
  go_tool buf github.com/bufbuild/buf/cmd/buf "$BUF_VERSION"
  export TWINGRAPH_BUF=$go_tool
}

# A virtual environment with exactly what tests/e2e/requirements.txt pins; its
# interpreter is in $TWINGRAPH_PYTHON.
need_python() {
  local requirements=tests/e2e/requirements.txt folder
  folder=$TWINGRAPH_CACHE/python-$(sha256sum "$requirements" | cut -c1-12)
  export TWINGRAPH_PYTHON=$folder/bin/python
  [ ! -e "$folder/.complete" ] || return 0
  need_packages "for the Python client tests" "${PACKAGES_TOOLS[@]}"
  mkdir -p "$TWINGRAPH_CACHE"
  exec 8>"$folder.lock"
  flock 8
  if [ ! -e "$folder/.complete" ]; then
    step "installing Python packages of $requirements"
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install -q --disable-pip-version-check \
      --only-binary=:all: -r "$requirements"
    touch "$folder/.complete"
  fi
  exec 8>&-
}
