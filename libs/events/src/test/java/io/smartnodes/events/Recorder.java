package io.smartnodes.events;

import io.smallrye.mutiny.Uni;
import io.smartnodes.events.rows.b.RowB;
import io.smartnodes.quarkus.Tx;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/** Stores a row per event in unit b, and fails where a test wants it. */
@Singleton
public class Recorder implements EventConsumer {
  final BlockingQueue<String> committed = new LinkedBlockingQueue<>();
  final Set<String> failing = ConcurrentHashMap.newKeySet();

  @Override
  public String name() {
    return "recorder";
  }

  @Override
  public String unit() {
    return "b";
  }

  @Override
  public Set<String> topics() {
    return Set.of("job.v1");
  }

  @Override
  public Uni<Void> on(Event event) {
    String text = event.parse(com.google.protobuf.StringValue.parser()).getValue();
    Tx.afterCommit(() -> committed.add(text));
    return Tx.current()
        .session()
        .persist(new RowB(text, text.length()))
        .chain(() -> {
          if (failing.contains(text)) {
            throw new IllegalStateException("not yet: " + text);
          }
          return Uni.createFrom().voidItem();
        });
  }
}
