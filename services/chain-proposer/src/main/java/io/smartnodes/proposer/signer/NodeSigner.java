package io.smartnodes.proposer.signer;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.Node;
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
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Signs with the node key: guard rows are committed, then the high-water mark is written, then the
 * signatures are made. A batch is signed whole or not at all.
 */
@Singleton
public class NodeSigner {
  private static final Logger LOG = Logger.getLogger(NodeSigner.class);
  private static final int MOST_VOIDED = 16;
  private static final long MOST_UNITS = 65_536;

  private final Tx tx;
  private final Node node;
  private final StateView state;
  private final HighWaterMark mark;
  private volatile long noHoldsBefore;

  /** Called by the container. */
  public NodeSigner(
      Tx tx,
      Node node,
      @Identifier("chain-proposer") StateView state,
      @ConfigProperty(name = "smartnodes.signer.high-water-file") Optional<String> file) {
    this.tx = tx;
    this.node = node;
    this.state = state;
    this.mark =
        new HighWaterMark(
            file.map(Path::of)
                .orElseGet(() ->
                    node.keystore().resolveSibling(node.keystore().getFileName() + ".signed")));
  }

  /** Something to sign, and the guard that must let it pass; none for what may be repeated. */
  private record Item(Struct struct, Optional<Supplier<Uni<Boolean>>> guard, String what) {}

  void start(@Observes @Priority(200) StartupEvent event) {
    compareMarks(node.contracts().core().epoch());
  }

  /**
   * Compares the file with the database. Where the file is absent or ahead, signatures may have
   * been forgotten: no hold is signed until two more epochs are executed. A deployment without any
   * executed epoch has nothing to forget.
   */
  void compareMarks(long executed) {
    try {
      long counted = tx.runAndAwait(Rows.UNIT, session -> Guard.counted());
      OptionalLong kept = mark.read();
      boolean fresh = kept.isEmpty() && counted == 0 && executed == 0;
      boolean trusted = kept.isPresent() && kept.getAsLong() <= counted;
      if (!fresh && !trusted) {
        LOG.warnf(
            "the database may have forgotten signatures (it counts %d, the mark is %s):"
                + " no hold is signed before epoch %d is executed",
            counted, kept.isPresent() ? Long.toString(kept.getAsLong()) : "absent", executed + 2);
        tx.runAndAwait(Rows.UNIT, session -> Guard.fence(executed + 2));
      }
      noHoldsBefore = tx.runAndAwait(Rows.UNIT, session -> Guard.fence());
      long highest = Math.max(counted, kept.orElse(0));
      tx.runAndAwait(Rows.UNIT, session -> Guard.raise(highest));
      mark.write(highest);
    } catch (IOException e) {
      throw new UncheckedIOException("the signer's high-water mark cannot be kept", e);
    }
  }

  /** What signatures are bound to. */
  Domain domain() {
    return node.deployment().domain();
  }

  /**
   * Signs a batch; fails with {@code ALREADY_SIGNED} where a guard forbids an item, and with {@code
   * MALFORMED} or another code where it is no item.
   */
  public Uni<List<Bytes>> sign(List<Signable> signables) {
    List<Item> items = new ArrayList<>();
    try {
      for (int i = 0; i < signables.size(); i++) {
        items.add(item(signables.get(i), "items[" + i + "]"));
      }
    } catch (Malformed malformed) {
      return Uni.createFrom().failure(Errors.status(malformed));
    }
    boolean guarded = items.stream().anyMatch(item -> item.guard().isPresent());
    Uni<Long> permitted =
        guarded ? tx.run(Rows.UNIT, session -> pass(items)) : Uni.createFrom().item(0L);
    // The file and the signatures take their time: not on an event loop.
    return permitted
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(count -> {
          keepMark(count);
          return items.stream().map(item -> domain().sign(item.struct(), node.nodeKey())).toList();
        });
  }

  private void keepMark(long count) {
    try {
      mark.write(count);
    } catch (IOException e) {
      throw new UncheckedIOException("the signer's high-water mark cannot be kept", e);
    }
  }

  private Uni<Long> pass(List<Item> items) {
    Uni<Void> all = Uni.createFrom().voidItem();
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

  private Item item(Signable signable, String path) {
    Fields.known(signable, path);
    return switch (signable.getDataCase()) {
      case NODE_RECORD ->
          free(PeerStructs.fromProto(signable.getNodeRecord(), path + ".node_record"));
      case INTRODUCTION ->
          free(PeerStructs.fromProto(signable.getIntroduction(), path + ".introduction"));
      case STORE_RECEIPT ->
          free(PeerStructs.fromProto(signable.getStoreReceipt(), path + ".store_receipt"));
      case HOLD -> hold(JobStructs.fromProto(signable.getHold(), path + ".hold"));
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

  private Item hold(Hold hold) {
    if (hold.stateEpoch() < noHoldsBefore || state.epoch() < noHoldsBefore) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_NOT_READY,
          "",
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
