package io.smartnodes.proposer.store;

import io.smallrye.mutiny.Uni;
import io.smartnodes.proto.types.v1.Body;
import io.smartnodes.quarkus.Tx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** The pool of items that wait for a body. */
@ApplicationScoped
public class ItemStore {
  /** More waiting items than this are not taken from others. */
  public static final int MOST = 20_000;

  private static final int STRIKES = 6;

  private final Tx tx;

  /** Called by the container. */
  public ItemStore(Tx tx) {
    this.tx = tx;
  }

  /**
   * A waiting item.
   *
   * @param kind number of its list in the body
   * @param body a body that holds nothing but the item
   */
  public record Item(String hash, int kind, Body body, boolean own) {}

  /** Keeps an item in the current transaction; 0 if it is known. */
  public static Uni<Integer> insert(Item item) {
    return Rows.execute(
        "insert into {h-schema}pool_item (hash, kind, payload, own)"
            + " values (:hash, :kind, :payload, :own) on conflict do nothing",
        Map.of(
            "hash",
            item.hash(),
            "kind",
            (short) item.kind(),
            "payload",
            item.body().toByteArray(),
            "own",
            item.own()));
  }

  /** Keeps items of others as long as there is room; how many were new. */
  public Uni<Integer> keep(List<Item> items) {
    return tx.run(
        Rows.UNIT,
        session ->
            Rows.list("select count(*), 1 from {h-schema}pool_item", Map.of(), row -> row.number(0))
                .chain(counts -> {
                  Uni<Integer> all = Uni.createFrom().item(0);
                  if (counts.getFirst() + items.size() > MOST) {
                    return all;
                  }
                  for (Item item : items) {
                    all = all.chain(sum -> insert(item).map(one -> sum + one));
                  }
                  return all;
                }));
  }

  /** All items, the oldest first; those only that came from this validator if {@code own}. */
  public List<Item> all(boolean own) {
    return tx.runAndAwait(
        Rows.UNIT,
        session ->
            Rows.list(
                "select hash, kind, encode(payload, 'hex'), own from {h-schema}pool_item"
                    + (own ? " where own" : "")
                    + " order by seen_at, hash limit "
                    + MOST,
                Map.of(),
                row ->
                    new Item(
                        row.text(0), (int) row.number(1), row.message(2, Body.parser()), own)));
  }

  /** Counts a build that had no use for these items; after six they are dropped. */
  public void strike(List<String> hashes) {
    if (hashes.isEmpty()) {
      return;
    }
    tx.runAndAwait(
        Rows.UNIT,
        session ->
            Rows.execute(
                    "update {h-schema}pool_item set strikes = strikes + 1 where hash in (:hashes)",
                    Map.of("hashes", hashes))
                .chain(() ->
                    Rows.execute(
                        "delete from {h-schema}pool_item where strikes >= " + STRIKES, Map.of())));
  }

  static Uni<Integer> drop(List<String> hashes) {
    return hashes.isEmpty()
        ? Uni.createFrom().item(0)
        : Rows.execute(
            "delete from {h-schema}pool_item where hash in (:hashes)", Map.of("hashes", hashes));
  }
}
