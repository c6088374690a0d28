package io.smartnodes.chain;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartnodes.chain.abi.ErrorDefinition;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Keccak;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ContractErrorsTest {
  @Test
  void everyCustomErrorOfEveryContractIsReadByItsName() {
    Set<ErrorDefinition> all = ContractErrors.all().collect(Collectors.toSet());
    assertThat(all)
        .extracting(ErrorDefinition::name)
        .contains(
            "EpochUnknown",
            "RoundNotStarted",
            "QuorumMissing",
            "BodyNotEmpty",
            "ParameterOutOfBounds",
            "StandingWrong",
            "AccessManagedUnauthorized",
            "VotingPeriodOutOfBounds",
            "DelayOutOfBounds",
            "TimelockUnexpectedOperationState");
    for (ErrorDefinition error : all) {
      String selector = Keccak.text(error.signature()).toString().substring(0, 10);
      Bytes data = Bytes.fromHex(selector + "00".repeat(32 * error.types().size()));
      ContractError read = ContractErrors.read(data, "reverted");
      assertThat(read.name()).isEqualTo(error.name());
      assertThat(read.arguments()).hasSize(error.types().size());
    }
  }

  @Test
  void whatSolidityItselfThrowsIsReadAndTheRestKeepsItsSelector() {
    assertThat(read("0x4e487b71" + "00".repeat(31) + "11")).hasToString("Panic(17)");
    assertThat(
            read(
                "0x08c379a0"
                    + "00".repeat(31)
                    + "20"
                    + "00".repeat(31)
                    + "03"
                    + "776879"
                    + "00".repeat(29)))
        .hasToString("Error(why)");
    assertThat(read("0xdeadbeef")).hasToString("Unknown(0xdeadbeef)");
    assertThat(read("0x4e487b71" + "00")).hasToString("Unknown(0x4e487b71)");
    assertThat(read("0x")).isEqualTo(new ContractError("Unknown", List.of("why"), Bytes.EMPTY));
  }

  private static ContractError read(String data) {
    return ContractErrors.read(Bytes.fromHex(data), "why");
  }
}
