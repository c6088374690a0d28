package io.smartnodes.protocol.body.check;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.State;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Whether a body is valid on top of a state (2.6). Pure. The signatures are recovered in parallel
 * on the fork-join pool that the caller runs in (the common one outside such a pool); the answer is
 * that of checking item after item.
 */
public final class BodyCheck {
  /** What a body is. */
  public sealed interface Verdict {}

  /** Every item is valid. */
  public record Valid() implements Verdict {}

  /** The first item that is not, in the order of the body's lists, or "body". */
  public record Rejected(String item, String reason) implements Verdict {}

  private final State previous;
  private final ItemCheck items;
  private final CertificateCheck certificates;
  private final ChainView chain;

  /** Checks bodies on top of a state. */
  public BodyCheck(State previous, ChainView chain) {
    this.previous = previous;
    this.chain = chain;
    this.items = new ItemCheck(previous, chain);
    this.certificates = new CertificateCheck(previous, chain);
  }

  /** Checks a whole body. */
  public Verdict check(Body body) {
    if (body.epoch() != previous.epoch() + 1) {
      return new Rejected("body", "it is of epoch " + body.epoch() + " after " + previous.epoch());
    }
    Optional<Rejected> rejected =
        Lists.of(body).stream()
            .flatMap(list -> order(list).or(() -> first(list)).stream())
            .findFirst()
            .or(() -> twice(body.votes()));
    return rejected.isPresent() ? rejected.get() : new Valid();
  }

  /** The items of a list that are not valid, in the order of the list. */
  List<Rejected> invalid(Lists.Of<?> list) {
    return check(list);
  }

  private Optional<Rejected> first(Lists.Of<?> list) {
    return check(list).stream().findFirst();
  }

  private <T extends Struct> List<Rejected> check(Lists.Of<T> list) {
    Function<Struct, Optional<String>> rule = rule(list.kind());
    return IntStream.range(0, list.items().size())
        .parallel()
        .mapToObj(i ->
            rule.apply(list.items().get(i))
                .map(reason ->
                    new Rejected(ItemId.of(list.kind(), list.items().get(i)).toString(), reason)))
        .flatMap(Optional::stream)
        .toList();
  }

  private Function<Struct, Optional<String>> rule(ItemId.Kind kind) {
    return switch (kind) {
      case REGISTRATION, ALLOT, RELEASE, HOLD, RECEIPT -> items::refusal;
      case CERTIFICATE -> certificates::refusal;
      case VOTE -> vote -> items.vote((EpochVote) vote, chain.previousDigest());
      case EVIDENCE -> evidence -> Optional.of("no kind of evidence is defined");
      case INBOX -> throw new IllegalArgumentException("the inbox is no list of a body");
    };
  }

  private static <T extends Struct> Optional<Rejected> order(Lists.Of<T> list) {
    List<Bytes32> hashes = list.items().stream().map(Struct::hashStruct).toList();
    for (int i = 1; i < hashes.size(); i++) {
      int comparison = hashes.get(i - 1).compareTo(hashes.get(i));
      if (comparison >= 0) {
        return Optional.of(
            new Rejected(
                new ItemId(list.kind(), hashes.get(i)).toString(),
                comparison == 0 ? "it is repeated" : "the list is not in ascending order"));
      }
    }
    return Optional.empty();
  }

  private static Optional<Rejected> twice(List<EpochVote> votes) {
    Set<Address> voters = new HashSet<>();
    return votes.stream()
        .filter(vote -> !voters.add(vote.operator()))
        .findFirst()
        .map(vote ->
            new Rejected(
                ItemId.of(ItemId.Kind.VOTE, vote).toString(), "its voter is listed twice"));
  }

  /** The lists of a body with their kinds, in the order of the body. */
  static final class Lists {
    private Lists() {}

    record Of<T extends Struct>(ItemId.Kind kind, List<T> items) {}

    static List<Of<?>> of(Body body) {
      List<Of<?>> lists = new ArrayList<>();
      lists.add(new Of<>(ItemId.Kind.REGISTRATION, body.registrations()));
      lists.add(new Of<>(ItemId.Kind.ALLOT, body.allots()));
      lists.add(new Of<>(ItemId.Kind.RELEASE, body.releases()));
      lists.add(new Of<>(ItemId.Kind.HOLD, body.holds()));
      lists.add(new Of<>(ItemId.Kind.RECEIPT, body.receipts()));
      lists.add(new Of<>(ItemId.Kind.CERTIFICATE, body.certificates()));
      lists.add(new Of<>(ItemId.Kind.EVIDENCE, body.evidence()));
      lists.add(new Of<>(ItemId.Kind.VOTE, body.votes()));
      return lists;
    }
  }
}
