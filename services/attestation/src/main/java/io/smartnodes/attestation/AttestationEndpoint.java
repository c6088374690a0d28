package io.smartnodes.attestation;

import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smartnodes.attestation.wire.VerdictWire;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.attestation.v1.Attestation;
import io.smartnodes.proto.attestation.v1.CallJuryRequest;
import io.smartnodes.proto.attestation.v1.CallJuryResponse;
import io.smartnodes.proto.attestation.v1.ListCertificatesRequest;
import io.smartnodes.proto.attestation.v1.ListCertificatesResponse;
import io.smartnodes.proto.attestation.v1.OfferCertificateRequest;
import io.smartnodes.proto.attestation.v1.OfferCertificateResponse;
import io.smartnodes.proto.attestation.v1.OfferVerdictRequest;
import io.smartnodes.proto.attestation.v1.OfferVerdictResponse;
import io.smartnodes.proto.attestation.v1.RelayOpeningsRequest;
import io.smartnodes.proto.worker.v1.Opening;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The RPCs of attestation. */
@GrpcService
public class AttestationEndpoint implements Attestation {
  private static final Executor THREADS = work -> Thread.ofVirtual().start(work);

  private final JuryDesk desk;

  /** Called by the container. */
  public AttestationEndpoint(JuryDesk desk) {
    this.desk = desk;
  }

  @Override
  public Uni<CallJuryResponse> callJury(CallJuryRequest request) {
    return answer(() -> {
      Fields.known(request, "request");
      return CallJuryResponse.newBuilder()
          .addAllCertificates(desk.call(request.getReceipt()))
          .build();
    });
  }

  @Override
  public Uni<OfferVerdictResponse> offerVerdict(OfferVerdictRequest request) {
    return answer(() -> {
      desk.verdict(VerdictWire.fromProto(request));
      return OfferVerdictResponse.getDefaultInstance();
    });
  }

  @Override
  public Uni<OfferCertificateResponse> offerCertificate(OfferCertificateRequest request) {
    return answer(() -> {
      Fields.known(request, "request");
      desk.certificate(BodyStructs.fromProto(request.getCertificate(), "certificate"));
      return OfferCertificateResponse.getDefaultInstance();
    });
  }

  @Override
  public Uni<ListCertificatesResponse> listCertificates(ListCertificatesRequest request) {
    return answer(() -> {
      Bytes32 job = Fields.bytes32(request.getJobId(), "job_id");
      return ListCertificatesResponse.newBuilder()
          .addAllCertificates(desk.certificates(job))
          .build();
    });
  }

  @Override
  public Multi<Opening> relayOpenings(RelayOpeningsRequest request) {
    return answer(() ->
            desk.relay(
                Fields.bytes32(request.getReceiptHash(), "receipt_hash"), request.getUnitsList()))
        .onItem()
        .transformToMulti(openings -> Multi.createFrom().iterable(openings));
  }

  private static <T> Uni<T> answer(Supplier<T> work) {
    return Uni.createFrom()
        .item(work)
        .runSubscriptionOn(THREADS)
        .onFailure(Malformed.class)
        .transform(malformed -> Errors.status(malformed));
  }
}
