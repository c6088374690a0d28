package io.smartnodes.protocol.state;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.chance.Seat;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.set.Validators;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.LeafType;
import io.smartnodes.protocol.state.tree.StateTree;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The replicated state after one epoch: typed access to the leaves of its tree. Immutable. It is
 * advanced by {@code io.smartnodes.protocol.transition.Transition} alone (2.5).
 *
 * @param tree the leaves; always with a head and parameters
 */
public record State(StateTree tree) {
  /** The status of validators and networks that serve. */
  public static final int ACTIVE = 1;

  /** The root on the chain. */
  public Bytes32 root() {
    return tree.root();
  }

  /** Where the state stands. */
  public Head head() {
    return required(LeafKey.HEAD, Head.class);
  }

  /** The epoch that led to this state, 0 for genesis. */
  public long epoch() {
    return head().epoch();
  }

  /** The parameters that the next epoch follows. */
  public Parameters parameters() {
    return required(LeafKey.PARAMETERS, Parameters.class);
  }

  /** A worker or user. */
  public Optional<Account> account(Address account) {
    return get(LeafKey.account(account), Account.class);
  }

  /** Money of an account for a home; home zero is its free balance. */
  public Optional<Allotment> allotment(Address account, Address asset, Address home) {
    return get(LeafKey.allotment(account, asset, home), Allotment.class);
  }

  /** A job that is not closed yet. */
  public Optional<Job> job(Bytes32 jobId) {
    return get(LeafKey.job(jobId), Job.class);
  }

  /** A certified receipt that is not paid yet, or one anchored without a certificate. */
  public Optional<Pending> pending(Bytes32 receiptHash) {
    return get(LeafKey.pending(receiptHash), Pending.class);
  }

  /** What an account has earned in all. */
  public Optional<Payout> payout(Address account, Address asset) {
    return get(LeafKey.payout(account, asset), Payout.class);
  }

  /** A validator, whatever its status. */
  public Optional<Validator> validator(Address operator) {
    return get(LeafKey.validator(operator), Validator.class);
  }

  /** A validator that serves. */
  public Optional<Validator> activeValidator(Address operator) {
    return validator(operator).filter(Validator::isActive);
  }

  /** All validators, also queued ones and those that left, in the order of their ordinals. */
  public Validators validators() {
    return Validators.of(leaves(LeafType.VALIDATOR, Validator.class));
  }

  /** The set that votes on the next epoch, in its order. */
  public List<Validator> activeValidators() {
    return validators().active();
  }

  /** Who was active in the state of an epoch. */
  public List<Validator> activeAt(long epoch) {
    return validators().activeAt(epoch);
  }

  /** The seats from which witnesses and jury of a job are picked that this epoch anchored. */
  public List<Seat> pickableAt(long epoch) {
    return validators().pickableAt(epoch);
  }

  /** The set as the chain holds it (2.7). */
  public Bytes validatorSet() {
    return validators().set();
  }

  /** The hash of the set, {@code nextSetHash} of the update that led to this state. */
  public Bytes32 validatorSetHash() {
    return validators().setHash();
  }

  /** A kind of computation. */
  public Optional<Network> network(Bytes32 network) {
    return get(LeafKey.network(network), Network.class);
  }

  /** Running totals of an asset, zero if it never occurred. */
  public Totals totals(Address asset) {
    return get(LeafKey.totals(asset), Totals.class)
        .orElseGet(() ->
            new Totals(asset, Amount.ZERO, Amount.ZERO, Amount.ZERO, Amount.ZERO, Amount.ZERO));
  }

  /** Running totals of all assets that ever occurred, in the order of their addresses. */
  public List<Totals> totals() {
    return leaves(LeafType.TOTALS, Totals.class).stream()
        .sorted(Comparator.comparing(Totals::asset))
        .toList();
  }

  /** All leaves of a type, in the order of their paths; the class must be the type's. */
  public <T extends Struct> List<T> leaves(LeafType type, Class<T> as) {
    return tree.leaves(type).stream().map(as::cast).toList();
  }

  private <T extends Struct> Optional<T> get(LeafKey key, Class<T> as) {
    return tree.get(key).map(as::cast);
  }

  private <T extends Struct> T required(LeafKey key, Class<T> as) {
    return get(key, as)
        .orElseThrow(() -> new IllegalStateException("a state without its leaf " + key.type()));
  }
}
