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
    (["test.user.patience=0"], ["/test/user/patience"]),
    (["publicHost=v.example"], ["services.peerRegistry.external and services.jobRouter.external", "v.example:7443"]),
    (
        ["publicHost=v.example", "services.peerRegistry.external.port=1", "services.jobRouter.external.port=2",
         "services.attestation.external.port=3", "services.reputationLedger.external.port=4",
         "services.chainProposer.external.advertisedPort=2"],
        ["services.jobRouter.external and services.chainProposer.external", "v.example:2"],
    ),
    (
        [f"services.{name}.external.{field}" for name in ("jobRouter", "attestation")
         for field in ("type=NodePort", "nodePort=30443", f"host={name}.example")],
        ["services.jobRouter.external.nodePort and services.attestation.external.nodePort", "30443"],
    ),
    (["services.jobRouter.autoscaling.enabled=true", "services.jobRouter.autoscaling.minReplicas=9"], ["services.jobRouter.autoscaling", "maxReplicas"]),
    (["database.url=postgresql://host:6432/db"], ["database.url", "6432", "networkPolicy.database.ports"]),
    (["networkPolicy.database.ports={6432}", "database.url=postgresql://host/db"], ["database.url", "5432", "networkPolicy.database.ports"]),
    (["kafka.bootstrapServers=a:9092\\,b:9095"], ["kafka.bootstrapServers", "9095", "networkPolicy.kafka.ports"]),
    (["networkPolicy.peers.to[0].cidr=10.0.0.0/8"], ["/networkPolicy/peers/to/0"]),
    (["podLabels.app\\.kubernetes\\.io/component=x"], ["podLabels", "app.kubernetes.io/component"]),
    (["commonLabels.app\\.kubernetes\\.io/name=x"], ["commonLabels", "app.kubernetes.io/name"]),
    (["podLabels.team=x", "commonLabels.team=y"], ["podLabels", "commonLabels"]),
    (["ops.command=check"], ["/ops/command"]),
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
    (["workers[0].port=443"], ["a: port 443", "1024"]),
    (["workers[0].port=9001"], ["9001", "runner"]),
    (["workers[1].name=a"], ["the name a is there twice"]),
    (["workers[1].port=7450"], ["a and b share h.example:7450"]),
    (["external.type=NodePort", "workers[0].port=31000", "workers[1].port=31000", "workers[1].publicHost=i.example"], ["a and b share port 31000 of the nodes"]),
    (["podLabels.app\\.kubernetes\\.io/component=x"], ["podLabels", "app.kubernetes.io/component"]),
    (["networkPolicy.peers.to[0].cidr=10.0.0.0/8"], ["/networkPolicy/peers/to/0"]),
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
