{{/* The keys under .Values.services, in the order in which the network meets them. */}}
{{- define "smartnodes.services" -}}
peerRegistry jobRouter attestation reputationLedger chainProposer
{{- end }}

{{/* Name of a service: peer-registry for peerRegistry. */}}
{{- define "smartnodes.component" -}}
{{- kebabcase . -}}
{{- end }}

{{/* Persistence unit of a service. */}}
{{- define "smartnodes.unit" -}}
{{- get (dict "peerRegistry" "registry" "jobRouter" "router" "attestation" "attestation" "reputationLedger" "ledger" "chainProposer" "proposer") . -}}
{{- end }}

{{/* Begins every name; short enough for the longest, "-reputation-ledger-public". */}}
{{- define "smartnodes.fullname" -}}
{{- default .Release.Name .Values.fullnameOverride | trunc 37 | trimSuffix "-" -}}
{{- end }}

{{/* What selects the pods of a part of this release: (dict "root" $ "component" "…"). */}}
{{- define "smartnodes.selector" -}}
app.kubernetes.io/name: smartnodes-validator
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{- define "smartnodes.labels" -}}
{{ include "smartnodes.selector" . }}
app.kubernetes.io/part-of: smartnodes
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* An image: (dict "root" $ "name" "runner"). Runner, validator and cli run on a JVM in every flavour. */}}
{{- define "smartnodes.image" -}}
{{- $image := .root.Values.image -}}
{{- $tag := default .root.Chart.AppVersion $image.tag -}}
{{- if and (eq $image.flavour "native") (not (has .name (list "runner" "validator" "cli"))) -}}
{{- $tag = printf "%s-native" $tag -}}
{{- end -}}
{{- $name := printf "%s/%s:%s" $image.repository .name $tag -}}
{{- with $image.registry }}{{ $name = printf "%s/%s" . $name }}{{ end -}}
{{- with get $image.digests .name }}{{ $name = printf "%s@%s" $name . }}{{ end -}}
{{- $name -}}
{{- end }}

{{/* Where a service is announced: (dict "root" $ "key" "jobRouter"). */}}
{{- define "smartnodes.publicAddress" -}}
{{- $external := (index .root.Values.services .key).external -}}
{{- $field := printf "services.%s.external" .key -}}
{{- $host := default .root.Values.publicHost $external.host -}}
{{- $port := $external.port -}}
{{- if and $external.enabled (eq $external.type "NodePort") -}}
{{- $port = $external.nodePort -}}
{{- end -}}
{{- $port = default $port $external.advertisedPort -}}
{{- if and $external.enabled (ne $external.type "ClusterIP") (not $host) -}}
{{- fail (printf "%s.host: missing, and so is publicHost: other nodes must be told under which name the %s is reached" $field $external.type) -}}
{{- end -}}
{{- if not $port -}}
{{- fail (printf "%s.nodePort: missing: other nodes are told the port, so it must be fixed" $field) -}}
{{- end -}}
{{- $name := printf "%s-%s" (include "smartnodes.fullname" .root) (include "smartnodes.component" .key) -}}
{{- if $external.enabled }}{{ $name = printf "%s-public" $name }}{{ end -}}
{{- $inside := printf "%s.%s.svc.%s" $name .root.Release.Namespace .root.Values.clusterDomain -}}
{{- printf "%s:%d" (default $inside $host) (int $port) -}}
{{- end }}

{{- define "smartnodes.chainId" -}}
{{- if .Values.deployment.json -}}
{{- dig "chainId" 0 (.Values.deployment.json | fromJson) | int64 -}}
{{- else -}}
{{- .Values.deployment.chainId | int64 -}}
{{- end -}}
{{- end }}

{{- define "smartnodes.coreAddress" -}}
{{- if .Values.deployment.json -}}
{{- dig "contracts" "core" "address" "" (.Values.deployment.json | fromJson) -}}
{{- else -}}
{{- .Values.deployment.coreAddress -}}
{{- end -}}
{{- end }}

