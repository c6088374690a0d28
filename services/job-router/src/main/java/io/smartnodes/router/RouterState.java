package io.smartnodes.router;

import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.events.TopicsPublished;
import io.smartnodes.events.state.StateSnapshot;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.chance.Seat;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Network;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.set.Validators;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.StateStructs;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** The executed state and the chain's head as the job-router sees them, with types. */
@ApplicationScoped
public class RouterState {
  /** Name of the persistence unit. */
  public static final String UNIT = "router";

  private final StateView view;
  private final AtomicLong head = new AtomicLong();
  private final Map<Long, Bytes32> seeds = new ConcurrentHashMap<>();

  /** Called by the container. */
  public RouterState(@Identifier("job-router") StateView view) {
    this.view = view;
  }

  /** What the service publishes and folds. */
  @Singleton
  static class Beans {
    @Produces
    @Singleton
    TopicsPublished topics() {
      return new TopicsPublished(UNIT, Set.of("job.v1"));
    }

    @Produces
    @Singleton
    @Identifier("job-router")
    StateView view(Tx tx) {
      return new StateView(UNIT, tx);
    }
  }

  /** The folded state. */
  StateView view() {
    return view;
  }

  /** The state at this moment: what is decided from several of its leaves is read from one. */
  At now() {
    return new At(view.snapshot());
  }

  /** Returns when this process knows every epoch that another had stored before. */
  public void catchUp() {
    view.refresh();
  }

  /** The last executed epoch, −1 before genesis. */
  public long epoch() {
    return view.epoch();
  }

  /** The newest block's number, 0 before the first is seen. */
  public long head() {
    return head.get();
  }

  /** A block was seen. */
  public void seen(long block) {
    head.accumulateAndGet(block, Math::max);
  }

  /** The seed of an executed epoch. */
  public void learned(long epoch, Bytes32 seed) {
    seeds.put(epoch, seed);
  }

  /** The parameters, empty before genesis. */
  public Optional<ProtocolParameters> parameters() {
    return now().parameters();
  }

  /** A job whose hold is anchored and not closed. */
  public Optional<Job> job(Bytes32 jobId) {
    return now().job(jobId);
  }

  /** A registered account. */
  public Optional<Account> account(Address account) {
    return now()
        .leaf(LeafKey.account(account))
        .map(leaf -> StateStructs.fromProto(leaf.getAccount(), "account"));
  }

  /** The node key of a registered account. */
  public Optional<PublicKey> nodeKey(Address account) {
    return account(account).map(found -> new PublicKey(found.publicKey()));
  }

  /** Whether a node belongs to an account. */
  public boolean isNodeOf(PeerId peer, Address account) {
    return nodeKey(account).filter(key -> PeerId.of(key).equals(peer)).isPresent();
  }

  /** The validators of the state, also queued ones and those that left. */
  public Validators validators() {
    return view.validators();
  }

  /** Whether an operator's validator is in the set, so that it may be the home of new jobs. */
  public boolean isActive(Address operator) {
    return validators().of(operator).filter(Validator::isActive).isPresent();
  }

  /** The keys whose signatures count, by operator: also former ones, and of those that left. */
  public Map<Address, List<PublicKey>> validatorKeys() {
    return validators().all().stream()
        .collect(Collectors.toMap(Validator::operator, Validator::keys));
  }

  /** The witnesses of an anchored job (2.2.4), empty while the seed of its epoch is unknown. */
  public Optional<List<Address>> witnesses(Job job) {
    Optional<Bytes32> seed = seedOf(job.anchoredAt());
    Optional<ProtocolParameters> parameters = parameters();
    if (seed.isEmpty() || parameters.isEmpty()) {
      return Optional.empty();
    }
    List<Seat> seats = validators().pickableAt(job.anchoredAt());
    return Optional.of(
        Picks.witnesses(job.jobId(), seed.get(), seats, parameters.get().witnesses()));
  }

  private Optional<Bytes32> seedOf(long epoch) {
    return view.head()
        .filter(state -> state.epoch() == epoch)
        .map(StateSnapshot.Head::seed)
        .or(() -> Optional.ofNullable(seeds.get(epoch)));
  }

  /** The state after one epoch. */
  record At(StateSnapshot state) {
    long epoch() {
      return state.epoch();
    }

    Optional<ProtocolParameters> parameters() {
      return leaf(LeafKey.PARAMETERS)
          .map(leaf -> StateStructs.fromProto(leaf.getParameters(), "parameters"))
          .map(ProtocolParameters::of);
    }

    /** A network by its id. */
    Optional<Network> network(Bytes32 id) {
      return leaf(LeafKey.network(id))
          .map(leaf -> StateStructs.fromProto(leaf.getNetwork(), "network"));
    }

    /** What a user allotted to a home. */
    Optional<Allotment> allotment(Address user, Address asset, Address home) {
      return leaf(LeafKey.allotment(user, asset, home))
          .map(leaf -> StateStructs.fromProto(leaf.getAllotment(), "allotment"));
    }

    /** A job whose hold is anchored and not closed. */
    Optional<Job> job(Bytes32 jobId) {
      return leaf(LeafKey.job(jobId)).map(leaf -> StateStructs.fromProto(leaf.getJob(), "job"));
    }

    private Optional<Leaf> leaf(LeafKey key) {
      return state.leaf(key.type().code(), key.key());
    }
  }
}
