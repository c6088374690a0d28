"""What every pod, Service, policy and budget of ours has to be. Each rule says what breaks it."""

import re

rules = 0
ALL = []

RUNS_ON = {"Deployment", "StatefulSet", "Job", "DaemonSet", "Pod"}
SECRET_NAME = re.compile(r"(PASSWORD|SECRET|TOKEN|CREDENTIAL|API_?KEY|RPC_URL)$")
CREDENTIALS_IN_URL = re.compile(r"://[^/\s:@]+:[^/\s@]+@")
QUARKUS_SHUTDOWN_SECONDS = 10


def rule(function):
    ALL.append(function)
    return function


class World:
    """The objects of one rendering."""

    def __init__(self, objects):
        self.objects = objects
        self.workloads = [Workload(one) for one in objects if one["kind"] in RUNS_ON]

    def of(self, *kinds):
        return [one for one in self.objects if one["kind"] in kinds]

    def names(self, kind):
        return {one["metadata"]["name"] for one in self.of(kind)}


class Workload:
    """Something that makes pods."""

    def __init__(self, one):
        self.object = one
        self.kind = one["kind"]
        self.name = one["metadata"]["name"]
        self.spec = one["spec"] if self.kind == "Pod" else one["spec"]["template"]["spec"]
        pod = one["metadata"] if self.kind == "Pod" else one["spec"]["template"]["metadata"]
        self.labels = pod.get("labels", {})
        self.annotations = pod.get("annotations", {})
        self.hook = one["metadata"].get("annotations", {}).get("helm.sh/hook")

    def __str__(self):
        return f"{self.kind} {self.name}"

    def containers(self):
        return self.spec.get("initContainers", []) + self.spec.get("containers", [])

    def serves(self):
        return self.kind in ("Deployment", "StatefulSet", "DaemonSet")


def of_operators(selector):
    """Pods that an operator makes are in no rendering."""
    return any(name.startswith(("cnpg.io/", "strimzi.io/")) for name in selector.get("matchLabels", {}))


def matches(selector, labels):
    for name, value in selector.get("matchLabels", {}).items():
        if labels.get(name) != value:
            return False
    for one in selector.get("matchExpressions", []):
        value = labels.get(one["key"])
        if one["operator"] == "In" and value not in one["values"]:
            return False
        if one["operator"] == "NotIn" and value in one["values"]:
            return False
        if one["operator"] == "Exists" and value is None:
            return False
        if one["operator"] == "DoesNotExist" and value is not None:
            return False
    return True


@rule
def pods_are_restricted(world):
    for work in world.workloads:
        pod = work.spec.get("securityContext", {})
        if not pod.get("runAsNonRoot") or not pod.get("runAsUser"):
            yield work, "the pod may run as root: securityContext.runAsNonRoot and runAsUser"
        if pod.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield work, "securityContext.seccompProfile is not RuntimeDefault"
        for name in ("hostNetwork", "hostPID", "hostIPC"):
            if work.spec.get(name):
                yield work, f"{name} is set"
        for volume in work.spec.get("volumes", []):
            if "hostPath" in volume:
                yield work, f"volume {volume['name']} is a path of the node"
            if "emptyDir" in volume and not volume["emptyDir"].get("sizeLimit"):
                yield work, f"volume {volume['name']} has no sizeLimit"


@rule
def containers_are_restricted(world):
    for work in world.workloads:
        for one in work.containers():
            context = one.get("securityContext", {})
            if context.get("privileged"):
                yield work, f"{one['name']} is privileged"
            if context.get("allowPrivilegeEscalation") is not False:
                yield work, f"{one['name']} may escalate its privileges"
            reason = work.annotations.get(f"smartnodes.io/writable-root.{one['name']}")
            if not context.get("readOnlyRootFilesystem") and not reason:
                yield work, f"{one['name']} may write its root file system, and does not say why"
            if context.get("capabilities", {}) != {"drop": ["ALL"]}:
                yield work, f"{one['name']} keeps capabilities"
            for port in one.get("ports", []):
                if "hostPort" in port:
                    yield work, f"{one['name']} takes port {port['hostPort']} of the node"


@rule
def containers_have_requests_and_limits(world):
    for work in world.workloads:
        for one in work.containers():
            for what in ("requests", "limits"):
                for resource in ("cpu", "memory", "ephemeral-storage"):
                    if resource not in one.get("resources", {}).get(what, {}):
                        yield work, f"{one['name']} has no {what}.{resource}"


