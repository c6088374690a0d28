package io.smartnodes.registry;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.protocol.dht.KBucket;
import io.smartnodes.protocol.dht.Lookup;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Drives {@link Lookup}: asks on virtual threads, one question each. */
@Singleton
public class Lookups {
  private final PeerCaller caller;
  private final Contacts contacts;
  private final InstantSource time = InstantSource.system();
  private final ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor();

  /** Called by the container. */
  public Lookups(PeerCaller caller, Contacts contacts) {
    this.caller = caller;
    this.contacts = contacts;
  }

  /** What a lookup found: the closest nodes that answered, and the value if it was asked for. */
  record Found(List<DhtRecord.OfNode> closest, Optional<DhtRecord> value) {}

  /** The nodes closest to a target. Waits. */
  Found nodes(Bytes32 target) {
    return new Run(target, false).go();
  }

  /** The record under a key. Waits. */
  Found value(Bytes32 key) {
    return new Run(key, true).go();
  }

  @PreDestroy
  void close() {
    questions.shutdownNow();
  }

  /** One lookup. */
  private final class Run {
    private final Bytes32 target;
    private final boolean forValue;
    private final BlockingQueue<Lookup.Input> inputs = new LinkedBlockingQueue<>();
    private final Map<PeerId, DhtRecord.OfNode> known = new ConcurrentHashMap<>();
    private final Map<PeerId, DhtRecord> values = new ConcurrentHashMap<>();

    Run(Bytes32 target, boolean forValue) {
      this.target = target;
      this.forValue = forValue;
    }

    Found go() {
      List<PeerId> start = contacts.table().closest(target, KBucket.SIZE);
      Lookup.Step step = Lookup.of(target, start).step(new Lookup.Input.Tick(), time.instant());
      while (true) {
        Instant wake = time.instant().plus(Lookup.PATIENCE);
        for (Lookup.Effect effect : step.effects()) {
          switch (effect) {
            case Lookup.Effect.Ask(PeerId peer) -> questions.execute(() -> ask(peer));
            case Lookup.Effect.WakeAt(Instant at) -> wake = at;
            case Lookup.Effect.Done(List<PeerId> closest, Optional<PeerId> from) -> {
              return found(closest, from);
            }
          }
        }
        step = step.state().step(next(wake), time.instant());
      }
    }

    private Found found(List<PeerId> closest, Optional<PeerId> valueFrom) {
      return new Found(
          closest.stream().map(this::record).filter(Objects::nonNull).toList(),
          valueFrom.flatMap(peer -> Optional.ofNullable(values.get(peer))));
    }

    private Lookup.Input next(Instant wake) {
      long wait = Math.max(1, Duration.between(time.instant(), wake).toMillis());
      try {
        Lookup.Input input = inputs.poll(wait, TimeUnit.MILLISECONDS);
        return input == null ? new Lookup.Input.Tick() : input;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted during a lookup", e);
      }
    }

    private DhtRecord.@Nullable OfNode record(PeerId peer) {
      DhtRecord.OfNode heard = known.get(peer);
      return heard == null ? contacts.record(peer).orElse(null) : heard;
    }

    private void ask(PeerId peer) {
      DhtRecord.OfNode node = record(peer);
      Optional<PeerCaller.Answer> answer =
          node == null
              ? Optional.empty()
              : forValue ? caller.findValue(node, target) : caller.findNode(node, target);
      inputs.add(answer.map(got -> input(peer, got)).orElse(new Lookup.Input.Unanswered(peer)));
    }

    private Lookup.Input input(PeerId peer, PeerCaller.Answer answer) {
      if (answer.record().isPresent()) {
        values.put(peer, answer.record().get());
        return new Lookup.Input.HasValue(peer);
      }
      List<DhtRecord.OfNode> others =
          answer.closer().stream().filter(node -> !contacts.isSelf(node.author())).toList();
      others.forEach(node -> known.putIfAbsent(node.author(), node));
      return new Lookup.Input.Closer(peer, others.stream().map(DhtRecord::author).toList());
    }
  }
}
