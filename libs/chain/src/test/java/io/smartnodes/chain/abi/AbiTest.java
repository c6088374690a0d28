package io.smartnodes.chain.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Generated calls against what {@code cast calldata} of Foundry writes for the same values. */
class AbiTest {
  private static final Address ACCOUNT =
      Address.fromHex("0x1111111111111111111111111111111111111111");
  private static final Bytes32 TWOS = Bytes32.fromHex("0x" + "22".repeat(32));
  private static final Bytes32 THREES = Bytes32.fromHex("0x" + "33".repeat(32));

  @Test
  void listsOfStructsAndListsOfListsAreEncodedAsFoundryDoes() {
    AbiStructs.Payout leaf =
        new AbiStructs.Payout(ACCOUNT, Address.ZERO, ACCOUNT, BigInteger.valueOf(5));
    assertThat(CoreAbi.claimMany(7, List.of(leaf), List.of(List.of(TWOS, THREES), List.of())))
        .hasToString(
            "0x595abbc1"
                + word(7)
                + word(0x60)
                + word(0x100)
                + word(1)
                + "0".repeat(24)
                + "11".repeat(20)
                + word(0)
                + "0".repeat(24)
                + "11".repeat(20)
                + word(5)
                + word(2)
                + word(0x40)
                + word(0xa0)
                + word(2)
                + "22".repeat(32)
                + "33".repeat(32)
                + word(0));
  }

  @Test
  void textIsEncodedAsFoundryDoes() {
    assertThat(CoreAbi.registerNetwork("mesh", TWOS))
        .hasToString(
            "0xc0dc9f9d" + word(0x40) + "22".repeat(32) + word(4) + "6d657368" + "0".repeat(56));
  }

  @Test
  void whatWasWrittenIsReadAlsoWhenStructsHoldLists() {
    AbiStructs.Update update =
        new AbiStructs.Update(
            9,
            TWOS,
            THREES,
            Bytes32.ZERO,
            4,
            TWOS,
            1_700_000_000,
            List.of(
                new AbiStructs.AssetTotals(
                    ACCOUNT,
                    BigInteger.ONE,
                    BigInteger.TWO,
                    BigInteger.ZERO,
                    BigInteger.TEN,
                    BigInteger.TWO.pow(255))),
            List.of(ACCOUNT, Address.ZERO),
            List.of(),
            THREES);
    Bytes written = AbiValue.arguments(AbiValue.of(THREES), update.toAbi(), AbiValue.of("x"));
    AbiReader words = AbiReader.of(written);
    assertThat(words.word(0)).isEqualTo(THREES);
    assertThat(AbiStructs.Update.read(words.follow(1))).isEqualTo(update);
    assertThat(words.text(2)).isEqualTo("x");
  }

  @Test
  void aNumberThatItsTypeCannotHoldIsRefusedBeforeItIsSent() {
    assertThatThrownBy(() -> CoreAbi.pause(1L << 32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("4294967296 is not an uint32");
    assertThatThrownBy(() -> CoreAbi.pause(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lengthsAndDistancesThatLeaveTheDataAreRefused() {
    refusesList(word(0x20) + word(1_000_000));
    refusesList(word(0x20) + "ff".repeat(32));
    refusesList(word(0x4000));
    refusesList("ff".repeat(32));
    refusesList("");
    AbiReader blob = AbiReader.of(Bytes.fromHex(word(0x20) + word(33) + "00".repeat(32)));
    assertThatThrownBy(() -> blob.bytes(0)).isInstanceOf(IllegalArgumentException.class);
    AbiReader address = AbiReader.of(Bytes.fromHex("ff".repeat(32)));
    assertThatThrownBy(() -> address.address(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static void refusesList(String data) {
    AbiReader words = AbiReader.of(Bytes.fromHex(data));
    assertThatThrownBy(() -> words.list(0, AbiReader::address))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String word(long number) {
    return Bytes32.ofNumber(number).toString().substring(2);
  }
}
