package io.smartnodes.attestation.wire;

import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.job.v1.ReceiptAcknowledged;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.body.MemberSignature;
import io.smartnodes.protocol.body.SignedReceipt;
import io.smartnodes.protocol.job.JobReceipt;
import io.smartnodes.protocol.job.JobSpec;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.wire.BodyStructs;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.PeerStructs;
import java.util.List;

/** The call to a jury, decoded and consistent in itself. */
public final class CallWire {
  private static final int MOST_ACKS = 32;

  private CallWire() {}

  /** What a member is called to judge. */
  public record Call(
      JobSpec spec,
      SignedReceipt receipt,
      List<MemberSignature> acks,
      PeerId worker,
      String address) {}

  /**
   * Decodes a call and checks it in itself.
   *
   * @throws Malformed if it is none
   */
  public static Call fromProto(ReceiptAcknowledged message, long maxUnitsPerLease) {
    Call call = stored(message);
    JobReceipt receipt = call.receipt().receipt();
    if (!call.spec().hashStruct().equals(receipt.jobId())) {
      throw wrong("receipt.spec", "is not the job of the receipt");
    }
    if (receipt.count() < 1 || receipt.count() > maxUnitsPerLease) {
      throw wrong("receipt.receipt.receipt.count", "a lease has 1 to " + maxUnitsPerLease);
    }
    if (receipt.first() > call.spec().unitCount() - receipt.count()) {
      throw wrong("receipt.receipt.receipt.first", "reaches beyond the job");
    }
    return call;
  }

  /** A call that was checked before it was stored. */
  public static Call stored(ReceiptAcknowledged message) {
    Fields.known(message, "receipt");
    Endpoint endpoint =
        PeerStructs.fromProto(message.getWorkerEndpoint(), "receipt.worker_endpoint");
    return new Call(
        JobStructs.fromProto(message.getSpec(), "receipt.spec"),
        BodyStructs.fromProto(message.getReceipt(), "receipt.receipt"),
        Fields.list(message.getAcksList(), MOST_ACKS, "receipt.acks", BodyStructs::fromProto),
        Fields.peerId(message.getWorkerPeerId(), "receipt.worker_peer_id"),
        endpoint.host() + ":" + endpoint.port());
  }

  private static Malformed wrong(String field, String reason) {
    return new Malformed(ErrorCode.ERROR_CODE_INVALID_ITEM, field, reason);
  }
}
