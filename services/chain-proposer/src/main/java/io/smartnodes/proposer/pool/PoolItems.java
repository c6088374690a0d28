package io.smartnodes.proposer.pool;

import io.smartnodes.proposer.store.ItemStore.Item;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.wire.BodyStructs;
import java.util.ArrayList;
import java.util.List;

/** Bodies as bags of items: taken apart, and put together again. */
public final class PoolItems {
  private PoolItems() {}

  /**
   * Every item of a bag, decoded within bounds and hashed again; votes are no items.
   *
   * @throws io.smartnodes.wire.Malformed if one cannot be decoded
   */
  public static List<Item> split(Body bag, boolean own) {
    List<Item> items = new ArrayList<>();
    bag.getRegistrationsList()
        .forEach(item ->
            items.add(
                item(
                    1,
                    BodyStructs.fromProto(item, "registrations").hashStruct().toString(),
                    Body.newBuilder().addRegistrations(item),
                    own)));
    bag.getAllotsList()
        .forEach(item ->
            items.add(
                item(
                    2,
                    BodyStructs.fromProto(item, "allots").hashStruct().toString(),
                    Body.newBuilder().addAllots(item),
                    own)));
    bag.getReleasesList()
        .forEach(item ->
            items.add(
                item(
                    3,
                    BodyStructs.fromProto(item, "releases").hashStruct().toString(),
                    Body.newBuilder().addReleases(item),
                    own)));
    bag.getHoldsList()
        .forEach(item ->
            items.add(
                item(
                    4,
                    BodyStructs.fromProto(item, "holds").hashStruct().toString(),
                    Body.newBuilder().addHolds(item),
                    own)));
    bag.getReceiptsList()
        .forEach(item ->
            items.add(
                item(
                    5,
                    BodyStructs.fromProto(item, "receipts").hashStruct().toString(),
                    Body.newBuilder().addReceipts(item),
                    own)));
    bag.getCertificatesList()
        .forEach(item ->
            items.add(
                item(
                    6,
                    BodyStructs.fromProto(item, "certificates").hashStruct().toString(),
                    Body.newBuilder().addCertificates(item),
                    own)));
    return items;
  }

  /** A bag of the items, as many as fit into {@code most} bytes. */
  public static Body join(List<Item> items, int most) {
    Body.Builder bag = Body.newBuilder();
    int size = 0;
    for (Item item : items) {
      size += item.body().getSerializedSize();
      if (size > most) {
        break;
      }
      bag.mergeFrom(item.body());
    }
    return bag.build();
  }

  private static Item item(int kind, String hash, Body.Builder body, boolean own) {
    return new Item(hash, kind, body.build(), own);
  }
}
