package io.smartnodes.proposer.derive;

import io.grpc.StatusRuntimeException;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.store.ChainStore;
import io.smartnodes.proto.reputation.v1.DeriveRequest;
import io.smartnodes.proto.reputation.v1.DeriveResponse;
import io.smartnodes.proto.reputation.v1.Derived;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.proto.types.v1.Head;
import io.smartnodes.proto.types.v1.InboxItem;
import io.smartnodes.quarkus.SelfChannel;
import io.smartnodes.wire.Fields;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks the ledger what a body leads to. For virtual threads. */
@Singleton
public class Derivations {
  private static final int HEAD = 10;
  private static final long DEADLINE_SECONDS = 30;

  private final StateView state;
  private final ChainStore chain;
  private final SelfChannel self;

  /** Called by the container. */
  public Derivations(
      @Identifier("chain-proposer") StateView state, ChainStore chain, SelfChannel self) {
    this.state = state;
    this.chain = chain;
    this.self = self;
  }

  /**
   * Derives the update of an executed body that nobody announced here.
   *
   * @throws StatusRuntimeException if the ledger does not answer
   */
  public Optional<Derived> derive(ChainStore.Execution execution, Body body) {
    long consumed = head().map(Head::getInboxCount).orElse(0L);
    DeriveResponse response =
        derive(
            execution.epoch(),
            body,
            new Terms(
                false,
                execution.bodyHash().equals(Bytes32.ZERO),
                inbox(consumed, execution.inboxCount()),
                execution.asOf()));
    return response.hasDerived() ? Optional.of(response.getDerived()) : Optional.empty();
  }

  /** The body of a drain, which holds nothing. */
  public static Body empty(long epoch) {
    return Body.newBuilder().setEpoch(epoch).build();
  }

  /** How an update is to be derived. */
  record Terms(boolean build, boolean drain, List<InboxItem> inbox, Instant asOf) {}

  /** The update of a body as the ledger derives it. */
  DeriveResponse derive(long epoch, Body body, Terms terms) {
    Bytes32 previous =
        chain.execution(epoch - 1).map(ChainStore.Execution::digest).orElse(Bytes32.ZERO);
    return LedgerGrpc.newBlockingStub(self.to("reputation-ledger"))
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
        .derive(
            DeriveRequest.newBuilder()
                .setEpoch(epoch)
                .setBody(body)
                .setBuild(terms.build())
                .setDrain(terms.drain())
                .addAllInbox(terms.inbox())
                .setAsOf(terms.asOf().getEpochSecond())
                .setPreviousDigest(Fields.bytes(previous))
                .build());
  }

  /** Where the newest state stands, empty before there is one. */
  Optional<Head> head() {
    return state.leaf(HEAD, Bytes32.ZERO).map(leaf -> leaf.getHead());
  }

  /** Confirmed items from an index up to a count. */
  List<InboxItem> inbox(long from, long count) {
    return chain.inbox(from, count).stream().map(ChainStore.QueuedItem::item).toList();
  }
}
