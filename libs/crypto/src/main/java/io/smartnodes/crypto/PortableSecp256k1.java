package io.smartnodes.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.math.ec.ECAlgorithms;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/** Bouncy Castle's lightweight API, for machines without the native library. */
final class PortableSecp256k1 implements Secp256k1 {
  private static final X9ECParameters CURVE = CustomNamedCurves.getByName("secp256k1");
  private static final ECDomainParameters DOMAIN =
      new ECDomainParameters(CURVE.getCurve(), CURVE.getG(), CURVE.getN(), CURVE.getH());
  private static final BigInteger FIELD = CURVE.getCurve().getField().getCharacteristic();

  @Override
  public byte[] sign(byte[] digest, byte[] secret) {
    ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
    signer.init(true, new ECPrivateKeyParameters(new BigInteger(1, secret), DOMAIN));
    BigInteger[] rs = signer.generateSignature(digest);
    BigInteger s = rs[1].compareTo(HALF_ORDER) > 0 ? ORDER.subtract(rs[1]) : rs[1];
    byte[] out = new byte[65];
    System.arraycopy(Bytes32.ofNumber(rs[0]).toArray(), 0, out, 0, 32);
    System.arraycopy(Bytes32.ofNumber(s).toArray(), 0, out, 32, 32);
    byte[] key = publicKey(secret);
    for (int id = 0; id < 2; id++) {
      Optional<byte[]> recovered = recover(digest, Arrays.copyOf(out, 64), id);
      if (recovered.isPresent() && Arrays.equals(recovered.get(), key)) {
        out[64] = (byte) (27 + id);
        return out;
      }
    }
    throw new IllegalStateException("a signature that recovers to no key");
  }

  @Override
  public byte[] publicKey(byte[] secret) {
    BigInteger d = new BigInteger(1, secret);
    if (d.signum() == 0 || d.compareTo(ORDER) >= 0) {
      throw new IllegalArgumentException("not a secret of secp256k1");
    }
    return encode(new FixedPointCombMultiplier().multiply(DOMAIN.getG(), d));
  }

  @Override
  public Optional<byte[]> recover(byte[] digest, byte[] rs, int recoveryId) {
    BigInteger r = new BigInteger(1, Arrays.copyOf(rs, 32));
    BigInteger s = new BigInteger(1, Arrays.copyOfRange(rs, 32, 64));
    if (r.signum() == 0 || s.signum() == 0 || r.compareTo(ORDER) >= 0 || s.compareTo(ORDER) >= 0) {
      return Optional.empty();
    }
    byte[] compressed = new byte[33];
    compressed[0] = (byte) (2 + (recoveryId & 1));
    System.arraycopy(rs, 0, compressed, 1, 32);
    ECPoint point;
    try {
      point = DOMAIN.getCurve().decodePoint(compressed);
    } catch (IllegalArgumentException notOnCurve) {
      return Optional.empty();
    }
    BigInteger inverse = r.modInverse(ORDER);
    BigInteger u1 = new BigInteger(1, digest).negate().multiply(inverse).mod(ORDER);
    BigInteger u2 = s.multiply(inverse).mod(ORDER);
    ECPoint key = ECAlgorithms.sumOfTwoMultiplies(DOMAIN.getG(), u1, point, u2);
    return key.isInfinity() ? Optional.empty() : Optional.of(encode(key));
  }

  @Override
  public boolean isOnCurve(byte[] key) {
    BigInteger x = new BigInteger(1, Arrays.copyOf(key, 32));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(key, 32, 64));
    if (x.compareTo(FIELD) >= 0 || y.compareTo(FIELD) >= 0) {
      return false;
    }
    return CURVE.getCurve().createPoint(x, y).isValid();
  }

  private static byte[] encode(ECPoint point) {
    return Arrays.copyOfRange(point.normalize().getEncoded(false), 1, 65);
  }
}
