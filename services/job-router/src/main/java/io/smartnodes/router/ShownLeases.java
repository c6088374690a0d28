package io.smartnodes.router;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.proto.job.v1.GrantedLease;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.job.LeaseBook;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The signed open leases as workers hear of them, with the witnesses to ask; readers need no lock.
 */
@ApplicationScoped
public class ShownLeases {
  private final RouterState state;
  private final NodeIdentity identity;
  private volatile Shown shown = new Shown(Set.of(), Map.of());

  /** By worker, of the shards that were held when they were gathered. */
  private record Shown(Set<Integer> shards, Map<Address, List<GrantedLease>> leases) {}

  /** Called by the container. */
  public ShownLeases(RouterState state, NodeIdentity identity) {
    this.state = state;
    this.identity = identity;
  }

  /** Shows the leases of jobs, which are all of these shards. */
  void show(Set<Integer> shards, Collection<LiveJob> jobs) {
    Set<Integer> known = new HashSet<>(shards);
    Map<Address, List<GrantedLease>> all = new HashMap<>();
    for (LiveJob job : jobs) {
      Optional<List<PeerId>> witnesses = witnesses(job);
      if (witnesses.isEmpty()) {
        // A lease that is not shown has ended for its worker: better not to speak of them at all.
        if (job.book().entries().values().stream().anyMatch(entry -> entry.state().isOpen())) {
          known.remove(Shards.of(job.id()));
        }
        continue;
      }
      for (LeaseBook.Entry entry : job.book().entries().values()) {
        LiveJob.Ticket ticket = job.ticket(entry.lease().number());
        if (entry.state().isOpen() && ticket.homeSignature().isPresent()) {
          all.computeIfAbsent(entry.lease().worker(), worker -> new ArrayList<>())
              .add(granted(job, entry, ticket, witnesses.get()));
        }
      }
    }
    shown = new Shown(Set.copyOf(known), Map.copyOf(all));
  }

  /** Speaks for no shard until it is shown again. */
  void clear() {
    shown = new Shown(Set.of(), Map.of());
  }

  /** The shards that it speaks for. */
  Set<Integer> shards() {
    return shown.shards();
  }

  /** Those of a worker. */
  List<GrantedLease> to(Address worker) {
    return shown.leases().getOrDefault(worker, List.of());
  }

  private GrantedLease granted(
      LiveJob job, LeaseBook.Entry entry, LiveJob.Ticket ticket, List<PeerId> witnesses) {
    GrantedLease.Builder granted =
        GrantedLease.newBuilder()
            .setLease(JobStructs.toProto(entry.lease()))
            .setHomeSignature(Fields.bytes(ticket.homeSignature().orElseThrow()))
            .setSpec(JobStructs.toProto(job.spec()))
            .setUserSignature(Fields.bytes(job.userSignature()))
            .setHomePeerId(Fields.bytes(identity.peerId()));
    witnesses.forEach(witness -> granted.addWitnessPeerIds(Fields.bytes(witness)));
    return granted.build();
  }

  /** The nodes of the job's witnesses, empty before the job and its seed are known. */
  private Optional<List<PeerId>> witnesses(LiveJob job) {
    Map<Address, List<PublicKey>> keys = state.validatorKeys();
    return state
        .job(job.id())
        .flatMap(state::witnesses)
        .map(operators ->
            operators.stream()
                .map(operator -> PeerId.of(Objects.requireNonNull(keys.get(operator)).getFirst()))
                .toList());
  }
}
