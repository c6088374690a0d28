package io.smartnodes.protocol.dht;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.PeerId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Nodes in memory that drive the real tables and lookups on a virtual clock. */
final class SimulatedNetwork {
  private final Map<PeerId, RoutingTable> tables = new TreeMap<>();
  private final Set<PeerId> dead = new HashSet<>();
  private final Map<Bytes32, Set<PeerId>> holders = new HashMap<>();
  private final Random random;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  /** How a lookup went. */
  record Outcome(List<PeerId> closest, Optional<PeerId> valueFrom, int messages) {}

  /** Every node joins by one that is there already and looks itself up. */
  SimulatedNetwork(int size, long seed) {
    random = new Random(seed);
    List<PeerId> joined = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      PeerId peer = new PeerId(Keccak.text("node " + seed + " " + i));
      tables.put(peer, RoutingTable.empty(peer));
      if (!joined.isEmpty()) {
        hear(peer, joined.get(random.nextInt(joined.size())));
        lookup(peer, peer.value());
      }
      joined.add(peer);
    }
  }

  private RoutingTable table(PeerId peer) {
    return tables.getOrDefault(peer, RoutingTable.empty(peer));
  }

  List<PeerId> alive() {
    return tables.keySet().stream().filter(peer -> !dead.contains(peer)).toList();
  }

  void kill(int count) {
    List<PeerId> order = new ArrayList<>(tables.keySet());
    Collections.shuffle(order, random);
    dead.addAll(order.subList(0, count));
  }

  void place(Bytes32 key, List<PeerId> peers) {
    holders.put(key, Set.copyOf(peers));
  }

  List<PeerId> trulyClosest(Bytes32 target, int count) {
    return alive().stream().sorted(Distance.to(target)).limit(count).toList();
  }

  Outcome lookup(PeerId from, Bytes32 target) {
    List<PeerId> start = table(from).closest(target, KBucket.SIZE);
    Lookup.Step step = Lookup.of(target, start).step(new Lookup.Input.Tick(), now);
    Deque<PeerId> asked = new ArrayDeque<>();
    int messages = 0;
    while (true) {
      for (Lookup.Effect effect : step.effects()) {
        switch (effect) {
          case Lookup.Effect.Ask(PeerId peer) -> asked.add(peer);
          case Lookup.Effect.WakeAt(Instant time) -> {}
          case Lookup.Effect.Done(List<PeerId> closest, Optional<PeerId> value) -> {
            return new Outcome(closest, value, messages);
          }
        }
      }
      PeerId peer = asked.removeFirst();
      messages++;
      step = step.state().step(answer(from, peer, target), now);
    }
  }

  private Lookup.Input answer(PeerId from, PeerId peer, Bytes32 target) {
    if (dead.contains(peer)) {
      now = now.plus(Lookup.PATIENCE);
      tables.put(from, table(from).failed(peer).table());
      return new Lookup.Input.Tick();
    }
    hear(from, peer);
    hear(peer, from);
    if (holders.getOrDefault(target, Set.of()).contains(peer)) {
      return new Lookup.Input.HasValue(peer);
    }
    List<PeerId> known = new ArrayList<>(table(peer).closest(target, KBucket.SIZE));
    known.remove(from);
    return new Lookup.Input.Closer(peer, known);
  }

  private void hear(PeerId owner, PeerId peer) {
    RoutingTable.Change change = table(owner).heard(peer, now);
    if (change instanceof RoutingTable.Change.Waiting(var table, var ignored, PeerId oldest)) {
      change = dead.contains(oldest) ? table.failed(oldest) : table.heard(oldest, now);
    }
    tables.put(owner, change.table());
  }
}
