package io.smartnodes.link.tls;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The TLS identity of a running process, replaced before it ends and without a restart: key manager
 * and channels read {@link #current()} at each handshake.
 */
public final class RenewingIdentity implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RenewingIdentity.class.getName());
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final Endorser endorser;
  private final Duration lifetime;
  private final InstantSource time;
  private final Thread renewal;

  /** Current identity first, then the one before, which handshakes in flight may still use. */
  private volatile List<TlsIdentity> held;

  /**
   * Makes the first identity at once and renews it from then on when a third of its life is left.
   *
   * @param lifetime of each identity, at most {@link EndorsementRule#LONGEST}
   */
  public RenewingIdentity(Endorser endorser, Duration lifetime, InstantSource time) {
    this.endorser = endorser;
    this.lifetime = lifetime;
    this.time = time;
    this.held = List.of(TlsIdentity.create(endorser, time.instant(), lifetime));
    this.renewal = Thread.ofPlatform().daemon().name("tls-renewal").start(this::renewUntilClosed);
  }

  /** The identity to show now. */
  public TlsIdentity current() {
    return held.getFirst();
  }

  List<TlsIdentity> held() {
    return held;
  }

  private void renewUntilClosed() {
    try {
      while (true) {
        Thread.sleep(RETRY);
        renewIfDue();
      }
    } catch (InterruptedException e) {
      LOG.fine("closed");
    }
  }

  /** Looks at once instead of at the next minute, for instance after the machine slept. */
  public void renewNow() {
    renewIfDue();
  }

  /** Replaces the identity if a third of its life or less is left; a failure is tried again. */
  private synchronized void renewIfDue() {
    Instant now = time.instant();
    TlsIdentity old = current();
    if (now.isBefore(old.notAfter().minus(lifetime.dividedBy(3)))) {
      return;
    }
    try {
      held = List.of(TlsIdentity.create(endorser, now, lifetime), old);
    } catch (RuntimeException e) {
      LOG.log(
          Level.WARNING,
          e,
          () -> "the TLS key was not renewed and ends at " + old.notAfter() + "; trying again");
    }
  }

  /** Stops renewing. */
  @Override
  public void close() {
    renewal.interrupt();
  }
}
