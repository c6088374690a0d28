package io.smartnodes.proposer.derive;

import io.grpc.StatusRuntimeException;
import io.smallrye.common.annotation.Identifier;
import io.smartnodes.chain.CallOutcome;
import io.smartnodes.chain.ChainFailure;
import io.smartnodes.chain.ContractError;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.state.StateView;
import io.smartnodes.proposer.ChainTime;
import io.smartnodes.proposer.Node;
import io.smartnodes.proposer.pool.PoolItems;
import io.smartnodes.proposer.store.ChainStore;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.proposer.store.EpochStore.Proposal;
import io.smartnodes.proposer.store.ItemStore;
import io.smartnodes.proto.reputation.v1.DeriveResponse;
import io.smartnodes.proto.reputation.v1.Derived;
import io.smartnodes.proto.reputation.v1.RejectedItem;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.proto.types.v1.EpochVote;
import io.smartnodes.proto.types.v1.Head;
import io.smartnodes.proto.types.v1.InboxItem;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.EpochStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Builds proposals from the items held, and checks those of others: the ledger derives the update
 * again from the body, and the chain is asked whether it would take it. For virtual threads.
 */
@Singleton
public class Proposals {
  private static final int BAG_BYTES = 3 * 1024 * 1024;
  private static final int MOST_INBOX = 5_000;
  private static final Duration PAUSED = Duration.ofSeconds(5);

  private final StateView state;
  private final ChainStore chain;
  private final EpochStore epochs;
  private final ItemStore items;
  private final ChainTime time;
  private final Node node;
  private final Derivations derivations;

  /** Called by the container. */
  public Proposals(
      @Identifier("chain-proposer") StateView state,
      ChainStore chain,
      EpochStore epochs,
      ItemStore items,
      ChainTime time,
      Node node,
      Derivations derivations) {
    this.state = state;
    this.chain = chain;
    this.epochs = epochs;
    this.items = items;
    this.time = time;
    this.node = node;
    this.derivations = derivations;
  }

  /** Builds the proposal of an epoch and keeps it. */
  public Judgement build(long epoch) {
    Optional<Head> head = derivations.head();
    Optional<Instant> confirmed = time.confirmed();
    if (head.isEmpty() || confirmed.isEmpty()) {
      return new Judgement.Undecided("the state or the chain is not here yet");
    }
    long consumed = head.get().getInboxCount();
    List<InboxItem> inbox = derivations.inbox(consumed, consumed + MOST_INBOX);
    Instant last = Instant.ofEpochSecond(head.get().getAsOf());
    Instant asOf = confirmed.get().isAfter(last) ? confirmed.get() : last;
    boolean drain = chain.escapeBarrier() > consumed;
    Body bag = drain ? Derivations.empty(epoch) : bag(epoch);
    try {
      DeriveResponse response =
          derivations.derive(epoch, bag, new Derivations.Terms(true, drain, inbox, asOf));
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
              Optional.of(derived.getEffectiveItems()),
              nextSet(derived)));
    } catch (StatusRuntimeException e) {
      return new Judgement.Undecided("the ledger does not derive: " + e.getStatus());
    }
  }

  private Body bag(long epoch) {
    return PoolItems.join(items.all(false), BAG_BYTES).toBuilder()
        .setEpoch(epoch)
        .addAllVotes(votes(epoch - 1))
        .build();
  }

  private static Optional<Bytes> nextSet(Derived derived) {
    return derived.getNextSet().isEmpty()
        ? Optional.empty()
        : Optional.of(Bytes.of(derived.getNextSet().toByteArray()));
  }

  /** Checks a proposal whose body is here. */
  public Judgement check(Proposal proposal) {
    Update update;
    Bytes32 bodyHash;
    Body body = proposal.body().orElse(Derivations.empty(proposal.epoch()));
    try {
      update = EpochStructs.fromProto(proposal.update(), "update");
      bodyHash = BodyStructs.fromProto(body, "body").hashStruct();
    } catch (Malformed malformed) {
      return new Judgement.Refused(malformed.field(), String.valueOf(malformed.getMessage()));
    }
    Optional<Head> head = derivations.head();
    Optional<Instant> confirmed = time.confirmed();
    if (head.isEmpty() || confirmed.isEmpty() || state.epoch() + 1 != update.epoch()) {
      return new Judgement.Undecided("the state of the epoch before is not here yet");
    }
    boolean drain = update.bodyHash().equals(Bytes32.ZERO);
    if (!drain && !bodyHash.equals(update.bodyHash())) {
      return new Judgement.Refused("BODY_HASH_MISMATCH", "the body's hash is " + bodyHash);
    }
    long consumed = head.get().getInboxCount();
    if (update.inboxCount() < consumed) {
      return new Judgement.Refused("INBOX_COUNT", "items that are consumed already");
    }
    if (drain != (chain.escapeBarrier() > consumed)) {
      return new Judgement.Undecided(
          drain
              ? "no escape is confirmed here that wants a drain"
              : "an escape wants a drain first");
    }
    List<InboxItem> inbox = derivations.inbox(consumed, update.inboxCount());
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
      boolean drain = update.bodyHash().equals(Bytes32.ZERO);
      DeriveResponse response =
          derivations.derive(
              update.epoch(), body, new Derivations.Terms(false, drain, inbox, update.asOf()));
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
              Optional.of(body),
              Optional.of(response.getDerived().getEffectiveItems()),
              nextSet(response.getDerived())));
    } catch (StatusRuntimeException e) {
      return new Judgement.Undecided("the ledger does not derive: " + e.getStatus());
    }
  }

  /** Asks the chain whether Core and the multisig would take the update, and keeps it if so. */
  private Judgement tried(Proposal proposal) {
    Update update = EpochStructs.fromProto(proposal.update(), "update");
    Bytes nextSet = proposal.nextSet().orElse(Bytes.EMPTY);
    try {
      for (CallOutcome outcome :
          List.of(
              node.contracts().core().simulateUpdate(update),
              node.contracts().multisig().checkUpdate(update, nextSet))) {
        if (outcome instanceof CallOutcome.Reverted reverted) {
          return reverted(reverted.error());
        }
      }
    } catch (ChainFailure e) {
      return new Judgement.Undecided(String.valueOf(e.getMessage()));
    }
    epochs.keep(proposal);
    return new Judgement.Valid(proposal.digest(), proposal.effective().orElse(0));
  }

  private static Judgement reverted(ContractError error) {
    return switch (error.name()) {
      // Executed at the head but not confirmed yet, or seen by a node that lags.
      case "EpochUnexpected", "AsOfOutOfRange" ->
          new Judgement.Undecided("the chain says " + error);
      // An escape that is not confirmed here yet, or that is drained at the head.
      case "BodyNotEmpty", "BodyMissing" -> new Judgement.Undecided("the chain says " + error);
      // Until governance or time, or a founder that has not staked yet, lets it through.
      case "Paused", "StakesIncomplete" ->
          new Judgement.Undecided("the chain says " + error, PAUSED);
      default -> new Judgement.Refused("EXECUTION", "the chain says " + error);
    };
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
