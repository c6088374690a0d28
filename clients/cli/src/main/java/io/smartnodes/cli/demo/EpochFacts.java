package io.smartnodes.cli.demo;

import io.grpc.StatusRuntimeException;
import io.smartnodes.chain.ChainEvent;
import io.smartnodes.chain.ChainLog;
import io.smartnodes.cli.session.Patience;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.proto.epoch.v1.EpochView;
import io.smartnodes.sdk.ValidatorNode;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The executed epochs: what the chain says of them, held against what the validators say. */
final class EpochFacts {
  private final Session session;
  private final Checks checks;
  private final Set<Address> alive;
  private final Patience patience;

  /**
   * Facts.
   *
   * @param alive the validators that must answer
   */
  EpochFacts(Session session, Set<Address> alive, Patience patience, Checks checks) {
    this.patience = patience;
    this.session = session;
    this.alive = alive;
    this.checks = checks;
  }

  /** All epochs up to one, each checked. */
  List<Report.EpochPart> collect(long last) {
    List<ChainEvent.UpdateExecuted> executed = executions(last);
    List<Long> numbers = executed.stream().map(ChainEvent.UpdateExecuted::epoch).toList();
    boolean each = numbers.size() == last && new HashSet<>(numbers).size() == last;
    checks.note(
        "oneExecutionPerEpoch", each && last > 0, "epochs executed on the chain: " + numbers);
    List<ValidatorNode> validators = session.network().validators();
    List<Report.EpochPart> parts = new ArrayList<>();
    List<String> fewVotes = new ArrayList<>();
    List<String> otherRoots = new ArrayList<>();
    for (ChainEvent.UpdateExecuted event : executed) {
      Report.EpochPart part = part(event, validators);
      parts.add(part);
      if (3 * part.votes() <= 2 * part.validators()) {
        fewVotes.add("epoch " + part.number() + ": " + part.votes());
      }
      for (int i = 0; i < validators.size(); i++) {
        String root = part.stateRoots().get(i);
        boolean required = alive.contains(validators.get(i).operator());
        if (required && !part.stateRootOnChain().equals(root)) {
          otherRoots.add(
              "epoch " + part.number() + ", " + validators.get(i).operator() + ": " + root);
        }
      }
    }
    checks.note(
        "votesOfMoreThanTwoThirds",
        fewVotes.isEmpty() && !parts.isEmpty(),
        fewVotes.isEmpty()
            ? "votes: " + parts.stream().map(Report.EpochPart::votes).toList()
            : String.join("; ", fewVotes));
    checks.note(
        "stateRootsEqualOnAllValidators",
        otherRoots.isEmpty() && !parts.isEmpty(),
        otherRoots.isEmpty()
            ? parts.size() + " epochs, " + alive.size() + " validators, equal to the chain's root"
            : String.join("; ", otherRoots));
    return parts;
  }

  private List<ChainEvent.UpdateExecuted> executions(long last) {
    List<ChainEvent.UpdateExecuted> executed = new ArrayList<>();
    for (ChainLog log :
        session.chain().logs(0, session.chain().headNumber(), session.contracts().followed())) {
      session
          .contracts()
          .event(log)
          .filter(ChainEvent.UpdateExecuted.class::isInstance)
          .map(ChainEvent.UpdateExecuted.class::cast)
          .filter(event -> event.epoch() <= last)
          .ifPresent(executed::add);
    }
    return executed;
  }

  private Report.EpochPart part(ChainEvent.UpdateExecuted event, List<ValidatorNode> validators) {
    List<@Nullable String> roots = new ArrayList<>();
    Optional<EpochView> view = Optional.empty();
    for (ValidatorNode validator : validators) {
      roots.add(rootAt(validator, event.epoch()));
      if (view.isEmpty()) {
        view = view(validator, event.epoch());
      }
    }
    return new Report.EpochPart(
        event.epoch(),
        event.round(),
        view.map(EpochView::getProposersList)
            .map(list ->
                list.stream().map(bytes -> Fields.address(bytes, "proposers").toString()).toList())
            .orElse(List.of()),
        event.digest().toString(),
        event.bitmap().bitCount(),
        validators.size(),
        event.log().transactionHash().toString(),
        view.map(EpochView::getGasUsed).orElse(0L),
        event.stateRoot().toString(),
        java.util.Collections.unmodifiableList(roots));
  }

  private @Nullable String rootAt(ValidatorNode validator, long epoch) {
    if (!alive.contains(validator.operator())) {
      return null;
    }
    try {
      return patience.ask(() -> session.state().head(validator, epoch)).stateRoot().toString();
    } catch (StatusRuntimeException | Malformed failed) {
      return null;
    }
  }

  private Optional<EpochView> view(ValidatorNode validator, long epoch) {
    try {
      return alive.contains(validator.operator())
          ? Optional.of(patience.ask(() -> session.state().epoch(validator, epoch)))
              .filter(EpochView::getExecuted)
          : Optional.empty();
    } catch (StatusRuntimeException | Malformed failed) {
      return Optional.empty();
    }
  }
}
