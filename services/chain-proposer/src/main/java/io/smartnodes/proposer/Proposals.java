package io.smartnodes.proposer;

import io.grpc.StatusRuntimeException;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.pool.PoolItems;
import io.smartnodes.proposer.store.ChainStore;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.proposer.store.EpochStore.Proposal;
import io.smartnodes.proposer.store.ItemStore;
import io.smartnodes.proto.reputation.v1.DeriveRequest;
import io.smartnodes.proto.reputation.v1.DeriveResponse;
import io.smartnodes.proto.reputation.v1.Derived;
import io.smartnodes.proto.reputation.v1.LedgerGrpc;
import io.smartnodes.proto.reputation.v1.RejectedItem;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.proto.types.v1.EpochVote;
import io.smartnodes.proto.types.v1.Head;
import io.smartnodes.proto.types.v1.InboxItem;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.quarkus.SelfChannel;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Builds proposals from the items held, and checks those of others: the ledger derives the update
 * again from the body, and the chain is asked whether it would take it. For virtual threads.
 */
@Singleton
public class Proposals {
  private static final int HEAD = 10;
  private static final int BAG_BYTES = 3 * 1024 * 1024;
  private static final int MOST_INBOX = 5_000;
  private static final long DEADLINE_SECONDS = 30;

  private final StateView state;
  private final ChainStore chain;
  private final EpochStore epochs;
  private final ItemStore items;
  private final ChainTime time;
  private final Validators validators;
  private final Node node;
  private final SelfChannel self;

  /** Called by the container. */
  public Proposals(
      @Identifier("chain-proposer") StateView state,
      ChainStore chain,
      EpochStore epochs,
      ItemStore items,
      ChainTime time,
      Validators validators,
      Node node,
      SelfChannel self) {
    this.state = state;
    this.chain = chain;
    this.epochs = epochs;
    this.items = items;
    this.time = time;
    this.validators = validators;
    this.node = node;
    this.self = self;
  }

  /** Builds the proposal of an epoch and keeps it. */
  Judgement build(long epoch) {
    Optional<Head> head = head();
    Optional<Instant> confirmed = time.confirmed();
    if (head.isEmpty() || confirmed.isEmpty()) {
      return new Judgement.Undecided("the state or the chain is not here yet");
    }
    long consumed = head.get().getInboxCount();
    List<InboxItem> inbox = inbox(consumed, consumed + MOST_INBOX);
    Instant last = Instant.ofEpochSecond(head.get().getAsOf());
    Instant asOf = confirmed.get().isAfter(last) ? confirmed.get() : last;
    Body bag =
        PoolItems.join(items.all(false), BAG_BYTES).toBuilder()
            .setEpoch(epoch)
            .addAllVotes(votes(epoch - 1))
            .build();
    try {
      DeriveResponse response = derive(epoch, bag, true, inbox, asOf);
      if (!response.hasDerived()) {
        return refused(response.getRejected());
      }
      Derived derived = response.getDerived();
      Bytes32 digest = Fields.bytes32(derived.getDigest(), "digest");
      items.strike(leftOut(derived));
      return tried(
          new Proposal(
              digest,
              epoch,
              derived.getUpdate(),
              Optional.of(derived.getBody()),
              Optional.of(derived.getEffectiveItems())));
    } catch (StatusRuntimeException e) {
      return new Judgement.Undecided("the ledger does not derive: " + e.getStatus());
    }
  }

  /** Checks a proposal whose body is here. */
  Judgement check(Proposal proposal) {
    Update update;
    Bytes32 bodyHash;
    Body body = proposal.body().orElse(Body.getDefaultInstance());
    try {
      update = EpochStructs.fromProto(proposal.update(), "update");
      bodyHash = BodyStructs.fromProto(body, "body").hashStruct();
    } catch (Malformed malformed) {
      return new Judgement.Refused(malformed.field(), String.valueOf(malformed.getMessage()));
    }
    Optional<Head> head = head();
    Optional<Instant> confirmed = time.confirmed();
    if (head.isEmpty() || confirmed.isEmpty() || state.epoch() + 1 != update.epoch()) {
      return new Judgement.Undecided("the state of the epoch before is not here yet");
    }
    if (!bodyHash.equals(update.bodyHash())) {
      return new Judgement.Refused("BODY_HASH_MISMATCH", "the body's hash is " + bodyHash);
    }
    long consumed = head.get().getInboxCount();
    if (update.inboxCount() < consumed) {
      return new Judgement.Refused("INBOX_COUNT", "items that are consumed already");
    }
    List<InboxItem> inbox = inbox(consumed, update.inboxCount());
    if (consumed + inbox.size() < update.inboxCount()) {
      return new Judgement.Undecided("inbox items that are not confirmed here");
    }
    if (update.asOf().isAfter(confirmed.get())) {
      return new Judgement.Undecided("asOf of a block that is not confirmed here");
    }
    boolean same = update.asOf().getEpochSecond() == head.get().getAsOf();
    if (!same && !time.isConfirmed(update.asOf())) {
      return new Judgement.Refused("AS_OF", "no confirmed block states " + update.asOf());
    }
    return compared(proposal, update, body, inbox);
  }

