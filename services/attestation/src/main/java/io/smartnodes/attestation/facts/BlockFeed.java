package io.smartnodes.attestation.facts;

import io.smartnodes.attestation.rows.BlockRow;
import io.smartnodes.attestation.rows.SeedRow;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings what is on record of blocks and seeds into memory; for virtual threads. Each look begins
 * above the last confirmed block, since those above may have been replaced; one look at a time, so
 * that an older reading never comes after a newer one.
 */
@ApplicationScoped
public class BlockFeed {
  private static final String UNIT = "attestation";
  private static final int MOST = 5_000;

  /** Seeds that are read again, should one have been stored after its successor. */
  private static final long SEEDS_AGAIN = 8;

  private final Tx tx;
  private final Blocks blocks;
  private final ReentrantLock looking = new ReentrantLock();

  /** Called by the container. */
  public BlockFeed(Tx tx, Blocks blocks) {
    this.tx = tx;
    this.blocks = blocks;
  }

  /** Reads what is new. */
  public void look() {
    look(Long.MAX_VALUE);
  }

  /** The same, and at least from this block on. */
  public void look(long number) {
    looking.lock();
    try {
      seedsFrom(blocks.newestSeed() - SEEDS_AGAIN).forEach(blocks::enter);
      // In the order of their numbers: none counts as confirmed before those below it are here.
      (blocks.newest() < 0 ? newest() : from(Math.min(number, blocks.confirmedTo() + 1)))
          .forEach(blocks::enter);
    } finally {
      looking.unlock();
    }
  }

  private List<SeedRow> seedsFrom(long epoch) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createQuery("from SeedRow where epoch >= :from order by epoch", SeedRow.class)
                .setParameter("from", epoch)
                .getResultList());
  }

  private List<BlockRow> newest() {
    return tx.runAndAwait(
            UNIT,
            session ->
                session
                    .createQuery("from BlockRow order by number desc", BlockRow.class)
                    .setMaxResults(MOST)
                    .getResultList())
        .reversed();
  }

  private List<BlockRow> from(long number) {
    return tx.runAndAwait(
        UNIT,
        session ->
            session
                .createQuery("from BlockRow where number >= :from order by number", BlockRow.class)
                .setParameter("from", number)
                .setMaxResults(MOST)
                .getResultList());
  }
}
