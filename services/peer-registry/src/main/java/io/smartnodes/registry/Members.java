package io.smartnodes.registry;

import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
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
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who takes part, as the last executed state has it. */
@Singleton
public class Members implements Authority {
  private static final int ACCOUNT = 1;
  private static final int VALIDATOR = 6;
  private static final int ACTIVE = 1;

  private final StateView state;
  private volatile Owners owners = new Owners(-2, Map.of());

  private record Owners(long epoch, Map<PeerId, Address> byPeer) {}

  /** Called by the container. */
  public Members(@Identifier("peer-registry") StateView state) {
    this.state = state;
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

  /** The active validators. */
  List<Validator> validators() {
    return state.leaves(VALIDATOR).values().stream()
        .map(leaf -> StateStructs.fromProto(leaf.getValidator(), "validator"))
        .filter(validator -> validator.status() == ACTIVE)
        .sorted(java.util.Comparator.comparing(Validator::operator))
        .toList();
  }

  /** Whether the peer is an active validator. */
  boolean isValidator(PeerId peer) {
    return validators().stream().anyMatch(validator -> peerOf(validator).equals(peer));
  }

  /** The node of a validator. */
  static PeerId peerOf(Validator validator) {
    return PeerId.of(new PublicKey(validator.publicKey()));
  }

  @Override
  public Set<Role> rolesOf(PeerId peer, Address account) {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    StateSnapshot now = state.snapshot();
    Bytes32 key = account.toWord();
    now.leaf(ACCOUNT, key)
        .map(leaf -> StateStructs.fromProto(leaf.getAccount(), "account"))
        .filter(leaf -> PeerId.of(new PublicKey(leaf.publicKey())).equals(peer))
        .ifPresent(leaf -> {
          roles.addAll(Role.of(leaf.roles()));
          if (leaf.status() == Status.SUSPENDED || leaf.status() == Status.BANNED) {
            roles.remove(Role.WORKER);
          }
        });
    now.leaf(VALIDATOR, key)
        .map(leaf -> StateStructs.fromProto(leaf.getValidator(), "validator"))
        .filter(leaf -> leaf.status() == ACTIVE && peerOf(leaf).equals(peer))
        .ifPresent(leaf -> roles.add(Role.VALIDATOR));
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
