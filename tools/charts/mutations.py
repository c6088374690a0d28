"""Breaks a good rendering in one place at a time: the rule that is meant has to notice."""

import copy

import policies


def workload(kind, name):
    def find(objects):
        return next(
            one for one in objects
            if one["kind"] == kind and one["metadata"]["name"] == name
        )
    return find


ROUTER = workload("Deployment", "validator-job-router")
ATTESTATION = workload("Deployment", "validator-attestation")
CHECK = workload("Job", "validator-preflight-check")


def pod(one):
    return one["spec"]["template"]["spec"]


def container(one):
    return pod(one)["containers"][0]


def drop(kind, name):
    def change(objects):
        objects.remove(workload(kind, name)(objects))
    return change


def on(find, change):
    return lambda objects: change(find(objects))


def open_egress(objects):
    drop("NetworkPolicy", "validator-default-deny")(objects)
    workload("NetworkPolicy", "validator-services")(objects)["spec"]["policyTypes"] = ["Ingress"]


MUTATIONS = [
    ("the pod may run as root", on(ROUTER, lambda o: pod(o)["securityContext"].pop("runAsNonRoot"))),
    ("seccompProfile", on(ROUTER, lambda o: pod(o)["securityContext"].pop("seccompProfile"))),
    ("hostNetwork", on(ROUTER, lambda o: pod(o).update(hostNetwork=True))),
    ("is a path of the node", on(ROUTER, lambda o: pod(o)["volumes"][0].update(hostPath={"path": "/"}))),
    ("has no sizeLimit", on(ROUTER, lambda o: pod(o)["volumes"][0].update(emptyDir={}))),
    ("is privileged", on(ROUTER, lambda o: container(o)["securityContext"].update(privileged=True))),
    ("may escalate", on(ROUTER, lambda o: container(o)["securityContext"].pop("allowPrivilegeEscalation"))),
    ("may write its root", on(ROUTER, lambda o: container(o)["securityContext"].pop("readOnlyRootFilesystem"))),
    ("keeps capabilities", on(ROUTER, lambda o: container(o)["securityContext"].pop("capabilities"))),
    ("of the node", on(ROUTER, lambda o: container(o)["ports"][0].update(hostPort=7443))),
    ("has no limits.memory", on(ROUTER, lambda o: container(o)["resources"]["limits"].pop("memory"))),
    ("has no requests.cpu", on(ATTESTATION, lambda o: pod(o)["initContainers"][0]["resources"]["requests"].pop("cpu"))),
    ("has no version", on(ROUTER, lambda o: container(o).update(image="smartnodes/job-router:latest"))),
    ("has no version", on(ROUTER, lambda o: container(o).update(image="host:5000/smartnodes/job-router"))),
    ("uses the default service account", on(ROUTER, lambda o: pod(o).pop("serviceAccountName"))),
    ("mounts the token", on(ROUTER, lambda o: pod(o).pop("automountServiceAccountToken"))),
    ("enableServiceLinks", on(ROUTER, lambda o: pod(o).pop("enableServiceLinks"))),
    ("which is not made", drop("ServiceAccount", "validator-job-router")),
    ("has no livenessProbe", on(ROUTER, lambda o: container(o).pop("livenessProbe"))),
    ("has no startupProbe", on(ATTESTATION, lambda o: pod(o)["initContainers"][0].pop("startupProbe"))),
    ("which it has not", on(ROUTER, lambda o: container(o)["readinessProbe"]["httpGet"].update(port="health"))),
    ("does not say that it needs no probes", on(ATTESTATION, lambda o: pod(o)["initContainers"][0].pop("restartPolicy"))),
    ("no annotation that says why", on(CHECK, lambda o: o["spec"]["template"]["metadata"].pop("annotations"))),
    ("is a literal", on(ROUTER, lambda o: container(o)["env"].append({"name": "DB_PASSWORD", "value": "x"}))),
    ("looks like a secret", on(workload("ConfigMap", "validator-settings"), lambda o: o["data"].update(URL="postgresql://me:secret@host/db"))),
    ("a Secret in a rendering", lambda objects: objects.append({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "labels": {}}})),
    ("is set twice", on(ROUTER, lambda o: container(o)["env"].append(container(o)["env"][0]))),
    ("mounted but not there", on(ROUTER, lambda o: pod(o)["volumes"].pop())),
    ("ConfigMap validator-settings is not made", drop("ConfigMap", "validator-settings")),
    ("selects no pods", on(workload("Service", "validator-job-router"), lambda o: o["spec"]["selector"].update({"app.kubernetes.io/component": "router"}))),
    ("selects pods of", on(workload("Service", "validator-job-router"), lambda o: o["spec"]["selector"].pop("app.kubernetes.io/component"))),
    ("which no container names", on(workload("Service", "validator-job-router"), lambda o: o["spec"]["ports"][0].update(targetPort="grpcs"))),
    ("no policy closes its egress", open_egress),
    ("opens all ports", on(workload("NetworkPolicy", "validator-services"), lambda o: o["spec"]["egress"][0].pop("ports"))),
    ("names no pods of ours", on(workload("NetworkPolicy", "validator-services"), lambda o: o["spec"]["ingress"][0]["from"][0]["podSelector"]["matchLabels"].update({"app.kubernetes.io/instance": "other"}))),
    ("lets no pod go", on(workload("PodDisruptionBudget", "validator-job-router"), lambda o: o["spec"].update(maxUnavailable=0))),
    ("protects nothing", on(ROUTER, lambda o: o["spec"].update(replicas=1))),
    ("is killed before its calls", on(ROUTER, lambda o: pod(o).update(terminationGracePeriodSeconds=10))),
    ("an update takes pods away", on(ROUTER, lambda o: o["spec"]["strategy"]["rollingUpdate"].update(maxUnavailable=1))),
    ("does not exist yet", on(workload("ConfigMap", "validator-preflight"), lambda o: o["metadata"].pop("annotations"))),
    ("is made after the hook", on(workload("ConfigMap", "validator-preflight"), lambda o: o["metadata"]["annotations"].update({"helm.sh/hook-weight": "5"}))),
    ("is tried again", on(CHECK, lambda o: o["spec"].update(backoffLimit=3))),
    ("no label", on(ROUTER, lambda o: o["metadata"]["labels"].pop("app.kubernetes.io/name"))),
    ("characters", on(ROUTER, lambda o: o["metadata"].update(name="a" * 64))),
]


class Collected:
    def __init__(self):
        self.problems = []

    def problem(self, where, text):
        self.problems.append(text)


def check(report, objects):
    """objects: the rendering of ci/minimal.yaml, as release 'validator'."""
    for expected, change in MUTATIONS:
        broken = copy.deepcopy(objects)
        change(broken)
        found = Collected()
        policies.check(found, "", broken)
        if not any(expected in text for text in found.problems):
            report.problem("tools/charts/policies.py", f"nothing notices: {expected}")
    return len(MUTATIONS)
