package io.smartnodes.proposer.store;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.proto.types.v1.Update;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.epoch.VoteRecord;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Proposals, votes and refusals; every method is a transaction and waits for its commit. Only the
 * process that acts for the validator writes.
 */
@ApplicationScoped
public class EpochStore {
  private final Tx tx;
  private final Duty duty;

  /** Called by the container. */
  public EpochStore(Tx tx, Duty duty) {
    this.tx = tx;
    this.duty = duty;
  }

  /**
   * A proposal.
   *
   * @param body empty until it was built or fetched
   * @param effective how many items act, once the proposal was derived here
   * @param nextSet the set after it, if it was derived here and changes the set
   */
  public record Proposal(
      Bytes32 digest,
      long epoch,
      Update update,
      Optional<Body> body,
      Optional<Integer> effective,
      Optional<Bytes> nextSet) {
    /** One that was announced or fetched, and not derived here. */
    public Proposal(Bytes32 digest, long epoch, Update update, Optional<Body> body) {
      this(digest, epoch, update, body, Optional.empty(), Optional.empty());
    }
  }

  /** A vote with its signature, checked. */
  public record CastVote(Address operator, Vote vote, Bytes signature) {}

  /** Why this validator refused a proposal. */
  public record Refusal(Bytes32 digest, int round, String item, String reason) {}

  /** Keeps an announced or built proposal; a body and a count that are there stay. */
  public void keep(Proposal proposal) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("digest", proposal.digest().toString());
    parameters.put("epoch", proposal.epoch());
    parameters.put("payload", proposal.update().toByteArray());
    String columns = "digest, epoch, payload";
    String values = ":digest, :epoch, :payload";
    String update = "epoch = excluded.epoch";
    if (proposal.body().isPresent()) {
      parameters.put("body", proposal.body().get().toByteArray());
      columns += ", body";
      values += ", :body";
      update += ", body = excluded.body";
    }
    if (proposal.effective().isPresent()) {
      parameters.put("effective", proposal.effective().get());
      columns += ", effective";
      values += ", :effective";
      update += ", effective = excluded.effective";
    }
    if (proposal.nextSet().isPresent()) {
      parameters.put("next", proposal.nextSet().get().toString());
      columns += ", next_set";
      values += ", :next";
      update += ", next_set = excluded.next_set";
    }
    String sql =
        "insert into {h-schema}proposal (%s) values (%s) on conflict (digest) do update set %s"
            .formatted(columns, values, update);
    duty.write(session -> Rows.execute(sql, parameters));
  }

  /** A proposal by its digest. */
  public Optional<Proposal> proposal(Bytes32 digest) {
    return proposals("digest = :key", digest.toString()).stream().findFirst();
  }

  /** All proposals of an epoch. */
  public List<Proposal> proposals(long epoch) {
    return proposals("epoch = :key", epoch);
  }

  private List<Proposal> proposals(String where, Object key) {
    return tx.runAndAwait(
        Rows.UNIT,
        session ->
            Rows.list(
                "select digest, epoch, encode(payload, 'hex'), encode(body, 'hex'), effective,"
                    + " next_set"
                    + " from {h-schema}proposal where "
                    + where,
                Map.of("key", key),
                EpochStore::proposal));
  }

  private static Proposal proposal(Rows.Columns row) {
    return new Proposal(
        Bytes32.fromHex(row.text(0)),
        row.number(1),
        row.message(2, Update.parser()),
        row.isNull(3) ? Optional.empty() : Optional.of(row.message(3, Body.parser())),
        row.isNull(4) ? Optional.empty() : Optional.of((int) row.number(4)),
        row.isNull(5) ? Optional.empty() : Optional.of(Bytes.fromHex(row.text(5))));
  }

  /** Keeps a vote; false if the operator has one in that round already. */
  public boolean keep(CastVote cast) {
    return duty.write(session ->
        Rows.execute(
                "insert into {h-schema}vote (epoch, round, operator, digest, signature) values"
                    + " (:epoch, :round, :operator, :digest, :signature) on conflict do nothing",
                Map.of(
                    "epoch",
                    cast.vote().epoch(),
                    "round",
                    cast.vote().round(),
                    "operator",
                    cast.operator().toString(),
                    "digest",
                    cast.vote().digest().toString(),
                    "signature",
                    cast.signature().toString()))
            .map(inserted -> inserted == 1));
  }

  /** The votes of an epoch, by round. */
  public List<CastVote> votes(long epoch) {
    return tx.runAndAwait(
        Rows.UNIT,
        session ->
            Rows.list(
                "select round, operator, digest, signature from {h-schema}vote"
                    + " where epoch = :epoch order by round, operator",
                Map.of("epoch", epoch),
                row ->
                    new CastVote(
                        Address.fromHex(row.text(1)),
                        new Vote(epoch, (int) row.number(0), Bytes32.fromHex(row.text(2))),
                        Bytes.fromHex(row.text(3)))));
  }

  /** What the guard says the node key has voted for in an epoch. */
  public VoteRecord signed(long epoch) {
    List<Map.Entry<VoteRecord.Slot, Bytes32>> rows =
        tx.runAndAwait(
            Rows.UNIT,
            session ->
                Rows.list(
                    "select key, digest from {h-schema}guard"
                        + " where purpose = 'VOTE' and key like :prefix",
                    Map.of("prefix", epoch + ":%"),
                    row ->
                        Map.entry(
                            new VoteRecord.Slot(
                                epoch,
                                Integer.parseInt(
                                    row.text(0).substring(row.text(0).indexOf(':') + 1))),
                            Bytes32.fromHex(row.text(1)))));
    Map<VoteRecord.Slot, Bytes32> digests = new HashMap<>();
    rows.forEach(row -> digests.put(row.getKey(), row.getValue()));
    return new VoteRecord(digests);
  }

  /** Keeps why a proposal was refused, the first reason. */
  public void keep(long epoch, Refusal refusal) {
    duty.write(session ->
        Rows.execute(
            "insert into {h-schema}refusal (epoch, digest, round, item, reason) values"
                + " (:epoch, :digest, :round, :item, :reason) on conflict do nothing",
            Map.of(
                "epoch",
                epoch,
                "digest",
                refusal.digest().toString(),
                "round",
                refusal.round(),
                "item",
                refusal.item(),
                "reason",
                refusal.reason())));
  }

  /** What was refused in an epoch. */
  public List<Refusal> refusals(long epoch) {
    return tx.runAndAwait(
        Rows.UNIT,
        session ->
            Rows.list(
                "select digest, round, item, reason from {h-schema}refusal where epoch = :epoch",
                Map.of("epoch", epoch),
                row ->
                    new Refusal(
                        Bytes32.fromHex(row.text(0)),
                        (int) row.number(1),
                        row.text(2),
                        row.text(3))));
  }

  /** Forgets proposals of an executed epoch that were not executed, in the transaction. */
  static Uni<Integer> forgetOthers(long epoch, Bytes32 executed) {
    return Rows.execute(
        "delete from {h-schema}proposal where epoch < :epoch - 2 and digest not in"
            + " (select digest from {h-schema}execution) and digest <> :digest",
        Map.of("epoch", epoch, "digest", executed.toString()));
  }
}
