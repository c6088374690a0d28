package io.smartnodes.proposer;

import com.google.protobuf.ByteString;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smartnodes.link.calls.CallerInterceptor;
import io.smartnodes.link.calls.RoleCheck;
import io.smartnodes.link.calls.Roles;
import io.smartnodes.proposer.duty.Duty;
import io.smartnodes.proposer.pool.PoolItems;
import io.smartnodes.proposer.store.EpochStore;
import io.smartnodes.proposer.store.ItemStore;
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
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.quarkus.BlockingCalls;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.Malformed;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * What other validators bring and fetch, and what everybody may ask. Bodies and items need only the
 * database, so that any process of this validator serves them; the rest is for the one that acts.
 */
@GrpcService
public class EpochsEndpoint implements Epochs {
  private static final int CHUNK_BYTES = 1024 * 1024;
  private static final int MOST_ITEMS = 1_000;
  private static final int MOST_STRANGERS = 2;

  private final Ballots ballots;
  private final EpochStore store;
  private final ItemStore items;
  private final EpochViews views;
  private final Duty duty;
  private final NodeIdentity identity;
  private final Roles roles;
  private final Semaphore strangers = new Semaphore(MOST_STRANGERS);

  /** Called by the container. */
  public EpochsEndpoint(
      Ballots ballots,
      EpochStore store,
      ItemStore items,
      EpochViews views,
      Duty duty,
      NodeIdentity identity,
      Roles roles) {
    this.ballots = ballots;
    this.store = store;
    this.items = items;
    this.views = views;
    this.duty = duty;
    this.identity = identity;
    this.roles = roles;
  }

  @Override
  public Uni<AnnounceProposalResponse> announceProposal(AnnounceProposalRequest request) {
    PeerId caller = CallerInterceptor.caller();
    return BlockingCalls.answer(() -> {
      duty.require();
      ballots.announced(caller, request);
      return AnnounceProposalResponse.getDefaultInstance();
    });
  }

  @Override
  public Multi<BodyChunk> fetchBody(FetchBodyRequest request) {
    PeerId caller = CallerInterceptor.caller();
    if (isValidator(caller)) {
      return chunks(request);
    }
    // Bodies are no secret, but whoever has no stake must not keep us busy.
    if (!strangers.tryAcquire()) {
      return Multi.createFrom()
          .failure(
              Errors.status(
                  ErrorCode.ERROR_CODE_RATE_LIMITED, "caller", "others without a role are served"));
    }
    return chunks(request).onTermination().invoke(strangers::release);
  }

  private boolean isValidator(PeerId caller) {
    if (caller.equals(identity.peerId())) {
      return true;
    }
    return switch (roles.roleOf(caller)) {
      case RoleCheck.Member(Set<Role> held) -> held.contains(Role.VALIDATOR);
      case RoleCheck.Barred(Set<Role> open, var reason, var evidence) ->
          open.contains(Role.VALIDATOR);
      case RoleCheck.Stranger() -> false;
    };
  }

  private Multi<BodyChunk> chunks(FetchBodyRequest request) {
    return Uni.createFrom()
        .item(() -> body(request))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .onItem()
        .transformToMulti(EpochsEndpoint::chunks);
  }

  private ByteString body(FetchBodyRequest request) {
    try {
      return store
          .proposal(Fields.bytes32(request.getDigest(), "digest"))
          .flatMap(EpochStore.Proposal::body)
          .orElseThrow(
              () -> Errors.status(ErrorCode.ERROR_CODE_NOT_FOUND, "digest", "no such body here"))
          .toByteString();
    } catch (Malformed malformed) {
      throw Errors.status(malformed);
    }
  }

  private static Multi<BodyChunk> chunks(ByteString body) {
    int count = Math.max(1, (body.size() + CHUNK_BYTES - 1) / CHUNK_BYTES);
    return Multi.createFrom()
        .range(0, count)
        .map(i ->
            BodyChunk.newBuilder()
                .setTotalSize(body.size())
                .setData(
                    body.substring(i * CHUNK_BYTES, Math.min((i + 1) * CHUNK_BYTES, body.size())))
                .build());
  }

  @Override
  public Uni<CastVoteResponse> castVote(CastVoteRequest request) {
    return BlockingCalls.answer(() -> {
      duty.require();
      ballots.voted(request);
      return CastVoteResponse.getDefaultInstance();
    });
  }

  @Override
  public Uni<OfferItemsResponse> offerItems(OfferItemsRequest request) {
    List<ItemStore.Item> offered;
    try {
      offered = PoolItems.split(request.getItems(), false);
    } catch (Malformed malformed) {
      return Uni.createFrom().failure(Errors.status(malformed));
    }
    if (offered.size() > MOST_ITEMS) {
      return Uni.createFrom()
          .failure(
              Errors.status(
                  ErrorCode.ERROR_CODE_TOO_LARGE, "items", "more than " + MOST_ITEMS + " items"));
    }
    return items.keep(offered).replaceWith(OfferItemsResponse.getDefaultInstance());
  }

  @Override
  public Uni<EpochView> getEpoch(GetEpochRequest request) {
    return BlockingCalls.answer(() -> {
      duty.require();
      return views
          .of(Fields.uint64(request.getEpoch(), "epoch"))
          .orElseThrow(() ->
              Errors.status(ErrorCode.ERROR_CODE_NOT_FOUND, "epoch", "nothing is known of it"));
    });
  }
}
