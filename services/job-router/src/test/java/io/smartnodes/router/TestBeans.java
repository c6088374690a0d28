package io.smartnodes.router;

import io.smallrye.mutiny.Uni;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.TopicsPublished;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.proto.job.v1.HoldSigned;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The signer's part of the identity, the source of events, and who hears what is published. */
@Singleton
public class TestBeans {
  @Produces
  @Singleton
  Endorser endorser() {
    return Endorser.of(TestKeys.KEY, TestKeys.RULE);
  }

  @Produces
  @Singleton
  TopicsPublished sources() {
    return new TopicsPublished(
        RouterState.UNIT, Set.of("reputation.v1", "chain.v1", "attestation.v1"));
  }

  /** Takes holds and acknowledged receipts. */
  @Singleton
  public static class Pool implements EventConsumer {
    final BlockingQueue<HoldSigned> holds = new LinkedBlockingQueue<>();
    final BlockingQueue<ReceiptAcknowledged> receipts = new LinkedBlockingQueue<>();

    @Override
    public String name() {
      return "pool";
    }

    @Override
    public String unit() {
      return RouterState.UNIT;
    }

    @Override
    public Set<String> topics() {
      return Set.of("job.v1");
    }

    @Override
    public Uni<Void> on(Event event) {
      if (event.is(HoldSigned.getDefaultInstance())) {
        holds.add(event.parse(HoldSigned.parser()));
      }
      if (event.is(ReceiptAcknowledged.getDefaultInstance())) {
        receipts.add(event.parse(ReceiptAcknowledged.parser()));
      }
      return Uni.createFrom().voidItem();
    }
  }
}
