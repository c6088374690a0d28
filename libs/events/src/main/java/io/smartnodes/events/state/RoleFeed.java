package io.smartnodes.events.state;

import io.quarkus.runtime.StartupEvent;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.proto.types.v1.Account;
import io.smartnodes.proto.types.v1.Validator;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.state.Status;
import io.smartnodes.quarkus.RoleDirectory;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Loads the state views of the process before anything is dispatched, and keeps the directory of
 * roles as the newest of them has it: active validators, registered accounts, and workers that are
 * suspended or banned.
 */
@Singleton
public class RoleFeed {
  private static final int ACCOUNT = 1;
  private static final int VALIDATOR = 6;
  private static final int ACTIVE = 1;

  private final RoleDirectory directory;
  private long epoch = -1;

  /** Called by the container. */
  public RoleFeed(RoleDirectory directory) {
    this.directory = directory;
  }

  void start(@Observes @Priority(100) StartupEvent event, @Any Instance<StateView> views) {
    for (StateView view : views) {
      view.load();
      view.onAdvance(advance -> follow(advance.state()));
      follow(view.snapshot());
    }
  }

  /** All views of a process fold the same state: the first that reaches an epoch counts. */
  synchronized void follow(StateSnapshot state) {
    if (state.epoch() > epoch) {
      epoch = state.epoch();
      directory.replaceAll(rolesOf(state));
    }
  }

  static Map<PeerId, RoleCheck> rolesOf(StateSnapshot state) {
    Map<PeerId, RoleCheck> roles = new HashMap<>();
    for (Leaf leaf : state.leaves(ACCOUNT).values()) {
      Account account = leaf.getAccount();
      roles.put(peer(account.getPublicKey().toByteArray()), ofAccount(account));
    }
    for (Leaf leaf : state.leaves(VALIDATOR).values()) {
      Validator validator = leaf.getValidator();
      if (validator.getStatus() == ACTIVE) {
        roles.merge(
            peer(validator.getPublicKey().toByteArray()),
            new RoleCheck.Member(Set.of(Role.VALIDATOR)),
            (account, itself) -> alsoValidator(account));
      }
    }
    return roles;
  }

  private static PeerId peer(byte[] publicKey) {
    return PeerId.of(new PublicKey(Bytes.of(publicKey)));
  }

  private static RoleCheck ofAccount(Account account) {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    roles.addAll(Role.of(account.getRoles()));
    Optional<Status> barred =
        Status.of(account.getStatus())
            .filter(status -> status == Status.SUSPENDED || status == Status.BANNED);
    if (barred.isEmpty() || !roles.remove(Role.WORKER)) {
      return new RoleCheck.Member(roles);
    }
    return new RoleCheck.Barred(
        roles,
        barred.get().name().toLowerCase(Locale.ROOT),
        Bytes32.of(account.getEvidenceId().toByteArray()));
  }

  private static RoleCheck alsoValidator(RoleCheck account) {
    return switch (account) {
      case RoleCheck.Member(Set<Role> roles) -> new RoleCheck.Member(with(roles));
      case RoleCheck.Barred(Set<Role> open, String reason, Bytes32 evidence) ->
          new RoleCheck.Barred(with(open), reason, evidence);
      case RoleCheck.Stranger() -> new RoleCheck.Member(Set.of(Role.VALIDATOR));
    };
  }

  private static Set<Role> with(Set<Role> roles) {
    EnumSet<Role> more = EnumSet.of(Role.VALIDATOR);
    more.addAll(roles);
    return more;
  }
}
