package io.smartnodes.sdk;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Address;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.proto.peer.v1.ListValidatorsRequest;
import io.smartnodes.proto.peer.v1.ListValidatorsResponse;
import io.smartnodes.proto.peer.v1.PeerRegistryGrpc;
import io.smartnodes.proto.peer.v1.ValidatorEntry;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.PeerStructs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The connections of one client to the validators of one network. Blocking; thread-safe. */
public final class NetworkClient implements AutoCloseable {
  /** Names of services in node records. */
  public static final String REGISTRY = "peer-registry";

  /** The service that takes jobs. */
  public static final String ROUTER = "job-router";

  /** The service that serves the state. */
  public static final String LEDGER = "reputation-ledger";

  /** The service that attests. */
  public static final String ATTESTATION = "attestation";

  /** The service that runs epochs. */
  public static final String PROPOSER = "chain-proposer";

  private static final int MAX_VALIDATORS = 256;
  private static final int MAX_LEFT = 10_000;
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final Domain domain;
  private final Identity identity;
  private final List<Bootstrap> bootstraps;
  private final InstantSource time;
  private final RenewingIdentity tls;
  private final PeerChannels channels;
  private @Nullable Known known;

  private record Known(List<ValidatorNode> validators, List<ValidatorNode> left, Instant since) {}

  /** Opens connections on demand. */
  public NetworkClient(
      Domain domain, Identity identity, List<Bootstrap> bootstraps, InstantSource time) {
    if (bootstraps.isEmpty()) {
      throw new IllegalArgumentException("at least one bootstrap validator is needed");
    }
    this.domain = domain;
    this.identity = identity;
    this.bootstraps = List.copyOf(bootstraps);
    this.time = time;
    EndorsementRule rule = new EndorsementRule(domain);
    this.tls = new RenewingIdentity(Endorser.of(identity.node(), rule), Duration.ofHours(12), time);
    this.channels = new PeerChannels(tls, rule, time, PeerChannels.Settings.DEFAULT);
  }

  /** What signatures are bound to. */
  public Domain domain() {
    return domain;
  }

  /** Who we are. */
  public Identity identity() {
    return identity;
  }

  /** The clock. */
  public InstantSource time() {
    return time;
  }

  /** Our TLS identity, for a server of our own. */
  public RenewingIdentity tls() {
    return tls;
  }

  /** A channel to one peer, pinned to it; ask for it at every call. */
  public Channel channel(PeerId peer, String address) {
    return channels.to(peer, address);
  }

  /** The channel to a bootstrap validator. */
  public Channel channel(Bootstrap bootstrap) {
    return channels.to(bootstrap.peer(), bootstrap.address());
  }

  /** The bootstrap validators. */
  public List<Bootstrap> bootstraps() {
    return bootstraps;
  }

  /** The channel to a service of a validator, empty while it has not been found. */
  public Optional<Channel> channel(ValidatorNode validator, String service) {
    return validator.address(service).map(address -> channels.to(validator.peer(), address));
  }

  /** The validator of an operator, empty if it is not in the active set. */
  public Optional<ValidatorNode> validator(Address operator) {
    return validators().stream().filter(v -> v.operator().equals(operator)).findFirst();
  }

  /**
   * The active set, asked for again every ten seconds. Needs a role: fails for strangers with
   * ERROR_CODE_STRANGER.
   *
   * @throws StatusRuntimeException if no bootstrap validator answers
   */
  public List<ValidatorNode> validators() {
    return known().validators();
  }

  /**
   * Everybody whose signatures may stand under older work: the active set, then those that left.
   *
   * @throws StatusRuntimeException if no bootstrap validator answers
   */
  public List<ValidatorNode> signers() {
    Known now = known();
    List<ValidatorNode> all = new ArrayList<>(now.validators());
    all.addAll(now.left());
    return all;
  }

  private synchronized Known known() {
    Known current = known;
    if (current != null && current.since().plus(FRESH).isAfter(time.instant())) {
      return current;
    }
    StatusRuntimeException last = null;
    for (Bootstrap bootstrap : sources(current)) {
      try {
        ListValidatorsResponse response =
            PeerRegistryGrpc.newBlockingStub(channel(bootstrap))
                .listValidators(ListValidatorsRequest.getDefaultInstance());
        Known fresh =
            new Known(
                Fields.list(
                    response.getValidatorsList(),
                    MAX_VALIDATORS,
                    "validators",
                    NetworkClient::decode),
                Fields.list(response.getLeftList(), MAX_LEFT, "left", NetworkClient::decode),
                time.instant());
        known = fresh;
        return fresh;
      } catch (StatusRuntimeException unreachable) {
        last = unreachable;
      }
    }
    throw last == null ? new IllegalStateException("no bootstrap validator") : last;
  }

  /** Where the set can be asked for: the given validators, then all that were found before. */
  private List<Bootstrap> sources(@Nullable Known current) {
    List<Bootstrap> sources = new ArrayList<>(bootstraps);
    if (current != null) {
      for (ValidatorNode validator : current.validators()) {
        validator
            .address(REGISTRY)
            .map(address -> new Bootstrap(validator.peer(), address))
            .filter(source -> !sources.contains(source))
            .ifPresent(sources::add);
      }
    }
    return sources;
  }

  private static ValidatorNode decode(ValidatorEntry entry, String field) {
    List<Endpoint> endpoints =
        entry.hasNode()
            ? PeerStructs.fromProto(entry.getNode().getRecord(), field + ".node.record").endpoints()
            : List.of();
    return new ValidatorNode(
        Fields.address(entry.getOperator(), field + ".operator"),
        Fields.peerId(entry.getPeerId(), field + ".peer_id"),
        entry.getFormerPeerId().isEmpty()
            ? Optional.empty()
            : Optional.of(Fields.peerId(entry.getFormerPeerId(), field + ".former_peer_id")),
        endpoints);
  }

  @Override
  public void close() {
    channels.close();
    tls.close();
  }
}
