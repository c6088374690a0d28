package io.smartnodes.proposer.signer;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proposer.store.Rows;
import io.smartnodes.protocol.attestation.Confirmed;
import io.smartnodes.protocol.attestation.Refutation;
import io.smartnodes.protocol.attestation.Silent;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.job.Ack;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.protocol.job.Lease;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows that forbid to sign twice. Each rule is one statement that touches a row only if the
 * signature is permitted, so that two batches at once cannot both pass. All run in the current
 * transaction; false means that another digest stands there.
 */
final class Guard {
  private static final String INSERT =
      "insert into {h-schema}guard (purpose, key, digest, mark)"
          + " values (:purpose, :key, :digest, :mark) on conflict (purpose, key) do update"
          + " set digest = excluded.digest, mark = excluded.mark where ";
  private static final String SAME = "guard.digest = excluded.digest";
  private static final int FIRST_VERDICT = 1;
  private static final int REFUTED = 2;

  private Guard() {}

  /** One digest per epoch and round. */
  static Uni<Boolean> vote(Vote vote) {
    return one("VOTE", vote.epoch() + ":" + vote.round(), vote.digest(), 0, SAME);
  }

  /** One hold per job; another only for a later state, when the first has expired. */
  static Uni<Boolean> hold(Hold hold) {
    return one(
        "HOLD",
        hold.jobId().toString(),
        hold.hashStruct(),
        hold.stateEpoch(),
        SAME + " or guard.mark < excluded.mark");
  }

  /** One lease per job and number. */
  static Uni<Boolean> lease(Lease lease) {
    return one("LEASE", lease.jobId() + ":" + lease.number(), lease.hashStruct(), 0, SAME);
  }

  /** The first verdict on a receipt stands, but a refutation may follow, also of several units. */
  static Uni<Boolean> confirmed(Confirmed verdict) {
    return verdict(verdict.receiptHash(), verdict.hashStruct(), FIRST_VERDICT);
  }

  /** See {@link #confirmed}. */
  static Uni<Boolean> silent(Silent verdict) {
    return verdict(verdict.receiptHash(), verdict.hashStruct(), FIRST_VERDICT);
  }

  /** See {@link #confirmed}. */
  static Uni<Boolean> refutation(Refutation verdict) {
    return verdict(verdict.receiptHash(), verdict.hashStruct(), REFUTED);
  }

  private static Uni<Boolean> verdict(Bytes32 receipt, Bytes32 digest, int mark) {
    return one(
        "VERDICT", receipt.toString(), digest, mark, SAME + " or excluded.mark = " + REFUTED);
  }

  /**
   * One receipt per unit of a job; another only in place of one that does not bind any more (4.6),
   * and then under another lease. Within a lease nothing replaces a receipt: two acknowledgements
   * of one lease are what the multisig takes a stake for.
   */
  static Uni<Boolean> ack(Ack ack, long first, long count, List<Bytes32> voided) {
    return withinLease(ack, first, count)
        .chain(free -> free ? ofJob(ack, first, count, voided) : Uni.createFrom().item(false));
  }

  private static Uni<Boolean> withinLease(Ack ack, long first, long count) {
    Map<String, Object> parameters = range(ack, first, count);
    parameters.put("lease", ack.lease());
    return Rows.execute(
            "insert into {h-schema}acknowledged (job, lease, unit, digest) select"
                + " cast(:job as text), cast(:lease as bigint), unit, cast(:digest as text) from"
                + " generate_series(cast(:first as bigint), cast(:last as bigint)) unit"
                + " on conflict (job, lease, unit) do update set digest = excluded.digest"
                + " where acknowledged.digest = excluded.digest",
            parameters)
        .map(touched -> touched == count);
  }

  private static Uni<Boolean> ofJob(Ack ack, long first, long count, List<Bytes32> voided) {
    Map<String, Object> parameters = range(ack, first, count);
    String replaceable = SAME;
    if (!voided.isEmpty()) {
      parameters.put("voided", voided.stream().map(Bytes32::toString).toList());
      replaceable += " or guard.digest in (:voided)";
    }
    return Rows.execute(
            "insert into {h-schema}guard (purpose, key, digest) select 'ACK',"
                + " cast(:job as text) || ':' || unit, cast(:digest as text) from"
                + " generate_series(cast(:first as bigint), cast(:last as bigint)) unit"
                + " on conflict (purpose, key) do update set digest = excluded.digest where "
                + replaceable,
            parameters)
        .map(touched -> touched == count);
  }

  private static Map<String, Object> range(Ack ack, long first, long count) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("job", ack.jobId().toString());
    parameters.put("digest", ack.receiptHash().toString());
    parameters.put("first", first);
    parameters.put("last", first + count - 1);
    return parameters;
  }

  private static Uni<Boolean> one(
      String purpose, String key, Bytes32 digest, long mark, String permitted) {
    return Rows.execute(
            INSERT + permitted,
            Map.of("purpose", purpose, "key", key, "digest", digest.toString(), "mark", mark))
        .map(touched -> touched == 1);
  }

  /** Counts a batch; the new number goes into the file outside the database. */
  static Uni<Long> count() {
    return Rows.list(
            "update {h-schema}guard_batches set value = value + 1 returning value, one",
            Map.of(),
            row -> row.number(0))
        .map(List::getFirst);
  }

  /** How many batches were signed. */
  static Uni<Long> counted() {
    return Rows.list(
            "select value, one from {h-schema}guard_batches", Map.of(), row -> row.number(0))
        .map(List::getFirst);
  }

  /** Never less than what the file says, so that the next number is new. */
  static Uni<Integer> raise(long value) {
    return Rows.execute(
        "update {h-schema}guard_batches set value = :value where value < :value",
        Map.of("value", value));
  }

  /** The epoch before whose execution no hold is signed. */
  static Uni<Long> fence() {
    return Rows.list("select epoch, one from {h-schema}guard_fence", Map.of(), row -> row.number(0))
        .map(List::getFirst);
  }

  /**
   * How many batches were signed, if the process that acts now (its lease lasts) has compared that
   * with its mark; empty otherwise.
   */
  static Uni<Optional<Long>> vouched(String lease) {
    return Rows.list(
            "select b.value, c.fence from {h-schema}guard_batches b, {h-schema}guard_compared c,"
                + " {h-schema}unit_lease l"
                + " where l.name = :lease and l.until > clock_timestamp() and l.fence = c.fence",
            Map.of("lease", lease),
            row -> row.number(0))
        .map(rows -> rows.stream().findFirst());
  }

  /** Notes in which term the count was compared, and with which mark. */
  static Uni<Integer> compared(long term, String mark) {
    return Rows.execute(
        "update {h-schema}guard_compared set fence = :term, mark = :mark",
        Map.of("term", term, "mark", mark));
  }

  /** The mark that was compared last, empty at the first start. */
  static Uni<String> lastMark() {
    return Rows.list("select mark, one from {h-schema}guard_compared", Map.of(), row -> row.text(0))
        .map(List::getFirst);
  }

  /** Moves the fence, never back. */
  static Uni<Integer> fence(long epoch) {
    return Rows.execute(
        "update {h-schema}guard_fence set epoch = :epoch where epoch < :epoch",
        Map.of("epoch", epoch));
  }
}
