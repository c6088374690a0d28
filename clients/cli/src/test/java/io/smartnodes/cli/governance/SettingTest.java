package io.smartnodes.cli.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartnodes.cli.terminal.UsageProblem;
import io.smartnodes.crypto.Address;
import io.smartnodes.protocol.Amount;
import io.smartnodes.protocol.state.ProtocolParameters;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Settings by name: units, bounds, and what a user gets wrong. */
class SettingTest {
  private static final ProtocolParameters DEVNET =
      ProtocolParameters.devnet(Address.fromHex("0x" + "11".repeat(20)), Instant.EPOCH);

  @Test
  void theBoundsOfParametersAreThoseOfTheProtocol() {
    Arrays.stream(Setting.values())
        .filter(setting -> setting.index() >= 0)
        .forEach(setting -> {
          assertThat(flaw(setting, setting.least())).as(setting.text()).isFalse();
          assertThat(flaw(setting, setting.most())).as(setting.text()).isFalse();
          assertThat(flaw(setting, setting.most().add(BigInteger.ONE))).as(setting.text()).isTrue();
          if (setting.least().signum() > 0) {
            assertThat(flaw(setting, setting.least().subtract(BigInteger.ONE)))
                .as(setting.text())
                .isTrue();
          }
        });
  }

  @Test
  void aValueOutOfBoundsSaysUnitAndBounds() {
    assertThatThrownBy(() -> Setting.named("feeBasisPoints").parse("2000"))
        .isInstanceOf(UsageProblem.class)
        .hasMessageContaining("1/10,000 of a payment")
        .hasMessageContaining("0 to 1000");
  }

  @Test
  void anUnknownNameListsThoseThatExist() {
    assertThatThrownBy(() -> Setting.named("fee"))
        .isInstanceOf(UsageProblem.class)
        .hasMessageContaining("feeBasisPoints")
        .hasMessageContaining("minimumStake");
  }

  @Test
  void anAddressIsAValueToo() {
    assertThat(Setting.TREASURY.parse("0x" + "00".repeat(19) + "02")).isEqualTo(2);
  }

  private static boolean flaw(Setting setting, BigInteger value) {
    return DEVNET.flaw(setting.index(), new Amount(value)).isPresent();
  }
}
