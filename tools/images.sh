# shellcheck shell=bash
# Container images without a container engine: ./smartnodes build images. Sourced by the launcher,
# which provides root, cache, jdk, step, fail, maven and build.
# shellcheck disable=SC2154

images=$cache/images
images_services=(peer-registry job-router attestation reputation-ledger chain-proposer)
images_all=("${images_services[@]}" validator runner worker cli)
# Found by running everything: Hibernate wants java.desktop for its beans (no window is ever opened,
# so its libraries are left out), context propagation wants java.rmi; JFR is for operators.
images_modules=java.base,java.desktop,java.logging,java.management,java.naming,java.net.http,java.rmi,java.security.jgss
images_modules+=,java.security.sasl,java.sql,java.xml,jdk.crypto.ec,jdk.jfr,jdk.management,jdk.naming.dns
images_modules+=,jdk.net,jdk.unsupported,jdk.zipfs
# Grows when this file lays the same parts out in another way, so that nothing old is kept.
images_layout=1
images_created=2026-01-01T00:00:00Z

images_usage() {
  cat <<'TXT'
./smartnodes build images [NAME…] [OPTIONS]

Builds container images into .cache/images/NAME.tar (docker archives: 'docker load', 'ctr images
import'). Nothing is asked of a registry or a container engine. What has not changed is kept.

  NAME              peer-registry job-router attestation reputation-ledger chain-proposer
                    validator runner worker cli; all of them without a name
  --tag TAG         tag of the images; the project's version otherwise
  --base IMAGE      an image archive, or a registry's image, with the system's libraries (glibc);
                    otherwise those of this machine are taken, and nothing else
  --no-aot          without the AOT cache that halves the start
  --no-build        packs what was built before, as it is
  --verify          checks the archives: rights, user, labels, contents; that packing them again
                    gives the same bytes; that each starts and accepts its AOT cache
TXT
}

images_main() {
  local tag='' base='' aot=true compile=true verify=false names=() name
  while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) images_usage && return ;;
    --tag | --base) [ $# -gt 1 ] || fail "$1 needs a value" ;;&
    --tag) tag=$2 && shift ;;
    --base) base=$2 && shift ;;
    --no-aot) aot=false ;;
    --no-build) compile=false ;;
    --verify) verify=true ;;
    -*) fail "unknown option '$1' of build images" ;;
    *)
      [[ " ${images_all[*]} " = *" $1 "* ]] || fail "unknown image '$1': ${images_all[*]}"
      names+=("$1")
      ;;
    esac
    shift
  done
  [ ${#names[@]} -gt 0 ] || names=("${images_all[@]}")
  [ "$(uname -s)" = Linux ] || fail "images are built on Linux: they take its C library"
  mkdir -p "$images"
  images_version=$(sed -n 's|^  <version>\(.*\)</version>.*|\1|p' "$root/pom.xml" | head -n 1)
  images_tag=${tag:-$images_version}
  exec 8>"$images/lock"
  flock 8
  ! $compile || images_compile "${names[@]}"
  images_tool="$root/tools/images/target"
  [ -e "$images_tool/lib" ] || fail "the image builder is not built: leave out --no-build"
  step "Java runtime of the images" images_base "$base"
  local todo=()
  for name in "${names[@]}"; do
    images_stage "$name"
    if $aot && ! images_has_cache "$name"; then todo+=("$name"); fi
  done
  # shellcheck source=tools/images-train.sh
  . "$root/tools/images-train.sh"
  [ ${#todo[@]} = 0 ] || images_train "${todo[@]}"
  for name in "${names[@]}"; do
    images_pack "$name" "$aot"
  done
  exec 8>&-
  if $verify; then
    # shellcheck source=tools/images-verify.sh
    . "$root/tools/images-verify.sh"
    images_verify "${names[@]}"
  fi
}

# The process of each service is built in a profile of its own, which the demo can do without.
images_compile() {
  local stamp=$cache/split.stamp
  if stale "$stamp" pom.xml proto libs services clients tools/images || [ ! -e "$stamp" ]; then
    mkdir -p "$cache"
    touch "$cache/split.start" "$cache/java.start"
    build_contracts
    local goals=(package) bill=$root/services/validator/target/bom.json
    # What a module depends on changes with the build files only, and takes a while to list.
    if [ ! -e "$root/services/runner/target/bom.json" ] ||
      [ -n "$(find "$root" -name pom.xml -not -path '*/target/*' -not -path '*/node_modules/*' -newer "$bill" -print -quit)" ]; then
      goals+=(org.cyclonedx:cyclonedx-maven-plugin:2.9.3:makeBom -DincludeTestScope=false -DincludeProvidedScope=false
        -DoutputFormat=json -DincludeBomSerialNumber=false)
    fi
    step "Build Java and the services' processes (some minutes the first time)" maven "${goals[@]}" -Psplit \
      -DskipTests -Dspotless.check.skip -pl '!acceptance'
    mv "$cache/java.start" "$cache/java.stamp"
    mv "$cache/split.start" "$stamp"
  fi
}

images_java() {
  "$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -Djava.util.logging.manager=org.jboss.logmanager.LogManager -cp "$images_tool/lib/*:$images_tool/classes" "$@"
}

images_tool() {
  images_java io.smartnodes.images.ImagesMain "$@"
}

# Copies a host library to the same place, following links: an image has none.
images_library() {
  local file
  while read -r file; do
    mkdir -p "$1$(dirname "$file")"
    cp -L "$file" "$1$file"
    chmod 755 "$1$file"
  done
}

# glibc with what a JVM, secp256k1 and netty need of it, and a Java runtime of the modules needed.
images_base() {
  local base=$1 key system=$images/base/system user=$images/base/user java=$images/base/java
  local layers=(--layer "system=$system")
  key=$(
    {
      cat "$jdk/release"
      echo "$images_layout $images_modules $base"
      [ ! -f "$base" ] || cat "$base"
      images_glibc | xargs cat
    } | sha256sum
  )
  [ "$(cat "$images/base.key" 2>/dev/null)" != "$key" ] || return 0
  rm -rf "$images/base" "$images/base.key"
  mkdir -p "$system/etc" "$user"/{etc,tmp,var/lib/smartnodes,run/smartnodes} "$java/opt"
  "$jdk/bin/jlink" --add-modules "$images_modules" --strip-debug --no-header-files --no-man-pages \
    --output "$java/opt/java"
  rm -f "$java"/opt/java/bin/{keytool,jrunscript,rmiregistry} "$java"/opt/java/lib/lib{awt*,fontmanager,freetype,javajpeg,jawt,jsound,lcms,mlib_image,splashscreen}.so
  images_unlink "$java"
  images_glibc | images_library "$system"
  printf 'hosts: files dns\n' >"$system/etc/nsswitch.conf"
  printf 'root:x:0:0::/:/sbin/nologin\nsmartnodes:x:10001:10001::/tmp:/sbin/nologin\n' >"$user/etc/passwd"
  printf 'root:x:0:\nsmartnodes:x:10001:\n' >"$user/etc/group"
  images_settle "$images/base"
  # Training needs the libraries here, an image has them of its base.
  [ -z "$base" ] || layers=(--base "$base")
  images_tool pack --reference smartnodes/base --out "$images/base.tar" --work "$images/work" --created "$images_created" \
    "${layers[@]}" --layer "user=$user" --layer "java=$java" --user 10001:10001
  printf '%s' "$key" >"$images/base.key"
}

images_glibc() {
  {
    ldd "$jdk/bin/java" "$jdk"/lib/libzip.so "$jdk"/lib/server/libjvm.so "$jdk"/lib/libnet.so |
      awk '$3 ~ /^\// {print $3} $1 ~ /^\/.*ld-linux/ {print $1}' | grep -v "^$jdk"
    local library
    for library in libm.so.6 libpthread.so.0 libdl.so.2 librt.so.1 libnss_dns.so.2 libnss_files.so.2 libresolv.so.2; do
      ldconfig -p | awk -v l="$library" '$1 == l && !found {print $NF; found = 1}'
    done
  } | sort -u
}

# A layer has no links: each becomes what it points to.
images_unlink() {
  local link target
  find "$1" -type l | while read -r link; do
    target=$(readlink -f "$link")
    rm "$link"
    cp -r "$target" "$link"
  done
}

# One time and one set of rights for everything, as the image will have them.
images_settle() {
  find "$1" -type f -perm /111 -exec chmod 755 {} +
  find "$1" -type f ! -perm /111 -exec chmod 644 {} +
  find "$1" -type d -exec chmod 755 {} +
  find "$1" -exec touch -h -d @1 {} +
}

images_stage() {
  local name=$1 stage=$images/stage/$1 source bom
  source=$(images_source "$name")
  [ -e "$source" ] || fail "$name is not built: $source is missing (leave out --no-build)"
  bom=$(images_module "$name")/target/bom.json
  [ -e "$bom" ] || fail "$name has no list of what it depends on: $bom is missing (leave out --no-build)"
  local key
  key=$({
    cat "$images/base.key" "$bom"
    echo "$images_layout $images_version"
    images_options "$name"
    find "$source" -type f -print0 | sort -z | xargs -0 sha256sum
  } | sha256sum | cut -d' ' -f1)
  [ "$(cat "$stage/key" 2>/dev/null)" != "$key" ] || return 0
  rm -rf "$stage"
  mkdir -p "$stage"/{libraries,application}/app
  local app=$stage/application/app libraries=$stage/libraries/app
  cp -r "$source"/. "$libraries"
  case $name in
  runner | worker | cli)
    mkdir -p "$app/lib"
    mv "$libraries"/*.jar "$app"
    find "$libraries/lib" -name 'smartnodes-*.jar' -exec mv -t "$app/lib" {} +
    ;;
  *)
    rm -f "$libraries/quarkus-app-dependencies.txt"
    mkdir -p "$app/lib/main"
    mv "$libraries"/{app,quarkus,quarkus-run.jar} "$app"
    find "$libraries/lib/main" -name 'io.smartnodes.*.jar' -exec mv -t "$app/lib/main" {} +
    ;;
  esac
  images_options "$name" >"$app/jvm.options"
  images_tool bill --maven "$bom" --layer "$stage/libraries" --layer "$stage/application" --name "$name" \
    --version "$images_version" --extra "openjdk=$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$jdk/release")" \
    --extra "glibc=$(getconf GNU_LIBC_VERSION | cut -d' ' -f2)" --out "$app/sbom.json"
  cp "$app/sbom.json" "$images/$name.sbom.json"
  images_settle "$stage"
  echo "$key" >"$stage/key"
}

images_module() {
  case $1 in
  worker | cli) echo "$root/clients/$1" ;;
  *) echo "$root/services/$1" ;;
  esac
}

# Worker and cli are gathered beside their build, since their folder holds more than the program.
images_source() {
  local target gathered=$images/gathered/$1
  target=$(images_module "$1")/target
  case $1 in
  runner) echo "$target/runner" ;;
  worker | cli)
    rm -rf "$gathered"
    mkdir -p "$gathered"
    cp -r "$target/lib" "$target/smartnodes-$1.jar" "$gathered"
    # A container never runs a PostgreSQL or a broker of its own.
    rm -f "$gathered"/lib/embedded-postgres-binaries-*.jar
    echo "$gathered"
    ;;
  *) echo "$target/quarkus-app" ;;
  esac
}

images_options() {
  # What the container may use is what the heap is measured by; the rest is for threads, code,
  # buffers of the network and strangers' modules.
  case $1 in
  cli) echo "-XX:MaxRAMPercentage=50" ;;
  runner)
    # Two processes share its container: a supervisor with about 70 MiB of its own, and its child, of
    # which everything has a bound. In 1 GiB: 512 of heap, of which units get 302, and these 320.
    cat <<'TXT'
-XX:MaxRAMPercentage=50
-XX:MaxMetaspaceSize=160m
-XX:MaxDirectMemorySize=64m
-XX:ReservedCodeCacheSize=96m
TXT
    ;;
  *) echo "-XX:MaxRAMPercentage=60" ;;
  esac
  cat <<'TXT'
-Xms64m
-XX:+UseSerialGC
-Xlog:aot=error,aot+codecache+stubs=off
-XX:+ExitOnOutOfMemoryError
-XX:-UsePerfData
-Djava.io.tmpdir=/tmp
--enable-native-access=ALL-UNNAMED
--sun-misc-unsafe-memory-access=allow
TXT
}

images_jar() {
  case $1 in
  runner) echo /app/runner.jar ;;
  worker | cli) echo "/app/smartnodes-$1.jar" ;;
  *) echo /app/quarkus-run.jar ;;
  esac
}

# Whether the cache was trained with exactly these layers.
images_has_cache() {
  [ -e "$images/stage/$1/aot/app/app.aot" ]
}

images_title() {
  case $1 in
  peer-registry) echo "identity, handshake and the distributed hash table" ;;
  job-router) echo "jobs, holds and leases" ;;
  attestation) echo "juries, replays and certificates" ;;
  reputation-ledger) echo "the replicated state: balances, scores, roots" ;;
  chain-proposer) echo "the signer, epochs and the chain" ;;
  validator) echo "the five services in one process; the operator's checks and migrations" ;;
  runner) echo "runs strangers' modules, without keys or network" ;;
  worker) echo "the worker agent" ;;
  cli) echo "the command line" ;;
  esac
}

images_revision() {
  local revision
  revision=$(git -C "$root" rev-parse HEAD 2>/dev/null) || revision=unknown
  if [ "$revision" != unknown ] && ! git -C "$root" diff --quiet HEAD -- pom.xml proto libs services clients tools; then
    revision+=-dirty
  fi
  echo "$revision"
}

images_pack() {
  local name=$1 aot=$2 stage=$images/stage/$1 key cached=false
  if $aot && images_has_cache "$name"; then cached=true; fi
  key="$(cat "$stage/key") $images_tag $cached"
  if [ -e "$images/$name.tar" ] && [ "$(cat "$images/$name.key" 2>/dev/null)" = "$key" ]; then
    echo "Image $name: as it was" >&2
    return
  fi
  rm -f "$images/$name.key"
  step "Image $name" images_archive "$name" "$cached" "$images/$name.tar"
  printf '%s' "$key" >"$images/$name.key"
}

# images_archive NAME CACHED OUT [REVISION]
images_archive() {
  local name=$1 stage=$images/stage/$1 entry=(/opt/java/bin/java @/app/jvm.options) words=() word
  local layers=(--layer "libraries=$stage/libraries" --layer "application=$stage/application") ports=()
  if $2; then
    layers+=(--layer "aot=$stage/aot")
    # A cache that is missing or does not fit costs time, nothing else: the container starts.
    entry+=(-XX:AOTCache=/app/app.aot)
  fi
  entry+=(-jar "$(images_jar "$name")")
  for word in "${entry[@]}"; do words+=("--entrypoint=$word"); done
  case $name in
  runner | cli) ;;
  worker) ports=(--port 7443) ;;
  *) ports=(--port 7443 --port 9000) ;;
  esac
  images_tool pack --reference "smartnodes/$name:$images_tag" --out "$3" --work "$images/work" \
    --base "$images/base.tar" --created "$images_created" --user 10001:10001 "${layers[@]}" "${words[@]}" "${ports[@]}" \
    --label "org.opencontainers.image.title=smartnodes-$name" \
    --label "org.opencontainers.image.description=Smartnodes: $(images_title "$name")" \
    --label "org.opencontainers.image.version=$images_version" \
    --label "org.opencontainers.image.revision=${4:-$(images_revision)}" \
    --label "org.opencontainers.image.source=https://smartnodes.io" \
    --label "org.opencontainers.image.licenses=Apache-2.0" \
    --label "org.opencontainers.image.created=$images_created"
}
