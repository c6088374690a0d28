package io.smartnodes.registry;

import io.smallrye.mutiny.Uni;
import io.smartnodes.events.Event;
import io.smartnodes.events.EventConsumer;
import io.smartnodes.events.TopicsPublished;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.proto.peer.v1.RegistrationAccepted;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** The signer's part of the identity, the source of the state, and the pool of items. */
@Singleton
public class TestBeans {
  @Produces
  @Singleton
  Endorser endorser() {
    return Endorser.of(TestKeys.KEY, TestKeys.RULE);
  }

  @Produces
  @Singleton
  TopicsPublished state() {
    return new TopicsPublished("registry", Set.of("reputation.v1"));
  }

  /** Takes accepted registrations. */
  @Singleton
  public static class Pool implements EventConsumer {
    final BlockingQueue<RegistrationAccepted> accepted = new LinkedBlockingQueue<>();

    @Override
    public String name() {
      return "pool";
    }

    @Override
    public String unit() {
      return "registry";
    }

    @Override
    public Set<String> topics() {
      return Set.of("peer.v1");
    }

    @Override
    public Uni<Void> on(Event event) {
      accepted.add(event.parse(RegistrationAccepted.parser()));
      return Uni.createFrom().voidItem();
    }
  }
}
