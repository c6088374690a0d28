#!/usr/bin/env bash
# ./smartnodes test cluster: the story on a real Kubernetes. Sourced by the launcher, which has
# root, cache, cli and jdk.
# shellcheck shell=bash disable=SC2154

cluster_usage() {
  cat <<'TXT'
Lives through the story of the demo with one validator on Kubernetes, installed by Helm, next to
three one-process validators on this machine; then breaks what may break, and checks that nothing
is lost or done twice.

  ./smartnodes test cluster [--report FILE] [--only WHAT]... [--quick] [--keep] [--context current]

  --report FILE      writes a report: that of the demo, with a part 'cluster'
  --only WHAT        story, chaos, wrong-values, or the name of one step; may be repeated
  --quick            the steps that fit into twelve minutes; else all of them, some twenty-five
  --list             names all steps, and runs nothing
  --keep             when all is done, waits until Ctrl-C before everything is taken down
  --context current  uses the current kube context instead of a cluster of its own

Settings, in the environment:
  SMARTNODES_CLUSTER=current    as --context current
  SMARTNODES_KUBE=DIR           where the one-node Kubernetes is (default: ../shared/kube)
  SMARTNODES_KUBE_ID=0          tells clusters on one machine apart
  SMARTNODES_CLUSTER_VALUES=FILE  values for the chart that win over those of the test
  With a context of your own, also:
  SMARTNODES_CLUSTER_HOST=IP    address of this machine that pods of the cluster reach
  SMARTNODES_CLUSTER_LOAD=CMD   loads an image archive, whose path is added as the last argument
                                (kind: 'kind load image-archive'); none if the images are there

Examples:
  ./smartnodes test cluster --report report.json
  ./smartnodes test cluster --only signer-killed
  SMARTNODES_CLUSTER_HOST=172.18.0.1 SMARTNODES_CLUSTER_LOAD='kind load image-archive' \
    ./smartnodes test cluster --context current

Where no cluster can be had it says why in one line and ends with 0; cluster.skipped of the report
says it too.
Exit codes: 0 every check held or skipped, 1 something failed, 2 wrong usage.
TXT
}

cluster_images=(peer-registry job-router attestation reputation-ledger chain-proposer runner validator cli)

# Set by cluster_options.
cluster_report='' cluster_context='' cluster_kube='' cluster_id=0 cluster_state='' cluster_list=''
cluster_arguments=()
# What there was before, and whether a cluster of ours may run.
cluster_before='' cluster_up=''

cluster_main() {
  cluster_options "$@"
  if [ -n "$cluster_list" ]; then
    cluster_report=''
    build
    cluster_compile
    cluster_java list
    return
  fi
  local why rc=0
  if ! why=$(cluster_missing); then
    echo "skipped: $why" >&2
    cluster_write_skipped "$why"
    return 0
  fi
  part images "${cluster_images[@]}"
  build
  cluster_compile
  [ "$cluster_context" = current ] || cluster_caches
  # A run that was killed may have left its cluster.
  [ "$cluster_context" = current ] || cluster_down
  cluster_before=$(cluster_traces)
  trap cluster_down EXIT
  trap 'exit 130' INT TERM
  cluster_start
  cluster_java run "${cluster_arguments[@]}" || rc=$?
  cluster_down
  trap - EXIT INT TERM
  cluster_seal || rc=1
  return "$rc"
}

cluster_options() {
  cluster_context=${SMARTNODES_CLUSTER:-own}
  while [ $# -gt 0 ]; do
    case $1 in
    -h | --help)
      cluster_usage
      exit 0
      ;;
    --report=* | --only=* | --context=*)
      set -- "${1%%=*}" "${1#*=}" "${@:2}"
      continue
      ;;
    --report | --only | --context)
      [ $# -ge 2 ] || fail "$1 needs a value; try --help"
      case $1 in
      --report) cluster_report=$(realpath -m -- "$2") ;;
      --only) cluster_arguments+=(--only "$2") ;;
      --context) cluster_context=$2 ;;
      esac
      shift
      ;;
    --list) cluster_list=yes ;;
    --quick | --keep) cluster_arguments+=("$1") ;;
    *) fail "unknown option '$1' of test cluster; try --help" ;;
    esac
    shift
  done
  case $cluster_context in
  own | current) ;;
  *) fail "--context: only 'current' is known; choose another with 'kubectl config use-context'" ;;
  esac
  cluster_kube=${SMARTNODES_KUBE:-$root/../shared/kube}
  cluster_id=${SMARTNODES_KUBE_ID:-0}
  cluster_state=$cache/cluster/kube
}

