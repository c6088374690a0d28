package io.smartnodes.events.state;

import com.google.protobuf.ByteString;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.events.signal.Signals;
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
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Loads the state views of the process before anything is dispatched, and keeps the directory of
 * roles as the newest of them has it: validators of the set and those that wait for their place in
 * it (they must be able to fetch what they missed), registered accounts, and workers that are
 * suspended or banned. After a rotation the node may go on with its former key for one epoch more,
 * as far as this process saw the rotation happen. It also makes the views follow what other
 * processes of the service fold.
 */
@Singleton
public class RoleFeed {
  private static final Logger LOG = Logger.getLogger(RoleFeed.class);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final int ACCOUNT = 1;
  private static final int VALIDATOR = 6;
  private static final int ACTIVE = 1;
  private static final int QUEUED = 2;

  private final RoleDirectory directory;
  private final Map<ByteString, ByteString> keys = new HashMap<>();
  private final Map<ByteString, Long> rotatedIn = new HashMap<>();
  private volatile Optional<Thread> thread = Optional.empty();
  private long epoch = -1;

  /** Called by the container. */
  public RoleFeed(RoleDirectory directory) {
    this.directory = directory;
  }

  void start(
      @Observes @Priority(100) StartupEvent event,
      @Any Instance<StateView> views,
      Signals signals) {
    List<StateView> all = views.stream().toList();
    for (StateView view : all) {
      view.load();
      view.onAdvance(advance -> follow(advance.state()));
      follow(view.snapshot());
      signals.on(view.unit(), StateView.SIGNAL, epoch -> hear(view, epoch));
    }
    thread = Optional.of(Thread.ofVirtual().name("states").start(() -> look(all)));
  }

  private static void hear(StateView view, String epoch) {
    if (view.epoch() < Long.parseLong(epoch)) {
      view.refresh();
    }
  }

  /** For signals that are lost. */
  private static void look(List<StateView> views) {
    try {
      while (true) {
        Thread.sleep(LOOK);
        for (StateView view : views) {
          try {
            view.refresh();
          } catch (RuntimeException e) {
            LOG.debugf(e, "the state of %s cannot be read; trying again", view.unit());
          }
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("stopped");
    }
  }

  void stop(@Observes ShutdownEvent event) {
    thread.ifPresent(Thread::interrupt);
  }

  /** All views of a process fold the same state: the first that reaches an epoch counts. */
  synchronized void follow(StateSnapshot state) {
    if (state.epoch() > epoch) {
      epoch = state.epoch();
      state.leaves(VALIDATOR).values().forEach(leaf -> noteRotation(leaf.getValidator()));
      directory.replaceAll(rolesOf(state));
    }
  }

  private void noteRotation(Validator validator) {
    ByteString before = keys.put(validator.getOperator(), validator.getPublicKey());
    if (before != null && !before.equals(validator.getPublicKey())) {
      rotatedIn.put(validator.getOperator(), epoch);
    }
  }

  private boolean mayUseFormerKey(Validator validator) {
    Long rotated = rotatedIn.get(validator.getOperator());
    return rotated != null && epoch <= rotated + 1 && !validator.getFormerKey().isEmpty();
  }

  private Map<PeerId, RoleCheck> rolesOf(StateSnapshot state) {
    Map<PeerId, RoleCheck> roles = new HashMap<>();
    for (Leaf leaf : state.leaves(ACCOUNT).values()) {
      Account account = leaf.getAccount();
      roles.put(peer(account.getPublicKey().toByteArray()), ofAccount(account));
    }
    for (Leaf leaf : state.leaves(VALIDATOR).values()) {
      Validator validator = leaf.getValidator();
      if (validator.getStatus() == ACTIVE || validator.getStatus() == QUEUED) {
        enter(roles, validator.getPublicKey());
        if (mayUseFormerKey(validator)) {
          enter(roles, validator.getFormerKey());
        }
      }
    }
    return roles;
  }

  private static void enter(Map<PeerId, RoleCheck> roles, ByteString key) {
    roles.merge(
        peer(key.toByteArray()),
        new RoleCheck.Member(Set.of(Role.VALIDATOR)),
        (account, itself) -> alsoValidator(account));
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
