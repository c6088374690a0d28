package io.smartnodes.acceptance.cluster.live;

import io.smartnodes.acceptance.cluster.kube.Kube;
import io.smartnodes.acceptance.cluster.report.Steps;
import io.smartnodes.cli.network.LocalNetwork;
import io.smartnodes.cli.session.Session;
import java.util.List;

/**
 * A network that runs, one of its validators on the cluster, and what is needed to trouble it.
 *
 * @param network all of it
 * @param release the validator of the cluster
 * @param user somebody with money
 * @param jobs whose home is the validator of the cluster
 * @param owed jobs that went through something; looked at when all is over, since settlement takes
 *     epochs
 */
public record Lab(
    LocalNetwork network,
    Release release,
    Session user,
    Jobs jobs,
    Votes votes,
    Books books,
    List<Owed> owed) {
  /** A job that has to be complete and paid in the end, and what was done while it ran. */
  public record Owed(String during, Jobs.Submitted job) {}

  /** The database of the validator of the cluster. */
  public Rows rows() {
    return release.rows();
  }

  /** Who may sign, as the database knows. */
  public record Holder(String id, long fence, String address) {}

  /** The signer that is active now. */
  public java.util.Optional<Holder> signer() {
    List<List<String>> rows =
        rows()
            .query(
                "select holder, fence, address from proposer.unit_lease"
                    + " where name = 'signer' and until > now()");
    return rows.stream()
        .findFirst()
        .map(row -> new Holder(row.get(0), Long.parseLong(row.get(1)), row.get(2)));
  }

  /** Waits for an active signer with a fence, or a higher one. */
  public Holder awaitSigner(long fence) throws InterruptedException {
    List<Holder> found = new java.util.ArrayList<>();
    Kube.await(
        "a signer with a fence of " + fence + " at least",
        Limits.BACK,
        () -> {
          signer().filter(holder -> holder.fence() >= fence).ifPresent(found::add);
          return !found.isEmpty();
        });
    return found.getFirst();
  }

  /** The pod of the active signer. */
  public Kube.Pod activeSigner() throws InterruptedException {
    Holder holder = awaitSigner(0);
    String host = holder.address().replaceFirst(":[0-9]+$", "");
    return release.pods().stream()
        .filter(pod -> pod.json().path("status").path("podIP").asText().equals(host))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException("the signer at " + holder.address() + " is no pod of ours"));
  }

  /** Whether any validator has its vote for an epoch, counted or too late to be. */
  public boolean voted(long epoch) {
    String sql =
        "select 1 from proposer.vote where operator = '%s' and epoch = %d"
            .formatted(network.keys().operator(0).address(), epoch);
    return Rows.embedded(network.folder().path()).stream()
        .anyMatch(rows -> !rows.query(sql).isEmpty());
  }

  /**
   * Checks that no validator has seen two votes of one key in one round: each keeps the first that
   * it gets, so two of them would have to differ.
   */
  public String noDoubleVote() {
    String operator = network.keys().operator(0).address().toString();
    String sql =
        "select epoch, round, digest from proposer.vote where operator = '"
            + operator
            + "' order by epoch, round";
    java.util.Map<String, String> first = new java.util.TreeMap<>();
    java.util.List<Rows> all = new java.util.ArrayList<>(Rows.embedded(network.folder().path()));
    for (Rows rows : all) {
      for (List<String> row : rows.query(sql)) {
        String place = row.get(0) + "/" + row.get(1);
        String other = first.putIfAbsent(place, row.get(2));
        Steps.check(
            other == null || other.equals(row.get(2)),
            "two votes for epoch/round " + place + ": " + other + " and " + row.get(2));
      }
    }
    Steps.check(!first.isEmpty(), "no vote of " + operator + " is known to anybody");
    return first.size() + " votes known to " + all.size() + " validators, none twice";
  }
}
