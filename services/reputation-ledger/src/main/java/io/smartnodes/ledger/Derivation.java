package io.smartnodes.ledger;

import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.reputation.v1.DeriveRequest;
import io.smartnodes.proto.reputation.v1.DeriveResponse;
import io.smartnodes.proto.reputation.v1.Derived;
import io.smartnodes.proto.reputation.v1.RejectedItem;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.check.ChainView;
import io.smartnodes.protocol.body.check.EpochProposal;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.state.State;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;

/**
 * What a body leads to. The signatures and the state are computed on a pool of few platform
 * threads, so that neither event loops nor other calls wait for them.
 */
@ApplicationScoped
public class Derivation {
  private static final int MAX_INBOX = 65_536;

  private final StateLedger ledger;
  private final LedgerStore store;
  private final ForkJoinPool pool;

  /** Called by the container. */
  public Derivation(StateLedger ledger, LedgerStore store, LedgerConfig config) {
    this.ledger = ledger;
    this.store = store;
    this.pool =
        new ForkJoinPool(config.threads().orElse(Runtime.getRuntime().availableProcessors()));
  }

  @PreDestroy
  void close() {
    pool.shutdownNow();
  }

  /** Derives, or says what is wrong with the body. */
  Uni<DeriveResponse> derive(DeriveRequest request) {
    Set<Long> draws =
        request.getBody().getCertificatesList().stream()
            .map(certificate -> certificate.getReceipt().getReceipt().getDrawHeight())
            .collect(Collectors.toSet());
    return store.confirmedBlocks(draws).emitOn(pool).map(blocks -> derive(request, blocks));
  }

  private DeriveResponse derive(DeriveRequest request, Map<Long, Bytes32> blocks) {
    if (ledger.stopped().isPresent()) {
      throw Errors.status(
          ErrorCode.ERROR_CODE_NOT_READY, "", "the ledger has stopped: " + ledger.stopped().get());
    }
    KeptStates.Kept previous =
        ledger
            .states()
            .newest()
            .orElseThrow(() -> Errors.status(ErrorCode.ERROR_CODE_NOT_READY, "", "not started"));
    long next = previous.state().epoch() + 1;
    if (request.getEpoch() != next) {
      throw Errors.status(
          request.getEpoch() > next
              ? ErrorCode.ERROR_CODE_NOT_READY
              : ErrorCode.ERROR_CODE_WRONG_EPOCH,
          "epoch",
          "the next epoch is " + next);
    }
    Bytes32 previousDigest = Fields.bytes32(request.getPreviousDigest(), "previous_digest");
    if (!previousDigest.equals(previous.digest())) {
      return rejected("previous digest", "executed was " + previous.digest());
    }
    Body body = BodyStructs.fromProto(request.getBody(), "body");
    List<InboxItem> inbox =
        Fields.list(request.getInboxList(), MAX_INBOX, "inbox", EpochStructs::fromProto);
    EpochProposal.Terms terms =
        new EpochProposal.Terms(
            inbox, Fields.time(request.getAsOf(), "as_of"), previous.seed(), request.getDrain());
    ChainView chain =
        new ChainView(
            ledger.deployment().domain(),
            ledger.deployment().token(),
            height -> Optional.ofNullable(blocks.get(height)),
            ledger.states()::seed,
            previousDigest);
    EpochProposal.Outcome outcome =
        request.getBuild()
            ? EpochProposal.build(previous.state(), chain, body, terms)
            : EpochProposal.check(previous.state(), chain, body, terms);
    return switch (outcome) {
      case EpochProposal.Rejected rejected -> rejected(rejected.item(), rejected.reason());
      case EpochProposal.Derived derived -> {
        ledger.states().offer(derived);
        yield derived(previous.state(), derived);
      }
    };
  }

  private static DeriveResponse derived(State previous, EpochProposal.Derived derived) {
    Derived.Builder message =
        Derived.newBuilder()
            .setUpdate(EpochStructs.toProto(derived.update()))
            .setDigest(Fields.bytes(derived.digest()))
            .setBody(BodyStructs.toProto(derived.body()))
            .setEffectiveItems(derived.applied().effects());
    if (!derived.update().nextSetHash().equals(previous.validatorSetHash())) {
      message.setNextSet(Fields.bytes(derived.applied().next().validatorSet()));
    }
    derived.leftOut().forEach(item -> message.addIgnored(rejectedItem(item.item(), item.reason())));
    return DeriveResponse.newBuilder().setDerived(message).build();
  }

  private static DeriveResponse rejected(String item, String reason) {
    return DeriveResponse.newBuilder().setRejected(rejectedItem(item, reason)).build();
  }

  private static RejectedItem.Builder rejectedItem(String item, String reason) {
    return RejectedItem.newBuilder().setItem(item).setReason(reason);
  }
}
