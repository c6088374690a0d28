package io.smartnodes.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeccakTest {
  @Test
  void theEmptyHashIsTheOneOfEthereum() {
    assertThat(Keccak.hash())
        .hasToString("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  }

  @Test
  void wordsAreHashedAsTheirConcatenation() {
    Bytes32 one = Bytes32.ofNumber(1);
    Bytes32 two = Keccak.text("two");
    assertThat(Keccak.words(one, two)).isEqualTo(Keccak.hash(one.toArray(), two.toArray()));
  }

  @Test
  void hashesOrderAsUnsignedNumbers() {
    Bytes32 high = Bytes32.fromHex("ff".repeat(32));
    assertThat(Bytes32.ofNumber(1)).isLessThan(high);
    assertThat(high.bit(0)).isTrue();
    assertThat(Bytes32.ofNumber(1).bit(255)).isTrue();
    assertThat(Bytes32.ofNumber(1).bit(254)).isFalse();
  }
}
