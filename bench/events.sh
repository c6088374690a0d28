# Events per second through outbox, Kafka and consumer, against the machine's own limits.
# shellcheck shell=bash

events_bench_usage() {
  cat <<'TXT'
Usage: ./smartnodes bench events [--events N] [--output FILE]

Measures in one run: inserts into an outbox alone, records to Kafka alone, and the whole path from
the transaction that publishes to the one that processes. Writes JSON; the ratio is of the path to
the lower of the two (goal: 0.5).

  --events N     how many (default 20000)
  --output FILE  default: bench/results/events.json
TXT
}

events_bench() {
  local events=20000 output=$root/bench/results/events.json
  while [ $# -gt 0 ]; do
    case $1 in
    --events)
      events=${2:?"--events needs a number"}
      shift 2
      ;;
    --output)
      output=$(realpath -m -- "${2:?"--output needs a file"}")
      shift 2
      ;;
    -h | --help)
      events_bench_usage
      return
      ;;
    *) fail "unknown option '$1' of bench events" ;;
    esac
  done
  build
  mkdir -p "$(dirname -- "$output")"
  step "Measure events" maven -pl libs/events -am test -Dtest=EventsBench -Dsurefire.failIfNoSpecifiedTests=false \
    -Dspotless.check.skip "-Dsmartnodes.bench.events=$events" "-Dsmartnodes.bench.output=$output"
  cat "$output"
}
