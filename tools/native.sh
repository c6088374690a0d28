# shellcheck shell=bash
# Native executables and their images: ./smartnodes build native. Sourced by the launcher, which
# provides root, cache, jdk, step, fail, maven and build_contracts.
# shellcheck disable=SC2154

# shellcheck source=tools/images.sh
. "$root/tools/images.sh"

native_usage() {
  cat <<'TXT'
./smartnodes build native [SERVICE…] [--tag TAG]

Builds native executables of services and packs each into .cache/images/SERVICE-native.tar, image
smartnodes/SERVICE:VERSION-native, which the chart takes with image.flavour=native.

  SERVICE    peer-registry job-router attestation reputation-ledger chain-proposer; all five without
             a name. The runner stays on a JVM: it makes classes of strangers' modules at run time.
  --tag TAG  tag instead of the project's version; '-native' is added to it

Needs GraalVM 25 at GRAALVM_HOME, or a container engine (docker, podman) that can get Mandrel's
builder image; and 6 GiB of memory. Exit code 2 where neither is at hand.
TXT
}

native_main() {
  local names=() tag='' builder
  while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) native_usage && return ;;
    --tag)
      [ $# -gt 1 ] || fail "$1 needs a value"
      tag=$2
      shift
      ;;
    -*) fail "unknown option '$1' of build native" ;;
    runner) fail "the runner is never native: it makes classes of modules at run time" ;;
    *)
      [[ " ${images_services[*]} " = *" $1 "* ]] || fail "unknown service '$1': ${images_services[*]}"
      names+=("$1")
      ;;
    esac
    shift
  done
  [ ${#names[@]} -gt 0 ] || names=("${images_services[@]}")
  builder=$(native_builder) ||
    fail "native executables need GraalVM 25 or newer (set GRAALVM_HOME to it) or a container engine, docker or podman, that answers; neither is here"
  mkdir -p "$images"
  images_version=$(sed -n 's|^  <version>\(.*\)</version>.*|\1|p' "$root/pom.xml" | head -n 1)
  images_tag=${tag:-$images_version}-native
  images_tool="$root/tools/images/target"
  images_compile "${names[@]}"
  step "System libraries of the images" images_base ''
  local name
  for name in "${names[@]}"; do
    step "Native $name (several minutes)" native_build "$name" "$builder"
    step "Image $name, native" native_pack "$name"
  done
}

# graalvm, docker or podman.
native_builder() {
  if [ -n "${GRAALVM_HOME:-}" ] && [ -x "$GRAALVM_HOME/bin/native-image" ] && [ "$(version_of "$GRAALVM_HOME")" -ge 25 ] 2>/dev/null; then
    echo graalvm
    return
  fi
  local engine
  for engine in docker podman; do
    if command -v "$engine" >/dev/null && "$engine" info >/dev/null 2>&1; then
      echo "$engine"
      return
    fi
  done
  return 1
}

native_build() {
  local where=()
  [ "$2" = graalvm ] || where=(-Dquarkus.native.container-build=true -Dquarkus.native.builder-image=mandrel "-Dquarkus.native.container-runtime=$2")
  maven package -Psplit -pl "services/$1" -am -DskipTests -Dspotless.check.skip -Dmaven.main.skip \
    -Dquarkus.grpc.codegen.skip=true -Dquarkus.native.enabled=true -Dquarkus.package.jar.enabled=false "${where[@]}"
}

# The executable, what it loads of the system, and its list of parts; no Java runtime.
native_pack() {
  local name=$1 stage=$images/stage/$1-native executable
  executable=$root/services/$1/target/smartnodes-$1-$images_version-runner
  [ -x "$executable" ] || { echo "$executable is missing" && return 1; }
  rm -rf "$stage"
  mkdir -p "$stage/system" "$stage/application/app"
  cp -r "$images/base/system/." "$stage/system"
  ldd "$executable" | awk '$3 ~ /^\// {print $3}' | images_library "$stage/system"
  cp "$executable" "$stage/application/app/$name"
  images_tool bill --whole --maven "$root/services/$name/target/bom.json" --name "$name" --version "$images_version" \
    --extra "glibc=$(getconf GNU_LIBC_VERSION | cut -d' ' -f2)" --out "$stage/application/app/sbom.json"
  images_settle "$stage"
  images_tool pack --reference "smartnodes/$name:$images_tag" --out "$images/$name-native.tar" --work "$images/work" \
    --created "$images_created" --user 10001:10001 --port 7443 --port 9000 \
    --layer "system=$stage/system" --layer "user=$images/base/user" --layer "application=$stage/application" \
    "--entrypoint=/app/$name" --entrypoint=-XX:MaximumHeapSizePercent=60 --entrypoint=-Djava.io.tmpdir=/tmp \
    --label "org.opencontainers.image.title=smartnodes-$name" \
    --label "org.opencontainers.image.description=Smartnodes: $(images_title "$name"); a native executable" \
    --label "org.opencontainers.image.version=$images_version" \
    --label "org.opencontainers.image.revision=$(images_revision)" \
    --label "org.opencontainers.image.source=https://smartnodes.io" \
    --label "org.opencontainers.image.licenses=Apache-2.0" \
    --label "org.opencontainers.image.created=$images_created"
  images_tool check "$images/$name-native.tar"
}
