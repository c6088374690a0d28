package io.smartnodes.attestation;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.quarkus.runtime.StartupEvent;
import io.smartnodes.attestation.facts.BlockFeed;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.events.lease.LeaseListener;
import io.smartnodes.events.lease.Leases;
import io.smartnodes.events.lease.Shards;
import io.smartnodes.events.lease.Tenure;
import io.smartnodes.proto.attestation.v1.AttestationGrpc;
import io.smartnodes.proto.attestation.v1.CallJuryRequest;
import io.smartnodes.proto.attestation.v1.OfferCertificateRequest;
import io.smartnodes.proto.attestation.v1.OfferVerdictRequest;
import io.smartnodes.proto.attestation.v1.RelayOpeningsRequest;
import io.smartnodes.quarkus.InstanceAddress;
import io.smartnodes.quarkus.forward.CallOwner;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;

/**
 * Which instance of the service works on which receipts: those whose hash falls into its shards.
 * Two that work on one for a moment do no harm: the signer signs one verdict, and what is kept is
 * kept once.
 */
@Singleton
public class AttestationShards implements CallOwner, LeaseListener {
  private static final Set<String> COVERED =
      Set.of(
          AttestationGrpc.getCallJuryMethod().getFullMethodName(),
          AttestationGrpc.getOfferVerdictMethod().getFullMethodName(),
          AttestationGrpc.getRelayOpeningsMethod().getFullMethodName(),
          AttestationGrpc.getOfferCertificateMethod().getFullMethodName());

  private final Leases leases;
  private final HeldShards held;
  private final BlockFeed feed;
  private final Sessions sessions;
  private final Calls calls;
  private final Certificates certificates;
  private final Couriers couriers;
  private final InstanceAddress address;
  private volatile Optional<Shards> shards = Optional.empty();

  /** Called by the container. */
  public AttestationShards(
      Leases leases,
      HeldShards held,
      BlockFeed feed,
      Sessions sessions,
      Calls calls,
      Certificates certificates,
      Couriers couriers,
      InstanceAddress address) {
    this.leases = leases;
    this.held = held;
    this.feed = feed;
    this.sessions = sessions;
    this.calls = calls;
    this.certificates = certificates;
    this.couriers = couriers;
    this.address = address;
  }

  /** Juries are drawn from blocks and seeds: they come first. */
  void start(@Observes @Priority(20_000) StartupEvent event) {
    couriers.run(
        "resuming",
        () -> {
          feed.look();
          shards = Optional.of(leases.shards(AttestationStore.UNIT, this));
        });
  }

  @Override
  public void gained(Tenure tenure) {
    int shard = Shards.of(tenure);
    held.add(tenure);
    sessions.resume(shard);
    certificates.resume(shard);
    calls.resume(shard);
  }

  @Override
  public void lost(Tenure tenure) {
    int shard = Shards.of(tenure);
    held.remove(tenure);
    sessions.drop(shard);
  }

  @Override
  public boolean covers(MethodDescriptor<?, ?> method) {
    return COVERED.contains(method.getFullMethodName());
  }

  @Override
  public Optional<String> addressOf(MethodDescriptor<?, ?> method, Message request) {
    return receiptOf(request).map(Shards::of).flatMap(this::ownerElsewhere);
  }

  private Optional<String> ownerElsewhere(int shard) {
    return shards
        .filter(known -> !known.isMine(shard))
        .flatMap(known -> known.owner(shard))
        .filter(owner -> !owner.equals(address.value()));
  }

  /** The receipt that a request is about, empty where the request is refused anyway. */
  private static Optional<Bytes32> receiptOf(Message request) {
    try {
      return switch (request) {
        case CallJuryRequest call ->
            Optional.of(
                JobStructs.fromProto(call.getReceipt().getReceipt().getReceipt(), "receipt")
                    .hashStruct());
        case OfferCertificateRequest offer ->
            Optional.of(
                JobStructs.fromProto(
                        offer.getCertificate().getReceipt().getReceipt(), "certificate.receipt")
                    .hashStruct());
        case OfferVerdictRequest offer -> hash(offer.getReceiptHash());
        case RelayOpeningsRequest relay -> hash(relay.getReceiptHash());
        default -> Optional.empty();
      };
    } catch (Malformed refused) {
      return Optional.empty();
    }
  }

  private static Optional<Bytes32> hash(ByteString bytes) {
    return bytes.size() == 32 ? Optional.of(Bytes32.of(bytes.toByteArray())) : Optional.empty();
  }
}
