package io.smartnodes.registry;

import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.events.TopicsPublished;
import io.smartnodes.events.state.StateSnapshot;
import io.smartnodes.events.state.StateView;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.dht.Authority;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.StateStructs;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Who takes part, as the last executed state has it: validators of the set, those that wait for
 * their place in it, and accounts. A node of {@code smartnodes.bootstrap} that the state has never
 * heard of counts as a validator too: a state that is behind does not know who joined or rotated
 * its key since, and could never catch up if it believed nobody else.
 */
@Singleton
public class Members implements Authority {
  private static final int ACCOUNT = 1;

  private final StateView state;
  private final Set<PeerId> bootstrap;
  private volatile Owners owners = new Owners(-2, Map.of());

  private record Owners(long epoch, Map<PeerId, Address> byPeer) {}

  /** Called by the container. */
  @Inject
  public Members(
      @Identifier("peer-registry") StateView state,
      @ConfigProperty(name = "smartnodes.bootstrap") Optional<List<String>> bootstrap) {
    this.state = state;
    this.bootstrap = Upkeep.parsed(bootstrap.orElse(List.of())).keySet();
  }

  /** What the registry brings to the process. */
  @Singleton
  static class Beans {
    @Produces
    @Singleton
    @Identifier("peer-registry")
    StateView state(Tx tx) {
      return new StateView(RegistryStore.UNIT, tx);
    }

    @Produces
    @Singleton
    @Identifier("peer-registry")
    TopicsPublished topics() {
      return new TopicsPublished(RegistryStore.UNIT, Set.of("peer.v1"));
    }
  }

  /** Whether the genesis state has arrived. */
  boolean isLoaded() {
    return state.epoch() >= 0;
  }

  /** The registered account. */
  Optional<Account> account(Address account) {
    return state
        .leaf(ACCOUNT, account.toWord())
        .map(leaf -> StateStructs.fromProto(leaf.getAccount(), "account"));
  }

  /** The validators of the set, by position. */
  List<Validator> active() {
    return state.validators().active();
  }

  /** The validators of the set, and those that wait for their place. */
  List<Validator> validators() {
    return state.validators().all().stream().filter(one -> one.status() != Validator.LEFT).toList();
  }

  /** The validators that left: what they signed still counts. */
  List<Validator> left() {
    return state.validators().all().stream().filter(one -> one.status() == Validator.LEFT).toList();
  }

  /** Nodes of the bootstrap list that the state does not know. */
  List<PeerId> unknownBootstraps() {
    Set<PeerId> known = new HashSet<>();
    state.validators().all().forEach(one -> one.keys().forEach(key -> known.add(PeerId.of(key))));
    return bootstrap.stream().filter(peer -> !known.contains(peer)).toList();
  }

  /** Whether the peer is a validator of the set, or waits for its place. */
  boolean isValidator(PeerId peer) {
    return validators().stream().anyMatch(one -> peerOf(one).equals(peer))
        || unknownBootstraps().contains(peer);
  }

  /** The node of a validator. */
  static PeerId peerOf(Validator validator) {
    return PeerId.of(new PublicKey(validator.publicKey()));
  }

  @Override
  public Set<Role> rolesOf(PeerId peer, Address account) {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    account(account)
        .filter(leaf -> PeerId.of(new PublicKey(leaf.publicKey())).equals(peer))
        .ifPresent(leaf -> {
          roles.addAll(Role.of(leaf.roles()));
          if (leaf.status() == Status.SUSPENDED || leaf.status() == Status.BANNED) {
            roles.remove(Role.WORKER);
          }
        });
    boolean serves =
        validators().stream()
            .anyMatch(one -> one.operator().equals(account) && peerOf(one).equals(peer));
    if (serves || unknownBootstraps().contains(peer)) {
      roles.add(Role.VALIDATOR);
    }
    return roles;
  }

  /** The account or operator that a node key serves in the state. */
  Optional<Address> ownerOf(PeerId peer) {
    StateSnapshot now = state.snapshot();
    if (owners.epoch() != now.epoch()) {
      Map<PeerId, Address> byPeer = new HashMap<>();
      now.leaves(ACCOUNT)
          .values()
          .forEach(leaf -> {
            Account account = StateStructs.fromProto(leaf.getAccount(), "account");
            byPeer.put(PeerId.of(new PublicKey(account.publicKey())), account.account());
          });
      validators().forEach(validator -> byPeer.put(peerOf(validator), validator.operator()));
      owners = new Owners(now.epoch(), Map.copyOf(byPeer));
    }
    return Optional.ofNullable(owners.byPeer().get(peer));
  }
}
