package io.smartnodes.router;

import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import io.smartnodes.proto.signer.v1.EndorseRequest;
import io.smartnodes.proto.signer.v1.EndorseResponse;
import io.smartnodes.proto.signer.v1.SignRequest;
import io.smartnodes.proto.signer.v1.SignResponse;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.proto.signer.v1.Signer;
import io.smartnodes.protocol.hash.Struct;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.JobStructs;

/** Signs with the node key, as the chain-proposer does, over the same loopback channel. */
@GrpcService
public class TestSigner implements Signer {
  @Override
  public Uni<SignResponse> sign(SignRequest request) {
    SignResponse.Builder response = SignResponse.newBuilder();
    for (Signable item : request.getItemsList()) {
      response.addSignatures(Fields.bytes(TestKeys.RULE.domain().sign(struct(item), TestKeys.KEY)));
    }
    return Uni.createFrom().item(response.build());
  }

  private static Struct struct(Signable item) {
    return switch (item.getDataCase()) {
      case HOLD -> JobStructs.fromProto(item.getHold(), "hold");
      case LEASE -> JobStructs.fromProto(item.getLease(), "lease");
      case ACK -> JobStructs.fromProto(item.getAck().getAck(), "ack");
      case NODE_RECORD,
          INTRODUCTION,
          STORE_RECEIPT,
          CONFIRMED,
          REFUTATION,
          SILENT,
          VOTE,
          DATA_NOT_SET ->
          throw new IllegalArgumentException("the router has nothing of the kind to sign");
    };
  }

  @Override
  public Uni<EndorseResponse> endorse(EndorseRequest request) {
    return Uni.createFrom().failure(new IllegalStateException("nobody asks here"));
  }
}
