#!/usr/bin/env bash
# Renders the chart for every overlay: overlays/NAME/chart.yaml, and preflight.yaml for what Helm
# would run before. Usage: k8s/render.sh [--helm FILE] [--to DIR]
set -euo pipefail

here=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
helm=helm to=$here
while [ $# -gt 0 ]; do
  case $1 in
  --helm | --to)
    [ $# -gt 1 ] || { echo "render.sh: $1 needs a value" >&2 && exit 2; }
    case $1 in --helm) helm=$2 ;; --to) to=$2 ;; esac
    shift
    ;;
  *) sed -n '2,3p' "$0" >&2 && exit 2 ;;
  esac
  shift
done
command -v "$helm" >/dev/null || { echo "render.sh: no Helm found: install Helm 3 or 4, or give --helm FILE" >&2 && exit 2; }

render() {
  "$helm" template validator "$here/../helm/smartnodes-validator" --namespace smartnodes \
    --kube-version 1.34 --values "$here/overlays/$1/values.yaml" "${@:2}"
}

# One form for every Helm: without blank lines and its own comments.
plain() {
  echo "# Rendered by k8s/render.sh: change values.yaml or the chart instead."
  sed -e 's/[[:space:]]*$//' | sed -e '/^$/d' -e '/^# Source: /d'
}

only_preflight() {
  # Documents with the label of the preflight, and without Helm's annotations for hooks.
  awk 'BEGIN { RS = "---\n"; ORS = "" }
    /app\.kubernetes\.io\/component: preflight/ && /helm\.sh\/hook: pre-install/ { print "---\n" $0 }' |
    sed -e '/helm\.sh\/hook/d' -e '/^  annotations:$/d' -e '/^    # One that failed stays/d'
}

for overlay in "$here"/overlays/*/; do
  name=$(basename "$overlay")
  mkdir -p "$to/overlays/$name"
  render "$name" --no-hooks | plain >"$to/overlays/$name/chart.yaml"
  render "$name" | only_preflight | plain >"$to/overlays/$name/preflight.yaml"
done
