package io.smartnodes.events;

import io.quarkus.reactive.datasource.ReactiveDataSource;
import io.quarkus.reactive.pg.client.PgPoolCreator;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Address;
import io.smartnodes.events.state.StateView;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.quarkus.database.DatabaseSockets;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/** What a service brings: topics, a view of the state; and a signer, as one process has it. */
@Singleton
public class TestBeans {
  @Produces
  @Singleton
  TopicsPublished topics() {
    return new TopicsPublished("a", Set.of("job.v1", "reputation.v1"));
  }

  @Produces
  @Singleton
  @Identifier("b")
  StateView state(Tx tx) {
    return new StateView("b", tx);
  }

  @Produces
  @Singleton
  Endorser endorser() {
    return Endorser.of(
        TestNode.KEY, EndorsementRule.of(TestNode.CHAIN, Address.fromHex(TestNode.CORE)));
  }

  @Produces
  @Singleton
  @ReactiveDataSource("a")
  PgPoolCreator poolOfA(DatabaseSockets sockets) {
    return sockets::pool;
  }

  @Produces
  @Singleton
  @ReactiveDataSource("b")
  PgPoolCreator poolOfB(DatabaseSockets sockets) {
    return sockets::pool;
  }
}
