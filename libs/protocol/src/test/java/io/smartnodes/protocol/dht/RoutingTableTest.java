package io.smartnodes.protocol.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules 3.3.1 and 3.3.2. */
class RoutingTableTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final PeerId SELF = new PeerId(Bytes32.ZERO);

  /** Distinct peers of the farthest bucket of {@link #SELF}. */
  private static PeerId far(int number) {
    byte[] id = Bytes32.ofNumber(number).toArray();
    id[0] = (byte) 0x80;
    return new PeerId(Bytes32.of(id));
  }

  private static RoutingTable full() {
    RoutingTable table = RoutingTable.empty(SELF);
    for (int i = 0; i < KBucket.SIZE; i++) {
      table = table.heard(far(i), NOW).table();
    }
    return table;
  }

  @Test
  void theDistanceIsAMetricAndTheBucketItsHighestBit() {
    qt().forAll(integers().all(), integers().all(), integers().all())
        .checkAssert((x, y, z) -> {
          Bytes32 a = Keccak.text("" + x);
          Bytes32 b = Keccak.text("" + y);
          Bytes32 c = Keccak.text("" + z);
          assertThat(Distance.between(a, b)).isEqualTo(Distance.between(b, a));
          assertThat(Distance.between(a, a)).isEqualTo(Bytes32.ZERO);
          assertThat(Distance.between(a, c).toNumber())
              .isLessThanOrEqualTo(
                  Distance.between(a, b).toNumber().add(Distance.between(b, c).toNumber()));
          if (!a.equals(b)) {
            assertThat(Distance.bucket(a, b))
                .isEqualTo(Distance.between(a, b).toNumber().bitLength() - 1);
          }
        });
  }

  @Test
  void aFullBucketAsksForAPingOfTheLeastRecentlySeen() {
    RoutingTable.Change change = full().heard(far(99), NOW);

    assertThat(change).isInstanceOf(RoutingTable.Change.Waiting.class);
    assertThat(((RoutingTable.Change.Waiting) change).leastRecentlySeen()).isEqualTo(far(0));
    assertThat(change.table().contains(far(99))).isFalse();
  }

  @Test
  void anEntryThatAnswersStaysAndTheNextOldestIsDoubtedNext() {
    RoutingTable waiting = full().heard(far(99), NOW).table();

    RoutingTable answered = waiting.heard(far(0), NOW).table();

    assertThat(answered.contains(far(0))).isTrue();
    assertThat(((RoutingTable.Change.Waiting) answered.heard(far(98), NOW)).leastRecentlySeen())
        .isEqualTo(far(1));
  }

  @Test
  void anEntryThatFailsIsReplacedByTheNewestCandidate() {
    RoutingTable waiting = full().heard(far(98), NOW).table().heard(far(99), NOW).table();

    RoutingTable.Change change = waiting.failed(far(0));

    assertThat(change)
        .isInstanceOfSatisfying(
            RoutingTable.Change.Removed.class,
            removed -> assertThat(removed.promoted()).isEqualTo(Optional.of(far(99))));
    assertThat(change.table().contains(far(0))).isFalse();
    assertThat(change.table().contains(far(99))).isTrue();
  }

  @Test
  void whateverHappensEachPeerIsOnceInItsBucketAndTheClosestAreSorted() {
    qt().withExamples(200)
        .forAll(lists().of(integers().between(-60, 60)).ofSizeBetween(0, 200))
        .checkAssert(events -> {
          RoutingTable table = RoutingTable.empty(SELF);
          for (int event : events) {
            PeerId peer = event % 2 == 0 ? far(Math.abs(event)) : random(Math.abs(event));
            table = (event < 0 ? table.failed(peer) : table.heard(peer, NOW)).table();
          }
          assertInvariants(table);
        });
  }

  private static PeerId random(int number) {
    return new PeerId(Keccak.text("peer " + number));
  }

  private static void assertInvariants(RoutingTable table) {
    assertThat(table.peers()).doesNotHaveDuplicates().doesNotContain(SELF);
    table
        .buckets()
        .forEach((index, bucket) -> {
          assertThat(bucket.entries()).noneMatch(bucket.replacements()::contains);
          assertThat(bucket.replacements().isEmpty() || bucket.entries().size() == KBucket.SIZE)
              .isTrue();
          assertThat(bucket.entries())
              .allMatch(peer -> Distance.bucket(SELF.value(), peer.value()) == index);
        });
    List<PeerId> closest = table.closest(Bytes32.ofNumber(7), 5);
    assertThat(closest).isSortedAccordingTo(Distance.to(Bytes32.ofNumber(7)));
    assertThat(closest).hasSize(Math.min(5, table.peers().size()));
  }

  @Test
  void aStaleBucketIsRefreshedByAnIdThatFallsIntoIt() {
    RoutingTable table = RoutingTable.empty(SELF).heard(random(1), NOW).table();
    int index = Distance.bucket(SELF.value(), random(1).value());
    Instant later = NOW.plus(Duration.ofHours(1));

    assertThat(table.stale(NOW, Duration.ofHours(1))).isEmpty();
    assertThat(table.stale(later, Duration.ofHours(1))).containsExactly(index);
    assertThat(table.refreshing(index, later).stale(later, Duration.ofHours(1))).isEmpty();
    for (int bucket = 0; bucket < Distance.BITS; bucket++) {
      assertThat(Distance.bucket(SELF.value(), table.idIn(bucket, Keccak.text("r" + bucket))))
          .isEqualTo(bucket);
    }
  }
}