@rule
def images_have_a_version(world):
    for work in world.workloads:
        for one in work.containers():
            image = one["image"]
            if "@sha256:" in image:
                continue
            tag = image.rsplit("/", 1)[-1].partition(":")[2]
            if tag in ("", "latest"):
                yield work, f"{one['name']}: image {image} has no version"


@rule
def accounts_are_own_and_without_token(world):
    accounts = {one["metadata"]["name"]: one for one in world.of("ServiceAccount")}
    for work in world.workloads:
        name = work.spec.get("serviceAccountName", "default")
        if name == "default":
            yield work, "uses the default service account"
        elif name not in accounts:
            yield work, f"uses service account {name}, which is not made"
        elif accounts[name].get("automountServiceAccountToken") is not False:
            yield work, f"service account {name} mounts its token"
        if work.spec.get("automountServiceAccountToken") is not False:
            yield work, "mounts the token of its service account"
        if work.spec.get("enableServiceLinks") is not False:
            yield work, "gets names of other Services as environment: enableServiceLinks"


@rule
def containers_have_probes_or_say_why_not(world):
    for work in world.workloads:
        for one in work.containers():
            if work.annotations.get(f"smartnodes.io/no-probes.{one['name']}"):
                continue
            sidecar = one in work.spec.get("initContainers", [])
            if sidecar and one.get("restartPolicy") != "Always":
                yield work, f"{one['name']} ends and does not say that it needs no probes"
                continue
            wanted = ["startupProbe", "livenessProbe"] + ([] if sidecar else ["readinessProbe"])
            for probe in wanted:
                if probe not in one:
                    yield work, f"{one['name']} has no {probe}, and no annotation that says why"
            ports = {port["name"] for port in one.get("ports", [])}
            for probe in wanted:
                action = one.get(probe, {})
                port = action.get("httpGet", action.get("tcpSocket", {})).get("port")
                if isinstance(port, str) and port not in ports:
                    yield work, f"{one['name']}: {probe} asks port {port}, which it has not"


@rule
def secrets_are_references(world):
    for one in world.of("Secret"):
        yield one, "a Secret in a rendering: its value stands in the release"
    for one in world.of("ConfigMap"):
        for name, value in one.get("data", {}).items():
            if SECRET_NAME.search(name) or CREDENTIALS_IN_URL.search(value):
                yield one, f"{name} looks like a secret"
    for work in world.workloads:
        for one in work.containers():
            for variable in one.get("env") or []:
                if "value" in variable and SECRET_NAME.search(variable["name"]):
                    yield work, f"{one['name']}: {variable['name']} is a literal"
            for argument in one.get("args", []) + one.get("command", []):
                if CREDENTIALS_IN_URL.search(argument):
                    yield work, f"{one['name']}: an argument looks like a secret"


@rule
def environment_has_no_doubles(world):
    for work in world.workloads:
        for one in work.containers():
            if "env" in one and not one["env"]:
                yield work, f"{one['name']}: env is empty"
            names = [variable["name"] for variable in one.get("env") or []]
            for name in sorted({name for name in names if names.count(name) > 1}):
                yield work, f"{one['name']}: {name} is set twice"


@rule
def volumes_are_there_and_used(world):
    maps = world.names("ConfigMap")
    for work in world.workloads:
        there = {volume["name"] for volume in work.spec.get("volumes", [])}
        there |= {
            claim["metadata"]["name"]
            for claim in work.object["spec"].get("volumeClaimTemplates", [])
        }
        used = {m["name"] for one in work.containers() for m in one.get("volumeMounts", [])}
        for name in sorted(used ^ there):
            yield work, f"volume {name} is mounted but not there, or there but not mounted"
        for one in work.containers():
            for source in one.get("envFrom", []):
                name = source.get("configMapRef", {}).get("name")
                if name and name not in maps:
                    yield work, f"{one['name']}: ConfigMap {name} is not made"


@rule
def services_reach_a_port(world):
    for one in world.of("Service"):
        selected = [w for w in world.workloads if matches({"matchLabels": one["spec"]["selector"]}, w.labels)]
        if not selected:
            yield one, "selects no pods"
        if len(selected) > 1:
            yield one, f"selects pods of {', '.join(map(str, selected))}"
        for port in one["spec"]["ports"]:
            target = port.get("targetPort", port["port"])
            for work in selected:
                ports = [p for c in work.containers() for p in c.get("ports", [])]
                if target not in [p.get("name") for p in ports]:
                    yield one, f"port {port['port']} leads to {target}, which no container names"


