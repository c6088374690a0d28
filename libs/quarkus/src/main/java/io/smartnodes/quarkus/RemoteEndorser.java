package io.smartnodes.quarkus;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.crypto.NodeKey;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.crypto.Signature;
import io.smartnodes.link.PeerChannels;
import io.smartnodes.link.tls.EndorsementRule;
import io.smartnodes.link.tls.Endorser;
import io.smartnodes.link.tls.RenewingIdentity;
import io.smartnodes.link.tls.SignedEndorsement;
import io.smartnodes.proto.signer.v1.EndorseRequest;
import io.smartnodes.proto.signer.v1.EndorseResponse;
import io.smartnodes.proto.signer.v1.SignerGrpc;
import io.smartnodes.protocol.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/**
 * Asks the validator's signer in another process. TLS wants a certificate, and this process has
 * none yet: it shows one that a throwaway key endorsed, and the operator's token in the request.
 * The signer must prove the configured peer id.
 */
final class RemoteEndorser implements Endorser {
  private static final Logger LOG = Logger.getLogger(RemoteEndorser.class);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final String address;
  private final Path tokenFile;
  private final PeerId signer;
  private final EndorsementRule rule;

  RemoteEndorser(String address, String tokenFile, PeerId signer, EndorsementRule rule) {
    this.address = address.replaceFirst("^https?://", "");
    this.tokenFile = Path.of(tokenFile);
    this.signer = signer;
    this.rule = rule;
  }

  @Override
  public SignedEndorsement endorse(Bytes32 subjectPublicKeyInfoHash, Instant notAfter) {
    NodeKey throwaway = NodeKey.generate(new SecureRandom());
    try (RenewingIdentity identity =
            new RenewingIdentity(
                Endorser.of(throwaway, rule), Duration.ofMinutes(10), InstantSource.system());
        PeerChannels channels =
            new PeerChannels(
                identity, rule, InstantSource.system(), PeerChannels.Settings.DEFAULT)) {
      EndorseResponse response =
          askUntilItAnswers(
              channels,
              EndorseRequest.newBuilder()
                  .setSubjectPublicKeyInfoHash(
                      ByteString.copyFrom(subjectPublicKeyInfoHash.toArray()))
                  .setNotAfter(notAfter.getEpochSecond())
                  .setToken(token())
                  .build());
      return new SignedEndorsement(
          new PublicKey(Bytes.of(response.getPublicKey().toByteArray())),
          notAfter,
          new Signature(Bytes.of(response.getSignature().toByteArray())));
    }
  }

  /**
   * The signer may start after us, or be called too often by others at this moment: that is waited
   * for, a refusal is final.
   */
  private EndorseResponse askUntilItAnswers(PeerChannels channels, EndorseRequest request) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    boolean told = false;
    while (true) {
      try {
        return SignerGrpc.newBlockingStub(channels.to(signer, address)).endorse(request);
      } catch (StatusRuntimeException e) {
        if (!passes(e.getStatus().getCode()) || System.nanoTime() > end) {
          throw new IllegalStateException("the signer at " + address + " endorses nothing", e);
        }
        if (!told) {
          told = true;
          LOG.infof("waiting for the signer at %s: %s", address, e.getMessage());
        }
      }
      pause();
    }
  }

  private static boolean passes(Status.Code code) {
    return switch (code) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED -> true;
      default -> false;
    };
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the signer", e);
    }
  }

  private String token() {
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("smartnodes.signer.token-file cannot be read", e);
    }
  }
}
