package io.smartnodes.proposer.set;

import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.Node;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.set.Validators;
import io.smartnodes.quarkus.NodeIdentity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The validators as the newest executed state here has them, and our place among them. */
@Singleton
public class ValidatorSets {
  private final StateView state;
  private final Node node;
  private final PeerId self;
  private final Map<PeerId, String> bootstrap;

  /** Called by the container. */
  @Inject
  public ValidatorSets(
      @Identifier("chain-proposer") StateView state,
      Node node,
      NodeIdentity identity,
      @ConfigProperty(name = "smartnodes.bootstrap") Optional<List<String>> bootstrap) {
    this.state = state;
    this.node = node;
    this.self = identity.peerId();
    this.bootstrap =
        bootstrap.orElse(List.of()).stream()
            .map(entry -> entry.strip().split("@", 2))
            .collect(Collectors.toMap(parts -> PeerId.fromHex(parts[0]), parts -> parts[1]));
  }

  /** Where a node of {@code smartnodes.bootstrap} listens, which the registry may not know yet. */
  public Optional<String> bootstrapAddress(PeerId peer) {
    return Optional.ofNullable(bootstrap.get(peer));
  }

  /** The set that votes on the epoch after the newest state. */
  public EpochSet next() {
    return EpochSet.of(state.validators().active());
  }

  /** The set that voted, or votes, on an epoch, as far as the newest state knows it. */
  public EpochSet of(long epoch) {
    return EpochSet.of(state.validators().activeAt(epoch - 1));
  }

  /** The nodes of the set but ours. */
  public List<PeerId> others() {
    return next().others(self);
  }

  /**
   * Whoever may have an old body, likely ones first: the voters of that execution, then everybody
   * who takes part or is named in {@code smartnodes.bootstrap}, since a state that is behind does
   * not know who joined since.
   */
  public List<PeerId> holders(List<Address> voters) {
    List<EpochSet.Member> known =
        EpochSet.of(
                state.validators().all().stream()
                    .filter(one -> one.status() != Validator.LEFT)
                    .toList())
            .members();
    Set<PeerId> peers = new LinkedHashSet<>();
    known.stream()
        .filter(one -> voters.contains(one.operator()))
        .forEach(one -> peers.add(one.peer()));
    known.forEach(one -> peers.add(one.peer()));
    peers.addAll(bootstrap.keySet());
    peers.remove(self);
    return List.copyOf(peers);
  }

  /** Our peer id. */
  public PeerId self() {
    return self;
  }

  /** What the newest state says of us. */
  public Standing standing() {
    return standing(state.validators());
  }

  /** What a state says of us. */
  public Standing standing(Validators known) {
    Optional<Validator> own = known.of(node.operator());
    if (own.isEmpty()) {
      return Standing.UNKNOWN;
    }
    return switch (own.get().status()) {
      case State.ACTIVE ->
          new PublicKey(own.get().publicKey()).equals(node.nodeKey().publicKey())
              ? Standing.VOTING
              : Standing.OTHER_KEY;
      case Validator.QUEUED -> Standing.QUEUED;
      default -> Standing.LEFT;
    };
  }
}
