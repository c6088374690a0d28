package io.smartnodes.events.lease;

import io.smartnodes.crypto.Bytes32;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The work of a unit, cut into {@value #COUNT} parts by id: each part is a lease {@code shard-N},
 * and the live instances hold equally many. Several instances of a service need no other agreement
 * on who does what.
 */
public final class Shards {
  /** Number of shards of a unit, for ever: ids would change hands if it changed. */
  public static final int COUNT = 16;

  private static final String PREFIX = "shard-";

  private final List<? extends Lease> leases;

  Shards(List<? extends Lease> leases) {
    this.leases = List.copyOf(leases);
  }

  static List<String> names() {
    return IntStream.range(0, COUNT).mapToObj(shard -> PREFIX + shard).toList();
  }

  /** The shard of an id. */
  public static int of(Bytes32 id) {
    return id.toArray()[31] & COUNT - 1;
  }

  /** The shard of a tenure that a listener heard of. */
  public static int of(Tenure tenure) {
    if (!tenure.name().startsWith(PREFIX)) {
      throw new IllegalArgumentException(tenure.name() + " is no shard");
    }
    return Integer.parseInt(tenure.name().substring(PREFIX.length()));
  }

  /** Whether this process holds the shard now. */
  public boolean isMine(int shard) {
    return tenure(shard).isPresent();
  }

  /** Our term, if we hold the shard; writes check it with {@link Leases#check}. */
  public Optional<Tenure> tenure(int shard) {
    return leases.get(shard).tenure();
  }

  /** Address of the instance that holds the shard, a hint; empty while it changes hands. */
  public Optional<String> owner(int shard) {
    return leases.get(shard).holderAddress();
  }
}
