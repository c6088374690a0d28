package io.smartnodes.registry;

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
import io.smartnodes.wire.PeerStructs;

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
      case NODE_RECORD -> PeerStructs.fromProto(item.getNodeRecord(), "node_record");
      case INTRODUCTION -> PeerStructs.fromProto(item.getIntroduction(), "introduction");
      case STORE_RECEIPT -> PeerStructs.fromProto(item.getStoreReceipt(), "store_receipt");
      case HOLD, LEASE, ACK, CONFIRMED, REFUTATION, SILENT, VOTE, DATA_NOT_SET ->
          throw new IllegalArgumentException("the registry has nothing of the kind to sign");
    };
  }

  @Override
  public Uni<EndorseResponse> endorse(EndorseRequest request) {
    return Uni.createFrom().failure(new IllegalStateException("nobody asks here"));
  }
}
