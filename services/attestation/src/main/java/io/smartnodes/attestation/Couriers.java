package io.smartnodes.attestation;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.smartnodes.attestation.facts.Facts;
import io.smartnodes.attestation.wire.VerdictWire;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.attestation.v1.AttestationGrpc;
import io.smartnodes.proto.attestation.v1.AttestationGrpc.AttestationBlockingStub;
import io.smartnodes.proto.attestation.v1.OfferVerdictRequest;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.attestation.jury.SignedVerdict;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.quarkus.Peers;
import io.smartnodes.wire.Errors;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Calls the attestation of other validators, again and again while they do not answer. */
@ApplicationScoped
public class Couriers {
  private static final Logger LOG = Logger.getLogger(Couriers.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final long CALL_SECONDS = 10;

  private final Peers peers;
  private final Facts facts;
  private final AttestationConfig config;
  private final InstantSource time = InstantSource.system();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("attestation-", 0).factory());

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("jury-clock").factory());

  /** Called by the container. */
  public Couriers(Peers peers, Facts facts, AttestationConfig config) {
    this.peers = peers;
    this.facts = facts;
    this.config = config;
  }

  /** Runs work on a virtual thread; a failure is logged. */
  void run(String what, Runnable work) {
    try {
      threads.execute(() -> {
        try {
          work.run();
        } catch (RuntimeException e) {
          LOG.warnf(e, "%s failed", what);
        }
      });
    } catch (RejectedExecutionException stopping) {
      LOG.debugf("%s is left to the next start", what);
    }
  }

  /** The same again and again until it succeeds: what it needs may be away for a while. */
  void insist(String what, Runnable work) {
    run(
        what,
        () -> {
          for (Duration pause = FIRST_PAUSE; !succeeds(what, work) && sleep(pause); ) {
            pause = longer(pause);
          }
        });
  }

  private static boolean succeeds(String what, Runnable work) {
    try {
      work.run();
      return true;
    } catch (RuntimeException e) {
      LOG.warnf("%s failed: %s; trying again", what, e.getMessage());
      LOG.debugf(e, "%s failed", what);
      return false;
    }
  }

  /** The same after a while, at least a millisecond. */
  void after(Duration pause, String what, Runnable work) {
    // What fails is logged there.
    var _ =
        clock.schedule(
            () -> run(what, work), Math.max(1, pause.toMillis() + 1), TimeUnit.MILLISECONDS);
  }

  /** A stub with a deadline for one call; for virtual threads. */
  AttestationBlockingStub stub(PeerId peer) {
    ManagedChannel channel = peers.channel(peer, "attestation");
    return AttestationGrpc.newBlockingStub(channel)
        .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Whether a receipt is still worth an effort: for the time of persistence in any case, then as
   * long as something can come of its job (5.7).
   *
   * @param since when the effort began
   */
  boolean isWorthwhile(Bytes32 jobId, Instant since) {
    return isWithinPersistence(since) || facts.isOpen(jobId);
  }

  boolean isWithinPersistence(Instant since) {
    return time.instant().isBefore(since.plus(config.persistence()));
  }

  /**
   * Delivers something to a validator on a thread of its own: until it takes it, refuses it for
   * good, or nobody needs it any more.
   *
   * @param wanted whether it is still to be delivered
   */
  void deliver(
      Address validator,
      String what,
      Consumer<AttestationBlockingStub> call,
      BooleanSupplier wanted) {
    run(what, () -> persist(validator, what, call, wanted));
  }

  /** Delivers a verdict to the members of a jury, while there is no certificate like it. */
  void spread(Live one, SignedVerdict verdict, List<Address> members) {
    OfferVerdictRequest request = VerdictWire.toProto(verdict);
    Outcome outcome = verdict.verdict().outcome();
    Bytes32 job = one.bench().receipt().receipt().jobId();
    Instant since = time.instant();
    for (Address member : members) {
      deliver(
          member,
          "a verdict",
          stub -> stub.offerVerdict(request),
          () -> !one.session().certified().contains(outcome) && isWorthwhile(job, since));
    }
  }

  private void persist(
      Address validator,
      String what,
      Consumer<AttestationBlockingStub> call,
      BooleanSupplier wanted) {
    Duration pause = FIRST_PAUSE;
    while (wanted.getAsBoolean()) {
      Optional<PeerId> peer = facts.peerOf(validator);
      if (peer.isEmpty()) {
        LOG.infof("%s is not told %s: no validator now", validator, what);
        return;
      }
      try {
        call.accept(stub(peer.get()));
        return;
      } catch (StatusRuntimeException e) {
        if (isFinal(e)) {
          LOG.warnf("%s refuses %s: %s", validator, what, e.getMessage());
          return;
        }
        LOG.debugf("%s does not take %s yet: %s", validator, what, e.getMessage());
        peers.forget(peer.get());
      }
      if (!sleep(pause)) {
        return;
      }
      pause = longer(pause);
    }
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  private static boolean isFinal(StatusRuntimeException failure) {
    return Errors.read(failure)
        .map(refusal ->
            switch (refusal.code()) {
              case ERROR_CODE_BAD_SIGNATURE,
                  ERROR_CODE_INVALID_ITEM,
                  ERROR_CODE_MALFORMED,
                  ERROR_CODE_UNKNOWN_FIELD,
                  ERROR_CODE_BARRED,
                  ERROR_CODE_ALREADY_SIGNED ->
                  true;
              default -> false;
            })
        .orElse(false);
  }

  /** Waits; false if the service stops. */
  static boolean sleep(Duration pause) {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @PreDestroy
  void close() {
    clock.shutdownNow();
    threads.shutdownNow();
  }
}
