package io.smartnodes.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Secp256k1Test {
  private static final Secp256k1 PORTABLE = new PortableSecp256k1();

  @Test
  void bothImplementationsAgreeOnKeysSignaturesAndRecovery() {
    assumeThat(NativeSecp256k1.isAvailable()).isTrue();
    Secp256k1 fast = new NativeSecp256k1();
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] secret = Keccak.text("secret " + random.nextLong()).toArray();
      byte[] digest = Keccak.text("digest " + random.nextLong()).toArray();
      byte[] signature = fast.sign(digest, secret);
      assertThat(PORTABLE.sign(digest, secret)).isEqualTo(signature);
      assertThat(PORTABLE.publicKey(secret)).isEqualTo(fast.publicKey(secret));
      byte[] rs = Arrays.copyOf(signature, 64);
      for (int id = 0; id < 2; id++) {
        assertThat(hex(PORTABLE.recover(digest, rs, id)))
            .isEqualTo(hex(fast.recover(digest, rs, id)));
      }
    }
  }

  @Test
  void bothImplementationsAgreeOnGarbage() {
    assumeThat(NativeSecp256k1.isAvailable()).isTrue();
    Secp256k1 fast = new NativeSecp256k1();
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      byte[] rs = new byte[64];
      random.nextBytes(rs);
      if (i % 3 == 0) {
        Arrays.fill(rs, 0, 32, (byte) (i % 2 == 0 ? 0 : 0xff));
      }
      byte[] digest = Keccak.text("digest " + i).toArray();
      assertThat(hex(PORTABLE.recover(digest, rs, i % 2)))
          .isEqualTo(hex(fast.recover(digest, rs, i % 2)));
      assertThat(PORTABLE.isOnCurve(rs)).isEqualTo(fast.isOnCurve(rs));
    }
  }

  @Test
  void theKeyOfOneIsTheGenerator() {
    NodeKey one = NodeKey.of(Bytes32.ofNumber(1));
    assertThat(one.address())
        .isEqualTo(Address.fromHex("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"));
  }

  @Test
  void aSignatureRecoversToItsKeyAndToNoOtherMessage() {
    NodeKey key = NodeKey.of(Keccak.text("key"));
    Bytes32 digest = Keccak.text("message");
    Signature signature = key.sign(digest);
    assertThat(PublicKey.recover(digest, signature)).contains(key.publicKey());
    assertThat(PublicKey.recover(Keccak.text("other"), signature))
        .isNotEqualTo(Optional.of(key.publicKey()));
    assertThat(Signature.fromCompact(signature.compact())).isEqualTo(signature);
  }

  @Test
  void theMalleatedTwinOfASignatureIsRefused() {
    NodeKey key = NodeKey.of(Keccak.text("key"));
    Bytes32 digest = Keccak.text("message");
    byte[] all = key.sign(digest).bytes().toArray();
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(all, 32, 64));
    byte[] high = Bytes32.ofNumber(Secp256k1.ORDER.subtract(s)).toArray();
    System.arraycopy(high, 0, all, 32, 32);
    all[64] = (byte) (all[64] == 27 ? 28 : 27);
    assertThat(PublicKey.recover(digest, new Signature(Bytes.of(all)))).isEmpty();
  }

  @Test
  void secretsOutsideTheGroupAreNoKeys() {
    assertThatThrownBy(() -> NodeKey.of(Bytes32.ZERO)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NodeKey.of(Bytes32.ofNumber(Secp256k1.ORDER)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String hex(Optional<byte[]> key) {
    return key.map(Hex::encode).orElse("none");
  }
}
