package io.smartnodes.proposer.pool;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.signal.Signals;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proposer.store.ItemStore;
import io.smartnodes.proposer.store.Rows;
import io.smartnodes.proto.attestation.v1.JobCertified;
import io.smartnodes.proto.job.v1.HoldSigned;
import io.smartnodes.proto.peer.v1.RegistrationAccepted;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * Takes what the other services of this validator made for the next bodies, in whichever process it
 * arrives.
 */
@Singleton
public class PoolFeed implements EventConsumer {
  private static final String SIGNAL = "items";

  private final Gossip gossip;
  private final Duty duty;
  private final Signals signals;

  /** Called by the container. */
  public PoolFeed(Gossip gossip, Duty duty, Signals signals) {
    this.gossip = gossip;
    this.duty = duty;
    this.signals = signals;
  }

  void listen(@Observes StartupEvent event) {
    signals.on(Rows.UNIT, SIGNAL, key -> gossip.wake());
  }

  @Override
  public String name() {
    return "item-pool";
  }

  @Override
  public String unit() {
    return Rows.UNIT;
  }

  @Override
  public Set<String> topics() {
    return Set.of("peer.v1", "job.v1", "attestation.v1");
  }

  @Override
  public Uni<Void> on(Event event) {
    Body.Builder bag = Body.newBuilder();
    if (event.is(RegistrationAccepted.getDefaultInstance())) {
      bag.addRegistrations(event.parse(RegistrationAccepted.parser()).getRegistration());
    } else if (event.is(HoldSigned.getDefaultInstance())) {
      bag.addHolds(event.parse(HoldSigned.parser()).getHold());
    } else if (event.is(JobCertified.getDefaultInstance())) {
      bag.addCertificates(event.parse(JobCertified.parser()).getCertificate());
    }
    Uni<Void> all = Uni.createFrom().voidItem();
    for (ItemStore.Item item : PoolItems.split(bag.build(), true)) {
      all = all.chain(() -> ItemStore.insert(item).replaceWithVoid());
    }
    if (duty.isActive()) {
      Tx.afterCommit(gossip::wake);
      return all;
    }
    return all.chain(() -> Signals.emit(SIGNAL, ""));
  }
}
