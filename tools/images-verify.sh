# shellcheck shell=bash
# Checks of finished image archives: ./smartnodes build images --verify. Sourced by tools/images.sh
# after tools/images-train.sh.
# shellcheck disable=SC2154

# images_unpack ARCHIVE FOLDER: the files of an image as a container sees them.
images_unpack() {
  local archive=$1 to=$2 layer
  rm -rf "$to" "$to.out" "$to.layers"
  mkdir -p "$to" "$to.layers"
  tar -C "$to.layers" -xf "$archive"
  jq -r '.[0].Layers[]' "$to.layers/manifest.json" | while read -r layer; do
    tar -C "$to" --warning=no-unknown-keyword -xzpf "$to.layers/$layer"
  done
  rm -rf "$to.layers"
  images_furnish "$to"
}

images_verify() {
  local name archives=() bad=0
  command -v jq >/dev/null || fail "--verify needs jq"
  for name in "$@"; do archives+=("$images/$name.tar"); done
  images_tool check "${archives[@]}" || bad=1
  for name in "$@"; do
    images_again "$name" || bad=1
  done
  if images_can_enter "$1"; then
    (images_lives "$@") || bad=1
  else
    echo "starts: not tried, a program cannot be run inside its image's files here (needs root or user namespaces)"
  fi
  images_tidy
  [ $bad = 0 ] || fail "not all images are as they should be" 1
}

# Packed a second time, an image is the same file.
images_again() {
  local name=$1 cached=false again=$images/work/again.tar
  ! images_has_cache "$name" || cached=true
  [[ "$(cat "$images/$name.key")" = *" $cached" ]] || cached=false
  images_archive "$name" "$cached" "$again" "$(images_label "$images/$name.tar" revision)" >/dev/null || return 1
  if cmp -s "$again" "$images/$name.tar"; then
    echo "smartnodes/$name: packed again, the same $(stat -c %s "$again") bytes"
    rm -f "$again"
  else
    echo "smartnodes/$name: packed again, it differs"
    return 1
  fi
}

images_label() {
  tar -xOf "$1" config.json | jq -r ".config.Labels[\"org.opencontainers.image.$2\"]"
}

# Each program starts from its archive alone, refuses to do so without its AOT cache, and defines no
# class at run time that is not explained.
images_lives() {
  set +e
  trap images_cleanup EXIT
  trap 'exit 143' TERM INT
  local name ground=$images/work/ground bad=0 signer=chain-proposer services=() others=()
  for name in "$@"; do
    case $name in
    runner | cli | worker) others+=("$name") ;;
    "$signer") ;;
    *) services+=("$name") ;;
    esac
  done
  mkdir -p "$ground"
  if [ ${#services[@]} -gt 0 ] || [[ " $* " = *" $signer "* ]]; then
    images_ground "$ground" || { tail -n 20 "$cache/logs/training-ground.log" && return 1; }
    if [ "${services[*]}" != validator ] && [ -e "$images/$signer.tar" ]; then
      images_live "$signer" "$ground" || bad=1
    fi
  fi
  for name in "${services[@]}" "${others[@]}"; do
    images_live_begin "$name" "$ground"
  done
  for name in "${services[@]}" "${others[@]}"; do
    images_live_end "$name" "$ground" || bad=1
  done
  # What is defined later than at the start counts, too: calls, an epoch, a failed job.
  [ ${#services[@]} = 0 ] || sleep 15
  for name in "${!images_shell[@]}"; do
    images_stop "$name"
    images_explained "$name" || bad=1
  done
  [ ! -e "$ground/ready" ] || images_ground_end
  return $bad
}

images_live() {
  images_live_begin "$1" "$2"
  images_live_end "$1" "$2"
}

images_live_begin() {
  local folder=$images/work/root-$1 mode=()
  images_unpack "$images/$1.tar" "$folder"
  if [ -e "$folder/app/app.aot" ]; then mode=(-XX:AOTCache=/app/app.aot -XX:AOTMode=on); fi
  images_start "$1" "$folder" "$2" "${mode[@]}" -Xlog:class+load=debug:file=/out/classes.log:none:filecount=0
}

images_live_end() {
  local name=$1 folder=$images/work/root-$1
  if [ ! -e "$folder/app/app.aot" ]; then
    echo "smartnodes/$name: has no AOT cache"
    images_await "$name" "$folder" "$2" 60
    return 1
  fi
  if ! images_await "$name" "$folder" "$2" 60; then
    echo "smartnodes/$name: does not start with its AOT cache:"
    tail -n 20 "$folder.out/log"
    return 1
  fi
  local cached all
  cached=$(grep -c 'source: shared objects file' "$folder.out/classes.log")
  all=$(grep -c ' source: ' "$folder.out/classes.log")
  echo "smartnodes/$name: started, $cached of $all classes from its AOT cache"
  [ $((2 * cached)) -gt "$all" ]
}

# Classes that neither a jar nor the Java runtime has, but for those that a native build knows too.
images_explained() {
  local name=$1 found
  [ "$name" != runner ] || return 0
  # Every program makes some: none at all would mean that the log is read wrongly.
  [ -n "$(awk -f "$root/tools/images/generated-classes.awk" "$images/work/root-$name.out/classes.log" | head -n 1)" ] ||
    { echo "smartnodes/$name: its log of classes cannot be read" && return 1; }
  found=$(awk -f "$root/tools/images/generated-classes.awk" "$images/work/root-$name.out/classes.log" | sort -u |
    grep -vE -f <(grep -vE '^(#|$)' "$root/tools/images/generated-classes.txt"))
  [ -n "$found" ] || return 0
  echo "smartnodes/$name: defines classes at run time that tools/images/generated-classes.txt does not explain:"
  printf '%s\n' "$found" | head -n 20
  return 1
}