# Says why no cluster can be had, with a status that says whether.
cluster_missing() {
  local why=''
  if [ "$cluster_context" = current ]; then
    if ! command -v kubectl >/dev/null; then
      why='kubectl is not installed'
    elif ! command -v helm >/dev/null; then
      why='helm is not installed'
    elif ! kubectl version --request-timeout=10s >/dev/null 2>&1; then
      why="the current kube context does not answer: try 'kubectl version'"
    elif [ -z "${SMARTNODES_CLUSTER_HOST:-}" ]; then
      why='SMARTNODES_CLUSTER_HOST does not say at which address pods reach this machine'
    fi
  elif [ ! -x "$cluster_kube/up" ]; then
    why="there is no one-node Kubernetes in $cluster_kube (SMARTNODES_KUBE)"
  elif [ "$(uname -s)" != Linux ]; then
    why='the one-node Kubernetes needs Linux'
  elif [ "$(id -u)" != 0 ]; then
    why='the one-node Kubernetes needs root'
  fi
  echo "$why"
  [ -z "$why" ]
}

# A report that fits the schema of all others, and says why it is empty.
cluster_write_skipped() {
  [ -n "$cluster_report" ] || return 0
  mkdir -p "$(dirname -- "$cluster_report")"
  cat >"$cluster_report" <<JSON
{
  "ok": false, "checks": [], "seed": 0, "job": null, "workers": [], "certificates": [], "epochs": [],
  "claims": [], "conservation": null, "detection": null, "phases": [], "processes": [],
  "cluster": {
    "skipped": "${1//[\\\"]/}",
    "kubernetes": "", "steps": [], "notRun": [], "pods": []
  }
}
JSON
}

