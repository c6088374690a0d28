package io.smartnodes.protocol.body.check;

import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.state.Head;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.transition.Applied;
import io.smartnodes.protocol.transition.EpochInput;
import io.smartnodes.protocol.transition.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The update that a body leads to (2.7), whose hash is voted for. Pure. */
public final class EpochProposal {
  private EpochProposal() {}

  /** What an epoch may be proposed from. */
  public record Terms(List<InboxItem> inbox, Instant asOf, Bytes32 nextSetHash) {
    /** Copies the list. */
    public Terms {
      inbox = List.copyOf(inbox);
    }
  }

  /** What a check leads to. */
  public sealed interface Outcome {}

  /** The update, with the body and state behind it, and what had no effect or was left out. */
  public record Derived(Update update, Body body, Applied applied, List<BodyCheck.Rejected> leftOut)
      implements Outcome {
    /** Copies the list. */
    public Derived {
      leftOut = List.copyOf(leftOut);
    }

    /** What is voted for. */
    public Bytes32 digest() {
      return update.hashStruct();
    }
  }

  /** What is wrong: an item of the body, or "body", "inbox" or "as of". */
  public record Rejected(String item, String reason) implements Outcome {}

  /** Makes a body from items in any order, leaving out what is invalid or cannot act. */
  public static Outcome build(State previous, ChainView chain, Body bag, Terms terms) {
    Optional<Rejected> broken = terms(previous, terms);
    if (broken.isPresent()) {
      return broken.get();
    }
    BodyBuilder.Built built =
        new BodyBuilder(previous, chain).build(bag, terms.inbox(), terms.asOf());
    return derive(previous, chain, built.body(), terms, built.leftOut());
  }

  /** Derives the update from the body of another, if it is valid as it is. */
  public static Outcome check(State previous, ChainView chain, Body body, Terms terms) {
    Optional<Rejected> broken = terms(previous, terms);
    if (broken.isPresent()) {
      return broken.get();
    }
    return switch (new BodyCheck(previous, chain).check(body)) {
      case BodyCheck.Rejected rejected -> new Rejected(rejected.item(), rejected.reason());
      case BodyCheck.Valid valid -> derive(previous, chain, body, terms, List.of());
    };
  }

  /** The update of an application. */
  public static Update update(State previous, Body body, Applied applied, Bytes32 nextSetHash) {
    Head head = applied.next().head();
    return new Update(
        head.epoch(),
        previous.root(),
        applied.next().root(),
        body.hashStruct(),
        head.inboxCount(),
        head.inboxHash(),
        head.asOf(),
        applied.totals(),
        List.of(),
        List.of(),
        nextSetHash);
  }

  private static Derived derive(
      State previous, ChainView chain, Body body, Terms terms, List<BodyCheck.Rejected> leftOut) {
    Applied applied =
        Transition.apply(
            previous, new EpochInput(body, terms.inbox(), terms.asOf(), chain.token()));
    List<BodyCheck.Rejected> without = new ArrayList<>(leftOut);
    applied
        .ignored()
        .forEach(
            item -> without.add(new BodyCheck.Rejected(item.item().toString(), item.reason())));
    return new Derived(
        update(previous, body, applied, terms.nextSetHash()), body, applied, without);
  }

  private static Optional<Rejected> terms(State previous, Terms terms) {
    Head head = previous.head();
    if (terms.asOf().isBefore(head.asOf())) {
      return Optional.of(new Rejected("as of", "before that of the state, " + head.asOf()));
    }
    for (int i = 0; i < terms.inbox().size(); i++) {
      if (terms.inbox().get(i).index() != head.inboxCount() + i) {
        return Optional.of(
            new Rejected("inbox", "item " + (head.inboxCount() + i) + " is not in its place"));
      }
    }
    return Optional.empty();
  }
}
