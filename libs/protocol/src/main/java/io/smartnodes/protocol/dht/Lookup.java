package io.smartnodes.protocol.dht;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An iterative lookup (rule 3.3.3) as a pure state machine. It asks the closest known peers, at
 * most {@link #ALPHA} at a time, and ends when the {@link KBucket#SIZE} closest that did not fail
 * have all answered; a lookup for a value ends with the first answer that has it. A peer that does
 * not answer within {@link #PATIENCE} counts as failed; an answer that comes later still counts.
 *
 * @param target the id to come close to
 * @param peers every peer heard of, by distance, with what is known of it
 * @param isDone whether the end was told
 */
public record Lookup(Bytes32 target, Map<PeerId, Progress> peers, boolean isDone) {
  /** Questions under way at a time. */
  public static final int ALPHA = 3;

  /** How long an answer may take. */
  public static final Duration PATIENCE = Duration.ofSeconds(3);

  /** Peers asked in all: liars that invent ever closer peers cannot keep a lookup busy. */
  public static final int MOST_ASKED = 100;

  /** Sorts and freezes the peers. */
  public Lookup {
    TreeMap<PeerId, Progress> sorted = new TreeMap<>(Distance.to(target));
    sorted.putAll(peers);
    peers = Collections.unmodifiableMap(sorted);
  }

  /** What is known of a peer in this lookup. */
  public sealed interface Progress {
    /** Not asked yet. */
    record Heard() implements Progress {}

    /** The question is under way until then. */
    record Asked(Instant until) implements Progress {}

    /** It answered. */
    record Answered() implements Progress {}

    /** It failed or was silent. */
    record Failed() implements Progress {}
  }

  /** What can happen to a lookup. */
  public sealed interface Input {
    /** Begin, or look at the clock. */
    record Tick() implements Input {}

    /** A peer named the peers that it knows closest to the target. */
    record Closer(PeerId from, List<PeerId> peers) implements Input {
      /** Copies the list. */
      public Closer {
        peers = List.copyOf(peers);
      }
    }

    /** A peer has a valid value; the caller keeps it. */
    record HasValue(PeerId from) implements Input {}

    /** A peer could not be reached, refused, or answered nonsense. */
    record Unanswered(PeerId from) implements Input {}
  }

  /** What is to be done. */
  public sealed interface Effect {
    /** Ask the peer. */
    record Ask(PeerId peer) implements Effect {}

    /** Send a {@link Input.Tick} at this time. */
    record WakeAt(Instant time) implements Effect {}

    /**
     * The lookup is over.
     *
     * @param closest the peers closest to the target that answered, the closest first
     * @param valueFrom who had the value
     */
    record Done(List<PeerId> closest, Optional<PeerId> valueFrom) implements Effect {
      /** Copies the list. */
      public Done {
        closest = List.copyOf(closest);
      }
    }
  }

  /** The next state and what it asks for. */
  public record Step(Lookup state, List<Effect> effects) {
    /** Copies the list. */
    public Step {
      effects = List.copyOf(effects);
    }
  }

  /** A lookup that starts from these peers; it begins with the first {@link Input.Tick}. */
  public static Lookup of(Bytes32 target, List<PeerId> start) {
    Map<PeerId, Progress> peers = new TreeMap<>(Distance.to(target));
    start.forEach(peer -> peers.put(peer, new Progress.Heard()));
    return new Lookup(target, peers, false);
  }

  /** One step. After the end every input is answered by nothing. */
  public Step step(Input input, Instant now) {
    if (isDone) {
      return new Step(this, List.of());
    }
    Map<PeerId, Progress> next = new TreeMap<>(Distance.to(target));
    next.putAll(peers);
    switch (input) {
      case Input.Tick() -> {}
      case Input.Closer(PeerId from, List<PeerId> heard) -> {
        if (wasAsked(from)) {
          next.put(from, new Progress.Answered());
          heard.stream()
              .limit(KBucket.SIZE)
              .forEach(peer -> next.putIfAbsent(peer, new Progress.Heard()));
        }
      }
      case Input.HasValue(PeerId from) -> {
        if (wasAsked(from)) {
          next.put(from, new Progress.Answered());
          return ended(next, Optional.of(from));
        }
      }
      case Input.Unanswered(PeerId from) -> {
        if (next.get(from) instanceof Progress.Asked) {
          next.put(from, new Progress.Failed());
        }
      }
    }
    next.replaceAll((peer, progress) -> overdue(progress, now) ? new Progress.Failed() : progress);
    return goOn(next, now);
  }

  private Step goOn(Map<PeerId, Progress> next, Instant now) {
    List<PeerId> closest =
        next.entrySet().stream()
            .filter(entry -> !(entry.getValue() instanceof Progress.Failed))
            .map(Map.Entry::getKey)
            .limit(KBucket.SIZE)
            .toList();
    List<Effect> effects = new ArrayList<>();
    long underWay = closest.stream().filter(peer -> isAsked(next, peer)).count();
    long asked = next.values().stream().filter(p -> !(p instanceof Progress.Heard)).count();
    for (PeerId peer : closest) {
      if (underWay < ALPHA && asked < MOST_ASKED && next.get(peer) instanceof Progress.Heard) {
        next.put(peer, new Progress.Asked(now.plus(PATIENCE)));
        effects.add(new Effect.Ask(peer));
        underWay++;
        asked++;
      }
    }
    if (underWay == 0) {
      return ended(next, Optional.empty());
    }
    closest.stream()
        .map(next::get)
        .flatMap(p -> p instanceof Progress.Asked(Instant u) ? java.util.stream.Stream.of(u) : null)
        .min(Comparator.naturalOrder())
        .ifPresent(time -> effects.add(new Effect.WakeAt(time)));
    return new Step(new Lookup(target, next, false), effects);
  }

  private Step ended(Map<PeerId, Progress> next, Optional<PeerId> valueFrom) {
    List<PeerId> closest =
        next.entrySet().stream()
            .filter(entry -> entry.getValue() instanceof Progress.Answered)
            .map(Map.Entry::getKey)
            .limit(KBucket.SIZE)
            .toList();
    return new Step(new Lookup(target, next, true), List.of(new Effect.Done(closest, valueFrom)));
  }

  private boolean wasAsked(PeerId peer) {
    return switch (peers.get(peer)) {
      case Progress.Asked asked -> true;
      case Progress.Failed failed -> true;
      case Progress.Heard heard -> false;
      case Progress.Answered answered -> false;
      case null -> false;
    };
  }

  private static boolean isAsked(Map<PeerId, Progress> peers, PeerId peer) {
    return peers.get(peer) instanceof Progress.Asked;
  }

  private static boolean overdue(Progress progress, Instant now) {
    return progress instanceof Progress.Asked(Instant until) && !until.isAfter(now);
  }
}
