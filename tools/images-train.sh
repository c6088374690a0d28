# shellcheck shell=bash
# Trains the AOT caches of the images: each program runs once inside its own layout, with the same
# JVM, paths and times, against a chain, a database and a broker on the loopback interface.
# Sourced by tools/images.sh; bench/start.sh measures with the same parts.
# shellcheck disable=SC2154

# A machine that is busy with other things takes long; nothing waits longer than it has to.
images_ready_seconds=600

# Own mounts and processes; as root, or else in a user namespace of its own.
images_enter_with() {
  if [ "$(id -u)" = 0 ]; then
    unshare --mount --pid --fork --kill-child -- "$@"
  else
    unshare --user --map-root-user --mount --pid --fork --kill-child -- "$@"
  fi
}

# Makes a folder that can be entered of one that has an image's files.
images_furnish() {
  mkdir -p "$1"/{proc,dev,out} "$1.out"
  # The file may be a layer's own, under another name.
  rm -f "$1/etc/hosts"
  printf '127.0.0.1 localhost\n' >"$1/etc/hosts"
  [ "$(id -u)" != 0 ] || chown 10001:10001 "$1.out"
}

# images_root NAME FOLDER: puts the staged layers of an image together.
images_root() {
  local layer stage=$images/stage/$1 to=$2
  rm -rf "$to" "$to.out"
  mkdir -p "$to"
  for layer in "$images"/base/{system,user,java} "$stage"/{libraries,application,aot}; do
    [ ! -d "$layer" ] || cp -al "$layer/." "$to"
  done
  images_furnish "$to"
}

# images_enter FOLDER DATA COMMAND…: runs a command there as the image's user. DATA, if it is not
# empty, is seen at /var/lib/smartnodes and FOLDER.out at /out; everything else is read-only.
images_enter() {
  local script
  # shellcheck disable=SC2016
  script='
    root=$1 data=$2
    shift 2
    mount --make-rprivate /
    mount --bind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount -t tmpfs tmpfs "$root/dev"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    for device in null zero random urandom; do
      : >"$root/dev/$device"
      mount --bind "/dev/$device" "$root/dev/$device"
    done
    [ -z "$data" ] || mount --bind "$data" "$root/var/lib/smartnodes"
    mount --bind "$root.out" "$root/out"
    mount -o remount,bind,ro "$root"
    if [ "$SMARTNODES_AS" = root ]; then
      exec chroot --userspec=10001:10001 "$root" "$@"
    fi
    exec chroot "$root" "$@"'
  SMARTNODES_AS=$(id -un) images_enter_with bash -euc "$script" enter "$@"
}

# Whether a program can be run inside a root file system of ours.
images_can_enter() {
  images_root "$1" "$images/work/try"
  images_enter "$images/work/try" '' /opt/java/bin/java -version >"$cache/logs/training-enter.log" 2>&1
}

