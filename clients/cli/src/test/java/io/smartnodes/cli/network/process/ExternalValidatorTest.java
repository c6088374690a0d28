package io.smartnodes.cli.network.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.smartnodes.cli.network.LocalKeys;
import io.smartnodes.cli.network.NetworkLayout;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.Keystore;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.sdk.Bootstrap;
import io.smartnodes.wire.deployment.ContractName;
import io.smartnodes.wire.deployment.DeployedContract;
import io.smartnodes.wire.deployment.Deployment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A validator that something else runs. */
class ExternalValidatorTest {
  private static final LocalKeys KEYS = new LocalKeys(7);

  @TempDir Path temporary = Path.of("unset");
  private Path password = Path.of("unset");

  @BeforeEach
  void password() throws IOException {
    password = Files.writeString(temporary.resolve("password"), "local\n");
  }

  private Founder founder() {
    return new Founder(
        "validator-1",
        temporary.resolve("validator-1"),
        KEYS.operator(0),
        KEYS.validatorNode(0),
        "node.json");
  }

  /** Counts what is asked of it; its start waits until it may go on. */
  private static final class Somewhere implements Elsewhere {
    private final CountDownLatch mayStart = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger stopped = new AtomicInteger();
    private final AtomicInteger killed = new AtomicInteger();
    private volatile boolean startFails;

    @Override
    public String address() {
      return "10.210.0.2:30001";
    }

    @Override
    public void start(Founder founder, Surroundings around, List<Bootstrap> others)
        throws IOException, InterruptedException {
      mayStart.await();
      if (startFails) {
        throw new IOException("no such image");
      }
    }

    @Override
    public boolean isReady() throws IOException {
      if (asked.incrementAndGet() == 1) {
        throw new IOException("connection refused");
      }
      return asked.get() > 2;
    }

    @Override
    public void killHard() {
      killed.incrementAndGet();
    }

    @Override
    public void stop() {
      stopped.incrementAndGet();
    }
  }

  @Test
  void itsStartHoldsUpNobodyAndItIsAskedUntilItIsReady() throws IOException {
    Somewhere somewhere = new Somewhere();
    ExternalValidator validator = new ExternalValidator(founder(), somewhere);
    assertThat(validator.isAlive()).isFalse();
    validator.start(surroundings(), List.of());
    assertThat(validator.isAlive()).isTrue();
    somewhere.mayStart.countDown();
    validator.awaitReady();
    assertThat(somewhere.asked).hasValue(3);
    assertThat(validator.bootstrap())
        .isEqualTo(new Bootstrap(founder().peer(), "10.210.0.2:30001"));
    validator.stop();
    validator.stop();
    assertThat(somewhere.stopped).hasValue(1);
    validator.killHard();
    assertThat(somewhere.killed).hasValue(1);
  }

  @Test
  void aStartThatFailsIsToldToWhoeverWaits() throws IOException {
    Somewhere somewhere = new Somewhere();
    somewhere.startFails = true;
    ExternalValidator validator = new ExternalValidator(founder(), somewhere);
    validator.start(surroundings(), List.of());
    somewhere.mayStart.countDown();
    assertThatIllegalStateException()
        .isThrownBy(validator::awaitReady)
        .withMessageContaining("validator-1 does not start")
        .withMessageContaining("no such image");
  }

  @Test
  void aFounderKeepsItsFilesAndOnlyItsOwnerReadsTheToken() throws Exception {
    Founder.Secrets first = founder().write(password);
    String token = Files.readString(first.token());
    assertThat(founder().write(password)).isEqualTo(first);
    assertThat(Files.readString(first.token())).isEqualTo(token).hasSize(48);
    assertThat(Files.getPosixFilePermissions(first.token())).hasSize(2);
    assertThat(Keystore.read(first.node(), "local").peerId()).isEqualTo(founder().peer().value());
    assertThat(Keystore.read(first.account(), "local").address()).isEqualTo(founder().account());
  }

  @Test
  void aRotatedKeyHasAFileOfItsOwn() throws IOException {
    Founder rotated = founder().with(KEYS.validatorNode(9));
    assertThat(rotated.write(password).node()).isNotEqualTo(founder().write(password).node());
    assertThat(rotated.account()).isEqualTo(founder().account());
  }

  @Test
  void aValidatorRunsInOnePlace() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NetworkLayout("localhost", Set.of(0, 1), Map.of(1, new Somewhere())));
  }

  private Surroundings surroundings() {
    return new Surroundings(
        new Programs(password, password, password, password, temporary),
        temporary.resolve("deployment.json"),
        anyDeployment(),
        password,
        URI.create("http://127.0.0.1:1"),
        Surroundings.LOOPBACK,
        process -> {});
  }

  private static Deployment anyDeployment() {
    Instant time = Instant.ofEpochSecond(1_700_000_000);
    Genesis genesis =
        new Genesis(
            time,
            Bytes32.ofNumber(5),
            List.of(
                new Genesis.Founder(
                    KEYS.operator(0).address(),
                    KEYS.validatorNode(0).publicKey(),
                    KEYS.operator(0).address())),
            ProtocolParameters.devnet(KEYS.treasury().address(), time).values());
    Map<ContractName, DeployedContract> contracts = new EnumMap<>(ContractName.class);
    for (ContractName name : ContractName.values()) {
      contracts.put(
          name, new DeployedContract(KEYS.treasury().address(), 1, Bytes32.ZERO, Bytes.EMPTY));
    }
    return new Deployment(31_337, contracts, genesis.root(), genesis);
  }
}
