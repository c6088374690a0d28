package io.smartnodes.wire;

import io.smartnodes.protocol.epoch.AssetTotals;
import io.smartnodes.protocol.epoch.InboxItem;
import io.smartnodes.protocol.epoch.InboxKind;
import io.smartnodes.protocol.epoch.Slash;
import io.smartnodes.protocol.epoch.Update;
import io.smartnodes.protocol.epoch.Vote;

/** Structs of epoch: records to protobuf and back, bounded. */
public final class EpochStructs {
  private EpochStructs() {}

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.AssetTotals toProto(AssetTotals value) {
    io.smartnodes.proto.types.v1.AssetTotals.Builder builder =
        io.smartnodes.proto.types.v1.AssetTotals.newBuilder();
    builder.setAsset(Fields.bytes(value.asset()));
    builder.setBalances(Fields.bytes(value.balances()));
    builder.setPayouts(Fields.bytes(value.payouts()));
    builder.setHeldBack(Fields.bytes(value.heldBack()));
    builder.setBurnt(Fields.bytes(value.burnt()));
    builder.setMinted(Fields.bytes(value.minted()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static AssetTotals fromProto(
      io.smartnodes.proto.types.v1.AssetTotals message, String field) {
    Fields.known(message, field);
    return new AssetTotals(
        Fields.address(message.getAsset(), field + ".asset"),
        Fields.amount(message.getBalances(), field + ".balances"),
        Fields.amount(message.getPayouts(), field + ".payouts"),
        Fields.amount(message.getHeldBack(), field + ".held_back"),
        Fields.amount(message.getBurnt(), field + ".burnt"),
        Fields.amount(message.getMinted(), field + ".minted"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Slash toProto(Slash value) {
    io.smartnodes.proto.types.v1.Slash.Builder builder =
        io.smartnodes.proto.types.v1.Slash.newBuilder();
    builder.setOperator(Fields.bytes(value.operator()));
    builder.setAmount(Fields.bytes(value.amount()));
    builder.setEvidenceId(Fields.bytes(value.evidenceId()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Slash fromProto(io.smartnodes.proto.types.v1.Slash message, String field) {
    Fields.known(message, field);
    return new Slash(
        Fields.address(message.getOperator(), field + ".operator"),
        Fields.amount(message.getAmount(), field + ".amount"),
        Fields.bytes32(message.getEvidenceId(), field + ".evidence_id"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Update toProto(Update value) {
    io.smartnodes.proto.types.v1.Update.Builder builder =
        io.smartnodes.proto.types.v1.Update.newBuilder();
    builder.setEpoch(value.epoch());
    builder.setPreviousStateRoot(Fields.bytes(value.previousStateRoot()));
    builder.setStateRoot(Fields.bytes(value.stateRoot()));
    builder.setBodyHash(Fields.bytes(value.bodyHash()));
    builder.setInboxCount(value.inboxCount());
    builder.setInboxHash(Fields.bytes(value.inboxHash()));
    builder.setAsOf(value.asOf().getEpochSecond());
    value.totals().forEach(item -> builder.addTotals(toProto(item)));
    value.ejections().forEach(item -> builder.addEjections(Fields.bytes(item)));
    value.slashes().forEach(item -> builder.addSlashes(toProto(item)));
    builder.setNextSetHash(Fields.bytes(value.nextSetHash()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Update fromProto(io.smartnodes.proto.types.v1.Update message, String field) {
    Fields.known(message, field);
    return new Update(
        Fields.uint64(message.getEpoch(), field + ".epoch"),
        Fields.bytes32(message.getPreviousStateRoot(), field + ".previous_state_root"),
        Fields.bytes32(message.getStateRoot(), field + ".state_root"),
        Fields.bytes32(message.getBodyHash(), field + ".body_hash"),
        Fields.uint64(message.getInboxCount(), field + ".inbox_count"),
        Fields.bytes32(message.getInboxHash(), field + ".inbox_hash"),
        Fields.time(message.getAsOf(), field + ".as_of"),
        Fields.list(message.getTotalsList(), 64, field + ".totals", EpochStructs::fromProto),
        Fields.list(message.getEjectionsList(), 256, field + ".ejections", Fields::address),
        Fields.list(message.getSlashesList(), 256, field + ".slashes", EpochStructs::fromProto),
        Fields.bytes32(message.getNextSetHash(), field + ".next_set_hash"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.Vote toProto(Vote value) {
    io.smartnodes.proto.types.v1.Vote.Builder builder =
        io.smartnodes.proto.types.v1.Vote.newBuilder();
    builder.setEpoch(value.epoch());
    builder.setRound(value.round());
    builder.setDigest(Fields.bytes(value.digest()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static Vote fromProto(io.smartnodes.proto.types.v1.Vote message, String field) {
    Fields.known(message, field);
    return new Vote(
        Fields.uint64(message.getEpoch(), field + ".epoch"),
        Fields.uint32(message.getRound(), field + ".round"),
        Fields.bytes32(message.getDigest(), field + ".digest"));
  }

  /** Encodes. */
  public static io.smartnodes.proto.types.v1.InboxItem toProto(InboxItem value) {
    io.smartnodes.proto.types.v1.InboxItem.Builder builder =
        io.smartnodes.proto.types.v1.InboxItem.newBuilder();
    builder.setIndex(value.index());
    builder.setKind(value.kind().code());
    builder.setAccount(Fields.bytes(value.account()));
    builder.setAsset(Fields.bytes(value.asset()));
    builder.setAmount(Fields.bytes(value.amount()));
    builder.setTarget(Fields.bytes(value.target()));
    builder.setData(Fields.bytes(value.data()));
    return builder.build();
  }

  /** Decodes within bounds, or throws {@link Malformed} that names the field. */
  public static InboxItem fromProto(io.smartnodes.proto.types.v1.InboxItem message, String field) {
    Fields.known(message, field);
    return new InboxItem(
        Fields.uint64(message.getIndex(), field + ".index"),
        Fields.code(InboxKind.of(message.getKind()), field + ".kind"),
        Fields.address(message.getAccount(), field + ".account"),
        Fields.address(message.getAsset(), field + ".asset"),
        Fields.amount(message.getAmount(), field + ".amount"),
        Fields.address(message.getTarget(), field + ".target"),
        Fields.bytes32(message.getData(), field + ".data"));
  }
}
