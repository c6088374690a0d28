package io.smartnodes.wire.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.protocol.state.Genesis;
import io.smartnodes.protocol.state.ProtocolParameters;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.wire.LeafWire;
import io.smartnodes.wire.Malformed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentsTest {
  private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);
  private static final Genesis GENESIS =
      new Genesis(
          TIME,
          Bytes32.ofNumber(5),
          List.of(
              new Genesis.Founder(
                  address(1), NodeKey.of(Bytes32.ofNumber(7)).publicKey(), address(2))),
          ProtocolParameters.defaults(address(3), TIME).values());
  private static final Deployment DEPLOYMENT =
      new Deployment(31_337, contracts(), GENESIS.root(), GENESIS);

  @Test
  void whatIsWrittenIsRead(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("deployment.json");
    Deployments.write(file, DEPLOYMENT);
    assertThat(Deployments.read(file)).isEqualTo(DEPLOYMENT);
  }

  @Test
  void aDeploymentKnowsItsFirstBlockAndMissesNoContract() {
    assertThat(DEPLOYMENT.firstBlock()).isEqualTo(7);
    Map<ContractName, DeployedContract> some = new EnumMap<>(contracts());
    some.remove(ContractName.ACCESS);
    assertThatThrownBy(() -> new Deployment(1, some, GENESIS.root(), GENESIS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the deployment has no access");
  }

  @Test
  void aFileThatIsMissingAFieldOrLeadsElsewhereIsRefusedByName() {
    String text = Deployments.format(DEPLOYMENT);
    refused(text.replace("\"seed\"", "\"sead\""), "seed");
    refused(text.replace(address(4).toString(), "0x12"), "address");
    refused(text.replace("\"governor\"", "\"governed\""), "contracts.governor");
    refused(text.replace("codeHash", "code"), "codeHash");
    refused(text.replace("\"1024\"", "\"x\""), "parameters[15]");
    refused(text.replace("\"1024\"", "\"1023\""), "genesisRoot");
    refused("[", "deployment");
  }

  @Test
  void everyLeafOfGenesisGoesOverTheWireAndNoOtherKeyIsTaken() {
    for (Struct leaf : GENESIS.state().tree().leaves()) {
      assertThat(LeafWire.fromProto(LeafWire.toProto(leaf), "leaf")).isEqualTo(leaf);
      LeafKey key = LeafKey.of(leaf);
      assertThat(LeafWire.fromProto(LeafWire.toProto(key, Optional.of(leaf)), "change"))
          .isEqualTo(new LeafWire.Change(key, Optional.of(leaf)));
      assertThat(LeafWire.fromProto(LeafWire.toProto(key, Optional.empty()), "change"))
          .isEqualTo(new LeafWire.Change(key, Optional.empty()));
      assertThatThrownBy(() ->
              LeafWire.fromProto(
                  LeafWire.toProto(leaf).toBuilder()
                      .setKey(com.google.protobuf.ByteString.copyFrom(new byte[31]))
                      .build(),
                  "leaf"))
          .isInstanceOf(Malformed.class);
    }
  }

  private static void refused(String text, String field) {
    assertThatThrownBy(() -> Deployments.parse(text))
        .isInstanceOfSatisfying(
            Malformed.class, malformed -> assertThat(malformed.field()).isEqualTo(field));
  }

  private static Map<ContractName, DeployedContract> contracts() {
    Map<ContractName, DeployedContract> contracts = new EnumMap<>(ContractName.class);
    for (ContractName name : ContractName.values()) {
      long number = contracts.size();
      contracts.put(
          name,
          new DeployedContract(
              address(4 + number), 7 + number, Bytes32.ofNumber(number), Bytes.fromHex("0x0102")));
    }
    return contracts;
  }

  private static Address address(long number) {
    return Address.fromWord(Bytes32.ofNumber(number));
  }
}
