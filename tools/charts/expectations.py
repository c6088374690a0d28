"""Wrong values, and what is said of them: the field must be named."""

from concurrent.futures import ThreadPoolExecutor

PEER = "0x" + "0" * 63 + "1"

VALIDATOR = [
    # values on top of ci/minimal.yaml; what the message must contain
    (["peerId=0x12"], ["/peerId", "0x12"]),
    (["peerId="], ["peerId: missing"]),
    (["operator=me"], ["/operator"]),
    (["operator="], ["operator: missing"]),
    (["keys.node.secret="], ["keys.node.secret: missing"]),
    (["keys.account.secret="], ["keys.account.secret: missing"]),
    (["signer.tokenSecret="], ["signer.tokenSecret: missing"]),
    (["rpc.secret="], ["rpc.secret: missing"]),
    (["rpc.url=https://rpc.example/key"], ["/rpc", "url"]),
    (["database.secret="], ["database.secret: missing"]),
    (["database.url="], ["database.url: missing"]),
    (["database.url=postgresql://user:password@host:5432/db"], ["/database/url"]),
    (["database.url=jdbc:postgresql://host/db"], ["/database/url"]),
    (["database.perService.gateway.secret=x"], ["/database/perService", "gateway"]),
    (["kafka.bootstrapServers="], ["kafka.bootstrapServers: missing"]),
    (["kafka.bootstrapServers=kafka"], ["/kafka/bootstrapServers"]),
    (["kafka.prefix=a b"], ["/kafka/prefix"]),
    (["deployment.json="], ["deployment.json: missing"]),
    (["deployment.json=hello"], ["deployment.json: not a deployment"]),
    (["deployment.configMap=x"], ["exclude each other"]),
    (["deployment.json=", "deployment.configMap=x"], ["deployment.chainId and deployment.coreAddress"]),
    (["bootstrap[0]=validator.example:7443"], ["/bootstrap/0"]),
    (["bootstrap[0]=" + PEER + "@validator.example"], ["/bootstrap/0"]),
    (["publicHost=validator.example:7443"], ["/publicHost"]),
    (["unknown=1"], ["unknown"]),
    (["services.gateway.replicas=1"], ["/services", "gateway"]),
    (["services.jobRouter.replcas=3"], ["/services/jobRouter", "replcas"]),
    (["services.jobRouter.replicas=many"], ["/services/jobRouter/replicas"]),
    (["services.chainProposer.replicas=3"], ["/services/chainProposer/replicas"]),
    (["services.chainProposer.autoscaling.enabled=true"], ["/services/chainProposer", "autoscaling"]),
    (["services.jobRouter.external.type=NodePort"], ["services.jobRouter.external.host: missing"]),
    (["services.jobRouter.external.type=NodePort", "publicHost=h.example"], ["services.jobRouter.external.nodePort: missing"]),
    (["services.attestation.external.type=LoadBalancer"], ["services.attestation.external.host: missing"]),
    (["services.attestation.external.type=Ingress"], ["/services/attestation/external/type"]),
    (["services.jobRouter.resources.limits=null"], ["limits"]),
    (["image.tag=latest"], ["/image/tag"]),
    (["image.flavour=graal"], ["/image/flavour"]),
    (["image.digests.gateway=sha256:1"], ["/image/digests"]),
    (["networkPolicy.rpc.ports[0]=https"], ["/networkPolicy/rpc/ports/0"]),
    (["extraEnv[0].nme=A"], ["/extraEnv/0"]),
    (["test.user.within=0"], ["/test/user/within"]),
]

WORKER = [
    (["workers=null"], ["workers: missing"]),
    (["workers[0].name=A"], ["/workers/0/name"]),
    (["workers[1].secret=worker-a"], ["share the keys", "worker-a"]),
    (["workers[0].port=0"], ["/workers/0/port"]),
    (["workers[0].price=cheap"], ["/workers/0/price"]),
    (["workers[0].payout=me"], ["/workers/0/payout"]),
    (["bootstrap=null"], ["bootstrap: missing"]),
    (["bootstrap[0]=me"], ["/bootstrap/0"]),
    (["deployment.json="], ["deployment.json: missing"]),
    (["image.tag=latest"], ["/image/tag"]),
    (["replicas=3"], ["replicas"]),
]


def check(report, root, helms, run):
    cases = [
        (name, version, helm, values, expected)
        for name, all_cases in (("smartnodes-validator", VALIDATOR), ("smartnodes-worker", WORKER))
        for values, expected in all_cases
        for version, helm in helms.items()
    ]

    def one(case):
        name, version, helm, values, expected = case
        chart = root / "helm" / name
        options = workers_kept([part for value in values for part in ("--set", value)], name)
        code, _, err = run(
            helm, "template", "x", str(chart), "--kube-version", "1.34",
            "--values", str(chart / "ci/minimal.yaml"), *options,
        )
        where = f"{name} {' '.join(values)} ({version})"
        if code == 0:
            report.problem(where, "is accepted")
        elif not all(part in err for part in expected):
            report.problem(where, f"does not say {expected}: {err.strip()}")

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(one, cases))
    return len(VALIDATOR) + len(WORKER)


def workers_kept(options, name):
    """--set of one element of a list replaces the others by nothing: names them again."""
    if name != "smartnodes-worker" or not any("workers[" in option for option in options):
        return options
    kept = []
    for index, letter in enumerate("ab"):
        for field, value in (
            ("name", letter), ("secret", f"worker-{letter}"), ("publicHost", "h.example"), ("port", 7450 + index),
        ):
            kept += ["--set", f"workers[{index}].{field}={value}"]
    return kept + options
