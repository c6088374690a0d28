package io.smartnodes.protocol.body.check;

import io.smartnodes.crypto.Address;
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

  /**
   * What an epoch may be proposed from.
   *
   * @param inbox the items after the consumed ones
   * @param asOf the chain's time
   * @param previousSeed the seed of the state's epoch
   * @param drain whether Core wants its inbox drained before anything else happens (2.11)
   */
  public record Terms(List<InboxItem> inbox, Instant asOf, Bytes32 previousSeed, boolean drain) {
    /** Copies the list. */
    public Terms {
      inbox = List.copyOf(inbox);
    }

    EpochInput input(Body body, Address token) {
      return new EpochInput(body, inbox, asOf, token, previousSeed, drain);
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

  /**
   * Makes a body from items in any order, leaving out what is invalid or cannot act; a drain leaves
   * out all of them, for later.
   */
  public static Outcome build(State previous, ChainView chain, Body bag, Terms terms) {
    Optional<Rejected> broken = terms(previous, terms);
    if (broken.isPresent()) {
      return broken.get();
    }
    if (terms.drain()) {
      return derive(previous, chain, Body.empty(previous.epoch() + 1), terms, List.of());
    }
    BodyBuilder.Built built = new BodyBuilder(previous, chain).build(bag, terms);
    return derive(previous, chain, built.body(), terms, built.leftOut());
  }

  /** Derives the update from the body of another, if it is valid as it is. */
  public static Outcome check(State previous, ChainView chain, Body body, Terms terms) {
    Optional<Rejected> broken = terms(previous, terms);
    if (broken.isPresent()) {
      return broken.get();
    }
    if (terms.drain() && !body.isEmpty()) {
      return new Rejected("body", "a drain has none");
    }
    return switch (new BodyCheck(previous, chain).check(body)) {
      case BodyCheck.Rejected rejected -> new Rejected(rejected.item(), rejected.reason());
      case BodyCheck.Valid valid -> derive(previous, chain, body, terms, List.of());
    };
  }

  /**
   * The update of an application.
   *
   * @param drain whether the epoch only drained the inbox, so that it names no body
   */
  public static Update update(State previous, Body body, Applied applied, boolean drain) {
    Head head = applied.next().head();
    return new Update(
        head.epoch(),
        previous.root(),
        applied.next().root(),
        drain ? Bytes32.ZERO : body.hashStruct(),
        head.inboxCount(),
        head.inboxHash(),
        head.asOf(),
        applied.totals(),
        List.of(),
        applied.slashes(),
        applied.next().validatorSetHash());
  }

  private static Derived derive(
      State previous, ChainView chain, Body body, Terms terms, List<BodyCheck.Rejected> leftOut) {
    Applied applied = Transition.apply(previous, terms.input(body, chain.token()));
    List<BodyCheck.Rejected> without = new ArrayList<>(leftOut);
    applied
        .ignored()
        .forEach(
            item -> without.add(new BodyCheck.Rejected(item.item().toString(), item.reason())));
    return new Derived(update(previous, body, applied, terms.drain()), body, applied, without);
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
