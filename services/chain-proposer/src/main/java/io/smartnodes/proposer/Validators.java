package io.smartnodes.proposer;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.quarkus.NodeIdentity;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/**
 * The validator set. The contracts of this deployment keep the founders for good, in the order of
 * genesis, which is also the order of the positions in a bitmap.
 */
@Singleton
public class Validators {
  private final List<Genesis.Founder> members;
  private final PeerId self;

  /** Called by the container. */
  public Validators(Node node, NodeIdentity identity) {
    this.members = node.deployment().genesis().founders();
    this.self = identity.peerId();
  }

  /** The operators, by position. */
  public List<Address> operators() {
    return members.stream().map(Genesis.Founder::operator).toList();
  }

  /** The peers of all other validators. */
  public List<PeerId> others() {
    return members.stream()
        .map(member -> PeerId.of(member.publicKey()))
        .filter(peer -> !peer.equals(self))
        .toList();
  }

  /** The operator whose node a peer is. */
  public Optional<Address> operatorOf(PeerId peer) {
    return members.stream()
        .filter(member -> PeerId.of(member.publicKey()).equals(peer))
        .map(Genesis.Founder::operator)
        .findFirst();
  }

  /** The node of an operator. */
  public Optional<Genesis.Founder> member(Address operator) {
    return members.stream().filter(member -> member.operator().equals(operator)).findFirst();
  }

  /** The set as it is hashed and executed: node address and operator per validator. */
  public Bytes set() {
    ByteArrayOutputStream set = new ByteArrayOutputStream();
    for (Genesis.Founder member : members) {
      set.writeBytes(member.publicKey().address().toArray());
      set.writeBytes(member.operator().toArray());
    }
    return Bytes.of(set.toByteArray());
  }

  /** {@code nextSetHash} of updates: the set stays. */
  public Bytes32 setHash() {
    return set().keccak();
  }
}
