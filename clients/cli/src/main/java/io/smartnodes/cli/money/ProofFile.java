package io.smartnodes.cli.money;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;

/**
 * What an account owns in one executed state, with the proofs: enough to take it out of the
 * contract after a silence, without any validator. Good as long as no later epoch is executed.
 *
 * @param chainId of the deployment
 * @param core address of Core
 * @param epoch of the state
 * @param stateRoot as the chain executed it
 * @param account whose
 * @param allotments what homes could promise, and the free balance (home zero)
 * @param jobs what is held for jobs
 */
public record ProofFile(
    long chainId,
    String core,
    long epoch,
    String stateRoot,
    String account,
    List<AllotmentProof> allotments,
    List<JobProof> jobs) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /** Copies the lists. */
  public ProofFile {
    allotments = List.copyOf(allotments);
    jobs = List.copyOf(jobs);
  }

  /** An allotment leaf; amounts in the smallest unit as decimal text. */
  public record AllotmentProof(
      String asset,
      String home,
      String amount,
      String releasing,
      long releaseAt,
      List<String> siblings) {
    /** Copies the list. */
    public AllotmentProof {
      siblings = List.copyOf(siblings);
    }

    static AllotmentProof of(Session.Executed<Allotment> leaf) {
      Allotment allotment = leaf.value();
      return new AllotmentProof(
          allotment.asset().toString(),
          allotment.home().toString(),
          allotment.amount().toString(),
          allotment.releasing().toString(),
          allotment.releaseAt(),
          texts(leaf.siblings()));
    }

    /** The leaf. */
    public Allotment leaf(Address account) {
      return new Allotment(
          account,
          Address.fromHex(asset),
          Address.fromHex(home),
          number(amount),
          number(releasing),
          releaseAt);
    }
  }

  /** A job leaf; the deadline in seconds since 1970. */
  public record JobProof(
      String jobId,
      String home,
      String asset,
      String held,
      long unitCount,
      long deadline,
      long anchoredAt,
      long closingAt,
      long settledCount,
      String settled,
      List<String> siblings) {
    /** Copies the list. */
    public JobProof {
      siblings = List.copyOf(siblings);
    }

    static JobProof of(Session.Executed<Job> leaf) {
      Job job = leaf.value();
      return new JobProof(
          job.jobId().toString(),
          job.home().toString(),
          job.asset().toString(),
          job.held().toString(),
          job.unitCount(),
          job.deadline().getEpochSecond(),
          job.anchoredAt(),
          job.closingAt(),
          job.settledCount(),
          job.settled().toString(),
          texts(leaf.siblings()));
    }

    /** The leaf. */
    public Job leaf(Address user) {
      return new Job(
          Bytes32.fromHex(jobId),
          user,
          Address.fromHex(home),
          Address.fromHex(asset),
          number(held),
          unitCount,
          Instant.ofEpochSecond(deadline),
          anchoredAt,
          closingAt,
          settledCount,
          Bytes.fromHex(settled));
    }
  }

  /** Reads a file. */
  public static ProofFile read(Path file) throws IOException {
    return JSON.readValue(Files.readString(file), ProofFile.class);
  }

  /** Writes it whole or not at all, so that a file from before is never lost to a broken one. */
  public void write(Path file) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    Files.writeString(draft, JSON.writeValueAsString(this) + "\n");
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Siblings as hashes. */
  static List<Bytes32> hashes(List<String> siblings) {
    return siblings.stream().map(Bytes32::fromHex).toList();
  }

  private static List<String> texts(List<Bytes32> siblings) {
    return siblings.stream().map(Bytes32::toString).toList();
  }

  private static Amount number(String text) {
    return new Amount(new BigInteger(text));
  }
}
