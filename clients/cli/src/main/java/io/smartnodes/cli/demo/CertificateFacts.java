package io.smartnodes.cli.demo;

import io.grpc.StatusRuntimeException;
import io.smartnodes.chain.Block;
import io.smartnodes.cli.session.Patience;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.MemberVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.protocol.chance.Picks;
import io.smartnodes.protocol.chance.Seat;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.state.Parameters;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.Validator;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.sdk.ValidatorNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The certificates of a job as all validators know them, each held against the jury that its draw
 * block picks.
 *
 * @param certificates one per receipt, in order of leases
 * @param juries by receipt
 */
record CertificateFacts(List<Certificate> certificates, Map<Bytes32, List<Address>> juries) {
  /** Asks every validator; those that are alive until they answer. */
  static CertificateFacts collect(
      Session session, Bytes32 jobId, Set<Address> alive, Patience patience, Checks checks) {
    Map<Bytes32, Certificate> known = new LinkedHashMap<>();
    List<String> conflicts = new ArrayList<>();
    for (ValidatorNode validator : session.network().validators()) {
      Patience some = alive.contains(validator.operator()) ? patience : new Patience(Duration.ZERO);
      for (Certificate certificate : ask(session, validator, jobId, some)) {
        Bytes32 receipt = hash(certificate);
        Certificate other = known.putIfAbsent(receipt, certificate);
        if (other != null && other.outcome() != certificate.outcome()) {
          conflicts.add(receipt + ": " + other.outcome() + " and " + certificate.outcome());
        }
      }
    }
    checks.note(
        "oneOutcomePerReceipt",
        conflicts.isEmpty(),
        conflicts.isEmpty() ? known.size() + " certificates" : String.join(", ", conflicts));
    List<Certificate> ordered =
        known.values().stream()
            .sorted(java.util.Comparator.comparingLong(c -> c.receipt().lease().number()))
            .toList();
    Map<Bytes32, List<Address>> juries = juries(session, ordered);
    checkJuries(ordered, juries, checks);
    return new CertificateFacts(ordered, juries);
  }

  private static List<Certificate> ask(
      Session session, ValidatorNode validator, Bytes32 jobId, Patience patience) {
    try {
      return patience.ask(() -> session.state().certificates(validator, jobId));
    } catch (StatusRuntimeException gone) {
      return List.of();
    }
  }

  private static Map<Bytes32, List<Address>> juries(
      Session session, Collection<Certificate> certificates) {
    List<Seat> seats = seats(session);
    int size = parameters(session).jurySize();
    Map<Bytes32, List<Address>> juries = new LinkedHashMap<>();
    for (Certificate certificate : certificates) {
      JobReceipt receipt = certificate.receipt().receipt();
      Optional<Block> drawn = session.chain().block(receipt.drawHeight());
      juries.put(
          receipt.hashStruct(),
          drawn
              .map(block -> Picks.jury(receipt.hashStruct(), block.hash(), seats, size))
              .orElse(List.of()));
    }
    return juries;
  }

  /** The parameters of the executed state. */
  static ProtocolParameters parameters(Session session) {
    return session
        .leaf(LeafKey.PARAMETERS, Parameters.class)
        .map(leaf -> ProtocolParameters.of(leaf.value()))
        .orElseThrow(() -> new IllegalStateException("the state has no parameters"));
  }

  private static List<Seat> seats(Session session) {
    List<Seat> seats = new ArrayList<>();
    for (ValidatorNode validator : session.network().validators()) {
      session
          .leaf(LeafKey.validator(validator.operator()), Validator.class)
          .ifPresent(leaf -> seats.add(new Seat(validator.operator(), leaf.value().seat())));
    }
    return seats;
  }

  private static void checkJuries(
      List<Certificate> certificates, Map<Bytes32, List<Address>> juries, Checks checks) {
    List<String> wrong = new ArrayList<>();
    for (Certificate certificate : certificates) {
      List<Address> jury = juries.getOrDefault(hash(certificate), List.of());
      TreeSet<Address> signers = new TreeSet<>(signers(certificate));
      boolean quorum = signers.size() >= Picks.quorum(jury.size());
      boolean picked = !jury.isEmpty() && jury.containsAll(signers);
      if (!quorum || !picked || signers.size() != certificate.verdicts().size()) {
        wrong.add("lease " + certificate.receipt().lease().number());
      }
    }
    checks.note(
        "certificatesSignedByTheirJuries",
        wrong.isEmpty() && !certificates.isEmpty(),
        wrong.isEmpty()
            ? certificates.size() + " certificates, each with a quorum of the jury that was drawn"
            : "not by a quorum of the jury: " + String.join(", ", wrong));
  }

  /** The hash of the receipt that a certificate is about. */
  static Bytes32 hash(Certificate certificate) {
    return certificate.receipt().receipt().hashStruct();
  }

  private static List<Address> signers(Certificate certificate) {
    return certificate.verdicts().stream().map(MemberVerdict::operator).toList();
  }

  /** Those with an outcome. */
  List<Certificate> with(Outcome outcome) {
    return certificates.stream().filter(c -> c.outcome() == outcome).toList();
  }

  /** Those with an outcome for a worker. */
  List<Certificate> with(Outcome outcome, Address worker) {
    return with(outcome).stream().filter(c -> c.receipt().lease().worker().equals(worker)).toList();
  }

  /** For the report. */
  List<Report.CertificatePart> parts() {
    return certificates.stream()
        .map(certificate ->
            new Report.CertificatePart(
                certificate.receipt().lease().jobId().toString(),
                certificate.receipt().lease().worker().toString(),
                certificate.receipt().lease().number(),
                certificate.receipt().lease().count(),
                certificate.outcome().name(),
                signers(certificate).stream().map(Address::toString).toList(),
                juries.getOrDefault(hash(certificate), List.of()).stream()
                    .map(Address::toString)
                    .toList()))
        .toList();
  }
}
