"""Names that charts and programs share: settings, metrics, topics."""

import re

settings = set()
metrics = set()
topics = {}

# Read by the JVM or set for other reasons.
OTHERS = re.compile(
    r"^(QUARKUS_(DATASOURCE|FLYWAY|HTTP|MANAGEMENT|LOG)_[A-Z_]+|JAVA_TOOL_OPTIONS|POD_IP"
    r"|SMARTNODES_SERVICES_(PEER_REGISTRY|JOB_ROUTER|ATTESTATION|REPUTATION_LEDGER|CHAIN_PROPOSER)"
    r"_(PUBLIC_)?ADDRESS)$"
)
RUNNER = re.compile(r'(?:text|number)\("([a-z-]+)"')


def read(root):
    for part in ("libs", "services", "clients"):
        for file in (root / part).rglob("*"):
            if "/src/main/" not in str(file) or file.suffix not in (".java", ".properties"):
                continue
            text = file.read_text(errors="replace")
            for name in re.findall(r"smartnodes\.[a-z][a-z0-9.-]*[a-z0-9]", text):
                settings.add(name.upper().replace(".", "_").replace("-", "_"))
                metrics.add(name.replace(".", "_").replace("-", "_"))
            for name in re.findall(r"SMARTNODES_[A-Z_]+", text):
                settings.add(name)
            if file.name == "RunnerSettings.java":
                for name in RUNNER.findall(text):
                    settings.add("SMARTNODES_RUNNER_" + name.upper().replace("-", "_"))
            if file.name == "Topic.java":
                for name, partitions, days in re.findall(
                    r'new Topic\("([a-z0-9.-]+)", (\d+), Duration\.ofDays\((\d+)\)', text
                ):
                    topics[name] = (int(partitions), int(days) * 86_400_000)


def mapped(prefix):
    """Keys of @ConfigMapping stand in the sources as prefixes alone."""
    return any(prefix.startswith(known + "_") for known in settings if known.count("_") == 1)


def check_settings(report, where, objects):
    for one in objects:
        if one["kind"] == "ConfigMap":
            names = [n for n in one.get("data", {}) if re.fullmatch(r"[A-Z_]+", n)]
        elif one["kind"] in ("Deployment", "StatefulSet", "Job", "Pod"):
            spec = one["spec"] if one["kind"] == "Pod" else one["spec"]["template"]["spec"]
            names = [
                variable["name"]
                for container in spec.get("initContainers", []) + spec["containers"]
                for variable in container.get("env") or []
            ]
        else:
            continue
        for name in names:
            if name.startswith(("SMARTNODES_", "QUARKUS_")):
                if name not in settings and not OTHERS.match(name) and not mapped(name):
                    report.problem(
                        f"{where}: {one['kind']} {one['metadata']['name']}",
                        f"{name} is read by nobody",
                    )


def check_alerts(report, root):
    file = root / "helm/smartnodes-validator/files/alerts.yaml"
    for name in sorted(set(re.findall(r"smartnodes_[a-z_]+", file.read_text()))):
        stem = re.sub(r"_total$", "", name)
        if stem not in metrics and re.sub(r"_seconds$", "", stem) not in metrics:
            report.problem(file, f"{name} is counted by nobody")


def check_topics(report, where, objects):
    there = {
        one["spec"]["topicName"]: (
            one["spec"]["partitions"], int(one["spec"]["config"]["retention.ms"])
        )
        for one in objects
        if one["kind"] == "KafkaTopic"
    }
    if there and there != topics:
        report.problem(where, f"topics are {there}, the programs want {topics}")
