package io.smartnodes.cli.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the demonstration found; its JSON is described by
 * docs/reference/demo-report.schema.json. Amounts are wei of SNO as decimal text, ids hexadecimal.
 *
 * @param ok whether every check held
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Report(
    boolean ok,
    List<Check> checks,
    long seed,
    @Nullable JobPart job,
    List<WorkerPart> workers,
    List<CertificatePart> certificates,
    List<EpochPart> epochs,
    List<ClaimPart> claims,
    @Nullable ConservationPart conservation,
    @Nullable DetectionPart detection,
    List<PhasePart> phases,
    List<ProcessPart> processes) {
  /** Copies the lists. */
  public Report {
    checks = List.copyOf(checks);
    workers = List.copyOf(workers);
    certificates = List.copyOf(certificates);
    epochs = List.copyOf(epochs);
    claims = List.copyOf(claims);
    phases = List.copyOf(phases);
    processes = List.copyOf(processes);
  }

  /** Something that must hold, and what was seen. */
  public record Check(String name, boolean ok, String detail) {}

  /** The job. */
  public record JobPart(
      String id, int units, long unitsVerified, boolean outputMatchesLocalRun, long wallMillis) {}

  /** A worker; units by leases, verified and refuted by certificates. */
  public record WorkerPart(
      String id,
      String name,
      boolean honest,
      long units,
      long verified,
      long refuted,
      String status,
      @Nullable String evidenceId) {}

  /** The outcome of a jury; signers are the members whose verdicts it carries. */
  public record CertificatePart(
      String jobId,
      String worker,
      long lease,
      long units,
      String outcome,
      List<String> signers,
      List<String> jury) {}

  /** An executed epoch; stateRoots by validator, null for one that does not run any more. */
  public record EpochPart(
      long number,
      int round,
      List<String> proposers,
      String digest,
      int votes,
      int validators,
      String transactionHash,
      long gasUsed,
      String stateRootOnChain,
      List<@Nullable String> stateRoots) {}

  /** A claim that the chain paid. */
  public record ClaimPart(String account, String amount, String transactionHash) {}

  /** Where all SNO of the contract is; owed is what the state still owes. */
  public record ConservationPart(
      String deposits,
      String emitted,
      String paid,
      String owed,
      String fees,
      String burnt,
      boolean ok) {}

  /**
   * The odds that the juries catch every cheat.
   *
   * @param units in the receipts of cheats
   * @param sample units that each member replays
   * @param badShare of the units falsified
   * @param probability of the cheat with the lowest
   */
  public record DetectionPart(
      long units, int sample, BigDecimal badShare, BigDecimal probability) {}

  /** How long a part of the run took. */
  public record PhasePart(String name, long millis) {}

  /** What a process used. */
  public record ProcessPart(String name, double cpuSeconds, double peakRssMiB) {}

  /** The report as JSON. */
  public String toJson() throws IOException {
    return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(this);
  }

  /** Writes the JSON. */
  public void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, toJson() + "\n");
  }
}