@rule
def policies_close_every_pod(world):
    all_policies = world.of("NetworkPolicy")
    for one in all_policies:
        if not any(matches(one["spec"]["podSelector"], work.labels) for work in world.workloads):
            yield one, "selects no pods"
        for direction, peers in (("ingress", "from"), ("egress", "to")):
            for entry in one["spec"].get(direction, []):
                if not entry.get("ports"):
                    yield one, f"an entry of {direction} opens all ports"
                for peer in entry.get(peers, []):
                    selector = peer.get("podSelector")
                    if selector and "namespaceSelector" not in peer and not of_operators(selector):
                        if not any(matches(selector, work.labels) for work in world.workloads):
                            yield one, f"an entry of {direction} names no pods of ours"
    if not all_policies:
        return
    for work in world.workloads:
        for direction in ("Ingress", "Egress"):
            if not any(
                direction in one["spec"]["policyTypes"]
                and matches(one["spec"]["podSelector"], work.labels)
                for one in all_policies
            ):
                yield work, f"no policy closes its {direction.lower()}"


@rule
def budgets_let_nodes_be_drained(world):
    scaled = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"]["minReplicas"]
        for one in world.of("HorizontalPodAutoscaler")
    }
    budgets = world.of("PodDisruptionBudget")
    for one in budgets:
        selected = [w for w in world.workloads if matches(one["spec"]["selector"], w.labels)]
        if len(selected) != 1:
            yield one, f"selects pods of {len(selected)} workloads"
        if one["spec"].get("maxUnavailable", 0) == 0:
            yield one, "lets no pod go"
        for work in selected:
            if scaled.get(work.name, work.object["spec"].get("replicas", 1)) < 2:
                yield one, f"{work} has one pod: the budget protects nothing"
    for work in world.workloads:
        if work.name in scaled and "replicas" in work.object["spec"]:
            yield work, "its number of replicas is set and scaled"


@rule
def services_end_in_time(world):
    for work in world.workloads:
        if not work.serves():
            continue
        before = max(
            (c.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
             for c in work.containers()),
            default=0,
        )
        if work.spec.get("terminationGracePeriodSeconds", 30) < before + QUARKUS_SHUTDOWN_SECONDS + 5:
            yield work, "is killed before its calls have ended: terminationGracePeriodSeconds"
        strategy = work.object["spec"].get("strategy", {}).get("rollingUpdate", {})
        if work.kind == "Deployment" and strategy.get("maxUnavailable") != 0:
            yield work, "an update takes pods away before others serve"


@rule
def hooks_bring_what_they_need(world):
    hooks = {
        (one["kind"], one["metadata"]["name"]): one["metadata"]["annotations"]
        for one in world.objects
        if "helm.sh/hook" in one["metadata"].get("annotations", {})
    }
    for work in world.workloads:
        if not work.hook or "pre-install" not in work.hook:
            continue
        weight = int(work.object["metadata"]["annotations"].get("helm.sh/hook-weight", 0))
        needs = [("ServiceAccount", work.spec["serviceAccountName"])]
        made = world.names("ConfigMap")
        for volume in work.spec.get("volumes", []):
            name = volume.get("configMap", {}).get("name")
            if name in made:
                needs.append(("ConfigMap", name))
        for one in work.containers():
            for source in one.get("envFrom", []):
                needs.append(("ConfigMap", source["configMapRef"]["name"]))
        for need in needs:
            there = hooks.get(need)
            if there is None:
                yield work, f"{need[0]} {need[1]} does not exist yet when the hook runs"
            elif int(there.get("helm.sh/hook-weight", 0)) >= weight:
                yield work, f"{need[0]} {need[1]} is made after the hook"
        if work.kind == "Job" and work.object["spec"].get("backoffLimit") != 0:
            yield work, "a wrong value is tried again before it is told"


@rule
def names_and_labels_are_complete(world):
    for one in world.objects:
        name = one["metadata"]["name"]
        if len(name) > 63:
            yield one, f"the name has {len(name)} characters"
        if one["kind"] == "Namespace":
            continue
        for label in ("app.kubernetes.io/name", "app.kubernetes.io/instance"):
            if label not in one["metadata"].get("labels", {}):
                yield one, f"no label {label}"


def check(report, where, objects):
    global rules
    rules = len(ALL)
    world = World(objects)
    for one in ALL:
        for what, text in one(world):
            name = what if isinstance(what, Workload) else f"{what['kind']} {what['metadata']['name']}"
            report.problem(f"{where}: {name}", text)
