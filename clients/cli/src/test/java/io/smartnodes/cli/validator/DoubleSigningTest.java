package io.smartnodes.cli.validator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.Fuel;
import io.smartnodes.protocol.epoch.Vote;
import io.smartnodes.protocol.hash.Domain;
import io.smartnodes.protocol.job.JobReceipt;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of those who sign twice, as files. */
class DoubleSigningTest {
  private static final Domain DOMAIN = new Domain(1, Address.ZERO);
  private static final NodeKey KEY = NodeKey.of(Keccak.text("two-faced"));

  @TempDir private Path folder = Path.of("unset");

  @Test
  void twoVotesComeBackAsTheyWere() throws Exception {
    DoubleSigning.DoubleVote votes =
        new DoubleSigning.DoubleVote(
            7,
            3,
            Keccak.text("a"),
            vote(Keccak.text("a")),
            Keccak.text("b"),
            vote(Keccak.text("b")));
    Path file = folder.resolve("votes.json");
    DoubleSigning.write(votes, file);
    assertThat(DoubleSigning.read(file)).isEqualTo(votes);
  }

  @Test
  void twoAcknowledgementsAreRead() throws Exception {
    JobReceipt receipt =
        new JobReceipt(Keccak.text("job"), 2, 0, 8, new Fuel(99), Keccak.text("results"), 12);
    Bytes signature = vote(Keccak.text("any"));
    String side =
        """
        {"receipt": {"jobId": "%s", "lease": 2, "first": 0, "count": 8, "fuel": 99,
         "resultsRoot": "%s", "drawHeight": 12}, "signature": "%s"}
        """
            .formatted(receipt.jobId(), receipt.resultsRoot(), signature);
    Path file = folder.resolve("acks.json");
    Files.writeString(file, "{\"doubleAck\": {\"first\": " + side + ", \"second\": " + side + "}}");
    assertThat(DoubleSigning.read(file))
        .isEqualTo(new DoubleSigning.DoubleAck(receipt, signature, receipt, signature));
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    Path file = folder.resolve("bad.json");
    Files.writeString(file, "{\"doubleVote\": {\"epoch\": 1, \"round\": 0}}");
    assertThatThrownBy(() -> DoubleSigning.read(file))
        .isInstanceOf(UsageProblem.class)
        .hasMessageContaining("digest");
    Files.writeString(file, "{}");
    assertThatThrownBy(() -> DoubleSigning.read(file))
        .isInstanceOf(UsageProblem.class)
        .hasMessageContaining("doubleAck");
  }

  private static Bytes vote(Bytes32 digest) {
    return DOMAIN.sign(new Vote(7, 3, digest), KEY);
  }
}
