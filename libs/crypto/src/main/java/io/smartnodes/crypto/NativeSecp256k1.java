package io.smartnodes.crypto;

import fr.acinq.secp256k1.Secp256k1Exception;
import java.util.Arrays;
import java.util.Optional;

/** libsecp256k1 through JNI. */
final class NativeSecp256k1 implements Secp256k1 {
  static boolean isAvailable() {
    try {
      fr.acinq.secp256k1.Secp256k1.Companion.secKeyVerify(new byte[32]);
      return true;
    } catch (LinkageError | IllegalStateException missing) {
      return false;
    }
  }

  private static fr.acinq.secp256k1.Secp256k1 library() {
    return fr.acinq.secp256k1.Secp256k1.Companion;
  }

  @Override
  public byte[] sign(byte[] digest, byte[] secret) {
    byte[] rs = library().sign(digest, secret, null);
    byte[] key = publicKey(secret);
    for (int id = 0; id < 2; id++) {
      Optional<byte[]> recovered = recover(digest, rs, id);
      if (recovered.isPresent() && Arrays.equals(recovered.get(), key)) {
        byte[] out = Arrays.copyOf(rs, 65);
        out[64] = (byte) (27 + id);
        return out;
      }
    }
    throw new IllegalStateException("a signature that recovers to no key");
  }

  @Override
  public byte[] publicKey(byte[] secret) {
    return Arrays.copyOfRange(library().pubkeyCreate(secret), 1, 65);
  }

  @Override
  public Optional<byte[]> recover(byte[] digest, byte[] rs, int recoveryId) {
    try {
      byte[] key = library().ecdsaRecover(rs, digest, recoveryId);
      return Optional.of(Arrays.copyOfRange(key, 1, 65));
    } catch (Secp256k1Exception invalid) {
      return Optional.empty();
    }
  }

  @Override
  public boolean isOnCurve(byte[] key) {
    byte[] full = new byte[65];
    full[0] = 4;
    System.arraycopy(key, 0, full, 1, 64);
    try {
      library().pubkeyParse(full);
      return true;
    } catch (Secp256k1Exception invalid) {
      return false;
    }
  }
}
