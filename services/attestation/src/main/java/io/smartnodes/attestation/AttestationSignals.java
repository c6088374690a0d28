package io.smartnodes.attestation;

import io.quarkus.runtime.StartupEvent;
import io.smartnodes.attestation.facts.Blocks;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.signal.Signals;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Hears from all instances of the service what one of them has stored: an event is processed by one
 * instance, but every instance has to know of blocks and seeds, and the one that holds its shard of
 * a receipt.
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

  /** Signals are hints: at every tenth block open calls are looked for without one. */
  private static final long LOOK_AGAIN = 10;

  private final Signals signals;
  private final AttestationStore store;
  private final Blocks blocks;
  private final Calls calls;
  private final Certificates certificates;

  /** Called by the container. */
  public AttestationSignals(
      Signals signals,
      AttestationStore store,
      Blocks blocks,
      Calls calls,
      Certificates certificates) {
    this.signals = signals;
    this.store = store;
    this.blocks = blocks;
    this.calls = calls;
    this.certificates = certificates;
  }

  void start(@Observes @Priority(12_000) StartupEvent event) {
    String unit = AttestationStore.UNIT;
    signals.on(unit, BLOCK, number -> entered(Long.parseLong(number)));
    signals.on(unit, SEED, epoch -> store.seeds().forEach(blocks::enter));
    signals.on(unit, CALL, receipt -> calls.pursue(Bytes32.fromHex(receipt)));
    signals.on(unit, CERTIFICATE, receipt -> certificates.known(Bytes32.fromHex(receipt)));
  }

  /** From the first that is missing here: a signal may have been lost, and a block replaced. */
  private void entered(long number) {
    store.blocksFrom(Math.min(number, blocks.newest() + 1)).forEach(blocks::enter);
    blocks.tell();
    if (number % LOOK_AGAIN == 0) {
      calls.lookAgain();
    }
  }
}
