package io.smartnodes.events.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Hex;
import io.smartnodes.events.state.StateSnapshot.Head;
import io.smartnodes.proto.reputation.v1.Leaf;
import io.smartnodes.proto.reputation.v1.LeafChange;
import io.smartnodes.proto.reputation.v1.StateAdvanced;
import io.smartnodes.quarkus.Tx;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** The tables {@code state_head}, {@code state_leaf} and {@code state_part}. */
final class StateRows {
  /** How many epochs deletions are remembered for memories that are behind. */
  static final long KEPT = 64;

  private static final int ROWS_AT_ONCE = 100;

  private StateRows() {}

  private static Mutiny.Session session() {
    return Tx.current().session();
  }

  static Uni<Optional<Head>> head() {
    return head("");
  }

  /** The head, which nobody moves before the transaction has ended: what is read then belongs. */
  static Uni<Optional<Head>> lockedHead() {
    return head(" for share");
  }

  private static Uni<Optional<Head>> head(String lock) {
    return session()
        .createNativeQuery(
            "select epoch, encode(state_root, 'hex'), encode(seed, 'hex'), as_of"
                + " from {h-schema}state_head"
                + lock,
            Object[].class)
        .getResultList()
        .map(rows -> rows.stream().findFirst().map(StateRows::head));
  }

  private static Head head(Object[] row) {
    return new Head(
        ((Number) row[0]).longValue(),
        bytes32(row[1]),
        bytes32(row[2]),
        Instant.ofEpochSecond(((Number) row[3]).longValue()));
  }

  private static Bytes32 bytes32(Object hex) {
    return Bytes32.of(Hex.decode((String) hex));
  }

  static Uni<Map<Integer, Map<Bytes32, Leaf>>> leaves() {
    return session()
        .createNativeQuery(
            "select type, encode(key, 'hex'), encode(body, 'hex') from {h-schema}state_leaf",
            Object[].class)
        .getResultList()
        .map(rows -> {
          Map<Integer, Map<Bytes32, Leaf>> byType = new HashMap<>();
          for (Object[] row : rows) {
            byType
                .computeIfAbsent(((Number) row[0]).intValue(), type -> new HashMap<>())
                .put(bytes32(row[1]), leaf((String) row[2]));
          }
          return byType;
        });
  }

  /** What the epochs after one changed, the deletions first; at most {@link #KEPT} epochs back. */
  static Uni<List<LeafChange>> changesSince(long epoch) {
    return session()
        .createNativeQuery(
            "select type, encode(key, 'hex'), '' from {h-schema}state_gone where epoch > :epoch"
                + " union all select type, encode(key, 'hex'), encode(body, 'hex')"
                + " from {h-schema}state_leaf where epoch > :epoch order by 3",
            Object[].class)
        .setParameter("epoch", epoch)
        .getResultList()
        .map(rows -> rows.stream().map(StateRows::change).toList());
  }

  private static LeafChange change(Object[] row) {
    LeafChange.Builder change =
        LeafChange.newBuilder()
            .setType(((Number) row[0]).intValue())
            .setKey(ByteString.copyFrom(Hex.decode((String) row[1])));
    String body = (String) row[2];
    return body.isEmpty() ? change.setDeleted(true).build() : change.setLeaf(leaf(body)).build();
  }

  private static Leaf leaf(String hex) {
    try {
      return Leaf.parseFrom(Hex.decode(hex));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored leaf cannot be read", e);
    }
  }

  static Uni<Void> storePart(StateAdvanced part) {
    return session()
        .createNativeQuery(
            "insert into {h-schema}state_part (epoch, part, payload)"
                + " values (:epoch, :part, :payload) on conflict do nothing")
        .setParameter("epoch", part.getEpoch())
        .setParameter("part", part.getPart())
        .setParameter("payload", part.toByteArray())
        .executeUpdate()
        .replaceWithVoid();
  }

