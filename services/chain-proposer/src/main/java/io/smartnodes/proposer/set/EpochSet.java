package io.smartnodes.proposer.set;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.state.Validator;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/**
 * The set that decides about one epoch: the active validators of the state before it, ascending by
 * ordinal. The place in the list is the position in the bitmap of votes. What works on an epoch
 * keeps the set that it began with.
 */
public record EpochSet(List<Member> members) {
  /** One validator with the key by which it votes. */
  public record Member(Address operator, PublicKey key) {
    /** Its node. */
    public PeerId peer() {
      return PeerId.of(key);
    }
  }

  /** Copies the list. */
  public EpochSet {
    members = List.copyOf(members);
  }

  /** The set of these leaves, which are in the order of their ordinals. */
  public static EpochSet of(List<Validator> validators) {
    return new EpochSet(
        validators.stream()
            .map(one -> new Member(one.operator(), new PublicKey(one.publicKey())))
            .toList());
  }

  /** The operators, by position. */
  public List<Address> operators() {
    return members.stream().map(Member::operator).toList();
  }

  /** The member of an operator. */
  public Optional<Member> member(Address operator) {
    return members.stream().filter(member -> member.operator().equals(operator)).findFirst();
  }

  /** The operator whose node a peer is. */
  public Optional<Address> operatorOf(PeerId peer) {
    return members.stream()
        .filter(member -> member.peer().equals(peer))
        .map(Member::operator)
        .findFirst();
  }

  /** The nodes of all members but one. */
  public List<PeerId> others(PeerId self) {
    return members.stream().map(Member::peer).filter(peer -> !peer.equals(self)).toList();
  }

  /** The set as it is hashed and executed: node address and operator per validator. */
  public Bytes blob() {
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    for (Member member : members) {
      blob.writeBytes(member.key().address().toArray());
      blob.writeBytes(member.operator().toArray());
    }
    return Bytes.of(blob.toByteArray());
  }

  /** What an update states as {@code nextSetHash} if it leaves the set as it is. */
  public Bytes32 hash() {
    return blob().keccak();
  }
}
