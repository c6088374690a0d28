package io.smartnodes.ledger;

import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import io.smartnodes.crypto.Bytes32;
import io.smartnodes.proto.errors.v1.ErrorCode;
import io.smartnodes.proto.reputation.v1.DeriveRequest;
import io.smartnodes.proto.reputation.v1.DeriveResponse;
import io.smartnodes.proto.reputation.v1.GetHeadRequest;
import io.smartnodes.proto.reputation.v1.GetHeadResponse;
import io.smartnodes.proto.reputation.v1.GetLeafRequest;
import io.smartnodes.proto.reputation.v1.GetLeafResponse;
import io.smartnodes.proto.reputation.v1.Ledger;
import io.smartnodes.protocol.state.tree.LeafKey;
import io.smartnodes.protocol.state.tree.StateProof;
import io.smartnodes.wire.Errors;
import io.smartnodes.wire.Fields;
import io.smartnodes.wire.LeafWire;
import io.smartnodes.wire.Malformed;
import io.smartnodes.wire.StateStructs;
import java.util.Optional;
import java.util.function.Supplier;

/** The RPCs of the ledger. */
@GrpcService
public class LedgerEndpoint implements Ledger {
  private final StateLedger ledger;
  private final LedgerStore store;
  private final Derivation derivation;

  /** Called by the container. */
  public LedgerEndpoint(StateLedger ledger, LedgerStore store, Derivation derivation) {
    this.ledger = ledger;
    this.store = store;
    this.derivation = derivation;
  }

  @Override
  public Uni<GetLeafResponse> getLeaf(GetLeafRequest request) {
    return answer(() -> {
      LeafKey key = LeafWire.key(request.getType(), request.getKey(), "leaf");
      KeptStates.Kept kept = state(Fields.uint64(request.getEpoch(), "epoch"));
      StateProof proof =
          kept.state()
              .tree()
              .proof(key)
              .orElseThrow(() ->
                  Errors.status(
                      ErrorCode.ERROR_CODE_NOT_FOUND, "key", "no such leaf in the state"));
      GetLeafResponse.Builder response =
          GetLeafResponse.newBuilder()
              .setLeaf(LeafWire.toProto(proof.value()))
              .setStateRoot(Fields.bytes(kept.root()))
              .setEpoch(kept.state().epoch());
      for (Bytes32 sibling : proof.siblings()) {
        response.addSiblings(Fields.bytes(sibling));
      }
      return response.build();
    });
  }

  @Override
  public Uni<GetHeadResponse> getHead(GetHeadRequest request) {
    return answer(() -> Fields.uint64(request.getEpoch(), "epoch"))
        .chain(epoch -> {
          Optional<KeptStates.Kept> kept = kept(epoch);
          return kept.isPresent() || epoch == 0
              ? answer(() -> head(kept.orElseThrow(LedgerEndpoint::notKept)))
              : store
                  .entry(epoch)
                  .map(entry ->
                      entry
                          .map(LedgerEndpoint::head)
                          .orElseThrow(() ->
                              Errors.status(
                                  ErrorCode.ERROR_CODE_NOT_FOUND,
                                  "epoch",
                                  "not executed, or not yet")));
        });
  }

  private static GetHeadResponse head(KeptStates.Kept kept) {
    GetHeadResponse.Builder response =
        GetHeadResponse.newBuilder()
            .setEpoch(kept.state().epoch())
            .setStateRoot(Fields.bytes(kept.root()))
            .setAsOf(kept.state().head().asOf().getEpochSecond())
            .setSeed(Fields.bytes(kept.seed()));
    kept.state().totals().forEach(t -> response.addTotals(StateStructs.toProto(t)));
    return response.build();
  }

  /** Of an epoch whose state is not in memory any more: what was written when it was applied. */
  private static GetHeadResponse head(EpochEntryRow entry) {
    return GetHeadResponse.newBuilder()
        .setEpoch(entry.epoch)
        .setStateRoot(Fields.bytes(Bytes32.fromHex(entry.stateRoot)))
        .setAsOf(LedgerStore.parse(entry.payload).getUpdate().getAsOf())
        .setSeed(Fields.bytes(Bytes32.fromHex(entry.seed)))
        .build();
  }

  @Override
  public Uni<DeriveResponse> derive(DeriveRequest request) {
    return derivation.derive(request).onFailure(Malformed.class).transform(Errors::status);
  }

  private KeptStates.Kept state(long epoch) {
    return kept(epoch).orElseThrow(LedgerEndpoint::notKept);
  }

  private Optional<KeptStates.Kept> kept(long epoch) {
    return epoch == 0 ? ledger.states().newest() : ledger.states().after(epoch);
  }

  private static StatusRuntimeException notKept() {
    return Errors.status(ErrorCode.ERROR_CODE_NOT_FOUND, "epoch", "the state is not kept any more");
  }

  private static <T> Uni<T> answer(Supplier<T> work) {
    return Uni.createFrom().item(work).onFailure(Malformed.class).transform(Errors::status);
  }
}
