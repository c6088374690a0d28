package io.smartnodes.events.forward;

import com.google.protobuf.ByteString;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smartnodes.proto.epoch.v1.AnnounceProposalRequest;
import io.smartnodes.proto.epoch.v1.AnnounceProposalResponse;
import io.smartnodes.proto.epoch.v1.BodyChunk;
import io.smartnodes.proto.epoch.v1.CastVoteRequest;
import io.smartnodes.proto.epoch.v1.CastVoteResponse;
import io.smartnodes.proto.epoch.v1.EpochView;
import io.smartnodes.proto.epoch.v1.Epochs;
import io.smartnodes.proto.epoch.v1.FetchBodyRequest;
import io.smartnodes.proto.epoch.v1.GetEpochRequest;
import io.smartnodes.proto.epoch.v1.OfferItemsRequest;
import io.smartnodes.proto.epoch.v1.OfferItemsResponse;
import java.util.concurrent.CompletableFuture;

/** Sends bodies of this instance: two chunks, or, of the endless one, one. */
@GrpcService
public class NearEpochs implements Epochs {
  static final ByteString DATA = ByteString.copyFromUtf8("near");
  static final ByteString ENDLESS = ByteString.copyFromUtf8("endless");
  static final CompletableFuture<Void> GIVEN_UP = new CompletableFuture<>();

  @Override
  public Multi<BodyChunk> fetchBody(FetchBodyRequest request) {
    BodyChunk chunk = BodyChunk.newBuilder().setData(DATA).build();
    if (request.getDigest().equals(ENDLESS)) {
      return Multi.createBy()
          .concatenating()
          .streams(Multi.createFrom().item(chunk), Multi.createFrom().nothing())
          .onCancellation()
          .invoke(() -> GIVEN_UP.complete(null));
    }
    return Multi.createFrom().items(chunk, chunk);
  }

  @Override
  public Uni<AnnounceProposalResponse> announceProposal(AnnounceProposalRequest request) {
    return Uni.createFrom().item(AnnounceProposalResponse.getDefaultInstance());
  }

  @Override
  public Uni<CastVoteResponse> castVote(CastVoteRequest request) {
    return Uni.createFrom().item(CastVoteResponse.getDefaultInstance());
  }

  @Override
  public Uni<OfferItemsResponse> offerItems(OfferItemsRequest request) {
    return Uni.createFrom().item(OfferItemsResponse.getDefaultInstance());
  }

  @Override
  public Uni<EpochView> getEpoch(GetEpochRequest request) {
    return Uni.createFrom().item(EpochView.getDefaultInstance());
  }
}
