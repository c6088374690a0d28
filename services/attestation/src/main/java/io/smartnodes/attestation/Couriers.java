package io.smartnodes.attestation;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.smartnodes.attestation.facts.Facts;
import io.smartnodes.attestation.wire.VerdictWire;
import io.smartnodes.crypto.Address;
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
   * Delivers something to a validator on a thread of its own: until it takes it, refuses it for
   * good, nobody needs it any more, or the time of persistence is over.
   *
   * @param obsolete whether it need not be delivered any more
   */
  void deliver(
      Address validator,
      String what,
      Consumer<AttestationBlockingStub> call,
      BooleanSupplier obsolete) {
    run(what, () -> persist(validator, what, call, obsolete));
  }

  /** Delivers a verdict to the members of a jury, until there is a certificate like it. */
  void spread(Live one, SignedVerdict verdict, List<Address> members) {
    OfferVerdictRequest request = VerdictWire.toProto(verdict);
    Outcome outcome = verdict.verdict().outcome();
    for (Address member : members) {
      deliver(
          member,
          "a verdict",
          stub -> stub.offerVerdict(request),
          () -> one.session().certified().contains(outcome));
    }
  }

  private void persist(
      Address validator,
      String what,
      Consumer<AttestationBlockingStub> call,
      BooleanSupplier obsolete) {
    Instant end = time.instant().plus(config.persistence());
    Duration pause = FIRST_PAUSE;
    while (!obsolete.getAsBoolean() && time.instant().isBefore(end)) {
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
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
    }
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
