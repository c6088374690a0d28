package io.smartnodes.ledger;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.embedded.EmbeddedPostgres;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.wire.deployment.ContractName;
import io.smartnodes.wire.deployment.DeployedContract;
import io.smartnodes.wire.deployment.Deployment;
import io.smartnodes.wire.deployment.Deployments;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A database, a deployment of one validator and its identity. */
public class LedgerNode implements QuarkusTestResourceLifecycleManager {
  static final NodeKey NODE = NodeKey.of(Bytes32.ofNumber(7));
  static final NodeKey OPERATOR = NodeKey.of(Bytes32.ofNumber(8));
  static final Address TOKEN = Address.fromWord(Bytes32.ofNumber(9));
  static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);
  static final Deployment DEPLOYMENT = deployment();

  private Optional<EmbeddedPostgres> postgres = Optional.empty();

  /** What the signer of the process would bring. */
  @Singleton
  public static class Beans {
    @Produces
    @Singleton
    Endorser endorser() {
      return Endorser.of(NODE, EndorsementRule.of(DEPLOYMENT.chainId(), DEPLOYMENT.core()));
    }
  }

  @Override
  public Map<String, String> start() {
    try {
      EmbeddedPostgres started =
          EmbeddedPostgres.start(Files.createTempDirectory(Path.of("target"), "postgres"), 0);
      postgres = Optional.of(started);
      Path file = Files.createTempDirectory(Path.of("target"), "node").resolve("deployment.json");
      Deployments.write(file, DEPLOYMENT);
      return Map.of(
          "smartnodes.db.url", started.url(),
          "smartnodes.ledger.states-kept", "1",
          "smartnodes.deployment", file.toString(),
          "smartnodes.events.transport", "none",
          "smartnodes.peer-id", NODE.peerId().toString(),
          "smartnodes.chain-id", Long.toString(DEPLOYMENT.chainId()),
          "smartnodes.core-address", DEPLOYMENT.core().toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    postgres.ifPresent(EmbeddedPostgres::close);
  }

  private static Deployment deployment() {
    Genesis genesis =
        new Genesis(
            TIME,
            Bytes32.ofNumber(5),
            List.of(new Genesis.Founder(OPERATOR.address(), NODE.publicKey(), OPERATOR.address())),
            ProtocolParameters.devnet(Address.fromWord(Bytes32.ofNumber(6)), TIME).values());
    Map<ContractName, DeployedContract> contracts = new EnumMap<>(ContractName.class);
    for (ContractName name : ContractName.values()) {
      Address address =
          name == ContractName.TOKEN
              ? TOKEN
              : Address.fromWord(Bytes32.ofNumber(0xc0 + contracts.size()));
      contracts.put(name, new DeployedContract(address, 1, Bytes32.ZERO, Bytes.EMPTY));
    }
    return new Deployment(31_337, contracts, genesis.root(), genesis);
  }
}
