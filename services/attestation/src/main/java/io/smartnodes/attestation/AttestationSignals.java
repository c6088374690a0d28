package io.smartnodes.attestation;

import io.quarkus.runtime.StartupEvent;
import io.smartnodes.attestation.facts.BlockFeed;
import io.smartnodes.attestation.facts.Blocks;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.signal.Signals;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Hears from all instances of the service what one of them has stored: an event is processed by one
 * instance, but every instance has to know of blocks and seeds, and the one that holds its shard of
 * a receipt.
 *
 * <p>A signal only makes it faster: each may be lost, and where a pooler swallows {@code LISTEN}
 * all are. Every three seconds the record is asked instead.
 */
@Singleton
public class AttestationSignals {
  /** A block was stored: its number. */
  static final String BLOCK = "block";

  /** A seed was stored: its epoch. */
  static final String SEED = "seed";

  /** This home has to call a jury: the hash of the receipt. */
  static final String CALL = "call";

  /** A certificate was stored: the hash of its receipt. */
  static final String CERTIFICATE = "certificate";

  private static final Logger LOG = Logger.getLogger(AttestationSignals.class);
  private static final Duration LOOK = Duration.ofSeconds(3);
  private static final int LOOKS_PER_CALLS = 4;

  private final Signals signals;
  private final BlockFeed feed;
  private final Blocks blocks;
  private final Calls calls;
  private final Certificates certificates;
  private final Couriers couriers;

  /** Called by the container. */
  public AttestationSignals(
      Signals signals,
      BlockFeed feed,
      Blocks blocks,
      Calls calls,
      Certificates certificates,
      Couriers couriers) {
    this.signals = signals;
    this.feed = feed;
    this.blocks = blocks;
    this.calls = calls;
    this.certificates = certificates;
    this.couriers = couriers;
  }

  void start(@Observes @Priority(12_000) StartupEvent event) {
    String unit = AttestationStore.UNIT;
    signals.on(unit, BLOCK, number -> entered(Long.parseLong(number)));
    signals.on(unit, SEED, epoch -> feed.look());
    signals.on(unit, CALL, receipt -> calls.pursue(Bytes32.fromHex(receipt)));
    signals.on(unit, CERTIFICATE, receipt -> certificates.known(Bytes32.fromHex(receipt)));
    couriers.run("looking for blocks", this::lookNowAndThen);
  }

  private void entered(long number) {
    feed.look(number);
    blocks.tell();
  }

  private void lookNowAndThen() {
    for (long looks = 1; Couriers.sleep(LOOK); looks++) {
      try {
        feed.look();
        blocks.tell();
        if (looks % LOOKS_PER_CALLS == 0) {
          calls.lookAgain();
        }
      } catch (RuntimeException e) {
        LOG.warnf("blocks cannot be read now: %s; trying again", e.getMessage());
      }
    }
  }
}
