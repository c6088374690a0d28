package io.smartnodes.proposer.signer;

import io.smallrye.mutiny.Uni;
import io.smartnodes.proposer.Node;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proposer.store.Rows;
import io.smartnodes.quarkus.Tx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps the count of signed batches in a file outside the database, one per instance, and notices a
 * database that has forgotten signatures (docs/protocol/6-epochs.md 6.9). Key: {@code
 * smartnodes.signer.high-water-file}; without it the file lies in {@code smartnodes.home}, else
 * beside the keystore.
 */
@Singleton
public class Marks {
  private static final Logger LOG = Logger.getLogger(Marks.class);

  /** A file that nobody kept for longer says nothing of what another instance signed since. */
  private static final Duration LONGEST_AWAY = Duration.ofMinutes(10);

  private static final int EPOCHS_WITHOUT_HOLDS = 2;

  private final Tx tx;
  private final Duty duty;
  private final HighWaterMark mark;
  private volatile long noHoldsBefore;

  /** The database gave a number out twice, and no fence stands for it yet. */
  private volatile boolean inDoubt;

  /** Called by the container. */
  @Inject
  public Marks(
      Tx tx,
      Duty duty,
      Node node,
      @ConfigProperty(name = "smartnodes.signer.high-water-file") Optional<String> file,
      @ConfigProperty(name = "smartnodes.home") Optional<String> home) {
    this(tx, duty, file.map(Path::of).orElseGet(() -> place(home, node.keystore())));
  }

  Marks(Tx tx, Duty duty, Path file) {
    this.tx = tx;
    this.duty = duty;
    this.mark = new HighWaterMark(file);
  }

  /** Below the home folder a rotation of the key does not part with it; older files stay in use. */
  static Path place(Optional<String> home, Path keystore) {
    Path beside = keystore.resolveSibling(keystore.getFileName() + ".signed");
    return home.map(folder -> Path.of(folder).resolve("signer.signed"))
        .filter(place -> Files.exists(place) || !Files.exists(beside))
        .orElse(beside);
  }

  private record Counted(long value, String lastMark) {}

  /**
   * Fails a start in one line where the file cannot be what it should.
   *
   * @throws UncheckedIOException if it cannot be read or written, or is no number
   */
  public void verify() {
    read();
    try {
      mark.folder();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  /**
   * Compares the file with the database, at the beginning of a term. Where the file is absent or
   * ahead, or was not kept while another instance acted, signatures may have been forgotten: no
   * hold is signed until two more epochs are executed. A deployment without any executed epoch has
   * nothing to forget.
   *
   * @param term the number of the term
   * @param executed last epoch that is executed on the chain
   */
  public void compare(long term, long executed) {
    boolean doubted = inDoubt;
    Counted counted =
        tx.runAndAwait(
            Rows.UNIT,
            session ->
                Guard.counted()
                    .chain(value -> Guard.lastMark().map(last -> new Counted(value, last))));
    OptionalLong kept = read();
    boolean fresh = kept.isEmpty() && counted.value() == 0 && executed == 0;
    boolean trusted = kept.isPresent() && kept.getAsLong() <= counted.value() && !isStale(counted);
    boolean distrust = !fresh && (!trusted || doubted);
    if (distrust) {
      warn(counted.value(), kept, executed);
    }
    long highest = Math.max(counted.value(), kept.orElse(0));
    noHoldsBefore =
        duty.write(session ->
            (distrust ? fence(executed) : Uni.createFrom().item(0))
                .chain(() -> Guard.raise(highest))
                .chain(() -> Guard.compared(term, mark.name()))
                .chain(() -> Guard.fence()));
    if (doubted) {
      inDoubt = false;
    }
    // Only now: a file that is right would hide at the next start that it was not.
    write(highest);
  }

  private boolean isStale(Counted counted) {
    boolean another = !counted.lastMark().isEmpty() && !counted.lastMark().equals(mark.name());
    try {
      return another && mark.age(Instant.now()).compareTo(LONGEST_AWAY) > 0;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private static void warn(long counted, OptionalLong kept, long executed) {
    LOG.warnf(
        "the database may have forgotten signatures (it counts %d, the mark is %s):"
            + " no hold is signed before epoch %d is executed",
        counted,
        kept.isPresent() ? Long.toString(kept.getAsLong()) : "absent",
        executed + EPOCHS_WITHOUT_HOLDS);
  }

  private static Uni<Integer> fence(long executed) {
    return Guard.fence(executed + EPOCHS_WITHOUT_HOLDS);
  }

  /**
   * While another instance acts: follows the count, but only while that instance has compared it
   * with a mark of its own, so that a restored database cannot make this file's number. A file that
   * is ahead tells what the other instance could not know.
   *
   * @param executed asks the chain for the last executed epoch
   */
  public void follow(String lease, LongSupplier executed) {
    Optional<Long> vouched = tx.runAndAwait(Rows.UNIT, session -> Guard.vouched(lease));
    if (vouched.isEmpty()) {
      return;
    }
    long counted = vouched.get();
    distrustWhatIsLess(counted, read(), executed);
    write(counted);
    keep();
  }

  /**
   * While this process acts: learns what other instances found out, keeps the file young, and
   * notices a database that forgets during the term, for instance one whose copy took over without
   * the last commits. The file is read first: its number was committed before it was written.
   *
   * @param executed asks the chain for the last executed epoch
   */
  public void upkeep(LongSupplier executed) {
    OptionalLong kept = read();
    long counted = tx.runAndAwait(Rows.UNIT, session -> Guard.counted());
    boolean fenced = distrustWhatIsLess(counted, kept, executed);
    noHoldsBefore = tx.runAndAwait(Rows.UNIT, session -> Guard.fence());
    if (fenced) {
      inDoubt = false;
    }
    keep();
  }

  /** Whether a fence was raised. */
  private boolean distrustWhatIsLess(long counted, OptionalLong kept, LongSupplier executed) {
    boolean less = kept.isPresent() && kept.getAsLong() > counted;
    if (!less && !inDoubt) {
      return false;
    }
    inDoubt = true;
    long epoch = executed.getAsLong();
    warn(counted, kept, epoch);
    // Both only ever grow, so that no term is needed for them.
    tx.runAndAwait(Rows.UNIT, session -> fence(epoch).chain(() -> Guard.raise(kept.orElse(0))));
    return true;
  }

  /**
   * What a batch is signed on, read before its guard rows are written.
   *
   * @param kept the number in the file; the batch's own will be higher
   * @param noHoldsBefore the epoch before whose execution no hold is signed
   * @param inDoubt whether nothing guarded is signed at this moment
   */
  record Basis(long kept, long noHoldsBefore, boolean inDoubt) {}

  Basis basis() {
    return new Basis(mark.written(), noHoldsBefore, inDoubt);
  }

  /**
   * Keeps the number of a batch, before its signatures are made.
   *
   * @return whether they may be made: false if the database gave out a number that it had given out
   *     before, or something else has changed meanwhile; ask again then
   */
  boolean write(Basis basis, long count) {
    if (count <= basis.kept()) {
      inDoubt = true;
    }
    write(count);
    return !inDoubt && noHoldsBefore == basis.noHoldsBefore();
  }

  private void write(long count) {
    try {
      mark.write(count);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private OptionalLong read() {
    try {
      return mark.read();
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private void keep() {
    try {
      mark.keep(Instant.now());
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private static UncheckedIOException broken(IOException e) {
    return new UncheckedIOException(
        "the signer's high-water mark cannot be kept: " + e.getMessage(), e);
  }
}
