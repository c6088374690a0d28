package io.smartnodes.chain.contracts;

import io.smartnodes.chain.abi.AbiStructs;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.Slash;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Payout;
import java.util.Arrays;

/** Records of the protocol as structs of the contracts. */
final class Structs {
  private Structs() {}

  static AbiStructs.Update update(Update update) {
    return new AbiStructs.Update(
        update.epoch(),
        update.previousStateRoot(),
        update.stateRoot(),
        update.bodyHash(),
        update.inboxCount(),
        update.inboxHash(),
        update.asOf().getEpochSecond(),
        update.totals().stream().map(Structs::totals).toList(),
        update.ejections(),
        update.slashes().stream().map(Structs::slash).toList(),
        update.nextSetHash());
  }

  private static AbiStructs.AssetTotals totals(AssetTotals totals) {
    return new AbiStructs.AssetTotals(
        totals.asset(),
        totals.balances().value(),
        totals.payouts().value(),
        totals.heldBack().value(),
        totals.burnt().value(),
        totals.minted().value());
  }

  private static AbiStructs.Slash slash(Slash slash) {
    return new AbiStructs.Slash(slash.operator(), slash.amount().value(), slash.evidenceId());
  }

  static AbiStructs.Payout payout(Payout leaf) {
    return new AbiStructs.Payout(
        leaf.account(), leaf.asset(), leaf.payout(), leaf.cumulative().value());
  }

  static AbiStructs.Allotment allotment(Allotment leaf) {
    return new AbiStructs.Allotment(
        leaf.account(),
        leaf.asset(),
        leaf.home(),
        leaf.amount().value(),
        leaf.releasing().value(),
        leaf.releaseAt());
  }

  static AbiStructs.Job job(Job leaf) {
    return new AbiStructs.Job(
        leaf.jobId(),
        leaf.user(),
        leaf.home(),
        leaf.asset(),
        leaf.held().value(),
        leaf.unitCount(),
        leaf.deadline().getEpochSecond(),
        leaf.anchoredAt(),
        leaf.closingAt(),
        leaf.settledCount(),
        leaf.settled());
  }

  static AbiStructs.InboxItem item(InboxItem item) {
    return new AbiStructs.InboxItem(
        item.index(),
        item.kind().code(),
        item.account(),
        item.asset(),
        item.amount().value(),
        item.target(),
        item.data());
  }

  static AbiStructs.JobReceipt receipt(JobReceipt receipt) {
    return new AbiStructs.JobReceipt(
        receipt.jobId(),
        receipt.lease(),
        receipt.first(),
        receipt.count(),
        receipt.fuel().value(),
        receipt.resultsRoot(),
        receipt.drawHeight());
  }

  static Bytes32 x(PublicKey key) {
    return Bytes32.of(Arrays.copyOf(key.bytes().toArray(), 32));
  }

  static Bytes32 y(PublicKey key) {
    return Bytes32.of(Arrays.copyOfRange(key.bytes().toArray(), 32, 64));
  }

  static boolean isNamed(Address address) {
    return !address.isZero();
  }
}
