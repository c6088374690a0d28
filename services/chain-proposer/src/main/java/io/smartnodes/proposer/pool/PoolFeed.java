package io.smartnodes.proposer.pool;

import io.smallrye.mutiny.Uni;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.proposer.store.ItemStore;
import io.smartnodes.proposer.store.Rows;
import io.smartnodes.proto.attestation.v1.JobCertified;
import io.smartnodes.proto.job.v1.HoldSigned;
import io.smartnodes.proto.peer.v1.RegistrationAccepted;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.quarkus.Tx;
import jakarta.inject.Singleton;
import java.util.Set;

/** Takes what the other services of this validator made for the next bodies. */
@Singleton
public class PoolFeed implements EventConsumer {
  private final Gossip gossip;

  /** Called by the container. */
  public PoolFeed(Gossip gossip) {
    this.gossip = gossip;
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
    Tx.afterCommit(gossip::wake);
    return all;
  }
}
