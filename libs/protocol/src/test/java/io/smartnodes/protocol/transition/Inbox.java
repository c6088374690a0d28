package io.smartnodes.protocol.transition;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;

/** What Core queues, from where a world stands. */
public final class Inbox {
  private long index;

  public Inbox(World world) {
    index = world.state().head().inboxCount();
  }

  public InboxItem item(
      InboxKind kind, Address account, Address asset, Amount amount, Address target, Bytes32 data) {
    return new InboxItem(index++, kind, account, asset, amount, target, data);
  }

  public InboxItem deposit(Address account, Address asset, Amount amount, Address home) {
    return item(InboxKind.DEPOSIT, account, asset, amount, home, Bytes32.ZERO);
  }

  public InboxItem release(Address account, Address asset, Amount amount, Address home) {
    return item(InboxKind.RELEASE, account, asset, amount, home, Bytes32.ZERO);
  }

  public InboxItem join(Address operator, NodeKey node, Instant eligibleAt) {
    Address time = Address.fromWord(Bytes32.ofNumber(eligibleAt.getEpochSecond()));
    return item(InboxKind.JOIN, operator, time, x(node), operator, y(node));
  }

  public InboxItem exit(Address operator) {
    return item(
        InboxKind.EXIT, operator, Address.ZERO, Amount.ZERO, Address.ZERO, Bytes32.ofNumber(1));
  }

  public InboxItem rotation(Address operator, NodeKey node) {
    return item(InboxKind.ROTATION, operator, Address.ZERO, x(node), operator, y(node));
  }

  public InboxItem parameter(long which, Amount value) {
    return item(
        InboxKind.PARAMETER,
        Address.ZERO,
        Address.ZERO,
        value,
        Address.ZERO,
        Bytes32.ofNumber(which));
  }

  public InboxItem escape(Address account, Address asset, Amount amount, Address home) {
    return item(InboxKind.ESCAPE, account, asset, amount, home, Bytes32.ZERO);
  }

  public InboxItem escapeJob(Address account, Address asset, Amount amount, Bytes32 job) {
    return item(InboxKind.ESCAPE, account, asset, amount, World.HOME, job);
  }

  public InboxItem network(Bytes32 network, Address owner, long status) {
    Address code = Address.fromWord(Bytes32.ofNumber(status));
    Amount id = new Amount(network.toNumber());
    return item(InboxKind.NETWORK, owner, code, id, Address.ZERO, Bytes32.ofNumber(9));
  }

  private static Amount x(NodeKey node) {
    return new Amount(new BigInteger(1, Arrays.copyOf(node.publicKey().bytes().toArray(), 32)));
  }

  private static Bytes32 y(NodeKey node) {
    return Bytes32.of(Arrays.copyOfRange(node.publicKey().bytes().toArray(), 32, 64));
  }
}