{{/* Every pod: nobody special, no token, no names of other Services in the environment. */}}
{{- define "smartnodes.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Every container. */}}
{{- define "smartnodes.container" -}}
imagePullPolicy: {{ .Values.image.pullPolicy }}
terminationMessagePolicy: FallbackToLogsOnError
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities:
    drop: [ALL]
{{- end }}

{{/* Where a pod goes: (dict "root" $ "own" service values); own values win. */}}
{{- define "smartnodes.placement" -}}
{{- with default .root.Values.nodeSelector .own.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with default .root.Values.tolerations .own.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with default .root.Values.affinity .own.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Options of a JVM: (dict "root" $ "own" values). */}}
{{- define "smartnodes.javaToolOptions" -}}
{{- $options := list .root.Values.javaToolOptions .own.javaToolOptions | compact | join " " -}}
{{- with $options }}
- name: JAVA_TOOL_OPTIONS
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{/* User and password of a service's schema: (dict "root" $ "key" "…" "optional" bool). */}}
{{- define "smartnodes.databaseEnv" -}}
{{- $own := merge (dict) (default (dict) (get .root.Values.database.perService .key)) (pick .root.Values.database "secret" "usernameKey" "passwordKey") -}}
{{- $unit := include "smartnodes.unit" .key | upper -}}
- name: QUARKUS_DATASOURCE_{{ $unit }}_USERNAME
  valueFrom:
    secretKeyRef: {name: {{ $own.secret }}, key: {{ $own.usernameKey }}{{ if .optional }}, optional: true{{ end }}}
- name: QUARKUS_DATASOURCE_{{ $unit }}_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ $own.secret }}, key: {{ $own.passwordKey }}{{ if .optional }}, optional: true{{ end }}}
{{- end }}

{{/* The keys and the node of the chain: chain-proposer and preflight alone. (dict "root" $ "optional" bool) */}}
{{- define "smartnodes.keysEnv" -}}
- name: SMARTNODES_RPC_URL
  valueFrom:
    secretKeyRef: {name: {{ .root.Values.rpc.secret }}, key: {{ .root.Values.rpc.key }}{{ if .optional }}, optional: true{{ end }}}
- name: SMARTNODES_KEYSTORE_FILE
  value: /etc/smartnodes/keys/node/keystore.json
- name: SMARTNODES_KEYSTORE_PASSWORD_FILE
  value: /etc/smartnodes/keys/node/password
- name: SMARTNODES_ACCOUNT_KEYSTORE_FILE
  value: /etc/smartnodes/keys/account/keystore.json
- name: SMARTNODES_ACCOUNT_PASSWORD_FILE
  value: /etc/smartnodes/keys/account/password
{{- end }}

{{- define "smartnodes.keysMounts" -}}
- {name: node-key, mountPath: /etc/smartnodes/keys/node, readOnly: true}
- {name: account-key, mountPath: /etc/smartnodes/keys/account, readOnly: true}
{{- end }}

{{- define "smartnodes.keysVolumes" -}}
{{- $optional := .optional -}}
{{- range $name, $key := .root.Values.keys }}
- name: {{ $name }}-key
  secret:
    secretName: {{ $key.secret }}
    defaultMode: 0440
    {{- if $optional }}
    optional: true
    {{- end }}
    items:
      - {key: {{ $key.keystoreKey }}, path: keystore.json}
      - {key: {{ $key.passwordKey }}, path: password}
{{- end }}
{{- end }}

{{/* Files that every process reads: (dict "root" $ "deployment" name of the ConfigMap "optional" bool). */}}
{{- define "smartnodes.filesVolumes" -}}
- name: deployment
  configMap:
    name: {{ .deployment }}
    items:
      - {key: {{ if .root.Values.deployment.json }}deployment.json{{ else }}{{ .root.Values.deployment.configMapKey }}{{ end }}, path: deployment.json}
- name: signer
  secret:
    secretName: {{ .root.Values.signer.tokenSecret }}
    defaultMode: 0440
    {{- if .optional }}
    optional: true
    {{- end }}
    items:
      - {key: {{ .root.Values.signer.tokenKey }}, path: token}
{{- with .root.Values.kafka.propertiesSecret }}
- name: kafka
  secret:
    secretName: {{ . }}
    defaultMode: 0440
    {{- if $.optional }}
    optional: true
    {{- end }}
    items:
      - {key: {{ $.root.Values.kafka.propertiesKey }}, path: kafka.properties}
{{- end }}
{{- end }}

{{- define "smartnodes.filesMounts" -}}
- {name: tmp, mountPath: /tmp}
- {name: deployment, mountPath: /etc/smartnodes/deployment, readOnly: true}
- {name: signer, mountPath: /etc/smartnodes/signer, readOnly: true}
{{- if .Values.kafka.propertiesSecret }}
- {name: kafka, mountPath: /etc/smartnodes/kafka, readOnly: true}
{{- end }}
{{- end }}

