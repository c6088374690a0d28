package io.smartnodes.proposer.signer;

import io.smallrye.mutiny.Uni;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.protocol.signing.Guard;
import io.smartnodes.protocol.signing.SignerStart.Mark;
import io.smartnodes.quarkus.Tx;
import io.smartnodes.wire.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;

/** The guard rows. */
@ApplicationScoped
public class GuardStore {
  private static final String UNIT = "proposer";
  private static final int CHUNK = 500;

  private final Tx tx;

  /** Called by the container. */
  public GuardStore(Tx tx) {
    this.tx = tx;
  }

  /**
   * Commits the rows of all guards, or fails with ERROR_CODE_ALREADY_SIGNED and writes none. Two
   * writers of one place collide on its primary key: the second fails and may try again.
   */
  Uni<Void> commit(List<Guard> guards) {
    if (guards.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return tx.run(
        UNIT, session -> standing(session, guards).chain(rows -> apply(session, guards, rows)));
  }

  private static Uni<Map<String, GuardRow>> standing(Mutiny.Session session, List<Guard> guards) {
    List<String> places = guards.stream().map(Guard::place).distinct().sorted().toList();
    Uni<Map<String, GuardRow>> all = Uni.createFrom().item(HashMap::new);
    for (int from = 0; from < places.size(); from += CHUNK) {
      List<String> chunk = places.subList(from, Math.min(from + CHUNK, places.size()));
      all =
          all.chain(found ->
              session
                  .createSelectionQuery(
                      "from GuardRow where id in (:places) order by id", GuardRow.class)
                  .setParameter("places", chunk)
                  .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                  .getResultList()
                  .invoke(rows -> rows.forEach(row -> found.put(row.id, row)))
                  .replaceWith(found));
    }
    return all;
  }

  private static Uni<Void> apply(
      Mutiny.Session session, List<Guard> guards, Map<String, GuardRow> rows) {
    List<GuardRow> fresh = new ArrayList<>();
    for (Guard guard : guards) {
      GuardRow row = rows.get(guard.place());
      switch (guard.judge(Optional.ofNullable(row).map(GuardRow::entry))) {
        case Guard.Outcome.Again again -> {}
        case Guard.Outcome.First first -> {
          GuardRow made = new GuardRow(guard.place(), first.entry());
          rows.put(made.id, made);
          fresh.add(made);
        }
        case Guard.Outcome.Replaces replaces -> {
          if (row != null) {
            row.set(replaces.entry());
          }
        }
        case Guard.Outcome.Contradicts contradicts -> {
          return Uni.createFrom()
              .failure(
                  Errors.status(
                      ErrorCode.ERROR_CODE_ALREADY_SIGNED, "items", contradicts.reason()));
        }
      }
    }
    return session.persistAll(fresh.toArray()).chain(session::flush);
  }

  /** The highest vote that the rows know. */
  Uni<Optional<Mark>> highestVote() {
    return tx.run(
        UNIT,
        session ->
            session
                .createSelectionQuery(
                    "select max(id) from GuardRow where id like '" + ToSign.VOTES + "%'",
                    String.class)
                .getSingleResultOrNull()
                .map(place -> Optional.ofNullable(place).map(ToSign::mark)));
  }
}