# The pods take nothing but a start from their AOT caches: a cache that is missing, or that the JVM
# rejects where it runs, must not pass unnoticed.
cluster_caches() {
  local image without=()
  for image in "${cluster_images[@]}"; do
    [[ "$(cat "$cache/images/$image.key")" = *' true' ]] || without+=("$image")
  done
  [ ${#without[@]} = 0 ] ||
    fail "no AOT cache in the images of ${without[*]}; $cache/logs says why: try './smartnodes build images --verify'" 1
  export SMARTNODES_CLUSTER_JAVA_OPTIONS=-XX:AOTMode=on
}

# The scenario is compiled beside the command line, whose class path it shares. The build of
# everything compiles it too, with all checks; this one takes seconds.
cluster_compile() {
  local classes=$cache/cluster/classes source=$root/acceptance/src/test/java/io/smartnodes/acceptance/cluster
  if [ ! -e "$classes.stamp" ] || [ "$cache/java.stamp" -nt "$classes.stamp" ] ||
    [ -n "$(find "$source" -name '*.java' -newer "$classes.stamp" -print -quit)" ]; then
    rm -rf "$classes"
    mkdir -p "$classes"
    find "$source" -name '*.java' -not -name '*Test.java' -print >"$classes.sources"
    step "Compile the cluster scenario" "$jdk/bin/javac" -nowarn -proc:none -d "$classes" \
      -cp "$cli/lib/*:$cli/classes" "@$classes.sources"
    touch "$classes.stamp"
  fi
}

cluster_start() {
  local image
  if [ "$cluster_context" = current ]; then
    [ -n "${SMARTNODES_CLUSTER_LOAD:-}" ] || return 0
    for image in "${cluster_images[@]}"; do
      # The setting is a command with its arguments.
      # shellcheck disable=SC2086
      step "Load image $image" $SMARTNODES_CLUSTER_LOAD "$cache/images/$image.tar"
    done
    return
  fi
  export KUBEBOX_ID=$cluster_id
  cluster_up=yes
  step "Start Kubernetes" "$cluster_kube/up" "$cluster_state"
  export PATH=$cluster_state/bin:$PATH KUBECONFIG=$cluster_state/kubeconfig
  export KUBECACHEDIR=$cluster_state/kubectl-cache SMARTNODES_CLUSTER_HOST=10.210.$cluster_id.1
  export HELM_CACHE_HOME=$cluster_state/helm HELM_CONFIG_HOME=$cluster_state/helm HELM_DATA_HOME=$cluster_state/helm
  cluster_weigh
  step "Load the images" cluster_load
}

# The node's processes count as one against each process of this machine, unless told otherwise.
cluster_weigh() {
  local shares=/sys/fs/cgroup/cpu/kubebox$cluster_id/cpu.shares weight=/sys/fs/cgroup/kubebox$cluster_id/cpu.weight
  if [ -w "$shares" ]; then
    echo 16384 >"$shares"
  elif [ -w "$weight" ]; then
    echo 1600 >"$weight"
  fi
}

cluster_load() {
  local image
  for image in "${cluster_images[@]}"; do
    "$cluster_kube/load-image" "$cache/images/$image.tar" "$cluster_state" || return
  done
}

cluster_java() {
  local what=$1
  shift
  [ -z "$cluster_report" ] || set -- --report "$cluster_report" "$@"
  export SMARTNODES_ROOT=$root SMARTNODES_JAVA_HOME=$jdk
  SMARTNODES_ANVIL=$(anvil_path)
  export SMARTNODES_ANVIL
  "$jdk/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -XX:+UseSerialGC -Xmx512m -cp "$cache/cluster/classes:$cli/lib/*:$cli/classes" \
    io.smartnodes.acceptance.cluster.ClusterMain "$what" "$@"
}

# Takes a cluster of ours down; a second time does nothing.
cluster_down() {
  [ "$cluster_context" = own ] || return 0
  [ -n "$cluster_up" ] || [ -e "$cluster_state" ] || return 0
  if [ -d "$cluster_state/log" ]; then
    rm -rf "$cache/logs/cluster-node"
    mkdir -p "$cache/logs"
    cp -r "$cluster_state/log" "$cache/logs/cluster-node" || true
    cp -r "$cluster_state/pods-log" "$cache/logs/cluster-node/pods" || true
  fi
  KUBEBOX_ID=$cluster_id "$cluster_kube/down" --purge "$cluster_state" >&2 || true
  cluster_up=''
}

# What a cluster or a network of ours would leave behind, one trace a line.
cluster_traces() {
  local entry line
  for entry in /sys/class/net/*; do
    echo "interface ${entry##*/}"
  done
  [ ! -r /proc/self/mountinfo ] || awk '{print "mount " $5}' /proc/self/mountinfo
  for entry in /sys/fs/cgroup/*/"kubebox$cluster_id" "/sys/fs/cgroup/kubebox$cluster_id" \
    /var/lib/kubelet /run/kubebox "$cluster_state"; do
    [ ! -e "$entry" ] || echo "folder $entry"
  done
  for entry in /proc/[0-9]*; do
    line=$(tr '\0' ' ' 2>/dev/null <"$entry/cmdline") || continue
    case $line in
    *"$cache/cluster/"*) echo "process ${entry##*/} ${line:0:80}" ;;
    *) ! grep -qs "/kubebox$cluster_id" "$entry/cgroup" || echo "process ${entry##*/} ${line:0:80}" ;;
    esac
  done
}

# Adds to the report whether everything is as it was before.
cluster_seal() {
  local left
  left=$(comm -13 <(sort <<<"$cluster_before") <(cluster_traces | sort) | paste -sd ';')
  if [ -n "$left" ]; then
    echo "left behind: $left" >&2
  else
    echo "Nothing is left behind: no process, mount, network interface or folder" >&2
  fi
  if [ -n "$cluster_report" ] && [ -e "$cluster_report" ]; then
    cluster_java seal --left "$left"
  fi
  [ -z "$left" ]
}