  private Judgement compared(Proposal proposal, Update update, Body body, List<InboxItem> inbox) {
    try {
      DeriveResponse response = derive(update.epoch(), body, false, inbox, update.asOf());
      if (!response.hasDerived()) {
        return refused(response.getRejected());
      }
      Update derived = EpochStructs.fromProto(response.getDerived().getUpdate(), "update");
      Optional<Judgement.Refused> difference = difference(update, derived);
      if (difference.isPresent()) {
        return difference.get();
      }
      return tried(
          new Proposal(
              proposal.digest(),
              proposal.epoch(),
              proposal.update(),
              proposal.body(),
              Optional.of(response.getDerived().getEffectiveItems())));
    } catch (StatusRuntimeException e) {
      return new Judgement.Undecided("the ledger does not derive: " + e.getStatus());
    }
  }

  /** Asks the chain whether Core would take the update, and keeps the proposal if so. */
  private Judgement tried(Proposal proposal) {
    Update update = EpochStructs.fromProto(proposal.update(), "update");
    if (!update.nextSetHash().equals(validators.setHash())
        || !update.ejections().isEmpty()
        || !update.slashes().isEmpty()) {
      return new Judgement.Refused("NEXT_SET_MISMATCH", "the set stays as it is");
    }
    try {
      CallOutcome outcome = node.contracts().simulateUpdate(update);
      if (outcome instanceof CallOutcome.Reverted reverted) {
        // Executed at the head but not confirmed yet, or seen by a node that lags.
        boolean passing =
            reverted.error().name().equals("EpochUnexpected")
                || reverted.error().name().equals("AsOfOutOfRange");
        return passing
            ? new Judgement.Undecided("Core says " + reverted.error())
            : new Judgement.Refused("EXECUTION", "Core says " + reverted.error());
      }
    } catch (ChainFailure e) {
      return new Judgement.Undecided(String.valueOf(e.getMessage()));
    }
    epochs.keep(proposal);
    return new Judgement.Valid(proposal.digest(), proposal.effective().orElse(0));
  }

  /**
   * Derives the update of an executed body that nobody announced here.
   *
   * @throws StatusRuntimeException if the ledger does not answer
   */
  Optional<Derived> derive(ChainStore.Execution execution, Body body) {
    long consumed = head().map(Head::getInboxCount).orElse(0L);
    DeriveResponse response =
        derive(
            execution.epoch(),
            body,
            false,
            inbox(consumed, execution.inboxCount()),
            execution.asOf());
    return response.hasDerived() ? Optional.of(response.getDerived()) : Optional.empty();
  }

  private DeriveResponse derive(
      long epoch, Body body, boolean build, List<InboxItem> inbox, Instant asOf) {
    Bytes32 previous =
        chain.execution(epoch - 1).map(ChainStore.Execution::digest).orElse(Bytes32.ZERO);
    return LedgerGrpc.newBlockingStub(self.to("reputation-ledger"))
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
        .derive(
            DeriveRequest.newBuilder()
                .setEpoch(epoch)
                .setBody(body)
                .setBuild(build)
                .addAllInbox(inbox)
                .setAsOf(asOf.getEpochSecond())
                .setPreviousDigest(Fields.bytes(previous))
                .setNextSetHash(Fields.bytes(validators.setHash()))
                .build());
  }

  private Optional<Head> head() {
    return state.leaf(HEAD, Bytes32.ZERO).map(leaf -> leaf.getHead());
  }

  private List<InboxItem> inbox(long from, long count) {
    return chain.inbox(from, count).stream().map(ChainStore.QueuedItem::item).toList();
  }

  /** The votes for the executed digest of an epoch, one per operator. */
  private List<EpochVote> votes(long epoch) {
    Optional<ChainStore.Execution> executed = chain.execution(epoch);
    Map<Address, EpochVote> first = new TreeMap<>();
    for (EpochStore.CastVote cast : epochs.votes(epoch)) {
      if (executed.filter(e -> e.digest().equals(cast.vote().digest())).isPresent()) {
        first.putIfAbsent(
            cast.operator(),
            EpochVote.newBuilder()
                .setOperator(Fields.bytes(cast.operator()))
                .setRound(cast.vote().round())
                .setSignature(Fields.bytes(cast.signature()))
                .build());
      }
    }
    return List.copyOf(first.values());
  }

  /** Hashes that the ledger's reasons name. */
  private static List<String> leftOut(Derived derived) {
    return derived.getIgnoredList().stream()
        .map(RejectedItem::getItem)
        .filter(item -> item.contains("0x"))
        .map(item -> item.substring(item.indexOf("0x")).split("[^0-9a-fx]", 2)[0])
        .toList();
  }

  private static Judgement refused(RejectedItem rejected) {
    return new Judgement.Refused(rejected.getItem(), rejected.getReason());
  }

  private static Optional<Judgement.Refused> difference(Update announced, Update derived) {
    if (announced.hashStruct().equals(derived.hashStruct())) {
      return Optional.empty();
    }
    String field;
    if (!announced.previousStateRoot().equals(derived.previousStateRoot())) {
      field = "PREVIOUS_STATE_ROOT_MISMATCH";
    } else if (!announced.inboxHash().equals(derived.inboxHash())
        || announced.inboxCount() != derived.inboxCount()) {
      field = "INBOX_MISMATCH";
    } else if (!announced.bodyHash().equals(derived.bodyHash())) {
      field = "BODY_HASH_MISMATCH";
    } else if (!announced.totals().equals(derived.totals())) {
      field = "TOTALS_MISMATCH";
    } else if (!announced.stateRoot().equals(derived.stateRoot())) {
      field = "STATE_ROOT_MISMATCH";
    } else {
      field = "UPDATE_MISMATCH";
    }
    return Optional.of(
        new Judgement.Refused(field, "announced " + announced + ", derived " + derived));
  }
}
