"""Checks helm/ and k8s/ without a cluster. Started by tools/charts.sh."""

import argparse
import difflib
import pathlib
import subprocess
import sys
import time

import yaml

import expectations
import mutations
import policies
import sources
import strict
import table

KUBERNETES = "1.34"
NAMESPACE = "smartnodes"
CHARTS = ("smartnodes-validator", "smartnodes-worker")


class Report:
    """What was found; each line names the file at fault."""

    def __init__(self):
        self.problems = []
        self.mutants = 0

    def problem(self, where, text):
        self.problems.append(f"{where}: {text}")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def load(text):
    return [one for one in yaml.load_all(text, Loader=yaml.CSafeLoader) if one]


def key(one):
    return (one["kind"], one["metadata"]["name"])


def golden(objects):
    """The same text whatever Helm's order and blank lines are."""
    return "---\n".join(
        yaml.dump(one, Dumper=yaml.CSafeDumper, sort_keys=False, width=1000, allow_unicode=True)
        for one in sorted(objects, key=key)
    )


def compare(report, path, text, update):
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return
    old = path.read_text() if path.exists() else ""
    if old != text:
        diff = difflib.unified_diff(
            old.splitlines(), text.splitlines(), str(path), "now", n=2, lineterm=""
        )
        shown = "\n    ".join(list(diff)[:40])
        report.problem(path, f"differs from what is rendered now (--update renews it):\n    {shown}")


def render(helm, chart, values, *options):
    return run(
        helm, "template", "validator", str(chart), "--namespace", NAMESPACE,
        "--kube-version", KUBERNETES, "--values", str(values), *options,
    )


def check_profile(report, helms, chart, profile, update):
    expected = None
    for version, helm in helms.items():
        where = f"{chart.name}/ci/{profile.name} ({version})"
        code, out, err = run(
            helm, "lint", "--strict", str(chart), "--kube-version", KUBERNETES,
            "--values", str(profile),
        )
        if code:
            report.problem(where, f"lint: {out}{err}")
        code, out, err = render(helm, chart, profile)
        if code:
            report.problem(where, f"template: {err}")
            continue
        objects = load(out)
        text = golden(objects)
        if expected is None:
            expected = text
            strict.check(report, where, objects, KUBERNETES)
            policies.check(report, where, objects)
            sources.check_settings(report, where, objects)
            compare(report, chart / "golden" / profile.name, text, update)
            if profile.name == "minimal.yaml" and chart.name == "smartnodes-validator":
                report.mutants = mutations.check(report, objects)
        elif text != expected:
            report.problem(where, "is rendered differently than by the other Helm")


def check_overlays(report, root, helm, work, update):
    code, out, err = run(
        "bash", str(root / "k8s/render.sh"), "--helm", helm, "--to", str(work / "k8s")
    )
    if code:
        report.problem("k8s/render.sh", err or out)
        return
    for rendered in sorted((work / "k8s").rglob("*.yaml")):
        name = rendered.relative_to(work / "k8s")
        compare(report, root / "k8s" / name, rendered.read_text(), update)
    for overlay in sorted((root / "k8s/overlays").iterdir()):
        objects = []
        for file in sorted(overlay.rglob("*.yaml")):
            if file.name not in ("values.yaml", "kustomization.yaml"):
                objects += load(file.read_text())
        where = f"k8s/overlays/{overlay.name}"
        strict.check(report, where, objects, KUBERNETES)
        policies.check(report, where, objects)
        sources.check_topics(report, where, objects)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--helm", action="append", required=True)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()

    report = Report()
    sources.read(options.root)
    helms = {}
    for helm in options.helm:
        _, out, _ = run(helm, "version", "--template", "{{.Version}}")
        helms[f"Helm {out.strip().lstrip('v') or helm}"] = helm
    first = next(iter(helms.values()))

    profiles = 0
    for name in CHARTS:
        chart = options.root / "helm" / name
        ci = sorted((chart / "ci").glob("*.yaml"))
        profiles += len(ci)
        for profile in ci:
            check_profile(report, helms, chart, profile, options.update)
        for stale in sorted((chart / "golden").glob("*.yaml")):
            if not (chart / "ci" / stale.name).exists():
                report.problem(stale, "no profile of this name")
    refusals = expectations.check(report, options.root, helms, run)
    sources.check_alerts(report, options.root)
    table.check(report, options.root, options.update)
    check_overlays(report, options.root, first, options.work, options.update)

    for problem in report.problems:
        print(f"FAILED {problem}", file=sys.stderr)
    print(
        f"{profiles} profiles with {' and '.join(helms)}; {strict.checked} objects valid for"
        f" Kubernetes {KUBERNETES}, {len(strict.skipped)} kinds without a schema here"
        f" ({', '.join(sorted(strict.skipped)) or 'none'}); {policies.rules} rules,"
        f" {report.mutants} breaches of them noticed;"
        f" {refusals} wrong values refused; {time.monotonic() - started:.0f} s"
    )
    sys.exit(1 if report.problems else 0)


if __name__ == "__main__":
    main()
