package io.smartnodes.protocol.state.tree;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Network;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.Totals;
import io.smartnodes.protocol.state.Validator;

/** Where a leaf sits: its type and its key among the leaves of that type (1.8). */
public record LeafKey(LeafType type, Bytes32 key) {
  /** The one leaf of parameters. */
  public static final LeafKey PARAMETERS = new LeafKey(LeafType.PARAMETERS, Bytes32.ZERO);

  /** The one leaf that says where the state stands. */
  public static final LeafKey HEAD = new LeafKey(LeafType.HEAD, Bytes32.ZERO);

  /** {@code keccak256(abi(uint8 type, bytes32 key))}, the path in the tree (2.1.1). */
  public Bytes32 path() {
    return Keccak.words(Bytes32.ofNumber(type.code()), key);
  }

  /** An account's leaf. */
  public static LeafKey account(Address account) {
    return new LeafKey(LeafType.ACCOUNT, account.toWord());
  }

  /** The leaf of what an account allotted to a home; home zero is its free balance. */
  public static LeafKey allotment(Address account, Address asset, Address home) {
    return new LeafKey(
        LeafType.ALLOTMENT, Keccak.words(account.toWord(), asset.toWord(), home.toWord()));
  }

  /** A job's leaf. */
  public static LeafKey job(Bytes32 jobId) {
    return new LeafKey(LeafType.JOB, jobId);
  }

  /** The leaf of a receipt that waits for its payment. */
  public static LeafKey pending(Bytes32 receiptHash) {
    return new LeafKey(LeafType.PENDING, receiptHash);
  }

  /** The leaf of what an account has earned in an asset. */
  public static LeafKey payout(Address account, Address asset) {
    return new LeafKey(LeafType.PAYOUT, Keccak.words(account.toWord(), asset.toWord()));
  }

  /** A validator's leaf. */
  public static LeafKey validator(Address operator) {
    return new LeafKey(LeafType.VALIDATOR, operator.toWord());
  }

  /** A network's leaf. */
  public static LeafKey network(Bytes32 network) {
    return new LeafKey(LeafType.NETWORK, network);
  }

  /** The leaf of an asset's totals. */
  public static LeafKey totals(Address asset) {
    return new LeafKey(LeafType.TOTALS, asset.toWord());
  }

  /**
   * Where a value belongs.
   *
   * @throws IllegalArgumentException if the struct is no leaf
   */
  public static LeafKey of(Struct value) {
    LeafType type = LeafType.of(value);
    return switch (type) {
      case ACCOUNT -> account(((Account) value).account());
      case ALLOTMENT -> {
        Allotment allotment = (Allotment) value;
        yield allotment(allotment.account(), allotment.asset(), allotment.home());
      }
      case JOB -> job(((Job) value).jobId());
      case PENDING -> pending(((Pending) value).receiptHash());
      case PAYOUT -> payout(((Payout) value).account(), ((Payout) value).asset());
      case VALIDATOR -> validator(((Validator) value).operator());
      case NETWORK -> network(((Network) value).network());
      case PARAMETERS -> PARAMETERS;
      case TOTALS -> totals(((Totals) value).asset());
      case HEAD -> HEAD;
    };
  }
}