# Starts the chain, the databases and the broker; they end when file descriptor 7 is closed.
images_ground() {
  local ground=$1 log=$cache/logs/training-ground.log waited=0
  [ -x "$(anvil_path)" ] || { echo "no anvil: run './smartnodes build' first" >"$log" && return 1; }
  rm -rf "$ground" "$ground.hold"
  mkdir -p "$ground"
  mkfifo "$ground.hold"
  SMARTNODES_ROOT=$root images_java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    io.smartnodes.images.ground.Ground "$(anvil_path)" "$ground" /var/lib/smartnodes \
    <"$ground.hold" >"$log" 2>&1 8>&- &
  images_ground_pid=$!
  exec 7>"$ground.hold"
  rm "$ground.hold"
  until [ -e "$ground/ready" ]; do
    if [ $((waited += 1)) -gt 900 ] || ! kill -0 "$images_ground_pid" 2>/dev/null; then
      images_ground_end
      return 1
    fi
    sleep 0.2
  done
  [ "$(id -u)" != 0 ] || chown 10001:10001 "$ground"/*.json "$ground/password" "$ground/token"
  # The broker's topics are made by the validator's program, as an operator does.
  "$jdk/bin/java" "@$ground/chain-proposer.options" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
    -jar "$root/services/validator/target/quarkus-app/quarkus-run.jar" topics >>"$log" 2>&1 7>&- 8>&-
}

images_ground_end() {
  exec 7>&-
  wait "$images_ground_pid" 2>/dev/null || true
}

declare -A images_shell images_process

# images_start NAME FOLDER GROUND JAVA-OPTION…: starts an image's program in the background.
images_start() {
  local name=$1 folder=$2 ground=$3 given=()
  shift 3
  [ "$name" != runner ] || given=(-Dsmartnodes.runner.socket=/tmp/runner.sock)
  [ ! -e "$ground/$name.options" ] || given=("@/var/lib/smartnodes/$name.options")
  local arguments
  read -ra arguments <<<"$(images_arguments "$name")"
  images_enter "$folder" "$ground" /opt/java/bin/java @/app/jvm.options "${given[@]}" "$@" \
    -jar "$(images_jar "$name")" "${arguments[@]}" >"$folder.out/log" 2>&1 7>&- 8>&- &
  images_shell[$name]=$!
  images_process[$name]=''
}

# What a program that is no service is trained with.
images_arguments() {
  case $1 in
  cli | worker) echo --help ;;
  esac
}

# The JVM that belongs to a shell of ours, as this machine numbers it.
images_find() {
  local name=$1 parent=${images_shell[$1]} child depth
  [ -z "${images_process[$name]}" ] || return 0
  for depth in 1 2 3 4; do
    child=$(pgrep -P "$parent" | head -n 1) || return 1
    [ -n "$child" ] || return 1
    if [ "$(cat "/proc/$child/comm" 2>/dev/null)" = java ]; then
      images_process[$name]=$child
      return 0
    fi
    parent=$child
  done
  return 1
}

# Waits until a program serves; at once over when it ended, which is as good for cli and worker.
# A service alone lives, but is not ready without its siblings: PATIENCE bounds the wait for that.
# images_await NAME FOLDER GROUND PATIENCE
images_await() {
  local name=$1 folder=$2 ground=$3 deadline=$((SECONDS + images_ready_seconds)) alive=''
  while kill -0 "${images_shell[$name]}" 2>/dev/null; do
    images_find "$name" || true
    case $name in
    cli | worker) ;;
    runner) ! grep -q 'runner listens' "$folder.out/log" || return 0 ;;
    *)
      ! images_healthy "$(cat "$ground/$name.health")/ready" || return 0
      if [ -z "$alive" ] && images_healthy "$(cat "$ground/$name.health")/live"; then alive=$SECONDS; fi
      [ -z "$alive" ] || [ $((SECONDS - alive)) -lt "$4" ] || return 0
      ;;
    esac
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.1
  done
  case $name in
  cli | worker) wait "${images_shell[$name]}" ;;
  *) return 1 ;;
  esac
}

images_healthy() {
  local host=${1#http://} path
  path=/${host#*/} host=${host%%/*}
  exec 6<>"/dev/tcp/${host%:*}/${host#*:}" || return 1
  printf 'GET %s HTTP/1.0\r\n\r\n' "$path" >&6
  local line=''
  IFS= read -r -t 5 line <&6 || true
  exec 6>&-
  [[ $line = *' 200 '* ]]
} 2>/dev/null

images_stop() {
  local name=$1
  images_find "$name" || true
  [ -z "${images_process[$name]}" ] || kill "${images_process[$name]}" 2>/dev/null || true
  wait "${images_shell[$name]}" 2>/dev/null || true
}

# The end of every part that still runs, however this shell ends.
images_cleanup() {
  local name
  for name in "${!images_shell[@]}"; do
    images_find "$name" || true
    [ -z "${images_process[$name]}" ] || kill -9 "${images_process[$name]}" 2>/dev/null || true
  done
  exec 7>&-
}

# images_train NAME…: leaves the caches beside the other layers, where it can.
images_train() {
  if ! images_can_enter "$1"; then
    echo "AOT caches are left out: a program cannot be run inside its image's files here (needs root or user namespaces); $cache/logs/training-enter.log says more" >&2
    return 0
  fi
  local name record=("$@") needed=()
  for name in "$@"; do
    case $name in
    runner | cli | worker) ;;
    *) needed+=("$name") ;;
    esac
  done
  # An image without a cache starts slower, that is all: --verify counts it as a fault.
  (step "Train the AOT caches of ${record[*]}" images_train_all "${needed[@]}" -- "${record[@]}") ||
    echo "Images without an AOT cache are built all the same" >&2
  images_tidy
}

# What a killed broker is still writing may come back once.
images_tidy() {
  rm -rf "$images"/work/{try,again,ground,root-}* 2>/dev/null || { sleep 3 && rm -rf "$images"/work/{try,again,ground,root-}*; }
}

images_train_all() (
  set +e
  trap images_cleanup EXIT
  trap 'exit 143' TERM INT
  local needed=() name ground=$images/work/ground failed=''
  while [ "$1" != -- ]; do needed+=("$1") && shift; done
  shift
  mkdir -p "$ground"
  if [ ${#needed[@]} -gt 0 ]; then
    images_ground "$ground" || { cat "$cache/logs/training-ground.log" && return 1; }
  fi
  # The signer first: the other four get their certificates from it.
  case " ${needed[*]} " in
  *' chain-proposer '*) images_begin chain-proposer "$ground" ;;
  *registry* | *router* | *attestation* | *ledger*) images_aside chain-proposer "$ground" ;;
  esac
  if [ -n "${images_shell[chain-proposer]:-}" ]; then
    images_settled chain-proposer "$ground" || return 1
  fi
  for name in "$@"; do
    if [ "$name" != chain-proposer ]; then images_begin "$name" "$ground"; fi
  done
  for name in "$@"; do
    images_settled "$name" "$ground" || failed+=" $name"
  done
  # What follows a start belongs to it: first epochs, first calls between the services.
  [ ${#needed[@]} = 0 ] || sleep 8
  for name in "$@"; do
    if [ "$name" != chain-proposer ]; then images_stop "$name"; fi
  done
  [ -z "${images_shell[chain-proposer]:-}" ] || images_stop chain-proposer
  [ ${#needed[@]} = 0 ] || images_ground_end
  for name in "$@"; do
    [[ " $failed " = *" $name "* ]] || images_create "$name" || failed+=" $name"
  done
  [ -z "$failed" ] || { echo "without a cache:$failed" && return 1; }
)

images_begin() {
  local folder=$images/work/root-$1
  images_root "$1" "$folder"
  images_start "$1" "$folder" "$2" -Xlog:aot*=error -Xlog:cds*=error -XX:AOTMode=record -XX:AOTConfiguration=/out/app.conf
}

# The signer of others that are trained.
images_aside() {
  [ -e "$images/stage/$1" ] || images_stage "$1" || return 1
  images_root "$1" "$images/work/root-$1"
  images_start "$1" "$images/work/root-$1" "$2"
}

images_settled() {
  images_await "$1" "$images/work/root-$1" "$2" 20 && return 0
  echo "$1 did not become ready while it was trained:"
  tail -n 30 "$images/work/root-$1.out/log"
  return 1
}

# The heap's objects can be stored by G1 alone, and be read by the serial collector.
images_create() {
  local name=$1 folder=$images/work/root-$1 layer=$images/stage/$1/aot arguments
  read -ra arguments <<<"$(images_arguments "$name")"
  images_enter "$folder" '' /opt/java/bin/java @/app/jvm.options -XX:-UseSerialGC -XX:+UseG1GC \
    -Xlog:aot*=error -Xlog:cds*=error -XX:AOTMode=create -XX:AOTConfiguration=/out/app.conf -XX:AOTCache=/out/app.aot \
    -jar "$(images_jar "$name")" "${arguments[@]}" || return 1
  mkdir -p "$layer/app"
  mv "$folder.out/app.aot" "$layer/app/app.aot"
  images_settle "$layer"
}
