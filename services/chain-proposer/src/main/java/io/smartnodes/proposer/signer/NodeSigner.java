package io.smartnodes.proposer.signer;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.LeaseLost;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.Node;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proposer.store.Rows;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.signer.v1.AckToSign;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.job.Hold;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.AttestationStructs;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.PeerStructs;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Signs with the node key: guard rows are committed, then the high-water mark is written, then the
 * signatures are made. A batch is signed whole or not at all, and only while this process acts for
 * the validator: the transaction of the guard rows checks that, and what needs no guard is checked
 * by the clock.
 */
@Singleton
public class NodeSigner {
  private static final int MOST_VOIDED = 16;
  private static final long MOST_UNITS = 65_536;

  private final Tx tx;
  private final Node node;
  private final StateView state;
  private final Duty duty;
  private final Marks marks;

  /** Called by the container. */
  public NodeSigner(
      Tx tx, Node node, @Identifier("chain-proposer") StateView state, Duty duty, Marks marks) {
    this.tx = tx;
    this.node = node;
    this.state = state;
    this.duty = duty;
    this.marks = marks;
  }

  /** Something to sign, and the guard that must let it pass; none for what may be repeated. */
  private record Item(Struct struct, Optional<Supplier<Uni<Boolean>>> guard, String what) {}

  /** What signatures are bound to. */
  Domain domain() {
    return node.deployment().domain();
  }

  /**
   * Signs a batch; fails with {@code ALREADY_SIGNED} where a guard forbids an item, with {@code
   * MALFORMED} or another code where it is no item, and with {@code NOT_READY} where another
   * process acts, or the database may have forgotten something: then the same batch may be asked
   * for again.
   */
  public Uni<List<Bytes>> sign(List<Signable> signables) {
    Marks.Basis basis = marks.basis();
    List<Item> items = new ArrayList<>();
    try {
      for (int i = 0; i < signables.size(); i++) {
        items.add(item(signables.get(i), "items[" + i + "]", basis));
      }
    } catch (Malformed malformed) {
      return Uni.createFrom().failure(Errors.status(malformed));
    }
    if (!duty.isActive()) {
      return Uni.createFrom().failure(Duty::notActive);
    }
    boolean guarded = items.stream().anyMatch(item -> item.guard().isPresent());
    if (guarded && basis.inDoubt()) {
      return Uni.createFrom().failure(NodeSigner::inDoubt);
    }
    Uni<Long> permitted =
        guarded ? tx.run(Rows.UNIT, session -> pass(items)) : Uni.createFrom().item(0L);
    // The file and the signatures take their time: not on an event loop.
    return permitted
        .onFailure(LeaseLost.class)
        .transform(lost -> Duty.notActive())
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(count -> {
          if (guarded && !marks.write(basis, count)) {
            throw inDoubt();
          }
          // Whoever was paused here may be no longer the one to answer.
          duty.require();
          return items.stream().map(item -> domain().sign(item.struct(), node.nodeKey())).toList();
        });
  }

  /** Without a field: the caller asks again, and the mark is compared within two seconds. */
  private static RuntimeException inDoubt() {
    return Errors.status(
        ErrorCode.ERROR_CODE_NOT_READY, "", "the database may have forgotten signatures");
  }

  private Uni<Long> pass(List<Item> items) {
    Uni<Void> all = duty.check();
    for (Item item : items) {
      if (item.guard().isPresent()) {
        all = all.chain(() -> item.guard().get().get()).chain(free -> verdict(free, item));
      }
    }
    return all.chain(Guard::count);
  }

  private static Uni<Void> verdict(boolean free, Item item) {
    return free
        ? Uni.createFrom().voidItem()
        : Uni.createFrom()
            .failure(
                Errors.status(
                    ErrorCode.ERROR_CODE_ALREADY_SIGNED,
                    "",
                    "another " + item.what() + " was signed in its place"));
  }

  private Item item(Signable signable, String path, Marks.Basis basis) {
    Fields.known(signable, path);
    return switch (signable.getDataCase()) {
      case NODE_RECORD ->
          free(PeerStructs.fromProto(signable.getNodeRecord(), path + ".node_record"));
      case INTRODUCTION ->
          free(PeerStructs.fromProto(signable.getIntroduction(), path + ".introduction"));
      case STORE_RECEIPT ->
          free(PeerStructs.fromProto(signable.getStoreReceipt(), path + ".store_receipt"));
      case HOLD ->
          hold(JobStructs.fromProto(signable.getHold(), path + ".hold"), basis.noHoldsBefore());
      case LEASE -> {
        var lease = JobStructs.fromProto(signable.getLease(), path + ".lease");
        yield guarded(lease, () -> Guard.lease(lease), "lease");
      }
      case ACK -> ack(signable.getAck(), path + ".ack");
      case CONFIRMED -> {
        var said = AttestationStructs.fromProto(signable.getConfirmed(), path + ".confirmed");
        yield guarded(said, () -> Guard.confirmed(said), "verdict");
      }
      case REFUTATION -> {
        var said = AttestationStructs.fromProto(signable.getRefutation(), path + ".refutation");
        yield guarded(said, () -> Guard.refutation(said), "verdict");
      }
      case SILENT -> {
        var said = AttestationStructs.fromProto(signable.getSilent(), path + ".silent");
        yield guarded(said, () -> Guard.silent(said), "verdict");
      }
      case VOTE -> {
        Vote vote = EpochStructs.fromProto(signable.getVote(), path + ".vote");
        yield guarded(vote, () -> Guard.vote(vote), "vote");
      }
      case DATA_NOT_SET -> throw new Malformed(path, "nothing to sign");
    };
  }

  private Item hold(Hold hold, long noHoldsBefore) {
    if (hold.stateEpoch() < noHoldsBefore || state.epoch() < noHoldsBefore) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_NOT_READY,
          "hold.state_epoch",
          "earlier holds may be forgotten: none is signed before epoch " + noHoldsBefore);
    }
    return guarded(hold, () -> Guard.hold(hold), "hold");
  }

  private static Item ack(AckToSign message, String path) {
    var ack = JobStructs.fromProto(message.getAck(), path + ".ack");
    long first = Fields.uint64(message.getFirst(), path + ".first");
    long count = Fields.uint64(message.getCount(), path + ".count");
    if (count == 0 || count > MOST_UNITS || first > Long.MAX_VALUE - count) {
      throw new Malformed(path + ".count", "not a range of units");
    }
    List<Bytes32> voided =
        Fields.list(
            message.getVoidedReceiptsList(),
            MOST_VOIDED,
            path + ".voided_receipts",
            Fields::bytes32);
    return guarded(ack, () -> Guard.ack(ack, first, count, voided), "receipt");
  }

  private static Item free(Struct struct) {
    return new Item(struct, Optional.empty(), "");
  }

  private static Item guarded(Struct struct, Supplier<Uni<Boolean>> guard, String what) {
    return new Item(struct, Optional.of(guard), what);
  }
}
