package io.smartnodes.attestation;

import io.smallrye.mutiny.Uni;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.TopicsPublished;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.proto.attestation.v1.JobCertified;
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
        AttestationStore.UNIT, Set.of("reputation.v1", "chain.v1", "job.v1"));
  }

  /** Takes certificates. */
  @Singleton
  public static class Pool implements EventConsumer {
    final BlockingQueue<JobCertified> certified = new LinkedBlockingQueue<>();

    @Override
    public String name() {
      return "pool";
    }

    @Override
    public String unit() {
      return AttestationStore.UNIT;
    }

    @Override
    public Set<String> topics() {
      return Set.of("attestation.v1");
    }

    @Override
    public Uni<Void> on(Event event) {
      if (event.is(JobCertified.getDefaultInstance())) {
        certified.add(event.parse(JobCertified.parser()));
      }
      return Uni.createFrom().voidItem();
    }
  }
}
