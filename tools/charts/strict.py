"""Every object against the schema of Kubernetes; unknown fields are errors."""

import kubernetes_validate

# Kinds of operators, whose schemas are in their own distributions. Nothing else may be unknown.
FOREIGN = {
    "monitoring.coreos.com/v1": {"ServiceMonitor", "PrometheusRule"},
    "postgresql.cnpg.io/v1": {"Cluster", "ScheduledBackup"},
    "kafka.strimzi.io/v1beta2": {"Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser"},
}

checked = 0
skipped = set()


def check(report, where, objects, version):
    global checked
    seen = set()
    for one in objects:
        kind, api = one.get("kind"), one.get("apiVersion")
        name = one.get("metadata", {}).get("name")
        place = f"{where}: {kind} {name}"
        if (kind, name) in seen:
            report.problem(place, "is there twice")
        seen.add((kind, name))
        if kind in FOREIGN.get(api, ()):
            skipped.add(kind)
            continue
        try:
            kubernetes_validate.validate(one, version, strict=True)
            checked += 1
        except kubernetes_validate.ValidationError as wrong:
            path = ".".join(str(part) for part in wrong.path)
            report.problem(place, f"{path}: {wrong.message}")
        except kubernetes_validate.SchemaNotFoundError:
            report.problem(place, f"no schema for {api}")
