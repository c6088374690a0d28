package io.smartnodes.proposer.pool;

import io.grpc.StatusRuntimeException;
import io.smartnodes.proposer.duty.Duties;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proposer.duty.LoopThread;
import io.smartnodes.proposer.set.ValidatorSets;
import io.smartnodes.proposer.store.ItemStore;
import io.smartnodes.proposer.store.ItemStore.Item;
import io.smartnodes.proto.epoch.v1.EpochsGrpc;
import io.smartnodes.proto.epoch.v1.OfferItemsRequest;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.quarkus.Peers;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Brings this validator's items to all others, as they arise; what somebody did not take is brought
 * again after five seconds. Which instance took an item in does not matter: the process that acts
 * reads them all. What was brought is remembered by this process only: a validator that gets an
 * item twice keeps it once.
 */
@Singleton
public class Gossip implements Duties {
  private static final Logger LOG = Logger.getLogger(Gossip.class);
  private static final int BATCH_BYTES = 2 * 1024 * 1024;
  private static final int BATCH_ITEMS = 200;
  private static final long AGAIN_SECONDS = 5;

  private final ItemStore items;
  private final ValidatorSets validators;
  private final Peers peers;
  private final Duty duty;
  private final Map<PeerId, Set<String>> brought = new ConcurrentHashMap<>();
  private final Semaphore news = new Semaphore(0);
  private final LoopThread thread = new LoopThread("gossip", this::run);

  /** Called by the container. */
  public Gossip(ItemStore items, ValidatorSets validators, Peers peers, Duty duty) {
    this.items = items;
    this.validators = validators;
    this.peers = peers;
    this.duty = duty;
  }

  @Override
  public void begin() {
    thread.start();
  }

  @Override
  public boolean end(Duration most) {
    return thread.stop(most);
  }

  /** There is something new. */
  void wake() {
    news.release();
  }

  private void run() throws InterruptedException {
    while (true) {
      if (news.tryAcquire(AGAIN_SECONDS, TimeUnit.SECONDS)) {
        news.drainPermits();
      }
      try {
        bringAll();
      } catch (RuntimeException e) {
        if (Thread.interrupted()) {
          return;
        }
        LOG.warn("items could not be brought; trying again", e);
      }
    }
  }

  private void bringAll() {
    List<Item> own = items.all(true);
    Set<String> waiting = new HashSet<>();
    own.forEach(item -> waiting.add(item.hash()));
    for (PeerId peer : validators.others()) {
      Set<String> done = brought.computeIfAbsent(peer, p -> ConcurrentHashMap.newKeySet());
      done.retainAll(waiting);
      List<Item> missing = own.stream().filter(item -> !done.contains(item.hash())).toList();
      int from = 0;
      while (from < missing.size() && duty.isActive()) {
        List<Item> batch = batch(missing.subList(from, missing.size()));
        if (!bring(peer, batch)) {
          break;
        }
        batch.forEach(item -> done.add(item.hash()));
        from += batch.size();
      }
    }
  }

  /** The first items, at least one, that fit into a message. */
  private static List<Item> batch(List<Item> items) {
    int size = 0;
    int bytes = items.getFirst().body().getSerializedSize();
    while (size < Math.min(items.size(), BATCH_ITEMS) && (size == 0 || bytes <= BATCH_BYTES)) {
      size++;
      bytes += size < items.size() ? items.get(size).body().getSerializedSize() : 0;
    }
    return items.subList(0, size);
  }

  private boolean bring(PeerId peer, List<Item> batch) {
    try {
      EpochsGrpc.EpochsBlockingStub stub =
          EpochsGrpc.newBlockingStub(peers.channel(peer, "chain-proposer"))
              .withDeadlineAfter(AGAIN_SECONDS, TimeUnit.SECONDS);
      stub.offerItems(
          OfferItemsRequest.newBuilder()
              .setItems(PoolItems.join(batch, Integer.MAX_VALUE))
              .build());
      return true;
    } catch (StatusRuntimeException e) {
      LOG.debugf("%s took no items: %s", peer, e.getStatus());
      peers.forget(peer);
      return false;
    }
  }
}