{{/* Settings that all processes share, as data of a ConfigMap. No secrets. */}}
{{- define "smartnodes.settings" -}}
{{- $ := . -}}
{{- $fullname := include "smartnodes.fullname" . -}}
SMARTNODES_PEER_ID: {{ .Values.peerId | quote }}
SMARTNODES_OPERATOR: {{ .Values.operator | quote }}
SMARTNODES_CHAIN_ID: {{ include "smartnodes.chainId" . | quote }}
SMARTNODES_CORE_ADDRESS: {{ include "smartnodes.coreAddress" . | quote }}
SMARTNODES_DEPLOYMENT: /etc/smartnodes/deployment/deployment.json
{{- with .Values.bootstrap }}
SMARTNODES_BOOTSTRAP: {{ join "," . | quote }}
{{- end }}
SMARTNODES_DB_URL: {{ .Values.database.url | quote }}
SMARTNODES_EVENTS_TRANSPORT: kafka
SMARTNODES_KAFKA_BOOTSTRAP_SERVERS: {{ .Values.kafka.bootstrapServers | quote }}
{{- with .Values.kafka.prefix }}
SMARTNODES_KAFKA_PREFIX: {{ . | quote }}
{{- end }}
{{- if .Values.kafka.propertiesSecret }}
SMARTNODES_KAFKA_PROPERTIES_FILE: /etc/smartnodes/kafka/kafka.properties
{{- end }}
SMARTNODES_SIGNER_TOKEN_FILE: /etc/smartnodes/signer/token
{{- range $key := splitList " " (include "smartnodes.services" .) }}
{{- $component := include "smartnodes.component" $key }}
{{- $variable := snakecase $key | upper }}
SMARTNODES_SERVICES_{{ $variable }}_ADDRESS: {{ printf "%s-%s.%s.svc.%s:7443" $fullname $component $.Release.Namespace $.Values.clusterDomain }}
SMARTNODES_SERVICES_{{ $variable }}_PUBLIC_ADDRESS: {{ include "smartnodes.publicAddress" (dict "root" $ "key" $key) | quote }}
{{- end }}
QUARKUS_HTTP_HOST: 0.0.0.0
QUARKUS_MANAGEMENT_HOST: 0.0.0.0
{{- with .Values.logLevel }}
QUARKUS_LOG_LEVEL: {{ . }}
{{- end }}
{{- end }}

{{/* The ConfigMap with deployment.json. */}}
{{- define "smartnodes.deploymentConfigMap" -}}
{{- default (printf "%s-deployment" (include "smartnodes.fullname" .)) .Values.deployment.configMap -}}
{{- end }}

