package io.smartnodes.attestation;

import io.micrometer.core.instrument.MeterRegistry;
import io.smartnodes.attestation.facts.Facts;
import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.proto.attestation.v1.OfferCertificateRequest;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.protocol.attestation.jury.CertificateCheck;
import io.smartnodes.protocol.attestation.jury.Jury;
import io.smartnodes.protocol.body.Certificate;
import io.smartnodes.protocol.body.Outcome;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Malformed;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/** Keeps, publishes and spreads certificates (5.9); for virtual threads. */
@ApplicationScoped
public class Certificates {
  private static final Logger LOG = Logger.getLogger(Certificates.class);

  private final AttestationStore store;
  private final Facts facts;
  private final Couriers couriers;
  private final AttestationConfig config;
  private final MeterRegistry meters;
  private final InstantSource time = InstantSource.system();
  private final CopyOnWriteArrayList<BiConsumer<Bytes32, Outcome>> listeners =
      new CopyOnWriteArrayList<>();

  /** Called by the container. */
  public Certificates(
      AttestationStore store,
      Facts facts,
      Couriers couriers,
      AttestationConfig config,
      MeterRegistry meters) {
    this.store = store;
    this.facts = facts;
    this.couriers = couriers;
    this.config = config;
    this.meters = meters;
  }

  /** Is told of every new certificate. */
  void onKnown(BiConsumer<Bytes32, Outcome> listener) {
    listeners.add(listener);
  }

  /** The outcomes known of a receipt. */
  Set<Outcome> outcomes(Bytes32 receiptHash) {
    return store.outcomes(receiptHash);
  }

  /** One that a session here has written. */
  void made(Certificate certificate) {
    if (keep(certificate, true)) {
      spread(certificate);
    }
  }

  /**
   * One that another validator brings.
   *
   * @throws Malformed if it does not hold, or cannot be judged yet
   */
  void received(Certificate certificate) {
    Bytes32 receipt = certificate.receipt().receipt().hashStruct();
    if (store.outcomes(receipt).contains(certificate.outcome())) {
      return;
    }
    CertificateCheck.View view = facts.viewOf(certificate.receipt());
    Jury jury =
        facts
            .jury(certificate.receipt().receipt())
            .orElseThrow(() ->
                new Malformed(
                    ErrorCode.ERROR_CODE_NOT_READY,
                    "certificate.receipt.receipt.draw_height",
                    "the draw block is not confirmed here"));
    Optional<CertificateCheck.Flaw> flaw = CertificateCheck.certificate(certificate, jury, view);
    if (flaw.isPresent()) {
      throw Refusals.of("certificate.", flaw.get());
    }
    keep(certificate, false);
  }

  /** Offers again what an instance wrote shortly before it stopped. */
  void resume(int shard) {
    store.madeSince(time.instant().minus(config.persistence())).stream()
        .filter(made -> Shards.of(made.receipt().receipt().hashStruct()) == shard)
        .forEach(this::spread);
  }

  /** Tells the sessions of this instance of all that is on record for a receipt. */
  void known(Bytes32 receipt) {
    for (Outcome outcome : store.outcomes(receipt)) {
      listeners.forEach(listener -> listener.accept(receipt, outcome));
    }
  }

  private boolean keep(Certificate certificate, boolean madeHere) {
    Bytes32 receipt = certificate.receipt().receipt().hashStruct();
    if (!store.certify(certificate, madeHere, time.instant())) {
      return false;
    }
    LOG.infof(
        "receipt %s is %s by %d members%s",
        receipt,
        certificate.outcome(),
        certificate.verdicts().size(),
        madeHere ? "" : ", says another validator");
    meters
        .counter("smartnodes.attestation.certificates", "outcome", certificate.outcome().name())
        .increment();
    return true;
  }

  private void spread(Certificate certificate) {
    OfferCertificateRequest request =
        OfferCertificateRequest.newBuilder()
            .setCertificate(BodyStructs.toProto(certificate))
            .build();
    Instant since = time.instant();
    for (Address validator : facts.operators()) {
      if (!validator.equals(facts.self())) {
        couriers.deliver(
            validator,
            "a certificate",
            stub -> stub.offerCertificate(request),
            () -> couriers.isWithinPersistence(since));
      }
    }
  }
}
