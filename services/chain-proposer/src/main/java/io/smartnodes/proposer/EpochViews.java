package io.smartnodes.proposer;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proposer.set.EpochSet;
import io.smartnodes.proposer.set.ValidatorSets;
import io.smartnodes.proposer.store.ChainStore;
import io.smartnodes.proposer.store.ChainStore.Execution;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.proto.epoch.v1.EpochView;
import io.smartnodes.proto.epoch.v1.RefusedProposal;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.wire.Fields;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What is known of an epoch, for whoever asks. For virtual threads. */
@Singleton
public class EpochViews {
  private final ChainStore chain;
  private final EpochStore epochs;
  private final ValidatorSets validators;
  private final Node node;
  private final EpochLoop loop;

  /** Called by the container. */
  public EpochViews(
      ChainStore chain, EpochStore epochs, ValidatorSets validators, Node node, EpochLoop loop) {
    this.chain = chain;
    this.epochs = epochs;
    this.validators = validators;
    this.node = node;
    this.loop = loop;
  }

  /** The view of an epoch, zero for the newest executed one; empty if nothing is known of it. */
  Optional<EpochView> of(long epoch) {
    long wanted = epoch == 0 ? chain.newest().map(Execution::epoch).orElse(0L) : epoch;
    Optional<Execution> executed = chain.execution(wanted);
    boolean underWay = wanted != 0 && wanted == loop.epoch();
    if (executed.isEmpty() && !underWay) {
      return Optional.empty();
    }
    EpochView.Builder view =
        EpochView.newBuilder()
            .setEpoch(wanted)
            .setExecuted(executed.isPresent())
            .setValidators(set(wanted).members().size());
    proposers(wanted).forEach(operator -> view.addProposers(Fields.bytes(operator)));
    executed.ifPresent(execution -> describe(view, execution));
    for (EpochStore.Refusal refusal : epochs.refusals(wanted)) {
      view.addRefusals(
          RefusedProposal.newBuilder()
              .setDigest(Fields.bytes(refusal.digest()))
              .setRound(refusal.round())
              .setItem(refusal.item())
              .setReason(refusal.reason()));
    }
    return Optional.of(view.build());
  }

  private void describe(EpochView.Builder view, Execution execution) {
    view.setRound(execution.round())
        .setDigest(Fields.bytes(execution.digest()))
        .setTransactionHash(Fields.bytes(execution.transaction()))
        .setBlockNumber(execution.blockNumber())
        .setGasUsed(execution.gasUsed())
        .setSeed(Fields.bytes(execution.seed()));
    voters(execution).forEach(operator -> view.addVoters(Fields.bytes(operator)));
    epochs
        .proposal(execution.digest())
        .ifPresent(proposal -> {
          view.setUpdate(proposal.update());
          proposal.body().ifPresent(body -> count(view, body));
        });
  }

  private static void count(EpochView.Builder view, Body body) {
    view.putItems("registrations", body.getRegistrationsCount())
        .putItems("allots", body.getAllotsCount())
        .putItems("releases", body.getReleasesCount())
        .putItems("holds", body.getHoldsCount())
        .putItems("receipts", body.getReceiptsCount())
        .putItems("certificates", body.getCertificatesCount())
        .putItems("evidence", body.getEvidenceCount())
        .putItems("votes", body.getVotesCount());
  }

  /** Who stands in the bitmap of the execution, and whose vote came later or in another round. */
  private Set<Address> voters(Execution execution) {
    Set<Address> voters = new TreeSet<>();
    List<Address> operators = set(execution.epoch()).operators();
    for (int position = 0; position < operators.size(); position++) {
      if (execution.bitmap().testBit(position)) {
        voters.add(operators.get(position));
      }
    }
    epochs.votes(execution.epoch()).stream()
        .filter(cast -> cast.vote().digest().equals(execution.digest()))
        .forEach(cast -> voters.add(cast.operator()));
    return voters;
  }

  private EpochSet set(long epoch) {
    return loop.current()
        .filter(current -> current.epoch() == epoch)
        .map(EpochLoop.Current::set)
        .orElseGet(() -> validators.of(epoch));
  }

  private List<Address> proposers(long epoch) {
    Optional<Bytes32> seed =
        epoch == 1
            ? Optional.of(node.deployment().genesis().seed())
            : chain.execution(epoch - 1).map(Execution::seed);
    return seed.map(it -> Picks.proposers(it, set(epoch).operators())).orElse(List.of());
  }
}
