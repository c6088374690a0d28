package io.smartnodes.cli.money;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.cli.session.Session;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keccak;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.Allotment;
import io.smartnodes.protocol.state.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saved proofs give back exactly the leaves that were proven. */
class ProofFileTest {
  private static final Address USER = address(1);
  private static final Bytes32 ROOT = Keccak.text("root");

  @TempDir private Path folder = Path.of("unset");

  @Test
  void leavesAndProofsComeBackAsTheyWere() throws Exception {
    Allotment allotment =
        new Allotment(USER, address(2), address(3), Amount.ofCoins(7), Amount.of(5), 9);
    Job job =
        new Job(
            Keccak.text("job"),
            USER,
            address(3),
            address(2),
            Amount.ofCoins(1),
            12,
            Instant.ofEpochSecond(1_700_000_000),
            3,
            0,
            2,
            Bytes.of(new byte[] {3, 0}));
    List<Bytes32> siblings = List.of(Keccak.text("a"), Bytes32.ZERO, Keccak.text("b"));
    ProofFile saved =
        new ProofFile(
            31_337,
            address(4).toString(),
            9,
            ROOT.toString(),
            USER.toString(),
            List.of(
                ProofFile.AllotmentProof.of(new Session.Executed<>(9, ROOT, allotment, siblings))),
            List.of(ProofFile.JobProof.of(new Session.Executed<>(9, ROOT, job, siblings))));
    Path file = folder.resolve("proof.json");
    Files.writeString(file, "an older one");
    saved.write(file);
    ProofFile read = ProofFile.read(file);
    assertThat(read).isEqualTo(saved);
    assertThat(read.allotments().getFirst().leaf(USER)).isEqualTo(allotment);
    assertThat(read.jobs().getFirst().leaf(USER)).isEqualTo(job);
    assertThat(ProofFile.hashes(read.jobs().getFirst().siblings())).isEqualTo(siblings);
  }

  private static Address address(int last) {
    return Address.fromHex("0x" + "00".repeat(19) + "0" + last);
  }
}
