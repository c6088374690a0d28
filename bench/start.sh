# What a start costs, in and out of its AOT cache: ./smartnodes bench start. Sourced by tools/bench.sh.
# shellcheck shell=bash disable=SC2154

start_usage() {
  cat <<'TXT'
./smartnodes bench start [--report FILE] [NAME…]

Starts each image's program from its archive, with and without its AOT cache in the same run, beside
a chain, a database and a broker of its own on this machine: seconds until it serves (the validator:
until it is ready), processor seconds until then, resident memory then; and the size of the images.
Prints JSON. Build the images first: ./smartnodes build images

  NAME           services, validator; all six without a name
  --report FILE  writes the JSON there too
TXT
}

start_bench() {
  local report='' names=()
  while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) start_usage && return ;;
    --report)
      [ $# -gt 1 ] || fail "$1 needs a file"
      report=$2
      shift
      ;;
    -*) fail "unknown option '$1' of bench start" ;;
    *) names+=("$1") ;;
    esac
    shift
  done
  local part
  for part in images images-train images-verify; do
    # shellcheck disable=SC1090
    . "$root/tools/$part.sh"
  done
  [ ${#names[@]} -gt 0 ] || names=("${images_services[@]}" validator)
  local name
  for name in "${names[@]}" chain-proposer; do
    [ -e "$images/$name.tar" ] || fail "there is no image $name: run './smartnodes build images' first"
  done
  command -v jq >/dev/null || fail "bench start needs jq"
  images_tool="$root/tools/images/target"
  local answer
  answer=$(start_measure "${names[@]}") || fail "not everything started" 1
  images_tidy
  echo "$answer"
  [ -z "$report" ] || echo "$answer" >"$report"
}

start_measure() (
  trap images_cleanup EXIT
  trap 'exit 143' TERM INT
  local name ground=$images/work/ground lines=() signer=chain-proposer
  mkdir -p "$ground"
  images_ground "$ground" || { tail -n 20 "$cache/logs/training-ground.log" >&2 && return 1; }
  images_unpack "$images/$signer.tar" "$images/work/root-$signer"
  # Schemas are made once, before anything is measured.
  images_start "$signer" "$images/work/root-$signer" "$ground"
  images_await "$signer" "$images/work/root-$signer" "$ground" 60 || return 1
  for name in "$@"; do
    [ "$name" != "$signer" ] || images_stop "$signer"
    lines+=("$(start_both "$name" "$ground")") || return 1
    [ "$name" != "$signer" ] || {
      images_start "$signer" "$images/work/root-$signer" "$ground"
      images_await "$signer" "$images/work/root-$signer" "$ground" 60 || return 1
    }
  done
  images_stop "$signer"
  images_ground_end
  printf '%s\n' "${lines[@]}" | jq -s --argjson sizes "$(start_sizes)" \
    --argjson cores "$(nproc)" --arg load "$(cut -d' ' -f1 /proc/loadavg)" \
    '{unit: "seconds, seconds of processor time, MiB", cores: $cores, load: ($load | tonumber), starts: map({(.name): del(.name)}) | add, images: $sizes}'
)

start_both() {
  local name=$1 ground=$2 folder=$images/work/root-$1 aot plain
  [ -d "$folder/app" ] || images_unpack "$images/$name.tar" "$folder"
  # Once beforehand: its schema is made, its files are in the page cache.
  start_one "$name" "$folder" "$ground" >/dev/null || return 1
  aot=$(start_one "$name" "$folder" "$ground" -XX:AOTCache=/app/app.aot -XX:AOTMode=on) || return 1
  plain=$(start_one "$name" "$folder" "$ground") || return 1
  if [ "$name" = validator ]; then
    # As a local network starts it.
    local quick
    quick=$(start_one "$name" "$folder" "$ground" -XX:AOTCache=/app/app.aot -XX:AOTMode=on -XX:TieredStopAtLevel=1) || return 1
    jq -cn --arg name "$name" --argjson aot "$aot" --argjson plain "$plain" --argjson quick "$quick" \
      '{$name, $aot, aotFirstTier: $quick, $plain, cpuRatio: ($aot.cpu / $plain.cpu * 100 | round / 100), goals: {cpu: 6, memory: 350, met: ($quick.cpu <= 6 and $quick.memory <= 350)}}'
    return
  fi
  jq -cn --arg name "$name" --argjson aot "$aot" --argjson plain "$plain" \
    '{$name, $aot, $plain, cpuRatio: ($aot.cpu / $plain.cpu * 100 | round / 100)}'
}

start_one() {
  local name=$1 folder=$2 ground=$3 started ended ticks pages url
  shift 3
  started=$(date +%s%N)
  images_start "$name" "$folder" "$ground" "$@"
  # A service without its siblings serves, but is not ready.
  url=$(cat "$ground/$name.health")/live
  [ "$name" != validator ] || url=${url%/live}/ready
  until images_healthy "$url"; do
    kill -0 "${images_shell[$name]}" 2>/dev/null && [ $(($(date +%s%N) - started)) -lt 300000000000 ] || {
      tail -n 20 "$folder.out/log" >&2
      images_stop "$name"
      return 1
    }
    sleep 0.02
  done
  ended=$(date +%s%N)
  images_find "$name" || return 1
  ticks=$(sed 's/.*) //' "/proc/${images_process[$name]}/stat" | awk '{print $12 + $13}')
  pages=$(awk '/^VmRSS/ {print $2}' "/proc/${images_process[$name]}/status")
  images_stop "$name"
  jq -cn --argjson nanos $((ended - started)) --argjson ticks "$ticks" --argjson hertz "$(getconf CLK_TCK)" --argjson kib "$pages" \
    '{time: ($nanos / 1e7 | round / 100), cpu: ($ticks / $hertz), memory: ($kib / 1024 | round)}'
}

# Bytes of the archive, and unpacked by layer.
start_sizes() {
  local name
  for name in "${images_all[@]}"; do
    [ -e "$images/$name.tar" ] || continue
    images_tool digests "$images/$name.tar" |
      jq -Rcs --arg name "$name" --argjson archive "$(stat -c %s "$images/$name.tar")" \
        'split("\n") | map(select(. != "") | split(" ")) | {($name): {archive: $archive, layers: map(.[2] | tonumber), unpacked: map(.[3] | tonumber) }}'
  done | jq -cs add
}