{{/* Says in one line what is missing, before anything is made. */}}
{{- define "smartnodes.validate" -}}
{{- $v := .Values -}}
{{- $missing := list -}}
{{- range $field, $why := dict "peerId" "the peer id of the node key ('smartnodes keys show DIR' prints it)" "operator" "the operator's account" -}}
{{- if not (get $v $field) }}{{ $missing = append $missing (printf "%s: missing: %s" $field $why) }}{{ end -}}
{{- end -}}
{{- if and $v.deployment.json $v.deployment.configMap -}}
{{- $missing = append $missing "deployment: json and configMap exclude each other" -}}
{{- end -}}
{{- if not (or $v.deployment.json $v.deployment.configMap) -}}
{{- $missing = append $missing "deployment.json: missing: --set-file deployment.json=deployment.json, or name a ConfigMap in deployment.configMap" -}}
{{- end -}}
{{- if $v.deployment.json -}}
{{- $read := fromJson $v.deployment.json -}}
{{- if or (hasKey $read "Error") (not (dig "chainId" 0 $read)) (not (dig "contracts" "core" "address" "" $read)) -}}
{{- $missing = append $missing "deployment.json: not a deployment: chainId and contracts.core.address are expected in it" -}}
{{- end -}}
{{- else if not (and $v.deployment.chainId $v.deployment.coreAddress) -}}
{{- $missing = append $missing "deployment.chainId and deployment.coreAddress: missing: needed with deployment.configMap" -}}
{{- end -}}
{{- range $field, $value := dict "keys.node.secret" $v.keys.node.secret "keys.account.secret" $v.keys.account.secret "signer.tokenSecret" $v.signer.tokenSecret "rpc.secret" $v.rpc.secret "database.secret" $v.database.secret -}}
{{- if not $value }}{{ $missing = append $missing (printf "%s: missing: the name of a Secret" $field) }}{{ end -}}
{{- end -}}
{{- if not $v.database.url }}{{ $missing = append $missing "database.url: missing: postgresql://host:port/name" }}{{ end -}}
{{- if not $v.kafka.bootstrapServers }}{{ $missing = append $missing "kafka.bootstrapServers: missing: host:port,host:port" }}{{ end -}}
{{- if $missing -}}
{{- fail (printf "smartnodes-validator: %s" (sortAlpha $missing | join "; ")) -}}
{{- end -}}
{{- include "smartnodes.validateAddresses" . -}}
{{- include "smartnodes.validateLabels" . -}}
{{- if $v.networkPolicy.enabled -}}
{{- $database := regexFind ":[0-9]+/" (regexReplaceAll "^postgresql://" $v.database.url "") | trimAll ":/" | default "5432" -}}
{{- include "smartnodes.validatePort" (dict "root" . "what" "database" "field" "database.url" "port" $database) -}}
{{- range splitList "," $v.kafka.bootstrapServers -}}
{{- include "smartnodes.validatePort" (dict "root" $ "what" "kafka" "field" "kafka.bootstrapServers" "port" (splitList ":" . | last)) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The policy of this release would close the port: (dict "root" $ "what" "kafka" "field" "…" "port" "9092"). */}}
{{- define "smartnodes.validatePort" -}}
{{- $open := list -}}
{{- range (index .root.Values.networkPolicy .what).ports }}{{ $open = append $open (toString .) }}{{ end -}}
{{- if not (has .port $open) -}}
{{- fail (printf "smartnodes-validator: %s leads to port %s, which networkPolicy.%s.ports [%s] closes: add it there" .field .port .what (join ", " $open)) -}}
{{- end -}}
{{- end }}

{{/* Who dials an address means one service: the same one twice leads half of the network astray. */}}
{{- define "smartnodes.validateAddresses" -}}
{{- $addresses := dict -}}
{{- $ports := dict -}}
{{- range $key := splitList " " (include "smartnodes.services" .) -}}
{{- $own := index $.Values.services $key -}}
{{- $external := $own.external -}}
{{- $field := printf "services.%s.external" $key -}}
{{- $address := include "smartnodes.publicAddress" (dict "root" $ "key" $key) -}}
{{- with get $addresses $address -}}
{{- fail (printf "smartnodes-validator: %s and %s: both are announced as %s: give each a host of its own, or a port (port, nodePort or advertisedPort)" . $field $address) -}}
{{- end -}}
{{- $_ := set $addresses $address $field -}}
{{- if and $external.enabled (ne $external.type "ClusterIP") $external.nodePort -}}
{{- $port := toString (int $external.nodePort) -}}
{{- with get $ports $port -}}
{{- fail (printf "smartnodes-validator: %s.nodePort and %s.nodePort: both are %s: a node has each port once" . $field $port) -}}
{{- end -}}
{{- $_ := set $ports $port $field -}}
{{- end -}}
{{- $autoscaling := default (dict) $own.autoscaling -}}
{{- if and $autoscaling.enabled (gt (int $autoscaling.minReplicas) (int $autoscaling.maxReplicas)) -}}
{{- fail (printf "smartnodes-validator: services.%s.autoscaling: minReplicas %d is more than maxReplicas %d" $key (int $autoscaling.minReplicas) (int $autoscaling.maxReplicas)) -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Services and policies select pods by the chart's own labels. */}}
{{- define "smartnodes.validateLabels" -}}
{{- range $field := list "commonLabels" "podLabels" -}}
{{- range $name, $_ := index $.Values $field -}}
{{- if or (has $name (list "helm.sh/chart" "smartnodes.io/service" "smartnodes.io/step")) (has $name (list "app.kubernetes.io/name" "app.kubernetes.io/instance" "app.kubernetes.io/component" "app.kubernetes.io/part-of" "app.kubernetes.io/version" "app.kubernetes.io/managed-by")) -}}
{{- fail (printf "smartnodes-validator: %s: %s is a label of the chart, by which pods are found" $field $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $name, $_ := .Values.podLabels -}}
{{- if hasKey $.Values.commonLabels $name -}}
{{- fail (printf "smartnodes-validator: podLabels: %s is in commonLabels too, which pods have anyway" $name) -}}
{{- end -}}
{{- end -}}
{{- end }}
