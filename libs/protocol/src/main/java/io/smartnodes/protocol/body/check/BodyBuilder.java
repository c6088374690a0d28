package io.smartnodes.protocol.body.check;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.body.Body;
import io.smartnodes.protocol.body.EpochVote;
import io.smartnodes.protocol.body.ItemId;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.State;
import io.smartnodes.protocol.transition.Applied;
import io.smartnodes.protocol.transition.Transition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Makes a body from items held: keeps what is valid and can act, in order, without repetition, and
 * no more than {@link #MAX_ITEMS} per list. Pure; what it leaves out it names with the reason.
 */
public final class BodyBuilder {
  /** The most items of a list; the decoders accept more. */
  public static final int MAX_ITEMS = 4_096;

  private final State previous;
  private final ChainView chain;

  /** Builds on top of a state. */
  public BodyBuilder(State previous, ChainView chain) {
    this.previous = previous;
    this.chain = chain;
  }

  /** A body and what it left out. */
  public record Built(Body body, List<BodyCheck.Rejected> leftOut) {
    /** Copies the list. */
    public Built {
      leftOut = List.copyOf(leftOut);
    }
  }

  /**
   * Builds the body of the next epoch.
   *
   * @param bag items in any order; its epoch does not matter
   */
  public Built build(Body bag, EpochProposal.Terms terms) {
    List<BodyCheck.Rejected> leftOut = new ArrayList<>();
    Body valid = valid(sorted(bag), leftOut);
    Applied trial = Transition.apply(previous, terms.input(valid, chain.token()));
    Set<ItemId> idle = new HashSet<>();
    for (Applied.Ignored ignored : trial.ignored()) {
      if (ignored.item().kind() != ItemId.Kind.INBOX) {
        idle.add(ignored.item());
        leftOut.add(new BodyCheck.Rejected(ignored.item().toString(), ignored.reason()));
      }
    }
    return new Built(
        map(
            valid,
            new ListMap() {
              @Override
              public <T extends Struct> List<T> apply(ItemId.Kind kind, List<T> items) {
                return items.stream().filter(x -> !idle.contains(ItemId.of(kind, x))).toList();
              }
            }),
        leftOut);
  }

  private Body sorted(Body bag) {
    return map(
        bag,
        new ListMap() {
          @Override
          public <T extends Struct> List<T> apply(ItemId.Kind kind, List<T> items) {
            Map<Bytes32, T> byHash = new TreeMap<>();
            items.forEach(item -> byHash.put(item.hashStruct(), item));
            return List.copyOf(byHash.values());
          }
        });
  }

  private Body valid(Body sorted, List<BodyCheck.Rejected> leftOut) {
    BodyCheck check = new BodyCheck(previous, chain);
    Map<Address, EpochVote> firstVotes = new HashMap<>();
    return map(
        sorted,
        new ListMap() {
          @Override
          public <T extends Struct> List<T> apply(ItemId.Kind kind, List<T> items) {
            Set<String> invalid = new HashSet<>();
            for (BodyCheck.Rejected rejected :
                check.invalid(new BodyCheck.Lists.Of<>(kind, items))) {
              invalid.add(rejected.item());
              leftOut.add(rejected);
            }
            Predicate<T> first =
                item ->
                    !(item instanceof EpochVote vote)
                        || firstVotes.putIfAbsent(vote.operator(), vote) == null;
            return items.stream()
                .filter(item -> !invalid.contains(ItemId.of(kind, item).toString()))
                .filter(first)
                .sorted(Comparator.comparing(Struct::hashStruct))
                .limit(MAX_ITEMS)
                .toList();
          }
        });
  }

  private interface ListMap {
    <T extends Struct> List<T> apply(ItemId.Kind kind, List<T> items);
  }

  private Body map(Body body, ListMap map) {
    return new Body(
        previous.epoch() + 1,
        map.apply(ItemId.Kind.REGISTRATION, body.registrations()),
        map.apply(ItemId.Kind.ALLOT, body.allots()),
        map.apply(ItemId.Kind.RELEASE, body.releases()),
        map.apply(ItemId.Kind.HOLD, body.holds()),
        map.apply(ItemId.Kind.RECEIPT, body.receipts()),
        map.apply(ItemId.Kind.CERTIFICATE, body.certificates()),
        map.apply(ItemId.Kind.EVIDENCE, body.evidence()),
        map.apply(ItemId.Kind.VOTE, body.votes()));
  }
}
