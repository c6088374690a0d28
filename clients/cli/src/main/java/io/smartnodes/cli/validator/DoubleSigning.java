package io.smartnodes.cli.validator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartnodes.chain.ContractCall;
import io.smartnodes.chain.contracts.MultisigCalls;
import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Signature;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.job.JobReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Two signatures by one node key that an honest validator never makes. The contract recovers the
 * key, takes the whole stake of its operator and pays the reporter a part.
 *
 * <p>As JSON: {@code {"doubleVote": {"epoch": 7, "round": 0, "first": {"digest": "0x…",
 * "signature": "0x…"}, "second": {…}}}}, or {@code {"doubleAck": {"first": {"receipt": {"jobId":
 * "0x…", "lease": 1, "first": 0, "count": 8, "fuel": 1, "resultsRoot": "0x…", "drawHeight": 9},
 * "signature": "0x…"}, "second": {…}}}}. Signatures have 65 bytes, as validators send them.
 */
public sealed interface DoubleSigning {
  /** What is sent to the multisig. */
  ContractCall call(MultisigCalls multisig);

  /** Two votes for different updates in one round. */
  record DoubleVote(
      long epoch,
      int round,
      Bytes32 firstDigest,
      Bytes firstSignature,
      Bytes32 secondDigest,
      Bytes secondSignature)
      implements DoubleSigning {
    @Override
    public ContractCall call(MultisigCalls multisig) {
      return multisig.proveDoubleVote(
          epoch,
          round,
          firstDigest,
          new Signature(firstSignature),
          secondDigest,
          new Signature(secondSignature));
    }
  }

  /** Two acknowledgements of different receipts for a unit of one lease. */
  record DoubleAck(JobReceipt first, Bytes firstSignature, JobReceipt second, Bytes secondSignature)
      implements DoubleSigning {
    @Override
    public ContractCall call(MultisigCalls multisig) {
      return multisig.proveDoubleAck(
          first, new Signature(firstSignature), second, new Signature(secondSignature));
    }
  }

  /**
   * Reads a file.
   *
   * @throws UsageProblem if it holds neither proof
   */
  static DoubleSigning read(Path file) throws IOException {
    JsonNode root = Json.MAPPER.readTree(Files.readString(file));
    JsonNode vote = root.path("doubleVote");
    JsonNode ack = root.path("doubleAck");
    if (vote.isObject()) {
      return new DoubleVote(
          number(vote, "epoch"),
          Math.toIntExact(number(vote, "round")),
          hash(vote.path("first"), "digest"),
          signature(vote.path("first")),
          hash(vote.path("second"), "digest"),
          signature(vote.path("second")));
    }
    if (ack.isObject()) {
      return new DoubleAck(
          receipt(ack.path("first").path("receipt")),
          signature(ack.path("first")),
          receipt(ack.path("second").path("receipt")),
          signature(ack.path("second")));
    }
    throw new UsageProblem(
        file
            + " holds neither 'doubleVote' nor 'doubleAck'; see docs/operations/validator-life.md");
  }

  /** Two votes as a file that {@link #read} takes. */
  static void write(DoubleVote votes, Path file) throws IOException {
    ObjectNode root = Json.MAPPER.createObjectNode();
    ObjectNode vote = root.putObject("doubleVote");
    vote.put("epoch", votes.epoch()).put("round", votes.round());
    vote.putObject("first")
        .put("digest", votes.firstDigest().toString())
        .put("signature", votes.firstSignature().toString());
    vote.putObject("second")
        .put("digest", votes.secondDigest().toString())
        .put("signature", votes.secondSignature().toString());
    Files.writeString(file, Json.MAPPER.writeValueAsString(root) + "\n");
  }

  private static JobReceipt receipt(JsonNode node) {
    return new JobReceipt(
        hash(node, "jobId"),
        number(node, "lease"),
        number(node, "first"),
        number(node, "count"),
        new Fuel(number(node, "fuel")),
        hash(node, "resultsRoot"),
        number(node, "drawHeight"));
  }

  private static long number(JsonNode node, String field) {
    if (!node.path(field).canConvertToLong()) {
      throw new UsageProblem("'" + field + "' is missing or no number");
    }
    return node.path(field).longValue();
  }

  private static Bytes32 hash(JsonNode node, String field) {
    return Bytes32.fromHex(text(node, field));
  }

  private static Bytes signature(JsonNode node) {
    Bytes signature = Bytes.fromHex(text(node, "signature"));
    if (!Signature.isWellFormed(signature)) {
      throw new UsageProblem("a signature must have 65 bytes, as validators send them");
    }
    return signature;
  }

  private static String text(JsonNode node, String field) {
    if (!node.path(field).isTextual()) {
      throw new UsageProblem("'" + field + "' is missing or no text");
    }
    return node.path(field).textValue();
  }

  /** How files are read and written. */
  final class Json {
    private static final ObjectMapper MAPPER =
        new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private Json() {}
  }
}
