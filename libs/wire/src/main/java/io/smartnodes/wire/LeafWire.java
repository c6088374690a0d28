package io.smartnodes.wire;

import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.proto.reputation.v1.LeafChange;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.Account;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Head;
import io.smartnodes.protocol.state.Job;
import io.smartnodes.protocol.state.Network;
import io.smartnodes.protocol.state.Parameters;
import io.smartnodes.protocol.state.Payout;
import io.smartnodes.protocol.state.Pending;
import io.smartnodes.protocol.state.Totals;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.LeafType;
import java.util.Optional;

/** Leaves of the state and their changes: records to protobuf and back, bounded. */
public final class LeafWire {
  private LeafWire() {}

  /**
   * What an epoch did to one leaf.
   *
   * @param key of the leaf
   * @param value the new value, empty if the leaf is gone
   */
  public record Change(LeafKey key, Optional<Struct> value) {}

  /** Encodes a leaf. */
  public static Leaf toProto(Struct value) {
    LeafKey key = LeafKey.of(value);
    Leaf.Builder leaf =
        Leaf.newBuilder().setType(key.type().code()).setKey(Fields.bytes(key.key()));
    switch (key.type()) {
      case ACCOUNT -> leaf.setAccount(StateStructs.toProto((Account) value));
      case ALLOTMENT -> leaf.setAllotment(StateStructs.toProto((Allotment) value));
      case JOB -> leaf.setJob(StateStructs.toProto((Job) value));
      case PENDING -> leaf.setPending(StateStructs.toProto((Pending) value));
      case PAYOUT -> leaf.setPayout(StateStructs.toProto((Payout) value));
      case VALIDATOR -> leaf.setValidator(StateStructs.toProto((Validator) value));
      case NETWORK -> leaf.setNetwork(StateStructs.toProto((Network) value));
      case PARAMETERS -> leaf.setParameters(StateStructs.toProto((Parameters) value));
      case TOTALS -> leaf.setTotals(StateStructs.toProto((Totals) value));
      case HEAD -> leaf.setHead(StateStructs.toProto((Head) value));
    }
    return leaf.build();
  }

  /**
   * Decodes a leaf within bounds.
   *
   * @throws Malformed if a field is wrong, or type and key are not those of the value
   */
  public static Struct fromProto(Leaf message, String field) {
    Fields.known(message, field);
    LeafKey key = key(message.getType(), message.getKey(), field);
    Struct value = value(message, field);
    if (!LeafKey.of(value).equals(key)) {
      throw new Malformed(field + ".key", "not the key of the value");
    }
    return value;
  }

  /** Encodes a change. */
  public static LeafChange toProto(LeafKey key, Optional<Struct> value) {
    LeafChange.Builder change =
        LeafChange.newBuilder()
            .setType(key.type().code())
            .setKey(Fields.bytes(key.key()))
            .setDeleted(value.isEmpty());
    value.ifPresent(struct -> change.setLeaf(toProto(struct)));
    return change.build();
  }

  /**
   * Decodes a change within bounds.
   *
   * @throws Malformed if a field is wrong
   */
  public static Change fromProto(LeafChange message, String field) {
    Fields.known(message, field);
    LeafKey key = key(message.getType(), message.getKey(), field);
    if (message.getDeleted() == message.hasLeaf()) {
      throw new Malformed(field + ".deleted", "a leaf is either there or deleted");
    }
    if (message.getDeleted()) {
      return new Change(key, Optional.empty());
    }
    Struct value = fromProto(message.getLeaf(), field + ".leaf");
    if (!LeafKey.of(value).equals(key)) {
      throw new Malformed(field + ".key", "not the key of the leaf");
    }
    return new Change(key, Optional.of(value));
  }

  /** Decodes type and key. */
  public static LeafKey key(int type, com.google.protobuf.ByteString key, String field) {
    return new LeafKey(
        Fields.code(LeafType.of(type), field + ".type"), Fields.bytes32(key, field + ".key"));
  }

  private static Struct value(Leaf leaf, String field) {
    return switch (leaf.getValueCase()) {
      case ACCOUNT -> StateStructs.fromProto(leaf.getAccount(), field + ".account");
      case ALLOTMENT -> StateStructs.fromProto(leaf.getAllotment(), field + ".allotment");
      case JOB -> StateStructs.fromProto(leaf.getJob(), field + ".job");
      case PENDING -> StateStructs.fromProto(leaf.getPending(), field + ".pending");
      case PAYOUT -> StateStructs.fromProto(leaf.getPayout(), field + ".payout");
      case VALIDATOR -> StateStructs.fromProto(leaf.getValidator(), field + ".validator");
      case NETWORK -> StateStructs.fromProto(leaf.getNetwork(), field + ".network");
      case PARAMETERS -> StateStructs.fromProto(leaf.getParameters(), field + ".parameters");
      case TOTALS -> StateStructs.fromProto(leaf.getTotals(), field + ".totals");
      case HEAD -> StateStructs.fromProto(leaf.getHead(), field + ".head");
      case VALUE_NOT_SET -> throw new Malformed(field + ".value", "missing");
    };
  }
}
