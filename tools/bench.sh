# Benchmarks of the Java parts, sourced by the launcher: each in bench/NAME.sh as NAME_bench.
# shellcheck shell=bash

bench_main() {
  local what=$1
  shift
  # shellcheck disable=SC1090
  . "$root/bench/$what.sh"
  "${what}_bench" "$@"
}