  static Uni<List<StateAdvanced>> parts(long epoch) {
    return session()
        .createNativeQuery(
            "select encode(payload, 'hex') from {h-schema}state_part"
                + " where epoch = :epoch order by part",
            String.class)
        .setParameter("epoch", epoch)
        .getResultList()
        .map(rows -> rows.stream().map(StateRows::part).toList());
  }

  private static StateAdvanced part(String hex) {
    try {
      return StateAdvanced.parseFrom(Hex.decode(hex));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a stored part cannot be read", e);
    }
  }

  static Uni<Void> dropParts(long epoch) {
    return session()
        .createNativeQuery("delete from {h-schema}state_part where epoch <= :epoch")
        .setParameter("epoch", epoch)
        .executeUpdate()
        .replaceWithVoid();
  }

  static Uni<Void> storeHead(Head head) {
    return session()
        .createNativeQuery(
            "insert into {h-schema}state_head (one, epoch, state_root, seed, as_of)"
                + " values (1, :epoch, :root, :seed, :asOf) on conflict (one) do update set"
                + " epoch = excluded.epoch, state_root = excluded.state_root,"
                + " seed = excluded.seed, as_of = excluded.as_of")
        .setParameter("epoch", head.epoch())
        .setParameter("root", head.stateRoot().toArray())
        .setParameter("seed", head.seed().toArray())
        .setParameter("asOf", head.asOf().getEpochSecond())
        .executeUpdate()
        .replaceWithVoid();
  }

  /** Writes changes with distinct keys, deletions among them, a hundred rows a statement. */
  static Uni<Void> storeChanges(long epoch, List<LeafChange> changes) {
    Uni<Void> all = Uni.createFrom().voidItem();
    List<LeafChange> kept = changes.stream().filter(change -> !change.getDeleted()).toList();
    for (int from = 0; from < kept.size(); from += ROWS_AT_ONCE) {
      List<LeafChange> chunk = kept.subList(from, Math.min(from + ROWS_AT_ONCE, kept.size()));
      all = all.chain(() -> upsert(epoch, chunk));
    }
    for (LeafChange change : changes) {
      if (change.getDeleted()) {
        all = all.chain(() -> delete(epoch, change));
      }
    }
    return all.chain(() -> forgetGone(epoch));
  }

  private static Uni<Void> upsert(long epoch, List<LeafChange> chunk) {
    StringBuilder sql =
        new StringBuilder("insert into {h-schema}state_leaf (type, key, body, epoch) values ");
    for (int i = 0; i < chunk.size(); i++) {
      sql.append(i == 0 ? "" : ", ").append("(:t%d, :k%d, :b%d, :epoch)".formatted(i, i, i));
    }
    sql.append(
        " on conflict (type, key) do update set body = excluded.body, epoch = excluded.epoch");
    var query = session().createNativeQuery(sql.toString()).setParameter("epoch", epoch);
    for (int i = 0; i < chunk.size(); i++) {
      LeafChange change = chunk.get(i);
      query.setParameter("t" + i, change.getType());
      query.setParameter("k" + i, change.getKey().toByteArray());
      query.setParameter("b" + i, change.getLeaf().toByteArray());
    }
    return query.executeUpdate().replaceWithVoid();
  }

  private static Uni<Void> delete(long epoch, LeafChange change) {
    return session()
        .createNativeQuery(
            "with gone as (delete from {h-schema}state_leaf where type = :type and key = :key)"
                + " insert into {h-schema}state_gone (type, key, epoch)"
                + " values (:type, :key, :epoch)"
                + " on conflict (type, key) do update set epoch = excluded.epoch")
        .setParameter("epoch", epoch)
        .setParameter("type", change.getType())
        .setParameter("key", change.getKey().toByteArray())
        .executeUpdate()
        .replaceWithVoid();
  }

  private static Uni<Void> forgetGone(long epoch) {
    return session()
        .createNativeQuery("delete from {h-schema}state_gone where epoch < :epoch")
        .setParameter("epoch", epoch - KEPT)
        .executeUpdate()
        .replaceWithVoid();
  }
}
